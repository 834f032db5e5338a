"""What is recalled is what would be seen: over any edits, a run with memory and one without agree."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfcheck import recall
from selfcheck.check import Case, Check, Evidence, Finding, Repository, Seen, Unreadable
from selfcheck.checks.files import FilesAbsent, FilesExist
from selfcheck.checks.imports.acyclic import ImportsAcyclic
from selfcheck.checks.max_lines import MaxLines
from selfcheck.checks.text import TextContains, TextForbids
from selfcheck.facts import Facts
from selfcheck.guardrail import Severity
from selfcheck.judge import judge
from selfcheck.model import Outcome, Verdict
from selfcheck.patterns import Pattern
from selfcheck.store import Store
from selfcheck.subjects.imports import Kind
from selfcheck.testing import TODAY, guardrail
from selfcheck.trees import Directory, Tree
from tests.trees.working_copy import git, working_copy


class AsksEverything(Check):
    """Asks a tree every question that there is, and reports the answers."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        tree = repo.tree
        answers = [
            str(list(tree.kinds)),
            str(tree.paths(("*.py", "ln"))),
            str(tree.resolve("ln")),
            str(tree.file("a.py")),
        ]
        answers += [f"{file.path} {file.bytes!r} {tree.executable(file.path)}" for file in tree.files(("**/*.py",))]
        answers += [str((tree.content_id("a.py"), tree.read("a.py"))[1]) if "a.py" in tree.kinds else "no a.py"]
        yield Evidence("answers", len(answers), len(answers))
        for number, answer in enumerate(answers):
            yield Finding(key=str(number), message=answer)


class AsksFor(Check):
    """Asks for something beyond the tree."""

    what: str

    def run(self, repo: Repository) -> Iterator[Seen]:
        yield Evidence(str(getattr(repo, self.what)), 1, 1)


class Counts(Check):
    """Leaves a mark outside of the tree each time it is run."""

    mark: str
    fails: bool = False
    version = 1

    def run(self, repo: Repository) -> Iterator[Seen]:
        with Path(self.mark).open("a") as file:
            file.write("x")
        if self.fails:
            raise Unreadable("today")
        yield Evidence("files", len(repo.tree.files()), 1)


CHECKS: tuple[Check, ...] = (
    AsksEverything(),
    FilesExist(paths=("a.py", "p/", "*.txt")),
    FilesAbsent(paths=("**/c.py",)),
    ImportsAcyclic(),
    MaxLines(limit=2, paths=("**",)),
    TextContains(pattern=Pattern("import"), paths=("**/*.py",), every=False),
    TextForbids(pattern=Pattern("forbidden"), paths=("**/*.py", "!p/")),
)
CONTENTS = (
    b"",
    b"import b\n",
    b"import a\n",
    b"from p import c\n",
    b"forbidden\n",
    b"1\n2\n3\n",
    b"def (:\n",
    b"\xff\xfe\x00",
)
PATHS = ("a.py", "b.py", "p/__init__.py", "p/c.py", "x.txt", "p/x.txt")
edits = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(PATHS), st.sampled_from(CONTENTS)),
    st.tuples(st.just("delete"), st.sampled_from(PATHS), st.none()),
    st.tuples(st.just("move"), st.sampled_from(PATHS), st.sampled_from(PATHS)),
    st.tuples(st.just("chmod"), st.sampled_from(PATHS), st.sampled_from([0o644, 0o755])),
    st.tuples(st.just("touch"), st.sampled_from(PATHS), st.sampled_from([1, 10**9])),
    st.tuples(st.just("link"), st.just("ln"), st.sampled_from(PATHS)),
    st.tuples(st.sampled_from(["stage", "commit"]), st.none(), st.none()),
)


def apply(root: Path, verb: str, path: str | None, about: object) -> None:
    place = root / (path or ".")
    match verb, about:
        case "write", bytes(content):
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(content)
        case "delete", _:
            place.unlink(missing_ok=True)
        case "move", str(other) if place.exists():
            (root / other).parent.mkdir(exist_ok=True)
            place.replace(root / other)
        case "chmod", int(mode) if place.exists():
            place.chmod(mode)
        case "touch", int(moment) if place.exists():
            os.utime(place, (moment, moment))
        case "link", str(other):
            place.unlink(missing_ok=True)
            place.symlink_to(other)
        case "stage" | "commit", _:
            git(root, "add", "--all")
            git(root, *(("commit", "--quiet", "--allow-empty", "-m", "x") if verb == "commit" else ("status",)))
        case _:
            pass


