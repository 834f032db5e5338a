"""A run as it is written down: begun, judged piece by piece, finished. What is acknowledged is on disk."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from msgspec import Struct, structs
from sqlalchemy import Connection, delete, func, insert, select, update

from selfcheck.model import Outcome, Report, Run, Verdict
from selfcheck_observability import reading
from selfcheck_observability.audit import Anchor
from selfcheck_observability.processes import Process, this
from selfcheck_observability.store import tables
from selfcheck_observability.store.database import Database, Rows
from selfcheck_observability.tracks import Moment, Track, advanced, sightings

ELSEWHERE = timedelta(hours=12)
"""After how long a run of another host that never ended counts as interrupted."""
COUNTERS = {Outcome.PASS: "passed", Outcome.FAIL: "failed", Outcome.ERROR: "errors", Outcome.SKIP: "skipped"}


class Begun(Struct, frozen=True, kw_only=True):
    """What a run is, beside what it judges."""

    kind: str
    repository: str
    branch: str
    environment: Mapping[str, str]
    whole: bool = False
    """Whether all guardrails of the rulebook are judged."""


class Interrupted(Struct, frozen=True):
    """A run that never ended: its number, and how much of it was judged."""

    run: int
    judged: int
    promised: int


class Journal:
    """One run in the store."""

    def __init__(self, database: Database, run: Run, begun: Begun, now: datetime) -> None:
        """Write down that it begins."""
        self._database = database
        self._begun = begun
        process = this()
        with database.writing() as connection:
            made = connection.execute(insert(tables.run).values(**_row(run, begun, process, now)))
            self.number = int((made.inserted_primary_key or (0,))[0])
        self._number = 0

    def verdict(self, verdict: Verdict) -> None:
        """One more piece; it is on disk when this returns."""
        with self._database.writing() as connection:
            _write(connection, self.number, self._number, verdict)
        self._number += 1

    def finish(self, report: Report, now: datetime, anchor: Anchor | None) -> None:
        """The end: what the report says, verdicts that never fell included, and what became of each finding."""
        stopped = report.stopped is not None
        moment = Moment(run=self.number, at=_text(now), nightly=self._begun.kind == "drift", whole=self._begun.whole)
        with self._database.writing() as connection:
            # Proofs are attached, and what never fell is added, once all is judged.
            for table in (tables.verdict, tables.evidence, tables.sighting):
                connection.execute(delete(table).where(table.c.run == self.number))
            for number, verdict in enumerate(report.verdicts):
                _write(connection, self.number, number, verdict)
            connection.execute(
                update(tables.run)
                .where(tables.run.c.id == self.number)
                .values(
                    state="stopped" if stopped else "finished",
                    finished=_text(now),
                    seconds=report.seconds,
                    outcome=report.outcome.value,
                    exit=report.exit_code,
                    findings=sum(ruling.counts for each in report.verdicts for ruling in each.findings),
                    **{name: report.count(outcome) for outcome, name in COUNTERS.items()},
                    **_anchored(anchor),
                )
            )
            if not stopped and self._begun.branch:
                keep_tracks(connection, self._begun, advanced(tracks(connection, self._begun), report, moment))


def tracks(connection: Connection, of: Begun) -> dict[str, Track]:
    """Every finding that was ever seen on a branch, by fingerprint."""
    return reading.tracks(Rows(connection), of.repository, of.branch)


def keep_tracks(connection: Connection, of: Begun, changed: Mapping[str, Track]) -> None:
    """Write tracks in the place of those that were."""
    if not changed:
        return
    table = tables.track
    here = (table.c.repository == of.repository, table.c.branch == of.branch)
    for name in changed:
        connection.execute(delete(table).where(*here, table.c.fingerprint == name))
    owner = {"repository": of.repository, "branch": of.branch}
    connection.execute(insert(table), [owner | structs.asdict(track) for track in changed.values()])


def sweep(database: Database, now: datetime) -> list[Interrupted]:
    """Mark the runs whose process is no more as interrupted; what was judged of them is kept, and is no pass."""
    table = tables.run
    with database.reading() as connection:
        unfinished = connection.execute(select(table).where(table.c.state == "running")).mappings().all()
    gone = [row for row in unfinished if _is_gone(row["host"], row["process"], row["born"], row["started"], now)]
    found: list[Interrupted] = []
    for row in gone:
        with database.writing() as connection:
            done = connection.execute(
                update(table)
                .where(table.c.id == row["id"], table.c.state == "running")
                .values(state="interrupted", finished=_text(now), **_counted(connection, row["id"]))
            )
            judged = connection.execute(
                select(func.count()).select_from(tables.verdict).where(tables.verdict.c.run == row["id"])
            ).scalar_one()
        if done.rowcount:
            found.append(Interrupted(row["id"], judged, row["promised"]))
    return found


def _is_gone(host: str, number: int, born: str, started: str, now: datetime) -> bool:
    alive = Process(host, number, born).alive
    return now - datetime.fromisoformat(started) > ELSEWHERE if alive is None else not alive


def _counted(connection: Connection, run: int) -> dict[str, int]:
    table = tables.verdict
    rows = connection.execute(
        select(table.c.outcome, func.count(), func.sum(table.c.counting))
        .where(table.c.run == run)
        .group_by(table.c.outcome)
    ).all()
    return {COUNTERS[Outcome(row[0])]: int(row[1]) for row in rows} | {"findings": sum(int(row[2]) for row in rows)}


def _row(run: Run, begun: Begun, process: Process, now: datetime) -> dict[str, object]:
    return {
        "kind": begun.kind,
        "repository": begun.repository,
        "branch": begun.branch,
        "revision": run.revision,
        "folder": run.folder,
        "base": run.base.name if run.base else None,
        "rulebook": run.rulebook,
        "environment": json.dumps(begun.environment, sort_keys=True),
        "started": _text(now),
        "state": "running",
        "promised": len(run.guardrails),
        **dict.fromkeys(("passed", "failed", "errors", "skipped", "findings"), 0),
        "host": process.host,
        "process": process.number,
        "born": process.born,
    }


def _write(connection: Connection, run: int, number: int, verdict: Verdict) -> None:
    name = verdict.guardrail.id
    connection.execute(
        insert(tables.verdict).values(
            run=run,
            guardrail=name,
            number=number,
            severity=verdict.guardrail.severity.value,
            gates=verdict.gates,
            outcome=verdict.outcome.value,
            reason=verdict.reason,
            counting=sum(ruling.counts for ruling in verdict.findings),
            examined=sum(each.examined for each in verdict.evidence),
            proof=verdict.proof.outcome if verdict.proof else None,
            seconds=verdict.seconds,
        )
    )
    if verdict.evidence:
        seen = enumerate(verdict.evidence)
        rows = [{"run": run, "guardrail": name, "number": place, **structs.asdict(each)} for place, each in seen]
        connection.execute(insert(tables.evidence), rows)
    if found := sightings(verdict):
        connection.execute(insert(tables.sighting), [{"run": run, **structs.asdict(each)} for each in found])


def _anchored(anchor: Anchor | None) -> dict[str, object]:
    if anchor is None:
        return {}
    return {"audit_chain": anchor.chain, "audit_number": anchor.number, "audit_head": anchor.head}


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
