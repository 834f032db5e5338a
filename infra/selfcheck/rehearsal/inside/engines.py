"""Whatever engine the project makes leads to the database of the rehearsal."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

PG_SYNC = ("psycopg", "psycopg2", "pg8000")
PG_ASYNC = ("asyncpg", "psycopg")
KEPT = ("_is_async", "execution_options", "future", "json_deserializer", "json_serializer")
"""What is kept of the options of an engine: all others are about the server that it was meant for."""


class Refused(Exception):
    """What the project does is not what may be done here; `kind` says which remedy there is."""

    def __init__(self, kind: str, says: str) -> None:
        super().__init__(says)
        self.kind = kind


class Database:
    """A database of the rehearsal, and the URL by which each sort of engine reaches it."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.said = said
        self.name = said["name"]
        self.backend = said["backend"]

    def url(self, asked: Any, *, is_async: bool) -> Any:
        """The URL for an engine that was to be made for another one."""
        from sqlalchemy.engine import make_url
        from sqlalchemy.engine.url import URL

        try:
            wanted = make_url(asked).drivername
        except Exception:
            wanted = ""
        if self.backend == "sqlite":
            if is_async and not is_there("aiosqlite"):
                raise Refused("driver", "env.py is asynchronous, and there is no aiosqlite for SQLite")
            return URL.create("sqlite+aiosqlite" if is_async else "sqlite", database=self.name)
        backend, _, driver = wanted.partition("+")
        known = PG_ASYNC if is_async else PG_SYNC
        drivers = [driver] if backend in ("postgresql", "postgres") and driver in known else []
        for each in (*drivers, *known):
            if is_there(each):
                return self._postgresql(each)
        raise Refused("driver", "there is no driver of PostgreSQL: none of " + ", ".join(known))

    def _postgresql(self, driver: str) -> Any:
        from sqlalchemy.engine.url import URL

        said = self.said
        user = {"username": said["user"], "password": said["password"], "database": self.name}
        if not said["host"].startswith("/"):
            return URL.create("postgresql+" + driver, host=said["host"], port=said["port"], **user)
        if driver == "pg8000":
            place = {"unix_sock": "{}/.s.PGSQL.{}".format(said["host"], said["port"])}
        else:
            place = {"host": said["host"], "port": str(said["port"])}
        return URL.create("postgresql+" + driver, query=place, **user)

    def require(self, connection: Any) -> None:
        """Refuse a connection that leads anywhere else."""
        if connection.dialect.name == "sqlite":
            files = [row[2] for row in connection.exec_driver_sql("PRAGMA database_list") if row[1] == "main"]
            is_ours = self.backend == "sqlite" and [os.path.realpath(each) for each in files] == [self.name]
        elif connection.dialect.name == "postgresql" and self.backend == "postgresql":
            is_ours = connection.exec_driver_sql("SELECT current_database()").scalar() == self.name
        else:
            is_ours = False
        if not is_ours:
            raise Refused("elsewhere", "env.py connects to a database that was not made for this")


def is_there(module: str) -> bool:
    """Whether a module could be imported."""
    return find_spec(module) is not None


@contextmanager
def redirected(current: Any) -> Any:
    """Within, every engine that is made leads to `current()`, whatever URL and options it is given."""
    import sqlalchemy.engine.create as making

    real = making.create_engine

    def create_engine(url: Any, **options: Any) -> Any:
        from sqlalchemy.pool import NullPool

        kept = {name: options[name] for name in KEPT if name in options}
        return real(current().url(url, is_async=bool(options.get("_is_async"))), poolclass=NullPool, **kept)

    names = ("create_engine", "_create_engine")
    modules = [each for name, each in list(sys.modules.items()) if name.split(".")[0] == "sqlalchemy"]
    places = [(each, name) for each in modules for name in names if each.__dict__.get(name) is real]
    for module, name in places:
        setattr(module, name, create_engine)
    try:
        yield
    finally:
        for module, name in places:
            setattr(module, name, real)
