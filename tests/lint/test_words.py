"""`rulebook-complete`, `rulebook-deadlines` and `rulebook-refs`: what a guardrail says, until when, and what it refers to."""

from datetime import timedelta

import pytest

from selfcheck.check import Evidence, Finding, Location
from selfcheck.checks.rulebook.complete import Required, RulebookComplete
from selfcheck.checks.rulebook.deadlines import RulebookDeadlines
from selfcheck.checks.rulebook.refs import RulebookRefs
from selfcheck.testing import TODAY, assert_breaks, assert_keeps
from tests.lint.under import under

EXIST = "check: {use: files-exist, paths: [LICENSE]}"
ALL = RulebookComplete(require=tuple(Required))
FULL = f'{EXIST}\nrefs: [docs/audit.md]\ntags: [a]\ncanaries: [{{delete: LICENSE}}]\nowner: "@shop"'


def after(days: int) -> str:
    """A day so many days after that of the run."""
    return (TODAY + timedelta(days=days)).isoformat()


def pending(until: str, *more: str) -> str:
    """A guardrail that is pending until a day."""
    return "\n".join((EXIST, f"pending: {{until: '{until}', reason: the split}}", *more))


def test_a_guardrail_with_all_that_is_required_keeps_the_promise() -> None:
    verdict = assert_keeps(ALL, under(FULL))

    assert verdict.evidence == (Evidence("guardrails", 1, 1),)


def test_each_required_key_that_is_missing_is_told_at_the_guardrail() -> None:
    keys = [f"g1: no {key}" for key in ("canaries", "owner", "refs", "tags")]

    findings = assert_breaks(ALL, under(f"{EXIST}\nowner: null"), *keys)

    assert findings[1] == Finding(
        key="g1: no owner",
        message="g1: has no `owner`, which this house requires",
        at=Location("guardrails.yaml", 3),
        hint="give it `owner`",
        data={"guardrail": "g1"},
    )


@pytest.mark.parametrize("why", ["TODO", "tbd.", "'???'", "'-'", "Fix me!", "xxx", "'<placeholder>'", "N/A"])
def test_a_placeholder_is_no_reason(why: str) -> None:
    assert_breaks(RulebookComplete(), under(f"{EXIST}\nwhy: {why}"), "g1: why")


@pytest.mark.parametrize("why", ["The shop, is WELL!", "g1"])
def test_a_reason_that_repeats_the_title_or_the_id_is_none(why: str) -> None:
    assert_breaks(RulebookComplete(), under(f"{EXIST}\nwhy: '{why}'"), "g1: why")


@pytest.mark.parametrize("why", ["A todo is never done.", "None of us is a lawyer.", "It is law.", "无许可证不得使用"])
def test_a_reason_that_only_begins_like_a_placeholder_is_one(why: str) -> None:
    assert_keeps(RulebookComplete(), under(f"{EXIST}\nwhy: {why}"))


@pytest.mark.parametrize("days", [0, 1, 366])
def test_what_ends_today_or_within_a_year_is_in_sight(days: int) -> None:
    waiver = f"waivers: [{{match: a, reason: sold, owner: '@li', until: '{after(days)}'}}]"

    assert_keeps(RulebookDeadlines(), under(pending(after(days), waiver)))


@pytest.mark.parametrize("until", [after(-1), after(367), "9999-12-31", "0001-01-01"])
def test_what_is_over_or_has_no_end_in_sight_is_found(until: str) -> None:
    assert_breaks(RulebookDeadlines(), under(pending(until)), "g1: pending")


def test_a_waiver_beyond_the_days_of_the_house_is_told_at_the_waiver() -> None:
    body = f"{EXIST}\nwaivers: [{{match: a.b, reason: sold, owner: '@li', until: '{after(31)}'}}]"

    (finding,) = assert_breaks(RulebookDeadlines(days=30), under(body), "g1: waiver a.b")

    assert finding == Finding(
        key="g1: waiver a.b",
        message=f"g1: the waiver for a.b lasts until {after(31)}, more than 30 days",
        at=Location("guardrails.yaml", 9),
        hint="a date that nobody here will see is no end; name the day by which it can be done",
        data={"guardrail": "g1", "until": after(31)},
    )


def test_what_only_warns_puts_nothing_off() -> None:
    assert_breaks(RulebookDeadlines(), under(pending(after(9), "enforce: warn")), "g1: pending")


def test_references_that_lead_somewhere_keep_the_promise() -> None:
    refs = "refs: [ADR-1, adr 0001, docs/audit.md#findings, 'docs/audit.md:1', docs, 'https://a.org/x.md']"

    verdict = assert_keeps(RulebookRefs(), under(f"{EXIST}\n{refs}"))

    assert verdict.evidence == (
        Evidence("guardrails", 1, 1),
        Evidence("references, those to this repository", 6, 4),
    )


def test_a_reference_that_leads_nowhere_is_told_at_its_line() -> None:
    (finding,) = assert_breaks(RulebookRefs(), under(f"{EXIST}\nrefs:\n  - ADR-1\n  - docs/a.md"), "g1: docs/a.md")

    assert finding == Finding(
        key="g1: docs/a.md",
        message="g1: refers to docs/a.md: no such file or folder",
        at=Location("guardrails.yaml", 11),
        hint="mend the reference, or take it out",
        data={"guardrail": "g1", "ref": "docs/a.md"},
    )


@pytest.mark.parametrize(
    "ref", ["ADR-2", "adr-0010", "ADR 11", "shop/gone.py:12", "docs/adr/0002-two-shops.md", "x.md"]
)
def test_each_way_to_refer_to_what_is_gone_is_found(ref: str) -> None:
    assert_breaks(RulebookRefs(), under(f"{EXIST}\nrefs: ['{ref}']"), f"g1: {ref}")


@pytest.mark.parametrize(
    "ref",
    ["#12", "shop!7", "JIRA-4", "RFC 2119", "../other/a.md", "wiki.org/a", "@li", "PEP8", "adr", "~/a.md", "/a.md"],
)
def test_what_may_stand_elsewhere_is_nobodys_to_judge(ref: str) -> None:
    assert_keeps(RulebookRefs(), under(f"{EXIST}\nrefs: ['{ref}']"))


def test_a_decision_may_be_a_title_within_a_document() -> None:
    repo = under(f"{EXIST}\nrefs: [ADR-12]", files={"docs/all.md": "# All\n\n## ADR-0012: two shops\n"})

    assert_keeps(RulebookRefs(), repo)
