"""Which accepted finding accepts which of today's: by key and number, by parts, by amount."""

import time
from collections import Counter
from collections.abc import Sequence

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfcheck.check import Finding, Unread
from selfcheck.policy.accepted import Matched, beyond, match
from selfcheck.policy.entry import Entry
from selfcheck.policy.pool import TELLING
from tests.policy.making import entry, found, lost

MANY = 20_000

keys = st.sampled_from(["a", "b", "c"])
names = st.sampled_from(["m", "n", "o", "p"])
parts = st.lists(names, max_size=3, unique=True).map(sorted).map(tuple)
amounts = st.none() | st.integers(-2, 4)


def finding(key: str, parts: tuple[str, ...], amount: int | None) -> Finding:
    return found(key, *parts, amount=amount)


def accepting(key: str, parts: tuple[str, ...], amount: int | None, count: int, former: str | None) -> Entry:
    return entry(key, *parts, amount=amount, count=count, former=former)


findings = st.builds(finding, keys, parts, amounts)
seen = findings | st.builds(lost, keys)
entries = st.builds(accepting, keys, parts, amounts, st.integers(1, 3), st.none() | keys)


def as_entry(each: Finding | Unread) -> Entry:
    if isinstance(each, Unread):
        return Entry(key=each.path, unread=True)
    return Entry(key=each.key, parts=each.parts, amount=each.amount)


def accepted(found: Sequence[Finding | Unread], entries: Sequence[Entry]) -> list[bool]:
    return [number is not None for number in match(found, entries).by]


def test_a_finding_is_accepted_by_an_entry_of_its_key() -> None:
    assert match([found("a"), found("b")], [entry("b")]) == Matched((None, 0), (None, None), (1,), frozenset())


def test_of_two_equal_findings_the_second_is_new_where_one_is_accepted() -> None:
    assert match([found("a"), found("a")], [entry("a")]) == Matched((0, None), (None, None), (1,), frozenset())


def test_a_file_that_could_not_be_read_is_no_finding_about_it_and_the_other_way_round() -> None:
    assert accepted([lost("a")], [entry("a")]) == [False]
    assert accepted([found("a")], [entry("a", unread=True)]) == [False]
    assert accepted([found("a", "m")], [entry("b", "m", unread=True)]) == [False]


def test_a_finding_with_parts_is_not_accepted_by_an_entry_of_its_key_without() -> None:
    """Which parts were accepted is unknown; any number of them would be."""
    assert match([found("a", "m")], [entry("a")]) == Matched((None,), (None,), (0,), frozenset())


def test_a_component_that_loses_a_member_is_accepted_and_one_that_gains_a_member_says_which() -> None:
    known = [entry("a, b, c", "a", "b", "c")]

    assert match([found("a, b", "a", "b")], known) == Matched((0,), (None,), (1,), frozenset())
    assert match([found("a, b, c, d", "a", "b", "c", "d")], known) == Matched(
        (None,), ("grew by d",), (0,), frozenset({0})
    )


def test_two_components_that_became_one_have_grown_by_the_smaller() -> None:
    matched = match([found("whole", "a", "b", "c", "x", "y")], [entry("one", "a", "b", "c"), entry("two", "x", "y")])

    assert matched == Matched((None,), ("grew by x, y",), (0, 0), frozenset({0}))


def test_a_component_with_half_of_another_is_not_that_one_grown() -> None:
    assert match([found("new", "a", "x")], [entry("old", "a", "b")]).growth == (None,)


def test_a_part_that_too_many_have_does_not_tell_which_of_them_has_grown() -> None:
    many = [entry(f"old {number}", "shared") for number in range(TELLING + 1)]

    assert match([found("new", "shared", "x")], many[:TELLING]).growth == ("grew by x",)
    assert match([found("new", "shared", "x")], many).growth == (None,)


def test_an_amount_that_is_larger_than_what_was_accepted_is_told_with_both() -> None:
    matched = match([found("a.py", amount=2_299)], [entry("a.py", amount=2_298)])

    assert matched == Matched((None,), ("2,299, accepted at 2,298",), (0,), frozenset({0}))


def test_a_finding_that_grew_in_both_ways_tells_both() -> None:
    matched = match([found("a", "m", "n", amount=2)], [entry("a", "m", amount=1)])

    assert matched.growth == ("grew by n, 2, accepted at 1",)


def test_an_amount_is_not_accepted_by_an_entry_without_one() -> None:
    assert match([found("a", amount=1)], [entry("a")]) == Matched((None,), (None,), (0,), frozenset())


