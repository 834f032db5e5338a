"""A pool of processes in which each call runs under a deadline, in the main thread, and may crash without harm."""

import multiprocessing
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any, NamedTuple

GRACE = 1.0
"""Seconds between the deadline, at which the call is interrupted, and its process being killed."""
LAST_WORDS = 0.4
"""Seconds that processes have to end what they started when the run is stopped."""

# Forking costs milliseconds and starts from what is loaded; where it is not safe (threads of system libraries on macOS)
# a process starts anew.
FORKS = sys.platform == "linux"
_CONTEXT: Any = multiprocessing.get_context("fork" if FORKS else "spawn")


class Task(NamedTuple):
    """A call to make: its number, how many seconds it may take, and a lane that keeps it in one process with others."""

    number: int
    seconds: float
    lane: str | None = None


class Done(NamedTuple):
    """What a call returned."""

    content: bytes


class Late(NamedTuple):
    """A call that passed its deadline, and where it was then, if that is known."""

    where: str | None


class Died(NamedTuple):
    """A call whose process ended."""

    how: str


Answer = Done | Late | Died
Work = Callable[[int], bytes]


class Interruption(BaseException):
    """Raised inside a call by a signal; not an `Exception`, so that a call's own fences let it through."""


class _Deadline(Interruption):
    """The timer of the call."""


class _Terminated(Interruption):
    """The end of the whole run."""


class _Worker:
    """One process and the tasks of the lane it is on."""

    def __init__(self, work: Work, siblings: Sequence["_Worker"]) -> None:
        self.connection, theirs = _CONTEXT.Pipe()
        inherited = [each.connection for each in siblings] + [self.connection]
        forked = _CONTEXT.get_start_method() == "fork"
        self.process: BaseProcess = _CONTEXT.Process(
            target=_serve, args=(theirs, work, inherited if forked else []), daemon=True
        )
        self.process.start()
        theirs.close()
        self.tasks: deque[Task] = deque()
        self.task: Task | None = None
        self.started = 0.0

    def begin(self) -> None:
        """Start on the next task."""
        self.task = self.tasks.popleft()
        self.started = time.monotonic()
        with suppress(BrokenPipeError):
            self.connection.send(self.task)

    @property
    def due(self) -> float:
        """The moment at which the process is killed."""
        return self.started + self.task.seconds + GRACE if self.task else float("inf")

    def end(self, number: int) -> None:
        """Send a signal, and wait a moment."""
        if self.process.pid is not None and self.process.is_alive():
            os.kill(self.process.pid, number)


def each(work: Work, tasks: Sequence[Task], jobs: int) -> Generator[tuple[int, Answer, float]]:
    """Make every call and yield its number, answer and wall seconds as they fall; never raises for what a call did."""
    lanes = _lanes(tasks)
    workers: list[_Worker] = []
    try:
        while lanes and len(workers) < max(1, jobs):
            workers.append(_next_lane(_Worker(work, workers), lanes))
        while workers:
            for worker in _ready(workers):
                task = worker.task
                assert task is not None
                answer = _answer(worker)
                yield task.number, answer, time.monotonic() - worker.started
                going_on = worker if isinstance(answer, Done) else _replaced(worker, work, workers)
                _proceed(going_on, lanes, workers)
    finally:
        _stop(workers)


def _lanes(tasks: Sequence[Task]) -> deque[deque[Task]]:
    lanes: dict[str | int, deque[Task]] = {}
    for task in tasks:
        lanes.setdefault(task.number if task.lane is None else task.lane, deque()).append(task)
    return deque(lanes.values())


def _next_lane(worker: _Worker, lanes: deque[deque[Task]]) -> _Worker:
    worker.tasks = lanes.popleft()
    worker.begin()
    return worker


def _ready(workers: Sequence[_Worker]) -> list[_Worker]:
    """Those with an answer, dead, or past their deadline."""
    patience = max(0.0, min(worker.due for worker in workers) - time.monotonic())
    handles = [handle for worker in workers for handle in (worker.connection, worker.process.sentinel)]
    signalled = set(wait(handles, patience))
    now = time.monotonic()
    return [
        worker
        for worker in workers
        if worker.connection in signalled or worker.process.sentinel in signalled or worker.due <= now
    ]


def _answer(worker: _Worker) -> Answer:
    try:
        if worker.connection.poll():
            content = worker.connection.recv_bytes()
            return Late(content[1:].decode() or None) if content[:1] == b"L" else Done(content[1:])
    except (EOFError, OSError):
        worker.process.join(LAST_WORDS)
    if worker.process.is_alive():
        return Late(None)
    return Died(_how(worker.process.exitcode))


def _how(code: int | None) -> str:
    if code is not None and code < 0:
        return f"its process was killed by {signal.Signals(-code).name}"
    return f"it ended its process with exit code {code}"


def _replaced(worker: _Worker, work: Work, workers: list[_Worker]) -> _Worker:
    """A new process for the tasks that are left on the lane of one that is late or dead."""
    _kill([worker])
    place = workers.index(worker)
    others = workers[:place] + workers[place + 1 :]
    fresh = _Worker(work, others)
    fresh.tasks = worker.tasks
    workers[place] = fresh
    return fresh


def _proceed(worker: _Worker, lanes: deque[deque[Task]], workers: list[_Worker]) -> None:
    if worker.tasks:
        worker.begin()
    elif lanes:
        _next_lane(worker, lanes)
    else:
        worker.connection.close()
        workers.remove(worker)
        worker.process.join(LAST_WORDS)
        _kill([worker])


def _stop(workers: Sequence[_Worker]) -> None:
    """First a chance to end the programs that a check has started, then no chance."""
    for worker in workers:
        worker.end(signal.SIGTERM)
    until = time.monotonic() + LAST_WORDS
    for worker in workers:
        worker.process.join(max(0.0, until - time.monotonic()))
    _kill(workers)


def _kill(workers: Sequence[_Worker]) -> None:
    for worker in workers:
        worker.end(getattr(signal, "SIGKILL", signal.SIGTERM))
        worker.process.join()
        worker.connection.close()


def _serve(connection: Connection, work: Work, inherited: Sequence[Connection]) -> None:
    """The life of a process: calls until the other side closes."""
    for each in inherited:
        each.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to every process; the parent decides
    signal.signal(signal.SIGTERM, _terminated)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # what a plugin prints must not mix with a report on the standard output
    with suppress(EOFError, OSError, _Terminated):
        while True:
            task: Task = connection.recv()
            connection.send_bytes(_called(work, task))


def _called(work: Work, task: Task) -> bytes:
    timed = hasattr(signal, "setitimer")
    try:
        if timed:
            signal.signal(signal.SIGALRM, _late)
            signal.setitimer(signal.ITIMER_REAL, task.seconds)
        return b"D" + work(task.number)
    except _Deadline as deadline:
        return b"L" + str(deadline).encode()
    finally:
        if timed:
            signal.setitimer(signal.ITIMER_REAL, 0)


def _late(_number: int, frame: FrameType | None) -> None:
    where = f"{frame.f_globals.get('__name__', '?')}, line {frame.f_lineno}" if frame else ""
    raise _Deadline(where)


def _terminated(_number: int, _frame: FrameType | None) -> None:
    raise _Terminated
