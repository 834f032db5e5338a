"""Ctrl-C, SIGTERM, a killed parent and a closed pipe: the run ends at once, says what it knows, and leaves no process."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from selfcheck.formats import json as json_format
from tests.cli.plugin import install_check
from tests.cli.process import (
    COMMAND,
    KEPT,
    alive,
    environment,
    number_in,
    rulebook,
    selfcheck,
    started,
    wait_until,
)
from tests.trees.working_copy import working_copy

PROMPT = 6.0
"""Seconds within which a signal must have ended everything; one is promised, the others are for a busy machine."""
SLOW = """\
  - {id: slow, title: A slow one, why: It takes long., severity: high, timeout: 600,
     check: {use: command, shell: 'echo $$ > "$PROCESS"; exec sleep 600', env: [PROCESS]}}
"""
USES_ODD = """\
  - {id: slow, title: A slow one, why: It takes long., severity: high, timeout: 600, check: {use: odd}}
"""
LATER = """\
  - {id: later, title: Another one, why: It never begins., severity: low,
     check: {use: files-absent, paths: [later]}}
"""
ODD = """\
import collections, itertools, os, time
from selfcheck.check import *

class Odd(Check):
    "Says which process it is in, and never ends."

    def run(self, repo):
        with open(repo.environ["PROCESS"], "w") as file:
            print(os.getpid(), file=file)
        yield Evidence("odd things", 1, 1)
        self.never_end()

    def never_end(self):
        """
SLEEPS = "time.sleep(600)"
LOOPS = """while True:
            pass"""
LOOPS_IN_C = "collections.deque(itertools.repeat(0), maxlen=0)"
SWALLOWS = """while True:
            try:
                time.sleep(0.01)
            except BaseException:
                pass"""


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A repository with a guardrail that is judged at once, one that takes long, and one after it."""
    files = {"README.md": b"# Read\n", "guardrails.yaml": rulebook(KEPT, SLOW, LATER).encode()}
    return working_copy(tmp_path / "repo", files)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Tells what runs long where to write its process number."""
    return {"PROCESS": str(tmp_path / "process")}


def process_of(environ: Mapping[str, str]) -> int:
    """The number of what runs long, once it does."""
    return number_in(Path(environ["PROCESS"]))


def judged_first(events: Path) -> bool:
    """Whether a verdict has fallen."""
    return events.exists() and '"event": "verdict"' in events.read_text(encoding="utf-8")


def outcomes(report: Mapping[str, Any]) -> dict[str, tuple[str, str | None]]:
    """The outcome and the reason of each guardrail of a json report."""
    return {verdict["id"]: (verdict["outcome"], verdict["reason"]) for verdict in report["verdicts"]}


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        ([signal.SIGINT], 130),
        ([signal.SIGTERM], 143),
        ([signal.SIGINT] * 3, 130),
        ([signal.SIGINT, signal.SIGTERM], 130),  # the lower number is heard first where both have come
    ],
)
def test_a_signal_ends_the_run_at_once_with_the_report_so_far(
    numbers: list[signal.Signals], code: int, repo: Path, environ: dict[str, str], tmp_path: Path
) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    arguments = ("run", "--jobs", "1", "--format", "json=report.json", "--events", str(tmp_path / "events"))
    with started(*arguments, cwd=repo, environ=environ) as running:
        program = process_of(environ)
        wait_until(lambda: judged_first(tmp_path / "events"))
        began = time.monotonic()

        for number in numbers:
            running.send_signal(number)
        stdout, stderr = running.communicate()

    seconds = time.monotonic() - began
    report = json.loads((repo / "report.json").read_text(encoding="utf-8"))
    assert (running.returncode, stderr) == (code, "")
    assert seconds < PROMPT
    wait_until(lambda: not alive(program), PROMPT)
    jsonschema.validate(report, json_format.schema())
    assert report["summary"] == {
        "outcome": "error",
        "exit": code,
        "pass": 1,
        "fail": 0,
        "error": 2,
        "skip": 0,
        "findings": {"new": 0, "existing": 0, "fixed": 0, "waived": 0, "baselined": 0},
    }
    assert outcomes(report) == {
        "readme": ("pass", None),
        "slow": ("error", "interrupted before it was judged"),
        "later": ("error", "interrupted before it was judged"),
    }
    assert stdout.endswith("interrupted: this report is not complete\n")
    assert (tmp_path / "events").read_text(encoding="utf-8").splitlines()[-1].startswith('{"event": "end"')


def test_ctrl_c_at_a_terminal_reaches_every_process_and_ends_the_run_once(repo: Path, environ: dict[str, str]) -> None:
    with subprocess.Popen(
        [COMMAND, "run"],
        cwd=repo,
        env=environment(environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as running:
        program = process_of(environ)
        began = time.monotonic()

        os.killpg(running.pid, signal.SIGINT)
        stdout, stderr = running.communicate()

    assert (running.returncode, stderr) == (130, b"")
    assert time.monotonic() - began < PROMPT
    assert stdout.count(b"interrupted: this report is not complete") == 1
    wait_until(lambda: not alive(program), PROMPT)


@pytest.mark.parametrize("never_ends", [SLEEPS, LOOPS, LOOPS_IN_C, SWALLOWS], ids=["sleeps", "loops", "C", "swallows"])
def test_a_signal_ends_whatever_a_check_does(
    never_ends: str, repo: Path, environ: dict[str, str], tmp_path: Path
) -> None:
    (repo / "guardrails.yaml").write_text(rulebook(KEPT, USES_ODD), encoding="utf-8")
    installed = install_check(tmp_path / "site", ODD + never_ends)
    with started("run", cwd=repo, environ={**environ, **installed}) as running:
        worker = process_of(environ)
        began = time.monotonic()

        running.terminate()
        running.communicate()

    assert running.returncode == 143
    assert time.monotonic() - began < PROMPT
    assert not alive(worker)


@pytest.mark.parametrize("never_ends", [SLEEPS, LOOPS, SWALLOWS], ids=["sleeps", "loops", "swallows"])
def test_no_process_outlives_a_parent_that_was_killed(
    never_ends: str, repo: Path, environ: dict[str, str], tmp_path: Path
) -> None:
    (repo / "guardrails.yaml").write_text(rulebook(KEPT, USES_ODD), encoding="utf-8")
    installed = install_check(tmp_path / "site", ODD + never_ends)
    with started("run", "--jobs", "2", cwd=repo, environ={**environ, **installed}) as running:
        worker = process_of(environ)

        running.kill()

    wait_until(lambda: not alive(worker))


def test_no_program_outlives_a_parent_that_was_killed(repo: Path, environ: dict[str, str]) -> None:
    with started("run", "--jobs", "2", cwd=repo, environ=environ) as running:
        program = process_of(environ)

        running.kill()

    wait_until(lambda: not alive(program))


@pytest.mark.slow
def test_a_loop_in_c_outlives_a_parent_that_was_killed_only_by_seconds(
    repo: Path, environ: dict[str, str], tmp_path: Path
) -> None:
    short = USES_ODD.replace("timeout: 600", "timeout: 1")
    (repo / "guardrails.yaml").write_text(rulebook(KEPT, short), encoding="utf-8")
    installed = install_check(tmp_path / "site", ODD + LOOPS_IN_C)
    with started("run", cwd=repo, environ={**environ, **installed}) as running:
        worker = process_of(environ)

        running.kill()

    wait_until(lambda: not alive(worker), 30.0)


def test_a_signal_ends_a_proof(repo: Path, environ: dict[str, str]) -> None:
    with started("prove", cwd=repo, environ=environ) as running:
        program = process_of(environ)
        began = time.monotonic()

        running.terminate()
        stdout, stderr = running.communicate()

    assert (running.returncode, stdout, stderr) == (143, "", "selfcheck: interrupted\n")
    assert time.monotonic() - began < PROMPT
    wait_until(lambda: not alive(program), PROMPT)


def nobody_reads(*arguments: str, cwd: Path) -> tuple[int, bytes]:
    """The exit code and the standard error of the command whose standard output is a pipe that was closed."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [COMMAND, *arguments], cwd=cwd, env=environment(), stdout=writing, stderr=subprocess.PIPE, check=False
        )
    finally:
        os.close(writing)
    return done.returncode, done.stderr


