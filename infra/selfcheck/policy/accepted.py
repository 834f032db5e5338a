"""Which of today's findings were accepted before: by key and number, by parts, by amount."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import islice

from msgspec import Struct

from selfcheck.model import Finding, Unread
from selfcheck.policy.entry import Entry, identity, measured
from selfcheck.policy.pool import Group, Like, Pool


class Matched(Struct, frozen=True):
    """For each finding the number of the entry that accepts it, or None; and how many of each entry were met."""

    by: tuple[int | None, ...]
    growth: tuple[str | None, ...]
    met: tuple[int, ...]
    outgrown: frozenset[int]
    """The entries that were not met because what they accepted became worse."""


def match(found: Sequence[Finding | Unread], entries: Sequence[Entry]) -> Matched:
    """Which entry accepts which finding; no accepted finding is met twice.

    A finding is accepted by an entry of its key, or by one whose parts contain its own, unless its amount is larger
    than what was accepted. Several findings may share the parts of one. What comes first in `found` has no advantage
    over what comes later except among equals.
    """
    places: defaultdict[Like, list[int]] = defaultdict(list)
    for place, each in enumerate(found):
        parts, amount = measured(each)
        places[identity(each), frozenset(parts), amount].append(place)
    pool = Pool(entries)
    by: list[int | None] = [None] * len(found)
    growth: list[str | None] = [None] * len(found)
    groups = [Group(*like, left=len(several)) for like, several in places.items()]
    waiting = {like: iter(several) for like, several in places.items()}
    for group, number, count in pool.accept(groups):
        for place in islice(waiting[group.like], count):
            by[place] = number
    met = tuple(pool.met())
    for group, worse, count in pool.growths(groups):
        for place in islice(waiting[group.like], count):
            growth[place] = worse
    return Matched(tuple(by), tuple(growth), met, frozenset(pool.outgrown))


def beyond(wanted: Sequence[Entry], entries: Sequence[Entry]) -> Counter[str]:
    """By key, how many findings some entries accept that others do not."""
    counts: Counter[Like] = Counter()
    for each in wanted:
        counts[(each.unread, each.key), frozenset(each.parts), each.amount] += each.count
    groups = [Group(*like, left=count) for like, count in counts.items()]
    for _ in Pool(entries).accept(groups):
        pass
    left: Counter[str] = Counter()
    for group in groups:
        left[group.identity[1]] += group.left
    return +left
