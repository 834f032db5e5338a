"""The `tap` format, read back by a TAP parser and its YAML: a point a guardrail, and no text that passes for a line."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from syrupy.assertion import SnapshotAssertion
from tap.line import Bail, Plan, Result, Version
from tap.parser import Parser

from selfcheck.check import Finding, Location, Unread
from selfcheck.formats.tap import render
from selfcheck.guardrail import Enforce, Severity
from selfcheck.model import Outcome, Report
from tests.formats.generated import reports
from tests.formats.reports import SOME, compared, error, everything, guardrail, report, skip, verdict

HOSTILE = st.text(st.characters(codec=None), max_size=40) | st.sampled_from(
    ["  ...", "---", "ok 7", "\nBail out!", "'", "''", "\\", "# TODO", "a: b", "- a", "\ud800", "\x85", "\u2028ok 9"]
)


def read(of: Report) -> list[Any]:
    """The lines as a TAP parser reads them; one that it does not know is a mistake."""
    found = list(Parser().parse_text(render(of)))
    assert {each.category for each in found} <= {"version", "plan", "test", "bail"}
    return found


def points(of: Report) -> list[tuple[bool, int, str, str]]:
    """Of each test point whether it is ok, its number, its description and its directive."""
    return [
        (each.ok, each.number, each.description, each.directive.text) for each in read(of) if each.category == "test"
    ]


def told(of: Report) -> list[dict[str, Any]]:
    """The diagnostic of each test point."""
    return [each.yaml_block for each in read(of) if each.category == "test"]


def test_a_report_is_rendered_whole(snapshot: SnapshotAssertion) -> None:
    assert render(everything()) == snapshot


def test_a_comparison_is_rendered_whole(snapshot: SnapshotAssertion) -> None:
    assert render(compared()) == snapshot


def test_the_version_and_the_plan_come_first() -> None:
    version, plan, *rest = read(everything())

    assert (type(version), version.version) == (Version, 13)
    assert (type(plan), plan.expected_tests, {type(each) for each in rest}) == (Plan, 9, {Result})


def test_a_guardrail_is_a_point_that_fails_where_it_blocks() -> None:
    assert points(everything()) == [
        (True, 1, "- kept", ""),
        (True, 2, "- kept-but-for-waivers", ""),
        (False, 3, "- no-cycles", ""),
        (False, 4, "- warns", "TODO warns only"),
        (False, 5, "- pending", "TODO warns only"),
        (False, 6, "- unread", ""),
        (False, 7, "- crashed", ""),
        (False, 8, "- crashed-and-warns", "TODO warns only"),
        (True, 9, "- skipped", "SKIP not allowed: needs a program"),
    ]


def test_the_diagnostic_holds_the_findings_that_count_and_how_many_are_accepted() -> None:
    cycles, small, debts = told(compared())

    assert cycles["findings"] == [
        {
            "key": "backend.a, backend.b, backend.c",
            "message": "2 modules import each other in a circle: backend.a -> backend.b -> backend.a",
            "place": "services/shop/backend/a.py:3:1",
            "growth": "grew by backend.c",
            "hint": "move what both sides need into a third module, or pass it in as an argument",
        },
        {
            "key": "backend.c, backend.d",
            "message": "2 modules import each other in a circle: backend.c -> backend.d -> backend.c",
            "place": "services/shop/backend/c.py:3:1",
            "hint": "move what both sides need into a third module, or pass it in as an argument",
        },
    ]
    assert (cycles["existing"], cycles["baselined"], cycles["waived"]) == (1, 1, 1)
    assert [each["growth"] for each in small["findings"]] == ["2,300, accepted at 2,298"]
    assert (debts["existing"], "findings" in debts) == (1, False)


def test_an_interrupted_run_bails_out_after_its_last_point() -> None:
    cut = report(error(guardrail("slow", enforce=Enforce.WARN), "interrupted before it was judged"), stopped=130)

    *_, last = read(cut)

    assert (type(last), last.reason) == (Bail, "interrupted: this report is not complete")


def test_a_report_of_nothing_says_so() -> None:
    assert render(report()) == "TAP version 13\n1..0 # SKIP nothing was judged\n"


def test_a_skip_without_a_reason_has_no_blank_at_its_end() -> None:
    assert "ok 1 - a # SKIP\n" in render(report(skip(guardrail("a"), "")))


@pytest.mark.parametrize("severity", Severity)
def test_a_failure_is_a_todo_as_the_gate_lets_it_pass_whatever_the_severity(severity: Severity) -> None:
    judged = verdict(guardrail("a", severity), SOME, Finding(key="x", message="is odd"))

    [(ok, _, _, directive)] = points(report(judged))

    assert (ok, directive) == (False, "" if judged.gates else "TODO warns only")


@settings(deadline=None, max_examples=60)
@given(HOSTILE, HOSTILE, HOSTILE)
def test_whatever_a_text_holds_it_stays_in_its_value(key: str, message: str, path: str) -> None:
    seen = (Finding(key=key, message=message, at=Location(path), hint=key), Unread(path, message))
    about = guardrail("a", title=message, why=key)

    found = report(verdict(about, SOME, *seen), error(about, message), skip(about, message), verdict(about, SOME))

    assert [row[:3] for row in points(found)] == [
        (False, 1, "- a"),
        (False, 2, "- a"),
        (True, 3, "- a"),
        (True, 4, "- a"),
    ]
    assert [len(each.get("findings", [])) for each in told(found)] == [1, 0, 0, 0]
    assert {type(value) for value in told(found)[0]["findings"][0].values()} == {str}


@pytest.mark.parametrize(
    "text", ["it's", "''", "a: b # c", "- a", "{a: [1]}", "true", "12", "~", r"a\nb", "  two  blanks  ", "%@`|>&*!"]
)
def test_a_key_is_read_back_as_it_was(text: str) -> None:
    [found] = told(report(verdict(guardrail("a"), SOME, Finding(key=text, message="is odd"))))

    assert found["findings"][0]["key"] == text


@settings(deadline=None, max_examples=40)
@given(reports())
def test_a_stream_fails_if_and_only_if_the_gate_does(generated: Report) -> None:
    found = read(generated)

    failing = any(each.category == "test" and not each.ok and not each.todo for each in found)
    bailed = any(each.category == "bail" for each in found)
    assert (failing or bailed) == (generated.outcome is not Outcome.PASS)


@settings(deadline=None, max_examples=40)
@given(reports())
def test_there_are_as_many_points_as_planned(generated: Report) -> None:
    found = read(structs.replace(generated, stopped=None))

    [plan] = [each for each in found if each.category == "plan"]
    assert [each.number for each in found if each.category == "test"] == list(range(1, plan.expected_tests + 1))
