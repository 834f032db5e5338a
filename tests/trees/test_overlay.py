"""Edits over a tree: each does what it says or misses, and the tree below is untouched."""

from pathlib import Path

import pytest

from selfcheck.errors import Unreadable
from selfcheck.trees import Append, Delete, Directory, Edit, EditMissed, Kind, Memory, Overlay, Replace, Tree, Write
from tests.trees.working_copy import write

BASE = Memory({"a": b"one two one", "run": b"#!/bin/sh\n"}, {"link": "a"})


def contents(tree: Tree) -> dict[str, bytes]:
    return {path: tree.read(path) for path in tree.kinds}


@pytest.mark.parametrize(
    ("edits", "changed"),
    [
        pytest.param([], {}, id="none"),
        pytest.param([Write("a", b"new")], {"a": b"new"}, id="write over"),
        pytest.param([Write("deep/new", b"new")], {"deep/new": b"new"}, id="write new"),
        pytest.param([Append("a", b" three")], {"a": b"one two one three"}, id="append"),
        pytest.param([Replace("a", b"one", b"1")], {"a": b"1 two 1"}, id="replace every occurrence"),
        pytest.param([Delete("a")], {"a": None}, id="delete"),
        pytest.param([Delete("link")], {"link": None}, id="delete a link"),
        pytest.param([Delete("a"), Write("a", b"back")], {"a": b"back"}, id="delete, then write"),
        pytest.param([Write("n", b"x"), Append("n", b"y"), Replace("n", b"xy", b"z")], {"n": b"z"}, id="in order"),
        pytest.param([Write("n", b"x"), Delete("n")], {}, id="write, then delete"),
    ],
)
def test_edits_are_seen_in_order(edits: list[Edit], changed: dict[str, bytes | None]) -> None:
    expected = {path: content for path, content in (contents(BASE) | changed).items() if content is not None}

    overlay = Overlay(BASE, edits)

    assert list(contents(overlay).items()) == sorted(expected.items())


@pytest.mark.parametrize(
    ("edits", "reason"),
    [
        ([Append("missing", b"x")], "missing: there is no such file to edit"),
        ([Replace("missing", b"x", b"y")], "missing: there is no such file to edit"),
        ([Delete("missing")], "missing: there is no such file to edit"),
        ([Replace("a", b"three", b"3")], "replace in a: the text to replace does not occur"),
        ([Delete("a"), Append("a", b"x")], "a: there is no such file to edit"),
        ([Delete("a"), Delete("a")], "a: there is no such file to edit"),
    ],
)
def test_an_edit_that_does_not_fit_the_tree_is_missed(edits: list[Edit], reason: str) -> None:
    with pytest.raises(EditMissed) as raised:
        Overlay(BASE, edits)

    assert str(raised.value) == reason


def test_an_edit_of_a_file_that_cannot_be_read_is_missed(tmp_path: Path) -> None:
    tree = Directory(write(tmp_path, {"a": b""}))
    assert list(tree.kinds) == ["a"]
    (tmp_path / "a").unlink()

    with pytest.raises(EditMissed, match=r"^a: No such file or directory$"):
        Overlay(tree, [Append("a", b"x")])


def test_the_tree_below_is_untouched(tmp_path: Path) -> None:
    tree = Directory(write(tmp_path, {"a": b"1", "b": b"2"}))

    overlay = Overlay(tree, [Write("a", b"x"), Delete("b"), Write("c", b"3")])

    assert contents(overlay) == {"a": b"x", "c": b"3"}
    assert contents(tree) == {"a": b"1", "b": b"2"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_a_deleted_file_is_unreadable_and_selected_by_nothing() -> None:
    overlay = Overlay(BASE, [Delete("a")])

    assert overlay.paths(["**"]) == ("run",)
    with pytest.raises(Unreadable, match=r"^there is no such file$"):
        overlay.read("a")


def test_a_file_written_over_a_link_is_a_file() -> None:
    overlay = Overlay(BASE, [Write("link", b"text")])

    assert (overlay.kinds["link"], overlay.read("link")) == (Kind.FILE, b"text")


def test_an_edited_file_keeps_its_executable_bit_and_a_new_one_is_as_a_script_begins() -> None:
    overlay = Overlay(BASE, [Write("run", b"text"), Write("new", b"#!/bin/sh\n"), Write("text", b"text")])

    executable = {path: overlay.executable(path) for path in overlay.kinds}

    assert executable == {"a": False, "link": False, "new": True, "run": True, "text": False}


def test_an_overlay_lies_over_another() -> None:
    inner = Overlay(BASE, [Write("a", b"1"), Delete("run")])

    outer = Overlay(inner, [Append("a", b"2"), Write("run", b"3")])

    assert contents(outer) == {"a": b"12", "link": b"a", "run": b"3"}
    assert contents(inner) == {"a": b"1", "link": b"a"}
