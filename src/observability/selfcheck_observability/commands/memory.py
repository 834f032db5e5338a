"""What every command here begins with: the memory of the repository around the current folder, and its store."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from selfcheck.cli.messages import warn
from selfcheck_observability.home import Home, home
from selfcheck_observability.looking import looked_into


class Memory(NamedTuple):
    """The place, and its store; `database` is a `store.Database`."""

    home: Home
    database: Any


def place(url: str | None = None) -> Home:
    """The memory of the repository around the current folder."""
    return home(Path.cwd(), os.environ, url)


@contextmanager
def opened(url: str | None, *, create: bool = False) -> Generator[Memory]:
    """The memory with its store open; runs that never ended are marked, and said."""
    from selfcheck_observability.store import open_database  # SQLAlchemy is heavy
    from selfcheck_observability.store.journal import sweep

    here = place(url).made() if create else place(url)
    database = open_database(here.url, create=create)
    try:
        for gone in sweep(database, now()):
            warn(f"run {gone.run} was interrupted after {gone.judged} of {gone.promised} verdicts")
        yield Memory(here, database)
    finally:
        database.close()


@contextmanager
def looking(url: str | None) -> Generator[Memory]:
    """The memory with its store open to be read; SQLAlchemy is spared where the store is a file that needs nothing done."""
    here = place(url)
    light = looked_into(here.url)
    if light is None:
        with opened(url) as memory:
            yield memory
        return
    with light:
        yield Memory(here, light)


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)
