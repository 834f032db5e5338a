"""The baseline: what it silences, how it grows and shrinks, and that git merges it."""

import json
import subprocess
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfcheck.actions import baseline as action
from selfcheck.check import Evidence, Finding, Seen, Unread
from selfcheck.errors import CannotOpen, Fault, RulebookError
from selfcheck.guardrail import Severity
from selfcheck.model import Outcome, Status, Verdict
from selfcheck.policy import Entry, Examination, Failed, Finished, Line, Renames, Skipped, baseline, decide
from selfcheck.policy.accepted import match
from tests.policy.making import BEFORE, SOME, TODAY, accepting, found, judged, line, lost, on, waiver

names = st.sampled_from(["m", "n", "o", "p"])
keys = st.sampled_from(["a", "b", "c"])
parts = st.lists(names, max_size=3, unique=True).map(sorted).map(tuple)
amounts = st.none() | st.integers(0, 3)


def finding(key: str, parts: tuple[str, ...], amount: int | None) -> Finding:
    return found(key, *parts, amount=amount)


def counted(key: str, parts: tuple[str, ...], amount: int | None, count: int) -> Line:
    return line(key, *parts, amount=amount, count=count)


findings = st.builds(finding, keys, parts, amounts)
several = st.lists(findings | st.builds(lost, keys), max_size=7)
lines = st.lists(st.builds(counted, keys, parts, amounts, st.integers(1, 3)), max_size=5).map(
    lambda found: read(baseline.render(found))
)


def read(text: str) -> tuple[Line, ...]:
    return baseline.parse(text.encode())


def accept(verdict: Verdict, known: Sequence[Line] = ()) -> tuple[Line, ...]:
    """The baseline file with what counts in a verdict, read again."""
    return read(baseline.render(baseline.grown(known, [verdict], reason="old debt", owner="@li", since=TODAY)))


def counting(verdict: Verdict) -> list[str]:
    keys = [ruling.seen.key for ruling in verdict.findings if ruling.counts]
    return keys + [ruling.seen.path for ruling in verdict.unread if ruling.counts]


def held(several: Sequence[Line]) -> list[tuple[str, date, Entry, str, str | None]]:
    """What lines say, without where they stand."""
    said = [(each.guardrail, each.since, each.entry, each.acceptance.reason, each.acceptance.owner) for each in several]
    return sorted(said, key=repr)


# What it silences.


@given(several)
def test_the_baseline_of_a_report_silences_exactly_that_report(seen: list[Finding | Unread]) -> None:
    known = accept(judged(*seen))

    verdict = judged(*seen, exceptions=accepting(known))

    assert (verdict.outcome, counting(verdict)) == (Outcome.PASS, [])
    assert {ruling.status for ruling in verdict.findings} <= {Status.BASELINED}
    assert {ruling.status for ruling in verdict.unread} <= {Status.BASELINED}
    assert sum(each.covered for each in verdict.acceptances) == sum(each.entry.count for each in known) == len(seen)


@given(several, st.data())
def test_whatever_is_found_beside_that_report_counts(seen: list[Finding | Unread], data: st.DataObject) -> None:
    more = data.draw(st.sampled_from([*seen, found("new"), found("new", "x"), found("new", amount=0), lost("new")]))
    known = accept(judged(*seen))

    verdict = judged(*seen, more, exceptions=accepting(known))

    assert len(counting(verdict)) == 1


@given(several, lines)
def test_a_baseline_that_grows_silences_the_report_whatever_it_held_before(
    seen: list[Finding | Unread], before: tuple[Line, ...]
) -> None:
    after = accept(judged(*seen, exceptions=accepting(before)), before)

    assert counting(judged(*seen, exceptions=accepting(after))) == []


@given(several, lines)
def test_accepting_twice_is_accepting_once(seen: list[Finding | Unread], before: tuple[Line, ...]) -> None:
    once = accept(judged(*seen, exceptions=accepting(before)), before)

    twice = accept(judged(*seen, exceptions=accepting(once)), once)

    assert baseline.render(twice) == baseline.render(once)


