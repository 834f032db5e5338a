"""The scripts that `init` writes and that the page shows, run as each system runs them over a real change."""

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from junitparser import JUnitXml, TestSuite

from tests.ci.composite import obeyed, outside
from tests.ci.reading import data, scripts
from tests.ci.test_pages import FILES, JENKINSFILE
from tests.cli.process import rulebook
from tests.trees.working_copy import git, working_copy, write

NO_TODO = """\
  - {id: no-todo, title: No todo, why: It has no owner., severity: high,
     check: {use: text-forbids, pattern: TODO, paths: ["**/*.txt"]}}
"""


class World(NamedTuple):
    """A remote whose main branch went on after a branch left it, and what a pull request of that branch is."""

    remote: Path
    left: str
    head: str
    merged: str


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The branch adds a todo in its first commit, and main has gained another since; one stood there before."""
    folder = working_copy(
        tmp_path_factory.mktemp("world") / "work",
        {"guardrails.yaml": rulebook(NO_TODO).encode(), "old.txt": b"TODO\n", "kept.txt": b""},
    )
    left = _commit(folder, {})
    git(folder, "switch", "--quiet", "--create=change")
    _commit(folder, {"new.txt": b"TODO\n"})
    head = _commit(folder, {"more.txt": b"more\n"})
    git(folder, "switch", "--quiet", "main")
    _commit(folder, {"others.txt": b"TODO\n"})
    git(folder, "switch", "--quiet", "--create=pull", "main")
    git(folder, "merge", "--quiet", "--no-ff", "--message=merge", "change")
    merged = git(folder, "rev-parse", "HEAD").decode().strip()
    remote = folder.parent / "remote.git"
    git(folder.parent, "clone", "--quiet", "--bare", str(folder), str(remote))
    git(remote, "update-ref", "refs/pull/1/merge", merged)
    git(remote, "config", "uploadpack.allowAnySHA1InWant", "true")
    return World(remote, left, head, merged)


def checkout(world: World, folder: Path, commit: str, *, depth: int | None = None) -> Path:
    """What a CI system has on disk: one commit, detached, with the history or a part of it."""
    git(folder.parent, "init", "--quiet", str(folder))
    git(folder, "remote", "add", "origin", world.remote.as_uri())
    heads = [] if depth else ["+refs/heads/*:refs/remotes/origin/*"]
    git(folder, "fetch", "--quiet", *([f"--depth={depth}"] if depth else []), "origin", commit, *heads)
    git(folder, "checkout", "--quiet", "--detach", commit)
    return folder


def ran(script: str, folder: Path, environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """A script but for what it installs, as a CI system's shell runs it."""
    lines = [line for line in script.splitlines() if not re.match(r"\s*(pip install|python3 -m venv|PATH=)", line)]
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", "\n".join(lines)],
        cwd=folder,
        env=outside() | dict(environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def github(world: World, temporary: Path) -> dict[str, str]:
    """The variables of a workflow on a pull request."""
    return {
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_BASE_REF": "main",
        "GITHUB_REF": "refs/pull/1/merge",
        "GITHUB_SHA": world.merged,
        "GITHUB_STEP_SUMMARY": str(temporary / "summary.md"),
    }


def judging(name: str) -> str:
    """The script of a file of the page that judges."""
    (found,) = (each for each in scripts(data(FILES[name].body)) if "selfcheck run" in each)
    return found


def annotated(log: str) -> list[str]:
    """The files of the errors in a log."""
    files = re.findall(r"^::error (?:.*,)?file=([^,]+)", log, re.MULTILINE)
    assert len(files) == sum(name == "error" for name, _ in obeyed(log))
    return files


# GitHub


def test_a_pull_request_on_github_is_told_what_it_makes_worse(world: World, tmp_path: Path) -> None:
    folder = checkout(world, tmp_path / "repo", world.merged)

    done = ran(judging(".github/workflows/selfcheck.yml"), folder, github(world, tmp_path))

    assert (done.returncode, annotated(done.stdout)) == (1, ["new.txt"])
    summary = (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert "new.txt" in summary
    assert "others.txt" not in summary


def test_two_commits_of_a_pull_request_are_history_enough(world: World, tmp_path: Path) -> None:
    folder = checkout(world, tmp_path / "repo", world.merged, depth=2)

    done = ran(judging(".github/workflows/selfcheck.yml"), folder, github(world, tmp_path))

    assert (done.returncode, annotated(done.stdout)) == (1, ["new.txt"])


def test_a_workflow_that_checks_out_the_branch_itself_sees_all_its_commits(world: World, tmp_path: Path) -> None:
    folder = checkout(world, tmp_path / "repo", world.head)

    done = ran(judging(".github/workflows/selfcheck.yml"), folder, github(world, tmp_path))

    assert (done.returncode, annotated(done.stdout)) == (1, ["new.txt"])


def test_a_push_to_the_default_branch_is_told_what_it_makes_worse(world: World, tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    said = {"before": world.left, "repository": {"default_branch": "main"}}
    event.write_text(json.dumps(said), encoding="utf-8")
    folder = checkout(world, tmp_path / "repo", world.merged)
    pushed = {"GITHUB_EVENT_NAME": "push", "GITHUB_BASE_REF": "", "GITHUB_REF": "refs/heads/main"}
    environ = github(world, tmp_path) | pushed | {"GITHUB_EVENT_PATH": str(event)}

    done = ran(judging(".github/workflows/selfcheck.yml"), folder, environ)

    assert (done.returncode, annotated(done.stdout)) == (1, ["new.txt", "others.txt"])


def test_a_clone_without_history_is_told_the_command_that_mends_it(world: World, tmp_path: Path) -> None:
    folder = checkout(world, tmp_path / "repo", world.merged, depth=1)

    done = ran(judging(".github/workflows/selfcheck.yml"), folder, github(world, tmp_path))
    (remedy,) = re.findall(r"`(git fetch [^`]+)`", done.stdout)
    mended = ran(f"{remedy}\n{judging('.github/workflows/selfcheck.yml')}", folder, github(world, tmp_path))

    assert (done.returncode, mended.returncode, annotated(mended.stdout)) == (3, 1, ["new.txt"])


# the others


def test_a_merge_request_on_gitlab_is_told_what_it_makes_worse(world: World, tmp_path: Path) -> None:
    folder = checkout(world, tmp_path / "repo", world.head)
    environ = {"CI": "true", "GITLAB_CI": "true", "CI_MERGE_REQUEST_DIFF_BASE_SHA": world.left}

    done = ran(judging(".gitlab/selfcheck.gitlab-ci.yml"), folder, environ)

    quality = json.loads((folder / "selfcheck.gitlab.json").read_text(encoding="utf-8"))
    assert (done.returncode, [each["location"]["path"] for each in quality]) == (1, ["new.txt"])
    assert len(failures(folder / "selfcheck.junit.xml")) == 1


def test_a_pull_request_in_jenkins_is_told_what_it_makes_worse(world: World, tmp_path: Path) -> None:
    folder = checkout(world, tmp_path / "repo", world.head)
    git(folder, "update-ref", "-d", "refs/remotes/origin/main")
    (script,) = re.findall(r"sh '''\n(.*?)'''", JENKINSFILE.body, re.DOTALL)

    done = ran(script, folder, {"CI": "true", "CHANGE_TARGET": "main", "WORKSPACE_TMP": str(tmp_path)})

    assert (done.returncode, len(failures(tmp_path / "selfcheck.junit.xml"))) == (1, 1)


def test_a_pull_request_on_azure_is_told_what_it_makes_worse(world: World, tmp_path: Path) -> None:
    folder = checkout(world, tmp_path / "repo", world.merged)
    environ = {
        "TF_BUILD": "True",
        "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main",
        "BUILD_SOURCEBRANCH": "refs/pull/1/merge",
        "BUILD_SOURCEVERSION": world.merged,
        "BUILD_ARTIFACTSTAGINGDIRECTORY": str(tmp_path),
    }

    done = ran(judging("azure-pipelines.yml"), folder, environ)

    assert (done.returncode, len(failures(tmp_path / "selfcheck.junit.xml"))) == (1, 1)


@pytest.mark.parametrize("system", ["Jenkinsfile", "azure-pipelines.yml"])
def test_a_build_of_the_main_branch_is_told_all_there_is(system: str, world: World, tmp_path: Path) -> None:
    folder = checkout(world, tmp_path / "repo", world.merged)
    (jenkins,) = re.findall(r"sh '''\n(.*?)'''", JENKINSFILE.body, re.DOTALL)
    script = jenkins if system == "Jenkinsfile" else judging(system)

    done = ran(script, folder, {"WORKSPACE_TMP": str(tmp_path), "BUILD_ARTIFACTSTAGINGDIRECTORY": str(tmp_path)})

    assert (done.returncode, len(failures(tmp_path / "selfcheck.junit.xml"))) == (1, 3)


@pytest.mark.parametrize("says", ["CI", "TF_BUILD"])
def test_a_commit_is_never_compared_with_itself_in_ci(says: str, world: World, tmp_path: Path) -> None:
    folder = checkout(world, tmp_path / "repo", world.merged)
    git(folder, "update-ref", "refs/remotes/origin/main", world.merged)

    done = ran("selfcheck run --base auto", folder, {says: "true"})

    assert done.returncode == 3
    assert "there is nothing to compare; leave --base out" in " ".join(done.stdout.split())


def failures(report: Path) -> list[str]:
    """The test cases of a JUnit report that failed."""
    found: list[str] = []
    for suite in JUnitXml.fromfile(str(report)):
        assert isinstance(suite, TestSuite)
        found += [str(case.name) for case in suite if case.is_failure]
    return found


def _commit(folder: Path, files: Mapping[str, bytes]) -> str:
    write(folder, files)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message=next")
    return git(folder, "rev-parse", "HEAD").decode().strip()
