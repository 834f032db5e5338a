"""The `json` format: report v1, versioned, with wire types of its own; fields are added, never changed or taken away.

An added field has a default, so that what reads reports by these types reads those that were written before it.
"""

from collections import Counter
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from selfcheck.model import Acceptance, Finding, Location, Outcome, Proved, Report, Ruling, Run, Status, Unread, Verdict


class RunV1(Struct, frozen=True):
    """What was judged, when, by which rulebook, compared with what."""

    root: str
    revision: str | None
    base: str | None
    started: str
    seconds: float
    rulebook: str
    base_commits: list[str] = []
    folder: str = ""


class CountsV1(Struct, frozen=True):
    """How many findings have each status, over all guardrails."""

    new: int
    existing: int
    baselined: int
    waived: int
    fixed: int


class SummaryV1(Struct, frozen=True, rename={"passed": "pass"}):
    """The outcome of the gate, the exit code, how many guardrails came to each outcome, and the findings."""

    outcome: Literal["pass", "fail", "error"]
    exit: int
    passed: int
    fail: int
    error: int
    skip: int
    findings: CountsV1 | UnsetType = UNSET


class EvidenceV1(Struct, frozen=True):
    """What was looked at: how many there are, how many were examined."""

    what: str
    scope: int
    examined: int


class AcceptedV1(Struct, frozen=True):
    """What accepts a finding: the exception, why, by whom, until when, and where it is written."""

    by: Literal["waiver", "comment", "baseline", "approval"]
    reason: str
    owner: str | None
    until: str | None
    path: str
    line: int | None


class ExceptionV1(AcceptedV1, frozen=True):
    """One exception written for a guardrail, in force or not: what it matches, how many it is for, and how many it covers."""

    match: str
    count: int | None
    covered: int


class UnreadV1(Struct, frozen=True):
    """A file that could not be read."""

    path: str
    reason: str
    fingerprint: str
    status: str
    accepted: AcceptedV1 | None = None


class FindingV1(Struct, frozen=True):
    """One place where the promise does not hold; `data` is the check's own."""

    key: str
    fingerprint: str
    status: Literal["new", "existing", "baselined", "waived", "fixed"]
    message: str
    hint: str | None
    path: str
    line: int
    column: int | None
    data: dict[str, Any]
    growth: str | None = None
    parts: list[str] = []
    amount: int | None = None
    accepted: AcceptedV1 | None = None


class ProofV1(Struct, frozen=True):
    """What is known of a proof: what came of it, and how many of the guardrail's canaries turn it red."""

    outcome: Literal["proven", "missed", "unprovable", "error"]
    bit: int
    canaries: int


class VerdictV1(Struct, frozen=True):
    """One guardrail judged."""

    id: str
    title: str
    why: str
    severity: Literal["critical", "high", "medium", "low"]
    enforce: Literal["block", "warn"]
    check: str
    refs: list[str]
    owner: str | None
    place: str
    outcome: Literal["pass", "fail", "error", "skip"]
    reason: str | None
    seconds: float
    proof: ProofV1 | None
    evidence: list[EvidenceV1]
    unread: list[UnreadV1]
    findings: list[FindingV1]
    fixed: list[FindingV1] = []
    exceptions: list[ExceptionV1] = []


class ReportV1(Struct, frozen=True):
    """One run of selfcheck."""

    version: Literal[1]
    run: RunV1
    summary: SummaryV1
    verdicts: list[VerdictV1]


def render(report: Report, **_options: object) -> str:
    """The report as indented JSON, ending in a newline."""
    return msgspec.json.format(msgspec.json.encode(_wire(report)), indent=2).decode("utf-8") + "\n"


