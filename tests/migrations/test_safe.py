"""`migrations-safe`: what is dangerous about a new migration, and what only looks so."""

import pytest

from selfcheck.checks.migrations.rules import Rule
from selfcheck.checks.migrations.safe import MigrationsSafe
from selfcheck.model import Evidence, Finding, Location, Outcome
from selfcheck.prove import Proven
from selfcheck.subjects.migrations.dialects import Dialect
from selfcheck.testing import assert_breaks, assert_keeps, judged, memory, proven
from tests.migrations.writing import LINE, SHOP, app, history, ledger, revision

PG = MigrationsSafe(dialect=Dialect.POSTGRESQL)
SQLITE = MigrationsSafe(dialect=Dialect.SQLITE)
BLOCK = "with op.get_context().autocommit_block():\n        "
BATCH = "with op.batch_alter_table('t') as b:\n        "


def rules(check: MigrationsSafe, upgrade: str, **how: str) -> list[str]:
    """The rules that a new revision breaks, sorted."""
    files = {**LINE, "db/versions/d.py": revision("d", "c", upgrade, **how)}
    verdict = judged(check, memory(files, base=LINE))
    assert verdict.outcome in (Outcome.PASS, Outcome.FAIL), verdict.reason
    return sorted(ruling.seen.data["rule"] for ruling in verdict.findings)


def sql(check: MigrationsSafe, text: str) -> list[str]:
    """The rules that a new SQL file breaks, sorted."""
    base = ledger(_001_a="")
    verdict = judged(check, memory({**base, **ledger(_002_b=text)}, base=base))
    assert verdict.outcome in (Outcome.PASS, Outcome.FAIL), verdict.reason
    return sorted(ruling.seen.data["rule"] for ruling in verdict.findings)


def django(check: MigrationsSafe, operation: str) -> list[str]:
    """The rules that a new migration of Django breaks, sorted."""
    files = {**SHOP, "shop/migrations/0003_new.py": app([("shop", "0002_price")], operation)}
    verdict = judged(check, memory(files, base=SHOP))
    assert verdict.outcome in (Outcome.PASS, Outcome.FAIL), verdict.reason
    return sorted(ruling.seen.data["rule"] for ruling in verdict.findings)


def test_a_change_without_a_migration_keeps_the_promise_and_says_so() -> None:
    verdict = assert_keeps(PG, memory(LINE, base=LINE))

    assert verdict.evidence == (Evidence("migrations", 3, 3), Evidence("migrations that are new", 3, 0))


def test_without_a_base_nothing_is_known_to_be_new() -> None:
    assert judged(PG, memory(LINE)).outcome is Outcome.SKIP


def test_a_dropped_column_is_one_finding_as_the_report_shows_it() -> None:
    files = {**LINE, "db/versions/d.py": revision("d", "c", "op.drop_column('t', 'x')")}

    findings = assert_breaks(PG, memory(files, base=LINE), "d: drop-column t.x")

    assert findings == (
        Finding(
            key="d: drop-column t.x",
            message="d.py drops column t.x",
            at=Location("db/versions/d.py", 9),
            hint="first release code that does not use it, then drop it in a later release",
            data={"migration": "d", "rule": "drop-column", "operation": "drop column", "table": "t", "about": "x"},
        ),
    )


