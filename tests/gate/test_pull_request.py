"""A team with old debt: it adopts selfcheck with a baseline, and a pull request is judged by what it makes worse."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from selfcheck.registry import Registry
from selfcheck.testing import git_repository
from tests.cli.calling import Called, called
from tests.gate.readers import READERS
from tests.gate.repositories import RULEBOOK, Found, commit, found
from tests.trees.working_copy import git

OLD = [f"old{number}.txt" for number in range(10)]
BASELINE = "guardrails/baseline.jsonl"
Call = Callable[..., Called]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """`selfcheck` with these arguments, in the current folder."""
    return lambda *arguments: called(capsys, *arguments)


@pytest.fixture
def debt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a clone on a branch of its own, whose remote has a rulebook and ten findings on `main`."""
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "remote")
    root = tmp_path / "desk"
    git_repository(root, {"guardrails.yaml": RULEBOOK} | {name: f"{name} TODO\n" for name in OLD})
    git(root, "remote", "add", "origin", f"file://{tmp_path / 'remote'}")
    git(root, "push", "--quiet", "--set-upstream", "origin", "main")
    git(root, "checkout", "--quiet", "-b", "work")
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def adopted(debt: Path, call: Call) -> Path:
    """The same after its findings were accepted in a baseline, on `main` too."""
    assert call("baseline", "accept", "--reason", "from before selfcheck").code == 0
    commit(debt, {})
    git(debt, "push", "--quiet", "origin", "work:main")
    return debt


def accepted(root: Path) -> list[str]:
    """The keys of the baseline."""
    return [json.loads(line)["key"] for line in (root / BASELINE).read_text(encoding="utf-8").splitlines()]


