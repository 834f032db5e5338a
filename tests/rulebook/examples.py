"""One small rulebook that is right, and what is made of it by changing a word."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from selfcheck.rulebook import Source

GUARDRAIL = """\
  - id: a
    title: t
    why: w
    severity: high
    check: {use: max-lines, limit: 3, paths: ["*.py"]}
"""
RULEBOOK = f"version: 1\nguardrails:\n{GUARDRAIL}"
CHECK = 'use: max-lines, limit: 3, paths: ["*.py"]'


class Malformed(NamedTuple):
    """A rulebook that is wrong, and the place and words of a fault that must be told of it; `…` stands for any others."""

    name: str
    content: str | bytes
    told: str


def changed(old: str, new: str) -> str:
    """The rulebook with one text in it replaced, which stands there once."""
    assert RULEBOOK.count(old) == 1, old
    return RULEBOOK.replace(old, new)


def checked(options: str) -> str:
    """The rulebook with another check."""
    return changed(CHECK, options)


def longer(lines: str) -> str:
    """The rulebook with more keys of its guardrail, beginning in line 8 and column 5."""
    return RULEBOOK + "".join(f"    {line}\n" for line in lines.splitlines())


def write(root: Path, files: Mapping[str, str]) -> None:
    """Files below a folder, path to content."""
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content, encoding="utf-8")


def source(content: str | bytes, name: str = "guardrails.yaml") -> Source:
    """A rulebook file."""
    return Source(name, content.encode() if isinstance(content, str) else content)
