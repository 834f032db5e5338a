"""The `selfcheck` command in this process, for what needs no process of its own."""

from typing import NamedTuple

import pytest

from selfcheck.cli import guarded


class Called(NamedTuple):
    """What a command came to."""

    code: int
    stdout: str
    stderr: str


def called(capsys: pytest.CaptureFixture[str], *arguments: str) -> Called:
    """The command with these arguments, in the current folder."""
    capsys.readouterr()
    code = guarded(arguments)
    return Called(code, *capsys.readouterr())
