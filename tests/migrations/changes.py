"""Sixty changes of a schema, each of a table of its own, so that one comparison tells of all which of them it sees.

`python -m tests.migrations.changes` writes the table of what sees which into the page.
"""

import os
import re
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.dialects import postgresql as pg

from selfcheck.rehearsal.databases import binaries, packaged, postgresql, sqlite
from selfcheck.rehearsal.inside.differences import flat
from selfcheck.rehearsal.inside.dump import dump
from selfcheck.rehearsal.schemas import gaps

PAGE = Path(__file__).parents[2] / "docs/migrations.md"
HEAD = "| the model changes | project, SQLite | strict, SQLite | project, PostgreSQL | strict, PostgreSQL |\n"
LINE = "| --- | --- | --- | --- | --- |\n"
Parts = Callable[[str], Sequence[Any]]
"""What a table has beside its keys; names are made of its number."""


class Change(NamedTuple):
    """What the table has for the migrations and for the models; None where there is none."""

    title: str
    before: Parts | None
    after: Parts | None
    only_postgresql: bool = False


def column(kind: Any, **options: Any) -> Parts:
    """One more column of this sort."""
    return lambda number: [
        sa.Column("c", kind(number) if callable(kind) and not isinstance(kind, type) else kind, **options)
    ]


def index(*of: str, name: str = "i{}", **options: Any) -> Parts:
    """An index of these expressions."""

    def made(number: str) -> Sequence[Any]:
        where: dict[str, Any] = {
            key: sa.text(value) if key.endswith("_where") else value for key, value in options.items()
        }
        return [sa.Index(name.format(number), *(sa.text(each) if "(" in each else each for each in of), **where)]

    return made


def unique(*of: str, name: str | None = "u{}") -> Parts:
    """A unique constraint."""
    return lambda number: [sa.UniqueConstraint(*of, name=name and name.format(number))]


def key(of: str = "a", to: str = "target.id", **options: Any) -> Parts:
    """A foreign key."""
    return lambda number: [sa.ForeignKeyConstraint([of], [to], name=f"f{number}", **options)]


def check(sql: str, name: str | None = "k{}") -> Parts:
    """A check."""
    return lambda number: [sa.CheckConstraint(sql, name=name and name.format(number))]


def enum(*values: str, native: bool) -> Parts:
    """A column of these values."""
    return lambda number: [
        sa.Column("c", sa.Enum(*values, name=f"e{number}", native_enum=native, create_constraint=not native))
    ]


def plain(number: str) -> Sequence[Any]:
    """Nothing more."""
    return []


def both(*several: Parts) -> Parts:
    """One after the other."""
    return lambda number: [part for each in several for part in each(number)]


