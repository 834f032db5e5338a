"""Which of today's findings were accepted before: by key and number, by parts, by amount."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat

from msgspec import Struct

from selfcheck.model import Finding, Unread

Identity = tuple[bool, str]
"""Whether it is about a file that could not be read, and the key."""


class Entry(Struct, frozen=True, kw_only=True):
    """So many findings of one key that are accepted, each with these parts and at most this amount."""

    key: str
    count: int = 1
    parts: tuple[str, ...] = ()
    amount: int | None = None
    unread: bool = False
    former: str | None = None
    """The key that it had before its file was moved."""
    moved: Mapping[str, str] = {}
    """Of the parts that had another name then, that and today's."""


class Matched(Struct, frozen=True):
    """For each finding the number of the entry that accepts it, or None; and how many of each entry were met."""

    by: tuple[int | None, ...]
    growth: tuple[str | None, ...]
    met: tuple[int, ...]
    outgrown: frozenset[int]
    """The entries that were not met because what they accepted became worse."""


TELLING = 100
"""A part that more accepted findings have than this does not tell which of them has grown."""


def match(found: Sequence[Finding | Unread], entries: Sequence[Entry]) -> Matched:
    """Which entry accepts which finding; no accepted finding is met twice.

    A finding is accepted by an entry of its key, or by one whose parts contain its own, unless its amount is larger
    than what was accepted. Several findings may share the parts of one. What comes first in `found` has no advantage
    over what comes later except among equals.
    """
    pool = _Pool(entries)
    by: list[int | None] = [None] * len(found)
    growth: list[str | None] = [None] * len(found)
    groups = _groups(found)
    # What is exactly as it was goes first. Of the rest the largest first: what is large enough for it is for all after it,
    # so that no other way accepts more findings of a key.
    for offered in (pool.same, pool.of_key, pool.of_former, pool.of_parts):
        for group in groups:
            for place, number in pool.take(group, offered(group)):
                by[place] = number
    for group in groups:
        for place, more in zip(group.places, pool.growths(group), strict=False):
            growth[place] = more
    return Matched(tuple(by), tuple(growth), tuple(pool.met), frozenset(pool.outgrown))


def measured(finding: Finding | Unread) -> tuple[tuple[str, ...], int | None]:
    """Its parts and its amount."""
    return (finding.parts, finding.amount) if isinstance(finding, Finding) else ((), None)


def identity(finding: Finding | Unread) -> Identity:
    """A file that cannot be read is no finding about it: who accepts the one has not seen the other."""
    return (False, finding.key) if isinstance(finding, Finding) else (True, finding.path)


class _Group(Struct):
    """Equal findings: the places of those that nothing accepts yet."""

    identity: Identity
    parts: frozenset[str]
    amount: int | None
    places: list[int]

    @property
    def order(self) -> tuple[bool, int, int, Identity, list[str]]:
        """The largest first."""
        return self.amount is None, -(self.amount or 0), -len(self.parts), self.identity, sorted(self.parts)


def _groups(found: Sequence[Finding | Unread]) -> list[_Group]:
    groups: dict[tuple[Identity, frozenset[str], int | None], _Group] = {}
    for place, each in enumerate(found):
        parts, amount = measured(each)
        like = identity(each), frozenset(parts), amount
        if like not in groups:
            groups[like] = _Group(*like, places=[])
        groups[like].places.append(place)
    return sorted(groups.values(), key=lambda group: group.order)


class _Pile(Struct, eq=False):
    """Some findings that an entry accepts, with the parts that are left of each, by the names of today."""

    number: int
    entry: Entry
    parts: set[str]
    count: int
    begun: bool = False
    """Whether a part of each is taken."""

    @property
    def size(self) -> tuple[int, bool, int, bool, int]:
        """The smallest first: of several that are large enough the closest one accepts."""
        amount = self.entry.amount
        return len(self.parts), amount is not None, amount or 0, self.entry.former is not None, self.number

    def accepts(self, group: _Group) -> bool:
        """Whether each holds at least what the findings have."""
        if self.begun and not group.parts:
            return False
        most = self.entry.amount
        enough = group.amount is None or (most is not None and group.amount <= most)
        return enough and self.named(group.parts) is not None

    def named(self, parts: frozenset[str]) -> frozenset[str] | None:
        """These parts by the names of today, under which or under the former ones it has them all; else None."""
        if parts <= self.parts:
            return parts
        now = frozenset(self.entry.moved.get(part, part) for part in parts)
        return now if len(now) == len(parts) and now <= self.parts else None


