"""The processes, and who works on what: a call that crashes, hangs or kills its process costs its own answer only."""

import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Container, Generator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from selfcheck.errors import signal_name
from selfcheck.workers.calls import FORKS, GRACE, LAST_WORDS, STOPPING, Answer, Died, Done, Late, Task, Work
from selfcheck.workers.serve import serve

# Forking costs milliseconds and starts from what is loaded; where it is not safe (threads of system libraries on macOS)
# a process starts anew.
_CONTEXT: Any = multiprocessing.get_context("fork" if FORKS else "spawn")
GLANCE = 0.25
"""Seconds after which it is looked whether all processes live."""


class _Worker:
    """One process, the tasks of the lane it is on, and the one that it works on."""

    def __init__(self, work: Work, tasks: deque[Task], line: Connection, ours: Sequence[Connection]) -> None:
        self.tasks = tasks
        self.calls = 0
        self.left = 0.0
        self.connection, theirs = _CONTEXT.Pipe()
        inherited = (*ours, self.connection) if _CONTEXT.get_start_method() == "fork" else ()
        self.process: BaseProcess = _CONTEXT.Process(target=serve, args=(theirs, work, line, inherited), daemon=True)
        self.process.start()
        theirs.close()
        self.begin()

    def begin(self) -> None:
        """Start on the next task."""
        self.task = self.tasks.popleft()
        self.calls += 1
        self.started = time.monotonic()
        with suppress(ConnectionError):  # it has died since; that is seen when its answer is waited for
            self.connection.send(self.task)

    @property
    def due(self) -> float:
        """The moment at which the process is killed."""
        return self.started + self.task.seconds + GRACE

    def leave(self) -> None:
        """Let it end by itself, as it does when nobody has a task for it."""
        self.left = time.monotonic()
        self.connection.close()

    def end(self) -> None:
        """Ask it to end what it has started and itself."""
        if self.process.pid is not None and self.process.is_alive():
            os.kill(self.process.pid, signal.SIGTERM)

    def kill(self) -> None:
        """End it, and what it has left behind in its process group."""
        if self.process.pid is not None and hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.join()
        self.connection.close()


def each(work: Work, tasks: Sequence[Task], jobs: int) -> Generator[tuple[int, Answer, float]]:
    """Make every call and yield its number, answer and wall seconds as they fall; never raises for what a call did."""
    pool = _Pool(work, tasks)
    try:
        pool.fill(max(1, jobs))
        yield from pool.answers()
    finally:
        pool.stop()


class _Pool:
    """The processes, and the lanes that none is on yet."""

    def __init__(self, work: Work, tasks: Sequence[Task]) -> None:
        lanes: dict[str | int, deque[Task]] = {}
        for task in tasks:
            lanes.setdefault(task.number if task.lane is None else task.lane, deque()).append(task)
        self._work = work
        self._lanes = deque(lanes.values())
        self._workers: list[_Worker] = []
        self._leaving: list[_Worker] = []
        self._line, self._hold = _CONTEXT.Pipe(duplex=False)

    def fill(self, jobs: int) -> None:
        """A process for each lane, and no more than `jobs`."""
        while self._lanes and len(self._workers) < jobs:
            self._employ(self._lanes.popleft())

    def answers(self) -> Generator[tuple[int, Answer, float]]:
        """What each task came to, as it falls. A call that dies where others were before it is tried once more, alone."""
        while self._workers:
            for worker, now in _ready(self._workers):
                task, answer = worker.task, _answer(worker, now)
                if isinstance(answer, Died) and worker.calls > 1:
                    worker.tasks.appendleft(task)  # a thread that an earlier call has left may have ended the process
                else:
                    yield task.number, answer, now - worker.started
                self._proceed(worker, answer)
            self._see_off()

    def stop(self) -> None:
        """First a chance to end the programs that a check has started, then no chance."""
        for worker in self._workers:
            worker.end()
        until = time.monotonic() + LAST_WORDS
        everyone = [*self._workers, *self._leaving]
        for worker in everyone:
            worker.process.join(max(0.0, until - time.monotonic()))
        for worker in everyone:
            worker.kill()
        self._line.close()
        self._hold.close()

    def _employ(self, tasks: deque[Task]) -> None:
        with unstopped():
            ours = (self._hold, *(worker.connection for worker in self._workers))
            self._workers.append(_Worker(self._work, tasks, self._line, ours))

    def _proceed(self, worker: _Worker, answer: Answer) -> None:
        """On to the next task, or lane; in a new process where this one is late or dead."""
        if not worker.tasks and self._lanes:
            worker.tasks = self._lanes.popleft()
        if not isinstance(answer, Done):
            worker.kill()
            self._workers.remove(worker)
            if worker.tasks:
                self._employ(worker.tasks)
        elif worker.tasks:
            worker.begin()
        else:
            self._leaving.append(worker)
            self._workers.remove(worker)
            worker.leave()

    def _see_off(self) -> None:
        """Threads that a call has left behind do not run on beside the others."""
        for worker in tuple(self._leaving):
            if worker.left + LAST_WORDS < time.monotonic():
                worker.kill()
                self._leaving.remove(worker)


@contextmanager
def unstopped() -> Generator[None]:
    """Within, a signal to stop waits: no process is started that nobody knows of and ends."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _ready(workers: Sequence[_Worker]) -> list[tuple[_Worker, float]]:
    """Those with an answer, dead, or past their deadline, and since when that is known."""
    while True:
        patience = max(0.0, min(worker.due for worker in workers) - time.monotonic())
        handles = [handle for worker in workers for handle in (worker.connection, worker.process.sentinel)]
        signalled = set(wait(handles, min(patience, GLANCE)))
        now = time.monotonic()
        ready = [(worker, now) for worker in workers if _is_ready(worker, signalled, now)]
        if ready:
            return ready


def _is_ready(worker: _Worker, signalled: Container[object], now: float) -> bool:
    if worker.connection in signalled or worker.process.sentinel in signalled or worker.due <= now:
        return True
    return not worker.process.is_alive()  # what a call has forked may hold the files of a process that has died


def _answer(worker: _Worker, now: float) -> Answer:
    """What came of the task; an answer counts although its process has died since, or it was read late."""
    with suppress(EOFError, OSError):
        if worker.connection.poll():
            content = worker.connection.recv_bytes()
            return Late(content[1:].decode() or None) if content[:1] == b"L" else Done(content[1:])
    if worker.due <= now and worker.process.is_alive():
        return Late(None)
    worker.process.join(LAST_WORDS)  # a process closes its files before it can be waited for
    return Died(_how(worker.process.exitcode))


def _how(code: int | None) -> str:
    if code is None:
        return "it closed its connection to selfcheck"
    if code < 0:
        return f"its process was killed by {signal_name(-code)}"
    return f"it ended its process with exit code {code}"
