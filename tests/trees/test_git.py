"""Nothing of a judged repository's configuration runs, and the caller's environment does not mislead git."""

import os
from pathlib import Path

import pytest

from selfcheck import git as asked
from selfcheck.errors import CannotOpen
from selfcheck.trees import Directory
from tests.trees.working_copy import git, working_copy, write

HOSTILE = """
[core]
    fsmonitor = {program}
    hooksPath = hooks
    pager = {program}
    askPass = {program}
    sshCommand = {program}
    editor = {program}
    untrackedCache = true
[filter "evil"]
    clean = {program}
    smudge = {program}
    process = {program}
    required = true
[diff "evil"]
    textconv = {program}
    command = {program}
[pager]
    ls-files = {program}
[alias]
    ls-files = !{program}
[credential]
    helper = !{program}
[extensions]
    partialClone = origin
[remote "origin"]
    url = ext::{program}
    promisor = true
    uploadpack = {program}
[protocol "ext"]
    allow = always
"""
HOOKS = (
    "post-index-change",
    "post-checkout",
    "pre-auto-gc",
    "fsmonitor-watchman",
    "query-watchman",
    "reference-transaction",
)


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    """A file that the hostile program would make."""
    return tmp_path / "marker"


@pytest.fixture
def hostile(tmp_path: Path, marker: Path) -> Path:
    """A repository whose every place for a program names one that leaves a mark."""
    root = working_copy(
        tmp_path / "r", {"a.txt": b"1", "sub/b.txt": b"2", ".gitattributes": b"* filter=evil diff=evil\n"}
    )
    program = tmp_path / "program"
    for file in (program, *(root / "hooks" / name for name in HOOKS)):
        write(file.parent, {file.name: f"#!/bin/sh\ntouch {marker}\n".encode()})
        file.chmod(0o755)
    with (root / ".git" / "config").open("a") as config:
        config.write(HOSTILE.format(program=program))
    (root / "a.txt").write_bytes(b"changed")  # so that git would compare contents, through the filter
    return root


def test_the_hostile_repository_is_one(hostile: Path, marker: Path) -> None:
    git(hostile, "ls-files", "--others")

    assert marker.exists()


def test_a_listing_runs_nothing_of_the_repository(hostile: Path, marker: Path) -> None:
    tree = Directory(hostile)

    listed = list(tree.kinds)

    assert listed == [".gitattributes", "a.txt", *sorted(f"hooks/{name}" for name in HOOKS), "sub/b.txt"]
    assert not marker.exists()


def test_a_listing_of_a_subfolder_runs_nothing_of_the_repository(hostile: Path, marker: Path) -> None:
    assert list(Directory(hostile / "sub").kinds) == ["b.txt"]
    assert not marker.exists()


def test_asking_for_the_revision_runs_nothing_of_the_repository(hostile: Path, marker: Path) -> None:
    head = (hostile / ".git" / "refs" / "heads" / "main").read_text().strip()

    assert _head(hostile) == head
    assert not marker.exists()


def test_a_listing_changes_nothing_in_the_repository(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {"a": b"1"})
    os.utime(root / "a", (1, 1))  # what would make git refresh its index
    before = {path: path.stat().st_mtime_ns for path in (root / ".git").rglob("*")}

    _ = Directory(root).kinds

    assert {path: path.stat().st_mtime_ns for path in (root / ".git").rglob("*")} == before


@pytest.mark.parametrize("worktree", ["..", "../../other", "/"])
def test_a_work_tree_named_elsewhere_gives_no_file_of_elsewhere(tmp_path: Path, worktree: str) -> None:
    root = working_copy(tmp_path / "r", {"a": b"1"})
    write(tmp_path, {"other/secret": b"s"})
    git(root, "config", "core.worktree", worktree)

    tree = Directory(root)

    assert {path: tree.read(path) for path in tree.kinds} == {"a": b"1"}


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("GIT_DIR", "{other}/.git"),
        ("GIT_WORK_TREE", "{other}"),
        ("GIT_INDEX_FILE", "{other}/.git/index"),
        ("GIT_OBJECT_DIRECTORY", "{other}/.git/objects"),
        ("GIT_CEILING_DIRECTORIES", "{root}"),
        ("GIT_PREFIX", "sub/"),
        ("GIT_LITERAL_PATHSPECS", "1"),
        ("GIT_NAMESPACE", "x"),
        ("GIT_CONFIG_PARAMETERS", "'core.bare'='true'"),
        ("GIT_EXEC_PATH", "{other}"),
        ("GIT_EXTERNAL_DIFF", "{other}/program"),
    ],
)
def test_the_environment_of_a_hook_does_not_mislead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    root = working_copy(tmp_path / "r", {"mine": b"1"})
    other = working_copy(tmp_path / "other", {"theirs": b"2", "gone": b"3"})
    revision = git(root, "rev-parse", "HEAD").decode().strip()

    monkeypatch.setenv(variable, value.format(root=root, other=other))

    assert (list(Directory(root).kinds), _head(root)) == (["mine"], revision)


def test_the_configuration_of_the_environment_does_not_mislead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = working_copy(tmp_path / "r", {"mine": b"1"})

    for name, value in (("COUNT", "1"), ("KEY_0", "core.bare"), ("VALUE_0", "true")):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)

    assert list(Directory(root).kinds) == ["mine"]


def test_without_git_a_repository_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = working_copy(tmp_path / "r", {"a": b""})
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))

    with pytest.raises(CannotOpen) as raised:
        _ = Directory(root).kinds

    assert str(raised.value) == f"{root}: is a git repository, and git is not installed"


def test_there_is_no_revision_before_the_first_commit_nor_outside_git(tmp_path: Path) -> None:
    write(tmp_path, {"plain/a": b"", "new/a": b""})
    git(tmp_path / "new", "init", "--quiet")

    assert (_head(tmp_path / "plain"), _head(tmp_path / "new")) == (None, None)


def test_the_top_is_the_closest_folder_with_a_repository(tmp_path: Path) -> None:
    write(tmp_path, {"r/sub/deep/a": b"", "r/sub/.git": b"gitdir: ../../elsewhere\n", "plain/a": b""})
    (tmp_path / "r" / ".git").mkdir()

    tops = [asked.top(tmp_path / path) for path in ("r", "r/sub", "r/sub/deep", "plain")]

    assert tops == [tmp_path / "r", tmp_path / "r/sub", tmp_path / "r/sub", None]


@pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser gives folders away")
def test_a_repository_of_another_owner_is_not_this_folders(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {"mine/a": b"", ".gitignore": b"a\n"})
    git(root, "rm", "--quiet", "--cached", "mine/a")
    os.chown(root, 12345, 12345)

    assert asked.top(root / "mine") is None
    assert list(Directory(root / "mine").kinds) == ["a"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser gives folders away")
def test_a_checkout_that_belongs_to_another_user_as_a_whole_is_read(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {"a": b""})
    for path in (root, *root.rglob("*")):
        os.chown(path, 12345, 12345)

    assert list(Directory(root).kinds) == ["a"]


def _head(folder: Path) -> str | None:
    opened = asked.open_git(folder)
    return opened.head() if opened else None
