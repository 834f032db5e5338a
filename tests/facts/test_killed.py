"""A run that is killed while it writes the cache leaves one that serves or is made anew, and is never wrong."""

import json
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.process import COMMAND
from tests.trees.working_copy import working_copy

RULEBOOK = b"""\
version: 1
guardrails:
  - {id: cycles, title: t, why: w, severity: high, check: {use: imports-acyclic}}
  - {id: words, title: t, why: w, severity: high, check: {use: text-forbids, pattern: 'X = 7', paths: ["**/*.py"]}}
"""


@pytest.mark.slow
def test_forty_runs_killed_while_they_write_leave_the_same_report(tmp_path: Path) -> None:
    modules = {f"m{number}.py": f"import m{number + 1}\nX = {number}\n".encode() * 20 for number in range(400)}
    root = working_copy(tmp_path / "r", {**modules, "guardrails.yaml": RULEBOOK})
    command = [COMMAND, "run", "--format", "json"]
    honest = _report([*command, "--no-cache"], root)
    chance = random.Random(1)

    for number in range(40):
        (root / f"m{number}.py").write_bytes(f"import m{number + 1}\nY = {number}\n".encode() * 20)
        process = subprocess.Popen(
            [*command, "--cache-dir", str(tmp_path / "cache")], cwd=root, stdout=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(0.1, 0.6))
        process.send_signal(signal.SIGKILL)
        process.wait()

    after = _report([*command, "--no-cache"], root)
    assert _report([*command, "--cache-dir", str(tmp_path / "cache")], root) == after
    assert _report([*command, "--cache-dir", str(tmp_path / "cache")], root) == after
    assert after != honest


def _report(command: list[str], root: Path) -> object:
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    verdicts = json.loads(done.stdout)["verdicts"]
    return [{**verdict, "seconds": 0} for verdict in verdicts]
