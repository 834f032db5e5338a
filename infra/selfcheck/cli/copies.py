"""The place for the copies in which programs run: removed at the end; that of a killed run by the next one."""

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

BEFORE = "selfcheck-"
LOCK = ".selfcheck-copies"
"""Held by the processes of a run as long as one of them lives; what has no such file was never ours."""
LOCKING = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


@contextmanager
def room_for_copies(place: str | None = None) -> Generator[Path]:
    """A folder of this run's own, where what is temporary stands; what killed runs of this user have left there is removed."""
    for folder in _abandoned(place or tempfile.gettempdir()):
        remove(folder)
    folder = tempfile.mkdtemp(prefix=BEFORE, dir=place)
    lock = _locked(folder)
    try:
        yield Path(folder)
    finally:
        remove(folder)
        if lock is not None:
            os.close(lock)


def remove(folder: str) -> None:
    """Take a folder away with all that is in it, also where a program has taken the permission to do so; no link is followed."""
    shutil.rmtree(folder, ignore_errors=True)
    if not os.path.lexists(folder):
        return
    for place, folders, _ in os.walk(folder):
        for each in (place, *(os.path.join(place, name) for name in folders)):
            with suppress(OSError):
                if stat.S_ISDIR(os.lstat(each).st_mode):
                    os.chmod(each, stat.S_IRWXU)
    shutil.rmtree(folder, ignore_errors=True)


def _locked(folder: str) -> int | None:
    """The lock of a new folder, which has its name only once it is held: another run sees it held or not at all."""
    if sys.platform == "win32":
        return None
    lock = os.open(os.path.join(folder, f"{LOCK}.new"), os.O_CREAT | LOCKING, 0o600)
    if _held(lock):
        os.rename(os.path.join(folder, f"{LOCK}.new"), os.path.join(folder, LOCK))
    return lock


def _abandoned(place: str) -> Iterator[str]:
    """The folders of this user's runs of which no process is left."""
    if sys.platform == "win32":
        return
    with suppress(OSError), os.scandir(place) as entries:
        for entry in entries:
            if entry.name.startswith(BEFORE) and _is_ours(entry) and _is_free(os.path.join(entry.path, LOCK)):
                yield entry.path


def _is_ours(entry: "os.DirEntry[str]") -> bool:
    try:
        about = entry.stat(follow_symlinks=False)
    except OSError:
        return False
    return stat.S_ISDIR(about.st_mode) and about.st_uid == os.getuid()


def _is_free(path: str) -> bool:
    """Whether a lock is there and nobody holds it."""
    try:
        lock = os.open(path, LOCKING)
    except OSError:
        return False
    try:
        return _held(lock)
    finally:
        os.close(lock)


def _held(lock: int) -> bool:
    """Take a lock, until all processes that came of this one have closed it or ended; not where another has it."""
    if sys.platform == "win32":
        return False
    import fcntl  # not there on Windows

    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
