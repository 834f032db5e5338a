"""`text-contains`: a pattern is found in every file, or in at least one."""

import pytest

from selfcheck.checks.text import TextContains
from selfcheck.model import Evidence, Finding, Location, Outcome, Unread
from selfcheck.patterns import Pattern
from selfcheck.prove import Proof, Proven
from selfcheck.testing import assert_breaks, assert_keeps, guardrail, judged, memory, proven

LICENCE = Pattern("^# SPDX: MIT$")


def check(*paths: str, pattern: Pattern = LICENCE, every: bool = True) -> TextContains:
    """The check under test."""
    return TextContains(pattern=pattern, paths=paths, every=every)


def test_a_pattern_found_in_every_file_keeps_the_promise() -> None:
    repo = memory({"a.py": "# SPDX: MIT\n", "b/c.py": "#!/bin/sh\n# SPDX: MIT", "d.txt": ""})

    verdict = assert_keeps(check("**/*.py"), repo)

    assert verdict.evidence == (Evidence("text files", 2, 2),)


def test_each_file_without_it_is_a_finding() -> None:
    repo = memory({"a.py": "", "b.py": "# SPDX: MIT\n", "c.py": "x = 1\n"})

    findings = assert_breaks(check("*.py"), repo, "a.py", "c.py")

    message = "does not contain what it must (pattern: ^# SPDX: MIT$)"
    assert findings == tuple(Finding(key=path, message=message, at=Location(path, 1)) for path in ("a.py", "c.py"))


@pytest.mark.parametrize(
    "text", ["## SPDX: MIT\n", "# SPDX: MIT-0\n", " # SPDX: MIT\n", "# SPDX:\nMIT\n", "# spdx: mit\n"]
)
def test_a_text_that_is_nearly_it_is_not_it(text: str) -> None:
    assert_breaks(check("a.py"), memory({"a.py": text}), "a.py")


def test_one_file_is_enough_where_not_every_one_must_have_it() -> None:
    repo = memory({"a.py": "", "b.py": "# SPDX: MIT\n", "c.py": "# SPDX: MIT\n"})

    assert_keeps(check("*.py", every=False), repo)


def test_none_of_many_is_one_finding() -> None:
    findings = assert_breaks(check("a.py", "b.py", every=False), memory({"a.py": "", "b.py": "x"}), "a.py b.py")

    message = "none of 2 files contains what it must (pattern: ^# SPDX: MIT$)"
    assert findings == (Finding(key="a.py b.py", message=message),)


def test_a_text_in_its_declared_coding_is_read() -> None:
    text = "# coding: latin-1\n# Müller\n"

    assert_keeps(check("a.py", pattern=Pattern("^# Müller$")), memory({"a.py": text.encode("latin-1")}))


def test_a_file_that_cannot_be_read_is_no_pass() -> None:
    repo = memory({"a.py": "# SPDX: MIT\n", "b.py": b"# SPDX: MIT\n\xff"})

    verdict = judged(check("*.py"), repo)

    reason = "not UTF-8 at byte 12, and no other coding is declared"
    assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, "1 file could not be read")
    assert [ruling.seen for ruling in verdict.unread] == [Unread("b.py", reason)]
    assert verdict.evidence == (Evidence("text files", 2, 1),)


def test_a_binary_file_is_counted_and_not_searched() -> None:
    repo = memory({"a.py": "# SPDX: MIT\n", "b.png": b"\0# SPDX: MIT\n"})

    verdict = assert_keeps(check("*"), repo)

    assert verdict.evidence == (Evidence("text files", 1, 1), Evidence("binary files, not searched", 1, 0))


@pytest.mark.parametrize("files", [{}, {"a.txt": ""}, {"a.py": b"\0"}])
@pytest.mark.parametrize("every", [True, False])
def test_a_scope_without_text_is_an_error(files: dict[str, str | bytes], every: bool) -> None:
    verdict = judged(check("*.py", every=every), memory(files))

    reason = "examined nothing: no text files in its scope (`allow_empty: true` accepts it)"
    assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, reason)


def test_a_scope_without_text_may_be_accepted() -> None:
    assert judged(check("*.py"), memory({}), guardrail(allow_empty=True)).outcome is Outcome.PASS


def test_a_named_file_that_is_not_there_is_an_error_though_others_are() -> None:
    verdict = judged(check("a.py", "gone.py"), memory({"a.py": "# SPDX: MIT\n"}))

    reason = "examined nothing: no files at gone.py in its scope (`allow_empty: true` accepts it)"
    assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, reason)


def test_a_link_is_not_read_through() -> None:
    repo = memory({"a.txt": "# SPDX: MIT\n", "b.py": "# SPDX: MIT\n"}, links={"c.py": "a.txt", "d.py": "/etc/passwd"})

    verdict = assert_keeps(check("*.py"), repo)

    assert verdict.evidence == (Evidence("text files", 1, 1),)


def test_the_canary_empties_a_file_that_has_it() -> None:
    repo = memory({"a.py": "", "b.py": "# SPDX: MIT\n", "c.py": "# SPDX: MIT\n"})

    assert proven(check("*.py"), repo) == Proof(outcome=Proven.PROVEN, bit=("empty b.py",))
    assert proven(check("*.py", every=False), repo) == Proof(outcome=Proven.PROVEN, bit=("empty b.py, c.py",))


def test_a_pattern_that_no_file_has_cannot_be_proven() -> None:
    found = proven(check("*.py"), memory({"a.py": ""}))

    assert found == Proof(outcome=Proven.UNPROVABLE, reason="no file in scope contains the pattern")


def test_a_pattern_that_nothing_can_break_cannot_be_proven() -> None:
    found = proven(check("*.py", pattern=Pattern("x*")), memory({"a.py": ""}))

    assert found == Proof(outcome=Proven.UNPROVABLE, reason="the pattern is found in an empty file too")
