"""Import statements from a syntax tree: names, lines, scopes and guards. This is what every faster reading must equal."""

import ast
import re
from collections.abc import Iterable, Iterator

from selfcheck.subjects.imports.kinds import Kind
from selfcheck.subjects.imports.statement import Statement

GUARDS = frozenset(("TYPE_CHECKING", "MYPY"))
"""Names that are true for a type checker only, whatever they are an attribute of."""
CATCHING = frozenset(("ImportError", "ModuleNotFoundError", "Exception", "BaseException"))
"""Exceptions whose handler survives an import that fails."""
CALLS = frozenset(("import_module", "__import__"))

FUNCTION, TYPE_CHECKING, GUARDED = Kind.FUNCTION.bit, Kind.TYPE_CHECKING.bit, Kind.GUARDED.bit
DYNAMIC, LAZY, STAR = Kind.DYNAMIC.bit, Kind.LAZY.bit, Kind.STAR.bit

_Block = tuple[Iterable[ast.AST], int]
_dotted = re.compile(r"(\.*)(\w+(?:\.\w+)*)")


def walk(tree: ast.Module, *, dynamic: bool = True, lazy: frozenset[tuple[int, int]] = frozenset()) -> list[Statement]:
    """All imports of a source in the order of its lines; without `dynamic`, expressions are not looked into.

    `lazy` are the places, line and column, of statements that were written with `lazy` before them.
    """
    guards = GUARDS | _aliases(tree)
    found: list[Statement] = []
    blocks: list[_Block] = [(tree.body, 0)]
    while blocks:
        body, flags = blocks.pop()
        for node in body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                found += _imports(node, flags | (LAZY if (node.lineno, node.col_offset) in lazy else 0))
                continue
            blocks += _blocks(node, flags, guards)
            if dynamic:
                found += _calls(node, flags)
    return sorted(found, key=lambda statement: statement.line)


