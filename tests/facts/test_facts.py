"""Facts: read once by content, never wrong, and an unmodified file is not even read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from selfcheck.check import Case, Check, Evidence, File, Repository, Seen, Tree
from selfcheck.checks.imports.acyclic import ImportsAcyclic
from selfcheck.errors import Unreadable
from selfcheck.facts import Extractor, Facts
from selfcheck.guardrail import Severity
from selfcheck.judge import judge
from selfcheck.store import Store
from selfcheck.subjects.imports import BY_DEFAULT, Kind
from selfcheck.testing import guardrail, over
from selfcheck.trees import Directory, Memory
from selfcheck.trees.content import blob_id
from tests.trees.working_copy import git, working_copy


def length(content: bytes) -> int:
    if content == b"unreadable":
        raise Unreadable("has no length")
    return len(content)


LENGTH = Extractor("length", 1, int, length)


class Counting(Directory):
    """A working tree that counts what is read of it."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.reads: list[str] = []

    def read(self, path: str) -> bytes:
        self.reads.append(path)
        return super().read(path)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "cache")


def seen(facts: Facts, files: tuple[File, ...], extractor: Extractor[int] = LENGTH) -> dict[str, int | str]:
    found = facts.of(extractor, files)
    return {file.path: str(fact) if isinstance(fact, Unreadable) else fact for file, fact in found}


def test_without_a_store_everything_is_extracted() -> None:
    tree = Memory({"a": b"12", "b": b"unreadable"})

    assert seen(Facts(), tree.files()) == {"a": 2, "b": "has no length"}


def test_an_unmodified_file_that_is_known_is_not_read(tmp_path: Path, store: Store) -> None:
    root = working_copy(tmp_path / "r", {"a": b"12", "b": b"unreadable", "c": b"1"})
    seen(Facts(store), Directory(root).files())
    tree = Counting(root)

    found = seen(Facts(store), tree.files())

    assert (found, tree.reads) == ({"a": 2, "b": "has no length", "c": 1}, [])


def test_a_modified_file_is_read_and_has_its_own_fact(tmp_path: Path, store: Store) -> None:
    root = working_copy(tmp_path / "r", {"a": b"12", "b": b"123"})
    seen(Facts(store), Directory(root).files())
    (root / "a").write_bytes(b"123456")
    tree = Counting(root)

    found = seen(Facts(store), tree.files())

    assert found == {"a": 6, "b": 3}
    assert set(tree.reads) == {"a"}


def test_a_content_that_moved_is_known_where_it_is_now(tmp_path: Path, store: Store) -> None:
    root = working_copy(tmp_path / "r", {"a": b"12"})
    seen(Facts(store), Directory(root).files())
    git(root, "mv", "a", "folder-b")
    tree = Counting(root)

    assert (seen(Facts(store), tree.files()), tree.reads) == ({"folder-b": 2}, [])


def test_a_file_that_git_was_told_not_to_look_at_is_read_all_the_same(tmp_path: Path, store: Store) -> None:
    root = working_copy(tmp_path / "r", {"a": b"12"})
    seen(Facts(store), Directory(root).files())
    git(root, "update-index", "--assume-unchanged", "a")
    (root / "a").write_bytes(b"123456")

    assert seen(Facts(store), Directory(root).files()) == {"a": 6}


def test_another_extractor_version_or_interpreter_has_facts_of_its_own(store: Store) -> None:
    files = Memory({"a": b"12"}).files()
    others = [
        Extractor("length", 2, int, lambda content: -len(content)),
        Extractor("other", 1, int, lambda content: 7),
        Extractor("length", 1, int, lambda content: 8, host=True),
    ]

    found = [seen(Facts(store), files, extractor)["a"] for extractor in (LENGTH, *others, LENGTH)]

    assert found == [2, -2, 7, 8, 2]


def test_a_stored_fact_of_another_type_is_extracted_again(store: Store) -> None:
    files = Memory({"a": b"12"}).files()
    earlier: Extractor[Any] = Extractor("length", 1, str, lambda content: "two")
    seen(Facts(store), files, earlier)

    assert seen(Facts(store), files) == {"a": 2}


def test_a_fact_is_kept_under_the_id_that_the_bytes_really_have(tmp_path: Path, store: Store) -> None:
    root = working_copy(tmp_path / "r", {"a": b"12"})
    tree = Directory(root)
    assert tree.content_id("a") == blob_id(b"12")
    (root / "a").write_bytes(b"poison")  # after it was listed as unmodified

    seen(Facts(store), tree.files())

    git(root, "checkout", "--", "a")
    assert seen(Facts(store), Directory(root).files()) == {"a": 2}