class _Pool:
    def __init__(self, entries: Sequence[Entry]) -> None:
        self.met = [0] * len(entries)
        self.outgrown: set[int] = set()
        self._same: defaultdict[object, list[_Pile]] = defaultdict(list)
        self._by_key: defaultdict[Identity, list[_Pile]] = defaultdict(list)
        self._by_former: defaultdict[Identity, list[_Pile]] = defaultdict(list)
        self._by_part: defaultdict[str, list[_Pile]] = defaultdict(list)
        piles = (_Pile(number, entry, set(entry.parts), entry.count) for number, entry in enumerate(entries))
        for pile in sorted(piles, key=lambda each: each.size):
            entry = pile.entry
            self._same[(entry.unread, entry.key), frozenset(entry.parts), entry.amount].append(pile)
            self._add(pile)

    def same(self, group: _Group) -> list[_Pile]:
        return self._same.get((group.identity, group.parts, group.amount), [])

    def of_key(self, group: _Group) -> list[_Pile]:
        return _left(self._by_key.get(group.identity))

    def of_former(self, group: _Group) -> list[_Pile]:
        return _left(self._by_former.get(group.identity))

    def of_parts(self, group: _Group) -> list[_Pile]:
        """Any of its parts leads to all that hold them all."""
        return _left(min((self._by_part.get(part, []) for part in sorted(group.parts)), key=len, default=None))

    def take(self, group: _Group, piles: Iterable[_Pile]) -> Iterator[tuple[int, int]]:
        """Let these accept as many of the findings as they can: each finding's place and the entry's number."""
        if not group.places:
            return
        fitting = (pile for pile in list(piles) if pile.accepts(group))
        for pile in sorted(fitting, key=lambda each: each.size) if group.parts else fitting:
            count = min(pile.count, len(group.places))
            self._part(pile, group.parts, count)
            yield from ((place, pile.number) for place in group.places[:count])
            del group.places[:count]
            if not group.places:
                return

    def growths(self, group: _Group) -> Iterator[str | None]:
        """What each finding has more than the accepted one that it is most like, which is like no other."""
        left = len(group.places)
        for pile in self._alike(group) if left else ():
            worse = ", ".join(_more(group, pile.entry))
            if worse:
                count = min(left, pile.count)
                self.outgrown.add(pile.number)
                pile.count -= count
                left -= count
                yield from repeat(worse, count)
            if not left:
                return

    def _add(self, pile: _Pile) -> None:
        self._by_key[pile.entry.unread, pile.entry.key].append(pile)
        if pile.entry.former is not None:
            self._by_former[pile.entry.unread, pile.entry.former].append(pile)
        before = (old for old, new in pile.entry.moved.items() if new in pile.parts)
        for part in {*pile.parts, *before} if not pile.entry.unread else ():
            self._by_part[part].append(pile)

    def _part(self, pile: _Pile, parts: frozenset[str], count: int) -> None:
        """Take these parts of so many, the whole where a finding has none; what is left may accept others."""
        if not pile.begun:
            self.met[pile.number] += count
        taken = pile.named(parts) or pile.parts
        if len(taken) == len(pile.parts):
            pile.count -= count
            return
        if count < pile.count:
            pile.count -= count
            pile = _Pile(pile.number, pile.entry, set(pile.parts), count)
            self._add(pile)
        pile.begun = True
        pile.parts -= taken

    def _alike(self, group: _Group) -> list[_Pile]:
        """Those of its key and those of whose parts it has more than half, the most like first."""
        common: defaultdict[int, int] = defaultdict(int)
        piles = {id(pile): pile for pile in (*self.of_key(group), *self.of_former(group)) if not pile.begun}
        near = set(piles)
        for part in group.parts:
            several = _left(self._by_part.get(part))
            for pile in several if len(several) <= TELLING else ():
                if pile.named(frozenset((part,))) is not None:
                    piles[id(pile)] = pile
                    common[id(pile)] += 1
        alike = [each for each in piles.values() if id(each) in near or 2 * common[id(each)] > len(each.entry.parts)]
        return sorted(alike, key=lambda each: (common[id(each)], each.size), reverse=True)


def _left(piles: list[_Pile] | None) -> list[_Pile]:
    """Those of which something is left; the others are not looked at again."""
    if piles is None:
        return []
    piles[:] = [pile for pile in piles if pile.count]
    return piles


def _more(group: _Group, entry: Entry) -> Iterator[str]:
    known = {*entry.parts, *entry.moved}
    fresh = sorted(group.parts - known)
    if fresh and known:
        yield f"grew by {', '.join(fresh)}"
    if group.amount is not None and entry.amount is not None and group.amount > entry.amount:
        yield f"{group.amount:,}, accepted at {entry.amount:,}"
