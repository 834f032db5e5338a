"""A database of each kind, empty for each test."""

import time
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.instructions.databases import Database, Mongo, Sql, mongodb, new_postgresql


@pytest.fixture(scope="session")
def mongodb_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    with mongodb(tmp_path_factory.mktemp("mongo")) as url:
        yield url


@pytest.fixture
def sqlite(tmp_path: Path) -> Sql:
    return Sql(f"sqlite:///{tmp_path}/mirror.sqlite")


@pytest.fixture(params=["sqlite", "postgresql"])
def sql(request: pytest.FixtureRequest, sqlite: Sql) -> Sql:
    return sqlite if request.param == "sqlite" else new_postgresql(request.getfixturevalue("postgresql"))


@pytest.fixture(params=["sqlite", "postgresql", "mongodb"])
def database(request: pytest.FixtureRequest, sqlite: Sql) -> Database:
    match request.param:
        case "sqlite":
            return sqlite
        case "postgresql":
            return new_postgresql(request.getfixturevalue("postgresql"))
        case _:
            return Mongo(f"{request.getfixturevalue('mongodb_server')}/rules_{time.time_ns()}")