WHERE = dict.fromkeys(("postgresql_where", "sqlite_where"), "a > 0")
ELSEWHERE = dict.fromkeys(WHERE, "a > 1")
B = column(sa.Integer)
CHANGES = (
    Change("a table is added", None, plain),
    Change("a table is dropped", plain, None),
    Change("a table is renamed", plain, lambda number: [{"name": f"t{number}b"}]),
    Change("a column is added", plain, column(sa.Integer)),
    Change("a column is dropped", column(sa.Integer), plain),
    Change("a column is renamed", column(sa.Integer), lambda number: [sa.Column("d", sa.Integer)]),
    Change("a column becomes NOT NULL", column(sa.Integer), column(sa.Integer, nullable=False)),
    Change("a column becomes nullable", column(sa.Integer, nullable=False), column(sa.Integer)),
    Change("Integer becomes BigInteger", column(sa.Integer), column(sa.BigInteger)),
    Change("Integer becomes String", column(sa.Integer), column(sa.String(9))),
    Change("String(50) becomes String(80)", column(sa.String(50)), column(sa.String(80))),
    Change("String(50) becomes String", column(sa.String(50)), column(sa.String)),
    Change("String becomes Text", column(sa.String), column(sa.Text)),
    Change("Numeric(8, 2) becomes Numeric(10, 2)", column(sa.Numeric(8, 2)), column(sa.Numeric(10, 2))),
    Change("DateTime becomes DateTime(timezone=True)", column(sa.DateTime), column(sa.DateTime(timezone=True))),
    Change("Boolean becomes Integer", column(sa.Boolean), column(sa.Integer)),
    Change("JSON becomes JSONB", column(sa.JSON), column(pg.JSONB), only_postgresql=True),
    Change("Integer becomes an array", column(sa.Integer), column(pg.ARRAY(sa.Integer)), only_postgresql=True),
    Change("Uuid becomes String(36)", column(sa.Uuid), column(sa.String(36))),
    Change("a native Enum has another value", enum("x", "y", native=True), enum("x", "y", "z", native=True)),
    Change("a native Enum becomes String", enum("x", "y", native=True), column(sa.String(9))),
    Change("a checked Enum has another value", enum("x", "y", native=False), enum("x", "y", "z", native=False)),
    Change("a checked Enum has a longer value", enum("x", native=False), enum("x", "xyz", native=False)),
    Change("a server default is added", column(sa.Integer), column(sa.Integer, server_default="1")),
    Change("a server default changes", column(sa.Integer, server_default="1"), column(sa.Integer, server_default="2")),
    Change("a server default is dropped", column(sa.Integer, server_default="1"), column(sa.Integer)),
    Change("a default of Python is added", column(sa.Integer), column(sa.Integer, default=1)),
    Change("an index is added", plain, index("a")),
    Change("an index is dropped", index("a"), plain),
    Change("an index has other columns", both(B, index("a")), both(B, index("a", "c"))),
    Change("an index becomes unique", index("a"), index("a", unique=True)),
    Change("an index has another expression", index("abs(a)"), index("sign(a)")),
    Change("an index becomes partial", index("a"), index("a", **WHERE)),
    Change("a partial index has another condition", index("a", **WHERE), index("a", **ELSEWHERE)),
    Change("an index has another method", index("a"), index("a", postgresql_using="hash"), only_postgresql=True),
    Change("an index is renamed", index("a"), index("a", name="j{}")),
    Change("a unique constraint is added", plain, unique("a")),
    Change("a unique constraint is dropped", unique("a"), plain),
    Change("a unique constraint has other columns", both(B, unique("a")), both(B, unique("a", "c"))),
    Change("an unnamed unique constraint is dropped", unique("a", name=None), plain),
    Change("a foreign key is added", plain, key()),
    Change("a foreign key is dropped", key(), plain),
    Change("a foreign key has another ON DELETE", key(), key(ondelete="CASCADE")),
    Change("a foreign key leads elsewhere", key(), key(to="other.id")),
    Change("a foreign key becomes deferrable", key(), key(deferrable=True, initially="DEFERRED")),
    Change("a check is added", plain, check("a > 0")),
    Change("a check is dropped", check("a > 0"), plain),
    Change("a check has another condition", check("a > 0"), check("a > 1")),
    Change("an unnamed check is added", plain, check("a > 0", name=None)),
    Change("the primary key has another column", B, column(sa.Integer, primary_key=True)),
    Change("the primary key is dropped", plain, lambda number: [{"keyless": True}]),
    Change(
        "columns change places", both(B, column_d := lambda number: [sa.Column("d", sa.Integer)]), both(column_d, B)
    ),
    Change("autoincrement is switched off", plain, lambda number: [{"autoincrement": False}]),
    Change(
        "an identity is added",
        column(sa.Integer, nullable=False),
        lambda number: [sa.Column("c", sa.Integer, sa.Identity())],
    ),
    Change(
        "a computed column replaces a plain one",
        B,
        lambda number: [sa.Column("c", sa.Integer, sa.Computed("a + 1", persisted=True))],
    ),
    Change(
        "a collation is added",
        column(sa.String(9)),
        column(lambda number: sa.String(9, collation="C")),
        only_postgresql=True,
    ),
    Change("a comment of a column is added", B, column(sa.Integer, comment="x")),
    Change("a comment of a table is added", plain, lambda number: [{"comment": "x"}]),
    Change("a sequence is added", B, lambda number: [sa.Column("c", sa.Integer, sa.Sequence(f"s{number}"))]),
    Change(
        "an EXCLUDE constraint is added",
        plain,
        lambda number: [pg.ExcludeConstraint((sa.text("int4range(a, a + 1)"), "&&"), name=f"x{number}", using="gist")],
        only_postgresql=True,
    ),
)


