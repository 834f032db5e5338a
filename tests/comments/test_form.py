"""What a waiver in a comment says, and everything that is wrong with one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfcheck.subjects.comments.entries import FORM, Said, parsed
from tests.comments.waivers import TERMS

SPLIT = Said(rules=("no-cycles",), until=date(2030, 1, 31), owner="@li", reason="split with #812", whole=False)
FORM_ADVISED = f"; write `{FORM}`"


@pytest.mark.parametrize(
    "text",
    [
        f"ignore[no-cycles] {TERMS}",
        f"ignore [no-cycles] {TERMS}",
        f"ignore[ no-cycles ]\t{TERMS}",
        "ignore[no-cycles] owner=@li until=2030-01-31 -- split with #812",
        "ignore[no-cycles]until=2030-01-31 owner=@li --split with #812",
        "ignore[no-cycles] until=2030-01-31   owner=@li  ---  split with #812  ",
        "ignore[no-cycles] until=2030-01-31 owner=@li \u2014 split with #812",
    ],
)
def test_keys_come_in_any_order_and_blanks_do_not_matter(text: str) -> None:
    assert parsed(text) == SPLIT


def test_several_guardrails_are_named_in_the_order_in_which_they_are_written() -> None:
    said = parsed(f"ignore[module-size, no-cycles,a1] {TERMS}")

    assert isinstance(said, Said)
    assert said.rules == ("module-size", "no-cycles", "a1")


def test_the_whole_file_is_waived_by_a_word_of_its_own() -> None:
    said = parsed(f"ignore-file[no-cycles] {TERMS}")

    assert isinstance(said, Said)
    assert said.whole


def test_a_reason_may_hold_whatever_a_waiver_is_made_of() -> None:
    said = parsed("ignore[a] until=2030-01-31 owner=@a--b -- see x -- or y=z [c] until=2031-01-01")

    assert isinstance(said, Said)
    assert (said.owner, said.reason, said.until) == ("@a--b", "see x -- or y=z [c] until=2031-01-01", date(2030, 1, 31))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (f"ignore {TERMS}", "names no guardrail"),
        (f"ignore[] {TERMS}", "names no guardrail"),
        (f"ignore[ ] {TERMS}", "names no guardrail"),
        (f"ignore[a,] {TERMS}", "has an empty name among its guardrails"),
        (f"ignore[a, b, a] {TERMS}", "names `a` twice"),
        (f"ignore[no-*] {TERMS}", "names guardrails by a pattern, `no-*`; each is named by its exact id"),
        (f"ignore[a?] {TERMS}", "names guardrails by a pattern, `a?`; each is named by its exact id"),
        (f"ignore[No-Cycles] {TERMS}", "names `No-Cycles`, which is no id of a guardrail: an id is kebab-case"),
        (f"ignore[a b] {TERMS}", "names `a b`, which is no id of a guardrail: an id is kebab-case"),
        (f"ignore[a[0] {TERMS}", "names `a[0`, which is no id of a guardrail: an id is kebab-case"),
        (
            f"ignore[a {TERMS}",
            "has no `]` after the guardrails; has no `until=YYYY-MM-DD`; has no `owner=@who`; gives no reason after ` -- `",
        ),
        (f"ignored[a] {TERMS}", 'has an unknown word "ignored"; did you mean "ignore"?'),
        (f"ignore-line[a] {TERMS}", 'has an unknown word "ignore-line"; did you mean "ignore-file"?'),
        ("ignore[a] owner=@li -- x", "has no `until=YYYY-MM-DD`"),
        ("ignore[a] until=2030-01-31 -- x", "has no `owner=@who`"),
        ("ignore[a] until=2030-01-31 owner= -- x", "has no `owner=@who`"),
        ("ignore[a] until=2030-01-31 owner=@li", "gives no reason after ` -- `"),
        ("ignore[a] until=2030-01-31 owner=@li -- ", "gives no reason after ` -- `"),
        ("ignore[a] until=2030-01-31 owner=@li -- ...", "gives no reason after ` -- `"),
        ("ignore[a] until=2030-02-30 owner=@li -- x", "has `until=2030-02-30`, which is no day of the calendar"),
        ("ignore[a] until=20300131 owner=@li -- x", "has `until=20300131`, which is no date such as 2026-12-31"),
        ("ignore[a] until=2030-1-31 owner=@li -- x", "has `until=2030-1-31`, which is no date such as 2026-12-31"),
        (
            "ignore[a] until=\u0662030-01-31 owner=@li -- x",
            "has `until=\u0662030-01-31`, which is no date such as 2026-12-31",
        ),
        (
            "ignore[a] until=2030-01-31T00:00 owner=@li -- x",
            "has `until=2030-01-31T00:00`, which is no date such as 2026-12-31",
        ),
        ("ignore[a] until=0000-01-31 owner=@li -- x", "has `until=0000-01-31`, which is no day of the calendar"),
        ("ignore[a] until= owner=@li -- x", "has `until=`, which is no date such as 2026-12-31"),
        ("ignore[a] until=2030-01-31 until=2031-01-31 owner=@li -- x", "gives `until` twice"),
        ("ignore[a] until=2030-01-31 owner=@li by=2 -- x", 'has an unknown key "by"; known: owner, until'),
        (
            "ignore[a] untill=2030-01-31 until=2030-01-31 owner=@li -- x",
            'has an unknown key "untill"; did you mean "until"?',
        ),
        (
            "ignore[a] until = 2030-01-31 owner=@li -- x",
            (
                "has `until`, which is no `key=value` without blanks; a reason stands after ` -- `; "
                'has an unknown key ""; known: owner, until; '
                "has `2030-01-31`, which is no `key=value` without blanks; a reason stands after ` -- `; "
                "has no `until=YYYY-MM-DD`"
            ),
        ),
        (
            "ignore[a] until=2030-01-31 owner=@li because",
            (
                "has `because`, which is no `key=value` without blanks; a reason stands after ` -- `; "
                "gives no reason after ` -- `"
            ),
        ),
        ("ignore", "names no guardrail; has no `until=YYYY-MM-DD`; has no `owner=@who`; gives no reason after ` -- `"),
        (f"ignore[a\x1b[31m] {TERMS}", "names `a\\x1b[31m`, which is no id of a guardrail: an id is kebab-case"),
    ],
)
def test_everything_that_is_wrong_is_told_at_once_with_the_form_to_write(text: str, wrong: str) -> None:
    assert parsed(text) == f"a waiver {wrong}{FORM_ADVISED}"


@given(rest=st.text(alphabet=st.sampled_from("-[]=@ \t,ab1*untilowner2030-01-31\u2014\u00e9\U0001f600"), max_size=60))
def test_whatever_follows_the_word_is_a_waiver_with_all_its_terms_or_a_fault(rest: str) -> None:
    said = parsed(f"ignore{rest}")

    assert isinstance(said, Said) == (not isinstance(said, str))
    if isinstance(said, Said):
        assert said.rules
        assert said.owner.strip()
        assert said.reason.strip()
