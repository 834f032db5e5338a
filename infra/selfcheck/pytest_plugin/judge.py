"""The process that judges: nothing that tests import, patch or leave behind changes a verdict, nor does selfcheck them."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypedDict, cast

import pytest

COMMAND = (sys.executable, "-P", "-m", "selfcheck.cli.answers")
CHUNK = 65_536
PATIENCE = 10.0
"""Seconds that it has to end."""


class About(TypedDict):
    """What pytest needs to know of a guardrail."""

    id: str
    severity: str
    check: str
    tags: list[str]
    file: str
    line: int


class Verdict(TypedDict):
    """What pytest needs to know of a verdict: `said` is one line, `text` all that a person needs."""

    id: str
    outcome: str
    gates: bool
    seconds: float
    said: str
    text: str


class Judge:
    """A process that says which guardrails there are, then answers lists of their ids with verdicts."""

    def __init__(self, folder: Path, *, verbose: bool) -> None:
        self.files: list[str] = []
        self.guardrails: list[About] = []
        self.expected: list[str] = []
        """What is asked for together as soon as one of them is."""
        command = (*COMMAND, "--verbose") if verbose else COMMAND
        self._process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._read = b""
        self._awaited: set[str] = set()
        self._fallen: dict[str, Verdict] = {}

    def open(self) -> None:
        """Wait until it has read the rulebook.

        Raises:
            pytest.UsageError: the rulebook is wrong, or there is none.
        """
        opened = self._line()
        if "fault" in opened:
            raise pytest.UsageError(*opened["fault"].splitlines())
        self.files, self.guardrails = opened["files"], opened["guardrails"]

    def verdict(self, name: str) -> Verdict:
        """The verdict on one guardrail."""
        if name not in self._awaited and name not in self._fallen:
            self._ask(self.expected if name in self.expected else [name])
            self.expected = []
        while name not in self._fallen:
            answer = self._line()
            if "fault" in answer:
                return _unjudged(name, answer["fault"])
            self._awaited.discard(answer["id"])
            self._fallen[answer["id"]] = cast("Verdict", answer)
        return self._fallen.pop(name)

    def close(self) -> None:
        """Let it end, at once where it still judges."""
        if self._awaited:
            self._process.terminate()
        with self._process:
            try:
                self._process.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()

    def _ask(self, names: Sequence[str]) -> None:
        assert self._process.stdin is not None
        self._awaited.update(names)
        with suppress(OSError):  # it has ended; that is told where its answer is waited for
            self._process.stdin.write(json.dumps(names).encode() + b"\n")
            self._process.stdin.flush()

    def _line(self) -> dict[str, Any]:
        """What it says next. Whatever interrupts the wait, such as a time limit of the test, loses nothing."""
        assert self._process.stdout is not None
        while b"\n" not in self._read:
            more = os.read(self._process.stdout.fileno(), CHUNK)
            if not more:
                return {"fault": f"selfcheck ended with exit code {self._process.wait(PATIENCE)}"}
            self._read += more
        line, _, self._read = self._read.partition(b"\n")
        said: dict[str, Any] = json.loads(line)
        return said


def _unjudged(name: str, why: str) -> Verdict:
    return {"id": name, "outcome": "error", "gates": True, "seconds": 0.0, "said": why, "text": why}
