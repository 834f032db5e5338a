"""A source as the readers of settings see it, whatever its language: expressions and statements, each with its line."""

from msgspec import Struct


class Literal(Struct, frozen=True):
    """A constant."""

    value: str | int | float | bool | None
    line: int


class Name(Struct, frozen=True):
    """A dotted name: `os.environ` is two parts."""

    path: tuple[str, ...]
    line: int

    @property
    def last(self) -> str:
        """Its last part."""
        return self.path[-1]


class Member(Struct, frozen=True):
    """An attribute of what is no name."""

    of: "Expr"
    name: str
    line: int


class Item(Struct, frozen=True):
    """What a key leads to."""

    of: "Expr"
    key: "Expr"
    line: int


class Call(Struct, frozen=True):
    """A call, its arguments in order and by name."""

    of: "Expr"
    args: "tuple[Expr, ...]"
    named: "tuple[tuple[str, Expr], ...]"
    line: int


class Either(Struct, frozen=True):
    """The first of these that holds something."""

    parts: "tuple[Expr, ...]"
    line: int


class Both(Struct, frozen=True):
    """All of these."""

    parts: "tuple[Expr, ...]"
    line: int


class Not(Struct, frozen=True):
    """The opposite."""

    of: "Expr"
    line: int


class Compare(Struct, frozen=True):
    """A comparison: `==`, `!=`, `in`, `not in`, `<`, `<=`, `>`, `>=`; identity counts as equality."""

    how: str
    left: "Expr"
    right: "Expr"
    line: int


class Choice(Struct, frozen=True):
    """One of two, by a condition."""

    test: "Expr"
    then: "Expr"
    other: "Expr"
    line: int


class Many(Struct, frozen=True):
    """A list, a tuple or a set."""

    parts: "tuple[Expr, ...]"
    line: int


class Fields(Struct, frozen=True):
    """A mapping: keys that are texts, with their lines, and their values."""

    entries: "tuple[tuple[str, Expr, int], ...]"
    rest: "tuple[Expr, ...]"
    line: int


class Joined(Struct, frozen=True):
    """Texts put together."""

    parts: "tuple[Expr, ...]"
    line: int


class Opaque(Struct, frozen=True):
    """Anything else, with what is in it."""

    parts: "tuple[Expr, ...]"
    line: int


Expr = Literal | Name | Member | Item | Call | Either | Both | Not | Compare | Choice | Many | Fields | Joined | Opaque


class Assign(Struct, frozen=True):
    """A name, an attribute or an item gets a value; a field of a class may have none."""

    target: Expr
    value: Expr | None
    annotation: Expr | None
    line: int


class Bare(Struct, frozen=True):
    """An expression for what it does."""

    value: Expr
    line: int


class Leave(Struct, frozen=True):
    """`return`, `raise` or `continue`, by the name of it."""

    how: str
    value: Expr | None
    line: int


class Branch(Struct, frozen=True):
    """A condition, what is done where it holds and where it does not."""

    test: Expr
    then: "Block"
    other: "Block"
    line: int


class Attempt(Struct, frozen=True):
    """What is tried, what is done instead, and what is done afterwards."""

    body: "Block"
    handlers: "tuple[Block, ...]"
    rest: "Block"
    line: int


class Loop(Struct, frozen=True):
    """A body for each of some values; a `with` is one for one value."""

    names: tuple[str, ...]
    over: Expr
    body: "Block"
    line: int


class Param(Struct, frozen=True):
    """A parameter, and its default if it has one."""

    name: str
    default: Expr | None
    line: int


class Define(Struct, frozen=True):
    """A function."""

    name: str
    params: tuple[Param, ...]
    decorators: tuple[Expr, ...]
    body: "Block"
    line: int


class Group(Struct, frozen=True):
    """A class."""

    name: str
    bases: tuple[Expr, ...]
    decorators: tuple[Expr, ...]
    body: "Block"
    line: int


class Bring(Struct, frozen=True):
    """An import: what is called what here; `*` is everything."""

    module: str
    names: tuple[tuple[str, str], ...]
    line: int


Stmt = Assign | Bare | Leave | Branch | Attempt | Loop | Define | Group | Bring
Block = tuple[Stmt, ...]
Condition = tuple[Expr, bool]
"""A test, and how it must come out."""


class Program(Struct, frozen=True):
    """A source: its statements, and the name of its language."""

    body: Block
    language: str


def text(expr: Expr | None) -> str | None:
    """The text of a literal that is one."""
    return expr.value if isinstance(expr, Literal) and isinstance(expr.value, str) else None


def last(expr: Expr | None) -> str:
    """The last part of a name or of what an attribute is called; empty for anything else."""
    match expr:
        case Name(path, _):
            return path[-1]
        case Member(_, name, _):
            return name
        case Item(_, Literal(str(key), _), _):
            return key
        case _:
            return ""