def test_a_finding_without_an_amount_leaves_the_entry_with_one_to_another() -> None:
    assert match([found("a"), found("a", amount=0)], [entry("a", amount=0), entry("a")]).by == (1, 0)


def test_of_several_findings_that_grew_each_has_outgrown_another_entry() -> None:
    matched = match([found("a", amount=9), found("a", amount=8)], [entry("a", amount=2), entry("a", amount=3)])

    assert matched == Matched((None, None), ("9, accepted at 3", "8, accepted at 2"), (0, 0), frozenset({0, 1}))


def test_what_is_new_beside_what_grew_has_not_grown() -> None:
    matched = match([found("a", amount=9), found("a", amount=9)], [entry("a", amount=2)])

    assert matched.growth == ("9, accepted at 2", None)


def test_a_finding_without_parts_takes_the_whole_entry() -> None:
    assert accepted([found("a"), found("x", "m")], [entry("a", "m", "n")]) == [True, False]


def test_so_many_accepted_ones_may_fall_apart_as_often() -> None:
    known = [entry("whole", "a", "b", count=2)]
    pieces = [found("one", "a"), found("other", "a"), found("rest", "b")]

    matched = match([*pieces, found("again", "a")], known)

    assert (matched.by.count(0), matched.met, matched.by[2]) == (3, (2,), 0)


def test_a_finding_is_accepted_under_the_key_that_its_file_had_and_under_the_one_that_it_has() -> None:
    moved = [entry("new.py", former="old.py")]

    assert accepted([found("new.py")], moved) == [True]
    assert accepted([found("old.py")], moved) == [True]
    assert match([found("old.py"), found("new.py")], moved).by == (None, 0)


def test_a_component_is_accepted_under_the_names_that_its_members_had() -> None:
    """The same word may be a module of another root, which was not moved."""
    moved = [entry("b, x", "b", "x", former="a, x", moved={"a": "b"})]

    assert accepted([found("a, x", "a", "x")], moved) == [True]
    assert accepted([found("b, x", "b", "x")], moved) == [True]
    assert accepted([found("a", "a"), found("x", "x")], moved) == [True, True]
    assert accepted([found("a", "a"), found("b", "b")], moved) == [True, False]
    assert accepted([found("a, b", "a", "b")], moved) == [False]


def test_a_component_that_grew_under_its_former_names_grew_by_what_is_new() -> None:
    moved = [entry("b, x", "b", "x", former="a, x", moved={"a": "b"})]

    assert match([found("a, x, y", "a", "x", "y")], moved).growth == ("grew by y",)


@given(st.lists(seen, max_size=8))
def test_findings_are_all_accepted_by_themselves_each_by_its_equal(each: list[Finding | Unread]) -> None:
    matched = match(each, [as_entry(one) for one in each])

    assert [as_entry(each[number]) for number in matched.by if number is not None] == [as_entry(one) for one in each]
    assert matched.met == (1,) * len(each)


@given(st.lists(seen, min_size=1, max_size=8), st.data())
def test_without_one_of_them_the_others_are_accepted_still(each: list[Finding | Unread], data: st.DataObject) -> None:
    gone = data.draw(st.integers(0, len(each) - 1))

    left = accepted(each[:gone] + each[gone + 1 :], [as_entry(one) for one in each])

    assert all(left)


@given(st.lists(seen, min_size=1, max_size=6), st.data())
def test_one_more_finding_than_there_were_is_one_new_finding(each: list[Finding | Unread], data: st.DataObject) -> None:
    again = data.draw(st.sampled_from(each))

    matched = match([*each, again], [as_entry(one) for one in each])

    assert matched.by.count(None) == 1


@given(st.lists(names, min_size=1, max_size=4, unique=True), st.data())
def test_whatever_an_accepted_one_falls_apart_into_is_accepted_and_nothing_beyond_it(
    members: list[str], data: st.DataObject
) -> None:
    group_of = {member: data.draw(st.integers(0, 2)) for member in members}
    pieces = [[member for member in members if group_of[member] == number] for number in range(3)]
    split = [found(f"piece {number}", *piece) for number, piece in enumerate(pieces) if piece]
    known = [entry("whole", *members)]

    assert all(accepted(split, known))
    assert accepted([found("whole", *members, "beyond")], known) == [False]
    assert accepted([*split, found("again", members[0])], known).count(False) == 1


