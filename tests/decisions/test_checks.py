"""The checks of decisions, each kept, broken, nearly broken, and able to fail."""

from collections.abc import Mapping
from datetime import date

import pytest
from msgspec import structs

from selfcheck.check import Case, Check, Repository
from selfcheck.checks.decisions.age import AdrAge
from selfcheck.checks.decisions.citations import AdrCitations
from selfcheck.checks.decisions.claims import AdrClaims
from selfcheck.checks.decisions.done import AdrDone
from selfcheck.checks.decisions.enforced import AdrEnforced
from selfcheck.checks.decisions.index import AdrIndex
from selfcheck.checks.decisions.links import AdrLinks
from selfcheck.checks.decisions.lint import AdrLint, Recorded
from selfcheck.checks.decisions.supersede import AdrSupersede
from selfcheck.guardrail import Enabled
from selfcheck.model import Evidence, Location, Outcome
from selfcheck.testing import assert_breaks, assert_keeps, guardrail, judged, memory
from tests.decisions.houses import BODY, HOUSES, NYGARD, PHASED, phased

ADR = "docs/adr"


def adr(number: int, status: str = "Accepted", more: str = "", body: str = BODY) -> dict[str, str]:
    """One decision, by its number."""
    return {f"{ADR}/{number:04}-a.md": f"# {number}. A\n\n## Status\n\n{status}\n\n{more}\n{body}"}


def under(repo: Repository, check: Check, *refs: str) -> Repository:
    """The repository, its rulebook one guardrail that refers to these."""
    return repo.under([Case(structs.replace(guardrail(), refs=refs), check)])


# adr-lint


def test_a_missing_status_is_told_of_the_few_and_never_of_the_many() -> None:
    said = {**adr(1), **adr(2)}
    silent = f"# 3. A\n\n{BODY}"

    assert_breaks(AdrLint(), memory({**said, f"{ADR}/0003-a.md": silent}), f"{ADR}/0003-a.md: no status")
    verdict = assert_keeps(
        AdrLint(), memory({f"{ADR}/000{number}-a.md": f"# {number}. A\n\n{BODY}" for number in (1, 2, 3)})
    )
    what = f"decisions in {ADR} that say a status, which is no custom there"
    assert verdict.evidence == (Evidence("decisions", 3, 3), Evidence(what, 3, 0))


def test_what_is_asked_for_by_records_is_asked_of_all() -> None:
    check = AdrLint(records=(Recorded.DATE, Recorded.DECIDERS))

    assert_breaks(check, memory(adr(1)), f"{ADR}/0001-a.md: no date", f"{ADR}/0001-a.md: no deciders")


def test_the_number_of_a_file_and_that_of_its_title_are_one() -> None:
    repo = memory({f"{ADR}/0001-a.md": f"# ADR-0002: A\n\n## Status\n\nAccepted\n\n{BODY}"})

    (finding,) = assert_breaks(AdrLint(), repo, f"{ADR}/0001-a.md: number")

    assert (finding.message, finding.at) == (
        "ADR-0001: its title or its fields call it ADR-0002, its file 0001",
        Location(f"{ADR}/0001-a.md", 1),
    )


def test_the_title_may_have_no_number_or_a_year() -> None:
    repo = memory({f"{ADR}/0001-a.md": f"# 2026 plans\n\n## Status\n\nAccepted\n\n{BODY}"})

    assert judged(AdrLint(), repo).outcome is Outcome.PASS


def test_a_section_that_the_others_have_is_asked_for_and_one_that_is_empty_too() -> None:
    bare = {f"{ADR}/0011-a.md": "# 11. A\n\n## Status\n\nAccepted\n\n## Context\n\nx\n\n## Decision\n\n<!-- x -->\n"}
    others = {path: text for number in range(1, 11) for path, text in adr(number).items()}

    assert_breaks(AdrLint(), memory({**others, **bare}), f"{ADR}/0011-a.md: consequences", f"{ADR}/0011-a.md: decision")


def test_text_of_a_template_is_told_of_what_is_accepted_with_how_much_there_is() -> None:
    left = "## Context\n\n[Describe the context]\n\n## Decision\n\nx `{a, b}` [link] [x]\n\n## Consequences\n\n* {good one}\n"

    keys = (f"{ADR}/0001-a.md: {each}" for each in ("context", "template", "consequences"))

    _, finding, _ = assert_breaks(AdrLint(), memory(adr(1, body=left)), *keys)

    assert (finding.amount, finding.data["lines"]) == (2, [10, 18])
    assert judged(AdrLint(), memory(adr(1, "Proposed", body=left))).outcome is Outcome.PASS


