"""A bounded store of bytes by content, outside the repository: many processes at once, rebuilt when it is damaged."""

import os
import sqlite3
import stat
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple, TypeVar

from selfcheck.errors import UsageError

T = TypeVar("T")

FILE = "facts-1.sqlite"
LIMIT = 256_000_000
"""Bytes that the store may hold; beyond, what was used longest ago goes, down to three quarters."""
PATIENCE = 2.0
"""Seconds to wait for another process that writes; then this one does without, a cache is never worth a failure."""
DAY = 86_400
BATCH = 500
CHECKSUM = 4
PAGES = ("page_count", "freelist_count", "page_size")
SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (
    extractor TEXT NOT NULL, content TEXT NOT NULL, value BLOB NOT NULL, used INTEGER NOT NULL,
    PRIMARY KEY (extractor, content)
) WITHOUT ROWID
"""


class Usage(NamedTuple):
    """What the store holds."""

    path: Path
    entries: int
    size: int


class Store:
    """Values by extractor and content id. Every value carries its checksum; what does not fit it is not there."""

    def __init__(self, folder: Path, *, limit: int = LIMIT, patience: float = PATIENCE) -> None:
        self.folder = folder
        self.limit = limit
        self.patience = patience
        _make_private(folder)

    @property
    def path(self) -> Path:
        """The file that holds it all."""
        return self.folder / FILE

    def get(self, extractor: str, contents: Sequence[str]) -> dict[str, bytes]:
        """The values that are known of these contents."""

        def read(database: sqlite3.Connection) -> dict[str, bytes]:
            found: dict[str, bytes] = {}
            stale: list[str] = []
            for content, value, used in _rows(database, extractor, contents):
                if _is_whole(extractor, content, value):
                    found[content] = value[CHECKSUM:]
                    stale += [content] if used < _today() else []
            marks = [(_today(), extractor, content) for content in stale]
            database.executemany("UPDATE facts SET used = ? WHERE extractor = ? AND content = ?", marks)
            return found

        return self._within(read, {}) if contents else {}

    def put(self, extractor: str, values: Mapping[str, bytes]) -> None:
        """Remember these values, and forget the oldest if it becomes too much."""

        def write(database: sqlite3.Connection) -> None:
            rows = [
                (extractor, content, _sealed(extractor, content, value), _today()) for content, value in values.items()
            ]
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

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob(f"{FILE}*"))

    def _within(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """Work in one transaction. Damage deletes the database; another process's lock leaves it alone."""
        try:
            with closing(sqlite3.connect(self.path, timeout=self.patience)) as database:
                database.execute("PRAGMA journal_mode = WAL")
                database.execute("PRAGMA synchronous = NORMAL")
                database.execute(SCHEMA)
                with database:
                    return work(database)
        except sqlite3.OperationalError:
            return otherwise
        except sqlite3.DatabaseError:
            self.clear()
            return otherwise


def _rows(database: sqlite3.Connection, extractor: str, contents: Sequence[str]) -> Iterator[tuple[str, bytes, int]]:
    for start in range(0, len(contents), BATCH):
        batch = contents[start : start + BATCH]
        marks = ",".join("?" * len(batch))
        query = f"SELECT content, value, used FROM facts WHERE extractor = ? AND content IN ({marks})"  # noqa: S608
        yield from database.execute(query, (extractor, *batch)).fetchall()


def _evict(database: sqlite3.Connection, limit: int) -> None:
    """Where it holds too much, what was unused longest goes first, until three quarters are left."""
    pages, free, size = (database.execute(f"PRAGMA {name}").fetchone()[0] for name in PAGES)
    if (pages - free) * size <= limit:
        return
    oldest = database.execute("SELECT extractor, content, length(value) FROM facts ORDER BY used, content").fetchall()
    spare = sum(length for _, _, length in oldest) - limit * 3 // 4
    going: list[tuple[str, str]] = []
    for extractor, content, length in oldest:
        if spare <= 0:
            break
        going.append((extractor, content))
        spare -= length
    database.executemany("DELETE FROM facts WHERE extractor = ? AND content = ?", going)


def _sealed(extractor: str, content: str, value: bytes) -> bytes:
    """The value behind a checksum over it and its key: a damaged key would make it another content's."""
    return zlib.crc32(value, zlib.crc32(f"{extractor}\0{content}".encode())).to_bytes(CHECKSUM, "big") + value


def _is_whole(extractor: str, content: object, value: object) -> bool:
    if not isinstance(content, str) or not isinstance(value, bytes):
        return False
    return _sealed(extractor, content, value[CHECKSUM:]) == value


def _today() -> int:
    return int(time.time()) // DAY


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
