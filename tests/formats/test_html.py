"""The `html` format, read back by an HTML parser: the outcome first, then what blocks, and why."""

import re
from typing import Any

import pytest
from msgspec import structs
from syrupy.assertion import SnapshotAssertion

from selfcheck.check import Evidence, Finding, Location
from selfcheck.formats.html import render
from selfcheck.formats.html.cards import BUDGET, FEWEST, LISTED, UNFOLDED
from selfcheck.guardrail import Place, Severity
from selfcheck.model import Base, By, Report, Ruling, Status
from tests.formats.pages import CIRCLE, acceptance, accepted, circle, having, lines, places, read, said, section
from tests.formats.reports import SOME, STARTED, compared, cycle, error, everything, guardrail, report, skip, verdict

# What it says.


def test_a_report_is_rendered_whole(snapshot: SnapshotAssertion) -> None:
    assert render(everything()) == snapshot


def test_a_comparison_is_rendered_whole(snapshot: SnapshotAssertion) -> None:
    body = re.search(r"<header>.*</footer>", render(compared()), re.DOTALL)

    assert body is not None
    assert body[0] == snapshot


@pytest.mark.parametrize(
    ("of", "headline", "sentence"),
    [
        (report(), "Passed", "Nothing was judged."),
        (report(verdict(guardrail("a"), SOME)), "Passed", "The only guardrail holds."),
        (report(verdict(guardrail("a"), SOME), verdict(guardrail("b"), SOME)), "Passed", "All 2 guardrails hold."),
        (
            report(verdict(guardrail("a"), SOME), verdict(guardrail("b", Severity.LOW), SOME, *lines(1))),
            "Passed",
            "Nothing blocks; 1 of 2 guardrails holds.",
        ),
        (report(skip(guardrail("a"), "no database")), "Passed", "Nothing blocks; 0 of 1 guardrail hold."),
        (report(verdict(guardrail("a"), SOME, *lines(1))), "Failed", "1 of 1 guardrail blocks."),
        (
            report(*(verdict(guardrail(name), SOME, *lines(1)) for name in "ab")),
            "Failed",
            "2 of 2 guardrails block.",
        ),
        (report(error(guardrail("a"), "crashed")), "Could not be judged", "1 of 1 guardrail could not be judged."),
        (
            report(error(guardrail("a"), "crashed"), verdict(guardrail("b"), SOME, *lines(1))),
            "Could not be judged",
            "1 of 2 guardrails could not be judged, and 1 blocks.",
        ),
        (
            report(verdict(guardrail("a"), SOME), stopped=130),
            "Could not be judged",
            "Interrupted: this report is not complete.",
        ),
    ],
)
def test_the_outcome_stands_first_and_one_sentence_says_why(of: Report, headline: str, sentence: str) -> None:
    page = read(of)

    [lead] = having(page, kind="lead")
    assert [said(each) for each in page.iter("h1")] == [headline]
    assert said(lead) == sentence
    assert [said(each) for each in page.iter("title")] == [f"{headline} · selfcheck"]


def test_what_blocks_stands_first_and_skips_last() -> None:
    heads = [said(each) for each in read(everything()).iter("h2")]

    assert heads == [
        *("What blocks 1", "Could not be judged 3", "What only warns 2"),
        *("Accepted 3", "Kept 2", "Skipped 1"),
    ]


def test_what_blocks_stands_first_among_what_could_not_be_judged() -> None:
    first = error(guardrail("warns", Severity.LOW), "timed out")
    second = error(guardrail("blocks"), "crashed")

    cards = having(section(read(report(first, second)), "unjudged"), kind="card")

    assert [card.get("data-id") for card in cards] == ["blocks", "warns"]


def test_the_way_to_each_section_leads_to_it_and_tells_its_number() -> None:
    page = read(compared())

    [nav] = page.iter("nav")
    ways = [(each.get("href"), said(each)) for each in nav.iter("a")]
    assert ways == [
        ("#blocks", "2 blocking"),
        ("#accepted", "4 accepted"),
        ("#fixed", "2 fixed"),
        ("#passed", "1 kept"),
    ]
    assert all(section(page, str(href)[1:]) is not None for href, _ in ways)


def test_what_is_known_of_the_run_is_told() -> None:
    run = structs.replace(
        report().run, base=Base("origin/main", ("a" * 40, "b" * 40)), folder="services/shop", started=STARTED
    )

    [told] = having(read(structs.replace(report(), run=run)), kind="run")

    assert [said(each) for each in told] == [
        "Revision 9f2c0e9f2c0e",
        "Compared with origin/main aaaaaaaaaaaa bbbbbbbbbbbb",
        "Folder services/shop",
        "Judged 2026-11-21 02:00 UTC, in 0.41 s",
    ]


