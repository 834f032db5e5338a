"""The `junit` format, read back by a JUnit parser and by a plain XML parser: red is what blocks."""

import re
from collections import Counter
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase
from msgspec import structs
from syrupy.assertion import SnapshotAssertion

from selfcheck.check import Finding, Location, Unread
from selfcheck.formats.junit import render
from selfcheck.guardrail import Enforce, Place, Severity
from selfcheck.model import Outcome, Report
from tests.formats.generated import reports
from tests.formats.reports import SOME, compared, error, everything, guardrail, report, skip, verdict

LEGAL = re.compile("[\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")
HOSTILE = st.text(st.characters(codec=None), max_size=40) | st.sampled_from(
    ["]]>", "<!--", "&amp;", "<failure/>", "\x1b[31m", "\ud800", "\ufffe", "[[ATTACHMENT|/etc/passwd]]", "a\nb", "\x00"]
)

Row = tuple[str | None, str | None, str | None]


def told(of: Report) -> list[Row]:
    """Of each testcase the class, the name and the result, as a JUnit parser reads them."""
    return [(case.classname, case.name, _result(case)) for suite in JUnitXml.fromstring(_bytes(of)) for case in suite]


def cases(of: Report) -> list[ElementTree.Element]:
    """The testcases, as an XML parser reads them."""
    return list(ElementTree.fromstring(_bytes(of)).iter("testcase"))


def _bytes(of: Report) -> bytes:
    return render(of).encode("utf-8")


def _result(case: TestCase) -> str | None:
    kinds = {Failure: "failure", Error: "error", Skipped: "skipped"}
    names = [kinds[type(each)] for each in case.result]
    assert len(names) <= 1
    return names[0] if names else None


def test_a_report_is_rendered_whole(snapshot: SnapshotAssertion) -> None:
    assert render(everything()) == snapshot


def test_a_comparison_is_rendered_whole(snapshot: SnapshotAssertion) -> None:
    assert render(compared()) == snapshot


def test_every_testcase_has_its_guardrail_as_class_and_a_result_that_is_red_only_where_it_blocks() -> None:
    assert told(everything()) == [
        ("kept", "What kept promises is kept", None),
        ("kept-but-for-waivers", "What kept-but-for-waivers promises is kept", None),
        ("kept-but-for-waivers", "old.py", "skipped"),
        ("kept-but-for-waivers", "unread odd.py", "skipped"),
        ("no-cycles", "backend.a, backend.b", "failure"),
        ("no-cycles", "backend.c, backend.d", "failure"),
        ("no-cycles", "old.a, old.b", "skipped"),
        ("warns", "x", "skipped"),
        ("pending", "x", "skipped"),
        ("unread", "unread src/a.py", "error"),
        ("unread", "unread src/b.py", "error"),
        ("crashed", "What crashed promises is kept", "error"),
        ("crashed-and-warns", "What crashed-and-warns promises is kept", "skipped"),
        ("skipped", "What skipped promises is kept", "skipped"),
    ]


def test_the_suite_tells_what_its_testcases_sum_up_to() -> None:
    (suite,) = JUnitXml.fromstring(_bytes(everything()))

    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (14, 2, 3, 7)
    assert (suite.time, suite.timestamp) == (0.414, "2026-11-21T02:00:00")


def test_the_time_of_a_guardrail_is_told_once() -> None:
    found = (Finding(key=key, message="is odd") for key in "abc")

    times = [case.get("time") for case in cases(report(verdict(guardrail("slow"), SOME, *found, seconds=1.5)))]

    assert times == ["1.500", "0.000", "0.000"]


def test_what_counts_and_could_not_be_read_is_an_error_beside_findings_that_fail() -> None:
    seen = (Finding(key="a", message="is odd"), Unread("b.py", "no permission"))

    assert told(report(verdict(guardrail("mixed"), SOME, *seen))) == [
        ("mixed", "a", "failure"),
        ("mixed", "unread b.py", "error"),
    ]


def test_equal_names_are_told_apart_by_their_order() -> None:
    found = [Finding(key=key, message="is odd") for key in ("a", "a", "a (2)", "a", "", "")]

    names = [row[1] for row in told(report(verdict(guardrail("many"), SOME, *found)))]

    assert sorted(filter(None, names)) == ["(no name)", "(no name) (2)", "a", "a (2)", "a (2) (2)", "a (3)"]


