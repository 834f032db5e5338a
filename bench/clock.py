"""Whole processes timed in turn, so that a machine that slows down slows down every candidate alike."""

import os
import statistics
import subprocess
import sysconfig
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROUNDS = 9
SELFCHECK = str(Path(sysconfig.get_path("scripts")) / "selfcheck")
# Installed packages have their bytecode compiled; a checkout may have only if it may be written.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
PAUSE = 0.005
"""Seconds between two looks at the memory of a process and its children."""
RARELY = 30
"""How many times longer than such a look it is until all of it is added up again."""


class Timing(NamedTuple):
    """Wall seconds of one command over all rounds, the memory of its largest process, and of all at once, in MB."""

    seconds: tuple[float, ...]
    memory: float
    together: float | None = None

    @property
    def median(self) -> float:
        """The figure to quote."""
        return statistics.median(self.seconds)

    @property
    def cells(self) -> tuple[str, str]:
        """The median, and the smallest and largest."""
        return f"{self.median:.3f}", f"{min(self.seconds):.3f} - {max(self.seconds):.3f}"

    @property
    def room(self) -> tuple[str, str]:
        """The memory of the largest process, and of all at once where that is known."""
        return f"{self.memory:.0f}", "" if self.together is None else f"{self.together:.0f}"


class Candidate(NamedTuple):
    """A command in a folder, what is done before it and not timed, and the exit codes that it may end with."""

    command: Sequence[str]
    folder: Path
    before: Callable[[], object] = bool
    codes: tuple[int, ...] = (0, 1)


def race(commands: Mapping[str, Sequence[str]], folder: Path, rounds: int = ROUNDS) -> dict[str, Timing]:
    """Commands in one folder, as candidates."""
    return compete({name: Candidate(command, folder) for name, command in commands.items()}, rounds)


def compete(candidates: Mapping[str, Candidate], rounds: int = ROUNDS) -> dict[str, Timing]:
    """Every candidate once to warm up, once watched for its memory, then all in turn and timed, round after round.

    Raises:
        RuntimeError: one ended with an exit code that it may not; what it did is not what was to be timed.
    """
    for candidate in candidates.values():
        _timed(candidate)
    watched = {name: once(candidate) for name, candidate in candidates.items()}
    taken = [{name: _timed(candidate) for name, candidate in candidates.items()} for _ in range(rounds)]
    return {name: each._replace(seconds=tuple(row[name] for row in taken)) for name, each in watched.items()}


def once(candidate: Candidate) -> Timing:
    """One run, with a look at the memory of all its processes every few milliseconds."""
    candidate.before()
    begun = time.perf_counter()
    process = _started(candidate)
    largest = together = again = 0.0
    while True:
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            break
        family = [*_family(process.pid)]
        largest = max(largest, *(_megabytes(pid, "status", "VmHWM") for pid in family))
        if (looked := time.perf_counter()) >= again:
            together = max(together, sum(_megabytes(pid, "smaps_rollup", "Pss") for pid in family))
            # Looking at much memory takes long, and the process waits meanwhile.
            again = time.perf_counter() + RARELY * (time.perf_counter() - looked)
        time.sleep(PAUSE)
    took = time.perf_counter() - begun
    _ended(process, status, candidate)
    # What the system counts itself begins with the memory of the process that started it.
    return Timing((took,), largest or usage.ru_maxrss / 1024, together or None)


def _timed(candidate: Candidate) -> float:
    candidate.before()
    begun = time.perf_counter()
    process = _started(candidate)
    _, status = os.waitpid(process.pid, 0)
    took = time.perf_counter() - begun
    _ended(process, status, candidate)
    return took


def _started(candidate: Candidate) -> subprocess.Popen[bytes]:
    silent = subprocess.DEVNULL
    return subprocess.Popen(candidate.command, cwd=candidate.folder, env=ENVIRONMENT, stdout=silent, stderr=silent)


def _ended(process: subprocess.Popen[bytes], status: int, candidate: Candidate) -> None:
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in candidate.codes:
        raise RuntimeError(f"{' '.join(candidate.command)} in {candidate.folder} ended with {process.returncode}")


def _family(pid: int) -> Iterator[int]:
    """A process and its descendants, where /proc tells."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return
    for child in children:
        yield from _family(int(child))


def _megabytes(pid: int, file: str, name: str) -> float:
    """A figure of /proc: VmHWM is the most that a process ever held, Pss what it holds, shared pages divided; else 0."""
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:")), 0.0)


def table(
    title: str,
    timings: Mapping[str, Timing],
    against: str,
    goals: Mapping[str, float],
    beside: Mapping[str, Mapping[str, str]] | None = None,
) -> str:
    """A Markdown table: median, smallest and largest seconds, the ratio to one candidate, memory, and the goal.

    `beside` is columns of its own: each column's heading, and what it says of which candidate.
    """
    base = timings[against].median
    columns = dict(beside or {})
    if goals:
        columns["goal s"] = {name: f"{goal:g}" for name, goal in goals.items()}
    heads = ["command", "median s", "min - max s", "ratio", "MB", "MB all", *columns]
    rows = [f"### {title}", "", row(heads), row(["---"] * len(heads))]
    for name, timing in timings.items():
        ratio = f"{timing.median / base:.2f}"
        rows.append(
            row([name, *timing.cells, ratio, *timing.room, *(column.get(name, "") for column in columns.values())])
        )
    return "\n".join((*rows, ""))


def row(cells: Sequence[str]) -> str:
    """A line of a Markdown table."""
    return f"| {' | '.join(cells)} |"
