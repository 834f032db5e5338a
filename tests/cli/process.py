"""The `selfcheck` command as a user starts it: a process of its own, in a repository of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

COMMAND = str(Path(sys.executable).with_name("selfcheck"))
KEPT = """\
  - {id: readme, title: There is a readme, why: People read it first., severity: high,
     check: {use: files-exist, paths: [README.md]}}
"""
BROKEN = """\
  - {id: licence, title: There is a licence, why: Nobody may use what has none., severity: high,
     check: {use: files-exist, paths: [LICENCE]}}
"""
UNJUDGED = """\
  - {id: lines, title: Modules are short, why: Long ones are not read., severity: high,
     check: {use: max-lines, limit: 300, paths: ["src/**"]}}
"""


def rulebook(*guardrails: str, head: str = "") -> str:
    """A rulebook of these guardrails."""
    return f"version: 1\n{head}guardrails:\n{''.join(guardrails)}"


def environment(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """Ours, without what would colour or widen the output."""
    odd = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "PYTHONPATH", "PYTHONIOENCODING", "SELFCHECK_PLUGIN_SECONDS")
    return {name: value for name, value in os.environ.items() if name not in odd} | dict(changes or {})


def selfcheck(*arguments: str, cwd: Path, environ: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """The command, run to its end."""
    return subprocess.run(
        [COMMAND, *arguments],
        cwd=cwd,
        env=environment(environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def started(*arguments: str, cwd: Path, environ: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """The command, running."""
    return subprocess.Popen(
        [COMMAND, *arguments],
        cwd=cwd,
        env=environment(environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def wait_until(done: Callable[[], bool], seconds: float = 20.0) -> None:
    """Look again and again; it must come true in time."""
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until, f"not so within {seconds} s"
        time.sleep(0.01)


def alive(process: int) -> bool:
    """Whether a process still runs; one that has ended and that nobody waits for does not."""
    if Path("/proc/self/stat").exists():
        with suppress(OSError):
            stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
            return stat.rpartition(")")[2].split()[0] != "Z"
        return False
    with suppress(ProcessLookupError):
        os.kill(process, 0)
        return True
    return False


def number_in(file: Path) -> int:
    """The process number that a test's program has written, once it is there."""
    wait_until(lambda: file.exists() and file.read_text(encoding="ascii").endswith("\n"))
    return int(file.read_text(encoding="ascii"))
