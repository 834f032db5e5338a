"""The hook, as pre-commit itself installs and runs it from a clone of this repository."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.ci.test_action import NO_INDEX
from tests.cli.process import BROKEN, KEPT, environment, rulebook
from tests.docs.page import ROOT
from tests.trees.working_copy import WHO, git, working_copy, write

PRE_COMMIT = str(Path(sys.executable).with_name("pre-commit"))
MANIFEST = ROOT / ".pre-commit-hooks.yaml"


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This repository as another one could clone it, with what is not committed yet."""
    folder = tmp_path_factory.mktemp("hook") / "selfcheck"
    left_out = shutil.ignore_patterns(".git", ".venv", ".*cache", ".coverage*", ".hypothesis", "__pycache__", "tests")
    shutil.copytree(ROOT, folder, ignore=left_out)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=all")
    return folder


def started(*arguments: str, cwd: Path, home: Path) -> subprocess.CompletedProcess[str]:
    """A program that may start pre-commit, which keeps what it installs in `home`."""
    return subprocess.run(
        arguments,
        cwd=cwd,
        env=environment({"PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never", **WHO}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=600,
        check=False,
    )


def test_pre_commit_accepts_the_manifest(tmp_path: Path) -> None:
    done = started(PRE_COMMIT, "validate-manifest", str(MANIFEST), cwd=ROOT, home=tmp_path)

    assert (done.returncode, done.stdout) == (0, "")


def test_the_hook_runs_once_over_the_whole_repository() -> None:
    (hook,) = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))

    told = {name: hook[name] for name in ("entry", "pass_filenames", "always_run", "require_serial")}
    assert told == {"entry": "selfcheck run", "pass_filenames": False, "always_run": True, "require_serial": True}


@pytest.mark.slow
def test_a_commit_that_breaks_a_promise_is_refused_and_one_that_keeps_all_is_made(ours: Path, tmp_path: Path) -> None:
    config = {
        "repos": [
            {"repo": str(ours), "rev": git(ours, "rev-parse", "HEAD").decode().strip(), "hooks": [{"id": "selfcheck"}]}
        ]
    }
    files = {
        "README.md": b"# Read\n",
        "guardrails.yaml": rulebook(KEPT, BROKEN).encode(),
        ".pre-commit-config.yaml": yaml.safe_dump(config).encode(),
    }
    repo = working_copy(tmp_path / "repo", files)
    started(PRE_COMMIT, "install", cwd=repo, home=tmp_path / "home")
    before = git(repo, "rev-parse", "HEAD")
    write(repo, {"more.txt": b"more\n"})
    git(repo, "add", "--all")

    refused = started("git", "commit", "--message=broken", cwd=repo, home=tmp_path / "home")
    if NO_INDEX.search(refused.stdout):
        pytest.skip("no package index can be reached from here")
    between = git(repo, "rev-parse", "HEAD")
    write(repo, {"LICENCE": b"MIT\n"})
    git(repo, "add", "--all")
    made = started("git", "commit", "--message=kept", cwd=repo, home=tmp_path / "home")

    assert (refused.returncode, between) == (1, before), refused.stdout
    assert refused.stdout.count("FAIL  licence (high)") == 1
    assert (made.returncode, git(repo, "rev-parse", "HEAD") != before) == (0, True), made.stdout