def metadata(dialect: str, side: str) -> sa.MetaData:
    """All tables of one side."""
    made = sa.MetaData()
    for name in ("target", "other"):
        sa.Table(name, made, sa.Column("id", sa.Integer, primary_key=True))
    for number, change in enumerate(CHANGES, start=1):
        parts: Parts | None = getattr(change, side)
        if parts is None or (change.only_postgresql and dialect != "postgresql"):
            continue
        said = parts(f"{number:02}")
        options = {name: value for each in said if isinstance(each, dict) for name, value in each.items()}
        own = [each for each in said if not isinstance(each, dict)]
        keyed = not options.pop("keyless", False)
        first = sa.Column(
            "id",
            sa.Integer,
            primary_key=keyed,
            autoincrement=options.pop("autoincrement", "auto") if keyed else False,
            nullable=False,
        )
        sa.Table(options.pop("name", f"t{number:02}"), made, first, sa.Column("a", sa.Integer), *own, **options)
    return made


class Seen(NamedTuple):
    """The numbers of the changes that a mode sees."""

    project: frozenset[int]
    strict: frozenset[int]


def seen(dialect: str, one: str, two: str) -> Seen:
    """What each mode sees, of two empty databases."""
    before, after = metadata(dialect, "before"), metadata(dialect, "after")
    engines = [
        sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"), poolclass=sa.NullPool) for url in (one, two)
    ]
    rows: list[Any] = []
    told: set[str] = set()
    for engine, made in zip(engines, (before, after), strict=True):
        with warnings.catch_warnings(), engine.begin() as connection:
            made.create_all(connection)
            rows.append([tuple(each) for each in dump(connection, "alembic_version")[0]])
            if made is before:
                context = MigrationContext.configure(connection)
                warnings.simplefilter("ignore")  # of indexes that SQLAlchemy cannot read back
                told = {str(each["table"]) for each in flat(compare_metadata(context, after))}
    return Seen(_numbers(told), _numbers(gap.table for gap in gaps(*rows)))


def _numbers(names: Any) -> frozenset[int]:
    return frozenset(int(found[1]) for name in names if (found := re.search(r"(\d\d)", name)))


def measured(folder: Path) -> Iterator[Seen]:
    """What is seen on SQLite, then on PostgreSQL."""
    one, two = sqlite(folder, 2).databases
    yield seen("sqlite", one.url, two.url)
    programs = packaged() or binaries(os.environ)
    assert programs is not None
    with postgresql(programs, 2) as served:
        one, two = served.databases
        yield seen("postgresql", one.url, two.url)


def written(lite: Seen, post: Seen) -> str:
    """The table of the page, with the sums last."""
    lines = []
    for number, change in enumerate(CHANGES, start=1):
        cells = ["n/a" if change.only_postgresql else _said(number in each) for each in (lite.project, lite.strict)]
        cells += [_said(number in each) for each in (post.project, post.strict)]
        lines.append(f"| {change.title} | {' | '.join(cells)} |\n")
    there = sum(not each.only_postgresql for each in CHANGES)
    sums = [f"{len(each)} of {there}" for each in lite] + [f"{len(each)} of {len(CHANGES)}" for each in post]
    return f"{HEAD}{LINE}{''.join(lines)}| **all** | {' | '.join(sums)} |\n"


def _said(is_seen: bool) -> str:
    return "yes" if is_seen else "**no**"


def shown(page: str) -> str:
    """The table that stands in the page."""
    start = page.index(HEAD)
    return page[start : page.index("\n\n", start) + 1]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        table = written(*measured(Path(place)))
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(text.replace(shown(text), table), encoding="utf-8")
