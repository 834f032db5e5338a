"""Which database a repository's migrations are for, by what its own files say."""

import re
from collections.abc import Iterable
from enum import StrEnum

from selfcheck.errors import Unreadable
from selfcheck.facts import Extractor, Facts
from selfcheck.trees import File, Tree


class Dialect(StrEnum):
    """A database's sort of SQL."""

    POSTGRESQL = "postgresql"
    MYSQL = "mysql"
    SQLITE = "sqlite"
    MSSQL = "mssql"
    ORACLE = "oracle"


SCHEMES = {"postgresql": Dialect.POSTGRESQL, "postgres": Dialect.POSTGRESQL, "mariadb": Dialect.MYSQL}
DRIVERS = re.compile(
    rb"(?<![\w-])(?:(?P<postgresql>psycopg\d?|psycopg2-binary|asyncpg|pg8000|aiopg)|(?P<mysql>pymysql|mysqlclient|"
    rb"mysql-connector-python|aiomysql|asyncmy)|(?P<mssql>pymssql|aioodbc)|(?P<oracle>oracledb|cx-oracle))(?![\w-])",
    re.IGNORECASE,
)
MANIFESTS = ("**/pyproject.toml", "**/*requirements*.txt", "**/requirements/*.txt", "**/setup.cfg", "**/setup.py")


def extract(content: bytes) -> list[str]:
    """The databases whose drivers a manifest names."""
    return sorted({str(found.lastgroup) for found in DRIVERS.finditer(content) if found.lastgroup})


NAMED: Extractor[list[str]] = Extractor("database drivers", 1, list[str], extract)


def of_url(scheme: str | None) -> Dialect | None:
    """The dialect that a URL's name before `://` means."""
    if scheme is None:
        return None
    return SCHEMES.get(scheme) or (Dialect(scheme) if scheme in list(Dialect) else None)


def detected(tree: Tree, facts: Facts, schemes: tuple[str | None, ...]) -> Dialect | None:
    """The dialect of the URLs in the settings, else that of the only driver that a manifest names; None where unclear."""
    found = {each for scheme in schemes if (each := of_url(scheme)) is not None}
    # Many set a local file as an example and another database where it counts.
    found -= {Dialect.SQLITE}
    if not found:
        found = {Dialect(each) for several in _drivers(facts, tree.files(MANIFESTS)) for each in several}
    return found.pop() if len(found) == 1 else None


def _drivers(facts: Facts, files: tuple[File, ...]) -> Iterable[list[str]]:
    for _, found in facts.of(NAMED, files):
        if not isinstance(found, Unreadable):
            yield found