@pytest.mark.parametrize("day", ["2026-02-30", "YYYY-MM-DD", "{YYYY-MM-DD when this was decided}"])
def test_a_date_that_is_no_day_is_told(day: str) -> None:
    repo = memory({f"{ADR}/0001-a.md": f"# 1. A\n\nDate: {day}\n\n## Status\n\nAccepted\n\n{BODY}"})

    assert f"{ADR}/0001-a.md: date" in {each.seen.key for each in judged(AdrLint(), repo).findings}


@pytest.mark.parametrize("day", ["10 January 2026", "Jan 10, 2026", "2026/1/10", "soon"])
def test_a_date_in_words_is_left_to_people(day: str) -> None:
    repo = memory({f"{ADR}/0001-a.md": f"# 1. A\n\nDate: {day}\n\n## Status\n\nAccepted\n\n{BODY}"})

    assert judged(AdrLint(), repo).outcome is Outcome.PASS


# adr-links


def test_a_link_that_leads_nowhere_says_what_may_be_meant() -> None:
    repo = memory({**adr(1, more="[b](0002-old.md) [c](../../src/gone.py)"), **adr(2)})

    findings = assert_breaks(
        AdrLinks(), repo, f"{ADR}/0001-a.md: link ../../src/gone.py", f"{ADR}/0001-a.md: link 0002-old.md"
    )

    assert [each.hint for each in findings] == ["mend it, or take it out", f"{ADR}/0002-a.md may be meant"]


def test_links_out_of_the_repository_and_to_people_are_not_judged() -> None:
    more = (
        "[a](https://x.y/z) [b](//x) [c](@li) [d](li@x.y) [e](/site/page) [f](../../../other) [g](mailto:a@b) [h]({x})"
    )

    assert_keeps(AdrLinks(), memory(adr(1, more=more)))


def test_an_anchor_is_that_of_github_or_of_a_site_or_ones_own() -> None:
    more = "## A `b` & c\n\n<a name='own'></a>\n\n[1](#a-b--c) [2](#a-b-c) [3](#own) [4](#A-B--C) [5](../x.py#L3)"

    assert_keeps(AdrLinks(), memory({**adr(1, more=more), "docs/x.py": ""}))


def test_links_of_what_holds_no_longer_are_judged_only_if_asked_for() -> None:
    repo = memory({**adr(1, "Rejected", "[b](gone.md)"), **adr(2)})

    assert judged(AdrLinks(), repo).outcome is Outcome.PASS
    assert_breaks(AdrLinks(retired=True), repo, f"{ADR}/0001-a.md: link gone.md")


# adr-supersede


def supersedes(old: str, new: str) -> Repository:
    return memory({**adr(1, old), **adr(2, new)})


@pytest.mark.parametrize(
    ("old", "new", "keys"),
    [
        ("Accepted", "Accepted\n\nSupersedes [A](0001-a.md)", ["0002-a.md: supersedes 0001-a.md"]),
        ("Superseded by ADR-2", "Accepted", ["0001-a.md: superseded by ADR-2"]),
        ("Superseded", "Accepted", ["0001-a.md: superseded"]),
        ("Superseded by ADR-9", "Accepted", ["0001-a.md: superseded by ADR-9"]),
        ("Superseded by ADR-1", "Accepted", ["0001-a.md: superseded by ADR-1"]),
        ("Superseded by ADR-2", "Proposed\n\nSupersedes ADR-1", ["0001-a.md: superseded by ADR-2"]),
        ("Accepted\n\nSuperseded by ADR-2", "Accepted\n\nSupersedes ADR-1", ["0001-a.md: in force"]),
        ("Superseded by ADR-2", "Superseded by ADR-1\n\nSupersedes ADR-1", None),
        ("Accepted\n\nPartly superseded by ADR-2", "Accepted\n\nSupersedes ADR-1", ["0002-a.md: supersedes ADR-1"]),
        ("Accepted", "Accepted\n\nAmends [A](0001-a.md)", ["0002-a.md: amends 0001-a.md"]),
    ],
)
def test_a_relation_that_is_wrong_on_a_side_is_told(old: str, new: str, keys: list[str] | None) -> None:
    found = [each.seen.key.removeprefix(f"{ADR}/") for each in judged(AdrSupersede(), supersedes(old, new)).findings]

    assert found == keys if keys is not None else any("circle" in each or "supersedes" in each for each in found)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Superseded by ADR-2", "Accepted\n\nSupersedes [A](0001-a.md)"),
        ("Accepted", "Proposed\n\nSupersedes ADR-1"),
        ("Accepted\n\nPartly superseded by ADR-2", "Accepted\n\nSupersedes in part ADR-1"),
        ("Accepted\n\nAmended by [2](0002-a.md)", "Accepted\n\nAmends [1](0001-a.md)"),
        ("Superseded by https://example.org/adr/3", "Accepted"),
        ("Accepted", "Accepted\n\nSupersedes: N/A"),
    ],
)
def test_both_sides_may_agree_in_whatever_words(old: str, new: str) -> None:
    repo = supersedes(old, new)

    if "example.org" in old:
        assert judged(AdrSupersede(), repo).findings[0].seen.key == f"{ADR}/0001-a.md: superseded"
    else:
        assert_keeps(AdrSupersede(), repo)


