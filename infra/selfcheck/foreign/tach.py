"""The configuration of tach as it is written: modules, interfaces, layers and settings, each with its line."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from selfcheck.errors import Fault, RulebookError
from selfcheck.foreign.carried import Note
from selfcheck.foreign.text import Text, headers
from selfcheck.rulebook.documents import as_mapping
from selfcheck.suggest import short, unknown

ROOT = "<root>"
AT = re.compile(r" - at `\$(?P<path>.*)`$")
NAME = re.compile(r"[^\s.*?\[\]{}>|:()<]+|\*|\*\*")


class Dependency(Struct, frozen=True):
    """One module that may be depended on."""

    path: str
    deprecated: bool = False


class Module(Struct, frozen=True, kw_only=True):
    """One table of modules: one path, or several that share their configuration."""

    path: str | None = None
    paths: tuple[str, ...] = ()
    depends_on: tuple[str | Dependency, ...] | None = None
    cannot_depend_on: tuple[str | Dependency, ...] = ()
    depends_on_external: tuple[str, ...] | None = None
    cannot_depend_on_external: tuple[str, ...] = ()
    layer: str | None = None
    visibility: tuple[str, ...] | None = None
    utility: bool = False
    unchecked: bool = False
    strict: bool = False


class Interface(Struct, frozen=True, kw_only=True):
    """What anybody may import of some modules; `expose` and `from` are regular expressions."""

    expose: tuple[str, ...] = ()
    from_modules: tuple[str, ...] = msgspec.field(name="from", default=(".*",))
    visibility: tuple[str, ...] | None = None
    exclusive: bool = False
    data_types: str = "all"


class Layer(Struct, frozen=True):
    """One layer, from high to low; a closed one is not reached past."""

    name: str
    closed: bool = False


class Project(Struct, frozen=True, kw_only=True):
    """The whole file."""

    modules: tuple[Module, ...] = ()
    interfaces: tuple[Interface, ...] = ()
    layers: tuple[str | Layer, ...] = ()
    exclude: tuple[str, ...] = ()
    source_roots: tuple[str, ...] = (".",)
    exact: bool = False
    ignore_type_checking_imports: bool = True
    include_string_imports: bool = False
    forbid_circular_dependencies: bool = False
    layers_explicit_depends_on: bool = False
    root_module: str = "ignore"
    rules: dict[str, str] = {}


class Configuration(Struct, frozen=True):
    """The project, its text, and the lines at which its modules and interfaces begin."""

    text: Text
    project: Project
    modules: tuple[int, ...]
    interfaces: tuple[int, ...]
    notes: tuple[Note, ...]

    def line(self, key: str) -> int:
        """Where a setting stands."""
        return self.text.find(rf"\s*(\[[\w.]*\b)?{key}\b\s*[\]=]") or 1


NO_PROMISE = ("cache", "disable_logging", "map", "respect_gitignore", "use_regex_matching")
"""Settings that say how tach works and promise nothing about imports."""
KNOWN = frozenset(
    (*(field.encode_name for field in msgspec.structs.fields(Project)), *NO_PROMISE, "external", "plugins")
)
ROOTS = ("ignore", "allow", "dependenciesonly", "forbid")


def is_configuration(name: str, data: Mapping[str, Any]) -> bool:
    """Whether the data of a TOML file are a configuration of tach."""
    return name == "tach.toml" or "modules" in data or "tach" in (as_mapping(data.get("tool")) or {})


def read(text: Text, data: Mapping[str, Any]) -> Configuration:
    """The configuration in a tach.toml, or in `[tool.tach]`.

    Raises:
        RulebookError: a value is of the wrong type, or a module has no path.
    """
    nested = (as_mapping(data.get("tool")) or {}).get("tach")
    table, prefix = (data, "") if nested is None else (nested, r"tool\s*\.\s*tach\s*\.\s*")
    starts = {key: headers(text, rf"\s*\[\[\s*{prefix}{key}\s*\]\]\s*(#.*)?") for key in ("modules", "interfaces")}
    try:
        project = msgspec.convert(table, Project)
    except msgspec.ValidationError as error:
        raise RulebookError([_fault(text, starts, str(error))]) from None
    lines = {key: _lines(starts[key], len(getattr(project, key)), text.find(rf"\s*{key}\s*=") or 1) for key in starts}
    found = Configuration(text, project, lines["modules"], lines["interfaces"], tuple(_unknown(text, table, lines)))
    if faults := list(_faults(found)):
        raise RulebookError(sorted(set(faults)))
    return found


def paths(module: Module) -> tuple[str, ...]:
    """The paths of a table of modules."""
    return module.paths or ((module.path,) if module.path else ())


def is_glob(path: str) -> bool:
    """Whether a path stands for several."""
    return any(sign in path for sign in "*?[]{}")


def is_expression(path: str) -> bool:
    """Whether a path is a module expression of ours."""
    return all(NAME.fullmatch(part) for part in path.split("."))


def _faults(found: Configuration) -> Iterator[Fault]:
    text, project = found.text, found.project
    layers = [each if isinstance(each, str) else each.name for each in project.layers]
    if not project.modules:
        yield text.fault(1, "holds no module; there is nothing to carry over")
    for line, module in zip(found.modules, project.modules, strict=True):
        if not paths(module):
            yield text.fault(line, "a module without a `path`; write the name that it is imported by")
        if module.layer is not None and module.layer not in layers:
            yield text.fault(line, unknown("layer", module.layer, layers))
    if project.root_module.lower() not in ROOTS:
        yield text.fault(found.line("root_module"), unknown("root_module", project.root_module, ROOTS))


def _lines(starts: Any, count: int, otherwise: int) -> tuple[int, ...]:
    return tuple(starts) if len(starts) == count else (otherwise,) * count  # written in one array


def _fault(text: Text, starts: Mapping[str, Any], message: str) -> Fault:
    """A wrong value, at the table that it is in."""
    found = AT.search(message)
    path = found["path"] if found else ""
    table = re.match(r"\.(modules|interfaces)\[(\d+)\](.*)", path)
    line = 1
    if table and int(table[2]) < len(starts[table[1]]):
        line = starts[table[1]][int(table[2])]
        key = re.match(r"\.(\w+)", table[3])
        line = text.find(rf"\s*{key[1]}\s*=", line) or line if key else line
    elif key := re.match(r"\.(\w+)", path):
        line = text.find(rf"\s*(\[[\w.]*\b)?{key[1]}\b\s*[\]=]") or 1
    said = short(AT.sub("", message).replace("Object", "a table"), 200)
    return text.fault(line, f"`{path.lstrip('.') or 'the file'}`: {said[:1].lower()}{said[1:]}")


def _unknown(text: Text, table: Mapping[str, Any], lines: Mapping[str, tuple[int, ...]]) -> Iterator[Note]:
    """Keys that this reader does not know; a newer tach may."""
    for key in table:
        if key not in KNOWN:
            line = text.find(rf"\s*(\[+[\w.]*\b)?{re.escape(key)}\b") or 1
            yield Note(line, key, f"not carried: {unknown('setting', key, KNOWN)}")
    for name, struct in (("modules", Module), ("interfaces", Interface)):
        known = {field.encode_name for field in msgspec.structs.fields(struct)}
        for line, entry in zip(lines[name], table.get(name, ()), strict=True):
            for key in sorted(set(entry) - known):
                yield Note(line, str(entry.get("path", name)), f"not carried: {unknown('key', key, known)}")