def test_what_is_not_known_of_the_run_is_left_out() -> None:
    [told] = having(read(structs.replace(report(), run=structs.replace(report().run, revision=None))), kind="run")

    assert [said(each) for each in told] == ["Judged 2026-11-21 02:00 UTC, in 0.41 s"]


def test_a_guardrail_says_why_what_to_do_whom_to_ask_and_where_it_is_written() -> None:
    promise = guardrail("a", refs=("ADR-0004",), owner="@platform", tags=("imports",), place=Place("rules.yaml", 3))
    hinted = Finding(key="x", message="is odd", at=Location("a.py", 1), hint="split it")

    [about] = having(read(report(verdict(promise, SOME, hinted))), kind="about")

    assert [said(each) for each in about] == [
        f"Why {promise.why}",
        "Do split it",
        "Ask @platform",
        "See ADR-0004",
        "Tags imports",
        "Rule rules.yaml:3 by max-lines, which looked at 1,234 files",
    ]


def test_findings_that_differ_in_what_to_do_say_it_each() -> None:
    hinted = (Finding(key=name, message=name, hint=f"do {name}") for name in "ab")

    rows = having(read(report(verdict(guardrail("a"), SOME, *hinted))), kind="row")

    assert [said(each) for each in rows] == ["a Do: do a", "b Do: do b"]


def test_what_all_findings_say_is_said_once() -> None:
    same = (Finding(key=f"{n}", message="must not be there", at=Location(f"{n}.py", 1)) for n in range(3))

    page = read(report(verdict(guardrail("a"), SOME, *same)))

    assert said(page).count("must not be there") == 1
    assert [said(each) for each in having(page, kind="row")] == ["0.py:1", "1.py:1", "2.py:1"]


def test_a_finding_alone_says_itself_what_it_is() -> None:
    [row] = having(read(report(verdict(guardrail("a"), SOME, *lines(1)))), kind="row")

    assert said(row) == "src/m1.py:1 1 is odd"


def test_growth_stands_with_its_finding() -> None:
    page = read(compared())

    assert [said(each) for each in having(page, kind="growth")] == [
        "Worse than before: grew by backend.c",
        "Worse than before: 2,300, accepted at 2,298",
    ]


def test_a_pass_tells_its_evidence_and_a_skip_its_reason() -> None:
    page = read(
        report(verdict(guardrail("a"), SOME, Evidence("imports", 9, 3)), skip(guardrail("b"), "needs a database"))
    )

    assert "1,234 files, 3 of 9 imports" in said(section(page, "passed"))
    assert "needs a database" in said(section(page, "skipped"))


def test_the_output_of_a_program_is_kept_line_by_line() -> None:
    found = Finding(key="exit status", message="exit status 1", data={"output": "one\n\x1b[31mtwo\r\nthree"})

    [pre] = read(report(verdict(guardrail("a"), SOME, found))).iter("pre")

    assert pre.text == "one\n\\x1b[31mtwo\nthree"


# Accepted findings.


def test_findings_that_are_accepted_alike_stand_below_one_reason() -> None:
    page = read(
        report(
            accepted(
                None,
                acceptance(By.BASELINE, line=1),
                acceptance(By.BASELINE, line=2),
                acceptance(By.COMMENT, days=99),
                acceptance(By.APPROVAL, reason="reviewed"),
            )
        )
    )

    groups = having(section(page, "accepted"), kind="rows")
    assert [([said(each) for each in having(group, kind="exempt")], places(group)) for group in groups] == [
        (["Existing: the base has it too"], ["src/m1.py:1"]),
        (["Baseline: the split lands in July"], ["src/m2.py:2", "src/m3.py:3"]),
        (["Comment in the code: the split lands in July"], ["src/m4.py:4"]),
        (["Approval: reviewed"], ["src/m5.py:5"]),
    ]


def test_the_terms_of_an_exception_are_told() -> None:
    page = read(report(accepted(acceptance(days=99))))

    [terms] = having(page, kind="terms")
    assert said(terms) == "until 2027-02-28 owner @li matches src/* written in guardrails/house.yaml:9"


def test_several_exceptions_for_one_reason_name_their_file() -> None:
    page = read(report(accepted(*(acceptance(By.BASELINE, line=line, owner=None) for line in (1, 2)))))

    [terms] = having(page, kind="terms")
    assert said(terms) == "written in guardrails/house.yaml"


