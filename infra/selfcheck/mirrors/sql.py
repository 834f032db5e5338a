"""An SQL mirror, read: SQLite and PostgreSQL. Nothing here writes."""

import json
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from selfcheck.mirrors.address import Address, System, Unreachable
from selfcheck.mirrors.sides import NOTHING, Sides
from selfcheck.mirrors.tables import RUNS, STATE, Tables, tables
from selfcheck.subjects.instructions.health import LastRun
from selfcheck.subjects.instructions.layout import Layout
from selfcheck.subjects.instructions.plan import Row
from selfcheck.subjects.instructions.records import as_flag, moment, of_mirror

CONNECTING = 10
"""Seconds to wait for a connection."""


class SqlMirror:
    """A mirror in SQLite or PostgreSQL."""

    def __init__(self, place: Address, layout: Layout) -> None:
        self._place = place
        self._layout = layout

    def read(self) -> Sides:
        """Everything that a plan needs, in one snapshot."""
        if self._place.path is not None and not self._place.path.exists():
            return NOTHING
        with telling(self._place), opened(self._place, reading=True) as connection:
            return self.read_from(connection)

    def read_from(self, connection: sa.Connection) -> Sides:
        """The same over a connection, in whatever transaction it is in."""
        if self._place.system is System.POSTGRESQL and not connection.in_transaction():
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        known = tables(connection, self._layout, self._place)
        return sides(connection, known, self._layout, self._place)


def sides(connection: sa.Connection, known: Tables, layout: Layout, place: Address) -> Sides:
    """What the tables hold."""
    rows = _rows(connection, known, layout, place) if known.rules.name in known.there else {}
    base = _base(connection, known, layout) if STATE in known.there else {}
    last = last_run(connection, known, layout) if RUNS in known.there else None
    return Sides(rows, base, last, made=known.rules.name in known.there)


def last_run(connection: sa.Connection, known: Tables, layout: Layout) -> LastRun | None:
    """The last run of this mirror, with what all of them came to."""
    runs = known.runs
    ours = runs.c.mirror == layout.mirror
    found = connection.execute(
        sa.select(runs.c.id, runs.c.outcome, runs.c.started, runs.c.reason, runs.c.seconds, runs.c.holder)
        .where(ours)
        .order_by(runs.c.started.desc(), runs.c.id.desc())
        .limit(1)
    ).first()
    if found is None:
        return None
    done = runs.c.outcome == "done"
    count, successes, ended, mean = connection.execute(
        sa.select(
            sa.func.count(),
            sa.func.sum(sa.case((done, 1), else_=0)),
            sa.func.max(sa.case((done, runs.c.ended))),
            sa.func.avg(sa.case((done, runs.c.seconds))),
        ).where(ours)
    ).one()
    return LastRun(
        id=found[0],
        outcome=found[1],
        started=found[2],
        reason=found[3],
        seconds=found[4],
        holder=found[5],
        last_success=ended,
        runs=count,
        failures=count - int(successes),
        mean_seconds=None if mean is None else float(mean),
    )


def untyped(names: Iterable[str]) -> list[Any]:
    """Columns that are read as the driver gives them."""
    return [sa.column(name, sa.types.NullType()) for name in names]


@contextmanager
def opened(place: Address, *, reading: bool, wait: float = CONNECTING) -> Generator[sa.Connection]:
    """A connection of our own, closed afterwards. One that only reads makes no file."""
    engine = _engine(place, reading=reading, wait=wait)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def telling(place: Address) -> Generator[None]:
    """Whatever the driver says within is told without secrets."""
    try:
        yield
    except SQLAlchemyError as error:
        raise place.unreachable(error) from None
    except ImportError as error:
        remedy = "pip install 'selfcheck[postgres]'"
        raise Unreachable(f"{place.name}: needs psycopg ({place.cleaned(str(error))})", remedy) from None


def _engine(place: Address, *, reading: bool, wait: float) -> sa.Engine:
    if place.system is System.SQLITE:
        url = place.url
        if reading and place.path is not None:  # not `ro`: what a killed writer left half done is taken back on opening
            url = f"sqlite:///file:{quote(str(place.path))}?mode=rw&uri=true"
        options: dict[str, Any] = {"timeout": wait}
    else:
        url = place.url
        options = {"connect_timeout": CONNECTING, "application_name": "selfcheck sync"}
    try:
        return sa.create_engine(url, connect_args=options, poolclass=sa.NullPool, hide_parameters=True)
    except (ArgumentError, ValueError) as error:
        raise Unreachable(f"{place.name}: what the variable holds is no URL ({type(error).__name__})") from None


def _rows(connection: sa.Connection, known: Tables, layout: Layout, place: Address) -> dict[str, Row]:
    """Read without the types of the columns, so that one odd value is a difference and not an end."""
    stamped = layout.stamp is not None
    names = [layout.id_column, layout.active_column, *([layout.stamp_column] if stamped else []), *layout.columns]
    asked = sa.select(*untyped(names)).select_from(known.rules)
    if layout.project is not None:
        asked = asked.where(known.rules.c[layout.project_column] == layout.project)
    kinds = [(each.name, each.type, known.native(each.name)) for each in layout.fields]
    found: dict[str, Row] = {}
    for given in connection.execute(asked):
        row: tuple[Any, ...] = tuple(given)
        name = str(row[0])
        if name in found:
            raise Unreachable(f"{place.name}: {layout.table} has two rows of {name}; make {layout.id_column} unique")
        stamp = row[2] if stamped else None
        values = row[2 + stamped :]
        fields = {
            column: of_mirror(value, kind, native=native)
            for (column, kind, native), value in zip(kinds, values, strict=True)
        }
        found[name] = Row(fields, as_flag(row[1]), None if stamp is None else moment(str(stamp)))
    return found


def _base(connection: sa.Connection, known: Tables, layout: Layout) -> dict[str, dict[str, str]]:
    asked = sa.select(known.state.c.rule, known.state.c.fields).where(known.state.c.mirror == layout.mirror)
    return {rule: json.loads(fields) for rule, fields in connection.execute(asked)}
