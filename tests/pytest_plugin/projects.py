"""Projects with tests and guardrails, and pytest run in them as a process of its own."""

from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest

from tests.cli.process import BROKEN, KEPT, UNJUDGED, rulebook

WARNS = """\
  - {id: notice, title: There is a notice, why: Others wrote parts of it., severity: low, tags: [legal],
     check: {use: files-exist, paths: [NOTICE]}}
"""
OFF = """\
  - {id: changes, title: There is a change log, why: People ask., severity: high, tags: [docs, legal],
     check: {use: files-exist, paths: [CHANGELOG.md]}, enabled: {value: false, reason: not yet released}}
"""
ALL = rulebook(KEPT, BROKEN, WARNS, UNJUDGED, OFF)
"""A guardrail of each outcome: passes, fails, fails and only warns, cannot be judged, is switched off."""
TEST = "def test_two() -> None:\n    assert 1 + 1 == 2\n"


class Told(NamedTuple):
    """What a JUnit report tells of one item: failure, error, skipped or passed, and the first line of why."""

    kind: str
    said: str = ""


def project(pytester: pytest.Pytester, guardrails: str = ALL, **tests: str) -> Path:
    """A folder with a readme, these guardrails, and a module of tests each; one test where none is given."""
    pytester.makefile(".yaml", guardrails=guardrails)
    pytester.makefile(".md", README="")
    pytester.makepyfile(**(tests or {"test_two": TEST}))
    return pytester.path


def judged(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """`pytest --selfcheck` with these arguments, beside no other plugin that is installed."""
    ours = ("-p", "selfcheck.pytest_plugin", "--selfcheck", "-p", "no:cacheprovider")
    return pytester.runpytest_subprocess(*ours, *arguments, timeout=60)


def told(pytester: pytest.Pytester, *arguments: str) -> dict[str, Told]:
    """What the JUnit report of a run says of each guardrail."""
    judged(pytester, "--junitxml=report.xml", *arguments)
    cases = ElementTree.parse(pytester.path / "report.xml").iter("testcase")
    return {str(case.get("name")): _told(case) for case in cases if case.get("classname") == "selfcheck"}


def names(result: pytest.RunResult) -> list[str]:
    """The node ids that `--collect-only -q` lists."""
    return [line for line in result.outlines if "::" in line]


def below(result: pytest.RunResult, heading: str) -> str:
    """The lines that pytest shows below the heading of one item, up to the next heading."""
    lines: list[str] = []
    inside = False
    for line in result.outlines:
        if line[:2] in ("__", "=="):
            inside = f" {heading} " in line
        elif inside:
            lines.append(line)
    return "".join(f"{line}\n" for line in lines)


def _told(case: Any) -> Told:
    for child in case:
        message = str(child.get("message")).removeprefix('failed on setup with "').splitlines()[0]
        return Told(child.tag, message.rstrip('"'))
    return Told("passed")
