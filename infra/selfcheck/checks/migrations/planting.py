"""New migrations that break a rule: what a canary of `migrations-safe` adds."""

from collections.abc import Callable, Iterator, Sequence
from itertools import count, islice

from msgspec import Struct

from selfcheck.check import Canary, Unprovable, Write
from selfcheck.checks.migrations.canaries import MIGRATION, ending, revision
from selfcheck.checks.migrations.rules import Rule
from selfcheck.subjects.migrations import Migrations
from selfcheck.subjects.migrations.dialects import Dialect

ALL: frozenset[Dialect | None] = frozenset((None, *Dialect))
ONE: frozenset[Dialect | None] = frozenset((Dialect.POSTGRESQL,))
SERVERS: frozenset[Dialect | None] = ALL - {Dialect.SQLITE}
MODULE = "selfcheck_canary"
DO = "DO $$ BEGIN PERFORM 1; END $$"


class Planted(Struct, frozen=True, kw_only=True):
    """What breaks a rule in a revision and in SQL, in which dialects, and what the finding is about.

    `sql` is empty where a rule is about revisions alone; then `operation` may be one of Django's. `head` imports a module
    of the repository. `sql_about` is said where SQL is told apart.
    """

    upgrade: str
    sql: str = ""
    about: str = ""
    sql_about: str | None = None
    dialects: frozenset[Dialect | None] = ALL
    head: str = ""
    operation: str = ""


def _call(upgrade: str, sql: str, about: str, dialects: frozenset[Dialect | None] = ALL) -> Planted:
    about = f"canary{about and '.'}{about}"
    return Planted(upgrade=f"op.{upgrade}", sql=sql.format("ALTER TABLE canary"), about=about, dialects=dialects)


BROKEN: dict[Rule, Planted] = {
    Rule.DROP_TABLE: _call('drop_table("canary")', "DROP TABLE canary;", ""),
    Rule.DROP_COLUMN: _call('drop_column("canary", "c")', "{} DROP COLUMN c;", "c"),
    Rule.RENAME_TABLE: _call('rename_table("canary", "c")', "{} RENAME TO c;", "c"),
    Rule.RENAME_COLUMN: _call('alter_column("canary", "c", new_column_name="d")', "{} RENAME COLUMN c TO d;", "c"),
    Rule.TRUNCATE: _call('execute("TRUNCATE TABLE canary")', "TRUNCATE TABLE canary;", ""),
    Rule.CHANGE_TYPE: _call(
        'alter_column("canary", "c", type_=sa.Integer())', "{} ALTER COLUMN c TYPE integer;", "c", SERVERS
    ),
    Rule.NOT_NULL: _call(
        'alter_column("canary", "c", nullable=False)', "{} ALTER COLUMN c SET NOT NULL;", "c", SERVERS
    ),
    Rule.ADD_NOT_NULL: _call(
        'add_column("canary", sa.Column("c", sa.Integer(), nullable=False))', "{} ADD COLUMN c integer NOT NULL;", "c"
    ),
    Rule.VOLATILE_DEFAULT: _call(
        'add_column("canary", sa.Column("c", sa.Uuid(), server_default=sa.text("gen_random_uuid()")))',
        "{} ADD COLUMN c uuid DEFAULT gen_random_uuid();",
        "c",
        ONE,
    ),
    Rule.GENERATED_COLUMN: _call(
        'add_column("canary", sa.Column("c", sa.Integer(), sa.Computed("d + 1")))',
        "{} ADD COLUMN c integer GENERATED ALWAYS AS (d + 1) STORED;",
        "c",
        ONE,
    ),
    Rule.INDEX_LOCKS: _call('create_index("c", "canary", ["c"])', "CREATE INDEX c ON canary (c);", "c", ONE),
    # Alone in a file it would be run outside of a transaction.
    Rule.INDEX_IN_TRANSACTION: _call(
        'create_index("c", "canary", ["c"], postgresql_concurrently=True)',
        "CREATE INDEX CONCURRENTLY c ON canary (c);\nCREATE INDEX CONCURRENTLY d ON canary (d);",
        "c",
        ONE,
    ),
    Rule.FOREIGN_KEY_VALIDATES: _call(
        'create_foreign_key("c", "canary", "other", ["d"], ["id"])',
        "{} ADD CONSTRAINT c FOREIGN KEY (d) REFERENCES other (id);",
        "c",
        ONE,
    ),
    Rule.CHECK_VALIDATES: _call(
        'create_check_constraint("c", "canary", "d > 0")', "{} ADD CONSTRAINT c CHECK (d > 0);", "c", ONE
    ),
    Rule.UNIQUE_LOCKS: _call(
        'create_unique_constraint("c", "canary", ["d"])', "{} ADD CONSTRAINT c UNIQUE (d);", "c", ONE
    ),
    Rule.SQL_UNREVIEWED: Planted(upgrade="op.execute(canary())", sql=f"{DO};", sql_about=DO),
    Rule.APPLICATION_IMPORT: Planted(upgrade="pass", head=f"import {MODULE}\n", about=MODULE),
    Rule.NO_WAY_BACK: Planted(
        upgrade='op.drop_table("canary")', operation='migrations.RunSQL("DROP TABLE canary;")', sql_about="canary"
    ),
    Rule.DATA_AND_SCHEMA: _call(
        'execute("UPDATE canary SET c = 1; ALTER TABLE canary ADD COLUMN d integer")',
        "UPDATE canary SET c = 1;\n{} ADD COLUMN d integer;",
        "",
    ),
}
"""What breaks each rule."""


