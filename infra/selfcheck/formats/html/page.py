"""What the page says, in its order: sections of guardrails, each with its rows. Nothing here is markup."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta

from msgspec import Struct

from selfcheck.formats.html.cards import SOON, Card, Layout, Rulings, limit, rulings_of, written
from selfcheck.guardrail import Severity
from selfcheck.model import Outcome, Report, Status, Verdict

HEADLINES = {Outcome.PASS: "Passed", Outcome.FAIL: "Failed", Outcome.ERROR: "Could not be judged"}
OF_FINDINGS = ("accepted", "fixed")
"""Sections that are about findings, not about guardrails."""


class Section(Struct, frozen=True, kw_only=True):
    """Guardrails of one kind, below one heading; folded ones show their heads only."""

    id: str
    title: str
    lead: str
    cards: tuple[Card, ...]
    folded: bool

    short: str
    """What the number counts, in the way that leads here."""

    @property
    def number(self) -> int:
        """How many guardrails it holds, or findings, where these are what it is about."""
        return sum(card.total for card in self.cards) if self.id in OF_FINDINGS else len(self.cards)


class Chips(Struct, frozen=True):
    """The values by which the page is filtered in one respect, and how many guardrails or findings have each."""

    field: str
    values: tuple[tuple[str, int], ...]


class Page(Struct, frozen=True, kw_only=True):
    """The whole page."""

    report: Report
    headline: str
    summary: str
    ending: int
    """How many exceptions end soon or have ended."""
    sections: tuple[Section, ...]
    chips: tuple[Chips, ...]

    @property
    def base(self) -> str:
        """What the run is compared with."""
        return _base(self.report)

    @property
    def left_out(self) -> int:
        """How many rows are not in the page."""
        return sum(each.left_out for section in self.sections for card in section.cards for each in card.lists)


class _Plan(Struct, frozen=True):
    """A section before its rows are made."""

    id: str
    title: str
    short: str
    lead: str
    parts: tuple[tuple[Verdict, Rulings], ...]
    folded: bool = False


def page(report: Report) -> Page:
    """The report, laid out."""
    plans = [plan for plan in _plans(report) if plan.parts]
    layout = Layout(report, limit(sum(bool(rulings) for plan in plans for _, rulings in plan.parts)))
    soon = report.run.started.date() + timedelta(days=SOON)
    return Page(
        report=report,
        headline=HEADLINES[report.outcome],
        summary=_summary(report),
        ending=sum(each.until is not None and each.until <= soon for v in report.verdicts for each in written(v)),
        sections=tuple(_section(plan, layout) for plan in plans),
        chips=tuple(each for each in _chips(report) if len(each.values) > 1),
    )


def _section(plan: _Plan, layout: Layout) -> Section:
    make = {"accepted": layout.accepted, "fixed": layout.fixed}.get(plan.id, layout.counting)
    cards = tuple(make(verdict, rulings) for verdict, rulings in plan.parts)
    return Section(id=plan.id, title=plan.title, short=plan.short, lead=plan.lead, cards=cards, folded=plan.folded)


def _plans(report: Report) -> Iterator[_Plan]:
    """All sections, in the order in which a reader needs them."""
    failed = [each for each in report.verdicts if each.outcome is Outcome.FAIL]
    unjudged = sorted((v for v in report.verdicts if v.outcome is Outcome.ERROR), key=lambda v: not v.gates)
    yield _Plan(
        "blocks",
        "What blocks",
        "blocking",
        "Promises that are broken and stop the gate.",
        _counting(each for each in failed if each.gates),
    )
    yield _Plan(
        "unjudged",
        "Could not be judged",
        "not judged",
        "Neither kept nor broken: nobody knows. What blocks stands first.",
        _counting(unjudged),
    )
    yield _Plan(
        "warns",
        "What only warns",
        "warning",
        "Promises that are broken and do not stop the gate today.",
        _counting(each for each in failed if not each.gates),
    )
    accepted = ((each, _rulings(each, counts=False)) for each in report.verdicts)
    yield _Plan(
        "accepted",
        "Accepted",
        "accepted",
        "Findings that do not count, by what accepts them, and every exception that is written.",
        tuple(part for part in accepted if part[1] or written(part[0])),
        folded=True,
    )
    base = _base(report)
    yield _Plan(
        "fixed",
        f"Fixed since {base}",
        "fixed",
        f"Findings that {base} had and this tree has not.",
        tuple((each, each.fixed) for each in report.verdicts if each.fixed),
        folded=True,
    )
    yield _Plan(
        "passed",
        "Kept",
        "kept",
        "Promises that hold, and what was looked at to know.",
        tuple((each, ()) for each in report.verdicts if each.outcome is Outcome.PASS),
        folded=True,
    )
    yield _Plan(
        "skipped",
        "Skipped",
        "skipped",
        "Guardrails that do not apply here, or may not run.",
        tuple((each, ()) for each in report.verdicts if each.outcome is Outcome.SKIP),
        folded=True,
    )


def _base(report: Report) -> str:
    return report.run.base.name if report.run.base else "the base"


def _counting(verdicts: Iterable[Verdict]) -> tuple[tuple[Verdict, Rulings], ...]:
    return tuple((each, _rulings(each, counts=True)) for each in verdicts)


def _rulings(verdict: Verdict, *, counts: bool) -> Rulings:
    return [each for each in rulings_of(verdict) if each.counts is counts]


def _summary(report: Report) -> str:
    """One sentence on why the headline is what it is."""
    if report.stopped is not None:
        return "Interrupted: this report is not complete."
    if not report.verdicts:
        return "Nothing was judged."
    total = len(report.verdicts)
    of = f"of {total:,} {'guardrail' if total == 1 else 'guardrails'}"
    gating = Counter(each.outcome for each in report.verdicts if each.gates)
    failed, lost = gating[Outcome.FAIL], gating[Outcome.ERROR]
    if lost:
        also = f", and {failed:,} {'blocks' if failed == 1 else 'block'}" if failed else ""
        return f"{lost:,} {of} could not be judged{also}."
    if failed:
        return f"{failed:,} {of} {'blocks' if failed == 1 else 'block'}."
    kept = report.count(Outcome.PASS)
    if kept == total:
        return "The only guardrail holds." if total == 1 else f"All {total:,} guardrails hold."
    return f"Nothing blocks; {kept:,} {of} {'holds' if kept == 1 else 'hold'}."


def _chips(report: Report) -> Iterator[Chips]:
    """What there is to filter by; owners and tags in their order."""
    guardrails = [each.guardrail for each in report.verdicts]
    statuses = [each.status.value for v in report.verdicts for each in (*rulings_of(v), *v.fixed)]
    yield _chip("severity", (each.severity.value for each in guardrails), [each.value for each in Severity])
    yield _chip("outcome", (each.outcome.value for each in report.verdicts), [each.value for each in Outcome])
    yield _chip("status", statuses, [each.value for each in Status])
    yield _chip("owner", (each.owner for each in guardrails if each.owner))
    yield _chip("tag", (tag for each in guardrails for tag in dict.fromkeys(each.tags)))


def _chip(field: str, values: Iterable[str], order: Iterable[str] = ()) -> Chips:
    counts = Counter(values)
    return Chips(field, tuple((value, counts[value]) for value in order or sorted(counts) if counts[value]))