def test_accepting_what_there_is_makes_a_gate_that_passes(
    adopted: Path, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    here = call("run")
    monkeypatch.setenv("CI", "true")
    in_ci = call("run", "--base", "origin/main")

    assert (here.code, in_ci.code, accepted(adopted)) == (0, 0, OLD)


def test_adopting_is_itself_a_change_that_passes(debt: Path, monkeypatch: pytest.MonkeyPatch, call: Call) -> None:
    git(debt, "rm", "--quiet", "guardrails.yaml")
    commit(debt, {})
    git(debt, "push", "--quiet", "origin", "work:main")
    commit(debt, {"guardrails.yaml": RULEBOOK})
    accepting = call("baseline", "accept", "--reason", "from before selfcheck")
    commit(debt, {})
    monkeypatch.setenv("CI", "true")

    ended = call("run", "--base", "origin/main")

    assert (accepting.code, ended.code) == (0, 0), ended.stdout


@pytest.mark.parametrize("kept", ["baseline", "nothing"])
def test_one_violation_beside_ten_old_ones_is_the_only_one_that_any_format_names(
    kept: str, debt: Path, tmp_path: Path, request: pytest.FixtureRequest, call: Call
) -> None:
    if kept == "baseline":
        request.getfixturevalue("adopted")
    commit(debt, {"new.txt": "TODO\n"})
    formats = Registry(plugins=False).formats()
    targets = [argument for name in formats for argument in ("--format", f"{name}={tmp_path / name}.out")]

    ended = call("run", "--base", "origin/main", *targets)

    told = {name: READERS[name]((tmp_path / f"{name}.out").read_text(encoding="utf-8")) for name in formats}
    assert (ended.code, told) == (1, {name: ["new.txt"] for name in READERS})


@pytest.mark.parametrize("how", ["untracked", "intended", "staged", "committed", "edited", "staged and edited away"])
def test_what_stands_on_disk_is_judged(how: str, adopted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit(adopted, {"kept.txt": "nothing to do\n"})
    name = "kept.txt" if how == "edited" else "new.txt"
    (adopted / name).write_text("TODO\n", encoding="utf-8")
    match how:
        case "intended":
            git(adopted, "add", "--intent-to-add", name)
        case "staged":
            git(adopted, "add", name)
        case "committed":
            commit(adopted, {})
        case "staged and edited away":
            git(adopted, "add", name)
            (adopted / name).write_text("done\n", encoding="utf-8")

    ended = found(capsys, "--base", "origin/main")

    assert ended == (Found(0, {}) if how == "staged and edited away" else Found(1, {"no-todo": [name]}))


def test_what_main_has_gained_since_is_no_fault_of_the_branch(
    adopted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git(adopted, "checkout", "--quiet", "-b", "others", "origin/main")
    commit(adopted, {"others.txt": "TODO\n", "old0.txt": "done\n"})
    git(adopted, "push", "--quiet", "origin", "others:main")
    git(adopted, "checkout", "--quiet", "work")

    ended = found(capsys, "--base", "origin/main")

    assert ended == Found(0, {})


def test_after_one_is_mended_the_baseline_is_stale_in_ci_until_it_is_updated(
    adopted: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], call: Call
) -> None:
    commit(adopted, {"old3.txt": "done\n"})

    here = found(capsys)
    monkeypatch.setenv("CI", "true")
    stale = found(capsys, "--base", "origin/main")
    updating = call("baseline", "update")
    mended = found(capsys, "--base", "origin/main")

    assert (here, stale, mended) == (
        Found(0, {}),
        Found(1, {"exceptions": ["baseline no-todo: old3.txt"]}),
        Found(0, {}),
    )
    assert (updating.code, updating.stdout) == (
        0,
        f"no-todo: -1\nwrote {BASELINE}: 9 findings accepted, 10 before\n",
    )
    assert accepted(adopted) == [name for name in OLD if name != "old3.txt"]


def test_what_an_update_took_out_may_not_come_back(
    adopted: Path, capsys: pytest.CaptureFixture[str], call: Call
) -> None:
    (adopted / "old3.txt").write_text("done\n", encoding="utf-8")
    assert call("baseline", "update").code == 0
    commit(adopted, {})
    git(adopted, "push", "--quiet", "origin", "work:main")
    commit(adopted, {"old3.txt": "TODO\n"})

    assert found(capsys, "--base", "origin/main") == Found(1, {"no-todo": ["old3.txt"]})


@pytest.mark.parametrize("kept", ["baseline", "nothing"])
@pytest.mark.parametrize("how", ["staged", "committed"])
def test_a_file_that_git_moves_changes_nothing_under_base(
    kept: str,
    how: str,
    debt: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if kept == "baseline":
        request.getfixturevalue("adopted")
    git(debt, "mv", "old3.txt", "moved to.txt")
    if how == "committed":
        commit(debt, {})
    monkeypatch.setenv("CI", "true")

    ended = found(capsys, "--base", "origin/main")

    assert ended == Found(0, {})


def test_a_file_that_git_moves_is_carried_in_the_baseline_by_its_update(
    adopted: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], call: Call
) -> None:
    git(adopted, "mv", "old3.txt", "moved.txt")
    commit(adopted, {})
    monkeypatch.setenv("CI", "true")

    before = found(capsys)
    updating = call("baseline", "update", "--renames", "origin/main")
    after = [found(capsys), found(capsys, "--base", "origin/main")]

    assert before == Found(1, {"no-todo": ["moved.txt"], "exceptions": ["baseline no-todo: old3.txt"]})
    assert (updating.code, updating.stdout) == (
        0,
        f"wrote {BASELINE}: 10 findings accepted, 10 before\n",
    )
    assert after == [Found(0, {}), Found(0, {})]
    assert accepted(adopted) == ["moved.txt", *(name for name in OLD if name != "old3.txt")]


def test_an_update_alone_does_not_accept_a_file_that_was_moved(adopted: Path, call: Call) -> None:
    git(adopted, "mv", "old3.txt", "moved.txt")

    updating = call("baseline", "update")

    assert updating.stdout == f"no-todo: -1\nwrote {BASELINE}: 9 findings accepted, 10 before\n"


def test_a_copy_beside_an_old_finding_is_new(adopted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit(adopted, {"copy.txt": "old3.txt TODO\n"})

    assert found(capsys, "--base", "origin/main") == Found(1, {"no-todo": ["copy.txt"]})


@pytest.mark.parametrize(("days", "expected"), [(-1, 1), (0, 0), (14, 0)])
def test_a_waiver_turns_red_the_day_after_its_end(
    days: int, expected: int, debt: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    until = datetime.now(UTC).date() + timedelta(days=days)
    waiver = (
        f'     waivers: [{{match: "old*", count: 10, reason: "#812", owner: "@li", until: "{until}"}}],\n     check:'
    )
    commit(debt, {"guardrails.yaml": RULEBOOK.replace("     check:", waiver)})

    ended = found(capsys)

    red = Found(1, {"no-todo": OLD, "exceptions": ["waiver no-todo: old*"]})
    assert ended == (red if expected else Found(0, {}))


def test_an_ended_waiver_gates_though_the_base_had_what_it_covers(
    debt: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    until = datetime.now(UTC).date() - timedelta(days=1)
    waiver = (
        f'     waivers: [{{match: "old*", count: 10, reason: "#812", owner: "@li", until: "{until}"}}],\n     check:'
    )
    commit(debt, {"guardrails.yaml": RULEBOOK.replace("     check:", waiver)})
    git(debt, "push", "--quiet", "origin", "work:main")

    ended = found(capsys, "--base", "origin/main")

    assert ended == Found(1, {"exceptions": ["waiver no-todo: old*"]})
