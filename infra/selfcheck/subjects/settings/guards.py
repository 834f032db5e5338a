"""What a program does about a value that it should not run with: refuse it, replace it, warn of it, or nothing."""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from selfcheck.subjects.settings.defaults import Source
from selfcheck.subjects.settings.names import consequence
from selfcheck.subjects.settings.program import (
    Assign,
    Attempt,
    Bare,
    Block,
    Branch,
    Call,
    Choice,
    Define,
    Expr,
    Fields,
    Item,
    Leave,
    Literal,
    Loop,
    Member,
    Name,
    Program,
    Stmt,
    last,
    text,
)
from selfcheck.subjects.settings.reads import read
from selfcheck.subjects.settings.truth import UNKNOWN, Truth
from selfcheck.subjects.settings.walking import Line, every, own, visit

_exits = re.compile(r"exit|_exit|quit|abort|fail|fatal|panic|die|error_and_exit|bail|crash")
_warns = re.compile(r"(?i)warn(?:ing)?|error|critical|info|log|print|exception|echo|secho|debug")
_called_by_others = re.compile(
    r"(?:__\w+__|ready|model_post_init|lifespan|startup|on_startup|main|register|onModuleInit|bootstrap|setup)"
)
SELVES = ("self", "cls")


class Effect(StrEnum):
    """What becomes of a value, the best first."""

    REFUSES = "refuses"
    REPLACES = "replaces"
    WARNS = "warns"
    DEAD = "dead"
    """The condition cannot hold for this value."""


class Guard(NamedTuple):
    """What is done about a value, where, and the function that does it if nobody in its source calls that."""

    effect: Effect
    line: int
    uncalled: str = ""


def watched(walked: Sequence[Line]) -> frozenset[str]:
    """The names of secrets that a program mentions, if it refuses, replaces or warns of anything under a condition."""
    if not any(isinstance(line.stmt, Branch) and _acts(line.stmt) for line in walked):
        return frozenset()
    mentioned: set[str] = set()
    for line in walked:
        for each in line.inner:
            if isinstance(each, Literal | Name | Member):
                mentioned.add((text(each) or last(each))[:100])
    return frozenset(name for name in mentioned if name and consequence(name) is not None)


class Calls:
    """What a program calls and names, looked up by the last part of its name."""

    def __init__(self, program: Program) -> None:
        self._calls: dict[str, list[Call]] = {}
        self._named: set[str] = set()
        for stmt, _ in visit(program.body):
            for each in (inner for expr in own(stmt) for inner in every(expr)):
                if isinstance(each, Call):
                    self._calls.setdefault(last(each.of), []).append(each)
                elif isinstance(each, Name | Member):
                    self._named.add(last(each))

    def of(self, name: str) -> Sequence[Call]:
        """The calls of what has this name."""
        return self._calls.get(name, ())

    def names(self, name: str) -> bool:
        """Whether anything has this name, called or handed on."""
        return name in self._named


def guards(
    program: Program, where: Source, names: Sequence[str], value: Any, variable: Any = None, calls: Calls | None = None
) -> list[Guard]:
    """What a program does where the setting of these names has this value, in production.

    `variable` is what the environment holds under these names: nothing, where the value is a default. `calls` are those of
    the program, for whoever asks about it more than once.
    """
    known = Calls(program) if calls is None else calls
    return list(_Simulation(program, where, frozenset(names), value, variable, known).run())


def _acts(branch: Branch) -> bool:
    return any(
        (isinstance(stmt, Leave) and stmt.how == "raise") or isinstance(stmt, Bare | Assign)
        for block in (branch.then, branch.other)
        for stmt, _ in visit(block)
    )


