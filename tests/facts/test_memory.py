"""A run over a file of 100 MB in one line and a folder of 100,000 files stays within 500 MB."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.process import COMMAND, environment

RULEBOOK = """\
version: 1
guardrails:
  - {id: words, title: t, why: w, severity: high, check: {use: text-forbids, pattern: forbidden, paths: ["**/*.*", "!*.yaml"]}}
  - {id: length, title: t, why: w, severity: high, check: {use: max-lines, limit: 300, paths: ["**"]}}
  - {id: cycles, title: t, why: w, severity: high, check: {use: imports-acyclic}}
"""
LARGEST = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // (1024 if sys.platform == "linux" else 1024**2))
"""


@pytest.mark.slow
def test_no_process_of_a_run_over_much_takes_more_than_500_mb(tmp_path: Path) -> None:
    (tmp_path / "guardrails.yaml").write_text(RULEBOOK)
    (tmp_path / "one.py").write_bytes(b'x = "' + b"a" * 100_000_000 + b'"\n')
    for number in range(100):
        folder = tmp_path / f"folder{number}"
        folder.mkdir()
        for each in range(1000):
            (folder / f"{each}.txt").touch()
    plain = {name: value for name, value in environment().items() if not name.startswith("COV")}

    done = subprocess.run(
        [sys.executable, "-c", LARGEST, COMMAND, "run", "--no-cache"],
        cwd=tmp_path,
        env=plain,
        capture_output=True,
        text=True,
    )

    code, largest = map(int, done.stdout.split())
    assert (code, largest < 500) == (0, True), (largest, done.stderr)
