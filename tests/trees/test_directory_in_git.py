"""In git, a directory is what git would show there as it stands on disk."""

import os
import sys
from pathlib import Path

import pytest

from selfcheck.errors import CannotOpen, Unreadable
from selfcheck.trees import Directory, Kind
from tests.trees.working_copy import git, working_copy, write

ODD_NAMES = (
    " leading and trailing ",
    "a folder/with blank.txt",
    "new\nline",
    'quo"te',
    "tab\there",
    "back\\slash",
    "-dash",
    "é/ü.txt",
    "*?[!]",
    "#hash",
    "$(touch x)",
)
needs_any_bytes = pytest.mark.skipif(sys.platform == "darwin", reason="macOS refuses file names that are not UTF-8")


def test_tracked_staged_and_untracked_files_are_listed_ignored_and_deleted_ones_are_not(tmp_path: Path) -> None:
    root = working_copy(
        tmp_path / "r", {"tracked": b"1", "gone": b"2", "removed": b"3", ".gitignore": b"*.log\nout/\n"}
    )
    write(root, {"staged": b"4", "untracked": b"5", "ignored.log": b"6", "out/ignored": b"7", "below/untracked": b"8"})
    git(root, "add", "staged")
    git(root, "rm", "--quiet", "removed")
    (root / "gone").unlink()

    kinds = Directory(root).kinds

    assert kinds == dict.fromkeys((".gitignore", "below/untracked", "staged", "tracked", "untracked"), Kind.FILE)


def test_paths_are_sorted_by_code_point(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", dict.fromkeys(("b", "a/z", "a.txt", "a-b", "Z", "é"), b""))

    assert list(Directory(root).kinds) == ["Z", "a-b", "a.txt", "a/z", "b", "é"]


def test_what_the_working_tree_holds_is_read_not_what_is_committed(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {"a": b"committed"})
    write(root, {"a": b"edited"})

    assert Directory(root).read("a") == b"edited"


def test_a_tracked_file_is_listed_though_it_is_ignored(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {"a.log": b"", ".gitignore": b"*.log\n"})

    assert list(Directory(root).kinds) == [".gitignore", "a.log"]


def test_what_only_this_clone_excludes_is_left_out(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {"a": b""})
    write(root, {"private": b"", ".git/info/exclude": b"private\n"})

    assert list(Directory(root).kinds) == ["a"]


def test_a_submodule_is_left_out_with_all_below_it(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {"a": b""})
    working_copy(root / "sub", {"inner": b""})
    head = git(root / "sub", "rev-parse", "HEAD").decode().strip()
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{head},sub")

    assert list(Directory(root).kinds) == ["a"]


def test_an_untracked_repository_below_is_left_out(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {"a": b""})
    working_copy(root / "nested", {"inner": b""})

    assert list(Directory(root).kinds) == ["a"]


def test_a_submodule_is_a_tree_of_its_own(tmp_path: Path) -> None:
    library = working_copy(tmp_path / "library", {"inner/a": b"1"})
    root = working_copy(tmp_path / "r", {})
    git(root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(library), "sub")
    write(root, {"sub/new": b"2"})

    tree = Directory(root / "sub")

    assert {path: tree.read(path) for path in tree.kinds if path != ".git"} == {"inner/a": b"1", "new": b"2"}


def test_a_linked_work_tree_is_a_tree_of_its_own(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {"a": b"1", "folder/b": b"2"})
    git(root, "worktree", "add", "--quiet", "../linked")
    write(tmp_path, {"linked/new": b"3", "r/other": b"4"})
    (tmp_path / "linked" / "a").unlink()

    assert list(Directory(tmp_path / "linked").kinds) == ["folder/b", "new"]
    assert list(Directory(tmp_path / "linked" / "folder").kinds) == ["b"]


def test_a_subfolder_is_listed_from_itself(tmp_path: Path) -> None:
    root = working_copy(
        tmp_path / "r", {"a": b"", "sub/b": b"B", "sub/deep/c": b"", "sub/gone": b"", ".gitignore": b"*.log"}
    )
    write(root, {"sub/new": b"", "sub/ignored.log": b""})
    (root / "sub" / "gone").unlink()

    tree = Directory(root / "sub")

    assert (list(tree.kinds), tree.read("b")) == (["b", "deep/c", "new"], b"B")


@pytest.mark.parametrize("tracked", [True, False], ids=["tracked", "untracked"])
def test_a_name_may_hold_any_character(tmp_path: Path, tracked: bool) -> None:
    files = {name: name.encode() for name in ODD_NAMES}
    root = working_copy(tmp_path / "r", files if tracked else {})
    write(root, files)

    tree = Directory(root)

    assert {path: tree.read(path) for path in tree.kinds} == files


@needs_any_bytes
def test_a_name_that_is_not_utf_8_is_shown_escaped_and_can_be_read(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {os.fsdecode(b"odd-\xff/caf\xe9"): b"content"})

    tree = Directory(root)

    assert {path: tree.read(path) for path in tree.kinds} == {r"odd-\xff/caf\xe9": b"content"}


@needs_any_bytes
def test_a_name_cannot_hide_a_file_by_looking_like_its_escaped_name(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {os.fsdecode(b"a\xff"): b"hidden", r"a\xff": b"shown"})

    with pytest.raises(CannotOpen) as raised:
        _ = Directory(root).kinds

    assert str(raised.value) == rf"{root}: two files are both shown as a\xff; rename one"


def test_a_tracked_file_that_became_a_folder_is_gone_and_what_is_in_the_folder_is_listed(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {"a": b""})
    (root / "a").unlink()
    write(root, {"a/b": b""})

    assert dict(Directory(root).kinds) == {"a/b": Kind.FILE}


def test_a_tracked_file_that_became_a_link_is_a_link(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {"a": b"", "b": b""})
    (root / "a").unlink()
    (root / "a").symlink_to("b")

    assert dict(Directory(root).kinds) == {"a": Kind.LINK, "b": Kind.FILE}


def test_a_file_in_conflict_is_listed_once(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {"a": b"ours and theirs"})
    blob = git(root, "hash-object", "-w", "--stdin", stdin=b"1").decode().strip()
    stages = "".join(f"100644 {blob} {stage}\ta\n" for stage in (1, 2, 3))
    git(root, "update-index", "--index-info", stdin=f"0 {'0' * 40}\ta\n{stages}".encode())

    tree = Directory(root)

    assert {path: tree.read(path) for path in tree.kinds} == {"a": b"ours and theirs"}


def test_a_file_outside_a_sparse_checkout_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {"a": b"", "b": b"stored"})
    git(root, "update-index", "--skip-worktree", "b")
    (root / "b").unlink()

    tree = Directory(root)

    assert {path: tree.read(path) for path in tree.kinds} == {"a": b"", "b": b"stored"}


