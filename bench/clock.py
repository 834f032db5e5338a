"""Whole processes timed in turn, so that a machine that slows down slows down every candidate alike."""

import os
import statistics
import subprocess
import sysconfig
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROUNDS = 9
SELFCHECK = str(Path(sysconfig.get_path("scripts")) / "selfcheck")
# Installed packages have their bytecode compiled; a checkout may have only if it may be written.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


class Timing(NamedTuple):
    """Wall seconds of one command over all rounds, and the memory of its largest process in MB."""

    seconds: tuple[float, ...]
    memory: float

    @property
    def median(self) -> float:
        """The figure to quote."""
        return statistics.median(self.seconds)


def race(commands: Mapping[str, Sequence[str]], folder: Path, rounds: int = ROUNDS) -> dict[str, Timing]:
    """Every command once to warm up, then all in turn, round after round."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    memory = dict.fromkeys(commands, 0.0)
    for number in range(rounds + 1):
        for name, command in commands.items():
            took, used = _timed(command, folder)
            memory[name] = max(memory[name], used)
            if number:
                seconds[name].append(took)
    return {name: Timing(tuple(found), memory[name]) for name, found in seconds.items()}


def _timed(command: Sequence[str], folder: Path) -> tuple[float, float]:
    begun = time.perf_counter()
    silent = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stdout=silent, stderr=silent)
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return time.perf_counter() - begun, usage.ru_maxrss / 1024


def table(title: str, timings: Mapping[str, Timing], against: str, goals: Mapping[str, float]) -> str:
    """A Markdown table: median, smallest and largest seconds, the ratio to one candidate, memory, and the goal."""
    base = timings[against].median
    rows = [
        f"### {title}",
        "",
        "| command | median s | min - max s | ratio | MB | goal s |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, timing in timings.items():
        low, high = min(timing.seconds), max(timing.seconds)
        goal = f"{goals[name]:g}" if name in goals else ""
        ratio = timing.median / base
        rows.append(
            f"| {name} | {timing.median:.3f} | {low:.3f} - {high:.3f} | {ratio:.2f} | {timing.memory:.0f} | {goal} |"
        )
    return "\n".join((*rows, ""))
