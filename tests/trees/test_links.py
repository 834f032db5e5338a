"""A link is never read through; it is resolved among the tree's own names, as an operating system would."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfcheck.errors import Unreadable
from selfcheck.trees import Directory, Kind, Memory, Tree
from tests.trees.working_copy import git, working_copy, write

FILES = ("file", "folder/inner", "folder/deep/inmost")
Make = Callable[[Mapping[str, str]], Tree]


@pytest.fixture(params=["memory", "directory", "git"])
def linked(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """A maker of trees that hold `FILES` and the given links."""

    def make(links: Mapping[str, str]) -> Tree:
        contents = {path: path.encode() for path in FILES}
        if request.param == "memory":
            return Memory(contents, links)
        root = working_copy(tmp_path / "root", contents) if request.param == "git" else tmp_path / "root"
        write(tmp_path, {"outside": b"secret"})
        write(root, contents)
        for path, target in links.items():
            (root / path).symlink_to(target)
        if request.param == "git":
            git(root, "add", "--all")
        return Directory(root)

    return make


@pytest.mark.parametrize(
    ("target", "leads"),
    [
        ("file", "file"),
        ("./file", "file"),
        ("folder/inner", "folder/inner"),
        ("folder", "folder"),
        ("folder/", "folder"),
        ("folder/..", "."),
        (".", "."),
        ("folder/../file", "file"),
        ("folder/deep/../inner", "folder/inner"),
        ("link-to-folder/inner", "folder/inner"),
        ("link-to-deep/../inner", "folder/inner"),  # not `inner`: the parent of what the link leads to
        ("link-to-deep/../../file", "file"),
        ("missing", None),
        ("missing/../file", None),
        ("file/..", None),
        ("file/", None),
        ("link", None),
        ("to-and-fro", None),
        ("folder/../../outside", None),
        ("../outside", None),
        ("..", None),
        ("../root/file", None),
        ("/etc/passwd", None),
    ],
)
def test_a_link_leads_to_a_name_of_the_tree_or_nowhere(linked: Make, target: str, leads: str | None) -> None:
    others = {"link-to-folder": "folder", "link-to-deep": "folder/deep", "to-and-fro": "fro", "fro": "to-and-fro"}

    tree = linked({"link": target, **others})

    assert tree.resolve("link") == leads


def test_a_link_is_listed_as_one_and_its_bytes_are_its_target(linked: Make) -> None:
    tree = linked({"inside": "file", "out": "../outside", "to-folder": "folder"})

    assert dict(tree.kinds) == {
        "file": Kind.FILE,
        "folder/deep/inmost": Kind.FILE,
        "folder/inner": Kind.FILE,
        "inside": Kind.LINK,
        "out": Kind.LINK,
        "to-folder": Kind.LINK,
    }
    assert [tree.read(path) for path in ("inside", "out", "to-folder")] == [b"file", b"../outside", b"folder"]


def test_files_are_regular_ones_only_and_paths_hold_links_that_lead_somewhere(linked: Make) -> None:
    tree = linked({"inside": "file", "out": "../outside", "dangling": "missing"})

    assert [file.path for file in tree.files()] == ["file", "folder/deep/inmost", "folder/inner"]
    assert tree.paths(["**"]) == ("file", "folder/deep/inmost", "folder/inner", "inside")
    assert (tree.file("inside"), tree.file("missing")) == (None, None)


def test_a_chain_as_long_as_linux_follows_leads_to_its_end_and_a_longer_one_nowhere(linked: Make) -> None:
    links = {f"l{step}": f"l{step - 1}" for step in range(2, 42)} | {"l1": "file"}

    tree = linked(links)

    assert (tree.resolve("l40"), tree.resolve("l41")) == ("file", None)


def test_a_way_that_doubles_with_each_link_comes_to_an_end(linked: Make) -> None:
    doubling = {f"l{step}": f"l{step - 1}/../l{step - 1}" for step in range(1, 60)} | {"l0": "folder"}

    tree = linked(doubling)

    assert tree.resolve("l59") is None


@pytest.mark.parametrize("tracked", [True, False], ids=["in git", "outside git"])
def test_a_folder_swapped_for_a_link_after_the_listing_is_not_read_through(tmp_path: Path, tracked: bool) -> None:
    files = {"folder/secret": b"mine", "a": b""}
    root = working_copy(tmp_path / "r", files) if tracked else write(tmp_path / "r", files)
    write(tmp_path, {"elsewhere/secret": b"theirs"})
    tree = Directory(root)
    assert list(tree.kinds) == ["a", "folder/secret"]

    (root / "folder").rename(root / "moved")
    (root / "folder").symlink_to("../elsewhere")

    with pytest.raises(Unreadable, match=r"^stands behind a symbolic link$"):
        tree.read("folder/secret")


def test_a_tracked_folder_swapped_for_a_link_before_the_listing_is_not_read_through(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {"folder/secret": b"mine"})
    write(tmp_path, {"elsewhere/secret": b"theirs"})
    (root / "folder").rename(tmp_path / "moved")
    (root / "folder").symlink_to("../elsewhere")

    tree = Directory(root)

    assert dict(tree.kinds) == {"folder": Kind.LINK}
    with pytest.raises(Unreadable, match=r"^there is no such file$"):
        tree.read("folder/secret")


def test_a_file_swapped_for_a_link_after_the_listing_is_not_read_through(tmp_path: Path) -> None:
    root = write(tmp_path / "r", {"a": b"mine"})
    write(tmp_path, {"outside": b"theirs"})
    tree = Directory(root)
    assert list(tree.kinds) == ["a"]

    (root / "a").unlink()
    (root / "a").symlink_to("../outside")

    with pytest.raises(Unreadable, match=r"^Too many levels of symbolic links$"):
        tree.read("a")


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS refuses file names that are not UTF-8")
def test_a_link_whose_target_is_not_utf_8_leads_nowhere(tmp_path: Path) -> None:
    root = write(tmp_path / "r", {os.fsdecode(b"odd-\xff"): b"1"})
    (root / "link").symlink_to(os.fsdecode(b"odd-\xff"))

    tree = Directory(root)

    assert (tree.read("link"), tree.resolve("link")) == (b"odd-\xff", None)


def test_a_root_that_is_itself_a_link_is_the_folder_behind_it(tmp_path: Path) -> None:
    write(tmp_path / "real", {"a": b"1"})
    (tmp_path / "link").symlink_to("real")

    tree = Directory(tmp_path / "link")

    assert {path: tree.read(path) for path in tree.kinds} == {"a": b"1"}


PARTS = st.sampled_from(["a", "b", "c", "x", "y", "..", "."])
TARGETS = st.lists(PARTS, min_size=1, max_size=3).map("/".join)


@settings(deadline=None)
@given(targets=st.dictionaries(st.sampled_from(["a", "x/b", "x/y/c"]), TARGETS))
def test_links_lead_where_the_operating_system_says(
    tmp_path_factory: pytest.TempPathFactory, targets: dict[str, str]
) -> None:
    root = write(tmp_path_factory.mktemp("links"), {"x/y/f": b"", "f": b""})
    for path, target in targets.items():
        (root / path).symlink_to(target)

    tree = Directory(root)

    assert {path: tree.resolve(path) for path in tree.kinds} == {path: _on_disk(root, path) for path in tree.kinds}


def _on_disk(root: Path, path: str) -> str | None:
    try:
        real = os.path.realpath(root / path, strict=True)
    except OSError:
        return None
    inside = real == str(root) or real.startswith(f"{root}/")
    return os.path.relpath(real, root) if inside else None