def test_decisions_that_supersede_each_other_in_a_circle_are_one_finding() -> None:
    files = {**adr(1, "Accepted\n\nSupersedes ADR-2"), **adr(2, "Accepted\n\nSupersedes ADR-1")}

    keys = [each.seen.key for each in judged(AdrSupersede(), memory(files)).findings]

    assert keys.count(f"{ADR}/0001-a.md: circle") == 1


# adr-claims


def table(*rows: str) -> str:
    return "| Claim | Source | Verified | Date |\n|---|---|---|---|\n" + "".join(f"| {row} |\n" for row in rows)


def test_a_claim_that_nobody_verified_breaks_only_what_is_decided() -> None:
    rows = table(
        "Cheap | books | ⬜ No | ",
        "Near | map | ✅ Yes | 2026-01-10",
        "Fast | test | not yet |",
        "[Claim 1] | x | No |",
    )

    assert_breaks(
        AdrClaims(), memory(adr(1, more=rows)), f"{ADR}/0001-a.md: claim Cheap", f"{ADR}/0001-a.md: claim Fast"
    )
    assert judged(AdrClaims(), memory({**adr(1, "Proposed", rows), **adr(2)})).outcome is Outcome.PASS


def test_a_source_in_the_repository_is_there() -> None:
    rows = table(
        "Cheap | report: docs/books.csv | Yes | ",
        "Near | https://x.y/docs/map.html | Yes | ",
        "Far | docs/map.md | Yes |",
    )

    assert_breaks(
        AdrClaims(), memory({**adr(1, more=rows), "docs/map.md": ""}), f"{ADR}/0001-a.md: source docs/books.csv"
    )


def test_an_open_box_among_the_unverified_claims_breaks() -> None:
    text = phased("001", "Have one", "Accepted", "2026-01-10").replace("- [x] Nobody", "- [ ] Nobody")

    assert_breaks(AdrClaims(), memory({f"{ADR}/ADR-001-a.md": text}), f"{ADR}/ADR-001-a.md: claim Nobody comes twice")


@pytest.mark.parametrize("name", HOUSES)
def test_claims_levels_and_ages_can_fail_in_every_house(name: str) -> None:
    files = {**HOUSES[name], "shop/door.py": "", "tests/shop_test.py": ""}
    repo = memory(files, today=date(2026, 1, 20))

    for check in (AdrDone(), AdrAge()):
        assert_keeps(check, repo)
    if name != "restructured":
        assert_keeps(AdrClaims(), repo)


# adr-age


def test_what_is_proposed_too_long_or_past_its_review_or_of_tomorrow_is_told() -> None:
    files = {
        f"{ADR}/0001-a.md": "# 1. A\n\nDate: 2025-09-01\n\n## Status\n\nProposed\n",
        f"{ADR}/0002-a.md": "# 2. A\n\nDate: 2025-12-01\n\n## Status\n\nProposed\n",
        f"{ADR}/0003-a.md": "---\nstatus: accepted\nstale_after: 2025-12-31\n---\n# 3. A\n",
        f"{ADR}/0004-a.md": "---\nstatus: rejected\nreview-by: 2025-12-31\n---\n# 4. A\n",
        f"{ADR}/0005-a.md": "---\nstatus: accepted\ndate: 2026-02-01\n---\n# 5. A\n",
        f"{ADR}/0006-a.md": "# 6. A\n\n## Status\n\nDraft\n",
    }

    verdict = judged(AdrAge(), memory(files))

    assert [each.seen.key for each in verdict.findings] == [
        f"{ADR}/0001-a.md: pending",
        f"{ADR}/0003-a.md: review",
        f"{ADR}/0005-a.md: future",
    ]
    assert Evidence("undecided decisions, those with a date", 3, 2) in verdict.evidence


