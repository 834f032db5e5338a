"""A finding is old if every base had it, by key, parts and amount; what the base had and is gone is fixed."""

from selfcheck.check import Location, Seen
from selfcheck.model import Outcome, fingerprint
from selfcheck.policy import Failed, Finished, Past, Renames, Skipped
from tests.policy.making import SOME, accepting, found, judged, line, lost, on, waiver

UNMOVED = Renames({})


def past(*seen: Seen) -> Past:
    return Past(Finished((SOME, *seen)), UNMOVED)


def test_what_the_base_had_does_not_count_and_what_it_had_not_does() -> None:
    verdict = judged(found("old"), found("new"), lost("dark"), pasts=[past(found("old"), lost("dark"))])

    assert verdict.outcome is Outcome.FAIL
    assert {ruling.seen.key: str(ruling.status) for ruling in verdict.findings} == {"old": "existing", "new": "new"}
    assert [str(ruling.status) for ruling in verdict.unread] == ["existing"]


def test_what_the_base_had_and_is_gone_is_fixed() -> None:
    gone = (found("b", at=Location("b.py", 1)), found("a", at=Location("a.py", 1)), found("a", at=Location("a.py", 2)))

    verdict = judged(pasts=[past(*gone, lost("dark"))])

    assert [(ruling.seen.key, str(ruling.status), ruling.fingerprint) for ruling in verdict.fixed] == [
        ("a", "fixed", fingerprint("under-test", "a", 1)),
        ("a", "fixed", fingerprint("under-test", "a", 2)),
        ("b", "fixed", fingerprint("under-test", "b", 1)),
    ]


def test_what_became_worse_is_new_and_not_fixed() -> None:
    verdict = judged(found("a.py", amount=9), pasts=[past(found("a.py", amount=8))])

    assert [(str(ruling.status), ruling.growth) for ruling in verdict.findings] == [("new", "9, accepted at 8")]
    assert verdict.fixed == ()


def test_while_a_file_cannot_be_read_nothing_is_called_fixed() -> None:
    assert judged(lost("dark"), pasts=[past(found("a"))]).fixed == ()


def test_of_several_bases_each_must_have_had_it() -> None:
    verdict = judged(found("a"), found("b"), pasts=[past(found("a"), found("b")), past(found("b"))])

    assert {ruling.seen.key: str(ruling.status) for ruling in verdict.findings} == {"a": "new", "b": "existing"}


def test_a_base_that_could_not_be_judged_excuses_nothing_and_is_named() -> None:
    verdict = judged(found("a"), pasts=[Past(Failed("timed out"), UNMOVED)])

    assert (verdict.outcome, verdict.reason) == (
        Outcome.FAIL,
        "the base could not be judged, so nothing counts as old: timed out",
    )


def test_a_base_to_which_the_check_did_not_apply_had_nothing() -> None:
    verdict = judged(found("a"), pasts=[Past(Skipped("no Python there"), UNMOVED)])

    assert (verdict.outcome, verdict.reason) == (Outcome.FAIL, None)


def test_what_is_waived_or_in_the_baseline_is_called_so_where_the_base_had_it_too() -> None:
    verdict = judged(
        found("a"),
        found("b"),
        of=on(waivers=(waiver("a"),)),
        exceptions=accepting([line("b")]),
        pasts=[past(found("a"), found("b"))],
    )

    assert {ruling.seen.key: str(ruling.status) for ruling in verdict.findings} == {"a": "waived", "b": "baselined"}
