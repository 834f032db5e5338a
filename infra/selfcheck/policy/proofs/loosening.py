"""Whether the guardrail `rulebook-loosened` can fail here: these rules compared with themselves, loosened in each way."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from msgspec import structs

from selfcheck.check import Case, Check, Strictness
from selfcheck.guardrail import Enabled, Enforce, Guardrail, Pending, Severity, Waiver
from selfcheck.model import Verdict
from selfcheck.policy import builtin
from selfcheck.policy.decide import enforcement
from selfcheck.policy.loosened import Ground, Rules, judge_loosening
from selfcheck.policy.proofs.tried import NAME, PATH, WHY, Tried, comment, line, missed, read
from selfcheck.policy.renames import Renames
from selfcheck.strictness import is_stricter


class Edit(NamedTuple):
    """A change of the rules, and the key of the finding that must come of it."""

    title: str
    rules: Rules
    expect: str


def of_loosening(rules: Rules, today: date) -> Iterator[Tried]:
    """Each way to loosen these rules that they have room for, judged as a change of them."""
    before = _compared(rules, rules, today)
    for title, head, expect in _edits(rules, today):
        yield Tried(title, missed(before, _compared(rules, head, today), expect))


def _compared(base: Rules, head: Rules, today: date) -> Verdict:
    guardrail = builtin.loosened(base.rulebook.cases[0].guardrail.place)
    return judge_loosening(guardrail, head, [Ground(base, Renames({}))], today=today)


def _edits(rules: Rules, today: date) -> Iterator[Edit]:
    yield from _of_settings(rules)
    for title, expect, change in _changes(rules.rulebook.fail_on, today):
        yield from _of_the_first(rules, title, expect, change)
    yield from _of_options(rules)
    yield from _of_exceptions(rules, today)


def _of_settings(rules: Rules) -> Iterator[Edit]:
    book, ranks = rules.rulebook, list(Severity)
    graver = ranks[: ranks.index(book.fail_on)]
    if graver:
        yield Edit(f"let only what is {graver[-1]} block", _with(rules, fail_on=graver[-1]), "fail_on")
    approvals = structs.replace(book.approvals, labels=(*book.approvals.labels, NAME))
    yield Edit("let another label approve", _with(rules, approvals=approvals), "approvals")
    if len(book.cases) > 1:
        name = book.cases[0].guardrail.id
        yield Edit(f"take out {name}", _with(rules, cases=book.cases[1:]), f"removed {name}")


Change = Callable[[Guardrail], Mapping[str, Any] | None]
"""What of a guardrail to change so that it asks for less; None where it has no room for that."""


def _changes(fail_on: Severity, today: date) -> Iterator[tuple[str, str, Change]]:
    """Title and key, both with the guardrail's name to be filled in, and the change."""
    waiver = Waiver(match=NAME, reason=WHY, owner=NAME, until=today)
    pending, enabled = Pending(until=date.max, reason=WHY), Enabled(value=False, reason=WHY)

    def warn(one: Guardrail) -> Mapping[str, Any] | None:
        return {"enforce": Enforce.WARN} if enforcement(one, today, fail_on)[0] is Enforce.BLOCK else None

    yield "lower the severity of {}", "severity {}", _lower
    yield "let {} only warn", "enforce {}", warn
    yield "let {} wait", "pending {}", lambda one: None if one.pending else {"pending": pending}
    yield "switch {} off", "enabled {}", lambda one: None if one.switched_off else {"enabled": enabled}
    yield "let {} find nothing", "allow_empty {}", lambda one: None if one.allow_empty else {"allow_empty": True}
    yield "let {} be waived", "waivable {}", lambda one: None if one.waivable else {"waivable": True}
    yield "take the tags from {}", "tag {}: ", lambda one: {"tags": ()} if one.tags else None
    yield "take the canaries from {}", "canaries {}", lambda one: {"canaries": ()} if one.canaries else None
    yield "let another check judge {}", "check {}", lambda _: {"check": {"use": NAME}}
    yield f"waive {NAME} in {{}}", f"waiver {{}}: {NAME}", lambda one: {"waivers": (*one.waivers, waiver)}


def _of_the_first(rules: Rules, title: str, expect: str, change: Change) -> Iterator[Edit]:
    """The change of the first guardrail that has room for it, if there is one."""
    for number, case in enumerate(rules.rulebook.cases):
        changed = change(case.guardrail)
        if changed is not None:
            name = case.guardrail.id
            head = structs.replace(case, guardrail=structs.replace(case.guardrail, **changed))
            which = case.guardrail.tags[0] if expect.endswith(": ") else ""
            yield Edit(title.format(name), _replaced(rules, number, head), expect.format(name) + which)
            return


def _lower(guardrail: Guardrail) -> Mapping[str, Any] | None:
    ranks = list(Severity)
    lower = ranks[ranks.index(guardrail.severity) + 1 :]
    return {"severity": lower[0]} if lower else None


def _of_options(rules: Rules) -> Iterator[Edit]:
    """The first option that can be narrowed, by what its check says of it."""
    for number, case in enumerate(rules.rulebook.cases):
        if not isinstance(case.check, Check):
            continue
        for field in structs.fields(case.check):
            looser = narrowed(case.check, field.name, case.check.strictness.get(field.encode_name))
            if looser is not None:
                name, option = case.guardrail.id, field.encode_name
                head = _replaced(rules, number, structs.replace(case, check=looser))
                yield Edit(f"narrow the option `{option}` of {name}", head, f"option {name}: {option}")
                return


def narrowed(check: Check, name: str, strictness: Strictness | None) -> Check | None:
    """The check with an option that asks for less, where it is known how."""
    value: bool | int | tuple[object, ...] | None = getattr(check, name)
    looser: object = None
    if strictness is not None and isinstance(value, bool):
        looser = (strictness is Strictness.LESS) if value is not (strictness is Strictness.LESS) else None
    elif strictness is not None and isinstance(value, int):
        looser = value + 1 if strictness is Strictness.LESS else value - 1
    elif strictness is Strictness.MORE and isinstance(value, tuple) and len(value) > 1:
        # Without a pattern that takes away it would ask for more.
        shorter = ((*value[:place], *value[place + 1 :]) for place in reversed(range(len(value))))
        looser = next((each for each in shorter if not is_stricter(value, each, strictness)), None)
    if looser is None:
        return None
    try:
        return structs.replace(check, **{name: looser})
    except ValueError:  # a check may refuse what its options say together
        return None


def _of_exceptions(rules: Rules, today: date) -> Iterator[Edit]:
    name, known = rules.rulebook.cases[0].guardrail.id, rules.exceptions
    lines = {**known.baseline, name: (*known.baseline.get(name, ()), line(name, NAME, today))}
    remarks = (*known.comments.get(name, ()), *read(f"# {comment(name, today)}\n").remarks[name])
    grown = structs.replace(known, baseline=lines)
    waived = structs.replace(known, comments={**known.comments, name: remarks})
    title = f"let the baseline accept more of {name}"
    yield Edit(title, structs.replace(rules, exceptions=grown), f"baseline {name}: {NAME}")
    yield Edit(f"waive {name} in a comment", structs.replace(rules, exceptions=waived), f"comment {name}: {PATH}")


def _with(rules: Rules, **changes: Any) -> Rules:
    return structs.replace(rules, rulebook=structs.replace(rules.rulebook, **changes))


def _replaced(rules: Rules, number: int, case: Case) -> Rules:
    cases = rules.rulebook.cases
    return _with(rules, cases=(*cases[:number], case, *cases[number + 1 :]))