def test_what_outgrew_its_line_stands_in_its_place() -> None:
    before = (line("a.py", amount=2_298, at=1), line("p, q", "p", "q", at=2), line("kept", at=3))
    seen = (found("a.py", amount=2_300), found("p, q, r", "p", "q", "r"), found("kept"))

    after = accept(judged(*seen, exceptions=accepting(before)), before)

    assert [(each.entry.key, each.entry.amount, each.acceptance.reason) for each in after] == [
        ("a.py", 2_300, "old debt"),
        ("kept", None, "old"),
        ("p, q, r", None, "old debt"),
    ]


def test_a_line_that_another_finding_of_its_key_still_needs_stays() -> None:
    before = (line("a.py", amount=10, at=1), line("a.py", amount=8, at=2))

    after = accept(judged(found("a.py", amount=10), found("a.py", amount=12), exceptions=accepting(before)), before)

    assert [each.entry.amount for each in after] == [10, 12]


def test_what_is_not_waivable_is_not_accepted_by_the_baseline() -> None:
    strict = on(waivable=False)

    assert accept(judged(found("a"), of=strict)) == ()
    assert counting(judged(found("a"), of=strict, exceptions=accepting([line("a")]))) == ["a"]


def test_what_a_waiver_accepts_needs_no_line() -> None:
    verdict = judged(found("a"), found("b"), of=on(waivers=(waiver("a"),)))

    assert held(accept(verdict)) == [("under-test", TODAY, Entry(key="b"), "old debt", "@li")]


# How it shrinks.


@given(several, several, lines)
def test_a_baseline_that_shrinks_accepts_nothing_that_it_did_not(
    old: list[Finding | Unread], new: list[Finding | Unread], before: tuple[Line, ...]
) -> None:
    known = accept(judged(*old, exceptions=accepting(before)), before)

    before_it = judged(*new, exceptions=accepting(known))
    kept = read(baseline.render(baseline.shrunk(known, [before_it])))

    accepted = [as_seen(each.entry) for each in kept for _ in range(each.entry.count)]
    assert None not in match(accepted, [each.entry for each in known]).by
    verdict = judged(*new, exceptions=accepting(kept))
    assert counting(verdict) == counting(before_it)
    if baseline.is_judged(before_it):
        needed = {each.at: each.covered for each in verdict.acceptances}
        assert needed == {each.acceptance.at: each.entry.count for each in kept}


@given(st.lists(keys | names, max_size=7), st.lists(keys | names, max_size=7))
def test_without_parts_no_guardrail_has_more_lines_after_it_shrank(old: list[str], new: list[str]) -> None:
    known = accept(judged(*map(found, old)))

    kept = baseline.shrunk(known, [judged(*map(found, new), exceptions=accepting(known))])

    assert Counter(each.entry.key for each in kept) == Counter(old) & Counter(new)


def as_seen(entry: Entry) -> Finding | Unread:
    return lost(entry.key) if entry.unread else found(entry.key, *entry.parts, amount=entry.amount)


def test_what_shrank_is_accepted_as_small_as_it_is_since_the_day_it_was() -> None:
    known = (line("a.py", amount=2_298, at=1), line("p, q, r", "p", "q", "r", at=2), line("gone", at=3))

    kept = baseline.shrunk(
        known, [judged(found("a.py", amount=2_000), found("p, q", "p", "q"), exceptions=accepting(known))]
    )

    assert held(kept) == held((line("a.py", amount=2_000), line("p, q", "p", "q")))


JUDGED: dict[str, tuple[Examination, bool]] = {
    "judged to the end": (Finished((SOME,)), True),
    "with evidence that nothing had to be examined": (Finished((Evidence("revisions", 9, 0),)), True),
    "skipped": (Skipped("switched off"), False),
    "without an end": (Failed("timed out"), False),
    "without evidence": (Finished(()), False),
    "a scope of it empty": (Finished((SOME, Evidence("files at src/old", 0, 0))), False),
    "a scope of it empty beside a finding": (
        Finished((SOME, Evidence("files at src/old", 0, 0), found("other"))),
        False,
    ),
    "a file not read": (Finished((SOME, lost("a.py"))), False),
}


