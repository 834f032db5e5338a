"""The `markdown` format, rendered by a reader of GitHub's Markdown: its tables, and nothing that a text could forge."""

from collections import Counter
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec import structs
from syrupy.assertion import SnapshotAssertion

from selfcheck.check import Evidence, Finding, Location, Unread
from selfcheck.formats.markdown import LIMIT, LONGEST, MARKER, render
from selfcheck.guardrail import Enforce, Place, Severity, Waiver
from selfcheck.model import Base, Report
from tests.formats.generated import reports
from tests.formats.reports import (
    SOME,
    STARTED,
    compared,
    error,
    everything,
    guardrail,
    report,
    skip,
    verdict,
    waiver,
)

READER = MarkdownIt("gfm-like")
OURS = {
    *("h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "br", "details", "summary"),
}
SNOWMAN = "\N{SNOWMAN}"
TRAPS = st.sampled_from(
    [
        *("|", "\\", "\\|", "`", "``", "```", "<script>", "</details>", "<!--", "-->", "@team", "#12", "GH-12", "&lt;"),
        *("https://a.example", "www.a.example", "a@b.example", "![a](b)", "[a](b)", "**", "~~", "$`x`$", ":+1:", "\n"),
        *("\r", "\x1b[31m", "\u202e", "\ud800", "| --- |", "# a", "/close", " ", "\t", "<br>", "…"),
    ]
)
HOSTILE = st.lists(TRAPS | st.text(st.characters(codec=None), max_size=6), max_size=8).map(
    lambda parts: SNOWMAN.join(["", *parts, ""])
)


class Page(HTMLParser):
    """What a browser has of it: the tags, the rows of each table, and the text that stands in no code."""

    def __init__(self, of: Report) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.tables: list[list[list[str]]] = []
        self.prose = ""
        self._open: list[str] = []
        self.feed(READER.render(render(of)))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert attrs == []
        self.tags[tag] += 1
        match tag:
            case "table":
                self.tables.append([])
            case "tr":
                self.tables[-1].append([])
            case "td" | "th":
                self.tables[-1][-1].append("")
        if tag != "br":
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "code" not in self._open:
            self.prose += data
        if self._open and {"td", "th"} & set(self._open):
            self.tables[-1][-1][-1] += data


def test_a_report_is_rendered_whole(snapshot: SnapshotAssertion) -> None:
    assert render(everything()) == snapshot


def test_a_comparison_is_rendered_whole(snapshot: SnapshotAssertion) -> None:
    assert render(compared()) == snapshot


def test_a_comment_begins_with_the_marker_by_which_it_is_found_again() -> None:
    assert render(report()).splitlines()[0] == MARKER == "<!-- selfcheck -->"


FOLDERS = {
    "shop": "<!-- selfcheck shop -->",
    "shop/the till": "<!-- selfcheck shop/the%20till -->",
    "a--b---c": "<!-- selfcheck a-%2Db-%2D-c -->",
    "--><b>\n": "<!-- selfcheck -%2D%3E%3Cb%3E%0A -->",
    "caf\udce9": "<!-- selfcheck caf%5Cudce9 -->",
}


@pytest.mark.parametrize(("folder", "first"), FOLDERS.items(), ids=ascii)
def test_each_judged_folder_of_a_repository_has_a_comment_of_its_own(folder: str, first: str) -> None:
    made = report()

    text = render(structs.replace(made, run=structs.replace(made.run, folder=folder)))

    assert text.splitlines()[0] == first


def test_every_table_has_a_row_for_each_of_its_things() -> None:
    page = Page(everything())

    assert [len(table) - 1 for table in page.tables] == [2, 4, 2, 6, 1, 2]
    assert {len(row) for table in page.tables for row in table} == {2, 3, 4, 5}
    assert set(page.tags) <= OURS


@pytest.mark.parametrize(
    ("made", "headline"),
    [
        (report(verdict(guardrail("a"), SOME)), "selfcheck passed"),
        (
            report(verdict(guardrail("a"), SOME, Finding(key="x", message="is odd"))),
            "selfcheck failed: 1 finding blocks",
        ),
        (report(error(guardrail("a"), "timed out")), "selfcheck could not judge 1 guardrail"),
        (everything(), "selfcheck could not judge 2 guardrails, and 2 findings block"),
        (
            report(error(guardrail("a"), "interrupted"), stopped=130),
            "selfcheck was interrupted: this report is not complete",
        ),
    ],
)
def test_the_headline_tells_the_outcome(made: Report, headline: str) -> None:
    assert render(made).splitlines()[1] == f"## {headline}"


def test_a_report_of_nothing_says_so() -> None:
    assert render(report()) == "<!-- selfcheck -->\n## selfcheck passed\n\nGuardrails: none judged.\n"


def test_a_comparison_tells_what_is_new_existing_and_fixed() -> None:
    lines = render(compared()).splitlines()

    assert "Findings, compared with `origin/main` (`9f2c0e9`): 3 new, 2 existing, 2 fixed." in lines
    assert "Accepted: 1 baselined, 1 waived." in lines
    assert "Thank you: 2 findings of the base are fixed." in lines


@pytest.mark.parametrize(
    ("base", "told"),
    [
        (Base("a`b|c", ()), "``a`b|c``"),
        (Base("main", ("a" * 40, "b" * 40)), "`main` (`aaaaaaa`, `bbbbbbb`)"),
        (Base("a" * 40, ("a" * 40,)), "`aaaaaaa`"),
        (Base("a" * 40, ("b" * 40,)), "`aaaaaaa` (`bbbbbbb`)"),
    ],
)
def test_a_base_is_named_with_its_commits_in_short(base: Base, told: str) -> None:
    made = compared()

    text = render(structs.replace(made, run=structs.replace(made.run, base=base)))

    assert f"\nFindings, compared with {told}: 3 new, 2 existing, 2 fixed.\n" in text


def test_one_fixed_finding_is_thanked_for_in_the_singular() -> None:
    made = compared()

    text = render(structs.replace(made, verdicts=made.verdicts[:1]))

    assert "\nThank you: 1 finding of the base is fixed.\n" in text


def test_the_gravest_come_first() -> None:
    found = Finding(key="x", message="is odd")
    made = [verdict(guardrail(each.value, each, enforce=Enforce.BLOCK), SOME, found) for each in reversed(Severity)]

    (blocks, *_) = Page(report(*made)).tables

    assert [row[0] for row in blocks[1:]] == ["critical critical", "high high", "medium medium", "low low"]


def test_a_file_that_could_not_be_read_is_told_beside_findings() -> None:
    seen = (Finding(key="a", message="is odd"), Unread("b.py", "no permission"))

    blocks, unjudged, _ = Page(report(verdict(guardrail("mixed"), SOME, *seen))).tables

    assert blocks[1:] == [["mixed high", "guardrails/house.yaml:7", "is odd", ""]]
    assert unjudged[1:] == [["mixed high", "b.py", "no permission"]]


def test_why_a_guardrail_only_warns_is_told_at_its_first_finding() -> None:
    (pending,) = (each for each in everything().verdicts if each.guardrail.id == "pending")
    twice = structs.replace(pending, findings=pending.findings * 2)

    (warns, *_) = Page(report(twice)).tables

    assert [row[0] for row in warns[1:]] == [
        "pending highpending until 2026-12-01: the split lands in November",
        "pending high",
    ]


def test_a_guardrail_of_a_pack_is_named_as_it_is() -> None:
    made = report(verdict(guardrail("a", place=Place("pack:python", 4)), SOME, Finding(key="x", message="is odd")))

    (blocks, *_) = Page(structs.replace(made, run=structs.replace(made.run, folder="services/shop"))).tables

    assert blocks[1][1] == "pack:python:4"


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2026, 11, 20), []),
        (date(2026, 11, 21), ["today, 2026-11-21"]),
        (date(2026, 11, 22), ["in 1 day, 2026-11-22"]),
        (date(2026, 12, 5), ["in 14 days, 2026-12-05"]),
        (date(2026, 12, 6), []),
    ],
)
def test_an_exception_is_named_in_its_last_two_weeks(day: date, told: list[str]) -> None:
    assert STARTED.date() == date(2026, 11, 21)
    about = guardrail("a", waivers=(Waiver(match="x", reason="later", owner="@li", until=day),))

    tables = Page(report(verdict(about, SOME))).tables

    assert [row[1] for table in tables if table[0][0] == "exception" for row in table[1:]] == told


