"""New migrations that break a rule: what a canary of `migrations-safe` adds."""

from collections.abc import Iterator

from selfcheck.check import Canary, Unprovable, Write
from selfcheck.checks.migrations.canaries import MIGRATION, revision
from selfcheck.checks.migrations.rules import Rule
from selfcheck.subjects.migrations import Migrations
from selfcheck.subjects.migrations.dialects import Dialect

ALL: frozenset[Dialect | None] = frozenset((None, *Dialect))
ONE: frozenset[Dialect | None] = frozenset((Dialect.POSTGRESQL,))
SERVERS: frozenset[Dialect | None] = ALL - {Dialect.SQLITE}
BROKEN: dict[Rule, tuple[str, str, frozenset[Dialect | None]]] = {
    Rule.DROP_TABLE: ('op.drop_table("canary")', "DROP TABLE canary;", ALL),
    Rule.DROP_COLUMN: ('op.drop_column("canary", "c")', "ALTER TABLE canary DROP COLUMN c;", ALL),
    Rule.RENAME_TABLE: ('op.rename_table("canary", "c")', "ALTER TABLE canary RENAME TO c;", ALL),
    Rule.RENAME_COLUMN: (
        'op.alter_column("canary", "c", new_column_name="d")',
        "ALTER TABLE canary RENAME COLUMN c TO d;",
        ALL,
    ),
    Rule.TRUNCATE: ('op.execute("TRUNCATE TABLE canary")', "TRUNCATE TABLE canary;", ALL),
    Rule.CHANGE_TYPE: (
        'op.alter_column("canary", "c", type_=sa.Integer())',
        "ALTER TABLE canary ALTER COLUMN c TYPE integer;",
        SERVERS,
    ),
    Rule.NOT_NULL: (
        'op.alter_column("canary", "c", nullable=False)',
        "ALTER TABLE canary ALTER COLUMN c SET NOT NULL;",
        SERVERS,
    ),
    Rule.ADD_NOT_NULL: (
        'op.add_column("canary", sa.Column("c", sa.Integer(), nullable=False))',
        "ALTER TABLE canary ADD COLUMN c integer NOT NULL;",
        ALL,
    ),
    Rule.INDEX_LOCKS: ('op.create_index("c", "canary", ["c"])', "CREATE INDEX c ON canary (c);", ONE),
    Rule.SQL_UNREVIEWED: ("op.execute(canary())", "DO $$ BEGIN PERFORM 1; END $$;", ALL),
}
"""What breaks a rule in a revision and in SQL, and in which dialects."""


def planted(found: Migrations, rule: Rule, upgrade: str, sql: str) -> Iterator[Canary]:
    """A new migration of the first sort that there is."""
    for environment in found.environments:
        if environment.graph.heads:
            edit = revision(environment, environment.graph.heads[0], f"    {upgrade}")
            yield Canary(f"add a revision that breaks {rule} to {environment.name}", (edit,))
            return
    for chain in found.apps:
        if chain.leaves:
            operation = f"migrations.RunSQL({sql!r}, {sql!r})"
            text = MIGRATION.format(label=chain.label, name=chain.leaves[0], operations=operation)
            edit = Write(f"{chain.folder}/9999_canary.py", text.encode())
            yield Canary(f"add a migration that breaks {rule} to {chain.label}", (edit,))
            return
    for ledger in found.ledgers:
        last = ledger.ups[-1] if ledger.ups else None
        if last is not None:
            below = last.path[len(ledger.folder) + 1 :].replace(last.written, f"{last.written}999", 1)
            edit = Write(f"{ledger.folder}/{below}", f"{sql}\n".encode())
            yield Canary(f"add a file that breaks {rule} to {ledger.folder}", (edit,))
            return
    raise Unprovable("there is no folder that a migration could be added to")