class Planting:
    """New migrations beside those that are there, each with a name of its own."""

    def __init__(self, found: Migrations, is_selected: Callable[[str], bool]) -> None:
        self._found = found
        self._is_selected = is_selected

    def canary(self, rule: Rule, number: int) -> Canary | None:
        """A migration that breaks a rule, of the first sort that can; None where none can."""
        several = (*self._revisions(rule, number), *self._apps(rule, number), *self._files(rule, number))
        return next((each for each in several if self._is_selected(each.edits[0].path)), None)

    def _revisions(self, rule: Rule, number: int) -> Iterator[Canary]:
        planted = BROKEN[rule]
        for each in self._found.environments:
            if each.graph.heads:
                edit, name = revision(each, each.graph.heads[0], f"    {planted.upgrade}", planted.head, number)
                module = (Write(f"{MODULE}.py", b""),) if planted.head else ()
                yield _canary(
                    f"add a revision that breaks {rule} to {each.name}", (edit, *module), name, rule, planted.about
                )

    def _apps(self, rule: Rule, number: int) -> Iterator[Canary]:
        planted, about = BROKEN[rule], _sql_about(rule)
        operation = planted.operation or (planted.sql and f"migrations.RunSQL({planted.sql!r}, {planted.sql!r})")
        for chain in self._found.apps:
            if chain.leaves and operation:
                name = f"{9000 + number}_canary"
                text = MIGRATION.format(label=chain.label, name=chain.leaves[0], operations=operation)
                edit = Write(f"{chain.folder}/{name}.py", text.encode())
                title = f"add a migration that breaks {rule} to {chain.label}"
                yield _canary(title, (edit,), f"{chain.label}.{name}", rule, about)

    def _files(self, rule: Rule, number: int) -> Iterator[Canary]:
        sql = BROKEN[rule].sql
        for ledger in self._found.ledgers:
            if ledger.ups and sql:
                path = ending(ledger, f"{ledger.ups[-1].written}{900 + number}")
                edit = Write(path, f"{sql}\n".encode())
                yield _canary(
                    f"add a file that breaks {rule} to {ledger.folder}", (edit,), path, rule, _sql_about(rule)
                )


def _sql_about(rule: Rule) -> str:
    planted = BROKEN[rule]
    return planted.about if planted.sql_about is None else planted.sql_about


def _canary(title: str, edits: tuple[Write, ...], name: str, rule: Rule, about: str) -> Canary:
    return Canary(title, edits, f"{name}: {rule}{about and ' '}{about}")


def planted(
    several: Sequence[Migrations], rules: Sequence[Rule], dialect: Dialect | None, is_selected: Callable[[str], bool]
) -> Iterator[Canary]:
    """For each rule one migration, among the first of those found that can have it; one among each of the others."""
    told = [rule for rule in dict.fromkeys(rules) if dialect in BROKEN[rule].dialects]
    if not told:
        raise Unprovable("no edit that fits every repository breaks the rules that are judged")
    plantings = [Planting(found, is_selected) for found in several]
    numbers = count()
    planted_in: set[int] = set()
    for rule in told:
        tried = ((place, each.canary(rule, next(numbers))) for place, each in enumerate(plantings))
        first = next(((place, canary) for place, canary in tried if canary is not None), None)
        if first is not None:
            planted_in.add(first[0])
            yield first[1]
    if not planted_in:
        raise Unprovable("there is no folder that a migration could be added to")
    for place, each in enumerate(plantings):
        every = (each.canary(rule, next(numbers)) for rule in told if place not in planted_in)
        yield from islice((canary for canary in every if canary is not None), 1)
