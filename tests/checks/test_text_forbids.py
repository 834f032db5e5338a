"""`text-forbids`: a pattern is found in no file."""

import codecs
import time

import pytest

from selfcheck.check import Case
from selfcheck.checks.text import TextForbids
from selfcheck.guardrail import Severity
from selfcheck.model import Evidence, Finding, Location, Outcome, Unread
from selfcheck.patterns import Pattern
from selfcheck.prove import Proof, Proven, Terms, proof
from selfcheck.testing import assert_breaks, assert_keeps, guardrail, judged, memory, proven

PRINT = Pattern(r"\bprint\(")


def check(*paths: str, pattern: Pattern = PRINT, example: str | None = None) -> TextForbids:
    """The check under test."""
    return TextForbids(pattern=pattern, paths=paths, example=example)


def found(path: str, line: int, column: int, pattern: Pattern = PRINT) -> Finding:
    """The finding about one match."""
    message = f"contains what it must not (pattern: {pattern})"
    return Finding(key=path, message=message, at=Location(path, line, column))


def test_files_without_it_keep_the_promise() -> None:
    repo = memory({"a.py": "x = 1\n", "b/c.py": "", "d.txt": "print()"})

    verdict = assert_keeps(check("**/*.py"), repo)

    assert verdict.evidence == (Evidence("text files", 2, 2),)


def test_each_match_is_a_finding_at_its_line_and_column() -> None:
    repo = memory({"b.py": "print(1)\n\n  print(2); print(3)\nx\nprint(4)", "a.py": "é€😀 print()\r\nprint()\r\n"})

    findings = assert_breaks(check("*.py"), repo, *["a.py"] * 2, *["b.py"] * 4)

    places = [("a.py", 1, 5), ("a.py", 2, 1), ("b.py", 1, 1), ("b.py", 3, 3), ("b.py", 3, 13), ("b.py", 5, 1)]
    assert findings == tuple(found(*place) for place in places)


def test_equal_keys_have_fingerprints_of_their_own() -> None:
    verdict = judged(check("a.py"), memory({"a.py": "print()\nprint()\n"}))

    assert len({ruling.fingerprint for ruling in verdict.findings}) == 2


@pytest.mark.parametrize("text", ["pprint(1)\n", "print (1)\n", "PRINT(1)\n", "print\n(1)\n", "prin\u0442(1)\n"])
def test_a_text_that_is_nearly_it_is_allowed(text: str) -> None:
    assert_keeps(check("a.py"), memory({"a.py": text}))


def test_a_match_over_two_lines_is_at_its_beginning() -> None:
    pattern = Pattern(r"except:\n\s+pass")

    findings = assert_breaks(check("a.py", pattern=pattern), memory({"a.py": "try: x\nexcept:\n    pass\n"}), "a.py")

    assert findings == (found("a.py", 2, 1, pattern),)


def test_what_is_matched_is_in_no_finding() -> None:
    secret = "AKIA" + "Q" * 16

    verdict = judged(check("a.py", pattern=Pattern("AKIA[A-Z]{16}")), memory({"a.py": f"key = '{secret}'\n"}))

    assert verdict.outcome is Outcome.FAIL
    assert secret not in repr(verdict)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(codecs.BOM_UTF16_LE + "print()".encode("utf-16-le"), id="UTF-16"),
        pytest.param(codecs.BOM_UTF8 + b"print()", id="a byte order mark"),
        pytest.param("# coding: latin-1\né print()".encode("latin-1"), id="a declared coding"),
        pytest.param(b"x" * 9000 + b"\0\nprint()", id="a NUL after where git looks"),
        pytest.param(b"\x0c\x1bprint()", id="control characters"),
        pytest.param(b"x" * 1_000_000 + b" print()", id="a long line"),
    ],
)
def test_no_dress_hides_a_match(content: bytes) -> None:
    assert_breaks(check("a.py"), memory({"a.py": content}), "a.py")


@pytest.mark.parametrize("path", ["new\nline/a.py", ".hidden/a.py", "a b/c d.py", "[x]/a.py", "é/a.py", "-a.py"])
def test_no_odd_name_hides_a_file(path: str) -> None:
    assert_breaks(check("**/*.py"), memory({path: "print()"}), path)


