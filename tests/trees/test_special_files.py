"""What is no plain readable file is unreadable, with the reason, and nothing waits for it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from selfcheck.errors import CannotOpen, Unreadable
from selfcheck.trees import Directory
from tests.trees.working_copy import working_copy, write

NOBODY = 65534


@contextmanager
def unprivileged() -> Iterator[None]:
    """For a while not the superuser, who may read everything."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)


@pytest.fixture
def everyones() -> Iterator[Path]:
    """A folder that everyone may enter; pytest's own ones are closed to others."""
    with TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        root.chmod(0o755)
        yield root


def test_a_file_that_may_not_be_read_is_unreadable(tmp_path: Path) -> None:
    root = write(tmp_path, {"a": b"", "secret": b"s"})
    (root / "secret").chmod(0)
    tree = Directory(root)
    assert list(tree.kinds) == ["a", "secret"]

    with unprivileged(), pytest.raises(Unreadable, match=r"^Permission denied$"):
        tree.read("secret")


def test_a_folder_that_may_not_be_listed_is_not_passed_over(everyones: Path) -> None:
    write(everyones, {"a": b"", "closed/b": b""})
    (everyones / "closed").chmod(0)

    with unprivileged(), pytest.raises(CannotOpen) as raised:
        _ = Directory(everyones).kinds

    (everyones / "closed").chmod(0o755)
    assert str(raised.value) == f"{everyones}/closed: Permission denied"


def test_a_folder_that_may_not_be_entered_is_none_that_can_be_opened(everyones: Path) -> None:
    write(everyones, {"closed/folder/a": b""})
    (everyones / "closed").chmod(0)

    with unprivileged(), pytest.raises(CannotOpen) as raised:
        Directory(everyones / "closed" / "folder")

    (everyones / "closed").chmod(0o755)
    assert str(raised.value) == f"{everyones}/closed/folder: is not a folder"


def test_a_tracked_file_that_became_a_pipe_is_unreadable_and_nothing_waits_for_a_writer(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {"a": b""})
    (root / "a").unlink()
    os.mkfifo(root / "a")

    tree = Directory(root)

    assert list(tree.kinds) == ["a"]
    with pytest.raises(Unreadable, match=r"^not a regular file$"):
        tree.read("a")


def test_a_file_that_became_a_folder_after_the_listing_is_unreadable(tmp_path: Path) -> None:
    root = write(tmp_path, {"a": b""})
    tree = Directory(root)
    assert list(tree.kinds) == ["a"]
    (root / "a").unlink()
    (root / "a").mkdir()

    with pytest.raises(Unreadable, match=r"^(not a regular file|Is a directory)$"):
        tree.read("a")