def judged(tree: Tree, checks: tuple[Check, ...], store: Store | None) -> list[Verdict]:
    cases = tuple(Case(guardrail(), check) for check in checks)
    repo = Repository(tree, environ={}, today=TODAY, facts=Facts(store))
    found = dict(judge(cases, repo, fail_on=Severity.HIGH, jobs=1, worthwhile=0.0))
    return [found[number] for number in range(len(cases))]


def essence(verdicts: list[Verdict]) -> list[object]:
    return [(each.outcome, each.reason, each.findings, each.unread, each.evidence) for each in verdicts]


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(st.lists(edits, min_size=1, max_size=6))
def test_over_any_edits_a_run_with_memory_sees_what_one_without_does(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str | None, object]]
) -> None:
    folder = tmp_path_factory.mktemp("edited")
    root = working_copy(folder / "r", {"a.py": b"import b\n", "b.py": b"", "p/__init__.py": b"", "x.txt": b"x"})
    store = Store(folder / "cache")
    judged(Directory(root), CHECKS, store)

    for verb, path, about in steps:
        apply(root, verb, path, about)

        assert essence(judged(Directory(root), CHECKS, store)) == essence(judged(Directory(root), CHECKS, None))


def test_an_unchanged_tree_is_not_looked_at_again(tmp_path: Path) -> None:
    root, mark = working_copy(tmp_path / "r", {"a.py": b""}), tmp_path / "mark"
    store = Store(tmp_path / "cache")

    for _ in range(3):
        judged(Directory(root), (Counts(mark=str(mark)),), store)

    assert mark.read_text() == "x"


def test_a_new_file_that_a_glob_would_match_is_looked_at(tmp_path: Path) -> None:
    root, store = working_copy(tmp_path / "r", {"a.py": b""}), Store(tmp_path / "cache")
    check = FilesAbsent(paths=("**/new.py",))
    assert [each.outcome for each in judged(Directory(root), (check,), store)] == [Outcome.PASS]
    (root / "new.py").write_bytes(b"")

    assert [each.outcome for each in judged(Directory(root), (check,), store)] == [Outcome.FAIL]


def test_other_options_are_another_memory(tmp_path: Path) -> None:
    root, store = working_copy(tmp_path / "r", {"a.py": b"1\n2\n"}), Store(tmp_path / "cache")

    found = [
        judged(Directory(root), (MaxLines(limit=limit, paths=("**",)),), store)[0].outcome for limit in (5, 1, 5, 1)
    ]

    assert found == [Outcome.PASS, Outcome.FAIL, Outcome.PASS, Outcome.FAIL]


@pytest.mark.parametrize("what", ["today", "environ", "guardrails"])
def test_what_asks_beyond_the_tree_is_never_remembered(tmp_path: Path, what: str) -> None:
    root, store = working_copy(tmp_path / "r", {"a.py": b""}), Store(tmp_path / "cache")

    judged(Directory(root), (AsksFor(what),), store)

    assert store.usage().entries == 0


def test_a_failure_is_never_remembered(tmp_path: Path) -> None:
    root, mark = working_copy(tmp_path / "r", {"a.py": b""}), tmp_path / "mark"
    store = Store(tmp_path / "cache")

    for _ in range(2):
        judged(Directory(root), (Counts(mark=str(mark), fails=True),), store)

    assert mark.read_text() == "xx"


def test_what_costs_little_is_not_remembered(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {"a.py": b""})
    entries: list[int] = []

    for number in range(20):  # on a busy machine the least may take long
        store = Store(tmp_path / f"cache{number}")
        repo = Repository(Directory(root), environ={}, today=TODAY, facts=Facts(store))
        list(judge((Case(guardrail(), MaxLines(limit=1, paths=("**",))),), repo, fail_on=Severity.HIGH, jobs=1))
        entries.append(store.usage().entries)
        if not entries[-1]:
            break

    assert (recall.WORTHWHILE, min(entries)) == (0.05, 0)


def test_checks_of_one_subject_are_each_remembered_with_what_was_asked_for_both(tmp_path: Path) -> None:
    root, store = working_copy(tmp_path / "r", {"a.py": b"import b\n", "b.py": b""}), Store(tmp_path / "cache")
    both = (ImportsAcyclic(), ImportsAcyclic(kinds=(Kind.FUNCTION,)))
    assert [each.outcome for each in judged(Directory(root), both, store)] == [Outcome.PASS] * 2
    (root / "b.py").write_bytes(b"import a\n")

    assert [each.outcome for each in judged(Directory(root), both, store)] == [Outcome.FAIL] * 2
