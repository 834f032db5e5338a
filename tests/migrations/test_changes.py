"""What each mode of `migrations-drift` sees, of sixty changes, on real databases."""

import pytest

from selfcheck.rehearsal.schemas import gaps, statements
from tests.migrations.changes import CHANGES, PAGE, Seen, measured, shown, written


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Seen, Seen]:
    """What is seen on SQLite and on PostgreSQL."""
    one, two = measured(tmp_path_factory.mktemp("changes"))
    return one, two


def test_the_page_tells_what_each_mode_sees(both: tuple[Seen, Seen]) -> None:
    assert shown(PAGE.read_text(encoding="utf-8")) == written(*both)


def test_on_postgresql_strict_mode_misses_two_of_sixty_and_nothing_that_alembic_sees(both: tuple[Seen, Seen]) -> None:
    _, found = both

    missed = [each.title for number, each in enumerate(CHANGES, start=1) if number not in found.strict]

    assert missed == ["a default of Python is added", "columns change places"]
    assert found.project < found.strict


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ('CREATE TABLE "t" (a INTEGER, UNIQUE (a))', "create table t (a INTEGER, CONSTRAINT u UNIQUE (a))"),
        ("CREATE TABLE t (a INTEGER UNIQUE)", "CREATE TABLE t (a INTEGER, UNIQUE (a))"),
        ("CREATE TABLE t (a INTEGER CHECK (a > 0))", "CREATE TABLE t (a INTEGER, CHECK (a > 0))"),
        ("CREATE TABLE t (a INTEGER, FOREIGN KEY (a) REFERENCES u (b))", "CREATE TABLE t (a INTEGER REFERENCES u (b))"),
        ("CREATE TABLE t (a INTEGER -- a comment\n)", "CREATE TABLE t (a INTEGER)"),
    ],
)
def test_two_spellings_of_one_table_are_no_difference(one: str, two: str) -> None:
    assert list(gaps([("t", "text", "", one)], [("t", "text", "", two)])) == []


@pytest.mark.parametrize(
    ("one", "two", "says"),
    [
        ("a TEXT COLLATE NOCASE", "a TEXT", "t: column a"),
        ("a INTEGER AS (b + 1", "a INTEGER", "t: column a"),
        ("a INTEGER CHECK (a > (0))", "a INTEGER CHECK (a > (1))", "t: constraint check ( a > ( 0 ) )"),
        ("a INTEGER PRIMARY KEY AUTOINCREMENT", "a INTEGER PRIMARY KEY", "t: column a"),
    ],
)
def test_what_only_the_text_of_a_table_says_is_compared(one: str, two: str, says: str) -> None:
    first, *_ = gaps([("t", "text", "", f"CREATE TABLE t ({one})")], [("t", "text", "", f"CREATE TABLE t ({two})")])

    assert first.said == says


def test_a_table_that_is_missing_is_one_difference() -> None:
    rows = [("t", "table", "", "p"), ("t", "column", "a", "integer"), ("t", "index", "i", "…")]

    assert [each.said for each in gaps(rows, [])] == ["t"]


def test_of_a_schema_file_only_what_makes_the_schema_is_run() -> None:
    sql = (
        "\\restrict x\nSET x = 1;\nCREATE TABLE t (a int);\nALTER TABLE t OWNER TO me;\nCOMMENT ON EXTENSION x IS '';\n"
    )

    assert statements(sql) == ["SET x = 1", "CREATE TABLE t (a int)"]
