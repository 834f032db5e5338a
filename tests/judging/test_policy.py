"""The decision table: what was seen, the day and the severities in, a verdict out."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from selfcheck.check import Evidence, Finding, Location, Seen, Unread
from selfcheck.guardrail import Enforce, Guardrail, Pending, Severity, Waiver
from selfcheck.model import Outcome, Status, Verdict, fingerprint
from selfcheck.policy import Failed, Finished, Skipped, decide
from selfcheck.testing import guardrail

TODAY = date(2026, 6, 15)
BEFORE, AFTER = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
PASS, FAIL, ERROR, SKIP = Outcome.PASS, Outcome.FAIL, Outcome.ERROR, Outcome.SKIP
BLOCK, WARN = Enforce.BLOCK, Enforce.WARN
NEW, WAIVED = Status.NEW, Status.WAIVED
SOME, NONE = Evidence("files", 3, 3), Evidence("files", 0, 0)


def on(severity: Severity = Severity.HIGH, **changes: Any) -> Guardrail:
    return structs.replace(guardrail(severity=severity), **changes)


def waiver(match: str, until: date = AFTER, count: int | None = None) -> Waiver:
    return Waiver(match=match, reason="it is known", owner="@li", until=until, count=count)


def found(key: str, **about: Any) -> Finding:
    return Finding(key=key, message=f"{key} is wrong", **about)


def lost(path: str) -> Unread:
    return Unread(path, "no permission")


def judged(of: Guardrail, *seen: Seen, today: date = TODAY, fail_on: Severity = Severity.HIGH) -> Verdict:
    return decide(of, Finished(seen), today=today, fail_on=fail_on)


ROWS: dict[str, tuple[Guardrail, tuple[Seen, ...], Outcome, Enforce, tuple[Status, ...]]] = {
    # What was seen.
    "evidence alone passes": (on(), (SOME,), PASS, BLOCK, ()),
    "a finding fails": (on(), (SOME, found("a")), FAIL, BLOCK, (NEW,)),
    "a finding without evidence fails": (on(), (found("a"),), FAIL, BLOCK, (NEW,)),
    "nothing seen at all is no pass": (on(), (), ERROR, BLOCK, ()),
    "an empty scope is no pass": (on(), (NONE,), ERROR, BLOCK, ()),
    "one empty scope among others is no pass": (on(), (SOME, NONE), ERROR, BLOCK, ()),
    "an empty scope passes where that is allowed": (on(allow_empty=True), (NONE,), PASS, BLOCK, ()),
    "no evidence is no pass even where an empty scope is allowed": (on(allow_empty=True), (), ERROR, BLOCK, ()),
    "nothing examined within a real scope passes": (on(), (Evidence("revisions", 9, 0),), PASS, BLOCK, ()),
    "a finding outranks an empty scope": (on(), (NONE, found("a")), FAIL, BLOCK, (NEW,)),
    "an unread file is no pass": (on(), (SOME, lost("a")), ERROR, BLOCK, (NEW,)),
    "an unread file is no pass where an empty scope is allowed": (
        on(allow_empty=True),
        (NONE, lost("a")),
        ERROR,
        BLOCK,
        (NEW,),
    ),
    "a finding outranks an unread file": (on(), (SOME, lost("b"), found("a")), FAIL, BLOCK, (NEW, NEW)),
    "a waived unread file passes": (on(waivers=(waiver("a"),)), (SOME, lost("a")), PASS, BLOCK, (WAIVED,)),
    "a waived finding does not hide an unread file": (
        on(waivers=(waiver("a"),)),
        (SOME, found("a"), lost("b")),
        ERROR,
        BLOCK,
        (WAIVED, NEW),
    ),
    "a waived finding does not make an empty scope real": (
        on(waivers=(waiver("a"),)),
        (NONE, found("a")),
        ERROR,
        BLOCK,
        (WAIVED,),
    ),
    # Waivers.
    "a waived finding passes": (on(waivers=(waiver("a"),)), (SOME, found("a")), PASS, BLOCK, (WAIVED,)),
    "a waiver covers its key only": (
        on(waivers=(waiver("a"),)),
        (SOME, found("a"), found("b")),
        FAIL,
        BLOCK,
        (WAIVED, NEW),
    ),
    "an exact waiver covers every finding of its key": (
        on(waivers=(waiver("a"),)),
        (SOME, found("a", at=Location("x", 1)), found("a", at=Location("x", 2))),
        PASS,
        BLOCK,
        (WAIVED, WAIVED),
    ),
    "an exact waiver takes wildcards as they stand": (
        on(waivers=(waiver("a[1]*"),)),
        (SOME, found("a1x"), found("a[1]*")),
        FAIL,
        BLOCK,
        (NEW, WAIVED),
    ),
    "a waiver does not cover a key in other letters": (
        on(waivers=(waiver("A", count=1), waiver("B"))),
        (SOME, found("a"), found("b")),
        FAIL,
        BLOCK,
        (NEW, NEW),
    ),
    "a glob covers as many findings as it counts": (
        on(waivers=(waiver("src/*", count=2),)),
        (SOME, found("src/a"), found("src/b"), found("b")),
        FAIL,
        BLOCK,
        (NEW, WAIVED, WAIVED),
    ),
    "a glob that covers fewer than it counts still covers them": (
        on(waivers=(waiver("src/*", count=5),)),
        (SOME, found("src/a")),
        PASS,
        BLOCK,
        (WAIVED,),
    ),
    "a glob that covers more than it counts covers none": (
        on(waivers=(waiver("src/*", count=1),)),
        (SOME, found("src/a"), found("src/b")),
        FAIL,
        BLOCK,
        (NEW, NEW),
    ),
    "findings of one key count one by one": (
        on(waivers=(waiver("a", count=1),)),
        (SOME, found("a"), found("a")),
        FAIL,
        BLOCK,
        (NEW, NEW),
    ),
    "findings and unread files count together": (
        on(waivers=(waiver("src/*", count=1),)),
        (SOME, found("src/a"), lost("src/b")),
        FAIL,
        BLOCK,
        (NEW, NEW),
    ),
    "a finding is waived if any waiver covers it": (
        on(waivers=(waiver("*", count=1), waiver("a"))),
        (SOME, found("a"), found("b")),
        FAIL,
        BLOCK,
        (WAIVED, NEW),
    ),
    "a waiver holds on its last day": (on(waivers=(waiver("a", TODAY),)), (SOME, found("a")), PASS, BLOCK, (WAIVED,)),
    "a waiver ends after its last day": (on(waivers=(waiver("a", BEFORE),)), (SOME, found("a")), FAIL, BLOCK, (NEW,)),
    "an expired glob covers nothing": (
        on(waivers=(waiver("*", BEFORE, count=9),)),
        (SOME, found("a")),
        FAIL,
        BLOCK,
        (NEW,),
    ),
    "what is not waivable is not waived": (
        on(waivable=False, waivers=(waiver("a"),)),
        (SOME, found("a")),
        FAIL,
        BLOCK,
        (NEW,),
    ),
    # Whether it gates.
    "`enforce: block` blocks below the severity that fails": (
        on(Severity.LOW, enforce=BLOCK),
        (SOME, found("a")),
        FAIL,
        BLOCK,
        (NEW,),
    ),
    "`enforce: warn` warns above the severity that fails": (
        on(Severity.CRITICAL, enforce=WARN),
        (SOME, found("a")),
        FAIL,
        WARN,
        (NEW,),
    ),
    "a pending guardrail warns before the day": (
        on(pending=Pending(until=AFTER, reason="soon")),
        (SOME, found("a")),
        FAIL,
        WARN,
        (NEW,),
    ),
    "a pending guardrail warns on the day": (
        on(pending=Pending(until=TODAY, reason="soon")),
        (SOME, found("a")),
        FAIL,
        WARN,
        (NEW,),
    ),
    "a pending guardrail blocks after the day": (
        on(pending=Pending(until=BEFORE, reason="soon")),
        (SOME, found("a")),
        FAIL,
        BLOCK,
        (NEW,),
    ),
    "pending outranks `enforce: block`": (
        on(Severity.LOW, enforce=BLOCK, pending=Pending(until=AFTER, reason="soon")),
        (SOME, found("a")),
        FAIL,
        WARN,
        (NEW,),
    ),
    "a pending guardrail that cannot be judged warns": (
        on(pending=Pending(until=AFTER, reason="soon")),
        (NONE,),
        ERROR,
        WARN,
        (),
    ),
}


@pytest.mark.parametrize(("of", "seen", "outcome", "enforce", "statuses"), ROWS.values(), ids=ROWS)
def test_the_decision_table(
    of: Guardrail, seen: tuple[Seen, ...], outcome: Outcome, enforce: Enforce, statuses: tuple[Status, ...]
) -> None:
    verdict = judged(of, *seen)

    ruled = [each.status for each in verdict.findings] + [each.status for each in verdict.unread]
    assert (verdict.outcome, verdict.enforce, tuple(ruled)) == (outcome, enforce, statuses)


@pytest.mark.parametrize("fail_on", Severity)
@pytest.mark.parametrize("severity", Severity)
def test_what_is_as_grave_as_fail_on_blocks_and_the_rest_warns(severity: Severity, fail_on: Severity) -> None:
    graver_first = ("critical", "high", "medium", "low")
    blocks = graver_first.index(severity) <= graver_first.index(fail_on)

    verdict = judged(on(severity), SOME, found("a"), fail_on=fail_on)

    assert (verdict.outcome, verdict.gates) == (FAIL, blocks)


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        ((SOME, found("a")), None),
        ((SOME,), None),
        ((), "the check gave no evidence of what it examined"),
        ((NONE,), "examined nothing: no files in its scope (`allow_empty: true` accepts it)"),
        (
            (NONE, Evidence("modules", 0, 0), SOME),
            "examined nothing: no files and no modules in its scope (`allow_empty: true` accepts it)",
        ),
        ((SOME, lost("a")), "1 file could not be read"),
        ((SOME, lost("a"), lost("b")), "2 files could not be read"),
    ],
)
def test_a_verdict_without_findings_that_is_no_pass_says_why(seen: tuple[Seen, ...], reason: str | None) -> None:
    assert judged(on(), *seen).reason == reason


def test_a_pending_guardrail_says_since_when_it_blocks_only_where_it_fails() -> None:
    of = on(pending=Pending(until=AFTER, reason="the split lands in July"))

    reasons = (judged(of, SOME, found("a")).reason, judged(of, SOME).reason)

    assert reasons == ("pending until 2026-06-16: the split lands in July", None)


def test_a_guardrail_that_warns_anyway_is_not_called_pending() -> None:
    of = on(Severity.LOW, pending=Pending(until=AFTER, reason="soon"))

    verdict = judged(of, SOME, found("a"))

    assert (verdict.enforce, verdict.reason) == (WARN, None)


@pytest.mark.parametrize(("examination", "outcome"), [(Skipped("not here"), SKIP), (Failed("not here"), ERROR)])
def test_a_check_without_an_end_is_no_pass_whatever_the_guardrail_allows(
    examination: Skipped | Failed, outcome: Outcome
) -> None:
    of = on(allow_empty=True)

    verdict = decide(of, examination, today=TODAY, fail_on=Severity.HIGH, seconds=2.0)

    assert verdict == Verdict(guardrail=of, outcome=outcome, enforce=BLOCK, reason="not here", seconds=2.0)


def test_findings_are_sorted_by_place_and_those_without_one_stand_first() -> None:
    seen = (
        found("c", at=Location("b", 1)),
        found("b", at=Location("a", 10)),
        found("a", at=Location("a", 9)),
        found("d"),
    )

    verdict = judged(on(), SOME, *seen)

    assert [ruling.seen.key for ruling in verdict.findings] == ["d", "a", "b", "c"]


def test_findings_of_one_key_have_fingerprints_by_their_order_in_the_tree() -> None:
    first, second = found("a", at=Location("x", 1)), found("a", at=Location("x", 2))

    verdict = judged(on(), SOME, second, found("b"), first)

    assert {(ruling.seen.at, ruling.fingerprint) for ruling in verdict.findings if ruling.seen.key == "a"} == {
        (first.at, fingerprint("under-test", "a", 1)),
        (second.at, fingerprint("under-test", "a", 2)),
    }


def test_a_fingerprint_does_not_know_the_message_or_the_line() -> None:
    before = judged(on(), SOME, Finding(key="a", message="one", at=Location("x", 1), data={"n": 1}))
    after = judged(on(Severity.LOW), SOME, Finding(key="a", message="two", at=Location("y", 9), hint="three"))

    assert before.findings[0].fingerprint == after.findings[0].fingerprint


def test_a_fingerprint_is_the_same_in_every_version_of_selfcheck() -> None:
    assert fingerprint("no-cycles", "a, b", 1) == "22798b1b28ae0b2154cb1c078622a3be"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("a", "b", 1), ("a", "b", 2)),
        (("a", "b", 1), ("b", "b", 1)),
        (("a", "b1", 1), ("a", "b", 11)),
    ],
)
def test_other_findings_have_other_fingerprints(one: tuple[str, str, int], other: tuple[str, str, int]) -> None:
    assert fingerprint(*one) != fingerprint(*other)


def test_a_fingerprint_can_be_made_of_a_key_that_is_no_unicode() -> None:
    assert len(fingerprint("a", "\udcff", 1)) == 32


def test_an_unread_file_has_another_fingerprint_than_a_finding_about_it() -> None:
    verdict = judged(on(), SOME, found("a"), lost("a"))

    assert verdict.findings[0].fingerprint != verdict.unread[0].fingerprint


keys = st.sampled_from(["a", "b", "src/a", "src/b"])
places = st.none() | st.builds(Location, keys, st.none() | st.integers(1, 3), st.none() | st.integers(1, 3))
findings = st.builds(
    Finding,
    key=keys,
    message=st.sampled_from(["one", "two"]),
    at=places,
    hint=st.sampled_from([None, "do"]),
    data=st.sampled_from([{}, {"n": 1}, {"n": [2]}]),
    amount=st.none() | st.integers(1, 3),
)
unread = st.builds(Unread, keys, st.sampled_from(["gone", "odd"]))
waivers = st.builds(
    waiver, keys | st.just("src/*"), st.sampled_from([BEFORE, TODAY, AFTER]), st.none() | st.integers(1, 3)
)


@settings(deadline=None)
@given(
    seen=st.lists(findings | unread, max_size=8),
    evidence=st.lists(st.sampled_from([SOME, NONE]), max_size=2),
    given_waivers=st.lists(waivers, max_size=2),
    data=st.data(),
)
def test_the_order_in_which_a_check_yields_changes_no_verdict(
    seen: list[Seen], evidence: list[Seen], given_waivers: list[Waiver], data: st.DataObject
) -> None:
    """Evidence keeps the order that the check gives it."""
    of = on(waivers=tuple(given_waivers))
    shuffled = data.draw(st.permutations(seen))
    cut = data.draw(st.integers(0, len(shuffled)))

    verdict = judged(of, *shuffled[:cut], *evidence, *shuffled[cut:])

    assert verdict == judged(of, *evidence, *seen)


@settings(deadline=None)
@given(
    seen=st.lists(findings | unread | st.sampled_from([SOME, NONE]), max_size=6),
    given_waivers=st.lists(waivers, max_size=2),
)
def test_a_verdict_is_a_failure_if_and_only_if_a_finding_counts(seen: list[Seen], given_waivers: list[Waiver]) -> None:
    verdict = judged(on(waivers=tuple(given_waivers)), *seen)

    assert (verdict.outcome is FAIL) == any(ruling.counts for ruling in verdict.findings)
