"""A store in SQLite, read by Python's own driver: SQLAlchemy takes longer to import than most questions to be answered."""

import sqlite3
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import unquote

from selfcheck.errors import CannotOpen

HEAD = "0001"
"""The revision of the newest migration: a store at this one is opened without reading the migrations."""
SQLITE = "sqlite:///"
PATIENCE = 30


class Looking:
    """A store that is open to be read, each `asking` at one state."""

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        self._connection = connection
        self._name = name

    def __enter__(self) -> "Looking":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.close()

    @contextmanager
    def asking(self) -> Generator["Looking"]:
        """The same, at one state."""
        self._connection.execute("begin")
        try:
            yield self
        finally:
            self._connection.rollback()

    def rows(self, sql: str, values: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
        """The rows, by the names of their columns."""
        try:
            found = self._connection.execute(sql, values)
            names = [each[0] for each in found.description]
            return [dict(zip(names, row, strict=True)) for row in found]
        except sqlite3.Error as error:
            raise CannotOpen(f"the store {self._name} cannot be used: {error}") from error


def looked_into(url: str, *, unfinished: bool = False) -> Looking | None:
    """A store that can be read as it is; None where it is no file or has to be migrated.

    Nor is it read where a run in it did not end, which may have to be marked, unless that is of no interest.
    """
    file = Path(unquote(url.removeprefix(SQLITE)))
    if not url.startswith(SQLITE) or "?" in url or not file.is_file():
        return None
    connection: sqlite3.Connection | None = None
    with suppress(sqlite3.Error):
        connection = sqlite3.connect(
            f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=PATIENCE, isolation_level=None
        )
        if _is_new(connection) and (unfinished or not _has_unfinished(connection)):
            return Looking(connection, file.as_posix())
    if connection is not None:
        connection.close()
    return None


def _is_new(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("select version_num from alembic_version").fetchone() == (HEAD,))


def _has_unfinished(connection: sqlite3.Connection) -> bool:
    return connection.execute("select 1 from run where state = 'running'").fetchone() is not None
