"""Which lines a waiver covers, which markers begin one, and line numbers in odd files."""

import pytest

from selfcheck.subjects.comments import Comment
from selfcheck.subjects.comments.places import LONGEST
from tests.comments.waivers import TERMS, covers, faults, found, waiver

IGNORE, FILE = waiver(), waiver(word="ignore-file")


@pytest.mark.parametrize(
    ("path", "source", "lines"),
    [
        ("a.py", f"import b  # {IGNORE}\n", [(1, 1)]),
        ("a.py", f"import b  # {IGNORE}", [(1, 1)]),
        ("a.py", f"# {IGNORE}\nimport b\n", [(1, 2)]),
        ("a.py", f"# {IGNORE}\n\n  \n# more\n\nimport b\nimport c\n", [(1, 6)]),
        ("a.py", f"x = 1\n    # {IGNORE}\n    import b\n", [(2, 3)]),
        ("a.py", f"x = 1\n# {IGNORE}\n", [(2, 2)]),
        ("a.py", f"x = 1\n# {IGNORE}\n\n# more\n", [(2, 2)]),
        ("a.py", f"# {IGNORE}", [(1, 1)]),
        ("a.py", f"# {IGNORE}\n# {IGNORE}\nimport b\n", [(1, 3), (2, 3)]),
        ("a.py", f"import b  # {IGNORE}\nimport c  # {IGNORE}\n", [(1, 1), (2, 2)]),
        ("a.py", f"x = '''\n'''  # {IGNORE}\n", [(2, 2)]),
        ("a.py", f"from a import (\n    b,  # {IGNORE}\n    c,\n)  # {IGNORE}\n", [(2, 2), (4, 4)]),
        ("a.py", f"# noqa  # {IGNORE}\nimport b\n", [(1, 2)]),
        ("a.py", f"import b  # noqa: E501 # {IGNORE} # {IGNORE}\n", [(1, 1), (1, 1)]),
        ("a.ts", f"/* {IGNORE} */ a()\nb()\n", [(1, 1)]),
        ("a.ts", f"/*\n * {IGNORE}\n * more\n */\n\na()\nb()\n", [(2, 6)]),
        ("a.ts", f"/*\n * {IGNORE}\n */ a()\nb()\n", [(2, 3)]),
        ("a.ts", f"a() /* b\n{IGNORE} */\nc()\n", [(2, 3)]),
        ("a.ts", f"a() /* {IGNORE}\nb */\nc()\n", [(1, 1)]),
        ("a.ts", f"/** {IGNORE} *//* b */ // c\na()\n", [(1, 2)]),
        ("a.tsx", f"x = <p>\n  {{/* {IGNORE} */}}\n  <a/>\n</p>\n", [(2, 3)]),
        ("a.tsx", f"x = <p>\n  <b/> {{/* {IGNORE} */}}\n  <a/>\n</p>\n", [(2, 2)]),
        ("a.html", f"<p>\n<!-- {IGNORE} -->\n<a></a>\n", [(2, 3)]),
        ("a.html", f"<p>\n<a></a> <!-- {IGNORE} -->\n", [(2, 2)]),
        ("a.tf", f"/*\n{IGNORE}\n*/\na = 1\n", [(2, 4)]),
        ("a.sql", f"-- {IGNORE}\nselect 1;\n", [(1, 2)]),
    ],
)
def test_a_waiver_beside_code_covers_its_line_and_one_that_stands_alone_all_up_to_the_next_code(
    path: str, source: str, lines: list[tuple[int, int]]
) -> None:
    assert covers(source, path) == lines


@pytest.mark.parametrize(
    ("path", "source", "lines"),
    [
        ("a.py", f"# {FILE}\nimport b\n", (1, 3)),
        ("a.py", f"# {FILE}", (1, 1)),
        ("a.py", f"#!/usr/bin/env python\n# coding: utf-8\n\n# {FILE}\nimport b", (1, 5)),
        ("a.php", f"<?php\n// {FILE}\n$a = 1;", (1, 3)),
        ("a.xml", f'<?xml version="1.0"?>\n<!-- {FILE} -->\n<a/>', (1, 3)),
        ("a.html", f"<!DOCTYPE html>\n<!-- {FILE} -->\n<p>", (1, 3)),
        ("a.yml", f"---\n# {FILE}\na: 1", (1, 3)),
        ("a.ts", f"/*\n * Licence\n * {FILE}\n */\na()", (1, 5)),
    ],
)
def test_a_waiver_of_a_file_covers_it_from_before_its_code(path: str, source: str, lines: tuple[int, int]) -> None:
    (entry,) = found(source, path)

    assert isinstance(entry, Comment)
    assert (entry.covers, entry.whole) == (lines, True)