@given(st.lists(seen, max_size=8), st.lists(entries, max_size=5))
def test_nothing_larger_is_accepted_and_nothing_accepts_more_than_it_counts(
    each: list[Finding | Unread], known: list[Entry]
) -> None:
    matched = match(each, known)

    taken: dict[int, list[Finding | Unread]] = {}
    for one, number in zip(each, matched.by, strict=True):
        if number is not None:
            taken.setdefault(number, []).append(one)
    for number, several in taken.items():
        _holds(known[number], several)
        assert 1 <= matched.met[number] <= known[number].count
    assert {number for number, met in enumerate(matched.met) if met} == set(taken)


def _holds(known: Entry, several: Sequence[Finding | Unread]) -> None:
    """What an entry accepts is its own and no more than it holds."""
    used: Counter[str] = Counter()
    for one in several:
        if isinstance(one, Unread):
            assert known.unread
            used["\0whole"] += 1
            continue
        assert set(one.parts) <= set(known.parts)
        assert one.key in (known.key, known.former) or one.parts
        if one.amount is not None:
            assert known.amount is not None
            assert one.amount <= known.amount
        used.update(one.parts or ["\0whole"])
    whole = used.pop("\0whole", 0)
    assert all(count + whole <= known.count for count in (used or {"": 0}).values())


@given(st.lists(amounts, max_size=6), st.lists(amounts, max_size=6))
def test_of_the_findings_of_a_key_no_other_way_accepts_more(today: list[int | None], before: list[int | None]) -> None:
    graph: networkx.Graph[tuple[str, int]] = networkx.Graph()
    ours = [("found", number) for number in range(len(today))]
    graph.add_nodes_from(ours)
    for number, amount in enumerate(today):
        for other, most in enumerate(before):
            if amount is None or (most is not None and amount <= most):
                graph.add_edge(("found", number), ("entry", other))
    most_of_all = len(networkx.bipartite.maximum_matching(graph, top_nodes=ours)) // 2

    matched = match([found("a", amount=each) for each in today], [entry("a", amount=each) for each in before])

    assert sum(number is not None for number in matched.by) == most_of_all


@given(st.lists(seen, max_size=8), st.lists(entries, max_size=5), st.data())
def test_the_order_of_the_findings_changes_nothing(
    each: list[Finding | Unread], known: list[Entry], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(each))))

    one, other = match(each, known), match([each[number] for number in order], known)

    assert (one.met, one.outgrown) == (other.met, other.outgrown)
    assert _outcomes(each, one) == _outcomes([each[number] for number in order], other)


def _outcomes(each: Sequence[Finding | Unread], matched: Matched) -> Counter[tuple[str, int | None, str | None]]:
    return Counter((repr(one), by, growth) for one, by, growth in zip(each, matched.by, matched.growth, strict=True))


@given(st.lists(seen, max_size=8), st.lists(entries, max_size=5))
def test_only_what_is_new_has_grown_and_only_what_was_not_met_was_outgrown(
    each: list[Finding | Unread], known: list[Entry]
) -> None:
    matched = match(each, known)

    assert all(by is None or growth is None for by, growth in zip(matched.by, matched.growth, strict=True))
    assert bool(matched.outgrown) == any(matched.growth)


