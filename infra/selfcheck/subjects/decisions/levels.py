"""The level to which a decision is done, computed from its text: what is met, what is not, and what nothing shows."""

import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from msgspec import Struct

from selfcheck.subjects.decisions.decision import Decision
from selfcheck.subjects.decisions.model import Option, Phases
from selfcheck.subjects.decisions.status import Status

LEVELS = (1, 2, 3, 4, 5)
LEVEL = re.compile(r"\bL([1-5])\b")
SOAK = timedelta(days=14)
"""How long a decision has to live before it is verified."""
CONTEXT = ("problem", "constraints", "stakeholders")
RISKS = ("technical risks", "business risks", "security risks")
ACCEPTED = (Status.ACCEPTED, Status.IMPLEMENTED, Status.PARTLY, Status.SUPERSEDED, Status.DEPRECATED)


class Criterion(Struct, frozen=True):
    """What a level asks for. `met` is None where nothing shows whether it is."""

    level: int
    said: str
    met: bool | None


class Level(Struct, frozen=True):
    """The level that is claimed, and the one up to which every criterion is met; the criteria behind that."""

    claimed: int | None
    computed: int
    criteria: tuple[Criterion, ...]
    ambiguous: bool
    """Whether several levels are claimed, or only the template's list of them."""
    line: int

    def refuted(self) -> list[Criterion]:
        """What the claimed level asks for and is not so."""
        return [each for each in self.criteria if each.level <= (self.claimed or 0) and each.met is False]

    def unknown(self) -> list[Criterion]:
        """What the claimed level asks for and nothing shows."""
        return [each for each in self.criteria if each.level <= (self.claimed or 0) and each.met is None]


def claimed_by(decision: Decision) -> int:
    """The highest level that a decision claims; 0 where it claims none."""
    phases = decision.document.phases
    return max((int(found) for each in phases.levels for found in LEVEL.findall(each.text)), default=0) if phases else 0


def level_of(
    decision: Decision, exists: Callable[[str], bool], today: date, more: Sequence[Criterion] = ()
) -> Level | None:
    """The level of a decision, by `more` criteria too; None where it has no levels."""
    phases = decision.document.phases
    if phases is None:
        return None
    named = [found for each in phases.levels for found in LEVEL.findall(each.text)]
    claimed = int(named[0]) if len(set(named)) == 1 else None
    criteria = (*_criteria(decision, phases, exists, today), *more)
    computed = 0
    for level in LEVELS:
        if all(each.met for each in criteria if each.level == level):
            computed = level
        else:
            break
    line = phases.levels[0].line if phases.levels else 1
    return Level(claimed, computed, criteria, ambiguous=len(set(named)) > 1, line=line)


def _criteria(decision: Decision, phases: Phases, exists: Callable[[str], bool], today: date) -> Iterator[Criterion]:
    yield from _proposed(decision, phases)
    yield from _reviewed(decision, phases)
    yield from _accepted(decision, phases)
    yield from _implemented(decision, phases, exists)
    yield from _verified(phases, today)


def _proposed(decision: Decision, phases: Phases) -> Iterator[Criterion]:
    title = decision.document.title.strip("[]{} ")
    yield Criterion(1, "a title", bool(title) and title == decision.document.title)
    yield Criterion(1, "a status", decision.status is not None)
    yield Criterion(1, "a date", decision.day is not None)
    for field in CONTEXT:
        yield Criterion(1, f"context: {field}", _is_filled(phases, f"context/{field}") or field in phases.filled)
    yield Criterion(1, "an alternative with a name", bool(decision.document.options))


def _reviewed(decision: Decision, phases: Phases) -> Iterator[Criterion]:
    yield Criterion(2, "a decision", _is_filled(phases, "decision/"))
    yield Criterion(2, "a reason for it", _is_filled(phases, "decision/why"))
    for option in decision.document.options:
        yield Criterion(2, f"all of alternative {option.name}", _is_whole(option))
    yield Criterion(
        2, "every reviewer's sign", bool(phases.reviewers) and all(each.ticked for each in phases.reviewers)
    )
    open_claims = [each for each in phases.unverified if not each.ticked]
    unverified = [each for each in decision.document.claims if each.verified is False]
    yield Criterion(2, "no claim that is not verified", not open_claims and not unverified)


def _accepted(decision: Decision, phases: Phases) -> Iterator[Criterion]:
    yield Criterion(3, "the status accepted", decision.status in ACCEPTED)
    yield Criterion(3, "a sketch of the implementation", phases.sketch)
    for field in RISKS:
        yield Criterion(3, f"risks: {field}", _is_filled(phases, f"risks/{field}"))


def _implemented(decision: Decision, phases: Phases, exists: Callable[[str], bool]) -> Iterator[Criterion]:
    """Whether the code is as the sketch, and its tests pass, no text shows: that somebody says."""
    wired = [each.path for each in decision.document.mentions if "implementation" in each.note.casefold()]
    paths = [*wired, *(each.path for each in phases.tests)]
    for path in dict.fromkeys(posixpath.normpath(re.sub(r"^\$\w+/", "", each)) for each in paths):
        yield Criterion(4, f"{path} is there", exists(path))
    if not phases.tests:
        yield Criterion(4, "test files, named under Testing Strategy", None)
    attested = any(each.level >= 4 for each in phases.attested)
    yield Criterion(4, "somebody who attests that the code is as the sketch and its tests pass", attested or None)


def _verified(phases: Phases, today: date) -> Iterator[Criterion]:
    days = [date.fromisoformat(each.day) for each in phases.attested if each.level == 4 and _is_day(each.day)]
    yield Criterion(
        5, "somebody who attests the live validation", any(each.level == 5 for each in phases.attested) or None
    )
    soaked = today - min(days) >= SOAK if days else None
    yield Criterion(5, f"{SOAK.days} days since level 4 was attested", soaked)
    yield Criterion(5, "no blocking item", not any(not each.ticked for each in phases.blocking))


def _is_filled(phases: Phases, begin: str) -> bool:
    return any(each.startswith(begin) for each in phases.filled)


def _is_whole(option: Option) -> bool:
    return not option.missing


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
