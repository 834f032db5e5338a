"""What the page on pytest shows is what happens."""

import re
import shlex
import sys

import pytest

from tests.docs.page import ROOT, blocks

PAGE = (ROOT / "docs/pytest.md").read_text(encoding="utf-8")


def test_every_command_of_the_page_on_pytest_says_what_the_page_says(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("COLUMNS", "80")
    for block in blocks(PAGE):
        if block.path is not None and block.path != "pyproject.toml":
            (pytester.path / block.path).parent.mkdir(exist_ok=True)
            (pytester.path / block.path).write_text(block.body, encoding="utf-8")

    for block in blocks(PAGE, "text"):
        assert "".join(said(pytester, line) for line in block.body.splitlines() if line[:2] == "$ ") == block.body


def said(pytester: pytest.Pytester, command: str) -> str:
    """A command of the page with what it really prints."""
    _, program, *arguments = shlex.split(command)
    assert program == "pytest"
    ours = (sys.executable, "-m", "pytest", "-p", "selfcheck.pytest_plugin", "-p", "no:cacheprovider")
    done = pytester.run(*ours, *arguments, timeout=60)
    lines = [re.sub(r" in \d+\.\d\ds$", " in 0.01s", line) for line in done.outlines]
    return "".join(f"{line}\n" for line in (command, *lines))
