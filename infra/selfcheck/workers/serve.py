"""The life of one process of the pool: calls under a deadline, in the main thread."""

import faulthandler
import gc
import os
import signal
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from types import FrameType

from selfcheck.workers.calls import STOPPING, Task, Work

UNHEARD = 10.0
"""Seconds after the deadline, at which its parent would have killed a process long ago."""
ORPHANED = 3.0
"""Seconds that a process has to end what it started when its parent is gone."""


class Interruption(BaseException):
    """Raised inside a call by a signal; not an `Exception`, so that a call's own fences let it through."""


class _Deadline(Interruption):
    """The timer of the call."""


class _Terminated(Interruption):
    """The end of the whole run."""


def serve(connection: Connection, work: Work, line: Connection, inherited: Sequence[Connection]) -> None:
    """The life of a process: calls until the other side closes. `line` breaks when the parent is no more."""
    with suppress(EOFError, OSError, _Terminated):
        _settle(line, inherited)
        while True:
            task: Task = connection.recv()
            with _ending_itself(task.seconds + UNHEARD), _alone():
                answer = _called(work, task)
            connection.send_bytes(answer)


def _settle(line: Connection, inherited: Sequence[Connection]) -> None:
    """A process group of its own, its own handling of signals, no part in the standard streams."""
    gc.freeze()  # what was made before the fork is shared, and stays so where no look for garbage touches it
    for each in inherited:
        each.close()
    if hasattr(os, "setpgid"):
        os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    signal.signal(signal.SIGTERM, _terminated)
    threading.Thread(target=_end_with_parent, args=(line,), daemon=True).start()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # what a plugin prints must not mix with a report on the standard output
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)


def _end_with_parent(line: Connection) -> None:
    """A parent that was killed ends nobody: each process sees to it that neither it nor its programs outlive it."""
    with suppress(EOFError, OSError):
        line.recv_bytes()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(ORPHANED)  # nobody waits now: a busy machine has time to end its programs
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)


@contextmanager
def _ending_itself(seconds: float) -> Generator[None]:
    """A loop in C that no signal interrupts ends by a thread that needs no lock, should no parent be left to kill it."""
    with open(os.devnull, "wb") as nowhere:
        faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


@contextmanager
def _alone() -> Generator[None]:
    """A call may make a copy of its process: only the original comes back to answer."""
    ours = os.getpid()
    try:
        yield
    finally:
        if os.getpid() != ours:
            os._exit(0)


def _called(work: Work, task: Task) -> bytes:
    """The answer to one task. Who swallows the interruption is late all the same: what it left out is unknown."""
    timer = _Timer()
    try:
        with timer.set(task.seconds):
            content = work(task.number)
    except _Deadline:
        content = b""
    return b"D" + content if timer.rang is None else b"L" + timer.rang.encode("utf-8", "replace")


class _Timer:
    """Interrupts the main thread once, and remembers where that was."""

    def __init__(self) -> None:
        self.rang: str | None = None

    @contextmanager
    def set(self, seconds: float) -> Generator[None]:
        """Rings if the body takes longer than this. Nothing rings where there are no timers: the parent kills."""
        if not hasattr(signal, "setitimer"):
            yield
            return
        signal.signal(signal.SIGALRM, self._ring)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _ring(self, _number: int, frame: FrameType | None) -> None:
        self.rang = f"{frame.f_globals.get('__name__', '?')}, line {frame.f_lineno}" if frame else ""
        raise _Deadline


def _terminated(_number: int, _frame: FrameType | None) -> None:
    raise _Terminated
