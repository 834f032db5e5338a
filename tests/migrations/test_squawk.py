"""`migrations-safe` with rules of squawk: its words on the SQL of new migrations, by the program itself."""

import os
import sys
from pathlib import Path

import pytest

from selfcheck.check import Need
from selfcheck.checks.migrations.rules import Rule
from selfcheck.checks.migrations.safe import MigrationsSafe
from selfcheck.model import Location, Outcome
from selfcheck.testing import assert_breaks, judged, memory
from tests.migrations.writing import LINE, ledger, revision

HERE = {"PATH": str(Path(sys.executable).parent)}
CHECK = MigrationsSafe(rules=(Rule.TRUNCATE,), squawk=("require-lock-timeout", "prefer-bigint-over-int"))
BASE = ledger(_001_a="CREATE TABLE t (id int);")


def fake(folder: Path, says: str, status: int = 0) -> dict[str, str]:
    """A path on which squawk is a program that says only this."""
    program = folder / "squawk"
    program.write_text(f"#!/bin/sh\necho '{says}'\nexit {status}\n", encoding="utf-8")
    program.chmod(0o755)
    return {"PATH": f"{folder}{os.pathsep}{os.defpath}"}


def test_only_the_rules_that_are_named_are_told_each_where_it_stands() -> None:
    new = (
        "SELECT 1;\nALTER TABLE t ADD COLUMN a int;\nALTER TABLE t ADD COLUMN b int;\n-- migrate:down\nDROP TABLE t;\n"
    )

    found = assert_breaks(
        CHECK,
        memory({**BASE, **ledger(_002_b=new)}, base=BASE, environ=HERE),
        "db/migrations/002_b.sql: squawk prefer-bigint-over-int",
        "db/migrations/002_b.sql: squawk require-lock-timeout",
        "db/migrations/002_b.sql: squawk prefer-bigint-over-int (2)",
    )

    path = "db/migrations/002_b.sql"
    assert [each.at for each in found] == [Location(path, 2), Location(path, 2), Location(path, 3)]


def test_literal_sql_in_a_revision_is_told_of_too() -> None:
    files = {**LINE, "db/versions/d.py": revision("d", "c", 'op.execute("ALTER TABLE t ADD COLUMN a int")')}

    keys = ("d: squawk prefer-bigint-over-int", "d: squawk require-lock-timeout")

    assert {each.key for each in assert_breaks(CHECK, memory(files, base=LINE, environ=HERE), *keys)} == {*keys}


def test_a_program_is_asked_for_only_where_rules_are_named() -> None:
    assert (CHECK.asks_for, MigrationsSafe().asks_for) == (frozenset({Need.PROGRAM}), frozenset())


@pytest.mark.parametrize(
    ("says", "status", "reason"),
    [
        ("", 7, "squawk: exit status 7; name rules that it knows under `squawk`"),
        ("{", 0, "squawk wrote what is not its format"),
        ('[{"rule": 1}]', 1, "squawk wrote what is not its format"),
    ],
)
def test_what_squawk_does_not_do_is_an_error(tmp_path: Path, says: str, status: int, reason: str) -> None:
    repo = memory({**BASE, **ledger(_002_b="SELECT 1;")}, base=BASE, environ=fake(tmp_path, says, status))

    assert judged(CHECK, repo).reason == reason


def test_a_rule_that_squawk_does_not_know_or_a_squawk_that_is_not_there_is_an_error() -> None:
    files = {**BASE, **ledger(_002_b="SELECT 1;")}
    odd = MigrationsSafe(squawk=("no-such-rule",))

    unknown = judged(odd, memory(files, base=BASE, environ=HERE))
    absent = judged(odd, memory(files, base=BASE, environ={"PATH": "/nowhere"}))

    assert unknown.reason == "squawk: invalid rule name no-such-rule; name rules that it knows under `squawk`"
    assert (absent.outcome, absent.reason) == (
        Outcome.ERROR,
        "squawk is not installed; pip install squawk-cli, or leave `squawk` out",
    )
