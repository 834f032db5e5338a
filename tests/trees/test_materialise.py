"""A materialised tree is a copy: a program that writes in it reaches nothing of the user's."""

import os
import stat
import sys
from pathlib import Path

import pytest

from selfcheck.errors import CannotJudge
from selfcheck.materialise import cloned, materialise
from selfcheck.trees import Directory, Memory, Overlay, Recording, Write
from tests.trees.working_copy import working_copy, write


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """Where copies are made."""
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


def listed(folder: Path) -> dict[str, bytes]:
    """Every file and link below a folder; for a link its target."""
    paths = [path for path in folder.rglob("*") if path.is_symlink() or path.is_file()]
    return {
        path.relative_to(folder).as_posix(): os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes()
        for path in paths
    }


def test_every_file_of_the_tree_is_copied_and_nothing_else(tmp_path: Path, scratch: Path) -> None:
    root = working_copy(tmp_path / "r", {"a": b"1", "b/c d/e\n": b"\0\xff", ".gitignore": b"*.log\n"})
    write(root, {"new": b"2", "ignored.log": b"3"})

    copy = materialise(Directory(root), scratch)

    assert listed(copy) == {".gitignore": b"*.log\n", "a": b"1", "b/c d/e\n": b"\0\xff", "new": b"2"}


def test_a_copy_is_no_hard_link(tmp_path: Path, scratch: Path) -> None:
    root = write(tmp_path / "r", {"a": b"1"})

    copy = materialise(Directory(root), scratch)
    (copy / "a").write_bytes(b"changed")

    assert (root / "a").read_bytes() == b"1"
    assert (copy / "a").stat().st_ino != (root / "a").stat().st_ino
    assert ((root / "a").stat().st_nlink, (copy / "a").stat().st_nlink) == (1, 1)


def test_of_a_file_that_git_would_store_otherwise_the_copy_is_what_git_would_store(
    tmp_path: Path, scratch: Path
) -> None:
    root = working_copy(tmp_path / "r", {"a": b"1\n", ".gitattributes": b"a text\n"})
    write(root, {"a": b"one\r\ntwo\r\n", "b": b"0", "c": b""})

    copy = materialise(Overlay(Recording(Directory(root)), [Write("b", b"edited")]), scratch)

    assert listed(copy) == {".gitattributes": b"a text\n", "a": b"one\ntwo\n", "b": b"edited", "c": b""}


@pytest.mark.parametrize("name", ["file", "gone", "link", "folder", "pipe"])
def test_a_file_is_cloned_whole_or_not_at_all(name: str, tmp_path: Path) -> None:
    """Not every file system can: then the copy stays empty, and is written."""
    (tmp_path / "file").write_bytes(b"1" * 100_000)
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")

    with (tmp_path / "copy").open("w+b") as copy:
        done = cloned(str(tmp_path / name), copy.fileno())

    assert (tmp_path / "copy").read_bytes() == (b"1" * 100_000 if done else b"")
    assert name == "file" or not done


def test_a_clone_is_tried_where_a_file_stands_and_no_edit_was_made(tmp_path: Path) -> None:
    root = write(tmp_path / "r", {"a": b"1", "b": b"2"})

    tree = Overlay(Recording(Directory(root)), [Write("b", b"3"), Write("new", b"4")])

    assert [tree.place(path) for path in ("a", "b", "new", "gone")] == [str(root / "a"), None, None, None]


def test_a_program_may_be_run_and_no_more_than_that(tmp_path: Path, scratch: Path) -> None:
    root = write(tmp_path / "r", {"run": b"", "read": b""})
    (root / "run").chmod(0o4777)

    copy = materialise(Directory(root), scratch)

    modes = {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in copy.iterdir()}
    assert modes == {"read": "0o644", "run": "0o755"}


def test_a_file_that_nobody_may_write_can_be_written_in_the_copy(tmp_path: Path, scratch: Path) -> None:
    root = write(tmp_path / "r", {"a": b"1"})
    (root / "a").chmod(0o444)

    copy = materialise(Directory(root), scratch)

    assert stat.S_IMODE((copy / "a").stat().st_mode) == 0o644


def test_links_that_stay_in_the_tree_are_copied_and_all_others_left_out(scratch: Path) -> None:
    links = {
        "inside": "folder/a",
        "folder/up": "../b",
        "to-folder": "folder",
        "through": "to-folder/a",
        "dangling": "missing",
        "circle": "circle",
        "absolute": "/etc/passwd",
        "out": "../secret",
        "folder/out": "../../secret",
        "folder/deep/top": "../..",
        # As text this is `folder/secret`; followed, it is beside the copy.
        "sly": "folder/deep/top/../secret",
    }
    tree = Memory({"folder/a": b"1", "b": b"2", "folder/deep/secret": b"3", "folder/secret": b"4"}, links)

    copy = materialise(tree, scratch)

    assert {path: target for path, target in listed(copy).items() if (copy / path).is_symlink()} == {
        "inside": b"folder/a",
        "folder/up": b"../b",
        "to-folder": b"folder",
        "through": b"to-folder/a",
        "folder/deep/top": b"../..",
    }


def test_no_link_of_a_copy_leads_out_of_it(tmp_path: Path, scratch: Path) -> None:
    links = {"top": ".", "deep/top": "..", "x": "deep/top/../s", "y": "top/../s", "z": "deep/top/../../s"}
    write(scratch, {"s": b"theirs"})

    copy = materialise(Memory({"s": b"mine", "deep/s": b"mine"}, links), scratch)

    led = {path: os.path.realpath(copy / path) for path in listed(copy)}
    assert {path: real for path, real in led.items() if not f"{real}/".startswith(f"{copy}/")} == {}


def test_edits_are_in_the_copy(scratch: Path) -> None:
    tree = Overlay(Memory({"a": b"1", "b": b"2"}), [Write("a", b"changed"), Write("new/c", b"#!/bin/sh\n")])

    copy = materialise(tree, scratch)

    assert listed(copy) == {"a": b"changed", "b": b"2", "new/c": b"#!/bin/sh\n"}
    assert os.access(copy / "new/c", os.X_OK)


def test_two_copies_are_two_folders(scratch: Path) -> None:
    tree = Memory({"a": b"1"})

    first, second = materialise(tree, scratch), materialise(tree, scratch)

    assert first != second
    assert sorted(scratch.iterdir()) == sorted((first, second))


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS refuses file names that are not UTF-8")
def test_a_name_that_is_not_utf_8_is_copied_under_the_name_that_it_is_shown_by(tmp_path: Path, scratch: Path) -> None:
    root = write(tmp_path / "r", {os.fsdecode(b"odd-\xff"): b"1"})

    copy = materialise(Directory(root), scratch)

    assert listed(copy) == {r"odd-\xff": b"1"}


def test_a_file_that_cannot_be_read_is_no_copy_without_it(tmp_path: Path, scratch: Path) -> None:
    root = write(tmp_path / "r", {"a": b"1"})
    tree = Directory(root)
    assert list(tree.kinds) == ["a"]
    (root / "a").unlink()

    with pytest.raises(CannotJudge) as raised:
        materialise(tree, scratch)

    assert str(raised.value) == "cannot copy a: No such file or directory"


def test_a_name_too_long_for_the_disk_is_no_copy_without_it(scratch: Path) -> None:
    with pytest.raises(CannotJudge, match="File name too long"):
        materialise(Memory({"a" * 300: b""}), scratch)
