"""What is forgotten: whole runs, with all that hangs on them. The life of a finding is kept."""

from datetime import UTC, datetime

from sqlalchemy import delete, select

from selfcheck_observability.store import tables
from selfcheck_observability.store.database import Database


def prune(database: Database, repository: str, *, before: datetime | None = None, runs: int | None = None) -> list[int]:
    """Forget runs that began before a moment, or that are not among the newest of their branch; the newest stays.

    A run that still runs is kept. What is forgotten is told by its numbers.
    """
    table = tables.run
    limit = before.astimezone(UTC).isoformat(timespec="seconds") if before else None
    gone: list[int] = []
    with database.writing() as connection:
        rows = connection.execute(
            select(table.c.id, table.c.branch, table.c.kind, table.c.started, table.c.state)
            .where(table.c.repository == repository)
            .order_by(table.c.id.desc())
        ).all()
        seen: dict[tuple[str, str], int] = {}
        for number, branch, kind, started, state in rows:
            rank = seen.get((branch, kind), 0)
            seen[branch, kind] = rank + (state == "finished")
            old = (limit is not None and started < limit) or (runs is not None and rank >= runs)
            if old and rank and state != "running":
                gone.append(number)
        for number in gone:
            for owned in (tables.sighting, tables.evidence, tables.verdict):
                connection.execute(delete(owned).where(owned.c.run == number))
            connection.execute(delete(table).where(table.c.id == number))
    return gone
