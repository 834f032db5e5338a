"""A program, run to its end or to ours: with it dies all that it started, and no secret is in what is kept of its output."""

import os
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from selfcheck.errors import CannotJudge

KEPT = 20_000
"""How many bytes of output are kept, from its end."""
SHORTEST = 4
"""Shorter values of variables are not taken out of the output: `1` is no secret."""

INTERRUPTING = tuple(getattr(signal, name) for name in ("SIGALRM", "SIGTERM", "SIGINT") if hasattr(signal, name))


def run(command: list[str], folder: Path, environ: Mapping[str, str], secrets: Sequence[str]) -> tuple[int, str]:
    """The exit status and the end of the output without the secrets; whatever it started is dead afterwards."""
    if not hasattr(os, "killpg"):
        raise CannotJudge("commands run on Linux and macOS only: a process group cannot be killed here")
    process: subprocess.Popen[bytes] | None = None
    try:
        with _uninterrupted():
            process = _started(command, folder, environ)
        assert process.stdout is not None
        output = _Output(process.stdout)
        status = process.wait()
    finally:
        if process is not None:
            # The group outlives its leader: what it left in the background ends here, as at a deadline.
            with _uninterrupted(), suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return status, output.ending(secrets)


def _started(command: list[str], folder: Path, environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        reason = error.strerror or str(error)
        raise CannotJudge(f"{command[0]}: {reason}", "install it, or name it by its path from the root") from error


@contextmanager
def _uninterrupted() -> Generator[None]:
    """A deadline, or the end of the run, waits: a program that has started and that nobody knows of would stay."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {number: signal.signal(number, lambda number, _: came.append(number)) for number in INTERRUPTING}
    try:
        yield
    finally:
        for number, handler in reversed(before.items()):  # the timer's last: it may raise here
            signal.signal(number, handler)
    for number in came:
        signal.raise_signal(number)


class _Output:
    """The last bytes of a pipe, read in a thread so that a program that writes much is never held up."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._chunks: deque[bytes] = deque()
        self._size = 0
        self._dropped = False
        self._thread = threading.Thread(target=self._read, args=(pipe,), daemon=True)
        self._thread.start()

    def ending(self, secrets: Sequence[str]) -> str:
        """The text of what was kept, once the other side has closed; the secrets are out before it is cut."""
        self._thread.join(timeout=1.0)
        kept = b"".join(self._chunks)
        for secret in sorted(map(os.fsencode, secrets), key=len, reverse=True):
            kept = (_without_rest(kept, secret) if self._dropped else kept).replace(secret, b"***")
        return kept[-KEPT:].decode("utf-8", "replace")

    def _read(self, pipe: IO[bytes]) -> None:
        with pipe:
            while chunk := os.read(pipe.fileno(), 65536):
                self._chunks.append(chunk)
                self._size += len(chunk)
                while self._size - len(self._chunks[0]) > KEPT:
                    self._size -= len(self._chunks.popleft())
                    self._dropped = True


def _without_rest(kept: bytes, secret: bytes) -> bytes:
    """The bytes without the rest of a secret that they begin with: what was dropped before them may end inside it."""
    rests = (secret[start:] for start in range(1, len(secret) - SHORTEST + 1))
    return next((kept.removeprefix(rest) for rest in rests if kept.startswith(rest)), kept)
