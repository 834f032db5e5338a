"""The tables of an SQL mirror: the rules themselves, and beside them what the sync remembers of them."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.dialects import postgresql

from selfcheck.mirrors.address import Address, Unreachable
from selfcheck.subjects.instructions.layout import Field, FieldType, Layout

STATE, RUNS, AUDIT = "sync_state", "sync_runs", "sync_audit"

TYPES: dict[FieldType, Any] = {
    FieldType.TEXT: sa.Text(),
    FieldType.INTEGER: sa.BigInteger(),
    FieldType.NUMBER: sa.Double(),
    FieldType.BOOLEAN: sa.Boolean(),
    FieldType.TIMESTAMP: sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql"),
    FieldType.JSON: sa.Text().with_variant(postgresql.JSONB(), "postgresql"),
}


class Tables(Struct, frozen=True):
    """The rules' table, that of somebody else where it was there, and ours."""

    rules: sa.Table
    state: sa.Table
    runs: sa.Table
    audit: sa.Table
    there: frozenset[str]
    """The names of those that are there already."""

    @property
    def missing(self) -> tuple[sa.Table, ...]:
        """Those that have to be made."""
        return tuple(each for each in (self.rules, self.state, self.runs, self.audit) if each.name not in self.there)

    def native(self, column: str) -> bool:
        """Whether the database itself knows that the column holds JSON."""
        return isinstance(self.rules.c[column].type, sa.JSON)

    def bound(self, column: str, kind: FieldType | None, value: Any) -> Any:
        """A value as the column takes it."""
        wanted = self.rules.c[column].type
        if kind is FieldType.JSON and not isinstance(wanted, sa.JSON):
            return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)
        if isinstance(wanted, sa.DateTime) and isinstance(value, str):
            return datetime.fromisoformat(value)
        return value


def tables(connection: sa.Connection, layout: Layout, place: Address) -> Tables:
    """The tables as they are, or as they will be made.

    Raises:
        Unreachable: the rules' table is there and lacks a column.
    """
    schema, _, name = layout.table.rpartition(".")
    inspector = sa.inspect(connection)
    there = frozenset(inspector.get_table_names(schema=schema or None))
    known = sa.MetaData(schema=schema or None)
    if name in there:
        rules = sa.Table(name, known, autoload_with=connection, resolve_fks=False)
        missing = [each for each in (*layout.own_columns, *layout.columns) if each not in rules.c]
        if missing:
            raise Unreachable(f"{place.name}: the table {layout.table} has no column {', '.join(missing)}")
    else:
        rules = _rules(name, known, layout)
    return Tables(rules, *_ours(known), there)


def _rules(name: str, known: sa.MetaData, layout: Layout) -> sa.Table:
    keys: list[Any] = []
    if layout.project is not None:
        keys.append(sa.Column(layout.project_column, sa.Text(), primary_key=True))
    keys.append(sa.Column(layout.id_column, sa.Text(), primary_key=True))
    own = [sa.Column(layout.active_column, sa.Boolean(), nullable=False), sa.Column(layout.note_column, sa.Text())]
    if layout.stamp is not None:
        own.append(sa.Column(layout.stamp_column, TYPES[FieldType.TIMESTAMP]))
    columns = [sa.Column(each.name, TYPES[each.type]) for each in layout.fields]
    return sa.Table(name, known, *keys, *columns, *own, *_indexes(name, layout.fields))


def _indexes(name: str, fields: Sequence[Field]) -> list[Any]:
    """An index for the search in texts, which PostgreSQL has and SQLite would need a table of its own for."""
    found: list[Any] = []
    for field in fields:
        if field.search and field.type is FieldType.TEXT:
            words = sa.func.to_tsvector(
                sa.literal_column("'simple'"),
                sa.func.coalesce(sa.column(field.name, sa.Text()), sa.literal_column("''")),
            )
            index = sa.Index(f"{name}_{field.name}_search"[:63], words, postgresql_using="gin")
            found.append(index.ddl_if(dialect="postgresql"))
    return found


def _ours(known: sa.MetaData) -> tuple[sa.Table, sa.Table, sa.Table]:
    state = sa.Table(
        STATE,
        known,
        sa.Column("mirror", sa.Text(), primary_key=True),
        sa.Column("rule", sa.Text(), primary_key=True),
        sa.Column("fields", sa.Text(), nullable=False),
    )
    runs = sa.Table(
        RUNS,
        known,
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("mirror", sa.Text(), nullable=False, index=True),
        sa.Column("started", sa.Text(), nullable=False),
        sa.Column("ended", sa.Text()),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("holder", sa.Text()),
        sa.Column("file", sa.Text()),
        sa.Column("strategy", sa.Text()),
        sa.Column("counts", sa.Text()),
        sa.Column("backup", sa.Text()),
        sa.Column("seconds", TYPES[FieldType.NUMBER]),
    )
    audit = sa.Table(
        AUDIT,
        known,
        sa.Column("run", sa.Text(), primary_key=True),
        sa.Column("rule", sa.Text(), primary_key=True),
        sa.Column("mirror", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("before", sa.Text()),
    )
    return state, runs, audit
