"""The nodes that pytest collects: the rulebook, and below it a guardrail each."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from selfcheck.pytest_plugin.judge import About, Judge, Verdict

NAME = "selfcheck"


class Broken(Exception):
    """A guardrail that blocks failed or could not be judged; its report says what pytest shows of it."""


class Guardrail(pytest.Item):
    """One guardrail: a failure where it is broken, an error where it could not be judged."""

    def __init__(self, *, about: About, judge: Judge, **rest: Any) -> None:
        cast("Any", super()).__init__(**rest)  # pytest does not say of what types
        self._about = about
        self._judge = judge
        self._verdict: Verdict | None = None
        self.extra_keyword_matches |= {about["severity"], about["check"], *about["tags"]}
        for tag in about["tags"] or (None,):
            self.add_marker(pytest.mark.selfcheck(severity=about["severity"], check=about["check"], tag=tag))

    def setup(self) -> None:
        """Ask for the verdict. What is none ends here, since pytest calls an error what fails before the test itself."""
        self._verdict = None
        self._verdict = self._judge.verdict(self.name)
        if self._verdict["outcome"] == "skip":
            pytest.skip(self._verdict["said"])
        if self._verdict["outcome"] == "error":
            self._end(self._verdict)

    def runtest(self) -> None:
        """A verdict was come to: is it kept?"""
        if self._verdict is not None and self._verdict["outcome"] == "fail":
            self._end(self._verdict)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the guardrail is written."""
        return Path(self._about["file"]), self._about["line"] - 1, f"{NAME}::{self.name}"

    def told(self, report: pytest.TestReport) -> pytest.TestReport:
        """The report with findings for a traceback, and the seconds of the check for those of the wait for it."""
        if self._verdict is None or report.when == "teardown":
            return report
        if isinstance(report.longrepr, tuple):
            report.longrepr = (self._about["file"], self._about["line"], self._verdict["said"])
        elif report.longrepr is not None:
            report.longrepr = self._verdict["text"]
        report.duration = self._verdict["seconds"] if report.when == "setup" else 0.0
        return report

    def _end(self, verdict: Verdict) -> None:
        if verdict["gates"]:
            raise Broken(verdict["said"])
        raise pytest.xfail.Exception(f"warns only: {verdict['said']}")


class Rulebook(pytest.Collector):
    """All guardrails, in their order."""

    def __init__(self, *, judge: Judge, chosen: Sequence[str], **rest: Any) -> None:
        super().__init__(**rest)
        self._judge = judge
        self._chosen = chosen

    def collect(self) -> Iterator[pytest.Item]:
        """Those that were named, all where none was."""
        for about in self._judge.guardrails:
            if not self._chosen or not {about["id"], ""}.isdisjoint(self._chosen):
                made: Guardrail = cast("Any", Guardrail).from_parent(
                    self, name=about["id"], about=about, judge=self._judge
                )
                yield made


def rulebook(session: pytest.Session, judge: Judge, chosen: Sequence[str]) -> Rulebook:
    """The collector of these guardrails, beside those of the tests."""
    made: Rulebook = cast("Any", Rulebook).from_parent(session, name=NAME, nodeid=NAME, judge=judge, chosen=chosen)
    return made
