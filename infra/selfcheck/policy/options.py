"""Whether a changed option of a check can only ask for more, by what the check says of it; and the change in words."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, cast

import msgspec

from selfcheck.check import Case, Check, Unloadable
from selfcheck.rulebook.documents import as_list
from selfcheck.strictness import is_stricter


class Looser(NamedTuple):
    """An option by which a check may ask for less than before, and how it differs."""

    name: str
    difference: str


def looser(before: Case, after: Case) -> Iterator[Looser]:
    """The options of one and the same check that were changed in another way than to ask for more."""
    was, now = _options(before), _options(after)
    strictness = Check.strictness if isinstance(after.check, Unloadable) else after.check.strictness
    for name in sorted(was.keys() | now.keys()):
        one, other = was.get(name), now.get(name)
        if one != other and not is_stricter(one, other, strictness.get(name)):
            yield Looser(name, _difference(one, other))


def _options(case: Case) -> Mapping[str, Any]:
    """Every option with its value, the defaults too; as written where the check does not load."""
    if isinstance(case.check, Check):
        # By way of JSON, so that what is many is a list whatever type it has in the check.
        return dict(msgspec.json.decode(msgspec.json.encode(case.check, enc_hook=str)))
    return case.guardrail.options


def _difference(old: Any, new: Any) -> str:
    if not (isinstance(old, list) and isinstance(new, list)):
        return f"was {_shown(old)} and is {_shown(new)}"
    before, after = as_list(cast("Any", old)), as_list(cast("Any", new))
    lost = [each for each in before if each not in after]
    gained = [each for each in after if each not in before]
    said = [f"has lost {_shown(lost)}"] * bool(lost) + [f"has gained {_shown(gained)}"] * bool(gained)
    return " and ".join(said) or "has another order"


def _shown(value: Any, most: int = 120) -> str:
    text = "not given" if value is None else msgspec.json.encode(value).decode("utf-8")
    return text if len(text) <= most else f"{text[:most]}…"