@pytest.mark.parametrize(
    ("days", "flag"),
    [
        (15, []),
        (14, ["ends in 14 days"]),
        (1, ["ends in 1 day"]),
        (0, ["ends today"]),
        (-1, ["no longer in force", "ended 1 day ago"]),
        (-1000, ["no longer in force", "ended 1,000 days ago"]),
        (None, []),
    ],
)
def test_an_exception_that_ends_within_14_days_or_has_ended_is_marked(days: int | None, flag: list[str]) -> None:
    each = acceptance(days=days, covered=1)
    judged = accepted(written=(each,)) if days is not None and days < 0 else accepted(each, written=(each,))

    page = read(report(judged))

    [terms] = having(page, kind="terms")
    notice = [said(found) for found in having(page, kind="notice")]
    assert [said(found) for found in having(terms, kind="flag")] == flag
    assert notice == (["1 exception ends within 14 days, or has ended."] if flag else [])


def test_the_head_of_a_folded_guardrail_tells_that_exceptions_end() -> None:
    one = read(report(accepted(acceptance(days=3))))
    two = read(report(accepted(acceptance(days=3), acceptance(days=4))))

    assert "ends in 3 days" in said(having(one, kind="facts")[0])
    assert "2 end soon or have ended" in said(having(two, kind="facts")[0])


@pytest.mark.parametrize(("covered", "state"), [(0, "covers nothing"), (2, "covers 2 and accepts none")])
def test_an_exception_that_accepts_nothing_says_so(covered: int, state: str) -> None:
    page = read(report(accepted(written=(acceptance(covered=covered),))))

    assert [said(each) for each in having(page, kind="flag")] == [state]


def test_an_exception_that_accepts_something_is_not_told_again() -> None:
    used = acceptance()

    page = read(report(accepted(used, written=(structs.replace(used, covered=1),))))

    assert len(having(page, kind="exempt")) == 1


# Imports.


def test_a_circle_is_an_ordered_list_of_its_imports() -> None:
    page = circle()

    [listed] = page.iter("ol")
    assert listed.get("aria-label") == "The circle"
    assert [said(each) for each in listed] == [
        "shop.orders → shop.prices shop/orders.py:2",
        "shop.prices → shop.orders shop/prices.py:1",
    ]


def test_the_message_stops_where_the_list_begins() -> None:
    [message] = having(circle(), kind="message")

    assert said(message) == "2 modules import each other in a circle, the shortest:"


@pytest.mark.parametrize("key", ["chain", "imports"])
def test_a_chain_of_imports_is_an_ordered_list(key: str) -> None:
    assert len(list(circle({key: CIRCLE}).iter("li"))) - len(list(circle({}).iter("li"))) == 2


@pytest.mark.parametrize(("count", "folded", "more"), [(6, 0, []), (7, 1, []), (42, 1, ["and 2 more"])])
def test_a_long_chain_is_folded_and_a_very_long_one_cut(count: int, folded: int, more: list[str]) -> None:
    page = circle({"chain": CIRCLE[:1] * count})

    assert len(having(page, kind="inner")) == folded
    assert [said(each) for each in having(page, kind="more")] == more


@pytest.mark.parametrize(
    "data",
    [
        {"cycle": []},
        {"cycle": "shop"},
        {"cycle": {"importer": "a"}},
        {"cycle": [{"importer": "a"}]},
        {"cycle": [{**CIRCLE[0], "line": "2"}]},
        {"cycle": [{**CIRCLE[0], "line": True}]},
        {"cycle": [CIRCLE[0], None]},
        {"imports": 3, "chain": None},
    ],
)
def test_data_of_another_shape_is_no_list_of_imports(data: dict[str, Any]) -> None:
    assert list(circle(data).iter("ol")) == []


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("from shop import prices", "from shop import prices"),
        ("    import shop.prices as p, os  # later", "import shop.prices as p, os"),
        ("from . import prices", "from . import prices"),
        ("from ..shop.prices import *", "from ..shop.prices import *"),
        ("from shop import (\n    prices,  # each\n    taxes,\n)\nKEY = 1", "from shop import (prices, taxes)"),
        ("from shop import ( prices, taxes )", "from shop import (prices, taxes)"),
        ("from shop import prices, \\\n    taxes", "from shop import prices, taxes"),
        (f"import {'a' * 200}", f"import {'a' * 112}…"),
    ],
)
def test_an_import_is_shown_by_its_statement(source: str, shown: str) -> None:
    page = circle(sources={"shop/orders.py": f"import os\n{source}\n".encode()})

    assert [said(each) for each in having(page, kind="statement")] == [shown]


