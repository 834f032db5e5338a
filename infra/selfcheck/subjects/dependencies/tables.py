"""Dependencies in TOML: pyproject.toml in the standard tables and those of Poetry, PDM, uv, Hatch and Rye; Pipfile."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, cast

from msgspec import Struct

from selfcheck.errors import Unreadable
from selfcheck.subjects.dependencies.declared import Declared, Group, as_list, line_of, listed, normal

Table = Mapping[str, Any]
_script = re.compile(r"^# /// script[ \t]*\n((?:#(?: .*)?\n)*?)# ///[ \t]*$", re.MULTILINE)


class Read(Struct, frozen=True):
    """What one manifest says: the project's name, its dependencies, and the files that hold more of them.

    `computed` says what only a build would know; None where it is no manifest of a project.
    """

    name: str | None
    declared: tuple[Declared, ...]
    files: tuple[tuple[str, Group], ...] = ()
    computed: str | None = None


def parsed(text: str) -> Table:
    """A TOML document.

    Raises:
        Unreadable: it is none.
    """
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Unreadable(f"is no TOML: {str(error) or type(error).__name__}") from None


def pyproject(path: str, text: str) -> Read | None:
    """What a pyproject.toml declares; None where it only configures tools.

    Raises:
        Unreadable: it is no TOML, or one of its dependencies is no requirement.
    """
    data = parsed(text)
    project, tool = table(data, "project"), table(data, "tool")
    poetry = table(tool, "poetry")
    if not ("project" in data or table(data, "dependency-groups") or poetry or _lists(tool)):
        return None
    found = [
        *listed(project.get("dependencies"), path, text, Group.RUNTIME),
        *_each(table(project, "optional-dependencies"), path, text, Group.OPTIONAL),
        *_each(table(data, "dependency-groups"), path, text, Group.DEVELOPMENT),
        *listed(table(data, "build-system").get("requires"), path, text, Group.DEVELOPMENT),
        *_poetry(poetry, path, text),
    ]
    for several in _lists(tool):
        found += listed(several, path, text, Group.DEVELOPMENT)
    files, computed = _dynamic(project, table(table(tool, "setuptools"), "dynamic"))
    name = project.get("name") or poetry.get("name")
    return Read(name if isinstance(name, str) else None, tuple(found), files, computed)


def pipfile(path: str, text: str) -> Read:
    """What a Pipfile declares.

    Raises:
        Unreadable: it is no TOML.
    """
    data = parsed(text)
    runtime = _keys(table(data, "packages"), path, text, Group.RUNTIME)
    return Read(None, (*runtime, *_keys(table(data, "dev-packages"), path, text, Group.DEVELOPMENT)))


def inline(text: str) -> tuple[Declared, ...]:
    """What a script declares in a comment of its own: https://packaging.python.org/specifications/inline-script-metadata/"""
    found = _script.search(text.replace("\r\n", "\n")) if text.count("# /// script") == 1 else None
    if found is None:
        return ()
    lines = "".join(line[2:] or "\n" for line in found[1].splitlines(keepends=True))
    try:
        return tuple(listed(parsed(lines).get("dependencies"), "", "", Group.RUNTIME))
    except Unreadable:
        return ()


def table(data: Table, key: str) -> Table:
    """The table at a key; an empty one where there is none."""
    return _as_table(data.get(key))


def _as_table(value: object) -> Table:
    return cast("Table", value) if isinstance(value, dict) else {}


def _lists(tool: Table) -> list[object]:
    """The lists of requirements in tools' own tables, all for development."""
    found: list[object] = [table(tool, each).get("dev-dependencies") for each in ("uv", "rye")]
    found += table(table(tool, "pdm"), "dev-dependencies").values()
    for each in table(table(tool, "hatch"), "envs").values():
        found += (_as_table(each).get("dependencies"), _as_table(each).get("extra-dependencies"))
    return [each for each in found if each]


def _each(groups: Table, path: str, text: str, group: Group) -> Iterator[Declared]:
    for several in groups.values():
        yield from listed(several, path, text, group)


def _poetry(poetry: Table, path: str, text: str) -> Iterator[Declared]:
    yield from _keys(table(poetry, "dependencies"), path, text, Group.RUNTIME)
    yield from _keys(table(poetry, "dev-dependencies"), path, text, Group.DEVELOPMENT)
    for each in table(poetry, "group").values():
        yield from _keys(table(_as_table(each), "dependencies"), path, text, Group.DEVELOPMENT)


def _keys(several: Table, path: str, text: str, group: Group) -> Iterator[Declared]:
    """Poetry and Pipenv: the keys are the names."""
    for name, how in several.items():
        if name.lower() == "python":
            continue
        given = _as_table(how)
        optional = given.get("optional") is True and group is Group.RUNTIME
        marked = isinstance(how, list) or not {"markers", "platform", "python"}.isdisjoint(given)
        line = line_of(text, f"\n{name} ")
        asking = Group.OPTIONAL if optional else group
        yield Declared(normal(name), name, path, line and line + 1, asking, conditional=marked)


def _dynamic(project: Table, dynamic: Table) -> tuple[tuple[tuple[str, Group], ...], str | None]:
    """The requirement files that setuptools reads dependencies from, or what is computed."""
    if "dependencies" not in as_list(project.get("dynamic")):
        return (), None
    files = table(dynamic, "dependencies").get("file")
    several = [files] if isinstance(files, str) else as_list(files)
    found = tuple((each, Group.RUNTIME) for each in several if isinstance(each, str))
    return found, None if found else "its dependencies are computed by its build"
