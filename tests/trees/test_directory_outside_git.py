"""Outside git, a directory is everything but histories, caches and virtual environments."""

import os
from pathlib import Path

import pytest

from selfcheck.trees import Directory, Kind
from selfcheck.trees.directory import PASSED_OVER
from tests.trees.working_copy import write


def test_every_file_is_listed_hidden_ones_too(tmp_path: Path) -> None:
    write(tmp_path, {"a": b"", "b/c/d": b"", ".hidden": b"", ".github/workflows/ci.yml": b"", "x y/\n": b""})

    assert list(Directory(tmp_path).kinds) == [".github/workflows/ci.yml", ".hidden", "a", "b/c/d", "x y/\n"]


# `.git` alone makes a folder a repository; here it lies deeper.
@pytest.mark.parametrize("name", sorted(PASSED_OVER))
def test_a_history_a_cache_or_an_environment_is_passed_over_at_any_depth(tmp_path: Path, name: str) -> None:
    write(tmp_path, {"a": b"", f"deep/{name}/inner/file": b""})

    assert list(Directory(tmp_path).kinds) == ["a"]


def test_a_virtual_environment_of_any_name_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path, {"a": b"", "my-env/pyvenv.cfg": b"", "my-env/lib/python/site.py": b""})

    assert list(Directory(tmp_path).kinds) == ["a"]


def test_a_file_with_the_name_of_an_environment_is_listed(tmp_path: Path) -> None:
    write(tmp_path, {"venv": b"", "deep/.cache": b"", "venvs/a": b""})

    assert list(Directory(tmp_path).kinds) == ["deep/.cache", "venv", "venvs/a"]


def test_a_link_to_a_folder_is_a_link_and_nothing_behind_it_is_listed(tmp_path: Path) -> None:
    write(tmp_path, {"folder/a": b""})
    (tmp_path / "link").symlink_to("folder")
    (tmp_path / "circle").symlink_to(".")

    assert dict(Directory(tmp_path).kinds) == {"circle": Kind.LINK, "folder/a": Kind.FILE, "link": Kind.LINK}


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    write(tmp_path, {"a": b""})
    os.mkfifo(tmp_path / "pipe")

    assert list(Directory(tmp_path).kinds) == ["a"]


def test_an_empty_folder_has_no_files(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    assert dict(Directory(tmp_path).kinds) == {}
