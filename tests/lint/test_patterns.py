"""`rulebook-patterns`: regular expressions that tell texts apart, decided as RE2 finds them."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfcheck.check import Evidence, Finding, Location
from selfcheck.checks.rulebook.patterns import RulebookPatterns
from selfcheck.checks.rulebook.regex import Reach, reach
from selfcheck.patterns import Pattern
from selfcheck.testing import assert_breaks, assert_keeps, judged
from tests.lint.under import under

CHECK = RulebookPatterns()
TEXTS = ["".join(letters) for length in range(6) for letters in product("ab-\n", repeat=length)]
ATOMS = [*"a-.^$", r"\b", r"\B", r"\A", r"\z", r"\w", r"\W", r"\n", "[^a]", "(?:a|-)", "(?:a|)", "(?s:.)", "a*", "-?"]
branches = st.lists(st.sampled_from(ATOMS), min_size=1, max_size=3).map("".join)
expressions = st.lists(branches, min_size=1, max_size=2).map("|".join)


def text(use: str, pattern: str) -> str:
    """The keys of a guardrail over a text."""
    return f"check: {{use: {use}, pattern: '{pattern}', paths: [LICENSE]}}"


@given(expressions)
@settings(max_examples=300, deadline=None)
def test_what_is_decided_is_what_re2_finds(pattern: str) -> None:
    found = {Pattern(pattern).found(each) for each in TEXTS}

    decided = reach(pattern)

    assert decided is (Reach.SOME if len(found) == 2 else Reach.EVERY if True in found else Reach.NONE)


def test_expressions_that_tell_texts_apart_keep_the_promise() -> None:
    repo = under(
        text("text-forbids", "TODO"), text("text-contains", "^Free"), "check: {use: max-lines, limit: 9, paths: [shop]}"
    )

    verdict = assert_keeps(CHECK, repo)

    assert verdict.evidence == (Evidence("guardrails", 3, 3), Evidence("regular expressions", 2, 2))


def test_an_expression_that_is_found_nowhere_is_told_at_its_option() -> None:
    (finding,) = assert_breaks(CHECK, under(text("text-forbids", "$x")), "g1: pattern")

    assert finding == Finding(
        key="g1: pattern",
        message="g1: `pattern` $x is found in no text at all, so it can never fail",
        at=Location("guardrails.yaml", 8),
        hint="look for `^`, `$`, `\\A`, `\\z` or `\\b` where they cannot stand, or put a backslash before them",
        data={"guardrail": "g1", "option": "pattern", "pattern": "$x", "found": "none"},
    )


@pytest.mark.parametrize("pattern", ["x|", "x*", "(?:)", ".*", "$", r"\b|\B", "(x?)+", "(?i)x{0,2}"])
def test_an_expression_that_is_found_everywhere_is_found(pattern: str) -> None:
    assert_breaks(CHECK, under(text("text-contains", pattern)), "g1: pattern")


@pytest.mark.parametrize("pattern", ["x+", ".+", "[$]x", r"\$x", "$\\n^x", "^$x|y", r"\bx\b", "[^\\n]"])
def test_an_expression_that_is_nearly_so_is_not(pattern: str) -> None:
    assert_keeps(CHECK, under(text("text-contains", pattern)))


@pytest.mark.parametrize("pattern", [r"\pL", r"\C", "(?i)é", "((a{9}){9}){9}" * 60, "(a|b|ab)+" * 400])
def test_what_is_not_decided_is_counted_and_no_finding(pattern: str) -> None:
    verdict = judged(CHECK, under(text("text-forbids", pattern)))

    assert verdict.findings == ()
    assert verdict.evidence[1] in (Evidence("regular expressions", 1, 0), Evidence("regular expressions", 1, 1))
