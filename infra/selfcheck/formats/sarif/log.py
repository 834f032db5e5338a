"""A report as a SARIF log: the run, what was judged, and what could not be."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from selfcheck import __version__
from selfcheck.formats.sarif.places import Places
from selfcheck.formats.sarif.rules import Rules
from selfcheck.formats.sarif.texts import clean, plain
from selfcheck.formats.sarif.wire import (
    ROOT,
    SCHEMA,
    Automation,
    BaseId,
    Driver,
    Invocation,
    Level,
    Log,
    Message,
    Notification,
    Result,
    RuleReference,
    SarifRun,
    Tool,
)
from selfcheck.model import Location, Outcome, Report, Verdict

NAME = "selfcheck"


def log(report: Report, rules: Rules, places: Places, results: Sequence[Result], left_out: int = 0) -> Log:
    """The document with these results; how many more there are is said in it."""
    notifications = [*_notifications(report, rules, places)]
    if left_out:
        notifications.append(_left_out(len(results), left_out))
    return Log(
        schema=SCHEMA,
        version="2.1.0",
        runs=[
            SarifRun(
                tool=Tool(driver=Driver(name=NAME, version=__version__, rules=list(rules.all))),
                automation_details=Automation(id=f"{'/'.join(filter(None, (NAME, report.run.folder)))}/"),
                invocations=[_invocation(report, notifications)],
                original_uri_base_ids={ROOT: BaseId(description=Message(text="the top of the repository"))},
                column_kind="unicodeCodePoints",
                results=list(results),
                properties=_properties(report, left_out),
            )
        ],
    )


def _invocation(report: Report, notifications: list[Notification]) -> Invocation:
    """A run is a success if everything was judged, whatever was found."""
    unjudged = any(verdict.outcome is Outcome.ERROR or _unread(verdict) for verdict in report.verdicts)
    return Invocation(
        execution_successful=not unjudged and report.stopped is None,
        exit_code=report.exit_code,
        exit_signal_number=None if report.stopped is None else report.stopped - 128,
        start_time_utc=_instant(report.run.started),
        end_time_utc=_instant(report.run.started + timedelta(seconds=report.seconds)),
        tool_execution_notifications=notifications,
    )


def _notifications(report: Report, rules: Rules, places: Places) -> Iterator[Notification]:
    for verdict in report.verdicts:
        rule = RuleReference(id=verdict.guardrail.id, index=rules.indices[verdict.guardrail.id])
        level: Level = "error" if verdict.gates else "warning"
        if verdict.outcome is Outcome.ERROR:
            yield _about(rule, level, f"could not be judged: {verdict.reason}")
        if verdict.outcome is Outcome.SKIP:
            yield _about(rule, "note", f"skipped: {verdict.reason}")
        for ruling in verdict.unread:
            said = f"{ruling.seen.path}: could not be read: {ruling.seen.reason}"
            at = [places.wired(Location(ruling.seen.path), region=False)]
            if ruling.counts:
                yield _about(rule, level, said, locations=at)
            else:
                yield _about(rule, "note", f"{said} ({ruling.status.value})", locations=at)
    if report.stopped is not None:
        yield Notification(level="error", message=Message(text="interrupted: this report is not complete"))


def _about(rule: RuleReference, level: Level, said: str, **more: Any) -> Notification:
    return Notification(level=level, message=Message(text=plain(f"{rule.id}: {said}")), associated_rule=rule, **more)


def _left_out(kept: int, left_out: int) -> Notification:
    text = (
        f"{left_out:,} of {kept + left_out:,} results are left out, the least grave ones: code scanning takes no more. "
        "The format `sarif` holds them all."
    )
    return Notification(level="warning", message=Message(text=text))


def _unread(verdict: Verdict) -> bool:
    return any(ruling.counts for ruling in verdict.unread)


def _properties(report: Report, left_out: int) -> dict[str, Any]:
    run = report.run
    found: dict[str, Any] = {
        "outcome": report.outcome.value,
        "revision": run.revision and clean(run.revision),
        "rulebook": clean(run.rulebook),
        "base": run.base and {"name": clean(run.base.name), "commits": list(run.base.commits)},
        "resultsLeftOut": left_out,
    }
    return {name: value for name, value in found.items() if value is not None}


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
