"""What the names of a Python module stand for: imports, texts, and the instances of classes with texts as fields."""

import ast
from collections.abc import Iterator

from msgspec import Struct

from selfcheck.errors import Unreadable
from selfcheck.facts import Extractor
from selfcheck.subjects.routes.model import Pieces
from selfcheck.subjects.routes.python import parsed
from selfcheck.subjects.routes.scopes import assigned
from selfcheck.subjects.routes.texts import dotted, pieces


class Bound(Struct, frozen=True, array_like=True):
    """What an import binds a name to: a module, or a name in one."""

    level: int
    module: str
    name: str = ""


class Names(Struct, frozen=True):
    """`texts` are those of names and of `Class.field`; `made` what a name is assigned from: a call's function, or a name."""

    bound: dict[str, Bound]
    stars: tuple[Bound, ...]
    texts: dict[str, Pieces]
    made: dict[str, str]


def names(content: bytes) -> Names:
    """The names of a module.

    Raises:
        Unreadable: it does not parse.
    """
    try:
        tree = parsed(content)
        bound: dict[str, Bound] = {}
        stars: list[Bound] = []
        for name, each in _imports(tree):
            if name == "*":
                stars.append(each)
            else:
                bound.setdefault(name, each)
        texts = dict(_texts(tree))
        return Names(bound, tuple(stars), texts, dict(_made(tree)))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Unreadable(f"does not parse as Python: {error}") from None


NAMES = Extractor("names of routes", 1, Names, names, host=True)
"""The names of a Python file, as a fact."""


def _imports(tree: ast.Module) -> Iterator[tuple[str, Bound]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                name = each.asname or each.name.partition(".")[0]
                yield name, Bound(0, each.name if each.asname else name)
        elif isinstance(node, ast.ImportFrom):
            for each in node.names:
                yield each.asname or each.name, Bound(node.level, node.module or "", each.name)


def _texts(tree: ast.Module) -> Iterator[tuple[str, Pieces]]:
    for name, value in assigned(tree.body):
        if (found := pieces(value)) is not None:
            yield name, found
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            for name, value in assigned(node.body):
                if (found := pieces(_default(value))) is not None:
                    yield f"{node.name}.{name}", found


def _default(value: ast.expr) -> ast.expr:
    """The default of `Field("x")` or `Field(default="x")`."""
    if isinstance(value, ast.Call):
        return next((each.value for each in value.keywords if each.arg == "default"), *value.args[:1] or (value,))
    return value


def _made(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for name, value in assigned(tree.body):
        called = value.func if isinstance(value, ast.Call) else value
        if found := dotted(called):
            yield name, found
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and (returned := _returned(node)):
            yield node.name, returned


def _returned(node: ast.FunctionDef) -> str:
    """What a function returns the instance of: `def get_settings(): return Settings()`."""
    for each in ast.walk(node):
        if isinstance(each, ast.Return) and isinstance(each.value, ast.Call | ast.Name | ast.Attribute):
            return dotted(each.value.func if isinstance(each.value, ast.Call) else each.value)
    return ""
