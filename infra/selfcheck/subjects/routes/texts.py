"""Expressions of Python as texts, names and lists, as far as they can be read without running anything."""

import ast
from collections.abc import Iterator, Sequence

from selfcheck.subjects.routes.model import Piece, Pieces, Span


def pieces(node: ast.expr | None) -> Pieces | None:
    """A text that is written out, put together, or named; None where it is neither."""
    match node:
        case None:
            return None
        case ast.Constant(value=str(text)):
            return (Piece(text),)
        case ast.JoinedStr(values=values):
            return _joined(values)
        case ast.FormattedValue(value=value, format_spec=None):
            return pieces(value)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _joined((left, right))
        case ast.Name() | ast.Attribute() if name := dotted(node):
            return (Piece(name, named=True),)
        case ast.Call(func=ast.Name(id="str"), args=[inner]):
            return pieces(inner)
        case _:
            return None


def _joined(values: Sequence[ast.expr]) -> Pieces | None:
    found: list[Piece] = []
    for each in values:
        inner = pieces(each)
        if inner is None:
            return None
        found += inner
    return tuple(found)


def dotted(node: ast.AST | None) -> str:
    """A name with its attributes; empty for anything else. What is called on the way counts as what it returns."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join((node.id, *reversed(parts)))


def last(node: ast.AST | None) -> str:
    """The last part of a name."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def keyword(call: ast.Call, *names: str) -> ast.expr | None:
    """The value of the first of these arguments that a call gives by name."""
    return next((each.value for name in names for each in call.keywords if each.arg == name), None)


def argument(call: ast.Call, place: int, *names: str) -> ast.expr | None:
    """An argument by its place or by name."""
    by_name = keyword(call, *names)
    if by_name is not None or any(isinstance(each, ast.Starred) for each in call.args[: place + 1]):
        return by_name
    return call.args[place] if place < len(call.args) else None


def span(node: ast.expr | None) -> Span | None:
    """Where a text stands that is one literal on one line."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.lineno == node.end_lineno:
        return Span(node.lineno, node.col_offset, node.end_col_offset or 0)
    return None


def strings(node: ast.expr | None) -> tuple[str, ...]:
    """The texts of a list of literals."""
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return tuple(each.value for each in node.elts if isinstance(each, ast.Constant) and isinstance(each.value, str))
    return (node.value,) if isinstance(node, ast.Constant) and isinstance(node.value, str) else ()


def is_hidden(call: ast.Call) -> bool:
    """Whether a call keeps what it adds out of the document that the framework writes."""
    said = keyword(call, "include_in_schema")
    return isinstance(said, ast.Constant) and said.value is False


def depended(node: ast.expr | None) -> Iterator[str]:
    """The names in a list of dependencies: `[Depends(f)]`, `[Security(f)]`, and plain guards `[f]`."""
    for each in node.elts if isinstance(node, ast.List | ast.Tuple) else ():
        if isinstance(each, ast.Call) and last(each.func) in ("Depends", "Security"):
            if each.args and (name := dotted(each.args[0])):
                yield name
        elif name := dotted(each.func if isinstance(each, ast.Call) else each):
            yield name
