"""Where a mirror is: an address from an environment variable, or the embedded SQLite; what may be said of it."""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from msgspec import Struct

from selfcheck.errors import CannotJudge

EMBEDDED = ".selfcheck/instructions.sqlite"
"""The mirror of a guardrail that names no variable, below the root."""
SECRET = re.compile(r"pass|pwd|key|token|secret|auth|cert", re.IGNORECASE)
SHORTEST = 3
"""Shorter values are no secrets, and taking them out would leave no sentence whole."""
POSTGRES = {"postgresql", "postgres", "postgresql+psycopg"}
MONGODB = {"mongodb", "mongodb+srv"}


class System(StrEnum):
    """The databases that are known."""

    SQLITE = "SQLite"
    POSTGRESQL = "PostgreSQL"
    MONGODB = "MongoDB"


class Unreachable(CannotJudge):
    """The mirror could not be read or written; nothing else is used in its place."""


class Address(Struct, frozen=True):
    """One mirror's system and address; `secrets` are what no message may hold, `name` is what it may be called."""

    system: System
    url: str
    name: str
    secrets: tuple[str, ...] = ()
    path: Path | None = None
    """The file of an SQLite database."""

    def cleaned(self, text: str) -> str:
        """The first line of a text, without secrets."""
        line = next(iter(text.strip().splitlines()), "")[:300]
        for secret in sorted((self.url, *self.secrets), key=len, reverse=True):
            if len(secret) >= SHORTEST:
                line = line.replace(secret, "***")
        return re.sub(r"(//[^/\s:@]*):[^@\s]*@", r"\1:***@", line)

    def unreachable(self, error: BaseException) -> Unreachable:
        """An error of the driver, as one that may be told."""
        told = self.cleaned(str(getattr(error, "orig", None) or error)) or type(error).__name__
        return Unreachable(f"{self.name}: {told}")


def address(variable: str | None, environ: Mapping[str, str], folder: Path | None) -> Address:
    """The mirror that the variable leads to, or the embedded one where no variable is named.

    Raises:
        Unreachable: the variable is not set, or what it holds leads to no database that is known.
    """
    if variable is None:
        if folder is None:
            raise Unreachable(
                "the embedded database lies in the repository, and this one is on no disk",
                "name a variable with `database`",
            )
        path = folder / EMBEDDED
        return Address(System.SQLITE, f"sqlite:///{path}", EMBEDDED, (), path)
    url = environ.get(variable, "").strip()
    if not url:
        raise Unreachable(f"the variable {variable} is not set", "let it hold the database's URL")
    scheme = url.partition(":")[0].lower()
    if scheme == "sqlite":
        return _sqlite(url, variable, folder)
    if scheme in POSTGRES:
        return Address(
            System.POSTGRESQL,
            f"postgresql+psycopg:{url.partition(':')[2]}",
            _named("PostgreSQL", variable),
            _secrets(url),
        )
    if scheme in MONGODB:
        return Address(System.MONGODB, url, _named("MongoDB", variable), _secrets(url))
    raise Unreachable(f"what {variable} holds is no URL of SQLite, PostgreSQL or MongoDB")


def _sqlite(url: str, variable: str, folder: Path | None) -> Address:
    written = re.match(r"(?i)sqlite:///([^?]+)$", url)
    if written is None or ":memory:" in url:
        raise Unreachable(
            f"what {variable} holds names no file of SQLite", "write sqlite:///path, from the root, or sqlite:////path"
        )
    path = Path(written[1])
    if not path.is_absolute():
        if folder is None:
            raise Unreachable(f"the path that {variable} holds begins at the root, and this repository is on no disk")
        path = folder / path
    return Address(System.SQLITE, f"sqlite:///{path}", _named("SQLite", variable), (), path)


def _named(system: str, variable: str) -> str:
    return f"{system} (${variable})"


def _secrets(url: str) -> tuple[str, ...]:
    """Every part of a URL that may be one."""
    try:
        parts = urlsplit(url)
        found = {part for part in (parts.password, parts.netloc.rpartition("@")[0]) if part}
        found |= {value for key, value in parse_qsl(parts.query) if SECRET.search(key)}
    except ValueError:
        return (url,)
    return tuple(sorted({each for part in found for each in (part, unquote(part))}))
