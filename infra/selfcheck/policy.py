"""Which findings count: from what a check saw to a verdict, by waivers, severity and pending. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from fnmatch import fnmatchcase

from msgspec import Struct

from selfcheck.guardrail import Enforce, Guardrail, Severity, Waiver
from selfcheck.model import Evidence, Finding, Location, Outcome, Ruling, Seen, Status, T, Unread, Verdict, fingerprint


class Finished(Struct, frozen=True, tag="finished"):
    """A check that ran to its end, and all it saw."""

    seen: tuple[Seen, ...]


class Skipped(Struct, frozen=True, tag="skipped"):
    """A check that does not apply, or may not run here."""

    reason: str


class Failed(Struct, frozen=True, tag="failed"):
    """A check that came to no end: a crash, a deadline, something missing."""

    reason: str


Examination = Finished | Skipped | Failed


def decide(
    guardrail: Guardrail, examination: Examination, *, today: date, fail_on: Severity, seconds: float = 0.0
) -> Verdict:
    """The verdict on one guardrail."""
    enforce, note = enforcement(guardrail, today, fail_on)
    match examination:
        case Skipped(reason):
            outcome = Outcome.SKIP
        case Failed(reason):
            outcome = Outcome.ERROR
        case Finished(seen):
            return _weighed(guardrail, seen, enforce, note, today, seconds)
    return Verdict(guardrail=guardrail, outcome=outcome, enforce=enforce, reason=reason, seconds=seconds)


def enforcement(guardrail: Guardrail, today: date, fail_on: Severity) -> tuple[Enforce, str | None]:
    """Whether the guardrail gates today, and why it does not where it otherwise would."""
    grave = guardrail.severity.at_least(fail_on)
    enforce = guardrail.enforce or (Enforce.BLOCK if grave else Enforce.WARN)
    pending = guardrail.pending
    if enforce is Enforce.BLOCK and pending and today <= pending.until:
        return Enforce.WARN, f"pending until {pending.until}: {pending.reason}"
    return enforce, None


def _weighed(
    guardrail: Guardrail, seen: Iterable[Seen], enforce: Enforce, note: str | None, today: date, seconds: float
) -> Verdict:
    """Findings that count fail; else what could not be read, or an empty scope, is an error."""
    found = list(seen)
    waived = _waived(guardrail, [_key(each) for each in found if not isinstance(each, Evidence)], today)
    findings = _ruled(guardrail, sorted((s for s in found if isinstance(s, Finding)), key=_finding_order), waived)
    unread = _ruled(guardrail, sorted((s for s in found if isinstance(s, Unread)), key=_unread_order), waived)
    evidence = tuple(s for s in found if isinstance(s, Evidence))
    outcome, reason = _outcome(guardrail, findings, unread, evidence)
    if outcome is Outcome.FAIL and note:
        reason = note
    return Verdict(
        guardrail=guardrail,
        outcome=outcome,
        enforce=enforce,
        reason=reason,
        findings=findings,
        evidence=evidence,
        unread=unread,
        seconds=seconds,
    )


def _outcome(
    guardrail: Guardrail,
    findings: Sequence[Ruling[Finding]],
    unread: Sequence[Ruling[Unread]],
    evidence: Sequence[Evidence],
) -> tuple[Outcome, str | None]:
    if any(ruling.counts for ruling in findings):
        return Outcome.FAIL, None
    lost = sum(ruling.counts for ruling in unread)
    if lost:
        return Outcome.ERROR, f"{lost} file{'s' * (lost > 1)} could not be read"
    if not evidence:
        return Outcome.ERROR, "the check gave no evidence of what it examined"
    empty = [each.what for each in evidence if each.scope == 0]
    if empty and not guardrail.allow_empty:
        return (
            Outcome.ERROR,
            f"examined nothing: no {' and no '.join(empty)} in its scope (`allow_empty: true` accepts it)",
        )
    return Outcome.PASS, None


def _ruled(guardrail: Guardrail, seen: Sequence[T], waived: frozenset[str]) -> tuple[Ruling[T], ...]:
    """Each with its status and fingerprint; equals are told apart by their order."""
    met: Counter[str] = Counter()
    rulings: list[Ruling[T]] = []
    for each in seen:
        key = _key(each)
        met[key] += 1
        status = Status.WAIVED if key in waived else Status.NEW
        rulings.append(Ruling(each, status, fingerprint(guardrail.id, _identity(each), met[key])))
    return tuple(rulings)


def _waived(guardrail: Guardrail, keys: Sequence[str], today: date) -> frozenset[str]:
    """The keys that waivers in force accept. One that covers more than it counts accepts none: which are old is unknown."""
    if not guardrail.waivable:
        return frozenset()
    accepted: set[str] = set()
    for waiver in guardrail.waivers:
        covered = [key for key in keys if _covers(waiver, key)]
        if today <= waiver.until and len(covered) <= (waiver.count or len(covered)):
            accepted.update(covered)
    return frozenset(accepted)


def _covers(waiver: Waiver, key: str) -> bool:
    return key == waiver.match if waiver.count is None else fnmatchcase(key, waiver.match)


def _key(seen: Finding | Unread) -> str:
    return seen.key if isinstance(seen, Finding) else seen.path


def _identity(seen: Finding | Unread) -> str:
    """A file that cannot be read is no finding about it: who accepts the one has not seen the other."""
    return seen.key if isinstance(seen, Finding) else f"unread\0{seen.path}"


def _finding_order(finding: Finding) -> tuple[str, int, int, str, str]:
    """By place, then by all that it holds: nothing depends on the order in which a check yields."""
    at = finding.at or Location("")
    return at.path, at.line or 0, at.column or 0, finding.key, repr(finding)


def _unread_order(unread: Unread) -> tuple[str, str]:
    return unread.path, unread.reason
