"""How a service says that it is, in one model: four levels, and the worst of what is critical decides."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from msgspec import Struct


class Level(IntEnum):
    """The levels by their gravity; unknown is never better than any other."""

    HEALTHY = 0
    MODERATE = 1
    UNKNOWN = 2
    CRITICAL = 3

    def __str__(self) -> str:
        return self.name.lower()


WORDS: dict[Level, frozenset[str]] = {
    Level.HEALTHY: frozenset(
        [
            "pass",
            "ok",
            "okay",
            "up",
            "healthy",
            "ready",
            "alive",
            "live",
            "true",
            "success",
            "successful",
            "available",
            "green",
            "running",
            "operational",
            "serving",
            "active",
            "connected",
            "good",
            "yes",
            "1",
        ]
    ),
    Level.MODERATE: frozenset(
        ["warn", "warning", "degraded", "moderate", "yellow", "amber", "deprecated", "partial", "impaired", "slow"]
    ),
    Level.CRITICAL: frozenset(
        [
            "fail",
            "failed",
            "failing",
            "failure",
            "error",
            "down",
            "unhealthy",
            "critical",
            "out_of_service",
            "red",
            "false",
            "unavailable",
            "not_ready",
            "dead",
            "disconnected",
            "broken",
            "bad",
            "no",
            "0",
            "unreachable",
        ]
    ),
}


class Component(Struct, frozen=True, kw_only=True):
    """A part of a service; `time` is when it was last looked at, where it says so."""

    name: str
    level: Level
    said: str
    time: datetime | None = None


class Health(Struct, frozen=True, kw_only=True):
    """What an answer says: `level` is what it says of the whole, if it does."""

    form: str
    level: Level | None = None
    said: str = ""
    components: tuple[Component, ...] = ()

    def seen(self, now: datetime, oldest: timedelta) -> "Health":
        """The same, with every component unknown that was last looked at too long ago."""
        several = tuple(
            Component(name=each.name, level=Level.UNKNOWN, said=f"{each.said}, stale", time=each.time)
            if each.time is not None and now - each.time > oldest
            else each
            for each in self.components
        )
        return Health(form=self.form, level=self.level, said=self.said, components=several)

    def aggregate(self, optional: Iterable[str] = ()) -> Level:
        """The worst of the components and of what is said of the whole; optional ones are moderate at worst.

        Of nothing that was looked at nothing is known.
        """
        spared = frozenset(optional)
        levels = [
            Level.MODERATE if each.name in spared and each.level is not Level.HEALTHY else each.level
            for each in self.components
        ]
        if self.level is not None and not (
            self.level is Level.CRITICAL and spared and levels and max(levels) < Level.UNKNOWN
        ):
            levels.append(self.level)
        return max(levels, default=Level.UNKNOWN)

    def breakdown(self) -> dict[str, int]:
        """How many components say what, in the words of a three-tier status."""
        names = {Level.HEALTHY: "healthy", Level.MODERATE: "warning", Level.CRITICAL: "error", Level.UNKNOWN: "unknown"}
        found: dict[str, int] = {"healthy": 0, "warning": 0, "deprecated": 0, "error": 0, "unknown": 0}
        for each in self.components:
            found["deprecated" if each.said.lower() == "deprecated" else names[each.level]] += 1
        return found


def level_of(word: object) -> Level | None:
    """The level that a word, a truth value or a number means as a status; None where it means none."""
    if isinstance(word, bool):
        return Level.HEALTHY if word else Level.CRITICAL
    if not isinstance(word, str):
        return None
    plain = word.strip().lower().replace("-", "_").replace(" ", "_").rstrip(".!")
    found = next((level for level, words in WORDS.items() if plain in words), None)
    return Level.UNKNOWN if found is None and plain in ("unknown", "pending", "starting", "none") else found


def time_of(text: object) -> datetime | None:
    """A time as ISO 8601 has it; one without a zone is UTC."""
    if not isinstance(text, str):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