def test_a_long_text_is_shortened() -> None:
    made = report(verdict(guardrail("a"), SOME, Finding(key="x", message="x" * (LONGEST + 1))))

    (blocks, *_) = Page(made).tables

    assert blocks[1][2] == "x" * (LONGEST - 1) + "…"


def test_what_there_is_no_room_for_is_left_out_in_whole_rows_and_counted() -> None:
    many = [Finding(key=f"{n:04}", message=f"is odd {n:04} " + "é" * 100) for n in range(1000)]
    kept = [verdict(guardrail(f"kept-{n}"), SOME) for n in range(500)]

    made = report(verdict(guardrail("many", waivers=(waiver("0000"),)), SOME, *many), *kept)

    text = render(made)
    blocks, about, passed = Page(made).tables
    assert LIMIT - 1000 < len(text.encode()) <= LIMIT
    assert {len(row) for table in (blocks, about, passed) for row in table} == {3, 4, 5}
    assert f"\nand {999 - len(blocks[1:])} more, for which there is no room here\n" in text
    assert f"\nand {500 - len(passed[1:])} more, for which there is no room here\n" in text
    assert len(about[1:]) == 1


def test_a_section_that_needs_little_leaves_its_room_to_others() -> None:
    found = [Finding(key=f"{n:04}", message="is odd") for n in range(100)]
    made = report(verdict(guardrail("many"), SOME, *found), verdict(guardrail("kept"), SOME))

    assert "no room" not in render(made, limit=9_000)
    assert len(render(made, limit=5_000)) <= 5_000