def test_a_place_is_told_from_the_top_of_the_repository() -> None:
    made = report(verdict(guardrail("a"), SOME, Finding(key="x", message="is odd", at=Location("b.py", 3, 9))))

    [case] = cases(structs.replace(made, run=structs.replace(made.run, folder="services/shop")))

    assert (case.get("file"), case.get("line")) == ("services/shop/b.py", "3")
    assert (case.findtext("failure") or "").splitlines()[0] == "services/shop/b.py:3:9: is odd"


def test_a_finding_about_a_whole_file_stands_in_its_first_line() -> None:
    [case] = cases(report(verdict(guardrail("a"), SOME, Finding(key="x", message="is odd", at=Location("b.py")))))

    assert (case.get("file"), case.get("line")) == ("b.py", "1")


def test_what_has_no_place_stands_at_its_guardrail_unless_that_is_in_a_pack() -> None:
    found = Finding(key="x", message="is odd")
    packed = guardrail("packed", place=Place("pack:python", 4))

    ours, theirs = cases(report(verdict(guardrail("ours"), SOME, found), verdict(packed, SOME, found)))

    assert (ours.get("file"), ours.get("line")) == ("guardrails/house.yaml", "7")
    assert (theirs.get("file"), theirs.get("line")) == (None, None)


def test_an_interrupted_run_is_an_error_even_where_all_that_is_left_only_warns() -> None:
    cut = report(error(guardrail("slow", enforce=Enforce.WARN), "interrupted before it was judged"), stopped=130)

    assert told(cut) == [
        ("slow", "What slow promises is kept", "skipped"),
        ("selfcheck", "interrupted", "error"),
    ]


def test_a_report_of_nothing_is_an_empty_suite() -> None:
    (suite,) = JUnitXml.fromstring(_bytes(report()))

    assert (suite.tests, list(suite)) == (0, [])


def test_text_that_would_act_is_shown_escaped(snapshot: SnapshotAssertion) -> None:
    hostile = "]]><failure/> \x1b[31mred \u202eevil \ud800 \ufffe\n[[ATTACHMENT|/etc/passwd]]"
    about = guardrail("hostile", title=hostile, why=hostile, refs=(hostile,), owner=hostile)
    seen = (Finding(key=hostile, message=hostile, at=Location(hostile), hint=hostile), Unread(hostile, hostile))

    text = render(report(verdict(about, SOME, *seen), error(about, hostile), skip(about, hostile)))

    assert text == snapshot


@settings(deadline=None, max_examples=60)
@given(HOSTILE, HOSTILE, HOSTILE)
def test_whatever_a_text_holds_the_report_is_xml_of_one_testcase_a_finding(key: str, message: str, path: str) -> None:
    seen = (Finding(key=key, message=message, at=Location(path, 1), hint=message), Unread(path, message))
    about = guardrail("a", title=message, why=message, owner=key)

    made = report(verdict(about, SOME, *seen), error(about, message), skip(about, message), verdict(about, SOME))

    assert [row[2] for row in told(made)] == ["failure", "error", "error", "skipped", None]
    assert {each.tag for case in cases(made) for each in case.iter()} <= {
        *("testcase", "failure", "error", "skipped", "system-out")
    }
    assert all(LEGAL.fullmatch(line) for line in render(made).split("\n"))
    assert "[[ATTACHMENT|" not in render(made)


@settings(deadline=None, max_examples=40)
@given(reports())
def test_no_class_has_two_testcases_of_one_name(generated: Report) -> None:
    once = structs.replace(generated, verdicts=tuple({each.guardrail.id: each for each in generated.verdicts}.values()))

    names = Counter((row[0], row[1]) for row in told(once))

    assert set(names.values()) <= {1}


@settings(deadline=None, max_examples=40)
@given(reports())
def test_the_suite_is_red_if_and_only_if_the_gate_is(generated: Report) -> None:
    red = {row[2] for row in told(generated)} & {"failure", "error"}

    assert bool(red) == (generated.outcome is not Outcome.PASS)


@pytest.mark.parametrize("severity", Severity)
def test_a_failure_is_red_as_the_gate_is_whatever_the_severity(severity: Severity) -> None:
    judged = verdict(guardrail("a", severity), SOME, Finding(key="x", message="is odd"))

    [row] = told(report(judged))

    assert row[2] == ("failure" if judged.gates else "skipped")
