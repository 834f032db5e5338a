"""One revision of alembic, read from its source: its ids, and what its upgrade and downgrade do."""

import ast
import re
from enum import StrEnum
from typing import cast

from msgspec import Struct

from selfcheck.facts import Extractor
from selfcheck.subjects.migrations.apps import App, app
from selfcheck.subjects.migrations.calls import operations
from selfcheck.subjects.migrations.literals import Names, assigned, literal, names_in, parsed, statements
from selfcheck.subjects.migrations.operations import Operation

IDS = ("revision", "down_revision", "depends_on", "branch_labels")
ALEMBIC = re.compile(rb"^(?:down_)?revision\b", re.MULTILINE)
DJANGO = re.compile(rb"^[ \t]*class Migration\b", re.MULTILINE)


class Way(StrEnum):
    """What a downgrade is."""

    BACK = "back"
    MISSING = "missing"
    EMPTY = "empty"
    RAISES = "raises"


class Imported(Struct, frozen=True, array_like=True):
    """A module that a revision imports; `level` counts the dots before a relative one."""

    name: str
    line: int
    level: int = 0


class Script(Struct, frozen=True, kw_only=True):
    """A revision; an id that is computed is among `computed`, and None or empty."""

    revision: str | None = None
    down: tuple[str, ...] = ()
    depends: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    computed: tuple[str, ...] = ()
    lines: dict[str, int] = {}
    """Where the ids stand."""
    says: str = ""
    """The first line of its docstring."""
    has_down: bool = False
    """Whether it says a `down_revision` at all, as a revision does."""
    has_upgrade: bool = False
    upgrade: tuple[Operation, ...] = ()
    downgrade: tuple[Operation, ...] = ()
    way: Way = Way.MISSING
    imports: tuple[Imported, ...] = ()


class Source(Struct, frozen=True):
    """What a Python file is: a revision of alembic, a migration of Django, or neither."""

    script: Script | None = None
    app: App | None = None


def extract(content: bytes) -> Source:
    """What a file says.

    Raises:
        Unreadable: it looks like a migration and does not parse.
    """
    is_script, is_app = ALEMBIC.search(content) is not None, DJANGO.search(content) is not None
    if not (is_script or is_app):
        return Source()
    module = parsed(content)
    try:
        return Source(_script(module) if is_script else None, app(module) if is_app else None)
    except RecursionError:
        return Source(Script(computed=IDS) if is_script else None)


SOURCES: Extractor[Source] = Extractor("migration sources", 1, Source, extract, host=True)


def _script(module: ast.Module) -> Script:
    names = names_in(module.body)
    values: dict[str, ast.expr] = {}
    lines: dict[str, int] = {}
    for name, value, line in assigned(module.body):
        if name in IDS:
            values[name], lines[name] = value, line
    read = {name: literal(values.get(name), names) if name in values else None for name in IDS}
    # What is assigned twice is what it was assigned last.
    computed = tuple(name for name, value in read.items() if not _is_id(value, single=name == "revision"))
    functions = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}
    upgrade, downgrade = functions.get("upgrade"), functions.get("downgrade")
    return Script(
        revision=read["revision"] if isinstance(read["revision"], str) else None,
        down=_several(read["down_revision"]),
        depends=_several(read["depends_on"]),
        labels=_several(read["branch_labels"]),
        computed=computed,
        lines=lines,
        says=(ast.get_docstring(module) or "").partition("\n")[0],
        has_down="down_revision" in lines,
        has_upgrade=upgrade is not None,
        upgrade=_done(upgrade, functions, names, module),
        downgrade=_done(downgrade, functions, names, module),
        way=_way(downgrade),
        imports=_imports(module),
    )


def _is_id(value: object, *, single: bool) -> bool:
    if value is None or isinstance(value, str):
        return True
    return (
        not single and isinstance(value, tuple) and all(isinstance(each, str) for each in cast("tuple[object]", value))
    )


def _several(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    several = cast("tuple[object, ...]", value) if isinstance(value, tuple) else ()
    return tuple(each for each in several if isinstance(each, str))


def _done(
    function: ast.FunctionDef | None, functions: dict[str, ast.FunctionDef], names: Names, module: ast.Module
) -> tuple[Operation, ...]:
    return () if function is None else tuple(operations(function, functions, names, module))


def _way(function: ast.FunctionDef | None) -> Way:
    if function is None:
        return Way.MISSING
    body = [each for each in function.body if not _says_nothing(each)]
    if not body:
        return Way.EMPTY
    return Way.RAISES if isinstance(body[0], ast.Raise) else Way.BACK


def _says_nothing(node: ast.stmt) -> bool:
    match node:
        case ast.Pass() | ast.Expr(value=ast.Constant()) | ast.Return(value=None | ast.Constant(value=None)):
            return True
        case _:
            return False


def _imports(module: ast.Module) -> tuple[Imported, ...]:
    found: list[Imported] = []
    for node in statements(module):
        match node:
            case ast.Import(names=several):
                found += (Imported(each.name, node.lineno) for each in several)
            case ast.ImportFrom(module=name, level=level):
                found.append(Imported(name or "", node.lineno, level))
            case _:
                pass
    return tuple(found)
