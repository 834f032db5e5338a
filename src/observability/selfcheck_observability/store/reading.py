"""What the store is asked: runs, the verdicts of one, how a guardrail fared over many."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Executable, Integer, func, select

from selfcheck_observability.store import tables


class Recorded(Struct, frozen=True, kw_only=True):
    """A run as it was written down; `state` is running, finished, stopped or interrupted."""

    id: int
    kind: str
    repository: str
    branch: str
    revision: str | None
    folder: str
    base: str | None
    rulebook: str
    environment: str
    started: str
    finished: str | None
    seconds: float | None
    state: str
    outcome: str | None
    exit: int | None
    promised: int
    passed: int
    failed: int
    errors: int
    skipped: int
    findings: int
    audit_chain: str | None
    audit_number: int | None
    audit_head: str | None

    @property
    def said(self) -> str:
        """What it came to, in one word; one that never ended came to nothing."""
        return self.outcome if self.state == "finished" and self.outcome else self.state


class Judged(Struct, frozen=True, kw_only=True):
    """A verdict as it was written down."""

    run: int
    guardrail: str
    number: int
    severity: str
    gates: bool
    outcome: str
    reason: str | None
    counting: int
    examined: int
    proof: str | None
    seconds: float


class Looked(Struct, frozen=True, kw_only=True):
    """One piece of evidence."""

    guardrail: str
    what: str
    scope: int
    examined: int


class Found(Struct, frozen=True, kw_only=True):
    """One finding of one run."""

    guardrail: str
    key: str
    status: str
    message: str
    path: str | None
    line: int | None
    fingerprint: str


class Tally(Struct, frozen=True, kw_only=True):
    """How one guardrail fared over some runs."""

    guardrail: str
    runs: int
    failed: int
    errors: int
    skipped: int
    examined: int
    """The most that it ever examined."""


def recent(
    connection: Connection,
    repository: str,
    *,
    branch: str | None = None,
    kind: str | None = None,
    state: str | None = None,
    limit: int | None = None,
    before: int | None = None,
) -> list[Recorded]:
    """The newest runs, newest first."""
    table = tables.run
    asked = select(table).where(table.c.repository == repository).order_by(table.c.id.desc())
    for column, value in ((table.c.branch, branch), (table.c.kind, kind), (table.c.state, state)):
        if value is not None:
            asked = asked.where(column == value)
    if before is not None:
        asked = asked.where(table.c.id < before)
    return _all(connection, asked if limit is None else asked.limit(limit), Recorded)


def run(connection: Connection, number: int) -> Recorded | None:
    """One run."""
    found = _all(connection, select(tables.run).where(tables.run.c.id == number), Recorded)
    return found[0] if found else None


def verdicts(connection: Connection, runs: Sequence[int]) -> list[Judged]:
    """The verdicts of some runs, by run and in the order in which they fell."""
    table = tables.verdict
    return _all(connection, select(table).where(table.c.run.in_(runs)).order_by(table.c.run, table.c.number), Judged)


def looked(connection: Connection, number: int) -> list[Looked]:
    """The evidence of a run."""
    table = tables.evidence
    asked = select(table).where(table.c.run == number).order_by(table.c.guardrail, table.c.number)
    return _all(connection, asked, Looked)


def found(connection: Connection, number: int) -> list[Found]:
    """The findings of a run."""
    table = tables.sighting
    asked = select(table).where(table.c.run == number).order_by(table.c.guardrail, table.c.key, table.c.fingerprint)
    return _all(connection, asked, Found)


def tallies(connection: Connection, runs: Sequence[int]) -> dict[str, Tally]:
    """How each guardrail fared over these runs."""
    table = tables.verdict
    asked = (
        select(
            table.c.guardrail,
            func.count().label("runs"),
            func.sum(_is(table, "fail")).label("failed"),
            func.sum(_is(table, "error")).label("errors"),
            func.sum(_is(table, "skip")).label("skipped"),
            func.max(table.c.examined).label("examined"),
        )
        .where(table.c.run.in_(runs))
        .group_by(table.c.guardrail)
    )
    return {each.guardrail: each for each in _all(connection, asked, Tally)}


def _is(table: Any, outcome: str) -> Any:
    return func.coalesce((table.c.outcome == outcome).cast(Integer), 0)


def plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A row by the names of its columns: SQLAlchemy's are texts of a kind of their own."""
    return {str(name): value for name, value in row.items()}


def _all(connection: Connection, asked: Executable, kind: type[Any]) -> list[Any]:
    return [msgspec.convert(plain(row), kind, strict=False) for row in connection.execute(asked).mappings()]
