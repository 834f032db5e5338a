"""One run that is remembered: the store, the audit log and the event log, written in an order that a crash cannot mix."""

from collections.abc import Mapping
from datetime import datetime

from selfcheck.errors import CannotOpen
from selfcheck.model import Outcome, Report, Run, Verdict
from selfcheck_observability.audit import Audit
from selfcheck_observability.home import Home
from selfcheck_observability.logs import Category, Events
from selfcheck_observability.snapshots import snapshot_if_due
from selfcheck_observability.store import Begun, Journal, open_database
from selfcheck_observability.store.journal import Interrupted, sweep


class Recording:
    """A run in the making. An event is written once what it tells is in the store: it acknowledges it."""

    def __init__(self, place: Home, run: Run, *, kind: str, environment: Mapping[str, str], now: datetime) -> None:
        self._home = place
        self._events = Events(place.folder / "events", place.intervals.log)
        self._audit = Audit(place.folder)
        self._database = open_database(place.url)
        self.interrupted = [self._told(each, now) for each in sweep(self._database, now)]
        self.begun = Begun(
            kind=kind,
            repository=place.repository,
            branch=branch_of(place, run.revision),
            environment=environment,
            whole=kind == "drift",
        )
        self._journal = Journal(self._database, run, self.begun, now)
        self._events.append(Category.RUN, now, "begun", run=self.run, kind=kind, revision=run.revision)
        self._audit.append("run begun", now, run=self.run, kind=kind, revision=run.revision, rulebook=run.rulebook)

    @property
    def run(self) -> int:
        """Its number in the store."""
        return self._journal.number

    def verdict(self, verdict: Verdict, now: datetime) -> None:
        """Write it down, then acknowledge it."""
        self._journal.verdict(verdict)
        about = {"run": self.run, "guardrail": verdict.guardrail.id, "outcome": verdict.outcome.value}
        self._events.append(Category.CHECK, now, "judged", **about, seconds=round(verdict.seconds, 3))
        if verdict.outcome is Outcome.ERROR:
            self._events.append(Category.ERROR, now, "not judged", **about, reason=verdict.reason)

    def end(self, report: Report, now: datetime) -> None:
        """The entry of the audit log first: a row that holds its head never points at one that is not there."""
        ended = {"run": self.run, "outcome": report.outcome.value, "exit": report.exit_code}
        anchor = self._audit.append("run ended", now, **ended)
        self._journal.finish(report, now, anchor)
        self._events.append(Category.RUN, now, "ended", **ended)
        snapshot_if_due(self._home, self._database, now)
        self._database.close()

    def _told(self, gone: Interrupted, now: datetime) -> str:
        about = {"run": gone.run, "judged": gone.judged, "promised": gone.promised}
        self._events.append(Category.ERROR, now, "run interrupted", **about)
        self._audit.append("run interrupted", now, **about)
        return (
            f"run {gone.run} was interrupted after {gone.judged} of {gone.promised} verdicts; "
            "they are kept, and it counts as no pass"
        )


def branch_of(place: Home, revision: str | None) -> str:
    """The branch whose history a run belongs to; none where it judges another revision than is checked out."""
    try:
        return place.branch if place.git is None or place.git.head() == revision else ""
    except CannotOpen:
        return ""
