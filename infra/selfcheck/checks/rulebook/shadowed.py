"""No guardrail is shadowed by another: whatever one finds, the other finds too, and blocks at least as hard."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import structs

from selfcheck.check import Canary, Check, Finding, Location, Repository, Seen, Strictness, Unprovable
from selfcheck.checks.rulebook.rules import PACK, account, fresh, in_force
from selfcheck.guardrail import Enforce, Guardrail
from selfcheck.strictness import is_stricter

HINT = "take one of them out; what only this one says, its tags or its references, fits on the other"
PACKED = "override the pack's guardrail by its id, or switch it off with `enabled: {value: false, reason: …}`"


class RulebookShadowed(Check):
    """No guardrail is shadowed by another: one of the same check that asks for as much and blocks as hard.

    Options are compared as they are written, with their defaults: the same, or such that they can only ask for more.
    """

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each guardrail that can be taken out without a loss, with one that shadows it."""
        by_check: defaultdict[str, list[Guardrail]] = defaultdict(list)
        for guardrail in in_force(repo):
            by_check[guardrail.use].append(guardrail)
        for alike in by_check.values():
            yield from _among(repo, alike)
        yield account(repo)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """A second guardrail that asks for the same as the first, and for each check one that asks for less."""
        guardrails = in_force(repo)
        if not guardrails:
            raise Unprovable("no guardrail is in force")
        yield _double(repo, guardrails[0], guardrails[0].check, "the same as")
        first = {guardrail.use: guardrail for guardrail in reversed(guardrails)}
        for _, guardrail in sorted(first.items()):
            less = _asking_less(repo, guardrail)
            if less is not None:
                yield _double(repo, guardrail, less, "less than")


def _among(repo: Repository, alike: Sequence[Guardrail]) -> Iterator[Finding]:
    """Those of one check that another one shadows; of two that ask for the same, the second is shadowed."""
    check = repo.check_of(alike[0])
    strictness: Mapping[str, Strictness] = {} if check is None else check.strictness
    options = [_options(check, each) for each in alike]
    for number, guardrail in enumerate(alike):
        for other, by in enumerate(alike):
            if other == number or not _covers(options[other], options[number], strictness):
                continue
            mutual = _covers(options[number], options[other], strictness) and _is_as_hard(guardrail, by)
            if _is_as_hard(by, guardrail) and not (mutual and number < other):
                yield _found(guardrail, by)
                break


def _options(check: type[Check] | None, guardrail: Guardrail) -> Mapping[str, Any]:
    """Every option with its value, the defaults too."""
    fields = () if check is None else structs.fields(check)
    defaults = {field.encode_name: field.default for field in fields if not field.required}
    plain: dict[str, Any] = msgspec.to_builtins(
        {name: None if value in (msgspec.NODEFAULT, msgspec.UNSET) else value for name, value in defaults.items()}
        | guardrail.options,
        enc_hook=str,
    )
    return plain


def _covers(options: Mapping[str, Any], others: Mapping[str, Any], strictness: Mapping[str, Strictness]) -> bool:
    """Whether with these options at least as much is asked for as with others."""
    names = options.keys() | others.keys()
    return all(_asks_no_less(options.get(name), others.get(name), strictness.get(name)) for name in names)


def _asks_no_less(value: Any, other: Any, strictness: Strictness | None) -> bool:
    return bool(value == other) or is_stricter(other, value, strictness)


def _is_as_hard(by: Guardrail, guardrail: Guardrail) -> bool:
    """Whether one blocks whenever the other would, whatever blocks in a run, and accepts nothing that the other counts."""
    enforced = by.enforce in (guardrail.enforce, Enforce.BLOCK) or guardrail.enforce is Enforce.WARN
    waived = set(by.waivers) if by.waivable else set[Any]()
    accepted = waived <= (set(guardrail.waivers) if guardrail.waivable else set[Any]())
    put_off = by.pending is None or (guardrail.pending is not None and by.pending.until <= guardrail.pending.until)
    firm = guardrail.waivable or not by.waivable
    whole = guardrail.allow_empty or not by.allow_empty
    return by.severity.at_least(guardrail.severity) and enforced and accepted and put_off and firm and whole


def _found(guardrail: Guardrail, by: Guardrail) -> Finding:
    packed = guardrail.place.file.startswith(PACK)
    # A pack is not the user's to mend; what he wrote over it is.
    place = next((each.place for each in (guardrail, by) if not each.place.file.startswith(PACK)), None)
    return Finding(
        key=f"{guardrail.id} by {by.id}",
        message=f"{guardrail.id} is shadowed by {by.id} ({by.place}): the same check asks there for as much or more",
        at=None if place is None else Location(place.file, place.line),
        hint=PACKED if packed else HINT,
        data={"guardrail": guardrail.id, "by": by.id},
    )


def _double(repo: Repository, guardrail: Guardrail, check: Mapping[str, Any], asking: str) -> Canary:
    name = fresh(repo).id
    double = structs.replace(guardrail, id=name, check=check)
    title = f"add a guardrail that asks for {asking} {guardrail.id}"
    return Canary(title, (), f"{name} by {guardrail.id}", guardrails=(*repo.guardrails, double))


def _asking_less(repo: Repository, guardrail: Guardrail) -> Mapping[str, Any] | None:
    """The check of a guardrail with a number or a switch of it eased, if it has one that can be."""
    check = repo.check_of(guardrail)
    options = _options(check, guardrail)
    for name, strictness in () if check is None else sorted(check.strictness.items()):
        value = options.get(name)
        if isinstance(value, bool):
            if value is (strictness is Strictness.MORE):
                return {**guardrail.check, name: not value}
        elif isinstance(value, int) and (strictness is Strictness.LESS or value > 1):
            return {**guardrail.check, name: value + (1 if strictness is Strictness.LESS else -1)}
    return None
