"""A bounded store of bytes by content, outside the repository: many processes at once, rebuilt when it is damaged."""

import os
import sqlite3
import stat
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple, TypeVar

from selfcheck.errors import UsageError

T = TypeVar("T")
Row = tuple[object, object, object]
"""Content, value and day of last use, of whatever types a damaged file gives."""

FILE = "facts-1.sqlite"
LIMIT = 256_000_000
"""Bytes that the store may hold; beyond, what was used longest ago goes, down to three quarters."""
PATIENCE = 2.0
"""Seconds to wait for another process that writes; then this one does without, a cache is never worth a failure."""
DAY = 86_400
BATCH = 500
CHECKSUM = 4
LARGEST_SHARE = 16
"""A value larger than one in so many of the limit is not kept: it would drive out all others."""
HELD_UP = frozenset(
    (
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_INTERRUPT,
    )
)
"""What the surroundings do to a database that is whole (https://sqlite.org/rescode.html); all else is damage."""
# Nothing is waited for until it is on the disk: a killed process loses nothing by it, and what a power cut leaves
# damaged is found by its checksums and built anew.
SETTINGS = ("journal_mode = WAL", "synchronous = OFF", "cell_size_check = ON", "trusted_schema = OFF")
PAGES = ("page_count", "freelist_count", "page_size")
# Rows stand in the order in which they came, so that taking the oldest away frees whole pages; a value in the index
# itself (WITHOUT ROWID) would take a page of its own from a kilobyte on (https://sqlite.org/withoutrowid.html).
SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (
    extractor TEXT NOT NULL, content TEXT NOT NULL, value BLOB NOT NULL, used INTEGER NOT NULL,
    PRIMARY KEY (extractor, content)
)
"""


class Usage(NamedTuple):
    """What the store holds."""

    path: Path
    entries: int
    size: int


class Store:
    """Values by extractor and content id, each with a checksum over all three; what does not fit it is not there."""

    def __init__(self, folder: Path, limit: int = LIMIT, clock: Callable[[], float] = time.time) -> None:
        self.folder = folder
        self.limit = limit
        self._clock = clock
        _make_private(folder)

    @property
    def path(self) -> Path:
        """The file that holds it all."""
        return self.folder / FILE

    def get(self, extractor: str, contents: Sequence[str]) -> dict[str, bytes]:
        """The values that are known of these contents."""
        if not contents:
            return {}
        found: dict[str, bytes] = {}
        stale: list[str] = []
        nothing: list[Row] = []
        rows = self._within(lambda database: _rows(database, extractor, contents), nothing)
        for content, value, used in rows:
            if isinstance(content, str) and (whole := _opened(extractor, content, value)) is not None:
                found[content] = whole
                stale += [content] if used != self._today else []
        if len(found) < len(rows):
            self._forget()
        elif stale:
            self._mark(extractor, stale)
        return found

    def put(self, extractor: str, values: Mapping[str, bytes]) -> None:
        """Remember these values, and forget the oldest if it becomes too much."""
        rows = [
            (extractor, content, _sealed(extractor, content, value), self._today)
            for content, value in values.items()
            if len(value) <= self.limit // LARGEST_SHARE
        ]

        def write(database: sqlite3.Connection) -> None:
            database.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?, ?, ?)", rows)
            _evict(database, self.limit)

        self._within(write, None)

    def usage(self) -> Usage:
        """How much it holds; the size is that of its files."""

        def count(database: sqlite3.Connection) -> int:
            return int(database.execute("SELECT count(*) FROM facts").fetchone()[0])

        entries = self._within(count, 0)
        return Usage(self.path, entries, sum(file.stat().st_size for file in self._files()))

    def clear(self) -> None:
        """Forget everything."""
        for file in self._files():
            file.unlink(missing_ok=True)

    def _mark(self, extractor: str, contents: Sequence[str]) -> None:
        """Note that they were used today; where another process writes, it is noted another time."""

        def mark(database: sqlite3.Connection) -> None:
            marks = [(self._today, extractor, content) for content in contents]
            database.executemany("UPDATE facts SET used = ? WHERE extractor = ? AND content = ?", marks)

        self._within(mark, None)

    def _forget(self) -> None:
        """What is damaged in one place is not trusted in others; it is built anew."""
        with suppress(OSError):
            self.clear()

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob(f"{FILE}*"))

    @property
    def _today(self) -> int:
        return int(self._clock()) // DAY

    def _within(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """Work in one transaction. Damage deletes the database; another process's lock leaves it alone."""
        try:
            self.path.touch(mode=0o600)
            with closing(sqlite3.connect(self.path, timeout=PATIENCE)) as database:
                for setting in SETTINGS:
                    database.execute(f"PRAGMA {setting}")
                database.execute(SCHEMA)
                with database:
                    return work(database)
        except sqlite3.Error as error:
            # The first byte is the kind, the others say more; what Python itself finds wrong with a value has none.
            if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF not in HELD_UP:
                self._forget()
            return otherwise
        except OSError:
            return otherwise


def _rows(database: sqlite3.Connection, extractor: str, contents: Sequence[str]) -> list[Row]:
    found: list[Row] = []
    for start in range(0, len(contents), BATCH):
        batch = contents[start : start + BATCH]
        marks = ",".join("?" * len(batch))
        query = f"SELECT content, value, used FROM facts WHERE extractor = ? AND content IN ({marks})"  # noqa: S608
        found += database.execute(query, (extractor, *batch)).fetchall()
    return found


def _evict(database: sqlite3.Connection, limit: int) -> None:
    """Where it holds too much, what was unused longest goes first, until three quarters are left."""
    pages, free, size = (database.execute(f"PRAGMA {name}").fetchone()[0] for name in PAGES)
    used = (pages - free) * size
    if used <= limit:
        return
    lengths = "length(extractor) + length(content) + ifnull(length(value), 0)"
    oldest = database.execute(f"SELECT rowid, {lengths} FROM facts ORDER BY used, rowid").fetchall()  # noqa: S608
    # A row takes more than its values; by how much is known of all of them together.
    spare = sum(length for _, length in oldest) * (1 - limit * 3 / 4 / used)
    going: list[tuple[int]] = []
    for row, length in oldest:
        if spare <= 0:
            break
        going.append((row,))
        spare -= length
    database.executemany("DELETE FROM facts WHERE rowid = ?", going)


def _sealed(extractor: str, content: str, value: bytes) -> bytes:
    return _checksum(extractor, content, value) + value


def _opened(extractor: str, content: str, value: object) -> bytes | None:
    """A value without its checksum, if that is right: of this very row, so that a damaged key serves nothing either."""
    if not isinstance(value, bytes) or value[:CHECKSUM] != _checksum(extractor, content, value[CHECKSUM:]):
        return None
    return value[CHECKSUM:]


def _checksum(extractor: str, content: str, value: bytes) -> bytes:
    return zlib.crc32(value, zlib.crc32(f"{extractor}\0{content}\0".encode())).to_bytes(CHECKSUM, "big")


def _make_private(folder: Path) -> None:
    """A folder of our own that nobody else may write to.

    Raises:
        UsageError: it is a link, somebody else's, or open to others.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    about = folder.lstat()
    foreign = hasattr(os, "getuid") and about.st_uid != os.getuid()
    if not stat.S_ISDIR(about.st_mode) or foreign or (os.name == "posix" and about.st_mode & 0o022):
        raise UsageError(f"{folder}: a cache must be a folder of your own that nobody else can write to")