NUMEROUS: dict[str, tuple[Sequence[Finding], Sequence[Entry]]] = {
    "equal ones": ([found("a")] * MANY, [entry("a")] * MANY),
    "equal ones, accepted by one line": ([found("a")] * MANY, [entry("a", count=1_000_000)]),
    "equal ones with parts": ([found("a", "m", "n")] * MANY, [entry("a", "m", "n")] * MANY),
    "parts of their own": (
        [found(f"k{each}", f"m{each}", f"n{each}") for each in range(MANY)],
        [entry(f"k{each}", f"m{each}", f"n{each}") for each in range(MANY)],
    ),
    "one key, parts of their own": (
        [found("k", f"m{each}", f"n{each}") for each in range(MANY)],
        [entry("k", f"m{each}", f"n{each}") for each in range(MANY)],
    ),
    "all in pieces": (
        [found(f"new {each}", f"m{each}") for each in range(MANY)],
        [entry(f"k{each}", f"m{each}", f"n{each}") for each in range(MANY)],
    ),
    "one in as many pieces": (
        [found(f"new {each}", f"m{each}") for each in range(MANY)],
        [entry("k", *(f"m{each}" for each in range(MANY)))],
    ),
    "all with one part in common": (
        [found(f"new {each}", "common", f"m{each}") for each in range(MANY)],
        [entry(f"k{each}", "common", f"m{each}") for each in range(MANY)],
    ),
}
GROWN: dict[str, tuple[Sequence[Finding], Sequence[Entry]]] = {
    "equal ones": ([found("a", amount=2)] * MANY, [entry("a", amount=1)] * MANY),
    "amounts": (
        [found(f"k{each}", amount=2) for each in range(MANY)],
        [entry(f"k{each}", amount=1) for each in range(MANY)],
    ),
    "parts": (
        [found(f"new {each}", f"m{each}", f"n{each}") for each in range(MANY)],
        [entry(f"k{each}", f"m{each}") for each in range(MANY)],
    ),
}
SLOWEST = 20.0
"""Seconds on a machine that does something else as well; a quadratic search takes minutes."""
FAMILY = tuple(f"p{each}" for each in range(20))
SOME = 5_000
HOSTILE: dict[str, tuple[Sequence[Finding], Sequence[Entry]]] = {
    "equal but for one part": (
        [found(f"new {each}", *FAMILY, f"x{each}") for each in range(SOME)],
        [entry(f"old {each}", *FAMILY, f"y{each}") for each in range(SOME)],
    ),
    "equal but for one part, of one key": (
        [found("k", *FAMILY, f"x{each}") for each in range(SOME)],
        [entry("k", *FAMILY, f"y{each}") for each in range(SOME)],
    ),
    "as like to thirty others": (
        [found(f"new {each}", *(f"{each // 30} {part}" for part in FAMILY), f"x{each}") for each in range(SOME)],
        [entry(f"old {each}", *(f"{each // 30} {part}" for part in FAMILY), f"y{each}") for each in range(SOME)],
    ),
    "parts that all have, amounts that none has": (
        [found(f"new {each}", "m", "n", amount=SOME + each) for each in range(SOME)],
        [entry(f"old {each}", "m", "n", amount=each) for each in range(SOME)],
    ),
    "amounts that nothing accepts": (
        [found("k", amount=each) for each in range(SOME)],
        [entry("k") for _ in range(SOME)],
    ),
    "amounts of one key that grew": (
        [found("k", amount=SOME + each) for each in range(SOME)],
        [entry("k", amount=each) for each in range(SOME)],
    ),
    "parts of one key that grew": (
        [found("k", f"m{each}", f"n{each}") for each in range(SOME)],
        [entry("k", f"m{each}") for each in range(SOME)],
    ),
    "one large one, accepted often, in equal pieces": (
        [found(f"new {each}", "p0") for each in range(SOME)],
        [entry("k", *(f"p{each}" for each in range(SOME)), count=SOME)],
    ),
    "names that were moved onto each other": (
        [found(f"new {each}", "a", "b", "c") for each in range(SOME)],
        [entry(f"old {each}", "b", "c", moved={"a": "b"}) for each in range(SOME)],
    ),
    "halves of what others have taken": (
        [found(f"new {each}", "mn"[each % 2]) for each in range(2 * SOME)],
        [entry(f"old {each}", "m", "n") for each in range(SOME)],
    ),
    "names that are left of nothing": (
        [found("k", amount=each, at=None) for each in range(SOME)] + [found("k", "m", amount=1)],
        [entry("j", "m", former="k", count=1_000_000) for _ in range(SOME)],
    ),
}
NOTICED = 4.0
"""Seconds; each takes less than half of one where nothing else runs, and ten to ninety in a search that looks at all pairs."""


@pytest.mark.parametrize(("each", "known"), HOSTILE.values(), ids=HOSTILE)
def test_no_findings_are_so_much_alike_that_matching_them_takes_long(
    each: Sequence[Finding], known: Sequence[Entry]
) -> None:
    begun = time.process_time()

    match(each, known)

    assert time.process_time() - begun < NOTICED


def test_a_line_that_accepts_a_million_is_compared_as_one() -> None:
    many = [entry(f"k{each}", count=1_000_000) for each in range(SOME)]
    begun = time.process_time()

    more = beyond(many, many[:-1])

    assert more == Counter({f"k{SOME - 1}": 1_000_000})
    assert time.process_time() - begun < NOTICED


@pytest.mark.parametrize(("each", "known"), NUMEROUS.values(), ids=NUMEROUS)
def test_twenty_thousand_findings_are_matched_at_once(each: Sequence[Finding], known: Sequence[Entry]) -> None:
    begun = time.process_time()

    by = match(each, known).by

    assert None not in by
    assert time.process_time() - begun < SLOWEST


@pytest.mark.parametrize(("each", "known"), GROWN.values(), ids=GROWN)
def test_how_twenty_thousand_findings_have_grown_is_told_at_once(
    each: Sequence[Finding], known: Sequence[Entry]
) -> None:
    begun = time.process_time()

    growth = match(each, known).growth

    assert None not in growth
    assert time.process_time() - begun < SLOWEST
