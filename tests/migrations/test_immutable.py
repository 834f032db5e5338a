"""`migrations-immutable`: what was merged stays what it was."""

import pytest

from selfcheck.checks.migrations.immutable import Judged, MigrationsImmutable
from selfcheck.judge import UNCOMPARED
from selfcheck.model import Evidence, Finding, Location, Outcome
from selfcheck.prove import Proven
from selfcheck.testing import assert_breaks, assert_keeps, judged, memory, proven
from tests.migrations.writing import LINE, SHOP, app, history, ledger, revision, without

CHECK = MigrationsImmutable()
ALL = MigrationsImmutable(parts=tuple(Judged))
A, B = "db/versions/a.py", "db/versions/b.py"
PLAIN = revision("a", upgrade="op.create_table('t', sa.Column('id', sa.Integer(), nullable=False))")


def test_an_unchanged_history_keeps_the_promise() -> None:
    verdict = assert_keeps(CHECK, memory(LINE, base=LINE))

    assert verdict.evidence == (Evidence("migrations", 3, 3), Evidence("migrations of the base", 3, 3))


def test_without_a_base_it_is_skipped_and_says_so() -> None:
    verdict = judged(CHECK, memory(LINE))

    assert (verdict.outcome, verdict.reason) == (Outcome.SKIP, UNCOMPARED)


def test_without_a_base_it_is_proven_all_the_same() -> None:
    assert proven(CHECK, memory(LINE)).outcome is Proven.PROVEN


def test_another_upgrade_is_one_finding_as_the_report_shows_it() -> None:
    repo = memory({**LINE, A: revision("a", upgrade="op.drop_table('t')")}, base=LINE)

    findings = assert_breaks(CHECK, repo, A)

    assert findings == (
        Finding(
            key=A,
            message="a.py is changed after it was merged: what it does",
            at=Location(A, 1),
            hint="a database that has run it will not run it again: put it back, and say what is to change in a new migration",
            data={"path": A, "parts": ["upgrade"]},
            parts=("upgrade",),
        ),
    )


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (revision("a", upgrade="op.f('y')"), ("upgrade",)),
        (revision("a", down="z"), ("ids",)),
        (revision("a", more="depends_on = 'b'"), ("ids",)),
        (revision("a", more="branch_labels = ('x',)"), ("ids",)),
        (revision("a", downgrade="op.f('y')"), ("downgrade",)),
        (revision("a", more="NAMES = ['x']"), ("helpers",)),
        (revision("a", more="def helper():\n    return 1"), ("helpers",)),
    ],
)
def test_each_part_is_told_from_the_others(text: str, parts: tuple[str, ...]) -> None:
    findings = assert_breaks(ALL, memory({**LINE, A: text}, base=LINE), A)

    assert findings[0].parts == parts


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.replace("'", '"'),
        PLAIN.replace("op.create_table(", "op.create_table(\n        "),
        f'"""A docstring."""\n# A comment.\n{PLAIN}',
        PLAIN.replace("def upgrade():", 'def upgrade() -> None:\n    """Make it."""'),
        PLAIN.replace("revision = 'a'", "revision: str = 'a'", 1),
        PLAIN.replace("import sqlalchemy as sa\n", "from typing import Any\n\nimport sqlalchemy as sa\n"),
        PLAIN.replace("nullable=False)", "nullable=False,)"),
        PLAIN.replace("down_revision = None", "down_revision = None\nbranch_labels = None\ndepends_on = None"),
    ],
)
def test_what_a_formatter_changes_is_nearly_a_finding(text: str) -> None:
    base = {**LINE, A: PLAIN}

    assert text != PLAIN
    assert judged(ALL, memory({**base, A: text}, base=base)).outcome is Outcome.PASS


def test_the_order_of_keywords_is_no_change_and_that_of_arguments_is() -> None:
    def called(arguments: str) -> dict[str, str]:
        return {**LINE, A: revision("a", upgrade=f"op.add_column({arguments})")}

    base = called("'t', 'u', x=1, y=2")

    assert judged(ALL, memory(called("'t', 'u', y=2, x=1"), base=base)).outcome is Outcome.PASS
    assert judged(ALL, memory(called("'u', 't', x=1, y=2"), base=base)).outcome is Outcome.FAIL


def test_a_way_back_that_is_mended_is_let_be_unless_it_is_asked_for() -> None:
    repo = memory({**LINE, A: revision("a", downgrade="op.f('y')")}, base=LINE)

    assert judged(CHECK, repo).outcome is Outcome.PASS


def test_a_revision_that_is_gone_is_found() -> None:
    findings = assert_breaks(CHECK, memory(without(LINE, B), base=LINE), B)

    assert findings[0].message == "db/versions/b.py is gone; the base has it"


def test_a_file_of_alembic_may_move_and_is_compared_where_it_is() -> None:
    moved = {**without(LINE, B), "db/versions/2026_b.py": LINE[B]}
    changed = {**moved, "db/versions/2026_b.py": revision("b", "a", upgrade="op.f('y')")}

    assert judged(CHECK, memory(moved, base=LINE)).outcome is Outcome.PASS
    assert_breaks(CHECK, memory(changed, base=LINE), "db/versions/2026_b.py")


