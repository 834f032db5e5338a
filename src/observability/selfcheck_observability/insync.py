"""Whether what keeps rules in step still runs, by the event log."""

from datetime import datetime

from selfcheck_observability import health
from selfcheck_observability.health import Component
from selfcheck_observability.home import Home
from selfcheck_observability.logs import Asked, Category, Events


def synced(place: Home, now: datetime) -> Component:
    """The sync as a component, by its last event."""
    events = list(Events(place.folder / "events", place.intervals.log).read(Asked(category=Category.SYNC)))
    last = datetime.fromisoformat(events[-1]["at"]) if events else None
    return health.sync(last, place.intervals.sync, now)