@pytest.mark.parametrize(
    ("upgrade", "rule"),
    [
        ("op.drop_table('t')", "drop-table"),
        ("op.drop_column(table_name='t', column_name='x')", "drop-column"),
        (f"{BATCH}b.drop_column('x')", "drop-column"),
        ("op.rename_table('t', 'u')", "rename-table"),
        ("op.alter_column('t', 'x', new_column_name='y')", "rename-column"),
        ("op.alter_column('t', 'x', type_=sa.Integer(), existing_type=sa.String(9))", "change-type"),
        ("op.alter_column('t', 'x', type_=sa.String(5), existing_type=sa.String(9))", "change-type"),
        ("op.alter_column('t', 'x', nullable=False)", "not-null"),
        ("op.add_column('t', sa.Column('x', sa.Integer(), nullable=False))", "add-not-null"),
        ("op.add_column('t', sa.Column('x', sa.Integer(), nullable=False, server_default=None))", "add-not-null"),
        ("op.add_column('t', sa.Column('x', sa.Integer(), nullable=False, default=1))", "add-not-null"),
        (
            "op.add_column('t', sa.Column('x', sa.UUID(), server_default=sa.text('gen_random_uuid()')))",
            "volatile-default",
        ),
        ("op.add_column('t', sa.Column('x', sa.Integer(), sa.Identity()))", "generated-column"),
        ("op.add_column('t', sa.Column('x', sa.Integer(), sa.ForeignKey('u.id')))", "foreign-key-validates"),
        ("op.create_index('i', 't', ['x'])", "index-locks"),
        ("op.create_index(op.f('i'), 't', ['x'], unique=True)", "index-locks"),
        ("op.drop_index('i', table_name='t')", "index-locks"),
        ("op.create_index('i', 't', ['x'], postgresql_concurrently=True)", "index-in-transaction"),
        ("op.create_foreign_key('f', 't', 'u', ['x'], ['id'])", "foreign-key-validates"),
        ("op.create_check_constraint('k', 't', 'x > 0')", "check-validates"),
        ("op.create_unique_constraint('q', 't', ['x'])", "unique-locks"),
        ("op.execute('TRUNCATE TABLE t')", "truncate"),
        ("op.execute(sa.text('ALTER TABLE t DROP COLUMN x'))", "drop-column"),
        ("op.get_bind().execute(sa.text('DROP TABLE t').bindparams(a=1))", "drop-table"),
        ("op.execute(f'DROP TABLE {name}')", "drop-table"),
        ("op.execute('DROP TABLE %s' % name)", "drop-table"),
        ("op.execute('DROP TABLE {}'.format(name))", "drop-table"),
        ("op.execute('DROP ' + 'TABLE t')", "drop-table"),
        ("op.execute(statement())", "sql-unreviewed"),
        ("op.execute(f'{statement}')", "sql-unreviewed"),
        ("op.execute('DO $$ BEGIN DROP TABLE t; END $$')", "sql-unreviewed"),
        ("if True:\n        for each in ('a', 'b'):\n            op.drop_table(each)", "drop-table"),
    ],
)
def test_a_danger_is_found(upgrade: str, rule: str) -> None:
    assert rules(PG, upgrade) == [rule]


@pytest.mark.parametrize(
    "upgrade",
    [
        "op.create_table('t', sa.Column('id', sa.Integer()))\n    op.create_index('i', 't', ['id'])\n    op.drop_column('T', 'x')",
        "op.add_column('t', sa.Column('x', sa.Integer()))",
        "op.add_column('t', sa.Column('x', sa.Integer(), nullable=False, server_default='0'))",
        "op.alter_column('t', 'x', type_=sa.String(9), existing_type=sa.String(5))",
        "op.alter_column('t', 'x', type_=sa.Text(), existing_type=sa.String(5))",
        "op.alter_column('t', 'x', nullable=True)",
        "op.alter_column('t', 'x', existing_nullable=False, server_default='1')",
        f"{BLOCK}op.create_index('i', 't', ['x'], postgresql_concurrently=True)",
        f"{BLOCK}op.execute('CREATE INDEX CONCURRENTLY i ON t (x)')",
        "op.execute('COMMIT')\n    op.create_index('i', 't', ['x'], postgresql_concurrently=True)",
        "op.create_foreign_key('f', 't', 'u', ['x'], ['id'], postgresql_not_valid=True)",
        "op.execute('ALTER TABLE t VALIDATE CONSTRAINT f')",
        "op.execute('ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX i')",
        "op.execute(\"ALTER TYPE mood ADD VALUE 'happy'\")",
        "op.execute('CREATE OR REPLACE FUNCTION f() RETURNS trigger AS $$ BEGIN DROP TABLE t; END $$ LANGUAGE plpgsql')",
        "rows = op.get_bind().execute(sa.select(t))",
        "query = sa.select(t)\n    if rows:\n        query = query.where(t.c.x == 1).select()\n    op.get_bind().execute(query)",
        "op.execute(\"UPDATE t SET x = '; DROP TABLE t'\")",
        "# op.drop_table('t')\n    'op.drop_table(1)'",
    ],
)
def test_what_only_looks_dangerous_is_not_found(upgrade: str) -> None:
    assert rules(PG, upgrade) == []


