"""The `text` format, whole: what failed first, readable at 80 columns and without colour."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from msgspec import structs
from syrupy.assertion import SnapshotAssertion

from selfcheck.check import Evidence, Finding, Location, Unread
from selfcheck.formats.text import SHOWN, SOON, clean, one_line, render
from selfcheck.guardrail import Place, Severity, Waiver
from selfcheck.model import Base, Report
from tests.formats.generated import reports
from tests.formats.reports import SOME, STARTED, compared, error, everything, guardrail, report, verdict

HOSTILE = "\x1b]0;title\x07\x1b[31mred\x1b[0m\r\x08\x7f\x9b31m\u202eevil\u2066\u061c\u200f"


def test_what_failed_stands_first_and_passes_are_counted_unless_something_is_waived(
    snapshot: SnapshotAssertion,
) -> None:
    assert render(everything()) == snapshot


def test_verbose_adds_the_evidence_of_passes(snapshot: SnapshotAssertion) -> None:
    assert render(everything(), verbosity=1) == snapshot


def test_quiet_leaves_what_blocks(snapshot: SnapshotAssertion) -> None:
    assert render(everything(), verbosity=-1) == snapshot


def test_colour_changes_no_word(snapshot: SnapshotAssertion) -> None:
    colored = render(everything(), color=True, verbosity=1)

    assert colored.replace("\x1b", "ESC") == snapshot
    assert re.sub(r"\x1b\[\d+m", "", colored) == render(everything(), verbosity=1)


@pytest.mark.parametrize("width", [40, 120])
def test_lines_are_as_long_as_the_terminal_is_wide(width: int, snapshot: SnapshotAssertion) -> None:
    assert render(everything(), width=width) == snapshot


def test_a_comparison_tells_what_grew_what_is_accepted_and_which_exceptions_end(snapshot: SnapshotAssertion) -> None:
    assert render(compared()) == snapshot


def test_a_quiet_comparison_names_no_exception_that_ends(snapshot: SnapshotAssertion) -> None:
    assert render(compared(), verbosity=-1) == snapshot


@pytest.mark.parametrize(
    ("base", "told"),
    [
        (Base("origin/\x1bmain", ()), r"origin/\x1bmain"),
        (Base("main", ("a" * 40, "b" * 40)), "main (aaaaaaa, bbbbbbb)"),
        (Base("a" * 40, ("a" * 40,)), "aaaaaaa"),
        (Base("a" * 40, ("b" * 40,)), "aaaaaaa (bbbbbbb)"),
    ],
)
def test_a_base_is_named_with_its_commits_in_short(base: Base, told: str) -> None:
    made = compared()

    text = render(structs.replace(made, run=structs.replace(made.run, base=base)))

    assert f"\ncompared with {told}: 3 new, 2 existing, 2 fixed\n" in text


def test_a_pass_with_existing_or_baselined_findings_is_counted_not_listed() -> None:
    (debts,) = (each for each in compared().verdicts if each.guardrail.id == "debts")

    text = render(report(debts))

    assert text == "1 passed in 0.41 s\n"


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (20, []),
        (21, ['waiver "x" of a ends today (@li, guardrails/house.yaml:7)']),
        (22, ['waiver "x" of a ends in 1 day (@li, guardrails/house.yaml:7)']),
        (30, ['waiver "x" of a ends in 9 days (@li, guardrails/house.yaml:7)']),
    ],
)
def test_an_exception_is_named_before_it_ends(day: int, told: list[str]) -> None:
    ending = Waiver(match="x", reason="later", owner="@li", until=date(2026, 11, day))

    text = render(report(verdict(guardrail("a", waivers=(ending,)), SOME)))

    assert text.splitlines()[1:] == told


@pytest.mark.parametrize(("days", "lines"), [(SOON, 1), (SOON + 1, 0)])
def test_an_exception_is_named_in_its_last_two_weeks(days: int, lines: int) -> None:
    ending = Waiver(match="x", reason="later", owner="@li", until=STARTED.date() + timedelta(days=days))

    text = render(report(verdict(guardrail("a", waivers=(ending,)), SOME)))

    assert text.count("ends in") == lines


def test_of_many_exceptions_that_end_the_next_are_named_each_once() -> None:
    ending = [
        Waiver(match=f"{n}", reason="later", owner="@li", until=date(2026, 11, 21) + timedelta(days=n % 14))
        for n in range(SHOWN + 3)
    ]

    text = render(report(verdict(guardrail("a", waivers=(*ending, ending[0])), SOME)))

    assert [line.split()[-5:-2] for line in text.splitlines()[1:4]] == [
        ["a", "ends", "today"],
        ["a", "ends", "today"],
        ["in", "1", "day"],
    ]
    assert text.splitlines()[-1] == "and 3 more exceptions end within 14 days"
    assert len(text.splitlines()) == 1 + SHOWN + 1


def test_an_interrupted_report_says_so(snapshot: SnapshotAssertion) -> None:
    cut = report(
        verdict(guardrail("kept"), SOME), error(guardrail("slow"), "interrupted before it was judged"), stopped=130
    )

    assert render(cut) == snapshot


def test_a_report_of_what_only_warns_names_no_failure(snapshot: SnapshotAssertion) -> None:
    assert (
        render(report(verdict(guardrail("warns", Severity.LOW), SOME, Finding(key="x", message="is odd")))) == snapshot
    )


def test_of_many_findings_the_first_are_listed(snapshot: SnapshotAssertion) -> None:
    many = (Finding(key=f"{n}", message="is odd", at=Location("a.py", n)) for n in range(1, SHOWN + 5))

    assert render(report(verdict(guardrail("many"), SOME, *many))) == snapshot


@pytest.mark.parametrize(
    ("count", "verbosity", "listed"), [(SHOWN, 0, SHOWN), (SHOWN + 1, 0, SHOWN), (SHOWN + 1, 1, SHOWN + 1)]
)
def test_all_findings_are_listed_on_demand(count: int, verbosity: int, listed: int) -> None:
    many = (Finding(key=f"{n}", message="is odd", at=Location("a.py", n)) for n in range(1, count + 1))

    text = render(report(verdict(guardrail("many"), SOME, *many)), verbosity=verbosity)

    assert text.count("is odd") == listed


def test_text_that_acts_on_a_terminal_is_shown_escaped(snapshot: SnapshotAssertion) -> None:
    """Names of files and messages are the judged repository's own; no line of it can pass for one of ours."""
    hostile = guardrail(
        "hostile",
        title=f"title {HOSTILE}",
        why=f"why {HOSTILE}",
        refs=(f"ref {HOSTILE}",),
        owner=f"owner {HOSTILE}",
        place=Place(f"{HOSTILE}.yaml", 1),
    )
    seen = (
        Evidence(f"evidence {HOSTILE}", 1, 1),
        Finding(key="a", message=f"message {HOSTILE}", at=Location("src/a.py\npass  forged (high)", 1), hint=HOSTILE),
        Unread(f"unread {HOSTILE}", f"reason {HOSTILE}"),
    )

    text = render(
        report(verdict(hostile, *seen), error(hostile, f"crashed: {HOSTILE}"), verdict(hostile, seen[0])), verbosity=1
    )

    assert text == snapshot
    assert unsafe(text) == set()


