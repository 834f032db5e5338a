"""What the authors of checks test with fails where their check is wrong."""

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

import pytest

from selfcheck.check import Canary, Check, Evidence, Finding, Repository, Seen, Write
from selfcheck.checks.files import FilesAbsent
from selfcheck.guardrail import Severity
from selfcheck.model import Outcome
from selfcheck.testing import assert_breaks, assert_keeps, guardrail, judged, memory, over, proven
from selfcheck.trees import Memory

TIDY = FilesAbsent(("*.tmp",))


class NoNewFile(Check):
    """Nothing is there that was not there before."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each path that the base has not."""
        before = repo.base.kinds if repo.base else {}
        yield Evidence("paths", len(repo.tree.kinds), len(repo.tree.kinds))
        yield from (Finding(key=path, message="is new") for path in repo.tree.kinds if path not in before)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """A new file."""
        yield Canary("add a file", (Write("new", b""),), expect="new")


def test_a_repository_in_memory_has_the_base_that_it_is_given() -> None:
    assert_breaks(NoNewFile(), memory({"a": "", "b": ""}, base={"a": ""}), "b")
    assert_keeps(NoNewFile(), memory({"a": ""}, base={"a": ""}))


class Blind(Check):
    """Sees nothing wrong, whatever there is."""

    canary: ClassVar[bool] = True

    def run(self, repo: Repository) -> Iterator[Seen]:
        """Only evidence."""
        yield Evidence("files", 1, 1)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """An edit that it does not see."""
        yield Canary("add a file", (Write("a", b""),))


def test_a_kept_promise_with_a_canary_that_bites_is_kept() -> None:
    verdict = assert_keeps(TIDY, memory({"a": "text"}))

    assert verdict.evidence == (Evidence("paths", 1, 1),)


def test_a_broken_promise_is_not_kept() -> None:
    with pytest.raises(AssertionError, match="fail: "):
        assert_keeps(TIDY, memory({"a.tmp": ""}))


def test_a_check_whose_canary_does_not_bite_is_not_kept() -> None:
    with pytest.raises(AssertionError, match="missed: add a file: no new finding came of it"):
        assert_keeps(Blind(), memory({}))


def test_a_broken_promise_breaks_with_exactly_its_keys() -> None:
    findings = assert_breaks(TIDY, memory({"b.tmp": "", "a.tmp": "", "c": ""}), "a.tmp", "b.tmp")

    assert all(isinstance(finding, Finding) for finding in findings)


@pytest.mark.parametrize("keys", [(), ("a.tmp",), ("b.tmp", "a.tmp"), ("a.tmp", "b.tmp", "c.tmp")])
def test_other_keys_than_those_found_are_no_match(keys: tuple[str, ...]) -> None:
    with pytest.raises(AssertionError):
        assert_breaks(TIDY, memory({"a.tmp": "", "b.tmp": ""}), *keys)


def test_a_kept_promise_does_not_break() -> None:
    with pytest.raises(AssertionError, match="pass: "):
        assert_breaks(TIDY, memory({"a": ""}))


def test_a_repository_in_memory_has_what_it_is_given() -> None:
    repo = memory({"a": "é", "b": b"\xff"}, links={"c": "a"}, environ={"X": "1"}, today=date(2026, 2, 3))

    assert [repo.tree.read(path) for path in repo.tree.kinds] == ["é".encode(), b"\xff", b"a"]
    assert (repo.environ, repo.today) == ({"X": "1"}, date(2026, 2, 3))


def test_any_tree_makes_a_repository() -> None:
    assert judged(TIDY, over(Memory({"a.tmp": b""}))).outcome is Outcome.FAIL


def test_a_guardrail_can_be_given_to_hang_the_check_on() -> None:
    verdict = judged(TIDY, memory({"a.tmp": ""}), guardrail(severity=Severity.LOW))

    assert (verdict.outcome, verdict.gates) == (Outcome.FAIL, False)


def test_a_proof_names_the_canaries_that_bit() -> None:
    assert proven(TIDY, memory({"a": ""})).bit == ("add canary.tmp",)
