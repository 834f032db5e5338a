"""`max-lines`: a bound on the length of files."""

import codecs

import pytest

from selfcheck.checks.max_lines import MaxLines
from selfcheck.model import Evidence, Finding, Location, Outcome, Unread
from selfcheck.prove import Proof, Proven
from selfcheck.testing import assert_breaks, assert_keeps, guardrail, judged, memory, proven


def too_long(path: str, lines: int, limit: int) -> Finding:
    """The finding about a file over the limit."""
    return Finding(
        key=path,
        message=f"{lines:,} lines, {limit:,} allowed",
        at=Location(path, limit + 1),
        hint="split it along what changes together",
        data={"lines": lines, "limit": limit},
        amount=lines,
    )


def test_files_within_the_limit_keep_the_promise() -> None:
    repo = memory({"a.py": "1\n2\n3\n", "b.py": "", "c.txt": "\n" * 9})

    verdict = assert_keeps(MaxLines(limit=3, paths=("*.py",)), repo)

    assert verdict.evidence == (Evidence("files", 2, 2),)


def test_each_file_over_the_limit_is_a_finding_with_its_length() -> None:
    repo = memory({"a.py": "\n" * 4, "b.py": "\n" * 1234, "c.py": "\n"})

    findings = assert_breaks(MaxLines(limit=3, paths=("*.py",)), repo, "a.py", "b.py")

    assert findings == (too_long("a.py", 4, 3), too_long("b.py", 1234, 3))


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"1\n2\n3", 3),
        (b"1\n2\n3\n", 3),
        (b"1\n2\n3\n4", 4),
        (b"1\r\n2\r\n3\r\n", 3),
        (b"\n\n\n\n", 4),
        (b"1\x0c2\x0b3\xe2\x80\xa84", 1),
        (b"\xff\n\xff\n", 2),
        (codecs.BOM_UTF16_LE + "1\n2\n3\n".encode("utf-16-le"), 3),
        (codecs.BOM_UTF16_BE + "1\n2\n3\n4".encode("utf-16-be"), 4),
        (codecs.BOM_UTF16_LE + "ਊ਀\n".encode("utf-16-le"), 1),
        (codecs.BOM_UTF32_BE + "1\n2\n".encode("utf-32-be"), 2),
        (codecs.BOM_UTF8 + b"1\n2\n", 2),
    ],
)
def test_a_line_is_what_an_editor_numbers(content: bytes, lines: int) -> None:
    verdict = judged(MaxLines(limit=1, paths=("a",)), memory({"a": content}))

    assert [ruling.seen for ruling in verdict.findings] == ([too_long("a", lines, 1)] if lines > 1 else [])


def test_a_binary_file_is_counted_and_has_no_lines() -> None:
    verdict = judged(MaxLines(limit=1, paths=("*",)), memory({"a.png": b"\0\n\n\n\n"}))

    assert (verdict.outcome, verdict.evidence) == (Outcome.PASS, (Evidence("files", 1, 1),))


def test_a_file_that_cannot_be_read_is_no_pass() -> None:
    verdict = judged(MaxLines(limit=1, paths=("*",)), memory({"a": codecs.BOM_UTF16_LE + b"a\0b", "b": ""}))

    assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, "1 file could not be read")
    reason = "not UTF-16 at byte 4, and no other coding is declared"
    assert [ruling.seen for ruling in verdict.unread] == [Unread("a", reason)]
    assert verdict.evidence == (Evidence("files", 2, 1),)


def test_a_link_has_no_length() -> None:
    repo = memory({"a.py": "", "long.txt": "\n" * 9}, links={"b.py": "long.txt"})

    verdict = assert_keeps(MaxLines(limit=3, paths=("*.py",)), repo)

    assert verdict.evidence == (Evidence("files", 1, 1),)


def test_an_empty_scope_is_an_error() -> None:
    verdict = judged(MaxLines(limit=1, paths=("*.py",)), memory({"a.txt": ""}))

    reason = "examined nothing: no files in its scope (`allow_empty: true` accepts it)"
    assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, reason)


def test_an_empty_scope_may_be_accepted() -> None:
    check = MaxLines(limit=1, paths=("*.py",))

    assert judged(check, memory({}), guardrail(allow_empty=True)).outcome is Outcome.PASS


@pytest.mark.parametrize("content", [b"", b"1\n2", b"1\n2\n", codecs.BOM_UTF16_LE + "1\n".encode("utf-16-le")])
def test_the_canary_bites_whatever_the_file_holds(content: bytes) -> None:
    found = proven(MaxLines(limit=2, paths=("*",)), memory({"a": b"\n" * 9, "b": b"\0", "c": content}))

    assert found == Proof(outcome=Proven.PROVEN, bit=("lengthen c past 2 lines",))


def test_a_scope_in_which_every_file_is_too_long_cannot_be_proven() -> None:
    found = proven(MaxLines(limit=1, paths=("*",)), memory({"a": "\n" * 9, "b": b"\0"}))

    assert found == Proof(outcome=Proven.UNPROVABLE, reason="no text file in scope is within the limit")
