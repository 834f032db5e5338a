"""What is wrong with an exception: each fault with its key, place, message and hint, and what is none."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from selfcheck.check import Evidence, Location
from selfcheck.guardrail import Enforce, Guardrail, Place, Severity
from selfcheck.model import Outcome, Verdict
from selfcheck.policy import NONE, Examination, Exceptions, Failed, Finished, Skipped, builtin, decide
from selfcheck.policy.exceptions import RENEW, UPDATE, Circumstances, Malformed, judge_exceptions
from tests.policy.making import AFTER, BEFORE, SOME, TODAY, accepting, found, judged, line, lost, on, remark, waiver

GUARDRAIL = builtin.exceptions(Place("guardrails/code.yaml", 1))
PLACES = (Place("guardrails/code.yaml", 7), Place("guardrails/code.yaml", 8))


def waiving(*waivers: object, **changes: object) -> Guardrail:
    return on(waivers=waivers, waiver_places=PLACES[: len(waivers)], **changes)


def exceptions_of(
    verdict: Verdict,
    exceptions: Exceptions = NONE,
    *,
    today: date = TODAY,
    strict: bool = False,
    malformed: Sequence[Malformed] = (),
    known: Sequence[str] = ("under-test", "other"),
) -> Verdict | None:
    given = Circumstances(today=today, known=known, malformed=malformed, strict=strict)
    return judge_exceptions(GUARDRAIL, [verdict], exceptions, given)


def faults(verdict: Verdict | None) -> list[tuple[str, str, str, str | None]]:
    """Key, place, message and hint of each finding."""
    assert verdict is not None
    seen = [ruling.seen for ruling in verdict.findings]
    return [(each.key, str(each.at), each.message, each.hint) for each in seen]


# Waivers.


def test_a_waiver_that_ended_is_a_fault_from_the_day_after() -> None:
    of = waiving(waiver("a", until=TODAY))

    on_its_day = judged(found("a"), of=of)
    after_it = judged(found("a"), of=of, today=TODAY + timedelta(days=1))

    assert (on_its_day.outcome, faults(exceptions_of(on_its_day))) == (Outcome.PASS, [])
    assert after_it.outcome is Outcome.FAIL
    assert faults(exceptions_of(after_it, today=TODAY + timedelta(days=1))) == [
        (
            "waiver under-test: a",
            "guardrails/code.yaml:7",
            "the waiver of under-test, a, ended on 2026-06-15",
            RENEW,
        )
    ]


def test_what_accepts_a_finding_tells_of_each_how_many_it_covers() -> None:
    of = waiving(waiver("a*", count=2), waiver("b"))
    exceptions = accepting([line("c", count=3)], [remark("d.py", None)])
    seen = [found("a1"), found("a2"), found("b"), found("c"), found("c"), found("d", at=Location("d.py", 9))]

    verdict = judged(*seen, of=of, exceptions=exceptions)

    covered = {ruling.seen.key: ruling.acceptance.covered for ruling in verdict.findings if ruling.acceptance}
    assert covered == {"a1": 2, "a2": 2, "b": 1, "c": 2, "d": 1}
    assert {ruling.acceptance for ruling in verdict.findings} == set(verdict.acceptances)


def test_a_waiver_that_covers_nothing_is_a_fault() -> None:
    verdict = judged(found("b"), of=waiving(waiver("a"), waiver("b")))

    assert faults(exceptions_of(verdict)) == [
        (
            "waiver under-test: a",
            "guardrails/code.yaml:7",
            "the waiver of under-test, a, covers nothing that is found",
            "take it out",
        )
    ]


def test_a_glob_that_covers_more_than_it_counts_accepts_none_and_says_so() -> None:
    verdict = judged(found("src/a"), found("src/b"), of=waiving(waiver("src/*", count=1)))

    assert verdict.outcome is Outcome.FAIL
    assert faults(exceptions_of(verdict)) == [
        (
            "waiver under-test: src/*",
            "guardrails/code.yaml:7",
            "the waiver of under-test, src/*, covers 2, more than the 1 that it counts, so it accepts none",
            "mend what is new, or count anew with a reason",
        )
    ]


def test_a_glob_that_covers_fewer_than_it_counts_has_room_for_a_new_one() -> None:
    verdict = judged(found("src/a"), of=waiving(waiver("src/*", count=3)))

    assert verdict.outcome is Outcome.PASS
    assert faults(exceptions_of(verdict)) == [
        (
            "waiver under-test: src/*",
            "guardrails/code.yaml:7",
            "the waiver of under-test, src/*, counts 3 and covers 1: room for a new one",
            "lower its `count` to 1",
        )
    ]


def test_a_waiver_of_what_is_not_waivable_is_a_fault_even_where_it_is_needed() -> None:
    verdict = judged(found("a"), of=waiving(waiver("a"), waivable=False))

    assert verdict.outcome is Outcome.FAIL
    assert faults(exceptions_of(verdict)) == [
        (
            "waiver under-test: a",
            "guardrails/code.yaml:7",
            "the waiver of under-test, a, accepts nothing: its guardrail is not waivable",
            "take it out",
        )
    ]


def test_a_waiver_has_one_fault_at_most_the_gravest() -> None:
    ended = judged(of=waiving(waiver("a", until=BEFORE)))
    not_waivable = judged(of=waiving(waiver("a", until=BEFORE), waivable=False))

    assert [message for _, _, message, _ in faults(exceptions_of(ended))] == [
        "the waiver of under-test, a, ended on 2026-06-14"
    ]
    assert [message for _, _, message, _ in faults(exceptions_of(not_waivable))] == [
        "the waiver of under-test, a, accepts nothing: its guardrail is not waivable"
    ]


def test_of_two_waivers_of_one_finding_neither_is_idle() -> None:
    verdict = judged(found("a"), of=waiving(waiver("a"), waiver("*", count=1)))

    assert faults(exceptions_of(verdict)) == []


# Comments.


def test_a_comment_that_ended_or_covers_nothing_is_a_fault_at_its_line() -> None:
    known = accepting(remarks=[remark("a.py", (3, 4), until=BEFORE, at=3), remark("b.py", None, at=1)])

    verdict = judged(found("k", at=Location("a.py", 4)), exceptions=known)

    assert faults(exceptions_of(verdict, known)) == [
        ("comment under-test: a.py", "a.py:3", "the comment for under-test ended on 2026-06-14", RENEW),
        (
            "comment under-test: b.py",
            "b.py:1",
            "the comment for under-test covers nothing that is found",
            "take it out",
        ),
    ]


def test_a_comment_that_covers_several_findings_is_none() -> None:
    known = accepting(remarks=[remark("a.py", (3, 4), at=3)])

    verdict = judged(found("k", at=Location("a.py", 3)), found("k", at=Location("a.py", 4)), exceptions=known)

    assert (verdict.outcome, faults(exceptions_of(verdict, known))) == (Outcome.PASS, [])


def test_a_comment_for_a_guardrail_that_there_is_not_is_a_fault_with_what_was_meant() -> None:
    known = accepting(remarks=[remark("a.py", at=3), remark("b.py", at=1)], of="under-tset")

    assert faults(exceptions_of(judged(), known)) == [
        (
            "comment under-tset: a.py",
            "a.py:3",
            'the comment for under-tset names an unknown guardrail "under-tset"; did you mean "under-test"?',
            "name one that there is, or take it out",
        ),
        (
            "comment under-tset: b.py",
            "b.py:1",
            'the comment for under-tset names an unknown guardrail "under-tset"; did you mean "under-test"?',
            "name one that there is, or take it out",
        ),
    ]


@pytest.mark.parametrize("name", ["exceptions", "rulebook-loosened"])
def test_the_guardrails_that_are_built_in_are_not_waived_by_a_comment(name: str) -> None:
    known = accepting(remarks=[remark("a.py", at=3)], of=name)

    assert faults(exceptions_of(judged(), known)) == [
        (
            f"comment {name}: a.py",
            "a.py:3",
            f"the comment for {name} accepts nothing: its guardrail is not waivable",
            "take it out",
        )
    ]


def test_a_comment_that_is_no_exception_is_a_fault_with_what_is_wrong_with_it() -> None:
    verdict = exceptions_of(judged(), malformed=[Malformed(Location("a.py", 3), "has no `until=YYYY-MM-DD`")])

    assert faults(verdict) == [("comment a.py", "a.py:3", "has no `until=YYYY-MM-DD`", None)]


# The baseline.


def test_a_line_that_accepts_what_is_gone_is_a_fault_only_where_that_is_strict() -> None:
    known = accepting([line("a", at=1), line("b", count=3, at=2), line("c", at=3)])

    verdict = judged(found("b"), found("b"), found("c"), exceptions=known)

    assert faults(exceptions_of(verdict, known)) == []
    assert faults(exceptions_of(verdict, known, strict=True)) == [
        (
            "baseline under-test: a",
            "guardrails/baseline.jsonl:1",
            "the baseline's line for under-test, a, accepts what is no longer found",
            UPDATE,
        ),
        (
            "baseline under-test: b",
            "guardrails/baseline.jsonl:2",
            "the baseline's line for under-test, b, accepts 3 and 2 are found",
            UPDATE,
        ),
    ]


def test_a_line_that_is_larger_than_what_is_found_is_no_fault() -> None:
    known = accepting([line("a", amount=9, at=1), line("p, q", "p", "q", at=2)])

    verdict = judged(found("a", amount=1), found("p", "p"), exceptions=known)

    assert faults(exceptions_of(verdict, known, strict=True)) == []


def test_a_line_that_was_outgrown_is_told_by_the_finding_itself() -> None:
    known = accepting([line("a", amount=1)])

    verdict = judged(found("a", amount=2), exceptions=known)

    assert [ruling.growth for ruling in verdict.findings] == ["2, accepted at 1"]
    assert faults(exceptions_of(verdict, known, strict=True)) == []


def test_lines_for_a_guardrail_that_there_is_not_are_one_fault() -> None:
    known = accepting([line("a", of="gone", at=1), line("b", of="gone", at=2), line("c", of="exceptions", at=3)])

    assert faults(exceptions_of(judged(), known)) == [
        (
            "baseline gone: a",
            "guardrails/baseline.jsonl:1",
            'the baseline\'s line for gone, a, names an unknown guardrail "gone"; known: other, under-test',
            UPDATE,
        ),
        (
            "baseline exceptions: c",
            "guardrails/baseline.jsonl:3",
            "the baseline's line for exceptions, c, accepts nothing: its guardrail is not waivable",
            UPDATE,
        ),
    ]


def test_a_line_for_what_is_not_waivable_is_a_fault_everywhere() -> None:
    known = accepting([line("a")])

    verdict = judged(found("a"), of=on(waivable=False), exceptions=known)

    assert [message for _, _, message, _ in faults(exceptions_of(verdict, known))] == [
        "the baseline's line for under-test, a, accepts nothing: its guardrail is not waivable"
    ]


# What was not judged.

UNJUDGED: dict[str, Examination] = {
    "skipped": Skipped("switched off"),
    "without an end": Failed("timed out"),
    "without evidence": Finished(()),
    "in an empty scope": Finished((SOME, Evidence("files at src/old", 0, 0))),
    "with a file not read": Finished((SOME, lost("a.py"))),
}


@pytest.mark.parametrize("examination", UNJUDGED.values(), ids=UNJUDGED)
def test_nothing_is_called_idle_by_a_guardrail_that_was_not_judged_to_its_end(examination: Examination) -> None:
    of = waiving(waiver("a"), waiver("src/*", count=3))
    known = accepting([line("a")], [remark("b.py")])
    verdict = decide(of, examination, today=TODAY, fail_on=Severity.HIGH, exceptions=known)

    assert faults(exceptions_of(verdict, known, strict=True)) == []


@pytest.mark.parametrize("examination", UNJUDGED.values(), ids=UNJUDGED)
def test_what_ended_is_a_fault_whether_or_not_its_guardrail_was_judged(examination: Examination) -> None:
    verdict = decide(waiving(waiver("a", until=BEFORE)), examination, today=TODAY, fail_on=Severity.HIGH)

    assert [key for key, _, _, _ in faults(exceptions_of(verdict))] == ["waiver under-test: a"]


def test_a_file_that_could_not_be_read_and_is_waived_leaves_nothing_unseen() -> None:
    verdict = judged(lost("a.py"), of=waiving(waiver("a.py"), waiver("gone")))

    assert [key for key, _, _, _ in faults(exceptions_of(verdict))] == ["waiver under-test: gone"]


# The verdict.


def test_without_any_exception_there_is_no_verdict() -> None:
    assert exceptions_of(judged(found("a"))) is None


def test_exceptions_that_are_all_in_order_pass_with_their_number_as_evidence() -> None:
    known = accepting([line("b"), line("c", of="other")], [remark("c.py", until=AFTER)])
    verdict = judged(
        found("a"), found("b"), found("k", at=Location("c.py", 1)), of=waiving(waiver("a")), exceptions=known
    )

    exceptions = exceptions_of(verdict, known, strict=True)

    assert exceptions is not None
    assert (exceptions.outcome, exceptions.evidence) == (Outcome.PASS, (Evidence("exceptions", 3, 3),))


def test_a_faulty_exception_blocks_and_cannot_be_waived_or_baselined() -> None:
    itself = Exceptions(
        {"exceptions": (line("waiver under-test: a", of="exceptions"),)},
        {"exceptions": (remark("guardrails/code.yaml", None),)},
    )

    exceptions = exceptions_of(judged(of=waiving(waiver("a"))), itself)

    assert exceptions is not None
    assert (exceptions.outcome, exceptions.enforce, exceptions.gates) == (Outcome.FAIL, Enforce.BLOCK, True)
    assert all(ruling.counts for ruling in exceptions.findings)
    assert len(exceptions.findings) == 3


def test_equal_faults_have_fingerprints_of_their_own() -> None:
    known = accepting(remarks=[remark("a.py", (1, 1), at=1), remark("a.py", (9, 9), at=9)])

    exceptions = exceptions_of(judged(exceptions=known), known)

    assert exceptions is not None
    assert [ruling.seen.key for ruling in exceptions.findings] == ["comment under-test: a.py"] * 2
    assert len({ruling.fingerprint for ruling in exceptions.findings}) == 2
