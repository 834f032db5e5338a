"""Findings as SARIF's results."""

from typing import Any, Literal, NamedTuple

from msgspec import structs

from selfcheck.formats.sarif.levels import level
from selfcheck.formats.sarif.places import Anchor, Places, in_repository, related
from selfcheck.formats.sarif.rules import Rules
from selfcheck.formats.sarif.texts import clean, label, plain
from selfcheck.formats.sarif.wire import Message, Place, Result, Suppression
from selfcheck.guardrail import Severity
from selfcheck.model import Acceptance, By, Finding, Report, Ruling, Status, Verdict

FINGERPRINT = "selfcheckFingerprint/v1"
LINE_HASH = "primaryLocationLineHash"
RELATED = 100
"""How many locations of a result code scanning keeps."""
State = Literal["new", "updated", "unchanged", "absent"]
# What is accepted is never compared with the base, so it is no news.
STATES: dict[Status, State] = {
    Status.NEW: "new",
    Status.EXISTING: "unchanged",
    Status.BASELINED: "unchanged",
    Status.WAIVED: "unchanged",
    Status.FIXED: "absent",
}


class Found(NamedTuple):
    """A result, and how grave it is."""

    severity: Severity
    result: Result


class Results:
    """The results of one report: all there are, or those alone that count."""

    def __init__(self, report: Report, rules: Rules, places: Places) -> None:
        self._report = report
        self._rules = rules
        self._places = places

    def counting(self) -> list[Found]:
        """What neither is accepted nor was there before."""
        return [
            Found(verdict.guardrail.severity, self._result(verdict, ruling))
            for verdict in self._report.verdicts
            for ruling in verdict.findings
            if ruling.counts
        ]

    def all(self) -> list[Found]:
        """Accepted ones too, each with what accepts it, and those that the base had."""
        return [
            Found(verdict.guardrail.severity, self._full(verdict, ruling))
            for verdict in self._report.verdicts
            for ruling in (*verdict.findings, *verdict.fixed)
        ]

    def _full(self, verdict: Verdict, ruling: Ruling[Finding]) -> Result:
        """The result with what became of it; SARIF wants that of all results of a run or of none."""
        return structs.replace(
            self._result(verdict, ruling),
            baseline_state=_state(ruling) if self._report.run.base else None,
            suppressions=self._suppressions(ruling),
        )

    def _result(self, verdict: Verdict, ruling: Ruling[Finding]) -> Result:
        guardrail, finding, fixed = verdict.guardrail, ruling.seen, ruling.status is Status.FIXED
        anchor = (self._places.former if fixed else self._places.anchor)(finding.at, guardrail)
        linked = self._related(finding)
        line_hash = {} if fixed else {LINE_HASH: anchor.hash or f"{ruling.fingerprint[:16]}:1"}
        return Result(
            rule_id=guardrail.id,
            rule_index=self._rules.indices[guardrail.id],
            level=level(guardrail.severity, verdict.gates),
            message=Message(text=_message(ruling, anchor, linked)),
            locations=[self._places.wired(anchor.at)],
            related_locations=linked or None,
            partial_fingerprints={FINGERPRINT: ruling.fingerprint, **line_hash},
            properties=_properties(verdict, ruling),
        )

    def _related(self, finding: Finding) -> list[Place]:
        return [
            Place(id=number, physical_location=self._places.physical(at), message=Message(text=plain(said)))
            for number, (at, said) in enumerate(related(finding.data)[:RELATED], start=1)
        ]

    def _suppressions(self, ruling: Ruling[Finding]) -> list[Suppression]:
        if ruling.status not in (Status.WAIVED, Status.BASELINED):
            return []
        by = ruling.acceptance
        if by is None:
            return [Suppression(kind="external", status="accepted")]
        return [
            Suppression(
                kind="inSource" if by.by is By.COMMENT else "external",
                status="accepted",
                justification=clean(by.reason),
                location=self._places.wired(by.at) if in_repository(by.at.path) else None,
                properties=_accepted(by),
            )
        ]


def _state(ruling: Ruling[Finding]) -> State:
    return "updated" if ruling.growth else STATES[ruling.status]


def _message(ruling: Ruling[Finding], anchor: Anchor, linked: list[Place]) -> str:
    """What is wrong, where it is if that cannot be shown, what to do, and links to what else is to be seen."""
    finding = ruling.seen
    elsewhere = f"{plain(str(finding.at))}: " if finding.at and not anchor.own else ""
    said = [elsewhere + (plain(finding.message) or plain(finding.key))]
    if ruling.growth:
        said.append(f"Worse: {plain(ruling.growth)}")
    if finding.hint:
        said.append(f"What to do: {plain(finding.hint)}")
    if linked:
        links = (f"[{label(each.message.text)}]({each.id})" for each in linked if each.message)
        said.append(f"See: {', '.join(links)}")
    return "\n\n".join(said)


def _properties(verdict: Verdict, ruling: Ruling[Finding]) -> dict[str, Any]:
    told = {
        "key": clean(ruling.seen.key),
        "status": ruling.status.value,
        "severity": verdict.guardrail.severity.value,
        "enforce": verdict.enforce.value,
    }
    return told | ({"growth": clean(ruling.growth)} if ruling.growth else {})


def _accepted(by: Acceptance) -> dict[str, Any]:
    told = {"by": by.by.value, "owner": by.owner, "until": by.until}
    return {name: clean(str(value)) for name, value in told.items() if value is not None}
