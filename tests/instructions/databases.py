"""Real databases for the tests, each with the few edits that somebody makes who does not ask the sync."""

import json
import os
import socket
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pymongo
import sqlalchemy as sa

from selfcheck.mirrors.address import address
from selfcheck.mirrors.opening import mirror
from selfcheck.mirrors.sides import Sides
from selfcheck.subjects.instructions.layout import Field, Layout
from tests.postgresql import empty

VARIABLE = "RULES_DATABASE"
TABLE = "governance_rules"
MONGODB = "SELFCHECK_TEST_MONGODB"
"""A variable with the URL of a server to use instead of one that is started."""
LAYOUT = Layout(file="rules.json", fields=(Field(source="text", search=True), Field(source="quadrant")))


class Database(ABC):
    """One empty database."""

    url: str

    @property
    def environ(self) -> Mapping[str, str]:
        return {VARIABLE: self.url}

    def sides(self, root: Path, layout: Layout = LAYOUT) -> Sides:
        """What a plan would read."""
        return mirror(address(VARIABLE, self.environ, root), layout).read()

    @abstractmethod
    def rows(self) -> list[dict[str, Any]]:
        """Every row, sorted by id."""

    @abstractmethod
    def edit(self, rule: str, **values: Any) -> None:
        """Change a row, or make it."""

    @abstractmethod
    def remove(self, rule: str) -> None:
        """Delete a row."""

    @abstractmethod
    def all_there_is(self) -> object:
        """Everything in the database, to tell whether anything was written."""


class Sql(Database):
    """SQLite or PostgreSQL."""

    def __init__(self, url: str) -> None:
        self.url = url

    @contextmanager
    def connected(self) -> Generator[sa.Connection]:
        engine = sa.create_engine(self.url.replace("postgresql:", "postgresql+psycopg:"), poolclass=sa.NullPool)
        with engine.begin() as connection:
            yield connection
        engine.dispose()

    def rows(self) -> list[dict[str, Any]]:
        with self.connected() as connection:
            if not sa.inspect(connection).has_table(TABLE):
                return []
            return [dict(row) for row in connection.execute(sa.text(f"SELECT * FROM {TABLE} ORDER BY id")).mappings()]

    def edit(self, rule: str, **values: Any) -> None:
        with self.connected() as connection:
            table = sa.Table(TABLE, sa.MetaData(), autoload_with=connection)
            found = connection.execute(sa.update(table).where(table.c.id == rule).values(**values))
            if not found.rowcount:
                connection.execute(sa.insert(table).values(**{"id": rule, "active": True, **values}))

    def remove(self, rule: str) -> None:
        with self.connected() as connection:
            connection.execute(sa.text(f"DELETE FROM {TABLE} WHERE id = :rule"), {"rule": rule})

    def all_there_is(self) -> object:
        with self.connected() as connection:
            names = sorted(sa.inspect(connection).get_table_names())
            return {name: sorted(map(repr, connection.execute(sa.text(f"SELECT * FROM {name}")))) for name in names}


class Mongo(Database):
    """One database of a MongoDB server, or of what speaks its protocol."""

    def __init__(self, url: str) -> None:
        self.url = url

    @contextmanager
    def connected(self) -> Generator[Any]:
        with pymongo.MongoClient[dict[str, Any]](self.url) as client:
            yield client.get_default_database()

    def rows(self) -> list[dict[str, Any]]:
        with self.connected() as store:
            found = [{key: value for key, value in each.items() if key != "_id"} for each in store[TABLE].find()]
        return sorted(({**each, "active": bool(each["active"])} for each in found), key=lambda each: str(each["id"]))

    def edit(self, rule: str, **values: Any) -> None:
        with self.connected() as store:
            if not store[TABLE].update_one({"id": rule}, {"$set": values}).matched_count:
                store[TABLE].insert_one({"id": rule, "active": True, **values})

    def remove(self, rule: str) -> None:
        with self.connected() as store:
            store[TABLE].delete_one({"id": rule})

    def all_there_is(self) -> object:
        with self.connected() as store:
            names = sorted(store.list_collection_names())
            return {name: sorted(repr(sorted(each.items())) for each in store[name].find()) for name in names}


@contextmanager
def mongodb(folder: Path) -> Generator[str]:
    """The URL of a server without a database's name: one that is given, else one that speaks the protocol over SQLite."""
    if MONGODB in os.environ:
        yield os.environ[MONGODB].rstrip("/")
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = str(Path(sys.executable).parent / "nx-27017")
    files = [f"--{name}-file={folder / name}" for name in ("pid", "log")]
    command = [program, "--data-dir", "memory", "-p", str(port), *files]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        url = f"mongodb://127.0.0.1:{port}"
        with pymongo.MongoClient[dict[str, Any]](url, serverSelectionTimeoutMS=20_000) as client:
            client.admin.command("ping")
        try:
            yield url
        finally:
            server.kill()  # it holds nothing on disk


def new_postgresql(server: str) -> Sql:
    """A new database on a server."""
    return Sql(empty(server))


def rules_file(root: Path, rules: Mapping[str, Mapping[str, Any]]) -> None:
    """The rules as `rules.json`, by id."""
    written = [{"id": name, "active": True, **values} for name, values in rules.items()]
    (root / "rules.json").write_text(
        json.dumps({"version": "1.0", "instructions": written}, indent=1), encoding="utf-8"
    )