@pytest.mark.parametrize(
    "source",
    [
        'KEY = "sk_live_4242"',
        'import os; KEY = "sk_live_4242"',
        'importlib.import_module("sk_live_4242")',
        'from shop import prices if KEY == "sk_live_4242" else taxes',
        "from shop import (",
        "from shop import (\n" + "    a,\n" * 99 + ")",
        "",
    ],
)
def test_what_is_no_import_statement_alone_is_never_shown(source: str) -> None:
    """A page is handed around; no literal of the judged repository gets into it, for it may be a secret."""
    page = circle(sources={"shop/orders.py": f"import os\n{source}".encode()})

    assert having(page, kind="statement") == []
    assert "sk_live_4242" not in said(page)


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\x00", b"import os\nfrom shop import prices\n" * 99_999])
def test_a_source_that_cannot_be_read_is_not_shown(content: bytes | None) -> None:
    page = circle(sources={} if content is None else {"shop/orders.py": content})

    assert having(page, kind="statement") == []


@pytest.mark.parametrize("line", [0, -1, 3, 10**12])
def test_a_line_that_is_not_there_is_not_shown(line: int) -> None:
    page = circle({"cycle": [{**CIRCLE[0], "line": line}]}, {"shop/orders.py": b"import os\nimport shop\n"})

    assert having(page, kind="statement") == []


@pytest.mark.parametrize(
    ("about", "data"), [({"tags": ("security",)}, {}), ({"tags": ("Secrets",)}, {}), ({}, {"redacted": True})]
)
def test_nothing_is_quoted_of_what_may_be_a_secret(about: dict[str, Any], data: dict[str, Any]) -> None:
    sources = {"shop/orders.py": b"import os\nfrom shop import prices\n"}

    page = circle({"cycle": CIRCLE, "output": "sk_live_4242", **data}, sources, **about)

    assert having(page, kind="statement") == []
    assert "sk_live_4242" not in said(page)


def test_a_source_is_read_once() -> None:
    asked: list[str] = []
    of = report(verdict(guardrail("a"), SOME, *(structs.replace(cycle(a, "b"), data={"cycle": CIRCLE}) for a in "xyz")))

    render(structs.replace(of, source=asked.append))

    assert asked == ["shop/orders.py", "shop/prices.py"]


def test_what_is_gone_is_not_shown_by_the_sources_of_today() -> None:
    gone = Ruling(structs.replace(cycle("a", "b"), data={"cycle": CIRCLE}), Status.FIXED, "f")
    of = report(structs.replace(verdict(guardrail("a"), SOME), fixed=(gone,)))

    page = read(structs.replace(of, source={"shop/orders.py": b"\nimport shop.prices"}.get))

    assert len(list(section(page, "fixed").iter("ol"))) == 1
    assert having(page, kind="statement") == []


# Many findings.


def test_many_findings_are_folded_and_very_many_are_left_out() -> None:
    page = read(report(verdict(guardrail("a"), SOME, *lines(20_000))))

    [fold] = having(page, kind="fold")
    assert (len(having(page, kind="row")), len(having(fold, kind="row"))) == (LISTED, LISTED - UNFOLDED)
    assert [said(each) for each in having(page, kind="more")] == [
        "19,500 more are not in this page. selfcheck run --format json=report.json lists all."
    ]
    [footer] = page.iter("footer")
    assert said(footer).startswith("19,500 findings are not in this page; ")


@pytest.mark.parametrize(("cards", "each"), [(10, LISTED), (11, 454), (100, 50), (400, FEWEST)])
def test_many_guardrails_share_the_room(cards: int, each: int) -> None:
    found = tuple(lines(each + 1))
    verdicts = (verdict(guardrail(f"g{n}"), SOME, *found) for n in range(cards))

    text = render(report(*verdicts))

    assert text.count('<li class="row"') == cards * each
    assert cards * each <= max(BUDGET, cards * FEWEST)


def test_a_page_of_very_many_findings_stays_small() -> None:
    assert len(render(report(verdict(guardrail("a"), SOME, *lines(20_000))))) < 300_000


def test_accepted_findings_share_the_room_of_their_guardrail() -> None:
    several = (acceptance(By.BASELINE, reason=f"{n // 300}") for n in range(900))

    page = read(report(accepted(*several)))

    groups = having(page, kind="rows")
    assert [len(having(group, kind="row")) for group in groups] == [300, 200, 0]
    assert [said(each).split()[0] for each in having(page, kind="more")] == ["100", "300"]


def test_very_many_exceptions_that_accept_nothing_are_left_out() -> None:
    page = read(report(accepted(written=tuple(acceptance(line=line) for line in range(1, LISTED + 3)))))

    assert len(having(page, kind="exempt")) == LISTED
    assert [said(each) for each in having(page, kind="more")] == [
        "2 more exceptions accept nothing. selfcheck run --format json=report.json lists all."
    ]


def test_what_is_accepted_or_fixed_asks_for_nothing() -> None:
    page = read(compared())

    assert having(section(page, "accepted"), kind="hint") + having(section(page, "fixed"), kind="hint") == []
