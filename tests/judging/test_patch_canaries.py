"""A canary that is a diff in the repository is read, applied and remembered with the rest of the tree."""

from pathlib import Path

import pytest

from selfcheck.check import Canary, Case, Repository
from selfcheck.checks.text import TextForbids
from selfcheck.facts import Facts
from selfcheck.guardrail import Severity
from selfcheck.patterns import Pattern
from selfcheck.prove import Proof, Proven, Terms, proof, recalled_proof, remembered_proof
from selfcheck.store import Store
from selfcheck.testing import TODAY, guardrail, memory
from selfcheck.trees import Memory

TERMS = Terms(fail_on=Severity.HIGH)
DIFF = "--- a/a\n+++ b/a\n@@ -1 +1,2 @@\n text\n+!\n--- /dev/null\n+++ b/new/b\n@@ -0,0 +1 @@\n+!\n"
BOTH = "add a match to a"


def case(expect: str | None = None, path: str = "x.diff") -> Case:
    check = TextForbids(pattern=Pattern("!"), paths=("**", "!*.diff"))
    return Case(guardrail(), check, (Canary(f"patch {path}", (), expect, patch=path),))


@pytest.mark.parametrize("expect", [None, "a", "new/b"])
def test_every_file_of_the_diff_is_edited(expect: str | None) -> None:
    found = proof(case(expect), memory({"a": "text\n", "x.diff": DIFF}), TERMS)

    assert found == Proof(outcome=Proven.PROVEN, bit=("patch x.diff", BOTH))


def test_a_diff_of_something_else_is_missed_as_any_edit_is() -> None:
    found = proof(case("b"), memory({"a": "text\n", "x.diff": DIFF}), TERMS)

    assert found == Proof(
        outcome=Proven.MISSED, bit=(BOTH,), missed=("patch x.diff: no new finding about b came of it",)
    )


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("x.diff", "x.diff:3: hunk 1 does not fit a: line 1 is not as it shows it"),
        ("gone.diff", "gone.diff: there is no such diff"),
    ],
)
def test_a_diff_that_does_not_fit_is_missed_and_the_others_still_bite(path: str, reason: str) -> None:
    found = proof(case(path=path), memory({"a": "other\n", "x.diff": DIFF}), TERMS)

    missed = f"patch {path}: the edit does not fit this repository: {reason}"
    assert found == Proof(outcome=Proven.MISSED, bit=(BOTH,), missed=(missed,))


def test_what_the_diff_changes_is_shown_where_that_is_asked_for() -> None:
    terms = Terms(fail_on=Severity.HIGH, diffs=True)

    found = proof(case(), memory({"a": "text\n", "x.diff": DIFF}), terms)

    assert found.diffs[0] == "--- a/a\n+++ b/a\n@@ -1,0 +2 @@\n+!\n--- /dev/null\n+++ b/new/b\n@@ -0,0 +1 @@\n+!"


def test_a_proof_is_forgotten_with_the_diff_that_it_came_of(tmp_path: Path) -> None:
    store = Store(tmp_path)
    before, after = ({"a": b"text\n", "x.diff": diff.encode()} for diff in (DIFF, DIFF.replace("+!", "+?")))

    made = remembered_proof(case(), over(before, store), store, TERMS)

    known = [recalled_proof(case(), over(files, store), store, TERMS) for files in (before, after)]
    assert (made.outcome, known) == (Proven.PROVEN, [made, None])


def over(files: dict[str, bytes], store: Store) -> Repository:
    return Repository(Memory(files), environ={}, today=TODAY, facts=Facts(store))
