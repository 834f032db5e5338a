"""Old path -> new path, as git's own rename detection has it."""

import os
from pathlib import Path

import pytest

from selfcheck.git import Git, open_git
from selfcheck.git.history import renames, resolve
from selfcheck.testing import Files, git_repository
from tests.trees.working_copy import git

LONG = "".join(f"line {number}\n" for number in range(40))


def moved(folder: Path, *commits: Files) -> tuple[Git, str]:
    """The repository of these commits, and the first of them."""
    git_repository(folder, *commits)
    found = open_git(folder)
    assert found is not None
    return found, git(folder, "rev-list", "--max-parents=0", "HEAD").decode().strip()


def test_a_file_that_moves_with_an_edit_is_followed_between_commits(tmp_path: Path) -> None:
    found, first = moved(tmp_path, {"old.py": LONG, "kept": "1"}, {"old.py": None, "sub/new.py": LONG + "edited\n"})

    assert renames(found, first, resolve(found, "HEAD")) == {"old.py": "sub/new.py"}


def test_a_file_that_is_rewritten_elsewhere_is_another_one(tmp_path: Path) -> None:
    found, first = moved(tmp_path, {"old.py": LONG}, {"old.py": None, "new.py": "nothing alike\n" * 40})

    assert renames(found, first, resolve(found, "HEAD")) == {}


def test_a_copy_is_no_move(tmp_path: Path) -> None:
    found, first = moved(tmp_path, {"a.py": LONG}, {"b.py": LONG})

    assert renames(found, first, resolve(found, "HEAD")) == {}


def test_a_file_that_is_moved_in_the_index_and_edited_on_disk_is_followed_to_the_working_tree(tmp_path: Path) -> None:
    found, first = moved(tmp_path, {"old.py": LONG})
    git(tmp_path, "mv", "old.py", "new.py")
    (tmp_path / "new.py").write_text(LONG + "edited\n")

    assert renames(found, first, None) == {"old.py": "new.py"}


def test_paths_are_below_the_folder_and_a_move_across_its_border_is_none(tmp_path: Path) -> None:
    found, first = moved(
        tmp_path,
        {"sub/a": LONG, "sub/b": LONG[10:], "c": LONG[20:]},
        {"sub/a": None, "sub/x": LONG, "sub/b": None, "y": LONG[10:], "c": None, "sub/z": LONG[20:]},
    )

    assert renames(found, first, resolve(found, "HEAD"), "sub") == {"a": "x"}


@pytest.mark.parametrize(
    "name", [b"new\nline", b"\xff", b":100644 100644", b"-rf", b'"', b" ", b"tab\t", b"caf\xc3\xa9"]
)
def test_a_name_may_be_anything(tmp_path: Path, name: bytes) -> None:
    found, first = moved(tmp_path, {"old": LONG}, {"old": None, os.fsdecode(name): LONG})

    assert renames(found, first, resolve(found, "HEAD")) == {"old": name.decode("utf-8", "backslashreplace")}


def test_the_repository_may_not_switch_it_off(tmp_path: Path) -> None:
    found, first = moved(tmp_path, {"old": LONG}, {"old": None, "new": LONG})
    for setting in ("diff.renames=false", "diff.noprefix=true", "diff.orderFile=/dev/null", "diff.relative=true"):
        git(tmp_path, "config", *setting.split("="))

    assert renames(found, first, resolve(found, "HEAD")) == {"old": "new"}
