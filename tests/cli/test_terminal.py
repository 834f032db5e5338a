"""On a terminal the text is coloured, and a run that takes long shows how far it is."""

import os
import pty
import re
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cli.process import COMMAND, KEPT, environment, rulebook
from tests.trees.working_copy import working_copy

SLOW = """\
  - {id: slow, title: A slow one, why: It takes long., severity: high, check: {use: command, run: [sleep, "0.6"]}}
"""


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A repository with guardrails that take a moment, one after the other."""
    slow = [SLOW.replace("id: slow", f"id: slow-{number}") for number in range(2)]
    files = {"README.md": b"", "guardrails.yaml": rulebook(*slow, KEPT).encode()}
    return working_copy(tmp_path / "repo", files)


def on_a_terminal(*arguments: str, cwd: Path, **environ: str) -> tuple[int, str]:
    """The exit code, and all that the terminal was sent."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [COMMAND, *arguments],
        cwd=cwd,
        env=environment({"TERM": "xterm-256color", **environ}),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as running:
        os.close(theirs)
        sent = b""
        with suppress(OSError):  # what Linux says once the other side is closed
            while chunk := os.read(ours, 65536):
                sent += chunk
    os.close(ours)
    return running.returncode, sent.decode("utf-8")


def test_a_run_that_takes_long_shows_how_far_it_is_and_takes_that_away(repo: Path) -> None:
    code, sent = on_a_terminal("run", "--jobs", "1", cwd=repo)

    assert code == 0
    assert re.search(r"1/3.*slow-0", sent)
    assert re.search(r"2/3.*slow-1", sent)
    assert "3 passed" in sent.rpartition("\x1b[2K")[2]


def test_a_quiet_run_shows_no_progress(repo: Path) -> None:
    assert on_a_terminal("run", "--jobs", "1", "--quiet", cwd=repo) == (0, "")


def test_a_terminal_is_sent_colours(repo: Path) -> None:
    _, sent = on_a_terminal("run", "--rule", "readme", "-v", cwd=repo)

    assert sent.startswith("\x1b[32mpass \x1b[0m \x1b[1mreadme\x1b[0m (high)")


@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_that_wants_no_colours_is_sent_none(environ: dict[str, str], repo: Path) -> None:
    _, sent = on_a_terminal("run", "--rule", "readme", "-v", cwd=repo, **environ)

    assert sent.startswith("pass  readme (high)\r\n")
    assert "\x1b" not in sent
