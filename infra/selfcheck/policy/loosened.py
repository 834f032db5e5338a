"""What a change does to the rules that judge it: everything by which they ask for less than those of the base."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, cast

import msgspec
from msgspec import Struct, structs

from selfcheck.check import Case, Check, Strictness, Unloadable
from selfcheck.guardrail import Enforce, Guardrail, Place, Severity, Waiver
from selfcheck.model import Acceptance, Evidence, Finding, Location, Status, Verdict
from selfcheck.policy.accepted import match
from selfcheck.policy.baseline import PLACE
from selfcheck.policy.decide import decide, enforcement
from selfcheck.policy.given import Exceptions, Failed, Finished, Line, Remark, Skipped
from selfcheck.policy.renames import Renames
from selfcheck.rulebook import Rulebook
from selfcheck.rulebook.documents import as_list

HINT = "put it back, or have the change approved as the base's rulebook says under `approvals`"
FOREVER = date.max


class Rules(Struct, frozen=True):
    """A rulebook with the exceptions that are written beside it."""

    rulebook: Rulebook
    exceptions: Exceptions


class Ground(Struct, frozen=True):
    """The rules of one base, and what was moved since; or why there are none to compare with."""

    rules: Rules | None
    renames: Renames
    reason: str = ""
    fault: bool = False


Approval = Callable[[Finding], Acceptance | None]
"""What of the base's `approvals` allows one loosening, if anything does."""


def unapproved(_finding: Finding) -> Acceptance | None:
    """Nothing is allowed."""
    return None


def judge_loosening(
    guardrail: Guardrail, head: Rules, grounds: Sequence[Ground], *, today: date, approval: Approval = unapproved
) -> Verdict:
    """The verdict on the change of the rules; what is approved stands there as waived."""
    examination = _examined(head, grounds, today)
    if not isinstance(examination, Finished):
        return decide(guardrail, examination, today=today, fail_on=Severity.LOW)
    allowed: dict[str, Acceptance] = {}
    for seen in examination.seen:
        if isinstance(seen, Finding) and (acceptance := approval(seen)) is not None:
            allowed[seen.key] = acceptance
    left = [seen for seen in examination.seen if not isinstance(seen, Finding) or seen.key not in allowed]
    whole = decide(guardrail, examination, today=today, fail_on=Severity.LOW)
    verdict = decide(guardrail, Finished(tuple(left)), today=today, fail_on=Severity.LOW)
    rulings = tuple(
        structs.replace(ruling, status=Status.WAIVED, acceptance=allowed[ruling.seen.key])
        if ruling.seen.key in allowed
        else ruling
        for ruling in whole.findings
    )
    return structs.replace(verdict, findings=rulings, acceptances=tuple(dict.fromkeys(allowed.values())))


def _examined(head: Rules, grounds: Sequence[Ground], today: date) -> Finished | Skipped | Failed:
    for ground in grounds:
        if ground.fault:
            return Failed(ground.reason)
    rules = [ground for ground in grounds if ground.rules is not None]
    if not rules:
        return Skipped(grounds[0].reason)
    found = {
        finding.key: finding
        for ground in rules
        if ground.rules is not None
        for finding in loosenings(ground.rules, head, ground.renames, today)
    }
    count = max(len(ground.rules.rulebook.cases) for ground in rules if ground.rules is not None)
    return Finished((*found.values(), Evidence("guardrails of the base", count, count)))


def loosenings(base: Rules, head: Rules, renames: Renames, today: date) -> Iterator[Finding]:
    """Every way in which `head` asks for less than `base`."""
    first = head.rulebook.cases[0].guardrail.place
    files = sorted({case.guardrail.place.file for rules in (base, head) for case in rules.rulebook.cases})
    today_of = {case.guardrail.id: case for case in head.rulebook.cases}
    if base.rulebook.fail_on != head.rulebook.fail_on and head.rulebook.fail_on.at_least(base.rulebook.fail_on):
        said = f"`fail_on` was {base.rulebook.fail_on} and is {head.rulebook.fail_on}: less blocks"
        yield _finding("fail_on", first, said, files)
    if base.rulebook.approvals != head.rulebook.approvals:
        yield _finding("approvals", first, "`approvals` is changed: who may allow a loosening", files)
    for case in base.rulebook.cases:
        now = today_of.get(case.guardrail.id)
        if now is None:
            name = case.guardrail.id
            stood = case.guardrail.place.file
            yield _finding(f"removed {name}", first, f"the guardrail {name} is removed from {stood}", (stood,))
        else:
            yield from _of_one(case, now, base.rulebook.fail_on, head.rulebook.fail_on, renames, today)
    yield from _of_baseline(base.exceptions.baseline, head.exceptions.baseline, renames)
    yield from _of_comments(base.exceptions.comments, head.exceptions.comments, renames)


