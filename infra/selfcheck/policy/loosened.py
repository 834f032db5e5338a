"""What a change does to the rules that judge it: everything by which they ask for less than those of the base."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import zip_longest
from typing import NamedTuple

from msgspec import Struct, structs

from selfcheck.check import Case
from selfcheck.guardrail import Enforce, Guardrail, Place, Severity, Waiver
from selfcheck.model import Acceptance, Evidence, Finding, Location, Status, Verdict
from selfcheck.policy.accepted import beyond
from selfcheck.policy.baseline import PLACE
from selfcheck.policy.decide import decide, enforcement
from selfcheck.policy.given import Exceptions, Failed, Finished, Line, Remark, Skipped
from selfcheck.policy.options import looser
from selfcheck.policy.renames import Renames
from selfcheck.rulebook import Rulebook

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
    counts = Counter(allowed.values())
    allowed = {key: structs.replace(each, covered=counts[each]) for key, each in allowed.items()}
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
    """Every way in which `head` asks for less than `base`; what is accepted of a guardrail that is new asks for no less."""
    first = head.rulebook.cases[0].guardrail.place
    files = sorted({case.guardrail.place.file for rules in (base, head) for case in rules.rulebook.cases})
    today_of = {case.guardrail.id: case for case in head.rulebook.cases}
    if base.rulebook.fail_on != head.rulebook.fail_on and head.rulebook.fail_on.at_least(base.rulebook.fail_on):
        said = f"`fail_on` was {base.rulebook.fail_on} and is {head.rulebook.fail_on}: less blocks"
        yield _finding("fail_on", first, said, files)
    if base.rulebook.approvals != head.rulebook.approvals:
        yield _finding("approvals", first, "`approvals` is changed: who may allow a loosening", files)
    for case in base.rulebook.cases:
        name = case.guardrail.id
        now = today_of.get(name)
        if now is None:
            stood = case.guardrail.place.file
            yield _finding(f"removed {name}", first, f"the guardrail {name} is removed from {stood}", (stood,))
        else:
            yield from _of_one(case, now, base.rulebook.fail_on, head.rulebook.fail_on, renames, today)
            yield from _of_baseline(name, base.exceptions.baseline, head.exceptions.baseline, renames)
            yield from _of_comments(name, base.exceptions.comments, head.exceptions.comments, renames)


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
    elif _blocks(old, fail_on, today) and not any(_blocks(new, each, today) for each in (fail_on, fails_on)):
        # What warns by another `fail_on` alone is told of that.
        yield Change("enforce", f"{new.id} blocked and only warns now")
    if _pending(new) > _pending(old) and _pending(new) >= today:
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
    for name, difference in looser(before, after):
        yield Change("option", f"the option `{name}` of {new.id} {difference}", name)


def _of_waivers(old: Sequence[Waiver], new: Sequence[Waiver], renames: Renames) -> Iterator[Change]:
    known: dict[str, list[Waiver]] = {}
    for each in old:
        for match_of in {each.match, renames.key(each.match)}:
            known.setdefault(match_of, []).append(each)
    for each in new:
        before = known.get(each.match, [])
        if any(_covers_as_much(other, each) for other in before):
            continue
        if not before:
            said = f"a waiver is added for {each.match}, until {each.until}: {each.reason}"
        else:
            was = max(before, key=lambda other: other.until)
            said = f"the waiver for {each.match} {_scope(was)}, and {_scope(each)} now"
        yield Change("waiver", said, each.match)


def _covers_as_much(one: Waiver, other: Waiver) -> bool:
    """Whether a waiver holds as long as another, for as many findings; without a `count` it is for any number."""
    as_many = one.count is None or (other.count is not None and one.count >= other.count)
    return as_many and one.until >= other.until


def _scope(waiver: Waiver) -> str:
    return f"covered {waiver.count or 'any number'} until {waiver.until}"


def _of_baseline(
    guardrail: str, old: Mapping[str, Sequence[Line]], new: Mapping[str, Sequence[Line]], renames: Renames
) -> Iterator[Finding]:
    """Lines that accept what no line of the base accepts."""
    lines = new.get(guardrail, ())
    accepted = [renames.moved(line.entry) for line in old.get(guardrail, ())]
    fresh = beyond([line.entry for line in lines], accepted)
    place = {line.entry.key: line.acceptance.at for line in lines}
    for key, count in sorted(fresh.items()):
        times = f" ({count} times)" if count > 1 else ""
        at = place[key]
        said = f"the baseline accepts more of {guardrail}: {key}{times}"
        yield _finding(f"baseline {guardrail}: {key}", Place(at.path or PLACE, at.line or 1), said)


def _of_comments(
    guardrail: str, old: Mapping[str, Sequence[Remark]], new: Mapping[str, Sequence[Remark]], renames: Renames
) -> Iterator[Finding]:
    """Comments that accept more in their file, or longer, than those of the base did there."""
    before = _by_path(old.get(guardrail, ()), renames.key)
    for path, several in sorted(_by_path(new.get(guardrail, ()), str).items()):
        fresh = _fresh(before.get(path, []), several)
        if fresh is not None:
            at = fresh.acceptance.at
            scope = f"more of {guardrail} in {path}" if fresh.lines else f"{guardrail} in all of {path}"
            said = f"a comment accepts {scope}, or for longer"
            yield _finding(f"comment {guardrail}: {path}", Place(at.path, at.line or 1), said)


def _by_path(remarks: Iterable[Remark], name: Callable[[str], str]) -> dict[str, list[Remark]]:
    """The comments of each file, the one that ends last first."""
    found: dict[str, list[Remark]] = {}
    for remark in remarks:
        found.setdefault(name(remark.path), []).append(remark)
    for several in found.values():
        several.sort(key=_end, reverse=True)
    return found


def _fresh(old: Sequence[Remark], new: Sequence[Remark]) -> Remark | None:
    """The first comment of a file by which more of it is accepted, or longer, than was."""
    whole = max((_end(each) for each in old if each.lines is None), default=date.min)
    longer = [each for each in new if _end(each) > whole]
    ends = [_end(each) for each in old if each.lines is not None]
    for each in longer:
        if each.lines is None:
            return each
    return next((each for each, end in zip_longest(longer, ends) if each and (end is None or _end(each) > end)), None)


def _end(remark: Remark) -> date:
    return remark.acceptance.until or FOREVER


def _finding(key: str, place: Place, message: str, files: Sequence[str] = ()) -> Finding:
    """A loosening; `files` are those that may have been changed for it, where that is not the one of the place."""
    changed = [*files] or [place.file]
    return Finding(key=key, at=Location(place.file, place.line), message=message, hint=HINT, data={"files": changed})
