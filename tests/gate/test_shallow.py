"""What a clone of a CI system left out: a run there says which command fetches it, and after that command it judges."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.gate.repositories import (
    MERGE,
    Found,
    checkout,
    clone,
    commit,
    commit_of,
    found,
    mend,
    origin,
)
from tests.gate.test_base import GITLAB, HERE, PULL, PUSH
from tests.trees.working_copy import git, write


class Left(NamedTuple):
    """How a clone was made, what the CI system says there, what cannot be had and the command that brings it."""

    make: Callable[[Path, Path], Path]
    environ: Mapping[str, str]
    missing: str
    command: str
    event: str | None = None


def fetched(ref: str, *options: str) -> Callable[[Path, Path], Path]:
    """A clone with only what a ref leads to."""
    return lambda folder, remote: checkout(folder, ref, *options, of=remote)


def cloned(*options: str) -> Callable[[Path, Path], Path]:
    """A clone by `git clone`."""
    return lambda folder, remote: clone(folder, *options, of=remote)


def both_shallow(folder: Path, remote: Path) -> Path:
    """The tips of two branches, without a commit that they have in common."""
    root = checkout(folder, "refs/heads/work", "--depth=1", of=remote)
    git(root, "fetch", "--quiet", "--depth=1", "origin", "+refs/heads/main:refs/remotes/origin/main")
    return root


MAIN = "+refs/heads/main:refs/remotes/origin/main"
ALL = "'+refs/heads/*:refs/remotes/origin/*'"
LEFT = {
    "github, a merged pull request with depth 1": Left(
        fetched(MERGE, "--depth=1"), PULL, "HEAD^1: is not in this clone", "git fetch --unshallow origin"
    ),
    "github, the branch of a pull request with depth 1": Left(
        fetched("refs/heads/work", "--depth=1"),
        PULL,
        "origin/main: is not in this clone",
        f"git fetch --unshallow origin {MAIN}",
    ),
    "github, the branch of a pull request with its whole history and no other": Left(
        fetched("refs/heads/work"), PULL, "origin/main: is not in this clone", f"git fetch origin {MAIN}"
    ),
    "github, a group of the merge queue with depth 1": Left(
        fetched(MERGE, "--depth=1"),
        {"GITHUB_ACTIONS": "true"},
        "{main}: is not in this clone",
        "git fetch --unshallow origin {main}",
        '{"merge_group": {"base_sha": "{main}"}}',
    ),
    "gitlab, a merge request with depth 1": Left(
        fetched("refs/heads/work", "--depth=1"),
        GITLAB | {"CI_MERGE_REQUEST_DIFF_BASE_SHA": "{fork}"},
        "{fork}: is not in this clone",
        "git fetch --unshallow origin {fork}",
    ),
    "gitlab, merged results with depth 1": Left(
        fetched(MERGE, "--depth=1"),
        GITLAB | {"CI_MERGE_REQUEST_TARGET_BRANCH_SHA": "{main}"},
        "{main}: is not in this clone",
        "git fetch --unshallow origin {main}",
    ),
    "bitbucket, a pull request with depth 1": Left(
        cloned("--branch=work", "--depth=1"),
        {"BITBUCKET_PR_DESTINATION_COMMIT": "{main:.12}"},
        "{main:.12}: is not in this clone",
        f"git fetch --unshallow origin {ALL}",
    ),
    "bitbucket, a pull request without its destination": Left(
        cloned("--branch=work", "--single-branch"),
        {"BITBUCKET_PR_DESTINATION_COMMIT": "{main:.12}"},
        "{main:.12}: is not in this clone",
        f"git fetch origin {ALL}",
    ),
    "azure, a merged pull request with depth 1": Left(
        fetched(MERGE, "--depth=1"),
        {"SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main", "BUILD_SOURCEBRANCH": MERGE},
        "HEAD^1: is not in this clone",
        "git fetch --unshallow origin",
    ),
    "jenkins, a change alone": Left(
        fetched("refs/heads/work"),
        {"CHANGE_TARGET": "main"},
        "origin/main: is not in this clone",
        f"git fetch origin {MAIN}",
    ),
    "the tips of both branches with depth 1": Left(
        both_shallow,
        {"CHANGE_TARGET": "main"},
        "origin/main: the common ancestor is not in this shallow clone",
        "git fetch --unshallow origin",
    ),
    "no CI system, and no branch at all": Left(
        fetched("refs/heads/work", "--depth=1"),
        {},
        "auto: there is no default branch, origin/HEAD, origin/main, origin/master, main, master",
        f"git fetch --unshallow origin {ALL} && git remote set-head origin --auto",
    ),
}


@pytest.fixture
def ids(remote: Path) -> Mapping[str, str]:
    """The ids of the commits that a row names."""
    names = {"main": "main", "fork": "fork", "merge": MERGE}
    return {name: commit_of(remote, revision) for name, revision in names.items()}


@pytest.mark.parametrize("left", LEFT.values(), ids=LEFT)
def test_what_is_missing_is_fetched_by_the_command_that_is_named(
    left: Left,
    remote: Path,
    ids: Mapping[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    root = left.make(tmp_path, remote)
    monkeypatch.chdir(root)
    for name, value in left.environ.items():
        monkeypatch.setenv(name, value.format(**ids))
    if left.event is not None:
        write(tmp_path, {"event.json": left.event.replace("{main}", ids["main"]).encode()})
        monkeypatch.setenv("GITHUB_EVENT_PATH", str(tmp_path / "event.json"))

    before = found(capsys, "--base", "auto")
    mend(root, before.said)
    after = found(capsys, "--base", "auto")

    assert (before.code, before.new) == (3, {})
    assert f"--base {left.missing.format(**ids)}; " in before.said
    assert f"`{left.command.format(**ids)}`" in before.said
    assert after == Found(1, {"no-todo": ["new.txt"]})


def test_of_a_merged_pull_request_two_commits_are_enough(
    remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(checkout(tmp_path, MERGE, "--depth=2", of=remote))
    for name, value in PULL.items():
        monkeypatch.setenv(name, value.format(merge=commit_of(remote, MERGE)))

    ended = found(capsys, "--base", "auto")

    assert ended == Found(1, {"no-todo": ["new.txt"]})


@pytest.mark.parametrize(
    ("name", "which"),
    [
        ("main", 0),
        ("fork", 1),
        ("origin/main", 0),
        ("origin/main~1", 0),
        ("origin/HEAD", 0),
        ("main^", 0),
        ("HEAD~2", 0),
        ("{fork}", 0),
        ("{fork:.9}", 0),
    ],
)
def test_a_revision_that_is_named_is_fetched_by_the_command_that_is_named(
    name: str,
    which: int,
    remote: Path,
    ids: Mapping[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    root = checkout(tmp_path, "refs/heads/work", "--depth=1", of=remote)
    monkeypatch.chdir(root)
    revision = name.format(**ids)

    before = found(capsys, "--base", revision)
    mend(root, before.said, which)
    after = found(capsys, "--base", revision)

    assert (before.code, before.new) == (3, {})
    assert before.said.startswith(f"selfcheck: --base {revision}: is not in this clone; fetch it with `git fetch ")
    assert after == Found(1, {"no-todo": ["new.txt"]})


def test_what_a_forced_push_took_off_a_branch_is_fetched_by_its_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    remote = origin(tmp_path)
    before = commit_of(remote, "main")
    git(remote, "reset", "--quiet", "--hard", "fork")
    commit(remote, {"forced.txt": "TODO\n"})
    root = clone(tmp_path, of=remote)
    event = HERE | {"before": before}
    write(tmp_path, {"event.json": str(event).replace("'", '"').encode()})
    monkeypatch.chdir(root)
    told = PUSH | {"GITHUB_REF": "refs/heads/main", "GITHUB_EVENT_PATH": str(tmp_path / "event.json")}
    for name, value in told.items():
        monkeypatch.setenv(name, value)

    missing = found(capsys, "--base", "auto")
    mend(root, missing.said)
    after = found(capsys, "--base", "auto")

    assert missing == Found(
        3,
        {},
        f"selfcheck: --base {before}: is not in this clone; fetch it with `git fetch origin {before}`\n",
    )
    assert after == Found(1, {"no-todo": ["forced.txt"]})


def test_a_branch_with_an_odd_name_does_no_more_than_be_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    remote = origin(tmp_path)
    git(remote, "branch", "main;touch${IFS}pwned", "main")
    root = checkout(tmp_path, "refs/heads/work", of=remote)
    monkeypatch.chdir(root)
    monkeypatch.setenv("CHANGE_TARGET", "main;touch${IFS}pwned")

    before = found(capsys, "--base", "auto")
    mend(root, before.said)
    after = found(capsys, "--base", "auto")

    assert (before.code, after) == (3, Found(1, {"no-todo": ["new.txt"]}))
    assert not (root / "pwned").exists()


def test_a_remote_need_not_be_called_origin(
    remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = checkout(tmp_path, "refs/heads/work", "--depth=1", of=remote)
    git(root, "remote", "rename", "origin", "up/stream")
    monkeypatch.chdir(root)

    before = found(capsys, "--base", "up/stream/main")
    mend(root, before.said)
    after = found(capsys, "--base", "up/stream/main")

    assert (before.code, after) == (3, Found(1, {"no-todo": ["new.txt"]}))


def test_a_clone_without_a_remote_has_nothing_to_fetch_from(
    remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = both_shallow(tmp_path, remote)
    git(root, "update-ref", "refs/heads/main", "refs/remotes/origin/main")
    git(root, "remote", "remove", "origin")
    monkeypatch.chdir(root)

    ended = [found(capsys, "--base", name) for name in ("main", "other")]

    assert ended == [
        Found(
            3,
            {},
            "selfcheck: --base main: the common ancestor is not in this shallow clone; "
            "fetch it with `git fetch --unshallow`\n",
        ),
        Found(
            3,
            {},
            "selfcheck: revision 'other': names no commit of this clone; "
            "fetch what it left out with `git fetch --unshallow`\n",
        ),
    ]


def test_without_the_blobs_of_the_base_it_is_said_how_to_fetch_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    remote = origin(tmp_path)
    git(remote, "config", "uploadpack.allowFilter", "true")
    git(remote, "checkout", "--quiet", "work")
    commit(remote, {"old.txt": "still TODO\n"})
    commit(remote, {"old.txt": "yet TODO\n"})
    root = clone(tmp_path, "--filter=blob:none", "--branch=work", of=remote)
    monkeypatch.chdir(root)

    before = found(capsys, "--base", "HEAD~1")
    mend(root, before.said)
    after = found(capsys, "--base", "HEAD~1")

    assert before == Found(
        3,
        {},
        f"selfcheck: --base HEAD~1: 1 object of {commit_of(root, 'HEAD~1')[:12]} is not in this clone; "
        "fetch what it left out with `git fetch --refetch --no-filter`\n",
    )
    assert after == Found(0, {})


def test_a_partial_clone_that_holds_the_base_is_as_good_as_a_whole_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    remote = origin(tmp_path)
    git(remote, "config", "uploadpack.allowFilter", "true")
    root = clone(tmp_path, "--filter=blob:none", "--branch=work", of=remote)
    monkeypatch.chdir(root)

    ended = found(capsys, "--base", "fork")

    assert ended == Found(1, {"no-todo": ["new.txt"]})