def test_days_says_how_long_is_too_long() -> None:
    repo = memory({f"{ADR}/0001-a.md": "# 1. A\n\nDate: 2025-12-01\n\n## Status\n\nProposed\n"})

    assert judged(AdrAge(days=31), repo).outcome is Outcome.PASS
    assert_breaks(AdrAge(days=30), repo, f"{ADR}/0001-a.md: pending")


# adr-index


def listed(*names: str, before: str = "") -> dict[str, str]:
    return {f"{ADR}/README.md": before + "".join(f"* [{name}]({name})\n" for name in names)}


def test_an_index_lists_every_decision_and_nothing_that_is_gone() -> None:
    files = {**adr(1), **adr(2), **adr(3), **adr(4), **listed("0001-a.md", "0002-a.md", "0003-a.md", "0009-gone.md")}

    assert_breaks(
        AdrIndex(), memory(files), f"{ADR}/README.md: {ADR}/0004-a.md", f"{ADR}/README.md: lists {ADR}/0009-gone.md"
    )


def test_a_readme_with_a_link_or_two_is_no_index_and_without_one_there_is_nothing_to_judge() -> None:
    files = {**adr(1), **adr(2), **adr(3), **adr(4), **listed("0001-a.md", "0002-a.md")}

    assert judged(AdrIndex(), memory(files)).outcome is Outcome.SKIP
    assert_breaks(AdrIndex(required=True), memory(files), f"{ADR} index")


def test_between_markers_all_counts_and_around_them_nothing() -> None:
    files = {
        **adr(1),
        **adr(2),
        f"{ADR}/README.md": "[2](0002-a.md)\n<!-- adrlog -->\n* [ADR-0001](0001-a.md) - A\n<!-- adrlogstop -->\n",
    }

    assert_breaks(AdrIndex(), memory(files), f"{ADR}/README.md: {ADR}/0002-a.md")


def test_an_index_elsewhere_is_named_and_one_that_is_named_and_gone_is_no_pass() -> None:
    files = {**adr(1), **adr(2), "docs/README.md": "[1](adr/0001-a.md), [2](adr/0002-a.md)\n"}

    assert_keeps(AdrIndex(indexes=("docs/README.md",)), memory(files))
    assert judged(AdrIndex(indexes=("docs/gone.md",)), memory(files)).outcome is Outcome.ERROR


# adr-done


def levelled(claimed: str) -> Repository:
    """A decision that claims a level, and the files that it names."""
    text = phased("001", "Have one shop", "Accepted", "2026-01-10").replace(
        "**Current level**: L3", f"**Current level**: {claimed}"
    )
    return memory({f"{ADR}/ADR-001-a.md": text, "shop/door.py": "", "tests/shop_test.py": ""}, today=date(2026, 2, 1))


@pytest.mark.parametrize("claimed", ["L1", "L2", "L3", "L4"])
def test_a_level_that_the_text_bears_or_leaves_open_is_no_finding(claimed: str) -> None:
    assert_keeps(AdrDone(), levelled(claimed))


def test_what_nothing_shows_is_unknown_and_a_finding_only_if_asked_for() -> None:
    repo = levelled("L4")

    verdict = judged(AdrDone(), repo)
    (finding,) = assert_breaks(AdrDone(attested=True), repo, f"{ADR}/ADR-001-a.md: level")

    assert Evidence("criteria of claimed levels, those that can be told", 20, 19) in verdict.evidence
    assert finding.message == (
        "ADR-001: claims L4; nothing shows somebody who attests that the code is as the sketch and its tests pass"
    )


@pytest.mark.parametrize(
    ("old", "new", "missing"),
    [
        ("**Problem**: Two shops sell the same.", "**Problem**: [What?]", "L1 asks for context: problem"),
        ("It costs half.", "[Rationale]", "L2 asks for a reason for it"),
        ("- Dear\n", "- [Disadvantage 1]\n", "L2 asks for all of alternative Two shops"),
        ("- [x] Ada", "- [ ] Ada", "L2 asks for every reviewer's sign"),
        ("✅ Yes", "⬜ No", "L2 asks for no claim that is not verified"),
        ("shops = 1", "[Paste code here]", "L3 asks for a sketch of the implementation"),
        ("- One door", "- [Security risk 1]", "L3 asks for risks: security risks"),
    ],
)
def test_the_first_thing_that_a_claimed_level_lacks_is_named(old: str, new: str, missing: str) -> None:
    text = phased("001", "Have one shop", "Accepted", "2026-01-10")
    assert old in text

    (finding,) = assert_breaks(
        AdrDone(), memory({f"{ADR}/ADR-001-a.md": text.replace(old, new)}), f"{ADR}/ADR-001-a.md: level"
    )

    assert finding.message == f"ADR-001: claims L3; {missing}"


