"""The error budget that recorded probes leave, and how fast it is spent."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from selfcheck.slo.records import Record
from selfcheck.subjects.slo import Objective
from selfcheck.subjects.slo.quantities import said
from selfcheck.subjects.slo.statistics import BURNS, FEWEST_FAILURES, resolution, threshold

SPOKEN_FOR = 0.1
"""The share of a window that probes must span before anything is said of the whole."""


class Budget(Struct, frozen=True, kw_only=True):
    """What is left of one objective's budget: 1 is all of it, below 0 it is overspent; None where nobody can say."""

    objective: str
    left: float | None
    samples: int
    failures: int
    window: str
    alerts: tuple[str, ...]
    reason: str | None = None


def budgets(objectives: Sequence[Objective], records: Sequence[Record], now: datetime) -> list[Budget]:
    """The budget of every objective that has a target and endpoints."""
    return [
        _budget(each, each.target, each.window or 2_592_000.0, records, now)
        for each in objectives
        if each.target is not None and 0 < each.target < 1 and each.endpoints
    ]


def _budget(objective: Objective, target: float, window: float, records: Sequence[Record], now: datetime) -> Budget:
    """Probes are counted, not time: a gap is no data, neither good nor bad."""
    own = [each for each in records if each.endpoint in objective.endpoints]
    inside = _since(own, now, window)
    failures = sum(not each.ok for each in inside)
    reason = _too_few(inside, target, window)
    spent = failures / len(inside) / (1 - target) if inside else 0.0
    return Budget(
        objective=objective.name,
        left=None if reason else round(1 - spent, 6),
        samples=len(inside),
        failures=failures,
        window=said(window),
        alerts=tuple(_alerts(own, target, window, now)),
        reason=reason,
    )


def _since(records: Sequence[Record], now: datetime, window: float) -> list[Record]:
    start = now - timedelta(seconds=window)
    return [each for each in records if start < each.time <= now]


def _too_few(inside: Sequence[Record], target: float, window: float) -> str | None:
    if len(inside) < resolution(target):
        return f"{len(inside):,} probes, and it takes {resolution(target):,}"
    spanned = (max(each.time for each in inside) - min(each.time for each in inside)).total_seconds()
    if spanned < SPOKEN_FOR * window:
        return f"probes of {said(spanned)}, and the window is {said(window)}"
    return None


def _alerts(records: Sequence[Record], target: float, window: float, now: datetime) -> list[str]:
    """The pairs of windows in both of which the budget burns too fast, with enough failures in the long one."""
    found: list[str] = []
    for burn in BURNS:
        limit = threshold(burn, window)
        long, short = _since(records, now, burn.long), _since(records, now, burn.short)
        failures = sum(not each.ok for each in long)
        if failures >= FEWEST_FAILURES and all(_rate(each, target) > limit for each in (long, short)):
            found.append(f"{burn.severity}: burns {_rate(long, target):.1f} times too fast over {said(burn.long)}")
    return found


def _rate(records: Sequence[Record], target: float) -> float:
    return sum(not each.ok for each in records) / len(records) / (1 - target) if records else 0.0
