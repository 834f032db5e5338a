"""What the memory says of itself: the damage in a store, and how each component is."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text

from selfcheck.errors import CannotOpen
from selfcheck_observability import health, reading
from selfcheck_observability.commands.audit import verified
from selfcheck_observability.commands.memory import opened
from selfcheck_observability.health import Component, Health, Status
from selfcheck_observability.home import Home
from selfcheck_observability.insync import synced
from selfcheck_observability.snapshots import faults, snapshots
from selfcheck_observability.store import Database, tables

RECENT = 20
"""Of how many runs it is asked whether they ended."""


def damaged(database: Database) -> Iterator[str]:
    """What in a store does not hold: its file, rows without their run, runs without their verdicts."""
    with database.reading() as connection:
        if connection.dialect.name == "sqlite":
            for (said,) in connection.execute(text("pragma integrity_check")):
                if said != "ok":
                    yield f"{database.name}: {said}"
            for row in connection.execute(text("pragma foreign_key_check")):
                yield f"{database.name}: a row of {row[0]} belongs to no {row[2]}"
        judged = select(func.count()).where(tables.verdict.c.run == tables.run.c.id).scalar_subquery()
        total = tables.run.c.passed + tables.run.c.failed + tables.run.c.errors + tables.run.c.skipped
        for (number,) in connection.execute(
            select(tables.run.c.id).where(tables.run.c.state != "running", judged != total)
        ):
            yield f"{database.name}: run {number} has not the verdicts that it counts"


def diagnosed(place: Home, url: str | None, now: datetime) -> Health:
    """How each component is."""
    return health.healthy([*_stored(place, url, now), _audit(place, url), synced(place, now)])


def _stored(place: Home, url: str | None, now: datetime) -> list[Component]:
    try:
        with opened(url) as memory:
            wrong = [*damaged(memory.database), *(fault for each in snapshots(place) for fault in faults(each))]
            with memory.database.asking() as asking:
                name = memory.home.repository
                nightly = reading.recent(asking, name, kind="drift", state="finished", limit=1)
                last = reading.recent(asking, name, limit=RECENT)
            return [_store(memory.database, wrong, place), _nightly(nightly, now), _checks(last)]
    except CannotOpen as error:
        remedy = "start it, or correct the URL; or `selfcheck run --record` where there is none yet"
        return [Component(name="store", status=Status.ERROR, message=str(error), remedy=remedy)]


def _store(database: Database, wrong: list[str], place: Home) -> Component:
    if wrong:
        remedy = "`selfcheck state verify` names all of it; `selfcheck state restore` puts the last snapshot back"
        return Component(name="store", status=Status.ERROR, message=wrong[0], remedy=remedy)
    kept = len(snapshots(place))
    if not kept:
        said = f"{database.name} is whole, and has no snapshot"
        return Component(name="store", status=Status.WARNING, message=said, remedy="run `selfcheck state backup`")
    return Component(name="store", status=Status.HEALTHY, message=f"{database.name} is whole, {kept} snapshots")


def _nightly(nightly: list[Any], now: datetime) -> Component:
    finished = nightly[0].finished if nightly else None
    return health.scheduler(datetime.fromisoformat(finished) if finished else None, now)


def _checks(last: list[Any]) -> Component:
    done = next((run for run in last if run.state == "finished"), None)
    interrupted = sum(run.state == "interrupted" for run in last)
    return health.checks(done.outcome if done else None, done.errors if done else 0, interrupted)


def _audit(place: Home, url: str | None) -> Component:
    try:
        found = verified(place, url)
    except CannotOpen as error:
        return Component(name="audit", status=Status.ERROR, message=f"could not be held against the runs: {error}")
    if found.bad is not None:
        said = f"{found.bad.place}: {found.bad.reason}"
        remedy = "`selfcheck audit verify` names the first bad entry; compare with the last snapshot"
        return Component(name="audit", status=Status.ERROR, message=said, remedy=remedy)
    return Component(name="audit", status=Status.HEALTHY, message=f"{found.entries} entries in a chain")
