"""Patterns are RE2's, over a whole text, line by line for `^` and `$`."""

import pickle
import time

import pytest

from selfcheck.patterns import Pattern


@pytest.mark.parametrize(
    ("pattern", "text", "starts"),
    [
        ("b", "abcb", [1, 3]),
        ("^b", "a\nb\nb", [2, 4]),
        ("a$", "a\nba\nab", [0, 3]),
        ("a.b", "a\nb axb", [4]),
        (r"a\nb", "xa\nb", [1]),
        (r"(?s)a.b", "a\nb", [0]),
        (r"\Aa", "a\na", [0]),
        ("aa", "aaaa", [0, 2]),
        ("b", "é€😀b", [3]),
        ("é", "aéé", [1, 2]),
        ("a|b", "xbxa", [1, 3]),
        ("(?i)TODO", "todo", [0]),
        (r"\bx\b", "x xy x", [0, 5]),
        ("z", "abc", []),
        ("a", "", []),
    ],
)
def test_matches_begin_at_these_characters(pattern: str, text: str, starts: list[int]) -> None:
    assert (list(Pattern(pattern).starts(text)), Pattern(pattern).found(text)) == (starts, starts != [])


@pytest.mark.parametrize(
    "text", [r"(a)\1", "a(?=b)", "(?<!a)b", "(?>a)", "(", "a)", "a)|(b", "[", "*a", "a{2,1}", r"\8", "(?P<n>"]
)
def test_what_re2_does_not_know_is_no_pattern(text: str) -> None:
    with pytest.raises(ValueError, match=r"^is no RE2 pattern"):
        Pattern(text)


def test_an_empty_pattern_is_none() -> None:
    with pytest.raises(ValueError, match=r"^an empty pattern matches everything$"):
        Pattern("")


def test_matching_time_is_linear_in_the_text() -> None:
    pattern = Pattern("(a+)+$|(a|aa)+b")

    begun = time.perf_counter()
    found = pattern.found("a" * 50_000 + "c")

    assert not found
    assert time.perf_counter() - begun < 2.0


def test_a_pattern_survives_the_way_to_another_process() -> None:
    pattern = Pattern(r"^\s*print\(")

    again = pickle.loads(pickle.dumps(pattern))

    assert (again, hash(again), again.found("\n  print(1)")) == (pattern, hash(pattern), True)


def test_patterns_are_equal_by_their_text() -> None:
    assert Pattern("a") == Pattern("a")
    assert Pattern("a") != Pattern("b")
    assert Pattern("a") != "a"


def test_a_pattern_shows_its_text() -> None:
    assert (str(Pattern(r"\d")), repr(Pattern(r"\d"))) == (r"\d", r"Pattern('\\d')")


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "^a{3}b?$",
        r"#\s*type:\s*ignore",
        r"://|^--(extra-)?index-url",
        r"[A-Z]{2,5}-\d+",
        r"(?i)password\s*=",
        r"\|\|\s*(true|echo)",
        "é+",
        "x*",
        r"\bTODO\b",
        "[^a]",
    ],
)
def test_an_example_matches_and_is_the_same_each_time(text: str) -> None:
    example = Pattern(text).example()

    assert example is not None
    assert Pattern(text).found(example)
    assert Pattern(text).example() == example


@pytest.mark.parametrize("text", [r"a\bb", "a^b", r"[[:alpha:]]{2}\z0", "$a"])
def test_a_pattern_that_nothing_matches_has_no_example(text: str) -> None:
    assert Pattern(text).example() is None
