"""The bytes of blobs, by their ids, from one `git cat-file --batch` a process."""

import os
import subprocess
from contextlib import suppress
from threading import Lock

from selfcheck.errors import Unreadable
from selfcheck.git.command import Git, Process


class Blobs:
    """Reads blobs one after the other; a forked process starts a reader of its own."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._reader: Process | None = None
        self._process = 0
        self._lock = Lock()

    def __getstate__(self) -> dict[str, object]:
        return {"_git": self._git, "_reader": None, "_process": 0}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state, _lock=Lock())

    def read(self, blob: str) -> bytes:
        """The content of a blob.

        Raises:
            Unreadable: this clone does not hold it, or not whole; the message has the command that fetches it.
        """
        with self._lock:
            try:
                content = _answer(self._running(), blob)
            except (OSError, EOFError):
                self._end()  # the next question goes to a new one
                content = None
        if content is None:
            raise Unreadable(_lost(self._git, blob))
        return content

    def _running(self) -> Process:
        """The reader of this very process: one inherited by a fork would answer two askers in one stream."""
        if self._reader is None or self._process != os.getpid():
            self._reader = self._git.start("cat-file", "--batch", errors=subprocess.DEVNULL)
            self._process = os.getpid()
        return self._reader

    def _end(self) -> None:
        if self._reader is not None and self._process == os.getpid():
            with suppress(OSError):
                self._reader.kill()
                self._reader.communicate()
        self._reader = None

    def __del__(self) -> None:
        self._end()


def _answer(reader: Process, blob: str) -> bytes | None:
    """What the reader says to one id, or None where it has no such object; raises `EOFError` where it ends."""
    assert reader.stdin is not None
    assert reader.stdout is not None
    reader.stdin.write(f"{blob}\n".encode("ascii"))
    reader.stdin.flush()
    head = reader.stdout.readline().split()
    if len(head) == 2:
        return None
    if len(head) != 3:
        raise EOFError
    content = reader.stdout.read(int(head[2]))
    if reader.stdout.read(1) != b"\n":
        raise EOFError
    return content


def _lost(git: Git, blob: str) -> str:
    remedy = git.remedy
    if remedy is None:
        return f"object {blob[:12]} is missing or damaged in this clone; `git fsck` says what else is"
    return f"object {blob[:12]} is not in this clone; fetch it with `{remedy}`"
