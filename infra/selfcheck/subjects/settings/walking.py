"""Ways through a program: its statements with what they stand in, and the expressions within each other."""

from collections.abc import Iterator
from typing import NamedTuple

from selfcheck.subjects.settings.program import (
    Assign,
    Attempt,
    Bare,
    Block,
    Both,
    Branch,
    Call,
    Choice,
    Compare,
    Condition,
    Define,
    Either,
    Expr,
    Fields,
    Group,
    Item,
    Joined,
    Leave,
    Literal,
    Loop,
    Many,
    Member,
    Name,
    Not,
    Opaque,
    Stmt,
)


class Around(NamedTuple):
    """What a statement stands in: classes and functions from the outside in, and the conditions on the way."""

    scopes: tuple[Group | Define, ...] = ()
    conditions: tuple[Condition, ...] = ()

    def within(self, scope: Group | Define) -> "Around":
        """One scope further in; a function is called whatever held where it is defined."""
        return Around((*self.scopes, scope), () if isinstance(scope, Define) else self.conditions)

    def where(self, test: Expr, *, holds: bool) -> "Around":
        """One condition further in."""
        return Around(self.scopes, (*self.conditions, (test, holds)))


TOP = Around()


def visit(block: Block, around: Around = TOP) -> Iterator[tuple[Stmt, Around]]:
    """Every statement, with what it stands in, in the order of the source."""
    for stmt in block:
        yield stmt, around
        for inner, closer in blocks(stmt, around):
            yield from visit(inner, closer)


def blocks(stmt: Stmt, around: Around) -> Iterator[tuple[Block, Around]]:
    """The blocks of a statement."""
    match stmt:
        case Branch(test, then, other, _):
            yield then, around.where(test, holds=True)
            yield other, around.where(test, holds=False)
        case Attempt(body, handlers, rest, _):
            yield body, around
            yield from ((handler, around) for handler in handlers)
            yield rest, around
        case Loop(_, _, body, _):
            yield body, around
        case Define() | Group():
            yield stmt.body, around.within(stmt)
        case _:
            return


def own(stmt: Stmt) -> Iterator[Expr]:
    """The expressions of a statement, those of its blocks left out."""
    match stmt:
        case Assign(target, value, annotation, _):
            yield from (each for each in (value, annotation, target) if each is not None)
        case Bare(value, _):
            yield value
        case Leave(_, value, _):
            yield from () if value is None else (value,)
        case Branch(test, _, _, _):
            yield test
        case Loop(_, over, _, _):
            yield over
        case Define(_, params, decorators, _, _):
            yield from (each.default for each in params if each.default is not None)
            yield from decorators
        case Group(_, bases, decorators, _, _):
            yield from (*bases, *decorators)
        case _:
            return


def parts(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly in another."""
    match expr:
        case Literal() | Name():
            return ()
        case Call(of, args, named, _):
            return (of, *args, *(value for _, value in named))
        case Either() | Both() | Many() | Joined() | Opaque():
            return expr.parts
        case Fields(entries, rest, _):
            return (*(value for _, value, _ in entries), *rest)
        case _:
            return _pair(expr)


def _pair(expr: Member | Not | Item | Compare | Choice) -> tuple[Expr, ...]:
    match expr:
        case Member(of, _, _) | Not(of, _):
            return (of,)
        case Item(of, key, _):
            return (of, key)
        case Compare(_, left, right, _):
            return (left, right)
        case Choice(test, then, other, _):
            return (test, then, other)


def every(expr: Expr) -> Iterator[Expr]:
    """An expression and all in it, from the outside in."""
    waiting = [expr]
    while waiting:
        each = waiting.pop()
        yield each
        waiting += reversed(parts(each))


class Line(NamedTuple):
    """A statement, what it stands in, and all expressions of its own."""

    stmt: Stmt
    around: Around
    inner: tuple[Expr, ...]


def lines(block: Block) -> tuple[Line, ...]:
    """Every statement with its expressions, walked once for all who look at them."""
    return tuple(
        Line(stmt, around, tuple(each for expr in own(stmt) for each in every(expr))) for stmt, around in visit(block)
    )
