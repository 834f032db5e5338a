"""What an expression in a migration says in so many words; nothing is run."""

import ast
import re
import warnings
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import cast

from selfcheck.errors import Unreadable

DEEPEST = 60
"""How deep expressions are followed."""
MADE = "code_makes_this"
"""What stands in a text for a part that only running the code would tell."""
FORMATS = re.compile(r"%(?:\(\w+\))?s")
FIELDS = re.compile(r"\{[^{}]*\}")


class Unknown(Enum):
    """A value that only running the code would tell."""

    VALUE = "unknown"


UNKNOWN = Unknown.VALUE
Names = Mapping[str, ast.expr]
"""Names and the one expression that each is assigned."""


def parsed(content: bytes) -> ast.Module:
    """The syntax tree of a source.

    Raises:
        Unreadable: it is none for the Python that runs.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the judged source does wrong otherwise is not ours to tell
        try:
            return ast.parse(content)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise Unreadable("does not parse as Python") from None


def assigned(body: list[ast.stmt]) -> Iterator[tuple[str, ast.expr, int]]:
    """The plain assignments of a block: name, value, line."""
    for node in body:
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if isinstance(target, ast.Name):
                        yield target.id, value, node.lineno
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value, node.lineno
            case _:
                pass


def statements(block: ast.Module | ast.ClassDef | ast.FunctionDef) -> Iterator[ast.stmt]:
    """Every statement within a source or a class, in its order; expressions are not looked into."""
    waiting: list[ast.AST] = list(reversed(block.body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.stmt):
            yield node
        inner: list[ast.AST] = []
        for name in ("body", "handlers", "cases", "orelse", "finalbody"):
            several = getattr(node, name, None)
            if isinstance(several, list):
                inner += cast("list[ast.AST]", several)
        waiting += reversed(inner)


def names_in(body: list[ast.stmt]) -> dict[str, ast.expr]:
    """The names that a block assigns once."""
    found: dict[str, ast.expr] = {}
    twice: set[str] = set()
    for name, value, _ in assigned(body):
        if name in found:
            twice.add(name)
        found[name] = value
    return {name: value for name, value in found.items() if name not in twice}


def literal(node: ast.expr | None, names: Names, depth: int = 0) -> object:
    """The value of a literal, a name for one, or a tuple, list or set of them; else UNKNOWN."""
    match node:
        case _ if depth > DEEPEST:
            return UNKNOWN
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name) if name in names:
            return literal(names[name], {each: names[each] for each in names if each != name}, depth + 1)
        case ast.Tuple(elts=several) | ast.List(elts=several) | ast.Set(elts=several):
            return _listed(several, names, depth)
        case ast.Call(func=ast.Name(id="set" | "frozenset" | "tuple" | "list"), args=args, keywords=[]):
            return literal(args[0], names, depth + 1) if args else ()
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return _joined(literal(left, names, depth + 1), literal(right, names, depth + 1))
        case ast.JoinedStr(values=parts):
            return _formatted(parts, names, depth)
        case _:
            return UNKNOWN


def _listed(several: list[ast.expr], names: Names, depth: int) -> object:
    values: tuple[object, ...] = tuple(literal(each, names, depth + 1) for each in several)
    return UNKNOWN if UNKNOWN in values else values


def text(node: ast.expr | None, names: Names) -> str | None:
    """The text that an expression is; None where it is no literal text."""
    value = literal(node, names)
    return value if isinstance(value, str) else None


def template(node: ast.expr | None, names: Names, depth: int = 0) -> str | None:
    """A text as `text` has it, with MADE for each of its parts that is computed; None where nothing of it is literal."""
    match node:
        case ast.Constant(value=str(said)):
            return said
        case ast.Name(id=name) if name in names and depth < DEEPEST:
            return template(names[name], {each: names[each] for each in names if each != name}, depth + 1)
        case ast.JoinedStr(values=parts):
            return "".join(_part(each, names) for each in parts)
        case ast.BinOp(op=ast.Add(), left=left, right=right) if depth < DEEPEST:
            both = template(left, names, depth + 1), template(right, names, depth + 1)
            return None if both == (None, None) else "".join(each or MADE for each in both)
        case ast.BinOp(op=ast.Mod(), left=left):
            return _filled(FORMATS, template(left, names, depth + 1))
        case ast.Call(func=ast.Attribute(value=inner, attr="format")):
            return _filled(FIELDS, template(inner, names, depth + 1))
        case _:
            return None


def _filled(fields: re.Pattern[str], said: str | None) -> str | None:
    return None if said is None else fields.sub(MADE, said)


def _part(node: ast.expr, names: Names) -> str:
    value = literal(node.value if isinstance(node, ast.FormattedValue) else node, names)
    return str(value) if isinstance(value, str | int) else MADE


def root(node: ast.expr) -> str | None:
    """The name that an expression of attributes and calls begins with."""
    while True:
        match node:
            case ast.Attribute(value=inner) | ast.Call(func=inner):
                node = inner
            case ast.Name(id=name):
                return name
            case _:
                return None


def dotted(node: ast.expr) -> str:
    """`a.b.c` as it is written; what is called on the way is left out."""
    parts: list[str] = []
    while True:
        match node:
            case ast.Attribute(value=inner, attr=name):
                parts.append(name)
                node = inner
            case ast.Call(func=inner):
                node = inner
            case ast.Name(id=name):
                parts.append(name)
                return ".".join(reversed(parts))
            case _:
                return ".".join(reversed(("", *parts)))


def _joined(left: object, right: object) -> object:
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    if isinstance(left, tuple) and isinstance(right, tuple):
        return (*cast("tuple[object, ...]", left), *cast("tuple[object, ...]", right))
    return UNKNOWN


def _formatted(parts: list[ast.expr], names: Names, depth: int) -> object:
    said: list[str] = []
    for part in parts:
        inner = part.value if isinstance(part, ast.FormattedValue) else part
        value = literal(inner, names, depth + 1)
        if not isinstance(value, str | int) or isinstance(value, bool):
            return UNKNOWN
        said.append(str(value))
    return "".join(said)
