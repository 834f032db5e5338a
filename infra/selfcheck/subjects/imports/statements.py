"""The import statements of one Python source: names, lines, and whether each runs when the module is imported."""

import ast
import warnings
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from selfcheck.errors import Unreadable
from selfcheck.facts import Extractor

GUARDS = frozenset(("TYPE_CHECKING", "MYPY"))
"""Names that are true for a type checker only, whatever they are an attribute of."""


LARGE = 1_000_000
"""Bytes beyond which a source without the word `import` is not parsed."""


class Kind(StrEnum):
    """Why an import does not run when its module is imported; one of neither kind always does."""

    FUNCTION = "function"
    TYPE_CHECKING = "type-checking"


class Statement(NamedTuple):
    """`from module import name`, or `import module` with no name; `level` counts the dots of a relative import."""

    module: str
    name: str | None
    level: int
    line: int
    kinds: frozenset[Kind]


def statements(content: bytes) -> tuple[Statement, ...]:
    """All import statements of a source, in the order of the text.

    Raises:
        Unreadable: it does not parse.

    """
    if len(content) > LARGE and b"import" not in content:
        return ()  # nothing is imported without the word, and parsing takes five times the size of data in memory
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape in a string of the judged source is not ours to tell
        try:
            tree = ast.parse(content)
        except SyntaxError as error:
            line = f" (line {error.lineno})" if error.lineno else ""
            raise Unreadable(f"does not parse as Python: {error.msg}{line}") from None
        except (ValueError, RecursionError, MemoryError) as error:
            raise Unreadable(f"does not parse as Python: {str(error) or type(error).__name__}") from None
    return tuple(sorted(_walk(tree), key=lambda statement: statement.line))


STATEMENTS = Extractor("imports", 1, tuple[Statement, ...], statements, host=True)
"""The import statements of a file, as a fact."""


def _walk(tree: ast.Module) -> Iterator[Statement]:
    """Statements only, by a stack of blocks: an import is never part of an expression."""
    guards = GUARDS | _aliases(tree)
    blocks: list[tuple[Iterable[ast.stmt], frozenset[Kind]]] = [(tree.body, frozenset())]
    while blocks:
        body, kinds = blocks.pop()
        for node in body:
            match node:
                case ast.Import() | ast.ImportFrom():
                    yield from _imports(node, kinds)
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    blocks.append((node.body, kinds | {Kind.FUNCTION}))
                case ast.If():
                    blocks.extend(_branches(node, kinds, guards))
                case _:
                    blocks.extend((inner, kinds) for inner in _inner(node))


def _imports(node: ast.Import | ast.ImportFrom, kinds: frozenset[Kind]) -> Iterator[Statement]:
    for alias in node.names:
        if isinstance(node, ast.Import):
            yield Statement(alias.name, None, 0, node.lineno, kinds)
        else:
            yield Statement(node.module or "", alias.name, node.level, node.lineno, kinds)


def _inner(node: ast.stmt) -> Iterator[Iterable[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        yield getattr(node, name, ())
    for name in ("handlers", "cases"):
        for part in getattr(node, name, ()):
            yield part.body


def _branches(
    node: ast.If, kinds: frozenset[Kind], guards: frozenset[str]
) -> Iterator[tuple[Iterable[ast.stmt], frozenset[Kind]]]:
    """Each branch, marked where it cannot run because a type-checking guard is false at run time."""
    value = _at_run_time(node.test, guards)
    typing = kinds | {Kind.TYPE_CHECKING}
    yield node.body, typing if value is False else kinds
    yield node.orelse, typing if value is True else kinds


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
