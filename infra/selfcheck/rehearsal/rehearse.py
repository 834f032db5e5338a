"""One rehearsal: what is asked goes in as a file, what came of it comes back as one; what runs between is foreign."""

import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from selfcheck.errors import CannotJudge, signal_name
from selfcheck.programs import run
from selfcheck.rehearsal.databases import Database, Served
from selfcheck.rehearsal.isolation import Isolation

INSIDE = Path(__file__).with_name("inside")
PASSED_ON = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ")
URLS = (
    *("DATABASE_URL", "DATABASE_URI", "DB_URL", "DB_URI", "DB_DSN", "SQLALCHEMY_DATABASE_URI"),
    *("SQLALCHEMY_DATABASE_URL", "SQLALCHEMY_URL", "SQLALCHEMY_DATABASE_URI", "ALEMBIC_URL", "ALEMBIC_DATABASE_URL"),
    *("POSTGRES_URL", "POSTGRES_DSN", "POSTGRESQL_URL", "PG_DSN", "PG_URL"),
)
"""The variables in which programs look for the URL of their database."""
PARTS = {
    "host": ("PGHOST",),
    "named": ("POSTGRES_HOST", "POSTGRES_SERVER", "DB_HOST", "DATABASE_HOST"),
    "port": ("PGPORT", "POSTGRES_PORT", "DB_PORT", "DATABASE_PORT"),
    "user": ("PGUSER", "POSTGRES_USER", "DB_USER", "DATABASE_USER"),
    "password": ("PGPASSWORD", "POSTGRES_PASSWORD", "DB_PASSWORD", "DATABASE_PASSWORD"),
    "name": ("PGDATABASE", "POSTGRES_DB", "DB_NAME", "DATABASE_NAME"),
}
START = (
    "import sys; sys.path[:] = [each for each in sys.path if each]; sys.path.insert(0, sys.argv[1]); "
    "from selfcheck_inside.probe import main; main(*sys.argv[2:])"
)
SECRET = re.compile(r"pass|pwd|key|token|secret|auth|cert|dsn|url", re.IGNORECASE)
SHORTEST = 4
LONGEST = 300


class Failure(Struct, frozen=True, kw_only=True):
    """Where it ended, and why, in the words of what was raised."""

    kind: str
    says: str
    stage: str
    at: str | None = None
    revision: str | None = None


class Difference(Struct, frozen=True, kw_only=True):
    """One difference that alembic told of."""

    op: str
    table: str | None = None
    about: str | None = None
    was: str | None = None
    now: str | None = None


class Change(Struct, frozen=True, kw_only=True):
    """One operation that Django would write into a new migration."""

    app: str
    says: str
    model: str | None = None


Row = tuple[str, str, str, str]


class Told(Struct, frozen=True, kw_only=True):
    """What came of a rehearsal."""

    python: str
    alembic: str | None = None
    sqlalchemy: str | None = None
    django: str | None = None
    heads: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    dumps: dict[str, tuple[Row, ...]] = {}
    leaves: dict[str, tuple[str, ...]] = {}
    changes: tuple[Change, ...] = ()
    failed: Failure | None = None


_decoder = msgspec.json.Decoder(Told)


class Stage(Struct, frozen=True, kw_only=True):
    """What every rehearsal of a run shares: who runs it, on what, shut in how, and what of the environment it sees."""

    python: Path
    served: Served
    isolation: Isolation
    environ: Mapping[str, str]
    passed: tuple[str, ...] = ()
    """The variables that are passed on beside a few common ones."""
    variables: Mapping[str, str] = {}

    def rehearse(self, copy: Path, asked: Mapping[str, Any], databases: Sequence[Database]) -> Told:
        """Run what is asked in a copy of the tree.

        Raises:
            CannotJudge: the process ended without an answer.

        """
        with tempfile.TemporaryDirectory(prefix="selfcheck-", ignore_cleanup_errors=True) as folder:
            room = Path(folder)
            shutil.copytree(INSIDE, room / "lib" / "selfcheck_inside", ignore=shutil.ignore_patterns("__pycache__"))
            for name in ("home", "tmp"):
                (room / name).mkdir()
            spec = {
                **asked,
                "root": str(copy),
                "path": [str(copy / each) for each in asked["path"]],
                "databases": [msgspec.to_builtins(each) for each in databases],
            }
            (room / "asked").write_bytes(msgspec.json.encode(spec))
            arguments = [str(room / "lib"), str(room / "asked"), str(room / "told")]
            command = self._shut_in([str(self.python), "-c", START, *arguments], room, copy, databases)
            status, _ = run(command, copy, self._environment(room, databases[0]), ())
            return self._answer(room / "told", status)

    def _shut_in(self, command: list[str], room: Path, copy: Path, databases: Sequence[Database]) -> list[str]:
        writable = {room, copy, *(Path(each.name).parent for each in databases if each.backend == "sqlite")}
        readable = {*prefixes(self.python), *([self.served.socket] if self.served.socket else [])}
        return self.isolation.around(command, sorted(writable), sorted(readable), self.environ.get("HOME", ""))

    def _environment(self, room: Path, database: Database) -> dict[str, str]:
        common = {name: self.environ[name] for name in PASSED_ON if name in self.environ}
        parts = {name: str(getattr(database, part)) for part, names in PARTS.items() for name in names}
        own = {"HOME": str(room / "home"), "TMPDIR": str(room / "tmp"), "PYTHONDONTWRITEBYTECODE": "1"}
        passed = {name: self.environ[name] for name in self.passed if name in self.environ}
        # What leads to a database comes last: no variable that is passed on may lead to another.
        return {**common, **own, **passed, **self.variables, **parts, **dict.fromkeys(URLS, database.url)}

    def _answer(self, path: Path, status: int) -> Told:
        if not path.is_file():
            how = f"was killed by {signal_name(-status)}" if status < 0 else f"ended with exit status {status}"
            raise CannotJudge(f"the process of the migrations {how} and told nothing")
        try:
            told = _decoder.decode(path.read_bytes())
        except msgspec.MsgspecError as error:
            raise CannotJudge("the process of the migrations told what cannot be read") from error
        failed = told.failed
        if failed is None:
            return told
        return msgspec.structs.replace(told, failed=msgspec.structs.replace(failed, says=self.cleaned(failed.says)))

    def cleaned(self, text: str) -> str:
        """A text without what may be a secret: values of variables, passwords in URLs, assignments to such names."""
        databases = [each.password for each in self.served.databases]
        values = [value for name, value in self.environ.items() if SECRET.search(name) or name in self.passed]
        for value in sorted({*databases, *values}, key=len, reverse=True):
            if len(value) >= SHORTEST:
                text = text.replace(value, "***")
        text = text[: 4 * LONGEST]
        text = re.sub(r"(//[^/\s:@]*):[^@\s]*@", r"\1:***@", text)
        text = re.sub(
            r"(?i)((?:pass|pwd|secret|token|key)(?!error)\w{0,20}['\"]?\s{0,3}[=:]\s{0,3})[^\s,)]+", r"\1***", text
        )
        return text[:LONGEST]


def prefixes(python: Path) -> list[Path]:
    """The folders that an interpreter needs: its own, and that of the one behind it."""
    return list(dict.fromkeys(each.parent.parent for each in (python, *_links(python))))


def _links(path: Path) -> list[Path]:
    found: list[Path] = []
    while path.is_symlink() and len(found) < 40:
        path = Path(os.path.normpath(path.parent / os.readlink(path)))
        found.append(path)
    return [*found, path.resolve()]
