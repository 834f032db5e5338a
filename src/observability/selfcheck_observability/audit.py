"""`audit.jsonl`: append-only, one write an entry, each entry with the hash of the one before, across rotation.

A chain that was cut at its end is still a chain: the head is therefore kept in the row of each run as well.
"""

import fcntl
import hashlib
import json
import os
import uuid
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, cast

from msgspec import Struct

from selfcheck.errors import CannotOpen

NAME = "audit.jsonl"
LARGEST = 10_000_000
FIELDS = ("number", "at", "chain", "event", "about", "before")


class Anchor(Struct, frozen=True):
    """An entry by which a chain is held: its chain, its number, its hash."""

    chain: str
    number: int
    head: str


class Held(Struct, frozen=True):
    """An anchor, and the run in whose row it is."""

    run: int
    anchor: Anchor


class Bad(Struct, frozen=True):
    """The first entry that does not hold, and why."""

    place: str
    reason: str


class Verified(Struct, frozen=True):
    """What a look at all entries came to."""

    entries: int
    head: Anchor | None
    bad: Bad | None
    anchored: int = 0
    """How many runs hold an entry of this chain."""


class _Line(NamedTuple):
    place: str
    content: bytes
    whole: bool


class Audit:
    """The log in a folder. Entries are never changed, and no file of it is ever taken away."""

    def __init__(self, folder: Path, largest: int = LARGEST) -> None:
        self._folder = folder
        self._largest = largest

    @property
    def file(self) -> Path:
        """The file that is written."""
        return self._folder / NAME

    def append(self, event: str, now: datetime, **about: Any) -> Anchor:
        """One more entry, on disk when this returns.

        Raises:
            CannotOpen: it could not be written.
        """
        try:
            with self._alone():
                self._mend(now)
                return self._append(event, now, about)
        except OSError as error:
            raise CannotOpen(f"{self.file}: the audit log could not be written: {error.strerror}") from error

    def verify(self, held: Iterable[Held] = ()) -> Verified:
        """Look at every entry, then for the ones that rows of runs hold."""
        last: Anchor | None = None
        count = 0
        wanted: dict[int, Held] = {each.anchor.number: each for each in held}
        known: set[str] = set()
        anchored = 0
        for line in self._lines():
            entry = _entry(line.content) if line.whole else None
            if entry is None:
                return Verified(count, last, Bad(line.place, "is no entry: a part of a line, or no JSON"))
            if wrong := _wrong(entry, last):
                return Verified(count, last, Bad(line.place, wrong))
            last = Anchor(entry["chain"], entry["number"], entry["hash"])
            known.add(last.chain)
            count += 1
            mine = wanted.pop(last.number, None)
            if mine is not None and mine.anchor.chain == last.chain:
                anchored += 1
                if mine.anchor.head != last.head:
                    return Verified(count, last, Bad(line.place, f"is not the entry that run {mine.run} ended with"))
        cut = [each for each in wanted.values() if each.anchor.chain in known or not known]
        if cut:
            first = min(cut, key=lambda each: each.anchor.number)
            end = f"the end after entry {last.number if last else 0}"
            reason = f"is cut: run {first.run} ended with entry {first.anchor.number}, which is not there"
            return Verified(count, last, Bad(f"{NAME}, {end}", reason), anchored)
        return Verified(count, last, None, anchored)

    def _append(self, event: str, now: datetime, about: dict[str, Any]) -> Anchor:
        last = self._last()
        number = last.number + 1 if last else 1
        entry: dict[str, Any] = {
            "number": number,
            "at": now.astimezone(UTC).isoformat(timespec="milliseconds"),
            "chain": last.chain if last else uuid.uuid4().hex,
            "event": event,
            "about": about,
            "before": last.head if last else "",
        }
        entry["hash"] = _hash(entry)
        content = json.dumps(entry, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"
        self._rotate(len(content), number)
        descriptor = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            if os.write(descriptor, content) != len(content):
                raise OSError(28, "the disk is full")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return Anchor(entry["chain"], number, entry["hash"])

    def _last(self) -> Anchor | None:
        """The newest entry; what does not read as one is left for `verify` to name."""
        for file in reversed(self._files()):
            for line in reversed(_tail(file)):
                entry = _entry(line)
                if entry is not None and not _malformed(entry):
                    return Anchor(entry["chain"], entry["number"], entry["hash"])
        return None

    def _mend(self, now: datetime) -> None:
        """Put aside what a full disk left of an entry that was never acknowledged, and say so in the log."""
        try:
            content = self.file.read_bytes()[-65536:]
        except FileNotFoundError:
            return
        torn = content.rpartition(b"\n")[2]
        if torn:
            (self._folder / f"{NAME}.torn").write_bytes(torn)
            os.truncate(self.file, self.file.stat().st_size - len(torn))
            self._append("torn entry put aside", now, {"bytes": len(torn)})

    def _rotate(self, more: int, number: int) -> None:
        if self.file.exists() and self.file.stat().st_size + more > self._largest:
            self.file.rename(self._folder / f"audit.{number - 1:09}.jsonl")

    def _files(self) -> list[Path]:
        closed = sorted(self._folder.glob("audit.*.jsonl"))
        return [*closed, self.file] if self.file.exists() else closed

    def _lines(self) -> Iterator[_Line]:
        for file in self._files():
            content = file.read_bytes()
            for number, line in enumerate(content.splitlines(keepends=True), start=1):
                yield _Line(f"{file.name}:{number}", line.rstrip(b"\n"), line.endswith(b"\n"))

    @contextmanager
    def _alone(self) -> Generator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        with open(self._folder / "audit.lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _entry(content: bytes) -> dict[str, Any] | None:
    try:
        entry: Any = json.loads(content)
    except ValueError:
        return None
    return cast("dict[str, Any]", entry) if isinstance(entry, dict) else None


def _malformed(entry: dict[str, Any]) -> bool:
    texts = all(isinstance(entry.get(name), str) for name in ("at", "chain", "event", "before", "hash"))
    return not (texts and isinstance(entry.get("number"), int) and set(entry) == {*FIELDS, "hash"})


def _wrong(entry: dict[str, Any], last: Anchor | None) -> str | None:
    """Why an entry does not follow the last one, if it does not."""
    if _malformed(entry):
        return "is no entry: fields are missing, or there are others"
    if _hash(entry) != entry["hash"]:
        return "was changed: its hash is not that of what it says"
    number, head, chain = (last.number, last.head, last.chain) if last else (0, "", entry["chain"])
    if entry["number"] != number + 1 or entry["before"] != head or entry["chain"] != chain:
        return f"does not follow entry {number}: one was taken out, put in or moved"
    return None


def _hash(entry: dict[str, Any]) -> str:
    content = json.dumps([entry[name] for name in FIELDS], ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


def _tail(file: Path) -> list[bytes]:
    """The last lines of a file, without a first one that is cut."""
    with file.open("rb") as content:
        size = content.seek(0, os.SEEK_END)
        start = max(0, size - 1_000_000)
        content.seek(start)
        lines = content.read().splitlines()
    return lines[1:] if start else lines