def test_functions_of_the_file_are_followed_with_what_they_are_given() -> None:
    helper = "def drop(name):\n    op.drop_table(name)\n    drop(name)\n"
    files = {**LINE, "db/versions/d.py": revision("d", "c", "drop('t')", more=helper)}

    assert_breaks(PG, memory(files, base=LINE), "d: drop-table t")


@pytest.mark.parametrize(
    ("downgrade", "found"),
    [("pass", True), ("raise NotImplementedError", True), ("'''Nothing.'''", True), ("op.f('x')", False)],
)
def test_a_way_back_does_something(downgrade: str, found: bool) -> None:
    assert rules(PG, "op.add_column('t', sa.Column('x'))", downgrade=downgrade) == ["no-way-back"] * found


def test_a_revision_that_only_merges_needs_no_way_back() -> None:
    assert rules(PG, "pass", downgrade="pass") == []


@pytest.mark.parametrize(
    ("imported", "found"),
    [
        ("from shop.models import Order", True),
        ("import shop", True),
        ("def helper():\n    import shop.models", True),
        ("from db.helpers import table", False),
        ("from . import helpers", False),
        ("import shopping", False),
    ],
)
def test_the_application_is_not_imported(imported: str, found: bool) -> None:
    files = {**LINE, "shop/__init__.py": "", "shop/models.py": "", "db/helpers.py": "", "db/__init__.py": ""}
    new = {"db/versions/d.py": revision("d", "c", more=imported)}

    verdict = judged(PG, memory({**files, **new}, base=files))

    assert [ruling.seen.data["rule"] for ruling in verdict.findings] == ["application-import"] * found


def test_rows_and_schema_are_changed_apart() -> None:
    mixed = "op.add_column('t', sa.Column('x'))\n    op.execute('UPDATE t SET x = 1')"
    seeded = (
        "op.create_table('t', sa.Column('x'))\n    op.bulk_insert(t, [])\n    op.execute('INSERT INTO t VALUES (1)')"
    )

    assert (rules(PG, mixed), rules(PG, seeded)) == (["data-and-schema"], [])


def test_a_database_without_such_locks_is_not_judged_by_them() -> None:
    upgrade = "op.create_index('i', 't', ['x'])\n    op.alter_column('t', 'x', nullable=False)\n    op.drop_table('t')"

    assert rules(SQLITE, upgrade) == ["drop-table"]


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({}, []),
        (
            {"alembic.ini": "[alembic]\nscript_location = db\nsqlalchemy.url = postgresql+psycopg://u:p@h/d\n"},
            ["index-locks"],
        ),
        ({"alembic.ini": "[alembic]\nscript_location = db\nsqlalchemy.url = sqlite:///x\n"}, []),
        ({"requirements.txt": "asyncpg==1\n"}, ["index-locks"]),
        ({"requirements.txt": "asyncpg==1\npymysql\n"}, []),
    ],
)
def test_the_dialect_is_what_the_files_say(files: dict[str, str], found: list[str]) -> None:
    base = {**LINE, **files}
    new = {"db/versions/d.py": revision("d", "c", "op.create_index('i', 't', ['x'])")}

    verdict = judged(MigrationsSafe(), memory({**base, **new}, base=base))

    assert [ruling.seen.data["rule"] for ruling in verdict.findings] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("DROP TABLE IF EXISTS a.t CASCADE;", ["drop-table"]),
        ("ALTER TABLE t DROP COLUMN x, ADD COLUMN y int NOT NULL;", ["add-not-null", "drop-column"]),
        ("ALTER TABLE t RENAME COLUMN x TO y;", ["rename-column"]),
        ("ALTER TABLE t ALTER COLUMN x TYPE bigint;", ["change-type"]),
        ("CREATE INDEX i ON t (x);", ["index-locks"]),
        ("CREATE INDEX CONCURRENTLY i ON t (x);", []),
        ("CREATE INDEX CONCURRENTLY i ON t (x); SELECT 1;", ["index-in-transaction"]),
        ("-- +goose NO TRANSACTION\nCREATE INDEX CONCURRENTLY i ON t (x); SELECT 1;", []),
        ("CREATE TABLE t (id int); CREATE INDEX i ON t (id);", []),
        ("ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (x) REFERENCES u (id) NOT VALID;", []),
        ("SELECT 1; -- DROP TABLE t;\n/* DROP TABLE t; */", []),
        ("SELECT 'DROP TABLE t';", []),
        ("-- migrate:up\nSELECT 1;\n-- migrate:down\nDROP TABLE t;", []),
        ("FROB THE TABLE;", ["sql-unreviewed"]),
        ("INSERT INTO schema_migrations (version) VALUES (2); ALTER TABLE t ADD COLUMN x int;", []),
        ("TRUNCATE t CASCADE", ["truncate"]),
        ("SELECT (((", []),
        ("ALTER TYPE mood RENAME VALUE 'a' TO 'b'", ["rename-column"]),
    ],
)
def test_sql_is_read_statement_by_statement(text: str, found: list[str]) -> None:
    assert sql(PG, text) == found