@pytest.fixture
def kept(repo: Path) -> Path:
    """A repository that keeps its only promise."""
    (repo / "guardrails.yaml").write_text(rulebook(KEPT), encoding="utf-8")
    return repo


@pytest.mark.parametrize(
    "arguments",
    [["run"], ["list"], ["validate"], ["schema"], ["explain", "readme"], ["prove"], ["--help"], ["run", "-h"]],
)
def test_a_command_whose_output_nobody_reads_claims_no_verdict(arguments: list[str], kept: Path) -> None:
    assert nobody_reads(*arguments, cwd=kept) == (141, b"")


def test_a_report_in_a_file_is_whole_although_nobody_reads_the_other(kept: Path) -> None:
    code, _ = nobody_reads("run", "--format", "text", "--format", "json=report.json", cwd=kept)

    assert (code, json.loads((kept / "report.json").read_bytes())["summary"]["exit"]) == (141, 0)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_run_without_its_standard_streams_has_the_same_exit_code_and_report(closed: str, kept: Path) -> None:
    """A file that is opened then would take the number of the stream."""
    script = f'exec "$0" "$@" {closed}'
    arguments = ("run", "--format", "json=report.json", "--format", "text")

    done = subprocess.run(["/bin/sh", "-c", script, COMMAND, *arguments], cwd=kept, env=environment(), check=False)

    assert done.returncode == 0
    assert outcomes(json.loads((kept / "report.json").read_bytes())) == {"readme": ("pass", None)}


def test_a_run_leaves_no_copy_of_the_tree(repo: Path, environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "scratch").mkdir()
    short = SLOW.replace("exec sleep 600", "pwd").replace("timeout: 600", "timeout: 60")
    (repo / "guardrails.yaml").write_text(rulebook(short), encoding="utf-8")

    done = selfcheck("run", cwd=repo, environ={**environ, "TMPDIR": str(tmp_path / "scratch")})

    assert (done.returncode, list((tmp_path / "scratch").iterdir())) == (0, [])
