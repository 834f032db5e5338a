"""What a finding became since: smaller is no news, larger says how it grew; and where the base cannot tell, all is new."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from selfcheck.check import Case, Check, Evidence, Finding, Need, Repository, Seen
from selfcheck.guardrail import Severity
from selfcheck.judge import Compared, judge
from selfcheck.model import Outcome, Status
from selfcheck.policy import Renames
from selfcheck.testing import git_repository, guardrail, memory
from tests.cli.calling import Called, called
from tests.gate.repositories import Found, commit, found, reasons
from tests.trees.working_copy import git

CYCLES = """\
version: 1
guardrails:
  - {id: no-cycles, title: No circles, why: They rot., severity: high, check: {use: imports-acyclic}}
"""
SHORT = """\
version: 1
guardrails:
  - {id: short, title: Files are short, why: Reading., severity: high, check: {use: max-lines, limit: 300, paths: ["*.py"]}}
"""
PROGRAM = """\
version: 1
guardrails:
  - {id: builds, title: It builds, why: We ship it., severity: high, timeout: 2, check: {use: command, run: [sh, build.sh]}}
"""
TRIANGLE = {"a.py": "import b\n", "b.py": "import c\n", "c.py": "import a\n"}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def growth(ended: Called) -> dict[str, str | None]:
    """How the findings that count have grown, by their keys."""
    findings = [each for verdict in json.loads(ended.stdout)["verdicts"] for each in verdict["findings"]]
    return {each["key"]: each["growth"] for each in findings if each["status"] == "new"}


@pytest.mark.parametrize("kept", ["base", "baseline"])
def test_a_cycle_that_loses_a_module_is_not_new(kept: str, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git_repository(root, {"guardrails.yaml": CYCLES, **TRIANGLE})
    if kept == "baseline":
        called(capsys, "baseline", "accept", "--reason", "old")
    commit(root, {"b.py": "import a\n", "c.py": ""})

    ended = found(capsys, *(("--base", "HEAD~1") if kept == "base" else ()))

    assert ended == Found(0, {})


@pytest.mark.parametrize("kept", ["base", "baseline"])
def test_a_cycle_that_gains_a_module_says_how_it_grew(
    kept: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git_repository(root, {"guardrails.yaml": CYCLES, **TRIANGLE})
    if kept == "baseline":
        called(capsys, "baseline", "accept", "--reason", "old")
    commit(root, {"c.py": "import d\n", "d.py": "import a\n"})

    ended = called(capsys, "run", *(("--base", "HEAD~1") if kept == "base" else ()), "--format", "json")

    assert (ended.code, growth(ended)) == (1, {"a, b, c, d": "grew by d"})


def test_a_cycle_that_falls_into_two_is_not_new(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    square = {"a.py": "import b\n", "b.py": "import a, c\n", "c.py": "import d\n", "d.py": "import c, a\n"}
    git_repository(root, {"guardrails.yaml": CYCLES, **square})
    commit(root, {"b.py": "import a\n", "d.py": "import c\n"})

    assert found(capsys, "--base", "HEAD~1") == Found(0, {})


def test_a_cycle_whose_module_is_moved_is_not_new(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git_repository(root, {"guardrails.yaml": CYCLES, **TRIANGLE})
    git(root, "mv", "c.py", "renamed.py")
    (root / "b.py").write_text("import renamed\n", encoding="utf-8")

    assert found(capsys, "--base", "HEAD") == Found(0, {})


@pytest.mark.parametrize(
    ("lines", "expected"), [(2297, {}), (2298, {}), (2299, {"long.py": "2,299, accepted at 2,298"})]
)
@pytest.mark.parametrize("kept", ["base", "baseline"])
def test_a_file_accepted_at_a_length_may_not_grow_past_it(
    kept: str, lines: int, expected: dict[str, str], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git_repository(root, {"guardrails.yaml": SHORT, "long.py": "1\n" * 2298})
    if kept == "baseline":
        called(capsys, "baseline", "accept", "--reason", "old")
    commit(root, {"long.py": "1\n" * lines})

    ended = called(capsys, "run", *(("--base", "HEAD~1") if kept == "base" else ()), "--format", "json")

    assert (ended.code, growth(ended)) == (int(bool(expected)), expected)


def test_a_baseline_shrinks_with_what_it_accepts(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git_repository(root, {"guardrails.yaml": SHORT, "long.py": "1\n" * 2298})
    called(capsys, "baseline", "accept", "--reason", "old")
    commit(root, {"long.py": "1\n" * 2297})

    updating = called(capsys, "baseline", "update")
    commit(root, {"long.py": "1\n" * 2298})
    ended = called(capsys, "run", "--format", "json")

    assert updating.stdout == "wrote guardrails/baseline.jsonl: 1 finding accepted, 1 before\n"
    assert (ended.code, growth(ended)) == (1, {"long.py": "2,298, accepted at 2,297"})


@pytest.mark.parametrize(
    ("before", "why"),
    [
        ({"build.sh": "sleep 60\n"}, "timed out after 2 s"),
        ({"build.sh": "kill -9 $$\n"}, "the program was killed by SIGKILL"),
    ],
    ids=["a deadline", "a crash"],
)
def test_where_the_base_could_not_be_judged_everything_is_new_and_it_is_said(
    before: dict[str, str], why: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git_repository(root, {"guardrails.yaml": PROGRAM, **before}, {"build.sh": "exit 1\n"})

    ended = called(capsys, "run", "--base", "HEAD~1", "--format", "json")

    said = reasons(ended)["builds"]
    assert (ended.code, growth(ended)) == (1, {"exit status": None})
    assert said.startswith(f"the base could not be judged, so nothing counts as old: {why}")


def test_what_fails_on_the_base_too_is_not_new(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git_repository(root, {"guardrails.yaml": PROGRAM, "build.sh": "exit 1\n"}, {"build.sh": "exit 2\n"})

    assert found(capsys, "--base", "HEAD~1") == Found(0, {})


class Asks(Check):
    """Asks the world, and writes down that it did."""

    needs: ClassVar[frozenset[Need]] = frozenset({Need.NETWORK})
    book: str

    def run(self, repo: Repository) -> Iterator[Seen]:
        with Path(self.book).open("a", encoding="utf-8") as book:
            book.write(f"{sorted(repo.tree.kinds)}\n")
        yield Evidence("answers", 1, 1)
        yield Finding(key="answer", message="the world says no")


class AsksADatabase(Asks):
    """Asks a database."""

    needs: ClassVar[frozenset[Need]] = frozenset({Need.DATABASE})


@pytest.mark.parametrize("check", [Asks, AsksADatabase])
@pytest.mark.parametrize("fixed", [False, True])
def test_what_looks_at_the_world_is_never_compared(check: type[Asks], fixed: bool, tmp_path: Path) -> None:
    book = tmp_path / "book"
    repo = memory({"head": ""})
    base = Compared(repo.elsewhere(memory({"base": ""}).tree), Renames({}))
    case = Case(guardrail(), check(book=str(book)))

    [(_, verdict)] = judge([case], repo, fail_on=Severity.HIGH, jobs=1, bases=[base], fixed=fixed)

    assert (verdict.outcome, [each.status for each in verdict.findings]) == (Outcome.FAIL, [Status.NEW])
    assert book.read_text(encoding="utf-8") == "['head']\n"