def test_only_headings_are_left_where_nothing_fits() -> None:
    made = report(verdict(guardrail("a"), SOME, Finding(key="x", message="is odd")))

    assert render(made, limit=0).count("\nand 1 more, for which there is no room here\n") == 2


@settings(deadline=None, max_examples=100)
@given(HOSTILE, HOSTILE, HOSTILE)
def test_no_text_is_more_than_code(first: str, second: str, third: str) -> None:
    about = guardrail("a", title=first, why=second, refs=(third,), owner=first, place=Place(second, 1))
    waived = Waiver(match=9 * SNOWMAN + first, reason=second, owner=third, until=date(2026, 11, 22))
    seen = (
        Finding(key=first, message=second, at=Location(third, 1), hint=first),
        Unread(second, third),
        Evidence(third, 1, 1),
    )
    made = report(
        verdict(structs.replace(about, waivers=(waived,), id="b"), *seen),
        error(about, third),
        skip(about, first),
        verdict(about, seen[2]),
    )

    page = Page(structs.replace(made, run=structs.replace(made.run, base=Base(second, (third,)), folder=first)))

    assert set(page.tags) <= OURS
    assert SNOWMAN not in page.prose
    assert [{len(row) for row in table} for table in page.tables] == [{4}, {3}, {5}, {5}, {2}, {3}]
    assert [len(table) - 1 for table in page.tables] == [1, 2, 1, 2, 1, 1]


@pytest.mark.parametrize(
    "text",
    ["a|b", r"a\|b", r"a\\|b", "a`b", "`a``b`", "a\\", "<a>", "&amp;", "@team #12", "**a**", "a_b_c", "[a](b)", "||"],
)
def test_a_text_is_read_as_it_is_written(text: str) -> None:
    (blocks, *_) = Page(report(verdict(guardrail("a"), SOME, Finding(key="x", message=text)))).tables

    assert blocks[1][2] == text


@settings(deadline=None, max_examples=40)
@given(reports())
def test_every_report_is_tables_of_ours_and_no_larger_than_a_comment(generated: Report) -> None:
    page = Page(generated)

    assert set(page.tags) <= OURS
    assert len(render(generated).encode()) <= LIMIT
