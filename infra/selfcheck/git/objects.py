"""The bytes of blobs, by their ids, from one `git cat-file --batch` a process."""

import os
import subprocess
from contextlib import suppress
from threading import Lock

from selfcheck.errors import CannotOpen, Unreadable
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
            Unreadable: this clone does not hold it; the message has the command that fetches it.
            CannotOpen: git ended.
        """
        with self._lock:
            reader = self._running()
            assert reader.stdin is not None
            assert reader.stdout is not None
            try:
                reader.stdin.write(f"{blob}\n".encode("ascii"))
                reader.stdin.flush()
                head = reader.stdout.readline().split()
                if len(head) == 2 and head[1] == b"missing":
                    raise Unreadable(f"object {blob[:12]} is not in this clone; fetch it with `{_remedy(self._git)}`")
                size = int(head[2])
                content = reader.stdout.read(size + 1)
            except (BrokenPipeError, IndexError, ValueError) as error:
                raise CannotOpen(f"{self._git.top}: git cat-file ended before object {blob[:12]} was read") from error
        if len(content) != size + 1:
            raise CannotOpen(f"{self._git.top}: git cat-file ended within object {blob[:12]}")
        return content[:-1]

    def _running(self) -> Process:
        """The reader of this very process: one inherited by a fork would answer two askers in one stream."""
        if self._reader is None or self._process != os.getpid():
            self._reader = self._git.start("cat-file", "--batch", errors=subprocess.DEVNULL)
            self._process = os.getpid()
        return self._reader

    def __del__(self) -> None:
        if self._reader is not None and self._process == os.getpid():
            with suppress(OSError):
                self._reader.kill()
                self._reader.communicate()


def _remedy(git: Git) -> str:
    """What brings the objects that a partial or shallow clone left out."""
    if (git.directory / "shallow").exists():
        return "git fetch --unshallow"
    return "git fetch --refetch --no-filter"
