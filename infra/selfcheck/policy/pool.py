"""All that is accepted of one guardrail, and how much of it is left while findings are compared with it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct, field

from selfcheck.policy.entry import Entry, Identity
from selfcheck.policy.numbered import Amounts, Numbers, bits_of

Like = tuple[Identity, frozenset[str], int | None]
"""By what findings are equal."""

TELLING = 32
"""A part that more accepted findings have than this does not tell which of them has grown."""
LOOKS = 64
"""No more accepted findings than this, and those of one part beyond, are compared with one that may have grown."""
TRIES = 32
"""After so many that look as if they fitted and do not, no further one is tried."""


class Group(Struct):
    """Equal findings: how many of them nothing accepts yet."""

    identity: Identity
    parts: frozenset[str]
    amount: int | None
    left: int

    @property
    def like(self) -> Like:
        """By what they are equal."""
        return self.identity, self.parts, self.amount

    @property
    def order(self) -> tuple[bool, int, int, Identity, list[str]]:
        """The largest first."""
        return self.amount is None, -(self.amount or 0), -len(self.parts), self.identity, sorted(self.parts)


class Accepts(NamedTuple):
    """So many findings of a group are accepted by the entry of this number."""

    group: Group
    number: int
    times: int


class Grew(NamedTuple):
    """So many findings of a group are worse in this way than what was accepted."""

    group: Group
    worse: str
    times: int


class _Pile(Struct, eq=False):
    """What one entry accepts, and what of it is taken: so many whole, and so many of each part."""

    number: int
    entry: Entry
    parts: frozenset[str]
    whole: int = 0
    most: int = 0
    """How many are taken of the part of which the most are."""
    taken: Counter[str] = field(default_factory=Counter[str])

    @property
    def size(self) -> tuple[int, bool, int, bool, int]:
        """The smallest first: of several that are large enough the closest one accepts."""
        amount = self.entry.amount
        return len(self.parts), amount is not None, amount or 0, self.entry.former is not None, self.number

    @property
    def untouched(self) -> int:
        """How many are left of which no part is taken."""
        return self.entry.count - self.whole - self.most

    def holds(self, amount: int | None) -> bool:
        """Whether each holds at least this amount."""
        return amount is None or (self.entry.amount is not None and amount <= self.entry.amount)

    def named(self, parts: frozenset[str]) -> frozenset[str] | None:
        """These parts by the names of today, under which or under the former ones it has them all; else None."""
        if parts <= self.parts:
            return parts
        now = frozenset(self.entry.moved.get(part, part) for part in parts)
        return now if len(now) == len(parts) and now <= self.parts else None

    def room(self, parts: frozenset[str]) -> int:
        """How many findings with these parts it accepts still; those without any take it whole."""
        if not parts or len(parts) == len(self.parts):
            return self.untouched
        return self.entry.count - self.whole - max(self.taken[part] for part in parts)

    def take(self, parts: frozenset[str], count: int) -> None:
        """Take these parts of so many; what is left may accept others."""
        if not parts or len(parts) == len(self.parts):
            self.whole += count
            return
        for part in parts:
            self.taken[part] += count
        self.most = max(self.most, *(self.taken[part] for part in parts))


class Pool:
    """All piles, the smallest first."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        piles = (_Pile(number, entry, frozenset(entry.parts)) for number, entry in enumerate(entries))
        self._piles = sorted(piles, key=lambda each: each.size)
        self.outgrown: set[int] = set()
        self._same: defaultdict[Like, list[int]] = defaultdict(list)
        self._named = Numbers()
        self._amounts = Amounts([pile.entry.amount for pile in self._piles])
        self._untouched = (1 << len(self._piles)) - 1
        self._with_parts = bits_of([place for place, pile in enumerate(self._piles) if pile.parts])
        for place, pile in enumerate(self._piles):
            entry = pile.entry
            self._same[(entry.unread, entry.key), pile.parts, entry.amount].append(place)
            for name in _names(pile):
                self._named.add(name, place)

    def accept(self, groups: list[Group]) -> Iterator[Accepts]:
        """Let the piles accept as many of the findings as they can."""
        # What is exactly as it was goes first. Of the rest the largest first: what is large enough for it is for all
        # after it, so that no other way accepts more findings of a key.
        groups.sort(key=lambda group: group.order)
        for offered in (self._exact, self._of_key, self._of_former, self._of_parts):
            for group in groups:
                if group.left:
                    yield from self._take(group, offered(group))

    def met(self) -> Iterator[int]:
        """How many of each entry were met."""
        counts = {pile.number: pile.whole + pile.most for pile in self._piles}
        return (counts[number] for number in range(len(counts)))

    def growths(self, groups: Sequence[Group]) -> Iterator[Grew]:
        """What findings have more than the accepted one that they are most like, which is like no other; to be asked for last."""
        near: defaultdict[str, list[int]] = defaultdict(list)
        if any(group.left and group.parts for group in groups):
            for place, pile in enumerate(self._piles):
                for part in _parts(pile) if pile.untouched else ():
                    near[part].append(place)
        for group in groups:
            yield from self._growths(group, near) if group.left else ()

    def _exact(self, group: Group) -> Iterator[int]:
        return iter(self._same.get(group.like, ()))

    def _of_key(self, group: Group) -> Iterator[int]:
        return self._named.having([("key", group.identity), *group.parts], self._fitting(group))

    def _of_former(self, group: Group) -> Iterator[int]:
        return self._named.having([("former", group.identity), *group.parts], self._fitting(group))

    def _of_parts(self, group: Group) -> Iterator[int]:
        return self._named.having(group.parts, self._fitting(group)) if group.parts else iter(())

    def _fitting(self, group: Group) -> Callable[[], int]:
        def fitting() -> int:
            bits = self._amounts.at_least(group.amount)
            return bits if group.parts else bits & self._untouched

        return fitting

    def _take(self, group: Group, places: Iterator[int]) -> Iterator[Accepts]:
        vain = 0
        for place in places:
            pile = self._piles[place]
            parts = pile.named(group.parts)
            room = pile.room(parts) if parts is not None and pile.holds(group.amount) else 0
            if room > 0:
                count = min(room, group.left)
                pile.take(parts or frozenset(), count)
                self._touched(place)
                group.left -= count
                yield Accepts(group, pile.number, count)
            elif pile.entry.moved:
                vain += 1  # under which of its names it has a part cannot be told by the name alone
            else:
                self._forget(place, group.parts)
            if not group.left or vain > TRIES:
                return

    def _touched(self, place: int) -> None:
        if self._piles[place].untouched <= 0 and self._untouched >> place & 1:
            self._untouched ^= 1 << place

    def _forget(self, place: int, parts: frozenset[str]) -> None:
        """It is not offered any more for a part of which nothing is left."""
        pile = self._piles[place]
        for part in parts & pile.parts:
            if pile.whole + pile.taken[part] >= pile.entry.count:
                self._named.drop(part, place)

    def _growths(self, group: Group, near: Mapping[str, Sequence[int]]) -> Iterator[Grew]:
        vain = 0
        for place in self._alike(group, near):
            pile = self._piles[place]
            worse = ", ".join(_more(group, pile.entry)) if pile.untouched > 0 else ""
            if worse:
                count = min(group.left, pile.untouched)
                self.outgrown.add(pile.number)
                pile.whole += count
                self._touched(place)
                group.left -= count
                yield Grew(group, worse, count)
            else:
                vain += 1
            if not group.left or vain > TRIES + LOOKS:
                return

    def _alike(self, group: Group, near: Mapping[str, Sequence[int]]) -> Iterator[int]:
        """Those of whose parts it has more than half, the most like first; those of its key with fewer; those with none."""
        common = {place: count for place in self._near(group, near) if (count := self._common(group, place))}
        own = {("key", group.identity), ("former", group.identity)}
        alike = [
            place
            for place, count in common.items()
            if 2 * count > len(self._piles[place].parts) or not own.isdisjoint(_names(self._piles[place]))
        ]
        yield from sorted(alike, key=lambda place: (common[place], place), reverse=True)
        for name in sorted(own):
            yield from self._named.having([name], self._smaller(group), last_first=True)

    def _near(self, group: Group, near: Mapping[str, Sequence[int]]) -> set[int]:
        """Those that have a part of it which tells, a rare part first; not all where they are many."""
        found: set[int] = set()
        for part in sorted(group.parts & near.keys(), key=lambda each: (len(near[each]), each)):
            if len(near[part]) > TELLING or len(found) > LOOKS:
                break
            found.update(near[part])
        return found

    def _common(self, group: Group, place: int) -> int:
        pile = self._piles[place]
        if not pile.entry.moved:
            return len(group.parts & pile.parts)
        return sum(pile.named(frozenset((part,))) is not None for part in group.parts)

    def _smaller(self, group: Group) -> Callable[[], int]:
        """Those of which it may have more."""

        def smaller() -> int:
            bits = self._amounts.any & ~self._amounts.at_least(group.amount) if group.amount is not None else 0
            return self._untouched & (bits | self._with_parts if group.parts else bits)

        return smaller


def _names(pile: _Pile) -> Iterator[Hashable]:
    """By what it is asked for."""
    yield "key", (pile.entry.unread, pile.entry.key)
    if pile.entry.former is not None:
        yield "former", (pile.entry.unread, pile.entry.former)
    yield from _parts(pile)


def _parts(pile: _Pile) -> set[str]:
    """Its parts by the names of today and by those that they had."""
    before = (old for old, new in pile.entry.moved.items() if new in pile.parts)
    return {*pile.parts, *before} if not pile.entry.unread else set()


def _more(group: Group, entry: Entry) -> Iterator[str]:
    known = {*entry.parts, *entry.moved}
    fresh = sorted(group.parts - known)
    if fresh and known:
        yield f"grew by {', '.join(fresh)}"
    if group.amount is not None and entry.amount is not None and group.amount > entry.amount:
        yield f"{group.amount:,}, accepted at {entry.amount:,}"
