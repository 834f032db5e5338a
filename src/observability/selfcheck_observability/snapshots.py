"""Copies of the whole memory, each a folder with a manifest of hashes: made, listed, verified and put back.

A copy of the store is a file in SQLite, also of one in PostgreSQL: the same tables, so either can be put back into either.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, delete, func, insert, select, text

from selfcheck.errors import CannotOpen, UsageError
from selfcheck_observability.home import Home
from selfcheck_observability.looking import HEAD
from selfcheck_observability.store import Database, open_database, tables
from selfcheck_observability.store.database import connect

FOLDER = "snapshots"
MANIFEST = "manifest.json"
COPY = "store.db"
KEPT = 24
"""How many snapshots are kept that were made on their own; one that was asked for is kept until it is taken away."""
ROWS = 1000
"""How many rows are carried at once."""

NUMBERS = """
    select setval(pg_get_serial_sequence('run', 'id'),
                  greatest((select coalesce(max(id), 1) from run), nextval(pg_get_serial_sequence('run', 'id'))))
"""
"""No number of a run is given twice: the audit log names them."""


class Manifest(Struct, frozen=True, kw_only=True):
    """What a snapshot holds: when and why it was made, its files by their hashes, the rows of its tables."""

    version: int = 1
    made: str
    reason: str
    schema: str
    files: dict[str, str]
    rows: dict[str, int]


class Snapshot(Struct, frozen=True):
    """A folder with a manifest."""

    folder: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        """What it is called on the command line."""
        return self.folder.name


def snapshots(place: Home) -> list[Snapshot]:
    """All that can be read, newest first."""
    found: list[Snapshot] = []
    for file in sorted((place.folder / FOLDER).glob(f"*/{MANIFEST}"), reverse=True):
        try:
            found.append(Snapshot(file.parent, msgspec.json.decode(file.read_bytes(), type=Manifest)))
        except (msgspec.MsgspecError, OSError):
            continue
    return found


def snapshot_if_due(place: Home, database: Database, now: datetime) -> Snapshot | None:
    """One more, where the newest is older than the interval; of those made on their own the oldest go."""
    own = [each for each in snapshots(place) if each.manifest.reason == "interval"]
    if own and now - datetime.fromisoformat(own[0].manifest.made) < place.intervals.snapshots:
        return None
    for old in own[KEPT - 1 :]:
        shutil.rmtree(old.folder, ignore_errors=True)
    return backup(place, database, now, "interval")


def backup(place: Home, database: Database, now: datetime, reason: str, to: Path | None = None) -> Snapshot:
    """A copy of the store and of the logs, whole or not at all."""
    made = now.astimezone(UTC)
    target = to or _free(place.folder / FOLDER, made)
    if target.exists():
        raise UsageError(f"{target}: is there already; nothing was written")
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        draft.mkdir(parents=True)
        rows = _copy_out(database, draft / COPY)
        for file in _logs(place):
            copied = draft / file.relative_to(place.folder)
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, copied)
        manifest = Manifest(
            made=made.isoformat(timespec="seconds"),
            reason=reason,
            schema=HEAD,
            files={path.relative_to(draft).as_posix(): digest(path) for path in _files(draft)},
            rows=rows,
        )
        (draft / MANIFEST).write_text(json.dumps(msgspec.to_builtins(manifest), indent=1) + "\n", encoding="utf-8")
        draft.rename(target)
    except OSError as error:
        raise CannotOpen(f"{target}: no copy could be made: {error.strerror or error}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Snapshot(target, manifest)


def faults(snapshot: Snapshot) -> Iterator[str]:
    """What of a snapshot is not as its manifest says."""
    for name, expected in snapshot.manifest.files.items():
        file = snapshot.folder / name
        if not file.is_file() or ".." in Path(name).parts:
            yield f"{snapshot.name}: {name} is missing"
        elif digest(file) != expected:
            yield f"{snapshot.name}: {name} was changed since it was made"


def restore(database: Database, snapshot: Snapshot) -> dict[str, int]:
    """The store as the snapshot has it: what is newer goes too. In one transaction, so it is all or nothing.

    Raises:
        CannotOpen: the snapshot is damaged.
    """
    wrong = next(faults(snapshot), None)
    if wrong is not None:
        raise CannotOpen(f"{wrong}; nothing was restored")
    source = open_database(f"sqlite:///{(snapshot.folder / COPY).as_posix()}", create=False)
    try:
        with source.reading() as old, database.writing() as new:
            for table in reversed(tables.metadata.sorted_tables):
                new.execute(delete(table))
            rows = _carry(old, new)
            if new.dialect.name == "postgresql":
                new.execute(text(NUMBERS))
    finally:
        source.close()
    return rows


def find(place: Home, name: str) -> Snapshot:
    """A snapshot by its name, `latest`, or its folder.

    Raises:
        UsageError: there is none.
    """
    known = snapshots(place)
    if name == "latest" and known:
        return known[0]
    for each in known:
        if each.name == name:
            return each
    file = Path(name) / MANIFEST
    if file.is_file():
        try:
            return Snapshot(file.parent, msgspec.json.decode(file.read_bytes(), type=Manifest))
        except msgspec.MsgspecError as error:
            raise CannotOpen(f"{file}: is no manifest of a snapshot: {error}") from error
    there = ", ".join(each.name for each in known) or "none; `selfcheck state backup` makes one"
    raise UsageError(f"there is no snapshot {name}; there is {there}")


def digest(file: Path) -> str:
    """The SHA-256 of a file."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _copy_out(database: Database, file: Path) -> dict[str, int]:
    if database.file is not None:
        database.copy_to(file)
        copy = connect(f"sqlite:///{file.as_posix()}")
        try:
            with copy.reading() as connection:
                return counted(connection)
        finally:
            copy.close()
    copy = open_database(f"sqlite:///{file.as_posix()}")
    try:
        with database.reading() as old, copy.writing() as new:
            return _carry(old, new)
    finally:
        copy.close()


def _carry(old: Connection, new: Connection) -> dict[str, int]:
    """Every row of every table, parents first."""
    counts: dict[str, int] = {}
    for table in tables.metadata.sorted_tables:
        counts[table.name] = 0
        for rows in old.execute(select(table).order_by(*table.primary_key)).mappings().partitions(ROWS):
            new.execute(insert(table), [dict(row) for row in rows])
            counts[table.name] += len(rows)
    return counts


def counted(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in tables.metadata.sorted_tables
    }


def _logs(place: Home) -> list[Path]:
    return [*sorted(place.folder.glob("audit*.jsonl")), *sorted((place.folder / "events").glob("*.jsonl"))]


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _free(folder: Path, made: datetime) -> Path:
    """A name that is not taken; several in one second have numbers."""
    name = made.strftime("%Y%m%dT%H%M%SZ")
    taken = {path.name for path in folder.glob(f"{name}*")}
    number = next(number for number in range(1, len(taken) + 2) if _numbered(name, number) not in taken)
    return folder / _numbered(name, number)


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}-{number}"
