"""Differences as findings: keys that stay, words that say which side has what."""

import pytest

from selfcheck.check import Location
from selfcheck.checks.migrations.drift_findings import Places, project, trip
from selfcheck.checks.migrations.running import Project
from selfcheck.facts import Facts
from selfcheck.rehearsal.rehearse import Difference, Failure, Told
from selfcheck.subjects.migrations import read
from selfcheck.testing import memory
from tests.migrations.running import SHOP

DB = Project(name="db", folder="db")
PLACES = Places({}, read(memory(SHOP).tree, Facts()), several=False)


@pytest.mark.parametrize(
    ("difference", "key", "message"),
    [
        (
            Difference(op="add_index", table="t", about="i"),
            "t: index i missing",
            "index i of t is in the models, and no migration makes it",
        ),
        (
            Difference(op="remove_fk", table="s.t", about="f"),
            "s.t: foreign key f only in the migrations",
            "foreign key f of s.t is made by the migrations and is in no model",
        ),
        (
            Difference(op="add_table_comment", table="t"),
            "t: comment missing",
            "comment of t is in the models, and no migration makes it",
        ),
        (
            Difference(op="remove_column", table="t", about="c"),
            "t.c only in the migrations",
            "column t.c is made by the migrations and is in no model",
        ),
        (
            Difference(op="remove_table", table="t"),
            "t only in the migrations",
            "table t is made by the migrations and is in no model",
        ),
        (
            Difference(op="modify_nullable", table="t", about="c", now="True"),
            "t.c nullability",
            "the nullability of t.c is NOT NULL by the migrations, not by the models",
        ),
        (
            Difference(op="modify_default", table="t", about="c", was="1"),
            "t.c default",
            "the default of t.c is 1 by the migrations and none by the models",
        ),
        (
            Difference(op="modify_odd", table="t", about="c"),
            "t.c odd",
            "the odd of t.c is none by the migrations and none by the models",
        ),
        (
            Difference(op="add_odd_thing"),
            "the schema: odd thing missing",
            "odd thing of the schema is in the models, and no migration makes it",
        ),
    ],
)
def test_a_difference_says_which_side_has_what(difference: Difference, key: str, message: str) -> None:
    (found,) = project(DB, Told(python="3", differences=(difference,)), PLACES)

    assert (found.key, found.message, found.at) == (key, message, Location("db/env.py", 1))


def test_what_a_round_trip_changes_is_found_where_it_can_be() -> None:
    before, after = (("t", "column", "a", text) for text in ("integer " + "x" * 90, "text"))
    failed = Failure(kind="KeyError", says="KeyError: x", stage="downgrade", revision="gone")

    found = list(trip(DB, Told(python="3", dumps={"before": (before,), "after": (after,)}, failed=failed), PLACES))

    assert [(each.key, each.at) for each in found] == [
        ("downgrade gone", Location("db/env.py", 1)),
        ("t: column a after a round trip", Location("db/env.py", 1)),
    ]
    assert found[0].message == "revision gone cannot be downgraded: KeyError: x"
    assert "x…`, then `text`" in found[1].message
