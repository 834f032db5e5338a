"""The event log: one file of JSON lines a category, each line one write; files rotate by size and age, old ones go."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from msgspec import Struct

from selfcheck.errors import CannotOpen

KEPT = 20
"""How many files of a category are kept beside the one that is written."""
AGE = timedelta(days=30)
"""How long a file is written before the next one is begun."""
RETENTION = timedelta(days=180)


class Category(StrEnum):
    """What an event is about."""

    RUN = "run"
    CHECK = "check"
    SYNC = "sync"
    DRIFT = "drift"
    ERROR = "error"


class Asked(Struct, frozen=True, kw_only=True):
    """Which events are wanted; moments are inclusive."""

    category: Category | None = None
    guardrail: str | None = None
    run: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    def fits(self, event: dict[str, Any]) -> bool:
        """Whether an event is one of those."""
        at = _moment(event.get("at"))
        return (
            (self.guardrail is None or event.get("guardrail") == self.guardrail)
            and (self.run is None or event.get("run") == self.run)
            and (self.since is None or (at is not None and at >= self.since))
            and (self.until is None or (at is not None and at <= self.until))
        )


class Events:
    """The log below a folder."""

    def __init__(self, folder: Path, largest: int) -> None:
        self._folder = folder
        self._largest = largest

    def append(self, category: Category, now: datetime, event: str, **fields: Any) -> None:
        """One event; an error is on disk when this returns.

        Raises:
            CannotOpen: it could not be written.
        """
        try:
            self._append(category, now, event, fields)
        except OSError as error:
            raise CannotOpen(f"{self._file(category)}: the event could not be written: {error.strerror}") from error

    def _append(self, category: Category, now: datetime, event: str, fields: dict[str, Any]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        about = {"at": now.astimezone(UTC).isoformat(timespec="milliseconds"), "event": event, **fields}
        line = json.dumps(about, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"
        self._rotate(category, len(line), now)
        descriptor = os.open(self._file(category), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line)
            if category is Category.ERROR:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def read(self, asked: Asked) -> Iterator[dict[str, Any]]:
        """The events that are asked for, oldest first; a line that is torn is passed over."""
        found: list[dict[str, Any]] = []
        for category in Category if asked.category is None else (asked.category,):
            for file in self._files(category):
                found += [{"category": category.value, **each} for each in _events(file) if asked.fits(each)]
        yield from sorted(found, key=lambda event: str(event.get("at")))

    def _file(self, category: Category) -> Path:
        return self._folder / f"{category}.jsonl"

    def _files(self, category: Category) -> list[Path]:
        """Those that are closed by their numbers, then the one that is written."""
        return [*sorted(self._folder.glob(f"{category}.*.jsonl")), self._file(category)]

    def _rotate(self, category: Category, more: int, now: datetime) -> None:
        file = self._file(category)
        try:
            size = file.stat().st_size
        except FileNotFoundError:
            return
        begun = _begun(file) or now
        if size + more <= self._largest and now - begun <= AGE:
            return
        closed = sorted(self._folder.glob(f"{category}.*.jsonl"))
        number = int(closed[-1].name.split(".")[1]) + 1 if closed else 1
        file.rename(self._folder / f"{category}.{number:06}.jsonl")
        for old in self._outdated(category, now):
            old.unlink(missing_ok=True)

    def _outdated(self, category: Category, now: datetime) -> list[Path]:
        closed = sorted(self._folder.glob(f"{category}.*.jsonl"))
        surplus, rest = closed[:-KEPT], closed[-KEPT:]
        oldest = (now - RETENTION).timestamp()
        return [*surplus, *(file for file in rest if file.stat().st_mtime < oldest)]


def _events(file: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = file.read_bytes().splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict):
            yield event


def _begun(file: Path) -> datetime | None:
    """When the first event of a file was written."""
    with file.open("rb") as lines:
        try:
            return _moment(json.loads(lines.readline(65536))["at"])
        except (ValueError, LookupError, TypeError):
            return None


def _moment(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
