"""What a clone left out is said with the command that fetches it, and that command mends it."""

from pathlib import Path

import pytest

from selfcheck.errors import CannotOpen, Unreadable
from selfcheck.git import Blobs, open_git
from selfcheck.git.history import resolve
from selfcheck.testing import git_repository, git_revision
from selfcheck.trees import Directory
from tests.git.program import selfcheck
from tests.trees.working_copy import git, write

RULEBOOK = """version: 1
guardrails:
  - {id: no-todo, title: t, why: w, severity: high, check: {use: text-forbids, pattern: TODO, paths: ["*.txt"]}}
"""


def clone(folder: Path, *options: str) -> Path:
    """A clone, by git's own transport, of a repository with two commits, the first of which breaks its promise."""
    git_repository(folder / "origin", {"guardrails.yaml": RULEBOOK, "a.txt": "TODO\n"}, {"a.txt": "done\n"})
    git(folder / "origin", "config", "uploadpack.allowFilter", "true")
    git(folder, "clone", "--quiet", *options, f"file://{folder / 'origin'}", "clone")
    return folder / "clone"


@pytest.mark.parametrize(
    ("options", "what", "command"),
    [
        (("--filter=blob:none",), "1 file could not be read", "git fetch --refetch --no-filter"),
        (("--filter=tree:0",), "git ls-tree failed", "git fetch --refetch --no-filter"),
        (("--depth=1",), "names no commit of this clone", "git fetch --unshallow"),
    ],
    ids=["without-blobs", "without-trees", "shallow"],
)
def test_a_revision_that_was_left_out_is_judged_after_the_command_that_is_named(
    tmp_path: Path, options: tuple[str, ...], what: str, command: str
) -> None:
    root = clone(tmp_path, *options)

    before = selfcheck(root, "run", "--rev", "HEAD~1", home=tmp_path / "home")
    git(root, *command.split()[1:])
    after = selfcheck(root, "run", "--rev", "HEAD~1", home=tmp_path / "home")

    said = " ".join((before.out + before.err).split())
    assert (before.code, what in said, f"`{command}`" in said) == (3, True, True), said
    assert after.code == 1


def test_a_typing_error_in_a_whole_clone_is_wrong_usage(tmp_path: Path) -> None:
    root = clone(tmp_path)

    ended = selfcheck(root, "run", "--rev", "HEAD~2", home=tmp_path / "home")

    assert (ended.code, ended.err) == (2, "selfcheck: revision 'HEAD~2': names no commit of this clone\n")


def test_a_working_tree_is_judged_where_only_its_own_blobs_were_fetched(tmp_path: Path) -> None:
    root = clone(tmp_path, "--filter=blob:none")
    write(root, {".gitattributes": b"*.txt text=auto\n", "a.txt": b"TODO\r\n"})

    tree = Directory(root)

    assert {path: tree.read(path) for path in tree.kinds if path != "guardrails.yaml"} == {
        ".gitattributes": b"*.txt text=auto\n",
        "a.txt": b"TODO\n",
    }


def test_a_blob_that_is_missing_hinders_no_other(tmp_path: Path) -> None:
    root = clone(tmp_path, "--filter=blob:none")
    tree = git_revision(root, "HEAD~1").tree

    with pytest.raises(Unreadable) as first:
        tree.read("a.txt")
    with pytest.raises(Unreadable):
        tree.read("a.txt")

    blob = str(tree.content_id("a.txt"))[:12]
    assert str(first.value) == f"object {blob} is not in this clone; fetch it with `git fetch --refetch --no-filter`"
    assert tree.read("guardrails.yaml") == RULEBOOK.encode()


def test_an_object_that_is_no_blob_of_a_whole_clone_is_missing_or_damaged(tmp_path: Path) -> None:
    git_repository(tmp_path, {"a": "1"})
    found = open_git(tmp_path)
    assert found is not None

    with pytest.raises(Unreadable) as raised:
        Blobs(found).read("1" * 40)

    assert str(raised.value) == "object 111111111111 is missing or damaged in this clone; `git fsck` says what else is"


def test_a_revision_of_a_folder_that_it_does_not_hold_cannot_be_opened(tmp_path: Path) -> None:
    git_repository(tmp_path, {"a": "1"}, {"sub/b": "2"})

    with pytest.raises(CannotOpen) as raised:
        _ = git_revision(tmp_path / "sub", "HEAD~1").tree.kinds

    assert str(raised.value).startswith(f"{tmp_path}: git ls-tree failed: fatal: ")


def test_a_shallow_clone_knows_the_commits_that_it_has(tmp_path: Path) -> None:
    root = clone(tmp_path, "--depth=1")
    found = open_git(root)
    assert found is not None

    assert resolve(found, "HEAD") == git(root, "rev-parse", "HEAD").decode().strip()
