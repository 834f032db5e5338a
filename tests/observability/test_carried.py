"""The nightly job on runners whose disk is gone each morning: the memory comes from a bare remote and goes back to it."""

import json
from pathlib import Path

import pytest

from tests.cli.calling import called
from tests.trees.working_copy import git


def test_each_night_on_a_new_clone_knows_the_night_before(
    repo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "-q", "--bare", "remote.git")
    git(repo, "remote", "add", "origin", str(tmp_path / "remote.git"))
    told: list[list[str]] = []
    for night in range(3):
        if night == 1:
            (repo / "README.md").unlink()
        git(repo, "commit", "-q", "-a", "--allow-empty", "-m", f"day {night}")
        git(repo, "push", "-q", "origin", "main")
        git(tmp_path, "clone", "-q", str(tmp_path / "remote.git"), f"runner-{night}", "--branch", "main")
        monkeypatch.chdir(tmp_path / f"runner-{night}")
        assert called(capsys, "state", "pull").code == 0
        done = called(capsys, "drift", "--output", "json")
        assert called(capsys, "state", "push").code == 0
        report = json.loads(done.stdout)
        told.append([f"{each['class']} {each['key']}" for each in report["findings"]])
        assert (report["previous"] is None) == (night == 0)

    assert told == [
        ["new LICENCE"],
        ["new README.md", "recurring LICENCE"],
        ["recurring LICENCE", "recurring README.md"],
    ]
    assert called(capsys, "audit", "verify").stdout.startswith("8 entries")


def test_a_memory_that_another_runner_saved_meanwhile_is_not_overwritten(
    repo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git(tmp_path, "init", "-q", "--bare", "remote.git")
    git(repo, "remote", "add", "origin", str(tmp_path / "remote.git"))
    called(capsys, "run", "--record")
    called(capsys, "state", "push")
    first = git(tmp_path / "remote.git", "rev-parse", "selfcheck-state")

    called(capsys, "run", "--record")
    done = called(capsys, "state", "push")

    assert done.code == 0
    assert git(tmp_path / "remote.git", "rev-parse", "selfcheck-state") != first
