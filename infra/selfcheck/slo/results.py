"""What probes say of an objective: met, missed, or not enough of them to say."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from selfcheck.slo.records import Record
from selfcheck.slo.values import holds
from selfcheck.subjects.slo import Objective
from selfcheck.subjects.slo.quantities import percent, said
from selfcheck.subjects.slo.statistics import (
    FEWEST_FAILURES,
    nearest_rank,
    needed_for_percentile,
    resolution,
    wilson,
)


class State(StrEnum):
    """What can be said of an objective."""

    MET = "met"
    MISSED = "missed"
    INSUFFICIENT = "insufficient data"


class Result(Struct, frozen=True, kw_only=True):
    """One thing that an objective promises, and what came of it."""

    objective: str
    what: str
    state: State
    detail: str
    samples: int
    value: float | None = None


def results(objective: Objective, records: Sequence[Record]) -> list[Result]:
    """Every promise of an objective against the probes of its endpoints."""
    own = [each for each in records if each.endpoint in objective.endpoints]
    found: list[Result] = []
    if objective.target is not None and objective.endpoints and not objective.percentiles:
        found.append(_availability(objective, own))
    found += [_percentile(objective, key, limit, own) for key, limit in sorted(objective.percentiles.items())]
    found += [_condition(objective, index, own) for index in range(len(objective.conditions))]
    if not found:
        detail = "nothing that a probe can measure: no endpoint, or no target"
        found.append(
            Result(objective=objective.name, what="objective", state=State.INSUFFICIENT, detail=detail, samples=0)
        )
    return found


def _availability(objective: Objective, records: Sequence[Record]) -> Result:
    target = objective.target or 0.0
    total, good = len(records), sum(each.ok for each in records)
    failures = total - good
    low, high = wilson(good, total)
    share = good / total if total else 0.0
    needed = resolution(target) if target < 1 else 1
    if share < target and failures >= FEWEST_FAILURES:
        state = State.MISSED
    elif total < needed or share < target:
        state = State.INSUFFICIENT
    else:
        state = State.MET
    detail = f"{percent(share)} of {total:,} ({percent(low)} to {percent(high)}), target {percent(target)}"
    if state is State.INSUFFICIENT:
        detail += (
            f"; it takes {needed:,} probes"
            if total < needed
            else f"; {failures} failed, and it takes {FEWEST_FAILURES}"
        )
    return Result(objective=objective.name, what="availability", state=state, detail=detail, samples=total, value=share)


def _percentile(objective: Objective, key: str, limit: float, records: Sequence[Record]) -> Result:
    """What failed took for ever: a timeout is no fast answer."""
    quantile = float(f"0.{key}")
    taken = [each.seconds if each.status is not None else float("inf") for each in records]
    value = nearest_rank(taken, quantile)
    needed = needed_for_percentile(quantile)
    detail = f"{'no answer' if value == float('inf') else said(value) if taken else 'nothing'} of {len(taken):,}, at most {said(limit)}"
    # So many slow ones cannot come of a service that keeps the promise, however few there are in all.
    slow = sum(each > limit for each in taken)
    if len(taken) < needed and not (taken and slow == len(taken) >= FEWEST_FAILURES):
        state, detail = State.INSUFFICIENT, f"{detail}; it takes {needed:,} probes"
    else:
        state = State.MET if value <= limit else State.MISSED
    finite = value if taken and value != float("inf") else None
    return Result(
        objective=objective.name, what=f"p{key}", state=state, detail=detail, samples=len(taken), value=finite
    )


def _condition(objective: Objective, index: int, records: Sequence[Record]) -> Result:
    condition = objective.conditions[index]
    found = [each.values[condition.path] for each in records if condition.path in each.values]
    broken = [each for each in found if not holds(condition, each)]
    detail = f"{len(found) - len(broken):,} of {len(found):,} answers"
    if broken:
        detail += f", {broken[-1][:60]} last time"
    if len(broken) >= FEWEST_FAILURES:
        state = State.MISSED
    elif broken or len(found) < FEWEST_FAILURES or len(found) * 2 < len(records):
        state = State.INSUFFICIENT
        silent = len(records) - len(found)
        detail += f"; {silent:,} say nothing of it" if silent else f"; it takes {FEWEST_FAILURES} that say the same"
    else:
        state = State.MET
    return Result(objective=objective.name, what=str(condition), state=state, detail=detail, samples=len(found))