@pytest.mark.parametrize(("examination", "is_judged"), JUDGED.values(), ids=JUDGED)
def test_the_lines_of_what_was_not_judged_to_its_end_stay(examination: Examination, is_judged: bool) -> None:
    known = (line("a"), line("b", of="never-run", at=2))

    verdict = decide(on(), examination, today=TODAY, fail_on=Severity.HIGH, exceptions=accepting(known))

    assert baseline.shrunk(known, [verdict]) == (known[1:] if is_judged else known)


def test_an_empty_scope_that_is_allowed_was_judged() -> None:
    examination: tuple[Seen, ...] = (Evidence("files", 0, 0),)

    verdict = decide(on(allow_empty=True), Finished(examination), today=TODAY, fail_on=Severity.HIGH)

    assert baseline.shrunk((line("a"),), [verdict]) == ()


def test_lines_are_carried_to_where_their_files_were_moved() -> None:
    known = (line("app/a.py", amount=3, at=1), line("app.a, app.b", "app.a", "app.b", at=2))
    moved = baseline.moved(known, Renames({"app/a.py": "app/z.py"}))
    seen = (found("app/z.py", amount=3), found("app.b, app.z", "app.b", "app.z"))

    kept = baseline.shrunk(moved, [judged(*seen, exceptions=accepting(moved))])

    assert held(read(baseline.render(kept))) == held(
        (line("app/z.py", amount=3), line("app.b, app.z", "app.b", "app.z"))
    )


# How it is written.


def test_a_line_is_one_object_that_leaves_out_what_it_does_not_need() -> None:
    known = (
        line("a.py", amount=3, count=2, of="size"),
        line("p, q", "p", "q", of="circles", reason="ADR-0004"),
        line("x", of="circles", unread=True, owner="@li"),
    )

    assert baseline.render(known) == (
        '{"guardrail": "circles", "key": "p, q", "count": 1, "since": "2026-06-14", "reason": "ADR-0004", '
        '"parts": ["p", "q"]}\n'
        '{"guardrail": "circles", "key": "x", "count": 1, "since": "2026-06-14", "reason": "old", "owner": "@li", '
        '"unread": true}\n'
        '{"guardrail": "size", "key": "a.py", "count": 2, "since": "2026-06-14", "reason": "old", "amount": 3}\n'
    )


texts = st.text(max_size=8) | st.sampled_from(["a\nb", 'say "a"', "\0", "\r\n", "\\", "\u2028", "\x85", "é", "{}", " "])


def written(key: str, parts: list[str], amount: int | None, count: int, unread: bool, reason: str) -> Line:
    return line(key, *sorted(parts), amount=amount, count=count, unread=unread, reason=reason)


hostile = st.builds(
    written,
    texts,
    st.lists(texts, max_size=2, unique=True),
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.integers(1, 9),
    st.booleans(),
    texts.filter(lambda text: bool(text.strip())),
)


@given(st.lists(hostile, max_size=5, unique_by=lambda each: repr(each.entry)))
def test_what_is_written_is_read_as_it_was(several: list[Line]) -> None:
    apart = list(
        {(each.entry.key, each.entry.parts, each.entry.amount, each.entry.unread): each for each in several}.values()
    )

    again = read(baseline.render(apart))

    assert held(again) == held(apart)
    assert [each.acceptance.at.line for each in again] == list(range(1, len(apart) + 1))


@given(st.lists(hostile, max_size=5), st.data())
def test_the_order_of_the_lines_changes_no_byte_of_the_file(several: list[Line], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(several))

    text = baseline.render(shuffled)

    assert text == baseline.render(several)
    rows = text.split("\n")
    assert rows == [*sorted(rows[:-1]), ""]


def test_equal_lines_are_one_with_their_sum_since_the_first_day() -> None:
    twice = (line("a", since=TODAY, reason="later"), line("a", since=BEFORE, reason="first", count=2))

    assert held(read(baseline.render(twice))) == [("under-test", BEFORE, Entry(key="a", count=3), "first", None)]


@pytest.mark.parametrize("owner", ["", "  "])
def test_an_owner_without_a_name_is_none(owner: str) -> None:
    known = baseline.grown((), [judged(found("a"))], reason="old", owner=owner, since=TODAY)

    assert [each.acceptance.owner for each in read(baseline.render(known))] == [None]


