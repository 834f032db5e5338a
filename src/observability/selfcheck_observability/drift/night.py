"""What one night came to, as values: the JSON report itself, version 1. Fields are added and never change."""

from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct

from selfcheck_observability.health import Component
from selfcheck_observability.map.differences import Difference


class Class(StrEnum):
    """What became of a finding since the run before."""

    NEW = "new"
    REGRESSED = "regressed"
    LAPSED = "lapsed"
    RECURRING = "recurring"
    UNJUDGED = "unjudged"
    FIXED = "fixed"
    ACCEPTED = "accepted"
    RETIRED = "retired"

    @property
    def counts(self) -> bool:
        """Whether the promise is still broken, or nobody could tell."""
        return self in (Class.NEW, Class.REGRESSED, Class.LAPSED, Class.RECURRING, Class.UNJUDGED)


class Item(Struct, frozen=True, kw_only=True):
    """One finding; its age is counted from when it was opened last."""

    class_: Class = msgspec.field(name="class")
    guardrail: str
    severity: str
    key: str
    message: str
    path: str | None
    line: int | None
    fingerprint: str
    since: str
    days: int
    runs: int
    reopened: int
    first_bad: str | None = None
    """The first commit that has it, where that was looked for and found."""
    searched: str | None = None
    """What is to be said of that search."""


class Ending(Struct, frozen=True, kw_only=True):
    """An exception that ends soon, or has ended."""

    guardrail: str
    by: str
    match: str
    until: str
    days: int
    owner: str | None
    place: str


class Idle(Struct, frozen=True, kw_only=True):
    """A guardrail that guarded nothing in all the runs that are remembered."""

    guardrail: str
    runs: int
    why: str


class Slow(Struct, frozen=True, kw_only=True):
    """A guardrail that took much longer than it usually does."""

    guardrail: str
    seconds: float
    usual: float


class Flaky(Struct, frozen=True, kw_only=True):
    """A guardrail that came to different outcomes on the same commit under the same rulebook."""

    guardrail: str
    revision: str
    outcomes: tuple[str, ...]


class Unjudged(Struct, frozen=True, kw_only=True):
    """A guardrail that could not be judged, was skipped, or could not be shown to be able to fail."""

    guardrail: str
    outcome: str
    reason: str


class Cited(Struct, frozen=True, kw_only=True):
    """The decisions that guardrails refer to, and what became of these references since the run before."""

    decisions: tuple[str, ...]
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


class Charted(Struct, frozen=True, kw_only=True):
    """What differs between the intelligence maps of the run before and of tonight, or why that is not known."""

    differences: tuple[Difference, ...] = ()
    said: str | None = None


class Previous(Struct, frozen=True, kw_only=True):
    """The run that this one is compared with."""

    run: int
    kind: str
    finished: str
    revision: str | None
    rulebook_changed: bool


class Night(Struct, frozen=True, kw_only=True):
    """The report. Without a `previous` run nothing could be compared: what it lists is what there is."""

    version: int = 1
    repository: str
    branch: str
    run: int
    finished: str
    revision: str | None
    selfcheck: str
    rulebook: str
    exit: int
    outcome: str
    passed: int
    failed: int
    errors: int
    skipped: int
    previous: Previous | None
    findings: tuple[Item, ...]
    accepted: int
    """How many findings are accepted, today's and older."""
    ending: tuple[Ending, ...] = ()
    idle: tuple[Idle, ...] = ()
    slow: tuple[Slow, ...] = ()
    flaky: tuple[Flaky, ...] = ()
    unjudged: tuple[Unjudged, ...] = ()
    unproven: tuple[Unjudged, ...] = ()
    cited: Cited = Cited(decisions=())
    trend: tuple[int, ...] = ()
    """Findings that counted, in the last runs of this branch, oldest first."""
    interrupted: tuple[int, ...] = ()
    """Runs that never ended, since the run before."""
    map: Charted | None = None
    """None where there is no intelligence map."""
    sync: Component | None = None
    """How what keeps rules in step is; None where nothing was ever synced here."""

    @property
    def clean(self) -> bool:
        """Whether every promise was judged and is kept: a night that could not judge is not clean."""
        return self.passed > 0 and not self.errors and not any(each.class_.counts for each in self.findings)

    def of(self, *classes: Class) -> tuple[Item, ...]:
        """The findings of some classes."""
        return tuple(each for each in self.findings if each.class_ in classes)


def encoded(night: Night) -> str:
    """The report as JSON."""
    return msgspec.json.format(msgspec.json.encode(night), indent=2).decode() + "\n"


def schema() -> dict[str, Any]:
    """The JSON Schema of the report."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Night)}
