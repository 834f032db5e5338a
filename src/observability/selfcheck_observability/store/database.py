"""One store, by URL: SQLite in a file or PostgreSQL. What goes wrong with it is said without the URL's password."""

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, NoSuchModuleError, SQLAlchemyError

from selfcheck.errors import CannotOpen, UsageError
from selfcheck_observability.looking import HEAD

PATIENCE = 30
"""Seconds that a writer waits for another one, and a connection for an answer."""
KINDS = "sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE"


class Rows:
    """What a connection is asked in plain SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, values: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
        """The rows, by the names of their columns."""
        return cast("Iterable[Mapping[str, Any]]", self._connection.execute(text(sql), values).mappings())


class Database:
    """A store that is open. Each `writing` is one transaction, on disk when it ends."""

    def __init__(self, url: URL, engine: Engine) -> None:
        self._url = url
        self._engine = engine

    @property
    def name(self) -> str:
        """The store as it may be shown: a file, or a URL without its password."""
        return self.file.as_posix() if self.file else self._url.render_as_string(hide_password=True)

    @property
    def file(self) -> Path | None:
        """The file of a store in SQLite."""
        return Path(self._url.database or "") if self._url.get_backend_name() == "sqlite" else None

    @contextmanager
    def writing(self) -> Generator[Connection]:
        """A transaction that may write; it waits for another writer."""
        with self._telling(), self._engine.connect().execution_options(writes=True) as connection, connection.begin():
            yield connection

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """A transaction that sees one state of the store."""
        with self._telling(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def asking(self) -> Generator["Rows"]:
        """The same, for those who only ask."""
        with self.reading() as connection:
            yield Rows(connection)

    def version(self) -> str | None:
        """The migration that the store is at; None for one that is empty."""
        with self.reading() as connection:
            if not self._engine.dialect.has_table(connection, "alembic_version"):
                return None
            return connection.execute(text("select version_num from alembic_version")).scalar()

    def copy_to(self, file: Path) -> None:
        """A copy of a store in SQLite, as one moment has it; no journal stands beside it."""
        with self._telling(), self._engine.connect().execution_options(outside=True) as connection:
            connection.exec_driver_sql("vacuum into ?", (str(file),))

    def close(self) -> None:
        """Let go of its connections."""
        self._engine.dispose()

    @contextmanager
    def _telling(self) -> Generator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            raise CannotOpen(f"the store {self.name} cannot be used: {_reason(error, self._url.password)}") from error


def open_database(url: str, *, create: bool = True) -> Database:
    """The store at a URL, its tables as this version needs them.

    Raises:
        UsageError: the URL is none, or its driver is not installed.
        CannotOpen: it is not there and not to be created, it cannot be reached, or a newer selfcheck wrote it.
    """
    database = connect(url, create=create)
    at = database.version()
    if at != HEAD:
        # Alembic is heavy, and a store is migrated once.
        from selfcheck_observability.store.migrate import migrate

        migrate(database, at)
    return database


def connect(url: str, *, create: bool = True) -> Database:
    """The store at a URL as it is, without a look at its tables."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise UsageError(f"--store: is no URL of a store; give {KINDS}") from None
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, create)
    if parsed.get_backend_name() in ("postgresql", "postgres"):
        return _postgresql(parsed.set(drivername="postgresql+psycopg"))
    raise UsageError(f"--store: no store is kept in {parsed.get_backend_name()}; give {KINDS}")


def _sqlite(url: URL, create: bool) -> Database:
    if not url.database or url.database == ":memory:" or url.query:
        raise UsageError("--store: a store in SQLite is a file, and nothing else stands in its URL: sqlite:///PATH")
    file = Path(url.database)
    if not create and not file.exists():
        raise CannotOpen(f"{file}: there is no store yet; `selfcheck run --record` begins one")
    engine = create_engine(url.set(drivername="sqlite+pysqlite"), connect_args={"timeout": PATIENCE})
    event.listen(engine, "connect", _settled)
    event.listen(engine, "begin", _begun)
    return Database(url, engine)


def _settled(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver would begin transactions where it sees fit, and around no DDL
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"pragma {pragma}")


def _begun(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("outside"):
        return  # what is copied whole is copied outside of a transaction
    # A transaction that first reads and then writes could find another writer before it.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")


def _postgresql(url: URL) -> Database:
    try:
        engine = create_engine(url, connect_args={"connect_timeout": PATIENCE // 3}, pool_pre_ping=True)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise UsageError("--store: PostgreSQL needs psycopg; install selfcheck[postgres]") from error
    return Database(url, engine)


def _reason(error: SQLAlchemyError | OSError, password: object) -> str:
    """The first line of what the driver says, without the password."""
    said = str(error.orig if isinstance(error, DatabaseError | InterfaceError) else error)
    first = next((line.strip() for line in said.splitlines() if line.strip()), type(error).__name__)
    return first.replace(str(password), "***") if password else first