def test_a_reason_that_is_no_unicode_is_written_as_it_can_be() -> None:
    known = baseline.grown((), [judged(found("a"))], reason="caf\udce9", owner="\udcff", since=TODAY)

    (again,) = read(baseline.render(known))

    assert (again.acceptance.reason, again.acceptance.owner) == (r"caf\udce9", r"\udcff")


# What is wrong with a file.

GOOD = baseline.render([line("a")]).strip()
WRONG: dict[str, tuple[str, int, str]] = {
    "no JSON": ("nothing", 1, "is no line of a baseline: JSON is malformed"),
    "no object": ("[]", 1, "is no line of a baseline: Expected `object`, got `array`"),
    "a key that is not known": (GOOD.replace('"key"', '"kye"'), 1, "unknown field `kye`"),
    "a key that is missing": ('{"guardrail": "a", "key": "b"}', 1, "missing required field `count`"),
    "a count of none": (GOOD.replace('"count": 1', '"count": 0'), 1, "Expected `int` >= 1 - at `$.count`"),
    "a count of half": (GOOD.replace('"count": 1', '"count": 1.5'), 1, "Expected `int`, got `float`"),
    "a count of too many": (GOOD.replace('"count": 1', '"count": 1000001'), 1, "<= 1000000"),
    "a date that is none": (GOOD.replace("2026-06-14", "2026-02-30"), 1, "Invalid RFC3339"),
    "a reason that is empty": (GOOD.replace('"old"', '" "'), 1, "- at `$.reason`"),
    "a guardrail that is no id": (GOOD.replace("under-test", "Under Test"), 1, "- at `$.guardrail`"),
    "parts that are no list": (GOOD.replace("}", ', "parts": "a"}'), 1, "Expected `array`, got `str`"),
    "an amount that is a text": (GOOD.replace("}", ', "amount": "3"}'), 1, "Expected `int | null`, got `str`"),
    "two objects in one line": (f"{GOOD} {GOOD}", 1, "is no line of a baseline: JSON is malformed"),
    "no UTF-8": (f"{GOOD}\n\n\udcff", 3, "is no line of a baseline"),
    "the same twice": (
        f"{GOOD}\n\n{GOOD}",
        3,
        "is the same finding as line 1; keep one, with the count of what is meant",
    ),
    "much nested": ("[" * 100_000, 1, "is no line of a baseline"),
    "the mark of our side": (f"{GOOD}\n<<<<<<< HEAD", 2, "a merge conflict; take the marks out"),
    "the mark of the base": ("||||||| 1234567", 1, "a merge conflict; take the marks out"),
    "the mark between": ("=======", 1, "a merge conflict; take the marks out"),
    "the mark of their side": (">>>>>>> other", 1, "a merge conflict; take the marks out"),
}


@pytest.mark.parametrize(("text", "number", "message"), WRONG.values(), ids=WRONG)
def test_what_is_no_baseline_is_told_with_its_line(text: str, number: int, message: str) -> None:
    with pytest.raises(RulebookError) as raised:
        baseline.parse(text.encode("utf-8", "surrogateescape"))

    (fault,) = raised.value.faults
    assert (fault.file, fault.line, fault.column) == (baseline.PLACE, number, 1)
    assert message in fault.message


def test_every_fault_of_a_file_is_told_at_once() -> None:
    with pytest.raises(RulebookError) as raised:
        baseline.parse(f"{GOOD}\n<<<<<<< ours\n{GOOD}\n{{}}\n".encode(), "base.jsonl")

    assert [str(fault).partition(";")[0] for fault in raised.value.faults] == [
        "base.jsonl:2:1: a merge conflict",
        "base.jsonl:3:1: is the same finding as line 1",
        "base.jsonl:4:1: is no line of a baseline: Object missing required field `guardrail`",
    ]
    assert all(isinstance(fault, Fault) for fault in raised.value.faults)


def test_blank_lines_and_the_line_ends_of_windows_are_no_fault() -> None:
    known = baseline.parse(f"\r\n{GOOD}\r\n\r\n".encode())

    assert [(each.entry.key, each.acceptance.at.line) for each in known] == [("a", 2)]


