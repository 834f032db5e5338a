"""A comment says on which line a finding must be, or is a fault; none is passed over."""

import time

import pytest

from selfcheck.fixtures.expectations import Expectation
from selfcheck.fixtures.layout import find
from selfcheck.trees import Memory

KNOWN = ("no-todo", "no-print")
HERE = "guardrails/tests/no-todo/breaks/x"


def expected(text: str | bytes, side: str = "breaks") -> list[tuple[int, int]]:
    """The first and last lines of what a file expects, without a fault."""
    content = text if isinstance(text, bytes) else text.encode()
    (fixture,), faults = find(Memory({f"guardrails/tests/no-todo/{side}/x/src/a": content}), KNOWN)
    assert faults == []
    return [(each.first, each.last) for each in fixture.expected]


def faults(text: str, path: str = f"{HERE}/a") -> list[str]:
    return [str(each) for each in find(Memory({path: text.encode()}), KNOWN)[1]]


@pytest.mark.parametrize(
    "comment",
    [
        "# expect: no-todo",
        "#expect:no-todo",
        "## expect: no-todo",
        "// expect: no-todo",
        "-- expect: no-todo",
        "; expect: no-todo",
        "% expect: no-todo",
        "<!-- expect: no-todo -->",
        "/* expect: no-todo */",
        "#\texpect:\tno-todo\t",
        "# noqa  # expect: no-todo",
    ],
)
def test_a_comment_of_any_language_expects_a_finding_on_its_line(comment: str) -> None:
    assert expected(f"x\ncode {comment}\ny\n") == [(2, 2)]


@pytest.mark.parametrize("comment", ["# expect: no-todo", "<!-- expect: no-todo -->", "  /* expect: no-todo */  "])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_comment_alone_expects_it_on_the_next_line_or_its_own(comment: str, end: str) -> None:
    assert expected(f"x{end}{comment}{end}code{end}") == [(2, 3)]


def test_comments_one_below_the_other_speak_of_the_line_below_them() -> None:
    assert expected("# expect: no-todo\n# expect: no-todo\ncode\n# expect: no-todo\ncode\n") == [(1, 3), (2, 3), (4, 5)]


def test_a_comment_after_code_does_not_speak_of_the_next_line() -> None:
    assert expected("code # expect: no-todo\n# expect: no-todo\ncode\n") == [(1, 1), (2, 3)]


def test_a_comment_may_name_this_guardrail_twice() -> None:
    assert expected("# expect: no-todo, no-todo\n") == [(1, 2), (1, 2)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "expect: no-todo",
        "code expect: no-todo",
        "- expect: no-todo",
        "# expect no-todo",
        "# EXPECT: no-todo",
        "#: x",
    ],
)
def test_what_is_no_such_comment_expects_nothing(text: str) -> None:
    assert expected(text) == []


@pytest.mark.parametrize(
    "content",
    [
        b"# coding: latin-1\n\xe9\n# expect: no-todo\n",
        b"\xff\n# expect: no-todo\n",
        b"# coding: nonsense\n\xff\n# expect: no-todo\n",
    ],
)
def test_a_comment_is_read_in_a_text_of_any_coding(content: bytes) -> None:
    line = content.decode("latin-1").split("\n").index("# expect: no-todo") + 1

    assert expected(content) == [(line, line + 1)]


def test_a_comment_is_read_in_a_wide_text() -> None:
    assert expected("\ufeff# expect: no-todo\n".encode("utf-16-le")) == [(1, 2)]


def test_nothing_is_expected_in_a_binary_file_or_elsewhere() -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\n# expect: no-todo\n"

    assert (expected(b"\0# expect: no-todo\n"), expected(pointer)) == ([], [])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("# expect: no-tod", f'{HERE}/a:1:1: unknown guardrail "no-tod"; did you mean "no-todo"?'),
        ("x\n# expect:", f'{HERE}/a:2:1: unknown guardrail ""; known: no-print, no-todo'),
        ("# expect: no-todo because", f'{HERE}/a:1:1: unknown guardrail "no-todo because"; did you mean "no-todo"?'),
        ("# expect: no-todo,", f'{HERE}/a:1:1: unknown guardrail ""; known: no-print, no-todo'),
        ("# expect: no-print", f"{HERE}/a:1:1: expects `no-print`, and this is a fixture of `no-todo`"),
    ],
)
def test_a_comment_that_names_another_guardrail_is_a_fault(text: str, fault: str) -> None:
    assert faults(text) == [fault]


def test_a_tree_that_keeps_expects_nothing() -> None:
    path = "guardrails/tests/no-todo/keeps/x/a"

    assert faults("\n# expect: no-todo", path) == [f"{path}:2:1: expects a finding in a tree that keeps the promise"]


@pytest.mark.parametrize(
    "text",
    [
        "#" * 200_000,
        "# expect:" * 30_000,
        "expect:" * 30_000,
        " " * 200_000 + "# expect: no-todo",
        "# expect: no-todo\n" * 20_000,
    ],
)
def test_a_huge_text_is_read_in_a_moment(text: str) -> None:
    begun = time.process_time()

    find(Memory({f"{HERE}/a": text.encode()}), KNOWN)

    assert time.process_time() - begun < 5.0


@pytest.mark.parametrize(
    ("path", "line", "met"),
    [
        ("a", 3, True),
        ("a", 4, True),
        ("a", None, True),
        ("a", 2, False),
        ("a", 5, False),
        ("b", 3, False),
        ("", None, False),
    ],
)
def test_an_expectation_is_met_in_its_file_at_its_lines(path: str, line: int | None, met: bool) -> None:
    assert Expectation("a", 3, 4).is_met_by(path, line) is met