def schema() -> dict[str, Any]:
    """The JSON Schema of report v1."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(ReportV1)}


def _wire(report: Report) -> ReportV1:
    return ReportV1(
        version=1,
        run=_run(report.run, report.seconds),
        summary=_summary(report),
        verdicts=[_verdict(verdict) for verdict in report.verdicts],
    )


def _run(run: Run, seconds: float) -> RunV1:
    return RunV1(
        root=run.root,
        revision=run.revision,
        base=run.base.name if run.base else None,
        started=_instant(run.started),
        seconds=round(seconds, 3),
        rulebook=run.rulebook,
        base_commits=list(run.base.commits) if run.base else [],
        folder=run.folder,
    )


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _summary(report: Report) -> SummaryV1:
    counts = {outcome: report.count(outcome) for outcome in Outcome}
    return SummaryV1(
        outcome=_text(report.outcome),
        exit=report.exit_code,
        passed=counts[Outcome.PASS],
        fail=counts[Outcome.FAIL],
        error=counts[Outcome.ERROR],
        skip=counts[Outcome.SKIP],
        findings=_counts(report),
    )


def _counts(report: Report) -> CountsV1:
    met = Counter(each.status for verdict in report.verdicts for each in (*verdict.findings, *verdict.fixed))
    return CountsV1(**{status.value: met[status] for status in Status})


def _verdict(verdict: Verdict) -> VerdictV1:
    guardrail = verdict.guardrail
    return VerdictV1(
        id=guardrail.id,
        title=guardrail.title,
        why=guardrail.why,
        severity=_text(guardrail.severity),
        enforce=_text(verdict.enforce),
        check=guardrail.use,
        refs=list(guardrail.refs),
        owner=guardrail.owner,
        place=str(guardrail.place),
        outcome=_text(verdict.outcome),
        reason=verdict.reason,
        seconds=round(verdict.seconds, 3),
        proof=_proof(verdict.proof) if verdict.proof else None,
        evidence=[EvidenceV1(each.what, each.scope, each.examined) for each in verdict.evidence],
        unread=[_unread(ruling) for ruling in verdict.unread],
        findings=[_finding(verdict, ruling) for ruling in verdict.findings],
        fixed=[_finding(verdict, ruling) for ruling in verdict.fixed],
        exceptions=[_exception(each) for each in verdict.acceptances],
    )


def _proof(proved: Proved) -> ProofV1:
    return ProofV1(_text(proved.outcome), proved.bit, proved.canaries)


def _unread(ruling: Ruling[Unread]) -> UnreadV1:
    return UnreadV1(
        path=ruling.seen.path,
        reason=ruling.seen.reason,
        fingerprint=ruling.fingerprint,
        status=_text(ruling.status),
        accepted=_accepted(ruling.acceptance),
    )


def _finding(verdict: Verdict, ruling: Ruling[Finding]) -> FindingV1:
    """A finding without a place stands at its guardrail's line."""
    finding, place = ruling.seen, verdict.guardrail.place
    at = finding.at or Location(place.file, place.line)
    return FindingV1(
        key=finding.key,
        fingerprint=ruling.fingerprint,
        status=_text(ruling.status),
        message=finding.message,
        hint=finding.hint,
        path=at.path,
        line=at.line or 1,
        column=at.column,
        data=dict(finding.data),
        growth=ruling.growth,
        parts=list(finding.parts),
        amount=finding.amount,
        accepted=_accepted(ruling.acceptance),
    )


def _accepted(acceptance: Acceptance | None) -> AcceptedV1 | None:
    return AcceptedV1(**_written(acceptance)) if acceptance else None


def _exception(acceptance: Acceptance) -> ExceptionV1:
    return ExceptionV1(
        **_written(acceptance), match=acceptance.match, count=acceptance.count, covered=acceptance.covered
    )


def _written(acceptance: Acceptance) -> dict[str, Any]:
    return {
        "by": _text(acceptance.by),
        "reason": acceptance.reason,
        "owner": acceptance.owner,
        "until": acceptance.until.isoformat() if acceptance.until else None,
        "path": acceptance.at.path,
        "line": acceptance.at.line,
    }


def _text(member: str) -> Any:
    """An enum's value, for a field that lists the values in its type."""
    return str(member)
