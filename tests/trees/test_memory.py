"""A tree in memory holds what it is given."""

import pytest

from selfcheck.errors import Unreadable
from selfcheck.model import Location
from selfcheck.trees import Kind, Memory


def test_paths_are_sorted_and_links_are_told_from_files() -> None:
    tree = Memory({"b": b"2", "a/c": b"1"}, {"a/b": "c"})

    assert list(tree.kinds.items()) == [("a/b", Kind.LINK), ("a/c", Kind.FILE), ("b", Kind.FILE)]
    assert [tree.read(path) for path in tree.kinds] == [b"c", b"1", b"2"]


def test_a_file_that_is_not_there_is_unreadable() -> None:
    with pytest.raises(Unreadable, match=r"^there is no such file$"):
        Memory({"a/b": b""}).read("a")


def test_a_script_is_executable() -> None:
    tree = Memory({"run": b"#!/bin/sh\n", "read": b"text"})

    assert [tree.executable(path) for path in ("run", "read", "missing")] == [True, False, False]


def test_what_is_done_to_the_dict_afterwards_is_not_seen() -> None:
    files = {"a": b"1"}
    tree = Memory(files)

    files["b"] = b"2"

    assert list(tree.kinds) == ["a"]


def test_a_file_knows_its_path_and_its_places() -> None:
    file = Memory({"a/b": b""}).file("a/b")

    assert file is not None
    assert (file.at(), file.at(3), file.at(3, 7)) == (Location("a/b"), Location("a/b", 3), Location("a/b", 3, 7))
    assert repr(file) == "File('a/b')"