def _blocks(node: ast.AST, flags: int, guards: frozenset[str]) -> Iterable[_Block]:
    """The blocks of a statement, each with the flags that an import in it has."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return [(node.body, in_function(flags))]
        case ast.If():
            return _branches(node, flags, guards)
        case ast.Try() | ast.TryStar():
            return _attempts(node, flags)
        case ast.With() | ast.AsyncWith():
            return [(node.body, flags | (GUARDED if any(map(_suppresses, node.items)) else 0))]
        case _:
            return [(inner, flags) for inner in _inner(node)]


def in_function(flags: int) -> int:
    """What holds in the body of a function: whatever catches around its definition is gone when it is called."""
    return flags & ~GUARDED | FUNCTION


def _imports(node: ast.Import | ast.ImportFrom, flags: int) -> Iterator[Statement]:
    if isinstance(node, ast.Import):
        yield from (Statement(node.lineno, flags, 0, alias.name) for alias in node.names)
    else:
        names = tuple(alias.name for alias in node.names)
        yield Statement(node.lineno, flags | (STAR if names == ("*",) else 0), node.level, node.module or "", names)


def _inner(node: ast.AST) -> Iterator[Iterable[ast.AST]]:
    for name in ("body", "orelse"):
        inner = getattr(node, name, ())
        if isinstance(inner, list):
            yield inner
    for case in getattr(node, "cases", ()):
        yield case.body


def _attempts(node: ast.Try | ast.TryStar, flags: int) -> Iterator[_Block]:
    """What is tried is guarded where a handler survives a failing import, and so is that handler: it is the other way."""
    catching = [_catches(handler.type) for handler in node.handlers]
    yield node.body, flags | (GUARDED if any(catching) else 0)
    for handler, catches in zip(node.handlers, catching, strict=True):
        yield handler.body, flags | (GUARDED if catches else 0)
    yield node.orelse, flags
    yield node.finalbody, flags


def _catches(caught: ast.expr | None) -> bool:
    match caught:
        case None:
            return True
        case ast.Tuple(elts=several):
            return any(map(_catches, several))
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in CATCHING
        case _:
            return False


def _suppresses(item: ast.withitem) -> bool:
    match item.context_expr:
        case ast.Call(func=ast.Name(id="suppress") | ast.Attribute(attr="suppress"), args=caught):
            return any(map(_catches, caught))
        case _:
            return False


def _branches(node: ast.If, flags: int, guards: frozenset[str]) -> Iterator[_Block]:
    """Each branch, marked where it cannot run because a type-checking guard is false at run time."""
    value = _at_run_time(node.test, guards)
    yield node.body, flags | (TYPE_CHECKING if value is False else 0)
    yield node.orelse, flags | (TYPE_CHECKING if value is True else 0)


def _at_run_time(test: ast.expr, guards: frozenset[str]) -> bool | None:
    """The value of a condition that a guard decides, with every guard false; None where it is not decided by one."""
    match test:
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in guards:
            return False
        case ast.NamedExpr(value=inner) | ast.Call(func=ast.Name(id="bool"), args=[inner], keywords=[]):
            return _at_run_time(inner, guards)
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            value = _at_run_time(inner, guards)
            return None if value is None else not value
        case ast.BoolOp(op=op, values=inners):
            return _joined(isinstance(op, ast.Or), [_at_run_time(inner, guards) for inner in inners])
        case ast.Compare(left=left, ops=[op], comparators=[ast.Constant(value=bool(constant))]):
            return _compared(_at_run_time(left, guards), op, constant)
        case _:
            return None


def _joined(deciding: bool, values: list[bool | None]) -> bool | None:
    """`or` is decided by one true operand, `and` by one false one."""
    if deciding in values:
        return deciding
    return None if None in values else not deciding


def _compared(value: bool | None, op: ast.cmpop, constant: bool) -> bool | None:
    if value is None or not isinstance(op, ast.Is | ast.Eq | ast.IsNot | ast.NotEq):
        return None
    return (value == constant) is isinstance(op, ast.Is | ast.Eq)


def _aliases(tree: ast.Module) -> frozenset[str]:
    """What `from typing import TYPE_CHECKING as X` and `X = TYPE_CHECKING` call it, at the top level."""
    found: set[str] = set()
    for node in tree.body:
        match node:
            case ast.ImportFrom(names=names):
                found.update(alias.asname for alias in names if alias.name in GUARDS and alias.asname)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name(id=value) | ast.Attribute(attr=value)):
                if value in GUARDS:
                    found.add(name)
            case _:
                pass
    return frozenset(found)


def _calls(node: ast.AST, flags: int) -> Iterator[Statement]:
    """Dynamic imports in the expressions of one statement, the statements within it left to their own turn."""
    waiting = [each for each in ast.iter_child_nodes(node) if _is_expression(each)]
    while waiting:
        inner = waiting.pop()
        called = inner.func if isinstance(inner, ast.Call) else None
        name = getattr(called, "id", None) or getattr(called, "attr", None)
        if isinstance(inner, ast.Call) and name in CALLS:
            yield from _called(inner, flags | DYNAMIC)
        within = in_function(flags) if isinstance(inner, ast.Lambda) else flags
        if within != flags:
            yield from _calls(inner, within)
        else:
            waiting += ast.iter_child_nodes(inner)


def _is_expression(node: ast.AST) -> bool:
    """Whether this child is part of its statement, not a statement or a block of one."""
    return not isinstance(node, ast.stmt | ast.excepthandler | ast.match_case)


def _called(node: ast.Call, flags: int) -> Iterator[Statement]:
    """`import_module("a.b")`; `import_module(".b", __package__)` is relative, `import_module(".b", "a")` is not."""
    match node.args:
        case [ast.Constant(value=str(name)), *rest] if (found := _dotted.fullmatch(name)) is not None:
            dots, module = len(found[1]), found[2]
        case _:
            return
    package = next((each.value for each in node.keywords if each.arg == "package"), rest[0] if rest else None)
    match package:
        case _ if not dots:
            yield Statement(node.lineno, flags, 0, module)
        case ast.Name(id="__package__" | "__name__"):
            yield Statement(node.lineno, flags, dots, module)
        case ast.Constant(value=str(above)) if dots <= len(above.split(".")):
            parts = above.split(".")
            yield Statement(node.lineno, flags, 0, ".".join((*parts[: len(parts) - dots + 1], module)))
        case _:
            return
