"""Module and import expressions: which are well formed, and which names they stand for."""

import msgspec
import pytest

from selfcheck.subjects.imports.expressions import (
    ImportExpression,
    ModuleExpression,
    has_wildcard,
    is_within,
    matching,
    pattern,
)

NAMES = ["a", "a.b", "a.b.c", "a.b.c.d", "a.c", "ab", "ab.c", "a-b.c d", "x.a.b", "é.b", "one/src/a.py"]


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("a", ["a"]),
        ("a.b", ["a.b"]),
        ("A", []),
        ("a.x", []),
        ("*", ["a", "ab"]),
        ("**", NAMES),
        ("a.*", ["a.b", "a.c"]),
        ("a.**", ["a.b", "a.b.c", "a.b.c.d", "a.c"]),
        ("*.b", ["a.b", "é.b"]),
        ("**.b", ["a.b", "x.a.b", "é.b"]),
        ("*.b.*", ["a.b.c"]),
        ("**.b.**", ["a.b.c", "a.b.c.d"]),
        ("a.*.*", ["a.b.c"]),
        ("a.*.**", ["a.b.c", "a.b.c.d"]),
        ("*.**", ["a.b", "a.b.c", "a.b.c.d", "a.c", "ab.c", "a-b.c d", "x.a.b", "é.b", "one/src/a.py"]),
        ("a-b.*", ["a-b.c d"]),
        ("é.b", ["é.b"]),
        ("one/src/a.py", ["one/src/a.py"]),
    ],
)
def test_an_expression_stands_for_names_part_by_part(expression: str, found: list[str]) -> None:
    assert matching(expression, NAMES) == found


@pytest.mark.parametrize("name", ["a.b", "a+b", "a[b]", "a$", "(a)", "a\nb"])
def test_what_an_expression_spells_out_is_meant_to_the_letter(name: str) -> None:
    assert matching(name, ["axb", "aab", "ab", "a", name]) == [name]


def test_names_stay_in_their_order() -> None:
    assert matching("*", ["c", "a", "b"]) == ["c", "a", "b"]


def test_a_pattern_matches_no_part_that_is_empty() -> None:
    assert [pattern("a.**").fullmatch(name) for name in ("a", "a.", "a..b", ".a", "")] == [None] * 5


def test_many_wildcards_take_no_time() -> None:
    name = ".".join(["a"] * 60)

    assert pattern("**.b.**.b").fullmatch(name) is None


@pytest.mark.parametrize(
    ("name", "package", "within"),
    [
        ("a", "a", True),
        ("a.b", "a", True),
        ("a.b.c", "a.b", True),
        ("ab", "a", False),
        ("a", "a.b", False),
        ("x.a", "a", False),
    ],
)
def test_a_module_is_within_itself_and_the_packages_above_it(name: str, package: str, within: bool) -> None:
    assert is_within(name, package) is within


def test_an_expression_with_a_star_may_stand_for_several() -> None:
    assert [has_wildcard(each) for each in ("a.b", "a.*", "** -> b", "a -> b")] == [False, True, True, False]


@pytest.mark.parametrize("expression", ["a", "a.b", "*", "**", "*.a.**", "a-b", "é.b", "a/b.py", "1.2"])
def test_a_module_expression_is_parts_with_dots_between(expression: str) -> None:
    assert msgspec.convert(expression, ModuleExpression) == expression
    assert msgspec.convert(f"{expression} -> {expression}", ImportExpression) == f"{expression} -> {expression}"


@pytest.mark.parametrize(
    "expression",
    [
        "",
        ".",
        "a.",
        ".a",
        "a..b",
        "a*",
        "*a",
        "***",
        "a.b*",
        "a b",
        "a->b",
        "a | b",
        "a : b",
        "(a)",
        "a\n",
        "a.\n",
        " a",
    ],
)
def test_what_is_no_module_expression_is_refused(expression: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(expression, ModuleExpression)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(f"{expression} -> b", ImportExpression)


@pytest.mark.parametrize(
    "expression", ["a", "a ->", "-> a", "a->b", "a -> b -> c", "a  -> b", "a -> b ", "a -> b\n", "a => b", "a -> *b"]
)
def test_what_is_no_import_expression_is_refused(expression: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(expression, ImportExpression)
