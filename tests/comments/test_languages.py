"""In every language a waiver is found in comments, and in nothing that only looks like one."""

import re

import pytest
from pygments.lexers import get_lexer_by_name

from selfcheck.subjects.comments import Comment
from selfcheck.subjects.comments.languages import (
    HTML,
    MARKDOWN,
    NAMES,
    PATTERNS,
    PROGRAMS,
    SUFFIXES,
    TEMPLATES,
    Language,
    by_first_line,
    by_name,
    has_comments,
)
from tests.comments.waivers import TERMS, found, languages


@pytest.mark.parametrize("path", languages())
def test_a_waiver_is_found_where_it_stands_in_a_comment_and_nowhere_else(path: str) -> None:
    number = iter(range(1000))
    source = re.sub(
        "WAIVER|SHOWN", lambda word: f"selfcheck: ignore[{word[0].lower()}-{next(number)}] {TERMS}", languages()[path]
    )

    entries = found(source, path)

    expected = re.findall(r"waiver-\d+", source)
    assert [each.rules[0] if isinstance(each, Comment) else each for each in entries] == expected


@pytest.mark.parametrize("path", languages())
def test_what_closes_a_comment_is_no_part_of_the_reason(path: str) -> None:
    source = languages()[path].replace("WAIVER", f"selfcheck: ignore[a] {TERMS}").replace("SHOWN", "shown")

    reasons = {each.reason for each in found(source, path) if isinstance(each, Comment)}

    assert reasons <= {"split with #812"}


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("a.py", Language("python")),
        ("a/b.C.py", Language("python")),
        ("a.html", Language("html", "django")),
        ("a.yaml.j2", Language("yaml", "django")),
        ("a.md.j2", Language("text", "django")),
        ("a.j2", Language("text", "django")),
        ("a.html.jinja", Language("html", "django")),
        ("a.js.erb", Language("javascript", "erb")),
        ("README.md", MARKDOWN),
        ("Dockerfile", Language("bash")),
        ("docker/Dockerfile.dev", Language("bash")),
        ("api.Dockerfile", None),
        (".env", Language("bash")),
        (".env.local", Language("bash")),
        ("requirements.in", Language("bash")),
        ("requirements/base.txt", Language("bash")),
        ("a/requirements/base.txt", Language("bash")),
        ("CMakeLists.txt", Language("cmake")),
        ("notes.txt", Language("text")),
        ("a.adb", Language("ada")),
        ("BUILD", Language("python")),
        (".bashrc", Language("bash")),
        ("a.pro", None),  # Prolog, IDL and others
        ("a.astro", None),
        ("LICENSE", None),
        ("a.", None),
    ],
)
def test_the_name_of_a_file_tells_its_language(path: str, language: Language | None) -> None:
    assert by_name(path) == language


@pytest.mark.parametrize(
    ("line", "language"),
    [
        (b"#!/usr/bin/python3.12 -I\n", Language("python")),
        (b"#! /usr/bin/env python\n", Language("python")),
        (b"#!/usr/bin/env -S FOO=1 deno run\n", Language("typescript")),
        (b"#!/bin/sh", Language("bash")),
        (b"#!/usr/bin/php\n", Language("html", "php")),
        (b"#!/usr/bin/unheard\n", None),
        (b"#!\xff\n", None),
        (b"x\n#!/bin/sh\n", None),
        (b"", None),
    ],
)
def test_the_first_line_of_a_script_tells_its_language(line: bytes, language: Language | None) -> None:
    assert by_first_line(line) == language


def test_every_language_of_the_tables_is_one_of_pygments() -> None:
    tables = (SUFFIXES, NAMES, PATTERNS, PROGRAMS, TEMPLATES, HTML)
    names = {name for table in tables for name in table.values()} - {MARKDOWN.name} | {"html", "text"}

    assert {name for name in names if name not in get_lexer_by_name(name).aliases} == set()


@pytest.mark.parametrize(
    ("path", "may"),
    [
        ("a.py", True),
        ("a", True),
        ("a.unheard", True),
        ("a.png", False),
        ("a.csv", False),
        ("notes.txt", False),
        ("requirements.txt", True),
        ("CMakeLists.txt", True),
    ],
)
def test_what_holds_no_comments_is_not_searched(path: str, may: bool) -> None:
    assert has_comments(path) is may