@pytest.mark.parametrize(
    ("operation", "found"),
    [
        ("migrations.DeleteModel('Order')", ["drop-table"]),
        ("migrations.RemoveField(model_name='order', name='x')", ["drop-column"]),
        ("migrations.RenameField('order', 'x', 'y')", ["rename-column"]),
        ("migrations.AddField('order', 'x', models.IntegerField(default=1))", ["add-not-null"]),
        ("migrations.AddField('order', 'x', models.IntegerField(db_default=1))", []),
        ("migrations.AddField('order', 'x', models.IntegerField(null=True))", []),
        ("migrations.AddField('order', 'x', models.ManyToManyField('shop.Tag'))", []),
        ("migrations.AddIndex('order', models.Index(fields=['x'], name='i'))", ["index-locks"]),
        ("migrations.RunPython(fill)", ["no-way-back"]),
        ("migrations.RunPython(fill, migrations.RunPython.noop)", []),
        ("migrations.RunSQL('DROP TABLE t', migrations.RunSQL.noop)", ["drop-table"]),
        ("migrations.RunSQL([('DROP TABLE t', None)], '')", ["drop-table"]),
        ("migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel('Order')])", []),
        (
            "migrations.CreateModel('Order', []), migrations.AddIndex('order', models.Index(fields=['x'], name='i'))",
            [],
        ),
    ],
)
def test_operations_of_django_are_judged_as_those_of_alembic(operation: str, found: list[str]) -> None:
    assert django(PG, operation) == found


def test_only_the_rules_that_are_asked_for_are_judged() -> None:
    check = MigrationsSafe(rules=(Rule.DROP_TABLE,), dialect=Dialect.POSTGRESQL)

    assert rules(check, "op.drop_table('t')\n    op.drop_column('u', 'x')", downgrade="pass") == ["drop-table"]


@pytest.mark.parametrize("after", ["b", "c"])
def test_what_comes_after_a_known_migration_is_new_without_a_base(after: str) -> None:
    files = history(a=revision("a"), b=revision("b", "a"), c=revision("c", "b", "op.drop_table('t')"))

    verdict = judged(MigrationsSafe(after=(after,)), memory(files))

    assert verdict.outcome is (Outcome.FAIL if after == "b" else Outcome.PASS)


def test_one_thing_that_is_done_twice_has_two_findings() -> None:
    files = {**LINE, "db/versions/d.py": revision("d", "c", "op.drop_table('t')\n    op.drop_table('t')")}

    assert_breaks(PG, memory(files, base=LINE), "d: drop-table t", "d: drop-table t (2)")


@pytest.mark.parametrize("files", [LINE, SHOP, ledger(_001_a=""), {"prisma/migrations/1_x/migration.sql": ""}])
@pytest.mark.parametrize("check", [PG, SQLITE, MigrationsSafe(), MigrationsSafe(rules=(Rule.NOT_NULL, Rule.TRUNCATE))])
def test_it_is_proven_by_every_sort_of_migration(files: dict[str, str], check: MigrationsSafe) -> None:
    assert proven(check, memory(files)).outcome is Proven.PROVEN


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000,
        "SELECT " + "(" * 800 + ")" * 800,
        "'" * 10001,
        "$a$" * 20000,
        "/*" * 20000,
        "a" * 200_000,
        "ALTER TABLE",
        ";" * 50_000,
    ],
)
def test_hostile_sql_is_unreviewed_or_nothing(text: str) -> None:
    assert set(sql(PG, text)) <= {"sql-unreviewed"}


