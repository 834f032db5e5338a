"""`migrations-applied`: a live database that is behind, ahead, dirty, or where this revision is."""

import hashlib
import sqlite3
import zlib
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from selfcheck.checks.migrations.applied import MigrationsApplied
from selfcheck.model import Evidence, Outcome
from selfcheck.prove import Proven
from selfcheck.rehearsal import databases
from selfcheck.testing import assert_breaks, judged, memory, proven
from tests.migrations.writing import LINE, SHOP, app, history, ledger, revision

CHECK = MigrationsApplied(database="SHOP_DATABASE")
VERSIONS = "CREATE TABLE alembic_version (version_num text);"
FILES = ledger(_001_a="CREATE TABLE a (x int);\n", _002_b="CREATE TABLE b (x int);\n")


def environ(folder: Path, sql: str) -> Mapping[str, str]:
    """A variable with the URL of a database of which this SQL made all."""
    path = folder / "live.db"
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database:
        database.executescript(sql)
    return {"SHOP_DATABASE": f"sqlite:///{path}"}


def keys(folder: Path, files: Mapping[str, str], sql: str, check: MigrationsApplied = CHECK) -> list[str]:
    """The keys of what is found."""
    verdict = judged(check, memory(files, environ=environ(folder, sql)))
    assert verdict.outcome in (Outcome.PASS, Outcome.FAIL), verdict.reason
    return [ruling.seen.key for ruling in verdict.findings]


def stamped(*revisions: str) -> str:
    return VERSIONS + "".join(f"INSERT INTO alembic_version VALUES ('{each}');" for each in revisions)


def registered(*rows: str, columns: str = "version int", table: str = "schema_migrations") -> str:
    """A table of versions with these rows."""
    return f"CREATE TABLE {table} ({columns});" + "".join(f"INSERT INTO {table} VALUES ({each});" for each in rows)


def test_a_database_at_the_head_keeps_the_promise_and_the_canary_bites(tmp_path: Path) -> None:
    repo = memory(LINE, environ=environ(tmp_path, stamped("c")))

    verdict, proof = judged(CHECK, repo), proven(CHECK, repo)

    assert (verdict.outcome, proof.outcome, proof.bit) == (Outcome.PASS, Proven.PROVEN, ("add a revision to db",))
    assert verdict.evidence == (Evidence("migrations", 3, 3), Evidence("databases, SQLite ($SHOP_DATABASE)", 1, 1))


def test_a_database_that_is_behind_is_one_finding_with_all_that_is_left(tmp_path: Path) -> None:
    (found,) = assert_breaks(CHECK, memory(LINE, environ=environ(tmp_path, stamped("a"))), "db: behind")

    assert (found.message, found.parts) == ("the database is behind db by 2 migrations: b, c", ("b", "c"))


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("", ["db: unstamped"]),
        (VERSIONS, ["db: unstamped"]),
        (stamped("z"), ["db: unknown z"]),
        (stamped("b", "c"), ["db: several"]),
        (stamped("a", "z"), ["db: behind", "db: unknown z"]),
    ],
)
def test_stamps_that_are_missing_unknown_or_too_many_are_found(tmp_path: Path, sql: str, found: list[str]) -> None:
    assert keys(tmp_path, LINE, sql) == found


def test_two_heads_are_both_to_be_reached(tmp_path: Path) -> None:
    files = {**LINE, **history(d=revision("d", "a"))}

    assert keys(tmp_path, files, stamped("c", "d")) == []
    assert keys(tmp_path, files, stamped("c")) == ["db: behind"]


def test_many_that_are_left_are_counted(tmp_path: Path) -> None:
    files = history(
        **{f"r{number}": revision(f"r{number}", f"r{number - 1}" if number else None) for number in range(9)}
    )
    repo = memory(files, environ=environ(tmp_path, stamped("r0")))

    (found,) = assert_breaks(CHECK, repo, "db: behind")

    assert found.message == "the database is behind db by 8 migrations: r1, r2, r3, r4, r5 and 3 more"


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        (registered("1", "2"), []),
        (registered("'001'", "'002'", columns="version text"), []),
        (registered("1"), ["db/migrations: behind"]),
        (registered("1", "2", "7"), ["db/migrations: unknown 7"]),
        ("", ["db/migrations: unstamped"]),
        (registered("2, 0", columns="version int, dirty int"), []),
        (registered("2, 1", columns="version int, dirty int"), ["db/migrations: failed 2"]),
        (registered("1, 0", columns="version int, dirty int"), ["db/migrations: behind"]),
        (registered("0, 1", "1, 1", "2, 1", columns="version_id int, is_applied int", table="goose_db_version"), []),
        (
            registered(
                "'1', 1", "'2', 0", "NULL, 1", columns="version text, success int", table="flyway_schema_history"
            ),
            ["db/migrations: failed 2"],
        ),
    ],
)
def test_files_and_the_rows_of_their_table_are_the_same(tmp_path: Path, sql: str, found: list[str]) -> None:
    assert keys(tmp_path, FILES, sql) == found


def test_a_file_that_is_not_what_ran_is_found_by_its_checksum(tmp_path: Path) -> None:
    first, second = (text.encode() for text in FILES.values())
    crc = zlib.crc32(first.strip())
    sha = hashlib.sha384(second).hexdigest()
    flyway = registered(
        f"'1', {crc - 2**32 if crc >= 2**31 else crc}",
        "'2', 5",
        columns="version text, checksum int",
        table="schema_history",
    )
    sqlx = registered(f"2, x'{sha}'", f"1, x'{sha}'", columns="version int, checksum blob", table="_sqlx_migrations")
    odd = registered("1, 'abc'", "2, NULL", columns="version int, checksum text")

    assert keys(tmp_path, FILES, flyway) == ["db/migrations: edited 2"]
    assert keys(tmp_path, FILES, sqlx) == ["db/migrations: edited 1"]
    assert keys(tmp_path, FILES, odd) == []
    assert keys(tmp_path, FILES, flyway, MigrationsApplied(database="SHOP_DATABASE", checksums=False)) == []


