"""The `json` format: report v1, versioned, with wire types of its own; fields are added, never changed or taken away."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Literal

import msgspec
from msgspec import Struct

from selfcheck.model import Finding, Location, Outcome, Report, Ruling, Unread, Verdict


class RunV1(Struct, frozen=True):
    """What was judged, when, by which rulebook."""

    root: str
    revision: str | None
    base: str | None
    started: str
    seconds: float
    rulebook: str


class SummaryV1(Struct, frozen=True, rename={"passed": "pass"}):
    """The outcome of the gate, the exit code, and how many guardrails came to each outcome."""

    outcome: Literal["pass", "fail", "error"]
    exit: int
    passed: int
    fail: int
    error: int
    skip: int


class EvidenceV1(Struct, frozen=True):
    """What was looked at: how many there are, how many were examined."""

    what: str
    scope: int
    examined: int


class UnreadV1(Struct, frozen=True):
    """A file that could not be read."""

    path: str
    reason: str
    fingerprint: str
    status: str


class FindingV1(Struct, frozen=True):
    """One place where the promise does not hold; `data` is the check's own."""

    key: str
    fingerprint: str
    status: Literal["new", "existing", "baselined", "waived"]
    message: str
    hint: str | None
    path: str
    line: int
    column: int | None
    data: dict[str, Any]


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
    proof: str | None
    evidence: list[EvidenceV1]
    unread: list[UnreadV1]
    findings: list[FindingV1]


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
    run = report.run
    return ReportV1(
        version=1,
        run=RunV1(run.root, run.revision, None, _instant(run.started), round(report.seconds, 3), run.rulebook),
        summary=_summary(report),
        verdicts=[_verdict(verdict) for verdict in report.verdicts],
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
    )


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
        proof=None,
        evidence=[EvidenceV1(each.what, each.scope, each.examined) for each in verdict.evidence],
        unread=[_unread(ruling) for ruling in verdict.unread],
        findings=[_finding(verdict, ruling) for ruling in verdict.findings],
    )


def _unread(ruling: Ruling[Unread]) -> UnreadV1:
    return UnreadV1(ruling.seen.path, ruling.seen.reason, ruling.fingerprint, _text(ruling.status))


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
    )


def _text(member: StrEnum) -> Any:
    """An enum's value, for a field that lists the values in its type."""
    return member.value