def test_a_file_that_a_sparse_checkout_would_leave_out_and_is_there_is_read_as_it_stands(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {"b": b"stored"})
    git(root, "update-index", "--skip-worktree", "b")
    (root / "b").write_bytes(b"edited")

    tree = Directory(root)

    assert (tree.read("b"), tree.content_id("b")) == (b"edited", None)


def test_a_file_that_is_gone_since_it_was_listed_is_unreadable(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {"a": b""})
    tree = Directory(root)
    assert list(tree.kinds) == ["a"]
    (root / "a").unlink()

    with pytest.raises(Unreadable, match="No such file or directory"):
        tree.read("a")


def test_a_path_that_was_not_listed_is_unreadable_even_where_a_file_stands(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {"sub/a": b""})
    write(tmp_path, {"secret": b"s"})

    tree = Directory(root)

    for path in (".git/config", "../secret", "sub/../sub/a", "/etc/passwd"):
        with pytest.raises(Unreadable, match="there is no such file"):
            tree.read(path)


def test_the_executable_bit_is_the_owners(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {"run": b"", "read": b"#!/bin/sh\n"})
    (root / "run").chmod(0o744)

    tree = Directory(root)

    assert {path: tree.executable(path) for path in ("run", "read", "missing")} == {
        "run": True,
        "read": False,
        "missing": False,
    }


def test_a_repository_without_a_commit_is_what_is_in_it(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    write(tmp_path, {"a": b""})

    assert list(Directory(tmp_path).kinds) == ["a"]


def test_a_folder_that_is_not_there_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen) as raised:
        Directory(tmp_path / "missing")

    assert str(raised.value) == f"{tmp_path}/missing: is not a folder"


def test_a_broken_repository_is_no_empty_one(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {"a": b""})
    write(root, {".git/index": b"not an index"})

    with pytest.raises(CannotOpen, match="git ls-files failed: "):
        _ = Directory(root).kinds