@pytest.mark.parametrize(
    "comment", ["# selfcheck: squashes a, b", "#selfcheck:  Squashes b a", "# selfcheck: squashes b.py a"]
)
def test_a_squash_that_says_what_it_stands_for_may_take_it_away(comment: str) -> None:
    files = {**without(LINE, A, B), "db/versions/s.py": f"{comment}\n{revision('s')}"}

    assert judged(CHECK, memory(files, base=LINE)).outcome is Outcome.PASS


def test_a_squash_that_does_not_name_a_revision_does_not_excuse_it() -> None:
    files = {**without(LINE, A, B), "db/versions/s.py": f"# selfcheck: squashes a\n{revision('s')}"}

    assert_breaks(CHECK, memory(files, base=LINE), B)


def test_a_migration_of_django_stays_with_the_functions_that_it_runs() -> None:
    path = "shop/migrations/0001_initial.py"
    base = {**SHOP, path: app(operations="migrations.RunPython(fill)") + "\n\ndef fill(apps, editor):\n    pass\n"}
    files = {**base, path: base[path].replace("    pass\n", "    apps.clear()\n")}

    assert_breaks(CHECK, memory(files, base=base), path)


def test_what_django_replaces_may_go() -> None:
    squash = app(more="replaces = [('shop', '0001_initial'), ('shop', '0002_price')]")
    files = {"shop/migrations/0001_squashed.py": squash}

    assert judged(CHECK, memory(files, base={**SHOP, **files})).outcome is Outcome.PASS


def test_sql_may_be_written_in_another_way_and_not_say_another_thing() -> None:
    base = ledger(_001_a="CREATE TABLE t (id int);\n", _002_b="INSERT INTO t VALUES ('A');")
    same = ledger(_001_a="-- t\ncreate table T\n  (id INT) ;", _002_b="INSERT INTO t VALUES /* one */ ('A');")
    other = ledger(_001_a=base["db/migrations/001_a.sql"], _002_b="INSERT INTO t VALUES ('a');")

    assert judged(CHECK, memory(same, base=base)).outcome is Outcome.PASS
    assert_breaks(CHECK, memory(other, base=base), "db/migrations/002_b.sql")


def test_a_sql_file_under_another_name_is_found() -> None:
    base = ledger(_001_a="SELECT 1;", _002_b="")
    files = {**ledger(_001_z="SELECT 1;"), "db/migrations/002_b.sql": ""}

    findings = assert_breaks(CHECK, memory(files, base=base), "db/migrations/001_a.sql")

    assert findings[0].data["now"] == "db/migrations/001_z.sql"


def test_what_cannot_be_read_any_more_is_no_pass() -> None:
    verdict = judged(CHECK, memory({**LINE, A: "revision = 'a'\ndef upgrade(:\n"}, base=LINE))

    assert verdict.outcome is Outcome.ERROR


@pytest.mark.parametrize("part", list(Judged))
def test_each_part_alone_is_proven(part: Judged) -> None:
    assert proven(MigrationsImmutable(parts=(part,)), memory(LINE)).outcome is Proven.PROVEN


def test_a_deep_source_is_compared() -> None:
    deep = revision("a", upgrade=f"x = {'(' * 60}1{')' * 60}{'+1' * 300}")
    base = {**LINE, A: deep}

    assert_breaks(CHECK, memory({**base, A: deep.replace("+1\n", "+2\n")}, base=base), A)


TWO = {f"{each}/{path.partition('/')[2]}": text for each in ("x", "y") for path, text in LINE.items()}
"""Two environments of which each has revisions of the same ids."""


def test_a_revision_is_gone_though_another_environment_has_one_of_its_id() -> None:
    findings = assert_breaks(CHECK, memory(without(TWO, "x/versions/a.py"), base=TWO), "x/versions/a.py")

    assert findings[0].data["now"] is None


def test_a_file_that_takes_the_name_of_one_which_moved_on_is_no_removal() -> None:
    base = history(a=revision("a"), b=revision("b", "a"))
    moved = history(b=revision("a"), c=revision("b", "a"))

    assert_breaks(CHECK, memory(moved, base=base), B)


def test_each_pattern_and_each_part_has_a_canary() -> None:
    assert proven(MigrationsImmutable(paths=("x", "y"), parts=tuple(Judged)), memory(TWO)).bit == (
        "change the ids of x/versions/a.py",
        "let x/versions/a.py do something else",
        "change the downgrade of x/versions/a.py",
        "change the helpers of x/versions/a.py",
        "take x/versions/a.py away",
        "change the ids of y/versions/a.py",
    )


@pytest.mark.parametrize("files", [SHOP, ledger(_001_a="")])
def test_parts_of_revisions_cannot_be_proven_without_any(files: dict[str, str]) -> None:
    found = proven(MigrationsImmutable(parts=(Judged.DOWNGRADE,)), memory(files))

    assert (found.outcome, found.reason) == (
        Proven.UNPROVABLE,
        "only revisions of alembic have the parts that are judged",
    )


@pytest.mark.parametrize("files", [SHOP, ledger(_001_a="")])
def test_migrations_of_django_and_sql_are_changed_and_taken_away(files: dict[str, str]) -> None:
    first = min(path for path in files if not path.endswith("__init__.py"))

    assert proven(CHECK, memory(files)).bit == (f"let {first} do something else", f"take {first} away")