def test_a_file_that_cannot_be_read_is_no_pass() -> None:
    repo = memory({"a.py": "", "b.py": b"# coding: rot13\n\xff", "c.py": b"\xff"})

    verdict = judged(check("*.py"), repo)

    assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, "2 files could not be read")
    assert [ruling.seen for ruling in verdict.unread] == [
        Unread("b.py", "declares an unknown coding, 'rot13'"),
        Unread("c.py", "not UTF-8 at byte 0, and no other coding is declared"),
    ]
    assert verdict.evidence == (Evidence("text files", 3, 1),)


def test_a_match_outranks_a_file_that_cannot_be_read() -> None:
    verdict = judged(check("*.py"), memory({"a.py": "print()", "b.py": b"\xff"}))

    assert (verdict.outcome, len(verdict.unread)) == (Outcome.FAIL, 1)


def test_a_binary_file_is_counted_and_not_searched() -> None:
    verdict = assert_keeps(check("*"), memory({"a.py": "", "b.png": b"\0print()"}))

    assert verdict.evidence == (Evidence("text files", 1, 1), Evidence("binary files, not searched", 1, 0))


@pytest.mark.parametrize("files", [{}, {"a.txt": "print()"}, {"a.py": b"\0print()"}])
def test_a_scope_without_text_is_an_error(files: dict[str, str | bytes]) -> None:
    verdict = judged(check("*.py"), memory(files))

    reason = "examined nothing: no text files in its scope (`allow_empty: true` accepts it)"
    assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, reason)


def test_a_scope_without_text_may_be_accepted() -> None:
    assert judged(check("*.py"), memory({}), guardrail(allow_empty=True)).outcome is Outcome.PASS


def test_a_named_folder_that_is_not_there_is_an_error_though_others_are() -> None:
    verdict = judged(check("src", "gone"), memory({"src/a.py": ""}))

    reason = "examined nothing: no files at gone in its scope (`allow_empty: true` accepts it)"
    assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, reason)


def test_many_matches_in_one_line_are_placed_in_a_moment() -> None:
    begun = time.perf_counter()

    verdict = judged(check("a.js"), memory({"a.js": "x;print()" * 20_000}))

    assert verdict.findings[-1].seen == found("a.js", 1, 9 * 19_999 + 3)
    assert time.perf_counter() - begun < 5.0


def test_the_canary_adds_the_example_that_the_user_gives() -> None:
    proof = proven(check("*.py", example="print(1)"), memory({"a.py": "x", "b.py": ""}))

    assert proof == Proof(outcome=Proven.PROVEN, bit=("add a match to a.py",))


def test_the_canary_bites_in_a_file_that_has_a_match_already() -> None:
    assert proven(check("a.py"), memory({"a.py": "print()\n"})).outcome is Proven.PROVEN


@pytest.mark.parametrize(
    "content",
    [
        "# coding: latin-1\né".encode("latin-1"),
        codecs.BOM_UTF16_BE + "é\n".encode("utf-16-be"),
        codecs.BOM_UTF8 + b"x",
        b"\\",
    ],
)
def test_the_canary_bites_in_a_file_of_any_coding(content: bytes) -> None:
    assert proven(check("a.py"), memory({"a.py": content})).outcome is Proven.PROVEN


def test_an_empty_scope_that_is_accepted_cannot_be_proven() -> None:
    case = Case(guardrail(allow_empty=True), check("*.py"))

    found = proof(case, memory({}), Terms(fail_on=Severity.HIGH))

    assert found == Proof(outcome=Proven.UNPROVABLE, reason="no text file is in scope")


@pytest.mark.parametrize(
    "unprovable",
    [
        check("*.py", example="pprint"),
        check("*.py", pattern=Pattern(r"a\bb")),
    ],
    ids=["the example does not match", "nothing matches"],
)
def test_a_pattern_without_an_example_cannot_be_proven(unprovable: TextForbids) -> None:
    reason = "no text could be made up that the pattern matches; give the option `example`"

    assert proven(unprovable, memory({"a.py": ""})) == Proof(outcome=Proven.UNPROVABLE, reason=reason)


def test_of_a_long_pattern_the_message_shows_the_beginning() -> None:
    pattern = "todo|" + "|".join(f"later-{number}" for number in range(20))

    (found,) = assert_breaks(TextForbids(pattern=Pattern(pattern), paths=("*",)), memory({"a": "todo\n"}), "a")

    assert found.message == f"contains what it must not (pattern: {pattern[:99]}…)"
