"""The same contents are the same tree, however they are held."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfcheck.trees import Append, Delete, Directory, Edit, Memory, Overlay, Replace, Tree, Write
from tests.trees.working_copy import working_copy

NAME = st.sampled_from(
    ["a", "b", "src", "tests", "a b", "é", 'q"', "n\n", "[x]", "!", "#", "~", "a.py", "b.py", ".env"]
)
PATHS = st.lists(NAME, min_size=1, max_size=3).map("/".join)
CONTENT = st.one_of(st.binary(max_size=8), st.sampled_from([b"", b"#!/bin/sh\n", b"\r\n", b"\xef\xbb\xbfx"]))


def _without_clashes(files: dict[str, bytes]) -> dict[str, bytes]:
    """No path is a folder of another."""
    return {path: files[path] for path in files if not any(other.startswith(f"{path}/") for other in files)}


FILES = st.dictionaries(PATHS, CONTENT, max_size=8).map(_without_clashes)
PART = st.one_of(NAME, st.sampled_from(["*", "**", "*.py", "?", "[ab]", "[!a]*", "a*"])).filter(
    lambda part: part[0] != "!"
)
GLOB = st.lists(PART, min_size=1, max_size=3).map("/".join)
GLOBS = st.lists(st.one_of(GLOB, GLOB.map("!{}".format)), min_size=1, max_size=4)


def facts(tree: Tree, globs: list[str]) -> object:
    """All that a tree says, and what the globs select of it."""
    return (
        {path: (kind, tree.read(path), tree.resolve(path)) for path, kind in tree.kinds.items()},
        [(file.path, file.bytes) for file in tree.files(globs)],
        tree.paths(globs),
        [tree.files([glob]) and tree.paths([glob]) for glob in globs],
    )


@settings(deadline=None, max_examples=40)
@given(files=FILES, globs=GLOBS)
def test_a_committed_directory_is_the_same_tree_as_its_contents_in_memory(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes], globs: list[str]
) -> None:
    root: Path = working_copy(tmp_path_factory.mktemp("r"), files)

    assert facts(Directory(root), globs) == facts(Memory(files), globs)


@settings(deadline=None)
@given(files=FILES, globs=GLOBS, data=st.data())
def test_a_tree_with_edits_is_the_same_tree_as_its_edited_contents(
    files: dict[str, bytes], globs: list[str], data: st.DataObject
) -> None:
    edited = dict(files)
    edits: list[Edit] = []
    for _ in range(data.draw(st.integers(0, 5))):
        edit, changed = data.draw(_edits(edited))
        edits.append(edit)
        edited = changed

    assert facts(Overlay(Memory(files), edits), globs) == facts(Memory(edited), globs)


@st.composite
def _edits(draw: st.DrawFn, files: dict[str, bytes]) -> tuple[Edit, dict[str, bytes]]:
    """An edit that fits these files, and the files after it, worked out anew."""
    content = draw(CONTENT)
    if not files or draw(st.booleans()):
        path = draw(PATHS)
        return Write(path, content), files | {path: content}
    path = draw(st.sampled_from(sorted(files)))
    old = files[path]
    match draw(st.sampled_from(["append", "replace", "delete"])):
        case "append":
            return Append(path, content), files | {path: old + content}
        case "replace" if old:
            part = old[: draw(st.integers(1, len(old)))]
            return Replace(path, part, content), files | {path: content.join(old.split(part))}
        case _:
            return Delete(path), {other: files[other] for other in files if other != path}
