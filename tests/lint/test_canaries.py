"""Canaries that do not meddle with each other are laid over the tree together; those with a diff get its edits."""

from datetime import date

import pytest

from selfcheck.canaries import together, unfolded
from selfcheck.check import Append, Canary, Delete, Write
from selfcheck.testing import memory

ADDED = Canary("add to a", (Append("a.py", b"1"),), "a")
DIFF = "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-x\n+y\n"


def groups(*canaries: Canary) -> list[list[str]]:
    """The titles of the canaries that are laid over the tree at once."""
    return [[canary.title for canary in group.canaries] for group in together(canaries)]


@pytest.mark.parametrize(
    "other",
    [
        Canary("other", (Append("a.py", b"2"),), "b"),
        Canary("other", (Append("b.py", b"2"),), "b"),
        Canary("other", (Delete("b.py"), Write("c.py", b"")), "b"),
    ],
    ids=["grows the same file", "grows another", "changes others"],
)
def test_canaries_of_different_keys_that_only_add_or_are_apart_share_a_tree(other: Canary) -> None:
    assert groups(ADDED, other) == [["add to a", "other"]]


@pytest.mark.parametrize(
    "other",
    [
        Canary("other", (Append("b.py", b"2"),), "a"),
        Canary("other", (Append("b.py", b"2"),)),
        Canary("other", (Delete("a.py"),), "b"),
        Canary("other", (Append("b.py", b"2"),), "b", today=date(2026, 1, 2)),
        Canary("other", (Append("b.py", b"2"),), "b", environ={"A": "1"}),
        Canary("other", (), "b", guardrails=()),
    ],
    ids=["the same key", "any key", "changes a file that grows", "another day", "another environment", "other rules"],
)
def test_canaries_that_could_be_taken_for_each_other_are_apart_in_either_order(other: Canary) -> None:
    assert groups(ADDED, other) == [["add to a"], ["other"]]
    assert groups(other, ADDED) == [["other"], ["add to a"]]


def test_a_diff_is_edits_behind_the_others_and_one_that_is_not_there_is_missed() -> None:
    tree = memory({"a.py": "x\n", "a.diff": DIFF}).tree
    fitting = Canary("fits", (Write("b.py", b""),), patch="a.diff")

    fit, missed = unfolded([fitting, Canary("gone", (), patch="gone.diff")], tree)

    assert [(canary.title, [edit.path for edit in canary.edits]) for canary in fit] == [("fits", ["b.py", "a.py"])]
    assert missed == ["gone: the edit does not fit this repository: gone.diff: there is no such diff"]
