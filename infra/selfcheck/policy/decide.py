"""From what a check saw to a verdict: what accepts each finding, severity, pending, and what was not seen."""

from collections.abc import Iterable, Sequence
from datetime import date

from selfcheck.guardrail import Enforce, Guardrail, Severity
from selfcheck.model import Evidence, Finding, Outcome, Ruling, Seen, Unread, Verdict
from selfcheck.policy.accepting import Accepting, Written, finding_order, unread_order
from selfcheck.policy.given import NONE, Examination, Exceptions, Failed, Finished, Past, Skipped


def decide(
    guardrail: Guardrail,
    examination: Examination,
    *,
    today: date,
    fail_on: Severity,
    seconds: float = 0.0,
    exceptions: Exceptions = NONE,
    pasts: Sequence[Past] = (),
) -> Verdict:
    """The verdict on one guardrail; compared with several pasts, a finding is old if every one of them had it."""
    enforce, note = enforcement(guardrail, today, fail_on)
    written = Written(guardrail, exceptions, today)
    match examination:
        case Skipped(reason):
            outcome = Outcome.SKIP
        case Failed(reason):
            outcome = Outcome.ERROR
        case Finished(seen):
            return _weighed(guardrail, seen, enforce, note, written, pasts, seconds)
    return Verdict(
        guardrail=guardrail,
        outcome=outcome,
        enforce=enforce,
        reason=reason,
        seconds=seconds,
        acceptances=tuple(written.all()),
    )


def enforcement(guardrail: Guardrail, today: date, fail_on: Severity) -> tuple[Enforce, str | None]:
    """Whether the guardrail gates today, and why it does not where it otherwise would."""
    grave = guardrail.severity.at_least(fail_on)
    enforce = guardrail.enforce or (Enforce.BLOCK if grave else Enforce.WARN)
    pending = guardrail.pending
    if enforce is Enforce.BLOCK and pending and today <= pending.until:
        return Enforce.WARN, f"pending until {pending.until}: {pending.reason}"
    return enforce, None


def _weighed(
    guardrail: Guardrail,
    seen: Iterable[Seen],
    enforce: Enforce,
    note: str | None,
    written: Written,
    pasts: Sequence[Past],
    seconds: float,
) -> Verdict:
    """Findings that count fail; else what could not be read, or an empty scope, is an error."""
    found = list(seen)
    all_findings = sorted((each for each in found if isinstance(each, Finding)), key=finding_order)
    all_unread = sorted((each for each in found if isinstance(each, Unread)), key=unread_order)
    accepting = Accepting(guardrail, [*all_findings, *all_unread], written, pasts)
    findings = accepting.ruled(all_findings)
    unread = accepting.ruled(all_unread, len(all_findings))
    evidence = tuple(each for each in found if isinstance(each, Evidence))
    outcome, reason = _outcome(guardrail, findings, unread, evidence)
    if outcome is Outcome.FAIL:
        reason = "; ".join(each for each in (note, *accepting.doubts) if each) or None
    return Verdict(
        guardrail=guardrail,
        outcome=outcome,
        enforce=enforce,
        reason=reason,
        findings=findings,
        evidence=evidence,
        unread=unread,
        seconds=seconds,
        fixed=() if any(each.counts for each in unread) else accepting.fixed(),
        acceptances=tuple(written.all()),
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
            f"examined nothing: no {' and no '.join(dict.fromkeys(empty))} in its scope (`allow_empty: true` accepts it)",
        )
    return Outcome.PASS, None
