"""What each sort of file says of settings, read from its bytes: as facts without texts, and once more with them."""

import tomllib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, cast

from selfcheck.errors import Unreadable
from selfcheck.patterns import Probe
from selfcheck.subjects.settings import documents, flat
from selfcheck.subjects.settings import python as python_source
from selfcheck.subjects.settings.code import Finder, Found
from selfcheck.subjects.settings.defaults import Source, source
from selfcheck.subjects.settings.entries import Entry, decoded, entry
from selfcheck.subjects.settings.guards import watched
from selfcheck.subjects.settings.model import Contents, Needed, Switch
from selfcheck.subjects.settings.program import Bring, Program
from selfcheck.subjects.settings.switches import is_django, of_entry, of_program
from selfcheck.subjects.settings.walking import lines

MINIFIED = 20_000
"""Bytes from which on a script without line ends is taken for the output of a tool."""

_NAMED = (
    rb"(?:(?i)secret|passw|passphrase|pwd|salt|(?:signing|encrypt\w*|fernet|jwt|aes|hmac|master|private|api|access|auth|app)_?key"
    rb"|token|credential|database_ur[li]|dsn)"
)
_ENVIRONMENTS = (
    rb"environ|getenv|process\.env|import\.meta\.env|BaseSettings|decouple|dynaconf|(?:ALLOWED|allowed)_(?:HOSTS|hosts)|[\"']DEBUG[\"']|CORS|\bcors\(|allow_origins|enableCors"
    rb"|COOKIE_SECURE|\bMIDDLEWARE\b|INSTALLED_APPS|ROOT_URLCONF|jsonwebtoken|\bjwt\.|session\(|cookieParser|Fernet\(|Serializer\(|SECRET|secret_key"
    rb"|\benv(?:\.\w+)?\([\"']|\bconfig\([\"']|\w+://[^\s\"'/@:]{0,60}:[^\s\"'/@{}]{1,80}@|debug[ \t]*=[ \t]*True"
    rb"|(?m:^[ \t]*(?:\w+\.)*(?:[A-Z]+_)?DEBUG[ \t]*(?::[^=\n]{1,40})?=)"
)
_GIVEN = rb"\w*[\"']?\]?[ \t]*(?::[^=\n\"']{0,60})?=[ \t]*(?:[\w.]{1,40}\()?[ \t\n]*[bru]?[\"'`][^\"'`\n]"
_IN_MAPPING = rb"\w*[\"']?[ \t]*:[ \t]*[bru]?[\"'`][^\"'`\n]"
_python = Probe(_ENVIRONMENTS + rb"|" + _NAMED + _GIVEN + rb"|[\"'](?:\w+_)?" + _NAMED + _IN_MAPPING)
_scripts = Probe(_ENVIRONMENTS + rb"|" + _NAMED + _GIVEN + rb"|" + _NAMED + _IN_MAPPING)


class Reading(NamedTuple):
    """What a file says: its settings with their texts, and all else."""

    found: tuple[Found, ...] = ()
    rest: Contents = Contents()
    program: Program | None = None
    where: Source | None = None


def extracting(read: Callable[[bytes], Reading]) -> Callable[[bytes], Contents]:
    """A reader of facts, which hold no text of a default."""

    def extract(content: bytes) -> Contents:
        from msgspec import structs

        reading = read(content)
        return structs.replace(reading.rest, settings=tuple(each.setting for each in reading.found))

    extract.__module__ = __name__
    return extract


def python(content: bytes) -> Reading:
    """A Python module, if it has to do with settings at all."""
    if not _python.found(content):
        return Reading()
    program = python_source.program(content)
    return _program(program, django=is_django(program))


def typescript(content: bytes) -> Reading:
    """A module of TypeScript."""
    return _script(content, jsx=False)


def javascript(content: bytes) -> Reading:
    """A module of JavaScript, or one with elements in it."""
    return _script(content, jsx=True)


def environment(content: bytes) -> Reading:
    """A file of variables."""
    found, commented = flat.env(content)
    return _entries(found, needed=commented)


def compose(content: bytes) -> Reading:
    """Services and their variables."""
    found, files = documents.compose(content)
    return _entries(found, env_files=files)


def image(content: bytes) -> Reading:
    """What an image is built with."""
    return _entries(flat.dockerfile(content))


def chart(content: bytes) -> Reading:
    """The values of a chart."""
    return _templated(content, documents.helm)


def spring(content: bytes) -> Reading:
    """Properties of Spring in YAML."""
    return _templated(content, documents.application)


def properties(content: bytes) -> Reading:
    """Properties of Spring."""
    return _entries(flat.properties(content))


def ini(content: bytes) -> Reading:
    """Sections of alembic."""
    return _entries(flat.ini(content))


def infrastructure(content: bytes) -> Reading:
    """Terraform."""
    # Here alone: the grammar is a library of its own, and few repositories have such files.
    from selfcheck.subjects.settings.terraform import terraform

    return _entries(terraform(content))


def workflow(content: bytes) -> Reading:
    """A workflow of GitHub."""
    return _entries(documents.workflow(content))


def cluster(content: bytes) -> Reading:
    """A manifest of Kubernetes."""
    return _templated(content, documents.kubernetes)


def toml(content: bytes) -> Reading:
    """Settings of dynaconf."""
    text = decoded(content)
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Unreadable(f"does not parse as TOML: {str(error).splitlines()[0]}") from None
    return _entries(_tables(data, text, ""))


def _tables(data: dict[str, Any], text: str, scope: str) -> Iterator[Entry]:
    for key, value in data.items():
        if isinstance(value, dict):
            yield from _tables(cast("dict[str, Any]", value), text, f"{scope}.{key}".lstrip("."))
        elif isinstance(value, str):
            offset = text.find(key)
            yield entry(key, value, text.count("\n", 0, max(offset, 0)) + 1, scope=scope, variable="")


def _script(content: bytes, *, jsx: bool) -> Reading:
    if not _scripts.found(content):
        return Reading()
    if len(content) > MINIFIED and content.count(b"\n") < len(content) // 500:
        return Reading(rest=Contents(skipped="minified"))
    # Here alone: the grammar is a library of its own.
    from selfcheck.subjects.settings.script import program

    return _program(program(content, jsx=jsx, matters=_scripts.found))


def _program(program: Program, *, django: bool = False) -> Reading:
    where, walked = source(program), lines(program.body)
    rest = Contents(
        switches=tuple(of_program(walked, where)),
        watched=tuple(sorted(watched(walked))),
        stars=tuple(stmt.module for stmt in program.body if isinstance(stmt, Bring) and ("*", "*") in stmt.names),
        django=django,
    )
    return Reading(tuple(Finder(program, where, walked).find()), rest, program, where)


def _templated(content: bytes, read: Callable[[bytes], Iterator[Entry]]) -> Reading:
    """YAML that a chart may have to render first; then it is none."""
    try:
        return _entries(read(content))
    except Unreadable:
        if b"{{" in content:
            return Reading(rest=Contents(skipped="a template"))
        raise


def _entries(entries: Iterable[Entry], *, needed: Iterable[Needed] = (), env_files: Iterable[str] = ()) -> Reading:
    several = list(entries)
    found = tuple(each for one in several for each in one.found)
    switches: list[Switch] = []
    for each in found:
        switches += of_entry(each.setting, each.text)
    asked = (*(each for one in several for each in one.needed), *needed)
    return Reading(found, Contents(switches=tuple(switches), needed=asked, env_files=tuple(env_files)))
