"""A committed working tree and its revision agree, whatever the names, contents, attributes and configuration."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from subprocess import CalledProcessError

import pytest
from hypothesis import given, settings

from selfcheck.errors import CannotOpen
from selfcheck.git import open_git
from selfcheck.trees import Directory, Kind, Revision, Tree
from selfcheck.trees.content import blob_id
from tests.revisions.worlds import World, committed, configure, real, worlds
from tests.trees.working_copy import git, working_copy

Held = Mapping[str, tuple[Kind, bool, bytes, str | None]]


def held(tree: Tree) -> Held:
    """All that a tree says of each path: its kind, whether it may be run, its bytes and their id."""
    return {
        path: (kind, tree.executable(path), tree.read(path), tree.content_id(path)) for path, kind in tree.kinds.items()
    }


def revision(root: Path, commit: str, folder: str = "") -> Revision:
    """A commit of the repository at `root`, below a folder."""
    found = open_git(root)
    assert found is not None
    return Revision(found, commit, folder)


@settings(real, max_examples=60)
@given(world=worlds)
def test_a_committed_working_tree_and_its_revision_agree(world: World) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        commit = committed(root, world)

        assert held(Directory(root)) == held(revision(root, commit))


@settings(real, max_examples=25)
@given(world=worlds)
def test_they_agree_below_a_folder(world: World) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "sub").mkdir()
        (root / "sub" / "always").write_bytes(b"\r\n")
        commit = committed(root, world)

        assert held(Directory(root / "sub")) == held(revision(root, commit, "sub"))


@settings(real, max_examples=25)
@given(world=worlds)
def test_every_id_is_that_of_the_bytes(world: World) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        commit = committed(root, world)
        trees = (Directory(root), revision(root, commit))

        for tree in trees:
            assert {path: tree.content_id(path) for path in tree.kinds} == {
                path: blob_id(tree.read(path)) for path in tree.kinds
            }


@settings(real, max_examples=25)
@given(world=worlds, later=worlds)
def test_they_agree_where_other_rules_hold_by_now_than_when_it_was_committed(world: World, later: World) -> None:
    """Git takes a file for unmodified by its time and size, and keeps what is stored whatever the rules say now."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        commit = committed(root, world)
        configure(root, later)
        (root / ".gitattributes").write_text("".join(f"{line}\n" for line in later.rules))

        directory, before = held(Directory(root)), held(revision(root, commit))

        unmodified = {path for path, (*_, content_id) in directory.items() if content_id is not None}
        assert {path: directory[path] for path in unmodified} == {path: before[path] for path in unmodified}


def test_a_file_that_is_changed_after_the_listing_is_what_it_was_then(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {"a": b"listed"})
    tree = Directory(root)
    listed = tree.content_id("a")

    (root / "a").write_bytes(b"edited since")

    assert (listed, tree.read("a")) == (blob_id(b"listed"), b"listed")


def test_two_names_that_look_alike_are_told_apart_or_refused_in_a_revision_as_on_disk(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {os.fsdecode(b"a\xff"): b"hidden", r"a\xff": b"shown"})
    commit = git(root, "rev-parse", "HEAD").decode().strip()

    with pytest.raises(CannotOpen) as raised:
        _ = revision(root, commit).kinds

    assert str(raised.value) == rf"{root} at {commit[:12]}: two files are both shown as a\xff; rename one"


def test_ids_are_those_of_the_repositorys_own_algorithm(tmp_path: Path) -> None:
    root = tmp_path / "r"
    root.mkdir()
    git(root, "init", "--quiet", "--object-format=sha256", "--initial-branch=main")
    (root / "a").write_bytes(b"1")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=first")
    commit = git(root, "rev-parse", "HEAD").decode().strip()

    ids = [tree.content_id("a") for tree in (Directory(root), revision(root, commit))]

    assert ids == [blob_id(b"1", commit)] * 2


def test_a_linked_working_tree_goes_by_the_attributes_that_all_of_them_share(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {"a": b"1"})
    (root / ".git" / "info" / "attributes").write_text("* text\n")
    git(root, "worktree", "add", "--quiet", "../linked")
    (tmp_path / "linked" / "new").write_bytes(b"a\r\n")

    assert Directory(tmp_path / "linked").read("new") == b"a\n"


def test_attributes_hold_though_the_file_that_sets_them_is_ignored(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {"a": b"1"})
    for name, line in ((".gitattributes", "* text"), (".git/info/exclude", ".gitattributes")):
        (root / name).write_text(f"{line}\n")
    (root / "new").write_bytes(b"a\r\n")

    assert Directory(root).read("new") == b"a\n"


def test_a_folder_in_the_place_of_a_tracked_file_is_none_and_its_files_are_listed(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {"a": b"1", "b": b"2"})
    for name in "ab":
        (root / name).unlink()
        (root / name).mkdir()
    (root / "a" / "inner").write_bytes(b"3")
    git(root, "update-index", "--assume-unchanged", "b")

    assert list(Directory(root).kinds) == ["a/inner"]


def test_in_a_conflict_a_file_is_what_stands_on_disk_by_the_line_ends_of_our_side(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {"a": b"base\n", ".gitattributes": b"* -text\n"})
    git(root, "checkout", "--quiet", "-b", "theirs")
    (root / "a").write_bytes(b"theirs\n")
    git(root, "commit", "--quiet", "--all", "--message=theirs")
    git(root, "checkout", "--quiet", "main")
    (root / "a").write_bytes(b"ours\r\n")
    git(root, "commit", "--quiet", "--all", "--message=ours")
    with pytest.raises(CalledProcessError):
        git(root, "merge", "--quiet", "theirs")
    (root / ".gitattributes").write_bytes(b"* text=auto\n")
    (root / "a").write_bytes(b"mended\r\n")

    tree = Directory(root)

    assert (list(tree.kinds), tree.read("a"), tree.content_id("a")) == ([".gitattributes", "a"], b"mended\r\n", None)