def test_the_highest_level_needs_attestations_and_two_weeks() -> None:
    text = phased("001", "Have one shop", "Implemented", "2026-01-10").replace("- [ ] build it", "- [x] build it")
    text = text.replace(
        "**Current level**: L3",
        "**Current level**: L5\n\nL4 attested by @li on 2026-01-11 at 0a1b2c3\nL5 attested by @li on 2026-01-25 at 0a1b2c4",
    )
    files = {f"{ADR}/ADR-001-a.md": text, "shop/door.py": "", "tests/shop_test.py": ""}

    assert judged(AdrDone(attested=True), memory(files, today=date(2026, 1, 25))).outcome is Outcome.PASS
    assert_breaks(AdrDone(), memory(files, today=date(2026, 1, 24)), f"{ADR}/ADR-001-a.md: level")


def test_several_levels_are_none() -> None:
    assert_breaks(AdrDone(), levelled("L2 | L3"), f"{ADR}/ADR-001-a.md: level")


# adr-enforced


def test_a_decision_is_kept_from_either_side_or_says_why_not() -> None:
    check = AdrEnforced()
    named = {**adr(1, body=f"{BODY}\n## Enforcement\n\n`under-test` sees to it.\n")}
    reason = {**adr(1, body=f"{BODY}\n## Confirmation\n\nManual: only people see a shop.\n")}
    field = {**adr(1, more="**Enforced by**: under-test\n")}

    assert_breaks(check, under(memory(adr(1)), check), f"{ADR}/0001-a.md: guardrail")
    for repo in (
        memory(named),
        memory(reason),
        under(memory(adr(1)), check, "ADR-1"),
        under(memory(adr(1)), check, f"{ADR}/0001-a.md#x"),
    ):
        assert_keeps(check, repo if repo.guardrails else under(repo, check))
    assert judged(check, under(memory(field), check)).outcome in (Outcome.PASS, Outcome.FAIL)


def test_a_reason_that_is_none_is_told() -> None:
    check = AdrEnforced()
    repo = under(memory(adr(1, body=f"{BODY}\n## Enforcement\n\nNone.\n")), check)

    (finding,) = assert_breaks(check, repo, f"{ADR}/0001-a.md: guardrail")

    assert finding.message == "ADR-0001: says that no guardrail keeps it, and not why"


def test_a_guardrail_that_a_decision_names_and_nobody_wrote_is_told() -> None:
    check = AdrEnforced()
    files = adr(
        1, body=f"{BODY}\n## The guardrail that keeps it\n\n`under-test`, `no-such-rule`, `make run`, `--flag-here`.\n"
    )

    assert_breaks(check, under(memory(files), check), f"{ADR}/0001-a.md: names no-such-rule")


def test_a_guardrail_that_refers_to_what_is_gone_or_holds_no_longer_is_told() -> None:
    check = AdrEnforced()
    files = {**adr(1, "Superseded by ADR-2"), **adr(2, "Accepted\n\nSupersedes ADR-1"), **adr(3, "Proposed")}

    findings = assert_breaks(
        check,
        under(memory(files), check, "ADR-1", "ADR-0002", "ADR-3", "ADR-9", "#12", "https://x.y/ADR-7", "docs/x.md"),
        *("under-test: ADR-1", "under-test: ADR-3", "under-test: ADR-9"),
    )

    assert [each.message.partition(", which ")[2] for each in findings] == [
        "is superseded",
        "is proposed",
        "is not there",
    ]


def test_both_asks_each_side_to_name_the_other_and_since_leaves_the_old_alone() -> None:
    dated = {f"{ADR}/0001-a.md": f"# 1. A\n\nDate: 2025-01-10\n\n## Status\n\nAccepted\n\n{BODY}"}
    both, since = AdrEnforced(both=True), AdrEnforced(since=date(2026, 1, 1))

    assert_breaks(both, under(memory(adr(1)), both, "ADR-1"), f"{ADR}/0001-a.md: one side")
    assert judged(since, under(memory({**dated, **adr(2)}), since, "ADR-2")).outcome is Outcome.PASS


