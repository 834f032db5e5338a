"""How the memory is: components with a status and a remedy each, and one word for all of them. Pure.

`healthy`: every component is. `critical`: one of them has an error. `moderate`: anything between.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

NIGHTLY = timedelta(hours=36)
"""How old the last nightly run may be."""
SLACK = 10
"""How many intervals may pass before a service counts as late."""


class Status(StrEnum):
    """How one component is."""

    HEALTHY = "healthy"
    WARNING = "warning"
    DEPRECATED = "deprecated"
    ERROR = "error"


class Component(Struct, frozen=True, kw_only=True):
    """One component: what it is like, and what to do. One that nobody set up is not counted."""

    name: str
    status: Status
    message: str
    remedy: str | None = None
    configured: bool = True


class Summary(Struct, frozen=True):
    """What an operator reads first."""

    failing: tuple[str, ...]
    degraded: tuple[str, ...]
    first_action: str | None


class Health(Struct, frozen=True, kw_only=True):
    """All components, and the word for them."""

    version: int = 1
    status: str
    status_breakdown: dict[str, int]
    operator_summary: Summary
    checks: tuple[Component, ...]


def healthy(components: Sequence[Component]) -> Health:
    """The word for some components."""
    counted = [each for each in components if each.configured]
    breakdown = {status.value: sum(each.status is status for each in counted) for status in Status}
    failing = [each for each in counted if each.status is Status.ERROR]
    degraded = [each for each in counted if each.status in (Status.WARNING, Status.DEPRECATED)]
    actions = [each.remedy for each in (*failing, *degraded) if each.remedy]
    return Health(
        status="critical" if failing else "moderate" if degraded else "healthy",
        status_breakdown=breakdown,
        operator_summary=Summary(
            tuple(each.name for each in failing), tuple(each.name for each in degraded), next(iter(actions), None)
        ),
        checks=tuple(components),
    )


def scheduler(last: datetime | None, now: datetime) -> Component:
    """The nightly job, by when it last finished."""
    if last is None:
        said = "no nightly run is recorded"
        return Component(name="scheduler", status=Status.HEALTHY, message=said, configured=False)
    if now - last > NIGHTLY:
        hours = (now - last) / timedelta(hours=1)
        return Component(
            name="scheduler",
            status=Status.WARNING,
            message=f"the last nightly run is {hours:.0f} h old, at most {NIGHTLY / timedelta(hours=1):.0f} h are usual",
            remedy="run `selfcheck drift`, then look why the nightly workflow did not",
        )
    return Component(name="scheduler", status=Status.HEALTHY, message=f"the last nightly run ended {last.isoformat()}")


def sync(last: datetime | None, interval: timedelta, now: datetime) -> Component:
    """What keeps rules in step, by its last event."""
    if last is None:
        return Component(name="sync", status=Status.HEALTHY, message="nothing was ever synced here", configured=False)
    if now - last > interval * SLACK:
        said = f"the last sync was at {last.isoformat()}, more than {SLACK} intervals ago"
        return Component(
            name="sync", status=Status.WARNING, message=said, remedy="see `selfcheck events --category sync`"
        )
    return Component(name="sync", status=Status.HEALTHY, message=f"the last sync was at {last.isoformat()}")


def checks(outcome: str | None, errors: int, interrupted: int) -> Component:
    """The last run, and the runs that never ended."""
    if outcome is None:
        remedy = "run `selfcheck run --record`"
        return Component(name="checks", status=Status.WARNING, message="no run is recorded", remedy=remedy)
    if errors:
        said = f"{errors} guardrail{'s' * (errors > 1)} of the last run could not be judged"
        return Component(name="checks", status=Status.ERROR, message=said, remedy="run `selfcheck run`, it says why")
    if interrupted:
        said = f"{interrupted} of the last runs never ended"
        remedy = "see `selfcheck events --category error`"
        return Component(name="checks", status=Status.WARNING, message=said, remedy=remedy)
    return Component(
        name="checks", status=Status.HEALTHY, message=f"the last run was judged whole, and came to {outcome}"
    )