class _Simulation:
    """One walk through a program for one value."""

    def __init__(
        self, program: Program, where: Source, names: frozenset[str], value: Any, variable: Any, calls: Calls
    ) -> None:
        self._program = program
        self._calls = calls
        self._where = where
        self._names = names
        self._value = value
        self._variable = variable
        self._bound: frozenset[str] = frozenset()
        self._truth = Truth(self._known, where.constants, where.aliases)
        self._blind = Truth(self._hidden, where.constants, where.aliases)

    def run(self) -> Iterator[Guard]:
        """The guards at the top of the source, and those of every function."""
        yield from self._block(self._program.body, mentioned=False)
        for stmt, _ in visit(self._program.body):
            if isinstance(stmt, Define):
                self._bound = self._bindings(stmt)
                uncalled = "" if self._is_called(stmt) else stmt.name
                yield from (guard._replace(uncalled=uncalled) for guard in self._block(stmt.body, mentioned=False))
                self._bound = frozenset()

    def _block(self, block: Block, *, mentioned: bool) -> Iterator[Guard]:
        for stmt in block:
            if isinstance(stmt, Branch):
                yield from self._branch(stmt, mentioned=mentioned)
                if _leaves(stmt.then) and self._truth.holds(stmt.test) is True:
                    return
                mentioned = mentioned or (_leaves(stmt.then) and self._mentions(stmt.test))
            else:
                yield from self._other(stmt, mentioned=mentioned)
            if isinstance(stmt, Leave):
                return

    def _other(self, stmt: Stmt, *, mentioned: bool) -> Iterator[Guard]:
        match stmt:
            case Loop(names, over, body, _):
                yield from self._loop(names, over, body, mentioned=mentioned)
            case Attempt(body, _, rest, _):
                yield from self._block(body, mentioned=mentioned)
                yield from self._block(rest, mentioned=mentioned)
            case Assign() | Bare() | Leave() if mentioned:
                yield from self._effect(stmt)
            case _:
                return

    def _branch(self, stmt: Branch, *, mentioned: bool) -> Iterator[Guard]:
        mentions = self._mentions(stmt.test)
        holds = self._truth.holds(stmt.test)
        if holds is not False:
            yield from self._block(stmt.then, mentioned=mentioned or mentions)
        elif mentions and self._blind.holds(stmt.test) is not False and _refuses(stmt.then):
            yield Guard(Effect.DEAD, stmt.line)
        if holds is not True:
            yield from self._block(stmt.other, mentioned=mentioned or mentions)

    def _loop(self, names: tuple[str, ...], over: Expr, body: Block, *, mentioned: bool) -> Iterator[Guard]:
        before = self._bound
        if names and self._mentions(over):
            self._bound = before | frozenset(names)
        yield from self._block(body, mentioned=mentioned)
        self._bound = before

    def _effect(self, stmt: Stmt) -> Iterator[Guard]:
        match stmt:
            case Leave("raise", _, line):
                yield Guard(Effect.REFUSES, line)
            case Bare(Call(of, _, _, _), line) if _exits.fullmatch(last(of)):
                yield Guard(Effect.REFUSES, line)
            case Bare(Call(of, _, _, _), line) if _warns.fullmatch(last(of)) or _warns.fullmatch(_base(of)):
                yield Guard(Effect.WARNS, line)
            case Assign(target, value, _, line) if last(target) in self._names and not isinstance(value, Literal):
                yield Guard(Effect.REPLACES, line)
            case Leave("return", Call(of, _, _, _), line) if _exits.fullmatch(last(of)):
                yield Guard(Effect.REFUSES, line)
            case _:
                return

    def _known(self, expr: Expr) -> Any:
        found = read(expr, self._where.aliases)
        if found is not None and found.variable in self._names:
            return self._variable if found.default is None or self._variable is not None else UNKNOWN
        return self._value if self._is_subject(expr) else UNKNOWN

    def _hidden(self, _: Expr) -> Any:
        """Nothing is known: then a condition that fails all the same does so whatever the value is."""
        return UNKNOWN

    def _is_subject(self, expr: Expr) -> bool:
        match expr:
            case Name(path, _):
                return path[-1] in self._names or (len(path) == 1 and path[0] in self._bound)
            case Member(_, name, _):
                return name in self._names
            case Item(_, Literal(str(key), _), _):
                return key in self._names
            case Call(of, args, _, _) if last(of) == "getattr" and len(args) > 1:
                return text(args[1]) in self._names or self._is_subject(args[1])
            case Call(of, _, _, _) if last(of) == "get_secret_value":
                return False
            case Call():
                found = read(expr, self._where.aliases)
                return found is not None and found.variable in self._names
            case Item(_, key, _):
                return self._is_subject(key)
            case _:
                return False

    def _mentions(self, expr: Expr) -> bool:
        """Whether the value has a say in an expression; a name that stands for one that holds it counts."""
        waiting, seen = [expr], 0
        while waiting and seen < 500:
            one = waiting.pop()
            for each in every(one):
                seen += 1
                if self._is_subject(each) or text(each) in self._names:
                    return True
                if isinstance(each, Name) and len(each.path) == 1 and each.path[0] in self._where.constants:
                    held = self._where.constants[each.path[0]]
                    if not isinstance(held, Literal) and seen < 400 and _is_derived(held):
                        waiting.append(held)
        return False

    def _bindings(self, function: Define) -> frozenset[str]:
        """The parameters that have the value: of a validator of the field, and of what is called with it."""
        bound: set[str] = set()
        params = [each.name for each in function.params if each.name not in SELVES]
        for decorator in function.decorators:
            if isinstance(decorator, Call) and "valid" in last(decorator.of).lower():
                fields = {text(each) for each in decorator.args}
                if (fields & self._names or "*" in fields) and params:
                    bound.add(params[0])
        for call in self._calls.of(function.name):
            bound |= {name for name, value in zip(params, call.args, strict=False) if self._is_passed(value)}
            bound |= {name for name, value in call.named if self._is_passed(value)}
        return frozenset(bound)

    def _is_passed(self, value: Expr) -> bool:
        return self._is_subject(value) or (isinstance(value, Call) and any(map(self._is_subject, every(value))))

    def _is_called(self, function: Define) -> bool:
        """Whether a function runs: somebody here names it, or a framework does by its name or decorator."""
        if function.decorators or _called_by_others.fullmatch(function.name) or not function.name:
            return True
        return self._calls.names(function.name)


def _base(of: Expr) -> str:
    return of.path[-2] if isinstance(of, Name) and len(of.path) > 1 else ""


def _is_derived(held: Expr) -> bool:
    """Whether a constant is made of other names: `weak = SECRET_KEY == "x"`."""
    return not isinstance(held, Fields | Choice)


def _leaves(block: Block) -> bool:
    return any(isinstance(stmt, Leave) for stmt in block)


def _refuses(block: Block) -> bool:
    for stmt, _ in visit(block):
        match stmt:
            case Leave("raise", _, _):
                return True
            case Bare(Call(of, _, _, _), _) if _exits.fullmatch(last(of)):
                return True
            case _:
                continue
    return False
