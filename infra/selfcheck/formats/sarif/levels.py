"""How grave a guardrail is, in SARIF's words and in GitHub's."""

from selfcheck.formats.sarif.wire import Level
from selfcheck.guardrail import Severity

LEVELS: dict[Severity, Level] = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}
PROBLEM: dict[Level, str] = {"error": "error", "warning": "warning", "note": "recommendation"}
# Above 9.0 is critical, from 7.0 on high, from 4.0 on medium.
SECURITY = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.0"}


def level(severity: Severity, gates: bool) -> Level:
    """Code scanning fails a pull request on `error`, which what only warns must not do."""
    found = LEVELS[severity]
    return found if gates or found != "error" else "warning"


def security(severity: Severity, gates: bool) -> str:
    """The score of a guardrail about security; code scanning fails a pull request on high and critical ones."""
    return SECURITY[severity if gates or not severity.at_least(Severity.HIGH) else Severity.MEDIUM]