@pytest.mark.parametrize(
    ("path", "source", "line"),
    [
        ("a.py", f"import b\n# {FILE}\n", 2),
        ("a.py", f"import b  # {FILE}\n", 1),
        ("a.py", f'"""Docs."""\n# {FILE}\n', 2),
        ("a.php", f"<?php $a = 1;\n// {FILE}\n", 2),
        ("a.ts", f"/* {FILE} */ a()\n", 1),
    ],
)
def test_a_waiver_of_a_file_after_code_is_a_fault(path: str, source: str, line: int) -> None:
    assert faults(source, path) == [(line, "a waiver covers the whole file by `ignore-file` and stands after code")]


@pytest.mark.parametrize(
    "comment",
    [
        "write `selfcheck: ignore[id]` to waive",
        "write 'selfcheck: ignore[id]' to waive",
        'write "selfcheck: ignore[id]" to waive',
        "myselfcheck: ignore[id]",
        "my-selfcheck: ignore[id]",
        "selfcheck ignore[id]",
        "selfcheck: run this",
        "`selfcheck: ignore[id]`",
    ],
)
def test_whoever_only_writes_about_waivers_is_left_alone(comment: str) -> None:
    assert found(f"# {comment}\nx = 1  # {comment}\n") == ()


@pytest.mark.parametrize(
    "source",
    [
        f"x = 1  # because selfcheck: ignore[a] {TERMS}\n",
        f"x = 1  # noqa: E501 selfcheck: ignore[a] {TERMS}\n",
        f"x = 1  # noqa; selfcheck: ignore[a] {TERMS}\n",
        "x = 1  # please selfcheck: ignore\n",
    ],
)
def test_a_waiver_in_the_middle_of_a_comment_is_a_fault(source: str) -> None:
    assert faults(source) == [(1, "a waiver stands in the middle of a comment")]


@pytest.mark.parametrize("lead", ["#", "##", "#:", "# -", "# *", "#!", "#   ", "#\t", "# ---"])
def test_a_waiver_may_stand_after_whatever_signs_a_comment_begins_with(lead: str) -> None:
    assert covers(f"x = 1  {lead} {IGNORE}\n") == [(1, 1)]


def test_two_waivers_in_one_comment_have_their_own_reasons() -> None:
    first, second = found(f"x = 1  # selfcheck: ignore[a] {TERMS}  # selfcheck: ignore[b] {TERMS}\n")

    assert isinstance(first, Comment)
    assert isinstance(second, Comment)
    assert (first.rules, first.reason, second.rules, second.reason) == (
        ("a",),
        "split with #812",
        ("b",),
        "split with #812",
    )


def test_what_is_wrong_is_told_at_its_line() -> None:
    source = "import b\n\n# selfcheck: ignore[a]\nimport c  # selfcheck: ignore\n"

    assert faults(source) == [(3, "a waiver has no `until=YYYY-MM-DD`"), (4, "a waiver names no guardrail")]


def test_a_waiver_longer_than_anyone_writes_is_a_fault() -> None:
    long = "very " * LONGEST

    assert faults(f"x = 1  # {IGNORE} {long}\n") == [(1, "a waiver is longer than 1")]


@pytest.mark.parametrize(
    "content",
    [
        f"x = 1\r\nimport b  # {IGNORE}\r\n".encode(),
        f"\ufeffx = 1\nimport b  # {IGNORE}\n".encode(),
        f"x = 1\nimport b\t#\t{IGNORE}\t".encode(),
        f"x = 1\nimport b  # \u00e9 # {IGNORE}\n".encode("latin-1"),
        f"# coding: latin-1\nimport b  # {IGNORE} \u00e9\n".encode("latin-1"),
        f"x = 1\nimport b  # {IGNORE}\n".encode("utf-16"),
        f"x = 1\nimport b  # {IGNORE}\n".encode("utf-32"),
        f"x = '\x0c\x0b\x85\u2028\x1c'\nimport b  # {IGNORE}\n".encode(),
    ],
    ids=["crlf", "bom", "tabs", "latin-1", "declared", "utf-16", "utf-32", "odd line ends"],
)
def test_a_line_is_what_it_is_for_a_check(content: bytes) -> None:
    assert covers(content) == [(2, 2)]


def test_a_carriage_return_alone_ends_a_comment_and_no_line() -> None:
    source = f"# a\rx = '# {IGNORE}'\n# b\ry = 1  # {IGNORE}\rz = 1\nimport c\n"

    assert covers(source) == [(2, 2)]
