"""One guardrail on the page: its rows, of which many are folded and very many left out, and what accepts them."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct, structs

from selfcheck.formats.html.rows import Row, Sources, row, shown
from selfcheck.guardrail import Guardrail
from selfcheck.model import Acceptance, Evidence, Finding, Report, Ruling, Unread, Verdict

LISTED = 500
"""How many rows of one guardrail a section lists at most."""
FEWEST = 20
"""How many it lists, however many guardrails have rows."""
BUDGET = 5000
"""How many rows a page lists, where that leaves each guardrail its fewest."""
UNFOLDED = 20
"""How many rows of a list stand open."""
SOON = 14
"""An exception that ends within so many days is marked."""

Rulings = Sequence[Ruling[Finding] | Ruling[Unread]]
"""What counts, or does not: findings first, then files that could not be read."""


class Exempt(Struct, frozen=True, kw_only=True):
    """What one or several exceptions say that accept the same rows, and how near their end is."""

    by: str
    match: str | None
    reason: str
    owner: str | None
    until: date | None
    ends: str | None
    """Said where it ends soon, or has ended."""
    place: str
    state: str | None = None
    """Why it accepts nothing, where it accepts nothing."""


class Rows(Struct, frozen=True, kw_only=True):
    """Rows accepted alike, or that all count: those that stand open, those folded, how many are left out."""

    status: str
    exempt: Exempt | None
    opened: tuple[Row, ...]
    folded: tuple[Row, ...]
    left_out: int

    @property
    def total(self) -> int:
        """How many there are, listed or not."""
        return len(self.opened) + len(self.folded) + self.left_out


class Card(Struct, frozen=True, kw_only=True):
    """One guardrail in one section."""

    verdict: Verdict
    lists: tuple[Rows, ...] = ()
    idle: tuple[Exempt, ...] = ()
    """Exceptions that accept nothing today."""
    idle_left_out: int = 0
    hint: str | None = None
    """What to do, where it is the same for all rows."""
    message: str | None = None
    """What all rows say, where they differ by their places only."""

    @property
    def total(self) -> int:
        """How many rows there are, listed or not."""
        return sum(each.total for each in self.lists)

    @property
    def ends(self) -> str | None:
        """How near the end of its exceptions is, if it is near."""
        near = [each.ends for each in (*(rows.exempt for rows in self.lists), *self.idle) if each and each.ends]
        return f"{len(near)} end soon or have ended" if len(near) > 1 else near[0] if near else None

    @property
    def evidence(self) -> str | None:
        """What was looked at, in one line."""
        return ", ".join(_amount(each) for each in self.verdict.evidence) or None


def limit(cards: int) -> int:
    """How many rows each of so many cards lists."""
    return max(FEWEST, min(LISTED, BUDGET // max(1, cards)))


def rulings_of(verdict: Verdict) -> Rulings:
    """What was found and what could not be read."""
    return [*verdict.findings, *verdict.unread]


def written(verdict: Verdict) -> list[Acceptance]:
    """Every exception of a guardrail, once; that of a finding may not say how many it covers."""
    known = {_uncounted(each): each for each in verdict.acceptances}
    for each in rulings_of(verdict):
        if each.acceptance:
            known.setdefault(_uncounted(each.acceptance), each.acceptance)
    return list(known.values())


def _uncounted(acceptance: Acceptance) -> Acceptance:
    return structs.replace(acceptance, covered=0)


class Layout:
    """How the rows of one report become cards."""

    def __init__(self, report: Report, listed: int) -> None:
        self._today = report.run.started.date()
        self._sources = Sources(report.source)
        self._listed = listed

    def counting(self, verdict: Verdict, rulings: Rulings) -> Card:
        """The rows that count; what all of them say or advise is told once."""
        if not rulings:
            return Card(verdict=verdict)
        rows = self._rows(verdict.guardrail, rulings, self._listed)
        listed = (*rows.opened, *rows.folded)
        hints = {each.seen.hint for each in rulings if isinstance(each.seen, Finding)}
        messages = {each.message if each.place and not each.steps else None for each in listed}
        return Card(
            verdict=verdict,
            lists=(rows,),
            hint=hints.pop() if len(hints) == 1 else None,
            message=messages.pop() if len(messages) == 1 and len(rulings) > 1 else None,
        )

    def fixed(self, verdict: Verdict, rulings: Rulings) -> Card:
        """The rows that the base had; at their places this tree has other sources."""
        return Card(verdict=verdict, lists=(self._rows(verdict.guardrail, rulings, self._listed, gone=True),))

    def accepted(self, verdict: Verdict, rulings: Rulings) -> Card:
        """The rows that do not count by what accepts them, then the exceptions that accept nothing."""
        alike: dict[tuple[object, ...], list[Ruling[Finding] | Ruling[Unread]]] = {}
        for each in rulings:
            by = each.acceptance
            alike.setdefault((each.status, by and (by.by, by.reason, by.owner, by.until)), []).append(each)
        room, lists = self._listed, list[Rows]()
        for several in alike.values():
            accepting = tuple(dict.fromkeys(_uncounted(each.acceptance) for each in several if each.acceptance))
            exempt = self._exempt(accepting) if accepting else None
            lists.append(self._rows(verdict.guardrail, several, room, exempt=exempt))
            room = max(0, room - len(several))
        used = {_uncounted(each.acceptance) for each in rulings if each.acceptance}
        idle = [each for each in written(verdict) if _uncounted(each) not in used]
        return Card(
            verdict=verdict,
            lists=tuple(lists),
            idle=tuple(self._exempt((each,), idle=True) for each in idle[: self._listed]),
            idle_left_out=len(idle[self._listed :]),
        )

    def _rows(
        self, guardrail: Guardrail, rulings: Rulings, room: int, *, exempt: Exempt | None = None, gone: bool = False
    ) -> Rows:
        sources = None if gone else self._sources
        made = tuple(row(each, guardrail, sources) for each in rulings[:room])
        return Rows(
            status=rulings[0].status.value,
            exempt=exempt,
            opened=made[:UNFOLDED],
            folded=made[UNFOLDED:],
            left_out=len(rulings) - len(made),
        )

    def _exempt(self, several: Sequence[Acceptance], *, idle: bool = False) -> Exempt:
        first, alone = several[0], len(several) == 1
        left = first.left(self._today)
        return Exempt(
            by=first.by.value,
            match=first.match if alone else None,
            reason=first.reason,
            owner=first.owner,
            until=first.until,
            ends=_ends(left),
            place=shown(str(first.at) if alone else first.at.path),
            state=_state(first, left) if idle else None,
        )


def _ends(left: int | None) -> str | None:
    """How near an end is, if it is near."""
    if left is None or left > SOON:
        return None
    if left < 0:
        return f"ended {_days(-left)} ago"
    return f"ends in {_days(left)}" if left else "ends today"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number:,} days"


def _state(idle: Acceptance, left: int | None) -> str:
    if left is not None and left < 0:
        return "no longer in force"
    return f"covers {idle.covered:,} and accepts none" if idle.covered else "covers nothing"


def _amount(evidence: Evidence) -> str:
    if evidence.examined == evidence.scope:
        return f"{evidence.scope:,} {evidence.what}"
    return f"{evidence.examined:,} of {evidence.scope:,} {evidence.what}"
