"""A check that needs a base is skipped without one, judged once with one, and proven against the tree itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from selfcheck.check import Append, Canary, Case, Check, Evidence, Finding, Need, Repository, Seen
from selfcheck.cli.opening import allowed
from selfcheck.guardrail import Severity
from selfcheck.judge import ALL_NEEDS, UNCOMPARED, Compared, examine, judge
from selfcheck.model import Outcome, Status
from selfcheck.policy import Renames, Skipped
from selfcheck.prove import Proven, Terms, prove
from selfcheck.recall import HEAD, recalled, remembering
from selfcheck.store import Store
from selfcheck.testing import guardrail, judged, memory
from selfcheck.trees import Memory


class NothingChanges(Check):
    """Every file is as the base has it."""

    needs: ClassVar[frozenset[Need]] = frozenset({Need.BASE})

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each file that is not."""
        assert repo.base is not None
        files = repo.tree.files()
        yield Evidence("files", len(files), len(files))
        for file in files:
            old = repo.base.file(file.path)
            if old is None or old.bytes != file.bytes:
                yield Finding(key=file.path, message="changed")

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """A longer file."""
        yield Canary("append", (Append("a.txt", b"more"),), "a.txt")


CASE = Case(guardrail(), NothingChanges())


def test_without_a_base_it_is_skipped_and_says_what_to_do() -> None:
    assert examine(CASE, memory({"a.txt": ""})) == Skipped(UNCOMPARED)


def test_a_run_that_starts_no_program_may_compare() -> None:
    repo = memory({"a.txt": "1"}, base={"a.txt": "0"})

    assert allowed(no_exec=True) == {Need.BASE}
    assert examine(CASE, repo, allowed(no_exec=True)) == examine(CASE, repo, ALL_NEEDS)


def test_what_it_finds_is_new_whatever_the_base_would_say() -> None:
    repo = memory({"a.txt": "1"}, base={"a.txt": "0"})
    compared = Compared(repo.elsewhere(Memory({"a.txt": b"0"})), Renames({}))

    ((_, verdict),) = judge([CASE], repo, fail_on=Severity.HIGH, jobs=1, bases=[compared])

    assert [ruling.status for ruling in verdict.findings] == [Status.NEW]


def test_it_is_proven_without_a_base_and_with_another_one() -> None:
    terms = Terms(fail_on=Severity.HIGH)

    for repo in (memory({"a.txt": ""}), memory({"a.txt": ""}, base={"a.txt": "old"})):
        ((_, proof),) = prove([CASE], repo, terms=terms, jobs=1)

        assert (proof.outcome, proof.bit) == (Proven.PROVEN, ("append",))


def test_what_it_saw_of_one_base_is_not_remembered_for_another(tmp_path: Path) -> None:
    store = Store(tmp_path)

    for base in (None, {"a.txt": "1"}, {"a.txt": "0"}):
        repo = memory({"a.txt": "1"}, base=base)
        remembering(CASE, repo, store, examine, 0.0)

        assert recalled(CASE, repo, store, HEAD) is None


def test_a_proof_is_remembered_and_an_edit_makes_it_anew(tmp_path: Path) -> None:
    store = Store(tmp_path)
    terms = Terms(fail_on=Severity.HIGH)

    def proofs(text: str) -> Proven:
        repo = memory({"a.txt": text})
        repo.facts.store = store
        ((_, proof),) = prove([CASE], repo, terms=terms, jobs=1)
        return proof.outcome

    assert (proofs("1"), proofs("1"), proofs("2")) == (Proven.PROVEN, Proven.PROVEN, Proven.PROVEN)


def test_the_tree_to_be_merged_into_is_not_the_base() -> None:
    repo = memory({"a.txt": "1"}, base={"a.txt": "1"}, target={"a.txt": "2"})

    assert repo.target is not None
    assert judged(NothingChanges(), repo).outcome is Outcome.PASS
    assert repo.against_itself().target is None
