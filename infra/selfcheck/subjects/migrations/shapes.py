"""What a migration says, apart from how it is written: its ids, its way forward and its way back, each as a digest."""

import ast
import hashlib
from collections.abc import Iterable, Iterator
from typing import cast

from msgspec import Struct

from selfcheck.facts import Extractor
from selfcheck.subjects.migrations.literals import assigned, parsed
from selfcheck.subjects.migrations.script import ALEMBIC, DJANGO, IDS
from selfcheck.subjects.migrations.words import words

SKIPPED = frozenset(("returns", "annotation", "type_comment", "kind", "type_params", "ctx", "lineno", "end_lineno"))
"""What of a syntax tree is only for readers and type checkers."""
APP = ("dependencies", "replaces", "run_before")
NONE = ast.Constant(value=None)
ORDERLESS = "keywords"


class Shape(Struct, frozen=True):
    """Digests; empty where there is nothing of the kind. `helpers` is whatever else is assigned or defined."""

    ids: str = ""
    upgrade: str = ""
    downgrade: str = ""
    helpers: str = ""


def python(content: bytes) -> Shape:
    """The shape of a revision of alembic, or of a migration of Django.

    Raises:
        Unreadable: it does not parse.
    """
    module = parsed(content)
    if DJANGO.search(content) and not ALEMBIC.search(content):
        return _app(module)
    ids = {name: value for name, value, _ in assigned(module.body) if name in IDS}
    rest: list[ast.AST] = []
    functions: dict[str, ast.AST] = {}
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and node.name in ("upgrade", "downgrade"):
            functions[node.name] = node
        elif not _is_idle(node) and not any(name in IDS for name, _, _ in assigned([node])):
            rest.append(node)
    return Shape(
        ids=_digest(_flat(ids.get(name, NONE)) for name in IDS),
        upgrade=_one(functions.get("upgrade")),
        downgrade=_one(functions.get("downgrade")),
        helpers=_digest(map(_flat, rest)) if rest else "",
    )


def sql(content: bytes) -> Shape:
    """The shape of a SQL file: its words, without comments."""
    return Shape(upgrade=_digest(each.text for each in words(content.decode("utf-8", "replace"))))


PYTHON: Extractor[Shape] = Extractor("migration shapes", 1, Shape, python, host=True)
SQL: Extractor[Shape] = Extractor("SQL migration shapes", 1, Shape, sql)


def _app(module: ast.Module) -> Shape:
    """Of Django: what it depends on, its operations, and the functions that these run."""
    found = next((each for each in module.body if isinstance(each, ast.ClassDef) and each.name == "Migration"), None)
    said = {name: value for name, value, _ in assigned(found.body)} if found else {}
    rest = [each for each in module.body if each is not found and not _is_idle(each)]
    return Shape(
        ids=_digest(_flat(said[name]) if name in said else "None" for name in APP),
        upgrade=_digest(
            [*(_flat(value) for name, value in sorted(said.items()) if name not in APP), *map(_flat, rest)]
        ),
    )


def _one(node: ast.AST | None) -> str:
    return "" if node is None else _digest([_flat(node)])


def _is_idle(node: ast.stmt) -> bool:
    """What neither changes nor names anything: docstrings, imports, a type checker's own."""
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING")):
            return True
        case _:
            return False


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _flat(node: object) -> str:
    """A syntax tree as text, without what does not change what it does. Not by recursion: sources may be deep."""
    parts: list[str] = []
    waiting: list[object] = [node]
    while waiting:
        here = waiting.pop()
        match here:
            case ast.Expr(value=ast.Constant()) | ast.Pass() | ast.Import() | ast.ImportFrom():
                continue
            case ast.AnnAssign(target=target, value=value) if value is not None:
                waiting.append(ast.Assign(targets=[target], value=value))
            case ast.AST():
                parts.append(type(here).__name__)
                waiting += reversed([*_fields(here), ")"])
            case list():
                waiting += reversed(["[", *cast("list[object]", here), "]"])
            case str():
                parts.append(here)
            case _:
                parts.append(repr(here))
    return " ".join(parts)


def _fields(node: ast.AST) -> Iterator[object]:
    for name in node._fields:
        if name in SKIPPED:
            continue
        value = getattr(node, name, None)
        if name == ORDERLESS and isinstance(node, ast.Call):
            value = sorted(node.keywords, key=lambda each: each.arg or "")
        yield repr(value) if isinstance(value, str) else value
