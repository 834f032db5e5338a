"""What accepts each finding of one guardrail: waivers, comments and baseline lines in force, then the bases that had it."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fnmatch import fnmatchcase

from msgspec import structs

from selfcheck.guardrail import Guardrail, Waiver
from selfcheck.model import (
    Acceptance,
    By,
    Evidence,
    Finding,
    Location,
    Ruling,
    Status,
    T,
    Unread,
    fingerprint,
)
from selfcheck.policy.accepted import match
from selfcheck.policy.entry import identity
from selfcheck.policy.given import Exceptions, Failed, Finished, Past, Remark, Skipped


class Written:
    """The exceptions written for one guardrail, and how much each covers of what was found."""

    def __init__(self, guardrail: Guardrail, exceptions: Exceptions, today: date) -> None:
        self.waivers = [(waiver, _said(guardrail, number, waiver)) for number, waiver in enumerate(guardrail.waivers)]
        self.comments = exceptions.comments.get(guardrail.id, ())
        self.lines = exceptions.baseline.get(guardrail.id, ())
        self.covered: Counter[int] = Counter()
        self.growth: dict[int, str] = {}
        """By the number of a finding, what it has more than a line of the baseline accepts."""
        self._holds = guardrail.waivable
        self._today = today

    def all(self) -> Iterator[Acceptance]:
        """Every one of them with the number that it covers."""
        return map(self.counted, self._each())

    def counted(self, acceptance: Acceptance) -> Acceptance:
        """One of them with the number that it covers."""
        return structs.replace(acceptance, covered=self.covered[id(acceptance)])

    def waived(self, found: Sequence[Finding | Unread]) -> dict[int, Acceptance]:
        """By the number of a finding, the waiver or comment in force that accepts it."""
        accepted: dict[int, Acceptance] = {}
        by_key: defaultdict[str, list[int]] = defaultdict(list)
        for number, each in enumerate(found) if self.waivers else ():
            by_key[identity(each)[1]].append(number)
        for waiver, acceptance in self.waivers:
            numbers = [number for key in _covered(waiver, by_key) for number in by_key[key]]
            # One that covers more than it counts accepts none: which are old is unknown.
            self._cover(acceptance, numbers, accepted, enough=len(numbers) <= (waiver.count or len(numbers)))
        places = _Places(found if self.comments else ())
        for remark in self.comments:
            self._cover(remark.acceptance, places.of(remark), accepted)
        return accepted

    def baselined(self, found: Sequence[Finding | Unread], waived: Mapping[int, Acceptance]) -> dict[int, Acceptance]:
        """By the number of a finding, the line of the baseline that accepts it; what is waived needs none."""
        if not self._holds or not self.lines:
            return {}
        order = [number for number in range(len(found)) if number not in waived]
        matched = match([found[number] for number in order], [line.entry for line in self.lines])
        for line, met in zip(self.lines, matched.met, strict=True):
            self.covered[id(line.acceptance)] += met
        self.growth = {number: more for number, more in zip(order, matched.growth, strict=True) if more}
        return {
            number: self.lines[by].acceptance for number, by in zip(order, matched.by, strict=True) if by is not None
        }

    def _cover(
        self, acceptance: Acceptance, numbers: Sequence[int], accepted: dict[int, Acceptance], *, enough: bool = True
    ) -> None:
        self.covered[id(acceptance)] += len(numbers)
        ended = acceptance.left(self._today)
        if self._holds and enough and ended is not None and ended >= 0:
            for number in numbers:
                accepted.setdefault(number, acceptance)

    def _each(self) -> Iterator[Acceptance]:
        yield from (acceptance for _, acceptance in self.waivers)
        yield from (remark.acceptance for remark in self.comments)
        yield from (line.acceptance for line in self.lines)


class Accepting:
    """What accepts each finding of one guardrail: exceptions in force, then the bases that had it already."""

    def __init__(
        self, guardrail: Guardrail, found: Sequence[Finding | Unread], written: Written, pasts: Sequence[Past]
    ) -> None:
        self._guardrail = guardrail
        self._counted = written.counted
        self._waived = written.waived(found)
        self._baselined = written.baselined(found, self._waived)
        self._growth = dict(written.growth)
        self._fixed: tuple[Finding, ...] = ()
        self.doubts: list[str] = []
        """Why something counts that may be old."""
        old = [self._old(found, past) for past in pasts]
        self._existing: frozenset[int] = old[0].intersection(*old) if old else frozenset()

    def ruled(self, seen: Sequence[T], first: int = 0) -> tuple[Ruling[T], ...]:
        """Each with its status and fingerprint; `first` is the number of the first. Equals are told apart by their order."""
        met: Counter[str] = Counter()
        rulings: list[Ruling[T]] = []
        for number, each in enumerate(seen, start=first):
            key = _identity(each)
            met[key] += 1
            status, acceptance = self._status(number)
            growth = self._growth.get(number) if status is Status.NEW else None
            counted = self._counted(acceptance) if acceptance else None
            rulings.append(Ruling(each, status, fingerprint(self._guardrail.id, key, met[key]), counted, growth))
        return tuple(rulings)

    def fixed(self) -> tuple[Ruling[Finding], ...]:
        """What the base had and today has not."""
        met: Counter[str] = Counter()
        rulings: list[Ruling[Finding]] = []
        for each in self._fixed:
            met[each.key] += 1
            rulings.append(Ruling(each, Status.FIXED, fingerprint(self._guardrail.id, each.key, met[each.key])))
        return tuple(rulings)

    def _status(self, number: int) -> tuple[Status, Acceptance | None]:
        if number in self._waived:
            return Status.WAIVED, self._waived[number]
        if number in self._baselined:
            return Status.BASELINED, self._baselined[number]
        return Status.EXISTING if number in self._existing else Status.NEW, None

    def _old(self, found: Sequence[Finding | Unread], past: Past) -> frozenset[int]:
        """The numbers of the findings that the past had too."""
        match past.examination:
            case Failed(reason):
                self.doubts.append(f"the base could not be judged, so nothing counts as old: {reason}")
                return frozenset()
            case Skipped():
                return frozenset()
            case Finished(seen):
                pass
        before = [each for each in seen if not isinstance(each, Evidence)]
        matched = match(found, [past.renames.entry(each) for each in before])
        kept = {number for number, met in enumerate(matched.met) if met} | matched.outgrown
        gone = [each for number, each in enumerate(before) if number not in kept and isinstance(each, Finding)]
        self._fixed = self._fixed or tuple(sorted(gone, key=finding_order))
        self._growth |= {number: growth for number, growth in enumerate(matched.growth) if growth}
        return frozenset(number for number, by in enumerate(matched.by) if by is not None)


def _said(guardrail: Guardrail, number: int, waiver: Waiver) -> Acceptance:
    place = guardrail.waiver_places[number] if guardrail.waiver_places else guardrail.place
    return Acceptance(
        by=By.WAIVER,
        match=waiver.match,
        at=Location(place.file, place.line),
        reason=waiver.reason,
        owner=waiver.owner,
        until=waiver.until,
        count=waiver.count,
    )


def _covered(waiver: Waiver, keys: Collection[str]) -> Iterable[str]:
    """Those of the keys that it covers."""
    if waiver.count is None:
        return (waiver.match,) if waiver.match in keys else ()
    return (key for key in keys if fnmatchcase(key, waiver.match))


class _Places:
    """Findings by file and line, so that no comment asks each of them."""

    def __init__(self, found: Sequence[Finding | Unread]) -> None:
        self._all: defaultdict[str, list[int]] = defaultdict(list)
        self._by_line: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, each in enumerate(found):
            at = each.at if isinstance(each, Finding) else Location(each.path)
            if at is not None:
                self._all[at.path].append(number)
                if at.line is not None:
                    self._by_line[at.path].append((at.line, number))
        for several in self._by_line.values():
            several.sort()

    def of(self, remark: Remark) -> list[int]:
        """The numbers of what is found where a comment stands."""
        if remark.lines is None:
            return self._all.get(remark.path, [])
        several = self._by_line.get(remark.path, [])
        first, last = remark.lines
        return [number for _, number in several[bisect_left(several, (first, 0)) : bisect_left(several, (last + 1, 0))]]


def _identity(seen: Finding | Unread) -> str:
    unread, key = identity(seen)
    return f"unread\0{key}" if unread else key


def finding_order(finding: Finding) -> tuple[str, int, int, str, str]:
    """By place, then by all that it holds: nothing depends on the order in which a check yields."""
    at = finding.at or Location("")
    return at.path, at.line or 0, at.column or 0, finding.key, repr(finding)


def unread_order(unread: Unread) -> tuple[str, str]:
    """By path."""
    return unread.path, unread.reason
