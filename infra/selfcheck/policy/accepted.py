"""Which of today's findings were accepted before: by key and number, by parts, by amount."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

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


class Unit:
    """One accepted finding, taken by at most one of today's, or by several that share its parts among them."""

    def __init__(self, number: int, entry: Entry) -> None:
        self.number = number
        self.entry = entry
        self.parts = set(entry.parts)
        self.taken = False

    def accepts(self, finding: Finding | Unread) -> bool:
        """Whether it holds at least what the finding has."""
        parts, amount = measured(finding)
        if self.taken and not (parts and self.parts):
            return False
        enough = amount is None or (self.entry.amount is not None and amount <= self.entry.amount)
        return enough and self.parts.issuperset(parts)

    def take(self, finding: Finding | Unread) -> None:
        """Let the finding have its parts; without parts, the whole."""
        self.taken = True
        self.parts -= set(measured(finding)[0])


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
    than what was accepted. What comes first in `found` has no advantage over what comes later except among equals.
    """
    pool = _Pool(entries, len(found))
    by: list[int | None] = [None] * len(found)
    # The largest first, each to the smallest that is large enough: no other way accepts more.
    order = sorted(range(len(found)), key=lambda place: -(measured(found[place])[1] or 0))
    for offered in (pool.of_key, pool.of_parts):
        for place in order:
            if by[place] is None and (unit := pool.smallest(offered(found[place]), found[place])) is not None:
                unit.take(found[place])
                by[place] = unit.number
    growth = tuple(pool.growth(each) if number is None else None for each, number in zip(found, by, strict=True))
    return Matched(tuple(by), growth, pool.met(len(entries)), frozenset(pool.outgrown))


def measured(finding: Finding | Unread) -> tuple[tuple[str, ...], int | None]:
    """Its parts and its amount."""
    return (finding.parts, finding.amount) if isinstance(finding, Finding) else ((), None)


def identity(finding: Finding | Unread) -> Identity:
    """A file that cannot be read is no finding about it: who accepts the one has not seen the other."""
    return (False, finding.key) if isinstance(finding, Finding) else (True, finding.path)


class _Pool:
    def __init__(self, entries: Sequence[Entry], most: int) -> None:
        self.outgrown: set[int] = set()
        self._units: list[Unit] = []
        self._by_key: defaultdict[Identity, list[Unit]] = defaultdict(list)
        self._by_part: defaultdict[str, list[Unit]] = defaultdict(list)
        for number, entry in enumerate(entries):
            for _ in range(min(entry.count, most)):
                self._add(Unit(number, entry))

    def _add(self, unit: Unit) -> None:
        self._units.append(unit)
        for key in {unit.entry.key, unit.entry.former} - {None}:
            self._by_key[unit.entry.unread, str(key)].append(unit)
        for part in unit.parts:
            self._by_part[part].append(unit)

    def of_key(self, finding: Finding | Unread) -> list[Unit]:
        return self._by_key.get(identity(finding), [])

    def of_parts(self, finding: Finding | Unread) -> list[Unit]:
        parts, _ = measured(finding)
        return self._by_part.get(parts[0], []) if parts else []

    def smallest(self, units: Iterable[Unit], finding: Finding | Unread) -> Unit | None:
        fitting = (unit for unit in units if unit.accepts(finding))
        return min(fitting, key=lambda unit: (len(unit.parts), unit.entry.amount or 0), default=None)

    def met(self, entries: int) -> tuple[int, ...]:
        counts = [0] * entries
        for unit in self._units:
            counts[unit.number] += unit.taken
        return tuple(counts)

    def growth(self, finding: Finding | Unread) -> str | None:
        """What a finding has more than the accepted one that it is most like."""
        if not isinstance(finding, Finding):
            return None
        like = max(self._alike(finding), key=lambda unit: len(_shared(unit, finding)), default=None)
        worse = "" if like is None else ", ".join(_more(finding, like.entry))
        if like is not None and worse:
            self.outgrown.add(like.number)
        return worse or None

    def _alike(self, finding: Finding) -> Iterator[Unit]:
        yield from (unit for unit in self._by_key.get(identity(finding), []) if not unit.taken)
        for part in finding.parts:
            yield from (unit for unit in self._by_part[part] if 2 * len(_shared(unit, finding)) > len(unit.entry.parts))


def _shared(unit: Unit, finding: Finding) -> set[str]:
    return set(unit.entry.parts).intersection(finding.parts)


def _more(finding: Finding, entry: Entry) -> Iterator[str]:
    known = set(entry.parts)
    fresh = [part for part in finding.parts if part not in known]
    if fresh and known:
        yield f"grew by {', '.join(fresh)}"
    if finding.amount is not None and entry.amount is not None and finding.amount > entry.amount:
        yield f"{finding.amount:,}, accepted at {entry.amount:,}"
