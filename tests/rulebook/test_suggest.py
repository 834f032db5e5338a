"""What is said of a name that nobody knows."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfcheck.suggest import MOST, short, unknown


@pytest.mark.parametrize(
    ("name", "known", "said"),
    [
        ("limits", ["limit", "paths"], 'unknown option "limits"; did you mean "limit"?'),
        ("zzz", ["paths", "limit"], 'unknown option "zzz"; known: limit, paths'),
        ("", ["a"], 'unknown option ""; known: a'),
        ("zzz", [], 'unknown option "zzz"; known: none'),
        ("\x1b[31m", ["\x1b[32m"], r'unknown option "\x1b[31m"; did you mean "\x1b[32m"?'),
    ],
)
def test_an_unknown_name_is_told_with_the_closest_or_with_all(name: str, known: list[str], said: str) -> None:
    assert unknown("option", name, known) == said


def test_the_order_of_the_known_names_does_not_matter() -> None:
    assert unknown("tag", "ab", ["aa", "ac"]) == unknown("tag", "ab", ["ac", "aa"])


def test_what_the_name_is_for_is_told() -> None:
    assert unknown("key", "x", ["id"], "guardrail") == 'unknown key "x" for guardrail; known: id'


def test_of_a_thousand_names_the_first_twenty_are_listed() -> None:
    known = [f"rule-{number:04}" for number in range(1000)]

    said = unknown("guardrail", "zzz", known)

    assert said == f'unknown guardrail "zzz"; known: {", ".join(known[:MOST])} and 980 more'


def test_a_long_name_is_cut() -> None:
    assert unknown("key", "x" * 100, ["id"]) == f'unknown key "{"x" * 60}…"; known: id'


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a b", "a b"), ("é", "é"), ("a\nb", r"a\nb"), ("\x1b[0m", r"\x1b[0m"), ("\u202e", r"\u202e"), (r"a\.b", r"a\.b")],
)
def test_a_text_is_shown_as_it_is_but_for_what_a_terminal_would_obey(text: str, shown: str) -> None:
    assert short(text) == shown


@settings(deadline=None)
@given(st.text(), st.integers(0, 80))
def test_a_shown_text_is_one_line_that_can_be_printed(text: str, most: int) -> None:
    assert short(text, most).isprintable()