def test_findings_of_one_key_with_other_parts_or_amounts_are_not_the_same() -> None:
    several = (line("a"), line("a", unread=True), line("a", amount=1), line("a", amount=2), line("a", "m"))

    assert len(read(baseline.render(several))) == 5


# How git merges it.

MIDDLE = (line("a", of="circles"), line("b", of="layers"), line("c", of="size"))


def merged(folder: Path, base: Sequence[Line], ours: Sequence[Line], theirs: Sequence[Line], *options: str) -> str:
    """What `git merge-file` makes of two sides; the number of conflicts is its exit status."""
    for name, several in (("ours", ours), ("base", base), ("theirs", theirs)):
        (folder / name).write_text(baseline.render(several), encoding="utf-8")
    done = subprocess.run(
        ["git", "merge-file", "--stdout", *options, "ours", "base", "theirs"],
        cwd=folder,
        check=True,
        stdout=subprocess.PIPE,
    )
    return done.stdout.decode()


def test_two_branches_that_accept_findings_of_distinct_guardrails_merge(tmp_path: Path) -> None:
    one, other = line("new", of="circles"), line("new", of="size")

    text = merged(tmp_path, MIDDLE, (*MIDDLE, one), (*MIDDLE, other))

    assert text == baseline.render((*MIDDLE, one, other))


def test_a_branch_that_accepts_and_one_that_mends_merge(tmp_path: Path) -> None:
    one = line("new", of="circles")

    text = merged(tmp_path, MIDDLE, (*MIDDLE, one), MIDDLE[:2])

    assert text == baseline.render((*MIDDLE[:2], one))


def test_two_branches_that_accept_findings_at_one_place_merge_by_union(tmp_path: Path) -> None:
    one, other = line("x", of="zebra"), line("y", of="zebra")

    text = merged(tmp_path, MIDDLE, (*MIDDLE, one), (*MIDDLE, other), "--union")

    assert held(read(text)) == held((*MIDDLE, one, other))


def test_two_branches_that_accept_one_finding_for_two_reasons_have_to_agree(tmp_path: Path) -> None:
    one, other = line("x", of="zebra", reason="ours"), line("x", of="zebra", reason="theirs")

    text = merged(tmp_path, MIDDLE, (*MIDDLE, one), (*MIDDLE, other), "--union")

    with pytest.raises(RulebookError, match=r"baseline\.jsonl:5:1: is the same finding as line 4"):
        read(text)


# The action.


def test_what_is_planned_tells_each_guardrail_that_changes() -> None:
    known = (line("a", at=1), line("b", count=2, at=2), line("c", of="other", at=3))

    grown = action.accept(known, [judged(found("new"))], reason="old", owner=None, since=TODAY)
    shrunk = action.update(known, [judged(found("b"), exceptions=accepting(known[:2]))], ["under-test"])

    assert (grown.changes, grown.before, grown.after) == ({"under-test": 1}, 4, 5)
    assert (shrunk.changes, shrunk.before, shrunk.after) == ({"other": -1, "under-test": -2}, 4, 1)
    assert [json.loads(row)["key"] for row in shrunk.content.splitlines()] == ["b"]


def test_the_file_is_written_whole_into_its_folder(tmp_path: Path) -> None:
    planned = action.accept((), [judged(found("a"))], reason="old", owner=None, since=TODAY)

    written = action.apply(planned, tmp_path)

    assert written == tmp_path / baseline.PLACE
    assert written.read_text(encoding="utf-8") == planned.content


def test_no_link_is_written_through(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    planned = action.accept((), [judged(found("a"))], reason="old", owner=None, since=TODAY)
    inside.mkdir()
    outside.mkdir()
    (inside / "guardrails").symlink_to(outside)

    with pytest.raises(CannotOpen, match="is a symbolic link; nothing was written"):
        action.apply(planned, inside)

    assert list(outside.iterdir()) == []


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    planned = action.accept((), [judged(found("a"))], reason="old", owner=None, since=TODAY)
    (tmp_path / "guardrails").write_text("", encoding="utf-8")

    with pytest.raises(CannotOpen, match=r"guardrails/baseline\.jsonl: .*; nothing was written"):
        action.apply(planned, tmp_path)