def test_folders_of_prisma_are_their_own_versions(tmp_path: Path) -> None:
    files = {f"prisma/migrations/2026010{number}_x/migration.sql": "SELECT 1;" for number in (1, 2)}
    files["prisma/migrations/migration_lock.toml"] = ""
    columns = "migration_name text, checksum text, finished_at text"

    whole = registered("'20260101_x', '', 1", "'20260102_x', '', 1", columns=columns, table="_prisma_migrations")

    found = keys(tmp_path, files, registered("'20260101_x', '', NULL", columns=columns, table="_prisma_migrations"))

    assert sorted(found) == ["prisma/migrations: behind", "prisma/migrations: failed 20260101_x"]
    proof = proven(CHECK, memory(files, environ=environ(tmp_path, whole)))
    assert proof.bit == ("add a file to prisma/migrations",)


def test_the_apps_of_django_are_compared_each(tmp_path: Path) -> None:
    columns = "app text, name text"
    rows = ("'shop', '0001_initial'", "'auth', '0001_initial'")

    assert keys(tmp_path, SHOP, registered(*rows, columns=columns, table="django_migrations")) == ["shop: behind"]
    assert keys(tmp_path, SHOP, "") == ["django: unstamped"]
    more = (*rows, "'shop', '0002_price'", "'shop', '0009_gone'")
    assert keys(tmp_path, SHOP, registered(*more, columns=columns, table="django_migrations")) == [
        "shop: unknown 0009_gone"
    ]


def test_what_was_squashed_ran_where_all_of_it_did(tmp_path: Path) -> None:
    replaces = "replaces = [('shop', '0001_initial'), ('shop', '0002_price')]"
    files = {**SHOP, "shop/migrations/0001_squashed.py": app([], more=replaces)}
    rows = ("'shop', '0001_initial'", "'shop', '0002_price'")

    assert keys(tmp_path, files, registered(*rows, columns="app text, name text", table="django_migrations")) == []


@pytest.mark.parametrize(
    ("check", "files", "sql", "says"),
    [
        (MigrationsApplied(), LINE, "", "no database is named"),
        (MigrationsApplied(database="OTHER"), LINE, "", "the variable OTHER is not set"),
        (
            CHECK,
            {**LINE, **{f"x/{path}": text for path, text in LINE.items()}},
            "",
            "there are several histories: db, x/db",
        ),
        (
            CHECK,
            FILES,
            registered("1", columns="what int"),
            "no column of schema_migrations is called as one of versions",
        ),
        (CHECK, LINE, "CREATE TABLE alembic_version (x int);", "the table alembic_version has no column version_num"),
    ],
)
def test_what_cannot_be_compared_is_an_error(
    tmp_path: Path, check: MigrationsApplied, files: Mapping[str, str], sql: str, says: str
) -> None:
    verdict = judged(check, memory(files, environ=environ(tmp_path, sql)))

    assert (verdict.outcome, says in (verdict.reason or "")) == (Outcome.ERROR, True)


@pytest.mark.parametrize(
    "url", ["sqlite:////nowhere/live.db", "mongodb://me:hunter22@x/y", "postgresql://me:hunter22@/x?host=/no"]
)
def test_a_database_that_does_not_answer_is_an_error_without_secrets(url: str) -> None:
    verdict = judged(CHECK, memory(LINE, environ={"SHOP_DATABASE": url}))

    assert verdict.outcome is Outcome.ERROR
    assert "hunter22" not in str(verdict)


@pytest.mark.parametrize(
    ("files", "bites"), [(SHOP, "add a migration to shop"), (FILES, "add a file to db/migrations")]
)
def test_one_more_migration_turns_each_sort_red(tmp_path: Path, files: Mapping[str, str], bites: str) -> None:
    rows = ("'shop', '0001_initial'", "'shop', '0002_price'")
    sql = registered(*rows, columns="app text, name text", table="django_migrations") + registered("1", "2")

    proof = proven(CHECK, memory(files, environ=environ(tmp_path, sql)))

    assert (proof.outcome, proof.bit) == (Proven.PROVEN, (bites,))


def test_without_a_history_there_is_no_canary(tmp_path: Path) -> None:
    proof = proven(CHECK, memory({"a.txt": ""}, environ=environ(tmp_path, "")))

    assert proof.outcome is Proven.ERROR


def test_names_of_the_rulebook_reach_postgresql_quoted(tmp_path: Path) -> None:
    programs = databases.packaged()
    assert programs is not None
    with databases.postgresql(programs, 1) as served:
        url = served.databases[0].url
        engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"), poolclass=sa.NullPool)
        with engine.begin() as connection:
            connection.exec_driver_sql('CREATE SCHEMA "Core"; CREATE TABLE "Core"."Order" ("Version" int, version int)')
            connection.exec_driver_sql('INSERT INTO "Core"."Order" VALUES (1, 1), (2, 2)')
        repo = memory(FILES, environ={"SHOP_DATABASE": url})

        there = judged(MigrationsApplied(database="SHOP_DATABASE", version_table="Core.Order"), repo)
        absent = judged(MigrationsApplied(database="SHOP_DATABASE", version_table="core.order"), repo)

    assert there.outcome is Outcome.PASS
    assert [ruling.seen.key for ruling in absent.findings] == ["db/migrations: unstamped"]
