"""A program of the user's own, whose exit status is the verdict."""

import os
import shlex
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Annotated, Any, ClassVar

from msgspec import UNSET, Meta, UnsetType

from selfcheck.check import CannotJudge, Check, Evidence, Finding, Need, Repository, Seen, Strictness
from selfcheck.errors import signal_name
from selfcheck.guardrail import Text

PASSED_ON = ("PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR")
"""The variables of the environment that every command sees."""
KEPT = 20_000
"""How many bytes of output are kept, from its end."""
SHOWN = 3
"""How many of its last lines stand in the message."""
SHORTEST = 4
"""Shorter values of variables are not taken out of the output: `1` is no secret."""
NOT_RUN = (126, 127)
"""What a shell says when it finds no program, or may not run it (POSIX, 2.8.2)."""

INTERRUPTING = tuple(getattr(signal, name) for name in ("SIGALRM", "SIGTERM", "SIGINT") if hasattr(signal, name))


class Command(Check, rename={"arguments": "run"}):
    """A program ends with an expected exit status.

    It runs in a copy of the judged tree, without a shell unless `shell` is given, with the environment variables that
    `env` names and a few common ones, and is killed with all its children at the guardrail's `timeout`.
    """

    needs: ClassVar[frozenset[Need]] = frozenset({Need.PROGRAM})
    strictness: ClassVar[Mapping[str, Strictness]] = {"expect": Strictness.LESS}
    schema_rules: ClassVar[Mapping[str, Any]] = {"oneOf": [{"required": ["run"]}, {"required": ["shell"]}]}

    arguments: Annotated[tuple[Text, ...], Meta(min_length=1)] | UnsetType = UNSET
    shell: Text | UnsetType = UNSET
    expect: Annotated[tuple[int, ...], Meta(min_length=1)] = (0,)
    env: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        if (self.arguments is UNSET) == (self.shell is UNSET):
            raise ValueError("needs exactly one of `run`, `shell`")

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding, with the end of the output as `data`, where the exit status is not expected."""
        passed = {name: repo.environ[name] for name in (*PASSED_ON, *self.env) if name in repo.environ}
        secrets = [passed[name] for name in self.env if len(passed.get(name, "")) >= SHORTEST]
        status, output = _run(self._command, repo.materialised(), passed, secrets)
        yield Evidence("commands", scope=1, examined=1)
        if status not in self.expect:
            self._require_that_it_ran(status, output)
            expected = " or ".join(str(each) for each in self.expect)
            yield Finding(
                key="exit status",
                message=f"exit status {status}, expected {expected}{_ending(output)}",
                hint=f"run it by hand: {shlex.join(self._command)}",
                data={"status": status, "expected": list(self.expect), "output": output},
            )

    @property
    def _command(self) -> list[str]:
        if isinstance(self.shell, str):
            return ["/bin/sh", "-c", self.shell]
        return list(self.arguments) if isinstance(self.arguments, tuple) else []

    def _require_that_it_ran(self, status: int, output: str) -> None:
        if status < 0:
            raise CannotJudge(f"the program was killed by {signal_name(-status)}{_ending(output)}")
        if isinstance(self.shell, str) and status in NOT_RUN:
            raise CannotJudge(f"the shell could not run it, exit status {status}{_ending(output)}")


def _run(command: list[str], folder: Path, environ: Mapping[str, str], secrets: Sequence[str]) -> tuple[int, str]:
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


def _ending(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return f"; its output ends: {' / '.join(lines[-SHOWN:])}" if lines else ""