def test_facts_read_ahead_by_several_processes_change_no_verdict(tmp_path: Path) -> None:
    modules = {f"m{number}.py": f"import m{(number * 7 + 3) % 300}\n".encode() for number in range(300)}
    cases = (Case(guardrail(), ImportsAcyclic()),)

    found = []
    for jobs in (1, 4):
        repo = Repository(
            Memory(modules), environ={}, today=over(Memory({})).today, facts=Facts(Store(tmp_path / f"cache{jobs}"))
        )
        found += [verdict for _, verdict in judge(cases, repo, fail_on=Severity.HIGH, jobs=jobs)]

    assert [(each.outcome, each.findings, each.evidence) for each in found[:1]] == [
        (each.outcome, each.findings, each.evidence) for each in found[1:]
    ]
    assert found[0].evidence[0] == Evidence("modules", 300, 300)


def test_checks_of_one_subject_judged_in_several_processes_come_to_what_they_come_to_in_one(tmp_path: Path) -> None:
    modules = {f"p/m{number}.py": f"import p.m{(number * 7 + 3) % 150}\n".encode() for number in range(150)}
    kinds = (BY_DEFAULT, (), tuple(Kind))
    cases = tuple(Case(guardrail(), ImportsAcyclic(kinds=each)) for each in kinds)

    found: list[dict[int, object]] = []
    for jobs, store in ((1, None), (4, None), (4, Store(tmp_path / "cache")), (4, Store(tmp_path / "cache"))):
        repo = Repository(Memory(modules), environ={}, today=over(Memory({})).today, facts=Facts(store))
        verdicts = judge(cases, repo, fail_on=Severity.HIGH, jobs=jobs, worthwhile=0.0)
        found.append({number: (each.outcome, each.findings, each.evidence) for number, each in verdicts})

    assert found == [found[0]] * 4
    assert len(found[0]) == 3


def test_what_checks_share_is_recorded_as_asked_by_each(tmp_path: Path) -> None:
    modules = {f"m{number}.py": b"" for number in range(150)}
    cases = tuple(Case(guardrail(), ImportsAcyclic(kinds=each)) for each in (BY_DEFAULT, ()))
    store, today = Store(tmp_path / "cache"), over(Memory({})).today

    outcomes = []
    for files in (modules, modules | {"m1.py": b"import m2", "m2.py": b"import m1"}, modules):
        repo = Repository(Memory(files), environ={}, today=today, facts=Facts(store))
        verdicts = judge(cases, repo, fail_on=Severity.HIGH, jobs=2, worthwhile=0.0)
        outcomes.append(sorted(f"{each.outcome}" for _, each in verdicts))

    assert outcomes == [["pass", "pass"], ["fail", "fail"], ["pass", "pass"]]


class SharesNothing(Check):
    """Says that it will share what cannot be read."""

    subject = "odd"

    def ahead(self, tree: Tree) -> Iterator[tuple[Extractor[Any], tuple[File, ...]]]:
        yield LENGTH, tree.files()

    def share(self, repo: Repository) -> bool:
        raise ZeroDivisionError

    def run(self, repo: Repository) -> Iterator[Seen]:
        yield Evidence("files", 1, 1)


def test_what_cannot_be_shared_costs_no_verdict() -> None:
    repo = over(Memory({f"{number}": b"" for number in range(200)}))

    found = list(judge((Case(guardrail(), SharesNothing()),) * 2, repo, fail_on=Severity.HIGH, jobs=4))

    assert [verdict.outcome for _, verdict in found] == ["pass", "pass"]


class DiesAhead(Check):
    """Says that it will ask for a fact whose extraction ends the process."""

    def ahead(self, tree: Tree) -> Iterator[tuple[Extractor[Any], tuple[File, ...]]]:
        yield Extractor("deadly", 1, int, _die), tree.files()

    def run(self, repo: Repository) -> Iterator[Seen]:
        yield Evidence("files", 1, 1)


def _die(content: bytes) -> int:
    raise SystemExit(0)


def test_a_process_that_dies_while_reading_ahead_costs_no_verdict() -> None:
    repo = over(Memory({f"{number}": b"" for number in range(200)}))

    found = list(judge((Case(guardrail(), DiesAhead()),), repo, fail_on=Severity.HIGH, jobs=4))

    assert [verdict.outcome for _, verdict in found] == ["pass"]