def test_several_lines_of_text_become_one() -> None:
    promise = guardrail("kept", title="one\n  two\r\n", why="three\n\nfour\tfive  six")

    text = render(report(verdict(promise, SOME, Finding(key="a", message="seven\n\teight"))))

    assert "      one two\n      seven eight\n      why: three four five  six\n" in text


def test_a_report_of_nothing_says_so() -> None:
    assert render(report()) == "nothing judged in 0.41 s\n"


def test_a_quiet_report_of_what_is_kept_is_empty() -> None:
    assert render(report(verdict(guardrail("kept"), SOME)), verbosity=-1) == ""


def test_a_long_id_is_never_cut() -> None:
    name = "-".join(["a-long-id"] * 9)

    text = render(report(verdict(guardrail(name), SOME, Finding(key="a", message="is odd"))))

    assert text.splitlines()[:2] == [f"FAIL  {name}", "      (high)"]
    assert text.splitlines()[-2:] == ["failed:", f"  {name}"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a b", "a b"),
        ("a\nb", r"a\nb"),
        ("\x1b[0m", r"\x1b[0m"),
        ("\u202e", r"\u202e"),
        ("caf\xe9 \N{SNOWMAN}", "caf\xe9 \N{SNOWMAN}"),
        (r"a\b", r"a\b"),
    ],
)
def test_only_what_a_terminal_would_act_on_is_escaped(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_line_ends_are_blanks_where_one_line_is_wanted() -> None:
    assert one_line("  a\n  b \x1b\n") == r"  a b \x1b"


@settings(deadline=None, max_examples=40)
@given(reports())
def test_no_text_holds_what_a_terminal_would_act_on(generated: Report) -> None:
    assert unsafe(render(generated, verbosity=1)) == set()


@settings(deadline=None, max_examples=40)
@given(reports())
def test_no_line_is_longer_than_the_width_unless_a_word_is(generated: Report) -> None:
    long = [line for line in render(generated, verbosity=1).split("\n") if len(line) > 80]

    assert [line for line in long if " " in line.strip(" ")] == []


@settings(deadline=None, max_examples=40)
@given(reports())
def test_quiet_shows_no_more_than_usual_and_verbose_no_less(generated: Report) -> None:
    quiet, usual, verbose = (render(generated, verbosity=each).count("\n") for each in (-1, 0, 1))

    assert quiet <= usual <= verbose


def unsafe(text: str) -> set[str]:
    """The characters that a terminal would act on, but for line ends."""
    return set(re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]", text))
