"""Objectives, whichever file says them."""

from msgspec import Struct

from selfcheck.model import Unread


class Condition(Struct, frozen=True, array_like=True):
    """What a value in the answer must be: `checks.pool.utilization < 0.9`."""

    path: str
    op: str
    value: str

    def __str__(self) -> str:
        return f"{self.path} {self.op} {self.value}"


class Objective(Struct, frozen=True, kw_only=True):
    """One objective. Durations are seconds, shares from 0 to 1; what is not said, or is nothing of the kind, is None."""

    name: str
    title: str
    line: int
    form: str = "monitors"
    target: float | None = None
    written: str | None = None
    """The target as it is written."""
    budget: str | None = None
    """The error budget as it is written."""
    window: float | None = None
    interval: float | None = None
    timeout: float | None = None
    endpoints: tuple[str, ...] = ()
    statuses: tuple[int, ...] = ()
    method: str = "GET"
    percentiles: dict[str, float] = {}
    """Thresholds in seconds by the percentile: `95` for p95."""
    conditions: tuple[Condition, ...] = ()
    good: str | None = None
    total: str | None = None
    """Queries or metrics of what was good, and of all."""
    lines: dict[str, int] = {}
    """The lines of its settings."""

    def at(self, *keys: str) -> int:
        """The line of the first of these settings that is there, else of the objective."""
        return next((self.lines[key] for key in keys if key in self.lines), self.line)


class Channel(Struct, frozen=True, kw_only=True):
    """Who is told. `open` says that an address stands in the file where the name of a variable should."""

    name: str
    line: int
    enabled: bool = True
    is_open: bool = False


class Slip(Struct, frozen=True, kw_only=True):
    """What is wrong with the form of a file: where, and in words."""

    key: str
    line: int
    message: str
    hint: str


class Written(Struct, frozen=True, kw_only=True):
    """One file."""

    objectives: tuple[Objective, ...] = ()
    channels: tuple[Channel, ...] = ()
    slips: tuple[Slip, ...] = ()
    base_url: str | None = None
    names: tuple[str, ...] = ()
    """The metadata names of OpenSLO's documents, as `Kind/name`."""
    wanted: tuple[tuple[str, int], ...] = ()
    """What documents refer to, as `Kind/name`, with the line."""
    alerting: int = 0
    """The line where alerting is spoken of; 0 where it is not."""


class Slos(Struct, frozen=True):
    """All files, each by its path."""

    files: tuple[tuple[str, Written], ...]
    unread: tuple[Unread, ...]