def test_what_a_quote_holds_is_not_shown() -> None:
    files = {**LINE, "db/versions/d.py": revision("d", "c", "op.execute(\"FROB USER u SECRET 'hunter2'\")")}

    verdict = judged(PG, memory(files, base=LINE))

    assert [ruling.seen.data["rule"] for ruling in verdict.findings] == ["sql-unreviewed"]
    assert "hunter2" not in str(verdict.findings)


DROP = 'migrations.RunSQL("DROP TABLE t", "SELECT 1")'
TWO = {f"{each}/{path.partition('/')[2]}": text for each in ("x", "y") for path, text in LINE.items()}
DROPS = {"y/versions/d.py": revision("d", "c", "op.drop_table('t')")}


def test_a_revision_is_new_though_another_environment_has_one_of_its_id() -> None:
    base = {**TWO, "x/versions/d.py": revision("d", "c")}

    assert_breaks(PG, memory({**base, **DROPS}, base=base), "d: drop-table t")


def test_a_revision_that_is_known_in_one_environment_says_nothing_of_another() -> None:
    files = {**TWO, **DROPS, "x/versions/d.py": revision("d", "c"), "x/versions/e.py": revision("e", "d")}

    assert_breaks(MigrationsSafe(after=("e", "c")), memory(files), "d: drop-table t")


def test_an_environment_that_moved_has_nothing_new() -> None:
    moved = {f"z/{path}": text for path, text in LINE.items()}

    assert_keeps(PG, memory(moved, base=LINE))


@pytest.mark.parametrize(
    ("check", "count"), [(PG, len(Rule)), (SQLITE, 10), (MigrationsSafe(), 12), (MigrationsSafe(paths=("db/**",)), 12)]
)
def test_each_rule_that_can_be_broken_has_a_canary(check: MigrationsSafe, count: int) -> None:
    assert len(proven(check, memory(LINE)).bit) == count


def test_each_pattern_has_a_canary() -> None:
    check = MigrationsSafe(paths=("x", "y"), rules=(Rule.TRUNCATE, Rule.DROP_TABLE))

    assert proven(check, memory(TWO)).bit == (
        "add a revision that breaks truncate to x",
        "add a revision that breaks drop-table to x",
        "add a revision that breaks truncate to y",
    )


@pytest.mark.parametrize(
    ("check", "reason"),
    [
        (
            MigrationsSafe(rules=(Rule.NOT_NULL,), dialect=Dialect.SQLITE),
            "no edit that fits every repository breaks the rules that are judged",
        ),
        (MigrationsSafe(rules=(Rule.NO_WAY_BACK,)), "there is no folder that a migration could be added to"),
    ],
)
def test_rules_that_nothing_can_break_are_unprovable(check: MigrationsSafe, reason: str) -> None:
    found = proven(check, memory(ledger(_001_a="")))

    assert (found.outcome, found.reason) == (Proven.UNPROVABLE, reason)


def test_a_revision_that_would_not_be_read_where_it_belongs_is_put_elsewhere() -> None:
    check = MigrationsSafe(paths=("x", "!x/versions/5e*", "y"), rules=(Rule.TRUNCATE,))

    assert proven(check, memory(TWO)).bit == ("add a revision that breaks truncate to y",)


@pytest.mark.parametrize(
    ("files", "after"),
    [
        ({**SHOP, "shop/migrations/0003_x.py": app([("shop", "0002_price")], DROP)}, "shop.000{}"),
        (ledger(_1_initial="", _2_price="", _3_x="DROP TABLE t;"), "db/migrations/{}"),
    ],
)
def test_what_comes_after_a_known_migration_of_django_or_sql_is_new(files: dict[str, str], after: str) -> None:
    names = {"2": "2_price", "3": "3_x"}
    ends = {number: f"{name}{'.sql' if after.startswith('db') else ''}" for number, name in names.items()}

    outcomes = [judged(MigrationsSafe(after=(after.format(ends[each]),)), memory(files)).outcome for each in "23"]

    assert outcomes == [Outcome.FAIL, Outcome.PASS]