class Change(NamedTuple):
    """One loosening of a guardrail: of what, told to a person, and which of several."""

    what: str
    said: str
    which: str = ""


def _of_one(
    before: Case, after: Case, fail_on: Severity, fails_on: Severity, renames: Renames, today: date
) -> Iterator[Finding]:
    old, new = before.guardrail, after.guardrail
    for change in (
        *_of_gate(old, new, fail_on, fails_on, today),
        *_of_switches(old, new),
        *_of_check(before, after),
        *_of_waivers(old.waivers, new.waivers, renames),
    ):
        key = f"{change.what} {old.id}"
        yield _finding(f"{key}: {change.which}" if change.which else key, new.place, change.said)


def _of_gate(old: Guardrail, new: Guardrail, fail_on: Severity, fails_on: Severity, today: date) -> Iterator[Change]:
    if old.severity != new.severity and old.severity.at_least(new.severity):
        yield Change("severity", f"{new.id} was {old.severity} and is {new.severity}")
    elif fail_on == fails_on and _blocks(old, fail_on, today) and not _blocks(new, fails_on, today):
        yield Change("enforce", f"{new.id} blocked and only warns now")
    if _pending(new) > _pending(old):
        yield Change("pending", f"{new.id} is pending until {_pending(new)}")


def _blocks(guardrail: Guardrail, fail_on: Severity, today: date) -> bool:
    return enforcement(structs.replace(guardrail, pending=None), today, fail_on)[0] is Enforce.BLOCK


def _pending(guardrail: Guardrail) -> date:
    return guardrail.pending.until if guardrail.pending else date.min


def _of_switches(old: Guardrail, new: Guardrail) -> Iterator[Change]:
    if new.switched_off is not None and old.switched_off is None:
        yield Change("enabled", f"{new.id} is switched off: {new.switched_off}")
    if new.allow_empty and not old.allow_empty:
        yield Change("allow_empty", f"{new.id} may find nothing to examine now")
    if new.waivable and not old.waivable:
        yield Change("waivable", f"{new.id} may be waived now")
    for tag in old.tags:
        if tag not in new.tags:
            yield Change("tag", f"{new.id} has lost the tag {tag}: a run by `--tag {tag}` leaves it out", tag)
    lost = Counter(map(repr, old.canaries)) - Counter(map(repr, new.canaries))
    if lost:
        yield Change("canaries", f"{new.id} has lost {lost.total()} of its canaries")


def _of_check(before: Case, after: Case) -> Iterator[Change]:
    old, new = before.guardrail, after.guardrail
    if old.use != new.use:
        yield Change("check", f"{new.id} was judged by {old.use} and is by {new.use}")
        return
    was, now = _options(before), _options(after)
    strictness = Check.strictness if isinstance(after.check, Unloadable) else after.check.strictness
    for name in sorted(was.keys() | now.keys()):
        one, other = was.get(name), now.get(name)
        if one != other and not _is_stricter(one, other, strictness.get(name)):
            yield Change("option", f"the option `{name}` of {new.id} {_difference(one, other)}", name)


def _options(case: Case) -> Mapping[str, Any]:
    """Every option with its value, the defaults too; as written where the check does not load."""
    if isinstance(case.check, Check):
        return dict(msgspec.to_builtins(case.check, enc_hook=str))
    return case.guardrail.options


def _is_stricter(old: Any, new: Any, strictness: Strictness | None) -> bool:
    """Whether a change of an option can only ask for more; what cannot be told asks for less."""
    match strictness:
        case Strictness.MORE:
            return _contains(new, old)
        case Strictness.LESS:
            return _contains(old, new)
        case None:
            return False


def _contains(large: Any, small: Any) -> bool:
    """Whether a number is larger, or a list holds all of another; a pattern with `!` takes away."""
    if isinstance(large, list) and isinstance(small, list):
        lost, fresh = _lists(cast("Any", small), cast("Any", large))
        return not lost and not any(isinstance(each, str) and each.startswith("!") for each in fresh)
    if isinstance(large, bool) and isinstance(small, bool):
        return large or not small
    return isinstance(large, int | float) and isinstance(small, int | float) and large >= small


