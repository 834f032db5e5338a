"""What a live database says of the migrations that ran on it: the tables in which alembic, Django and others keep count."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from selfcheck.mirrors.address import Address, System, Unreachable
from selfcheck.mirrors.sql import opened, telling, untyped

LEDGERS = (
    *("flyway_schema_history", "_sqlx_migrations", "_prisma_migrations", "goose_db_version", "schema_migrations"),
    *("schema_version", "schema_history", "migrations", "__diesel_schema_migrations", "db_version"),
)
"""Tables in which programs that run SQL files keep count."""
VERSIONS = ("version", "version_id", "migration_name", "migration", "migration_id", "number", "name", "id")
DIGESTS = {40: "sha1", 64: "sha256", 96: "sha384"}
"""What a checksum is, by how many digits it has."""
SINGLE = {"version", "dirty"}
"""The columns of golang-migrate, whose one row says where it is."""


class Applied(Struct, frozen=True, kw_only=True):
    """A version that is registered; `checksum` is `(algorithm, digits)`."""

    version: str
    failed: bool = False
    checksum: tuple[str, str] | None = None


class Register(Struct, frozen=True, kw_only=True):
    """The table of one program; `single` says that its row stands for all before it."""

    table: str
    rows: tuple[Applied, ...]
    single: bool = False


class Live:
    """A live database, read in one transaction that writes nothing."""

    def __init__(self, connection: sa.Connection, place: Address) -> None:
        self._connection = connection
        self._place = place

    def heads(self, table: str) -> tuple[str, ...] | None:
        """The revisions at which alembic stamped the database; None where it has no such table."""
        found = self._table(table)
        return None if found is None else tuple(sorted(str(row[0]) for row in self._rows(found, ("version_num",))))

    def apps(self) -> Mapping[str, frozenset[str]] | None:
        """The migrations of Django that were applied, by app; None where there is no such table."""
        found = self._table("django_migrations")
        if found is None:
            return None
        several: dict[str, set[str]] = {}
        for app, name in self._rows(found, ("app", "name")):
            several.setdefault(str(app), set()).add(str(name))
        return {app: frozenset(names) for app, names in several.items()}

    def register(self, table: str | None) -> Register | None:
        """The versions that are registered in a table, or in the first that has a name in use; None where there is none.

        Raises:
            Unreachable: no column of it is known to hold versions.

        """
        there = set(sa.inspect(self._connection).get_table_names())
        name = table or next((each for each in LEDGERS if each in there), None)
        found = None if name is None else self._table(name)
        if found is None or name is None:
            return None
        column = next((each for each in VERSIONS if each in found.c), None)
        if column is None:
            raise Unreachable(f"{self._place.name}: no column of {name} is called as one of versions")
        wanted = [
            column,
            *(each for each in ("checksum", "dirty", "success", "is_applied", "finished_at") if each in found.c),
        ]
        rows = [dict(zip(wanted, row, strict=True)) for row in self._rows(found, wanted)]
        registered = (_applied(column, row) for row in rows if row[column] is not None)
        return Register(table=name, rows=tuple(registered), single={each.name for each in found.c} == SINGLE)

    def _table(self, name: str) -> sa.Table | None:
        """A table that is there, as it is: no name reaches the database but as one of its own, quoted."""
        schema, _, own = name.rpartition(".")
        if own not in sa.inspect(self._connection).get_table_names(schema=schema or None):
            return None
        return sa.Table(own, sa.MetaData(), schema=schema or None, autoload_with=self._connection, resolve_fks=False)

    def _rows(self, table: sa.Table, names: Sequence[str]) -> list[Sequence[Any]]:
        missing = [each for each in names if each not in table.c]
        if missing:
            raise Unreachable(f"{self._place.name}: the table {table.name} has no column {', '.join(missing)}")
        columns = untyped(names)
        return [
            tuple(row) for row in self._connection.execute(sa.select(*columns).select_from(table).order_by(*columns))
        ]


@contextmanager
def live(place: Address) -> Generator[Live]:
    """A database to be read.

    Raises:
        Unreachable: it does not answer, or is none of SQL.

    """
    if place.system is System.MONGODB:
        raise Unreachable(
            f"{place.name}: no migrations of MongoDB are known", "name a database of SQLite or PostgreSQL"
        )
    if place.path is not None and not place.path.exists():
        raise Unreachable(f"{place.name}: there is no such file")
    with telling(place), opened(place, reading=True) as connection:
        if place.system is System.POSTGRESQL:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield Live(connection, place)


def _applied(column: str, row: Mapping[str, Any]) -> Applied:
    failed = _is(row.get("dirty")) or any(name in row and not _is(row[name]) for name in ("success", "is_applied"))
    unfinished = "finished_at" in row and row["finished_at"] is None
    return Applied(version=str(row[column]), failed=failed or unfinished, checksum=_checksum(row.get("checksum")))


def _is(value: Any) -> bool:
    return str(value).lower() in ("1", "true", "t") if value is not None else False


def _checksum(value: Any) -> tuple[str, str] | None:
    if isinstance(value, int):
        return "crc32", str(value)
    digits = value.hex() if isinstance(value, bytes) else str(value or "").lower()
    return (DIGESTS[len(digits)], digits) if len(digits) in DIGESTS else None
