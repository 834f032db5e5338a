"""A folder that is out to mislead a reader: marks, ends of lines, pictures, code, comments, links with blanks, twice a number."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfcheck.checks.decisions.age import AdrAge
from selfcheck.checks.decisions.claims import AdrClaims
from selfcheck.checks.decisions.done import AdrDone
from selfcheck.checks.decisions.links import AdrLinks
from selfcheck.checks.decisions.lint import AdrLint
from selfcheck.checks.decisions.supersede import AdrSupersede
from selfcheck.errors import Unreadable
from selfcheck.model import Outcome
from selfcheck.subjects.decisions import Status, Verb
from selfcheck.subjects.decisions.extract import markdown
from selfcheck.testing import assert_breaks, judged, memory
from tests.decisions.houses import BODY
from tests.decisions.reading import decisions, document, one


def test_a_byte_order_mark_and_carriage_returns_change_nothing() -> None:
    text = f"---\nstatus: accepted\n---\n# 1. One shop\n\n{BODY}"

    plain, marked = one(text), one(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())

    assert (marked.status, marked.title, marked.document.sections) == (
        plain.status,
        plain.title,
        plain.document.sections,
    )


def test_a_carriage_return_alone_ends_a_line() -> None:
    assert one(b"# 1. One shop\r\r## Status\r\rRejected\r").status is Status.REJECTED


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("✅ Accepted", Status.ACCEPTED),
        ("✅", Status.ACCEPTED),
        ("❌", Status.REJECTED),
        ("🤔 Proposed", Status.PROPOSED),
        ("⌛️ Superseded", Status.SUPERSEDED),
        ("⌛ ~~Accepted~~ Superseded", Status.SUPERSEDED),
        ("**ACCEPTED**", Status.ACCEPTED),
        ("`accepted`", Status.ACCEPTED),
        ("Accepted-provisional", Status.ACCEPTED),
        ("Partially Accepted", Status.ACCEPTED),
        ("Partly superseded by ADR-7", Status.PARTLY),
        ("superseded in part by ADR-7", Status.PARTLY),
        ("[superseded](0002-x.md)", Status.SUPERSEDED),
        ("Rejected in favour of ADR 111", Status.REJECTED),
        ("Implemented (moved elsewhere)", Status.IMPLEMENTED),
        ("Accepted: tracked at [#1](https://example.org)", Status.ACCEPTED),
        ("Declined", Status.REJECTED),
        ("{Deprecated|Proposed|Accepted}", None),
        ("Proposed | Accepted | Rejected | Superseded by ADR-XXX", None),
        ("The two points above have been accepted", None),
        ("unaccepted", None),
        ("", None),
    ],
)
def test_the_first_words_of_a_status_decide_or_its_picture(said: str, status: Status | None) -> None:
    assert one(f"# 1. One shop\n\n## Status\n\n{said}\n\n{BODY}").status is status


def test_words_of_a_house_are_known_where_it_says_so() -> None:
    (found,) = decisions({"docs/adr/0001-a.md": "# 1. A\n\n## Status\n\nOn Ice since May\n"}, **{"on ice": "draft"}).all

    assert found.status is Status.DRAFT


def test_what_stands_in_code_comments_and_quotes_is_no_status() -> None:
    hidden = "```markdown\n## Status\n\nRejected\n```\n\n<!--\n## Status\n\nRejected\n```\n-->\n\n    ## Status\n\n> ## Status\n"

    found = one(f"# 1. One shop\n\n{hidden}\n## Status\n\n> A decision may be rejected.\n\nAccepted\n\n{BODY}")

    assert [(said.text, said.line) for said, _ in found.readings] == [("Accepted", 24)]


def test_a_fence_that_is_longer_holds_shorter_ones_and_one_that_is_open_goes_on_to_the_end() -> None:
    found = document("# A\n\n````\n```\n## Status\n```\n````\n\n## Context\n\n~~~\n## Status\n")

    assert [each.plain for each in found.sections] == ["a", "context"]


def test_titles_that_are_underlined_are_headings_in_both_languages() -> None:
    text = "One shop\n========\n\nStatus\n------\n\nAccepted\n"

    assert [document(text).sections, document(text).title] == [document(text, rst=True).sections, "One shop"]


def test_front_matter_that_yaml_refuses_is_read() -> None:
    text = '---\nstatus: Accepted: since may\ntitle: {braces | bars}\nsupersedes: [ADR-7](0007-x.md)\ndate: "2026-01-10"\n---\n# One shop\n'

    found = one(text)

    assert (found.status, str(found.day)) == (Status.ACCEPTED, "2026-01-10")
    assert [(each.verb, each.number) for each in found.document.relations] == [(Verb.SUPERSEDES, 7)]


def test_a_key_that_stands_twice_is_told_with_both_values() -> None:
    repo = memory({"docs/adr/0001-a.md": f"---\nstatus: accepted\nstatus: rejected\n---\n# A\n\n{BODY}"})

    (finding,) = assert_breaks(AdrLint(), repo, "docs/adr/0001-a.md: statuses")

    assert finding.message == "ADR-0001: says several statuses: accepted at line 2, rejected at line 3"


def test_a_number_that_two_have_is_one_finding_that_names_both() -> None:
    text = f"## Status\n\nAccepted\n\n{BODY}"
    repo = memory({"docs/adr/0001-a.md": f"# 1. A\n\n{text}", "docs/adr/archive/0001-b.md": f"# 1. B\n\n{text}"})

    (finding,) = assert_breaks(AdrLint(), repo, "docs/adr number 1")

    assert finding.parts == ("docs/adr/0001-a.md", "docs/adr/archive/0001-b.md")


def test_a_year_is_no_number_and_a_version_is_none() -> None:
    found = decisions({"docs/adr/2023-01-02-a.md": "# A\n", "docs/adr/20230103-b.md": "# 3 tiers\n"}).all

    assert [(each.id, each.number) for each in found] == [("2023-01-02-a", None), ("20230103-b", None)]


def test_a_link_with_blanks_leads_where_a_person_would_go() -> None:
    text = f"# 1. A\n\n## Status\n\nAccepted\n\n[b](<my file.md>) [c](my%20file.md) [d](my file.md) [e](my_(file).md)\n\n{BODY}"
    repo = memory({"docs/adr/0001-a.md": text, "docs/adr/my file.md": "", "docs/adr/my_(file).md": ""})

    assert judged(AdrLinks(), repo).outcome is Outcome.PASS


def test_templates_and_indexes_are_no_decisions_but_one_about_templates_is() -> None:
    names = [
        "template.md",
        "adr-template.md",
        "0000-template.md",
        "README.md",
        "index.md",
        "0007-use-a-template.md",
        "_x.md",
    ]

    found = decisions({f"docs/adr/{name}": f"# A\n\n{BODY}" for name in names}).all

    assert [each.path for each in found] == ["docs/adr/0007-use-a-template.md"]


def test_what_cannot_be_read_is_named_and_not_passed_over() -> None:
    repo = memory(
        {"docs/adr/0001-a.md": b"# \xff\xfe\x80", "docs/adr/0002-b.md": f"# 2. B\n\n## Status\n\nAccepted\n\n{BODY}"}
    )

    verdict = judged(AdrLint(), repo)

    assert (verdict.outcome, [each.seen.path for each in verdict.unread]) == (Outcome.ERROR, ["docs/adr/0001-a.md"])


def test_no_decision_at_all_is_no_pass() -> None:
    assert judged(AdrLint(), memory({"a.md": "# A\n"})).outcome is Outcome.ERROR


def test_a_folder_that_is_configured_and_gone_is_no_pass() -> None:
    repo = memory({"docs/adr/0001-a.md": f"# 1. A\n\n## Status\n\nAccepted\n\n{BODY}"})

    assert judged(AdrLint(folders=("docs/decided",)), repo).outcome is Outcome.ERROR


@pytest.mark.parametrize(
    "pattern",
    [
        "[",
        "](",
        "`",
        "<!--",
        "# #",
        "superseded by ",
        "{",
        "| ",
        "**a**: ",
        "@a/",
        "<a id=",
        "ADR-1 ",
        "- [ ] ",
        "~~",
        "status: [",
    ],
)
def test_hostile_lines_take_a_time_that_grows_with_their_length_alone(pattern: str) -> None:
    text = f"# A\n\n## Status\n\n{pattern * (200_000 // len(pattern))}\n".encode()

    begun = time.process_time()
    markdown(text)

    assert time.process_time() - begun < 4


def test_a_document_that_nobody_writes_is_refused() -> None:
    with pytest.raises(Unreadable, match="more than 2,000,000 characters"):
        markdown(b"a" * 2_000_001)


def test_a_thousand_decisions_are_read_in_two_seconds() -> None:
    filler = "\n".join(f"- point {number}, see [the other](0001-a.md#context)" for number in range(30))
    files = {
        f"docs/adr/{number:04}-a.md": f"# {number}. A\n\nDate: 2026-01-10\n\n## Status\n\nAccepted\n\n{BODY}\n{filler}\n"
        for number in range(1, 1001)
    }

    begun = time.process_time()
    found = decisions(files)

    assert (len(found.all), time.process_time() - begun < 2) == (1000, True)


PIECES = st.sampled_from(
    [
        *(
            "---\n",
            "status: ",
            "accepted\n",
            "# ",
            "## Status\n",
            "\n\n",
            "| a | Status |\n",
            "|---|---|\n",
            "* Status: ",
        ),
        *(
            "Superseded by ",
            "[x](",
            "0002-a.md",
            ")",
            "ADR-2",
            "<!--",
            "-->",
            "```\n",
            "**Date:** ",
            "2026-13-40",
            "\r\n",
        ),
        *(
            "| Claim | Verified |\n",
            "- [ ] ",
            "**Current level**: L9",
            "\ufeff",
            "\x00",
            "\u2028",
            "=====\n",
            "in part ",
            "`",
            "@a/b.c",
        ),
        *(
            "attested by @x on 2026-99-99 at abcdef1",
            "{",
            "}",
            "[",
            "]",
            "~~",
            "✅",
            "#### Alternative 1: ",
            "## Definition of Done\n",
        ),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join))
def test_whatever_stands_in_a_document_is_read_or_refused(text: str) -> None:
    repo = memory(
        {"docs/adr/0001-a.md": text.encode("utf-8", "surrogatepass"), "docs/adr/0002-a.md": f"# 2. A\n\n{BODY}"}
    )

    reasons = [
        judged(check, repo).reason or ""
        for check in (AdrLint(), AdrLinks(), AdrSupersede(), AdrDone(), AdrClaims(), AdrAge())
    ]

    assert [each for each in reasons if "crashed" in each] == []