def _lists(old: object, new: object) -> tuple[list[Any], list[Any]]:
    """What a list has lost and what it has gained."""
    before, after = as_list(old), as_list(new)
    return [each for each in before if each not in after], [each for each in after if each not in before]


def _difference(old: Any, new: Any) -> str:
    if not (isinstance(old, list) and isinstance(new, list)):
        return f"was {_shown(old)} and is {_shown(new)}"
    lost, gained = _lists(cast("Any", old), cast("Any", new))
    said = [f"has lost {_shown(lost)}"] * bool(lost) + [f"has gained {_shown(gained)}"] * bool(gained)
    return " and ".join(said) or "has another order"


def _shown(value: Any, most: int = 120) -> str:
    text = msgspec.json.encode(value).decode("utf-8")
    return text if len(text) <= most else f"{text[:most]}…"


def _of_waivers(old: Sequence[Waiver], new: Sequence[Waiver], renames: Renames) -> Iterator[Change]:
    known = {renames.key(each.match): each for each in old} | {each.match: each for each in old}
    for each in new:
        before = known.get(each.match)
        if before is None:
            said = f"a waiver is added for {each.match}, until {each.until}: {each.reason}"
        elif each.until > before.until:
            said = f"the waiver for {each.match} ended on {before.until}, and does on {each.until} now"
        elif (each.count or 0) > (before.count or 0):
            said = f"the waiver for {each.match} counted {before.count or 1}, and counts {each.count} now"
        else:
            continue
        yield Change("waiver", said, each.match)


def _of_baseline(
    old: Mapping[str, Sequence[Line]], new: Mapping[str, Sequence[Line]], renames: Renames
) -> Iterator[Finding]:
    """Lines that accept what no line of the base accepts."""
    for guardrail, lines in sorted(new.items()):
        wanted = [
            (line, Finding(key=line.entry.key, message="", parts=line.entry.parts, amount=line.entry.amount))
            for line in lines
            for _ in range(line.entry.count)
        ]
        accepted = [renames.moved(line.entry) for line in old.get(guardrail, ())]
        by = match([each for _, each in wanted], accepted).by
        fresh = Counter(line.entry.key for (line, _), number in zip(wanted, by, strict=True) if number is None)
        place = {line.entry.key: line.acceptance.at for line in lines}
        for key, count in sorted(fresh.items()):
            times = f" ({count} times)" if count > 1 else ""
            at = place[key]
            said = f"the baseline accepts more of {guardrail}: {key}{times}"
            yield _finding(f"baseline {guardrail}: {key}", Place(at.path or PLACE, at.line or 1), said)


def _of_comments(
    old: Mapping[str, Sequence[Remark]], new: Mapping[str, Sequence[Remark]], renames: Renames
) -> Iterator[Finding]:
    """Comments that accept more in their file, or longer, than those of the base did there."""
    for guardrail, remarks in sorted(new.items()):
        before = _ends(old.get(guardrail, ()), renames.key)
        after = _ends(remarks, str)
        for path, ends in sorted(after.items()):
            known = before.get(path, [])
            fresh = [at for number, (end, at) in enumerate(ends) if number >= len(known) or end > known[number][0]]
            if fresh:
                at = fresh[0]
                said = f"a comment accepts more of {guardrail} in {path}, or for longer"
                yield _finding(f"comment {guardrail}: {path}", Place(at.path, at.line or 1), said)


def _ends(remarks: Iterable[Remark], name: Callable[[str], str]) -> dict[str, list[tuple[date, Location]]]:
    """For each file the ends of its comments, the latest first."""
    found: dict[str, list[tuple[date, Location]]] = {}
    for remark in remarks:
        found.setdefault(name(remark.path), []).append((remark.acceptance.until or FOREVER, remark.acceptance.at))
    for several in found.values():
        several.sort(key=lambda each: each[0], reverse=True)
    return found


def _finding(key: str, place: Place, message: str, files: Sequence[str] = ()) -> Finding:
    """A loosening; `files` are those that may have been changed for it, where that is not the one of the place."""
    changed = [*files] or [place.file]
    return Finding(key=key, at=Location(place.file, place.line), message=message, hint=HINT, data={"files": changed})