def test_a_guardrail_that_is_switched_off_keeps_nothing() -> None:
    check = AdrEnforced()
    off = structs.replace(guardrail(), refs=("ADR-1",), enabled=Enabled(value=False, reason="x"))

    assert_breaks(check, memory(adr(1)).under([Case(off, check)]), f"{ADR}/0001-a.md: guardrail")


# adr-citations


def cited(text: str, files: Mapping[str, str] | None = None, path: str = "shop/a.py") -> Repository:
    own = files or {**adr(1, "Superseded by ADR-2"), **adr(2, "Accepted\n\nSupersedes ADR-1"), **adr(3, "Rejected")}
    return memory({**own, path: text})


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("# ADR-1\n", ["superseded ADR-0001"]),
        ("# adr-0001, ADR 1 and @ADR(1)\n", ["superseded ADR-0001"]),
        ("# ADR-0003\n", ["rejected ADR-0003"]),
        ("# ADR-99\n", ["unknown ADR-99"]),
        ("# see gone/adr/0002-a.md\n", ["moved gone/adr/0002-a.md"]),
        ("# see docs/adr/0003-a.md\n", ["rejected ADR-0003"]),
        ("# see ../docs/adr/0002-a.md and docs/adr/0002-a.md#x\n", []),
        ("# ADR-2, adr-0002\n", []),
        ("# ADR-1 was superseded by ADR-2\n", []),
        ("ADR_1 = 1; RADR-1; ADR-1.5; ADR-2024-01-01; ADR-0\n", []),
        ("# https://github.com/other/project/ADR-99\n", []),
        ("# ADR-XXX, ADR-NNN\n", []),
    ],
)
def test_a_citation_is_judged_by_what_it_leads_to(text: str, keys: list[str]) -> None:
    found = [each.seen.key for each in judged(AdrCitations(), cited(text)).findings]

    assert found == [f"shop/a.py: {key}" for key in keys]


def test_how_often_a_file_cites_is_its_amount_so_that_a_further_one_is_new() -> None:
    (finding,) = assert_breaks(AdrCitations(), cited("# ADR-1\n\n# ADR-1 ADR-1\n"), "shop/a.py: superseded ADR-0001")

    assert (finding.amount, finding.at, finding.hint) == (3, Location("shop/a.py", 1), "cite ADR-0002")


def test_a_fixture_may_make_numbers_up_but_not_defend_what_was_given_up() -> None:
    assert_breaks(
        AdrCitations(), cited("ADR-99 ADR-1\n", path="tests/test_a.py"), "tests/test_a.py: superseded ADR-0001"
    )
    assert_breaks(
        AdrCitations(fixtures=("nowhere",)),
        cited("ADR-99\n", path="tests/test_a.py"),
        "tests/test_a.py: unknown ADR-99",
    )


def test_decisions_of_days_have_no_numbers_to_cite() -> None:
    repo = memory({"docs/adr/2026-01-10-a.md": f"# A\n\n{BODY}", "a.py": "# ADR-12\n"})

    assert judged(AdrCitations(), repo).outcome is Outcome.PASS


def test_a_prefix_of_the_house_is_cited_too() -> None:
    files = {"docs/decisions/ARCH-001-a.md": f"# ARCH-001: A\n\n## Status\n\nRejected\n\n{BODY}"}

    assert_breaks(AdrCitations(), cited("# ARCH-001\n", files), "shop/a.py: rejected ARCH-001")


def test_of_one_number_in_two_folders_the_nearest_is_meant() -> None:
    files = {
        f"{name}/{path}": text
        for name, status in (("one", "Rejected"), ("two", "Accepted"))
        for path, text in adr(1, status).items()
    }
    repo = memory({**files, "one/a.py": "# ADR-1\n", "two/a.py": "# ADR-1\n"})

    assert_breaks(AdrCitations(), repo, "one/a.py: rejected ADR-0001")


def test_what_is_cited_is_kept_and_can_fail() -> None:
    assert_keeps(AdrCitations(), cited("# ADR-2\n"))
    assert_keeps(AdrCitations(), memory({**NYGARD, "a.py": "# ADR-2\n"}))
    assert_keeps(AdrCitations(), memory({**PHASED, "a.py": "# ADR-002\n"}))
