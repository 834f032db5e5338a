"""How well file and database are in step: healthy, warning or critical, why, and what to do about each."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from selfcheck.subjects.instructions.plan import Item, Kind, Plan


class Status(StrEnum):
    """The scale of the sync."""

    HEALTHY = "healthy"
    WARNING = "warning"
    CRITICAL = "critical"


RUNNING = "running"


class Thresholds(Struct, frozen=True, kw_only=True):
    """From how many differing rules on it is a warning, and from how many it is critical."""

    warning: int = 1
    critical: int = 6


class LastRun(Struct, frozen=True, kw_only=True):
    """The last attempt to write, and what the attempts before it came to."""

    id: str
    outcome: str
    started: str
    reason: str | None = None
    seconds: float | None = None
    holder: str | None = None
    last_success: str | None = None
    runs: int = 0
    failures: int = 0
    mean_seconds: float | None = None

    @property
    def failed(self) -> bool:
        """Whether it ended, and not well."""
        return self.outcome not in {"done", RUNNING}

    @property
    def is_open(self) -> bool:
        """Whether it has not ended: it is at work, or was killed."""
        return self.outcome == RUNNING


class Health(Struct, frozen=True):
    """The status, why, and what to do."""

    status: Status
    reasons: tuple[str, ...]
    recommendations: tuple[str, ...]


def health(plan: Plan, last: LastRun | None, thresholds: Thresholds) -> Health:
    """The status of both sides as they stand."""
    count = len(plan.items)
    status, reasons, todo = Status.HEALTHY, list[str](), list[str]()
    if count >= thresholds.warning and count:
        status = Status.WARNING
    if count >= thresholds.critical and count:
        status = Status.CRITICAL
    if count:
        reasons.append(f"{count:,} rule{'s' * (count != 1)} differ{'s' * (count == 1)}")
        todo += _recommended(plan.items)
    if plan.refusal is not None:
        status = Status.CRITICAL
        reasons.append(plan.refusal)
        todo.append("restore the file; if it is right, `selfcheck sync apply --allow-mass-orphan`")
    if last is not None and last.is_open:
        status = Status.WARNING if status is Status.HEALTHY else status
        reasons.append(f"a sync that began {last.started} ({last.holder}) has not ended")
        todo.append("wait for it; if it was killed, `selfcheck sync apply` ends what it began")
    if last is not None and last.failed:
        status = Status.CRITICAL
        why = f": {last.reason}" if last.reason else ""
        reasons.append(f"the last sync ({last.started}) was {last.outcome}{why}")
        todo.append("mend its cause, then `selfcheck sync apply`")
    return Health(status, tuple(reasons), tuple(dict.fromkeys(todo)))


def recommendation(item: Item) -> str:
    """What to do about one rule."""
    if item.held is not None:
        return item.held
    match item.kind:
        case Kind.INSERT | Kind.UPDATE | Kind.REACTIVATE | Kind.DEACTIVATE:
            return "`selfcheck sync apply` writes it"
        case Kind.ORPHAN:
            return "put it into the file, or `selfcheck sync apply` exports it to a backup and switches it off"
        case Kind.DRIFTED:
            return "write the change into the file, or `selfcheck sync apply` takes it back"
        case Kind.CONFLICT:
            return "decide which side is right; `selfcheck sync apply` takes the file's"


def _recommended(items: Sequence[Item]) -> list[str]:
    found: dict[str, int] = {}
    for item in items:
        advice = recommendation(item)
        found[advice] = found.get(advice, 0) + 1
    return [
        f"{count:,} of them: {advice}" for advice, count in sorted(found.items(), key=lambda each: (-each[1], each[0]))
    ]
