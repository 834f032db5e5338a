"""What can be imported from a distribution: a table of widely used ones, and likeness of names for the others."""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from importlib.resources import files

from selfcheck.subjects.dependencies.declared import normal, words

LEAST = 3
"""Letters that a name must have to be looked for in another."""

TOOLS = re.compile(
    r"(?:types|pytest|flake8|pylint|mypy|pydocstyle|mkdocs|sphinx|sphinxcontrib|tox|nox|hatch|poetry|setuptools|pip"
    r"|jupyter|jupyterlab|ipykernel|nbconvert|coverage|opentelemetry-(?:instrumentation|exporter)|keyrings?|black|isort|ruff"
    r"|pyright|basedpyright|pre-commit|twine|build|wheel|pyupgrade|bandit|safety|uv|pdm|commitizen|bump2version|invoke)"
    r"(?:-.*)?|.*-(?:stubs|plugins?|bin|binary)"
)
"""Tools, their plugins, stubs and mere programs: nobody imports them."""

COMPANIONS = words(
    # Found by others where they are installed: servers and their loops, drivers, codecs, data, engines, templates.
    """
    aiodns aiomysql aioodbc aiosqlite argon2-cffi asyncmy asyncpg backports-zoneinfo bcrypt bjoern brotli
    brotlicffi cchardet certifi cryptography cx-oracle daphne dnspython email-validator eventlet faust-cchardet
    fastparquet gevent greenlet gunicorn h2 hiredis html5lib httptools hypercorn itsdangerous jinja2 lxml mod-wsgi
    mysql-connector-python mysqlclient numexpr odfpy openpyxl oracledb orjson pillow psycopg psycopg-c psycopg-pool
    psycopg2 pyarrow pymssql pymysql pyodbc pyopenssl pysocks python-dotenv python-multipart python-snappy
    pywin32 redis s3fs gcsfs adlfs tables tzdata ujson uvicorn uvloop uwsgi waitress watchdog watchfiles
    websockets whitenoise winloop wsproto xlrd xlsxwriter zstandard
    """
)
"""Distributions that work without being imported by whoever asks for them."""


COMPANIONS_OF = {
    "aiohttp": ("azure", "botbuilder", "fsspec", "gql", "slack_sdk"),
    "httpx": ("fastapi", "starlette"),
    "paho-mqtt": ("apprise",),
    "rfc3339-validator": ("jsonschema",),
}
"""Distributions that others use where they are installed, by the import names of these."""

NO_DISTRIBUTIONS = words(
    # What the standard library of some Python has or had, and what type checkers alone know.
    """
    __main__ _typeshed annotationlib asynchat asyncore aifc audioop binhex cgi cgitb chunk compression crypt
    distutils formatter imghdr imp lib2to3 macpath mailcap msilib nis nntplib nt ossaudiodev parser pipes posix
    smtpd sndhdr spwd sunau symbol telnetlib tomllib uu xdrlib winreg zoneinfo _pyrepl _winreg __builtin__ anydbm
    BaseHTTPServer cPickle commands ConfigParser Cookie cookielib copy_reg cStringIO exceptions HTMLParser httplib
    md5 Queue sets sha SimpleHTTPServer SocketServer StringIO thread Tkinter urllib2 urlparse UserDict UserList
    UserString xmlrpclib
    """
)
"""Top-level names that nobody can declare, whichever Python runs."""


def is_tool(name: str) -> bool:
    """Whether a distribution is of use without being imported."""
    return name in COMPANIONS or TOOLS.fullmatch(name) is not None


def is_companion(name: str, imported: Collection[str]) -> bool:
    """Whether something that is imported uses a distribution where it is installed."""
    return any(each in imported for each in COMPANIONS_OF.get(name, ()))


def least_known() -> tuple[str, ...]:
    """The distributions of the table that are imported by their own name, the least downloaded first."""
    return tuple(name for name, names in reversed(_table().items()) if names == (name,))


def stubbed(name: str) -> str | None:
    """The distribution that a distribution of type stubs is about."""
    found = re.fullmatch(r"(?:types-(.+)|(.+)-stubs)", name)
    return (found[1] or found[2]) if found else None


def import_names(name: str, given: Mapping[str, Iterable[str]]) -> tuple[str, ...] | None:
    """The top-level names of a distribution, as they are given or as the table has them; None where it is not known."""
    return tuple(given[name]) if name in given else _table().get(name)


def providers(top: str) -> tuple[str, ...]:
    """The distributions that the table knows to have a top-level name, most downloaded first."""
    return _reverse().get(top, ())


def is_like(name: str, top: str) -> bool:
    """Whether a distribution's name suggests a top-level name: one is within the other, case and separators aside."""
    ours, theirs = _squashed(name), _squashed(top)
    shorter = min(len(ours), len(theirs))
    return ours == theirs or (shorter >= LEAST and (theirs in ours or ours in theirs))


def _squashed(name: str) -> str:
    return normal(name).replace("-", "").strip("_")


@cache
def _table() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    text = (files("selfcheck.subjects.dependencies") / "names.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            name, *names = line.split()
            found[name] = tuple(names) or (name.replace("-", "_"),)
    return found


@cache
def _reverse() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, names in _table().items():
        for each in names:
            found[each] = (*found.get(each, ()), name)
    return found
