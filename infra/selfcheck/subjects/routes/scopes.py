"""Which group a name means at a place of a Python module: functions see the names around them, methods their object's."""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence

from selfcheck.subjects.routes.making import is_applike, kind_of
from selfcheck.subjects.routes.model import Group, Pieces
from selfcheck.subjects.routes.texts import depended, dotted, is_hidden, keyword, last, pieces

PREFIXES = ("prefix", "url_prefix", "path")


class Scope:
    """The names of a module, a class or a function that mean groups, each by its name in the file."""

    def __init__(self, name: str, parent: "Scope | None" = None, *, is_class: bool = False) -> None:
        self.name = name
        self.parent = parent
        self.is_class = is_class
        self.groups: dict[str, str] = {}
        self.given: dict[str, str] = {}
        """Names that come from elsewhere in this scope, with their annotations."""

    def qualified(self, name: str) -> str:
        """What a name of this scope is called in the file."""
        return f"{self.name}.{name}" if self.name else name

    def holder(self, name: str) -> "Scope":
        """The scope in which an assignment to this name is kept: that of the class for `self.name`."""
        if name.startswith("self."):
            here: Scope | None = self
            while here is not None and not here.is_class:
                here = here.parent
            return here or self
        return self

    def meant(self, name: str) -> tuple[str, str] | None:
        """The group that a dotted name begins with, and the rest of the name."""
        here: Scope | None = self
        while here is not None:
            for head, rest in _heads(name):
                if head in here.groups:
                    return here.groups[head], rest
                if head in here.given:
                    return here.qualified(head), rest
            here = here.parent
        return None


def _heads(name: str) -> Iterator[tuple[str, str]]:
    parts = name.split(".")
    for length in range(min(2, len(parts)), 0, -1):
        yield ".".join(parts[:length]), ".".join(parts[length:])


def of_call(name: str, call: ast.Call, kind: tuple[str, str]) -> Group:
    """A group that a call makes."""
    prefix = keyword(call, *PREFIXES)
    if last(call.func) == "Namespace" and prefix is None and call.args:
        prefix = call.args[0]
    return Group(
        name=name,
        kind=kind[0],
        framework=kind[1],
        line=call.lineno,
        prefix=() if prefix is None or kind[0] == "app" or _is_none(prefix) else pieces(prefix),
        guards=tuple(depended(keyword(call, "dependencies", "guards", "decorators"))),
        hidden=is_hidden(call),
    )


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def assigned(body: Iterable[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    """Each name that a block assigns to, with the value, the blocks of functions and classes within left out."""
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        match node:
            case ast.Assign(targets=targets, value=value):
                yield from ((name, value) for each in targets if (name := dotted(each)))
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                yield dotted(target), value
            case ast.With() | ast.AsyncWith():
                yield from ((dotted(i.optional_vars), i.context_expr) for i in node.items if dotted(i.optional_vars))
                waiting += node.body
            case _:
                waiting += inner(node)


def inner(node: ast.AST) -> Iterator[ast.stmt]:
    """The statements within a compound one that run where it stands."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
        return
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.stmt):
            yield each
        elif isinstance(each, ast.ExceptHandler | ast.match_case):
            yield from each.body


def parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[str, str]]:
    """The names of a function's parameters with their annotations' last parts."""
    for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
        annotation = each.annotation
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            yield each.arg, annotation.value.rpartition(".")[2]
        else:
            yield each.arg, last(annotation)


def local_texts(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[str, Pieces]]:
    """The texts that names of a function stand for: defaults of parameters, and what is assigned."""
    arguments = node.args
    several = [*arguments.posonlyargs, *arguments.args]
    pairs = [*zip(reversed(several), reversed(arguments.defaults), strict=False)]
    pairs += [(each, value) for each, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if value]
    found = [(each.arg, value) for each, value in pairs]
    for name, value in (*found, *assigned(node.body)):
        if (text := pieces(value)) is not None:
            yield name, text


def filled(path: Pieces | None, texts: Mapping[str, Pieces]) -> Pieces | None:
    """A path with the names of a function replaced by what they stand for."""
    if path is None:
        return None
    return tuple(inner for each in path for inner in (texts.get(each.text, (each,)) if each.named else (each,)))


def given(name: str, annotation: str, framework: str, line: int) -> Group:
    """A group that comes from elsewhere: an application if its name says so, else with a prefix that nobody knows."""
    prefix = () if is_applike(name, annotation) else None
    return Group(name=name, kind="given", framework=framework, line=line, prefix=prefix)


def entered(
    scope: Scope, body: Sequence[ast.stmt], classes: dict[str, str], framework: str
) -> Mapping[str, tuple[str, ast.Call]]:
    """The groups that a block makes, entered into its scope: kind and call by their names in the file."""
    found: dict[str, tuple[str, ast.Call]] = {}
    for name, value in assigned(body):
        call = value.value if isinstance(value, ast.Await) else value
        if isinstance(call, ast.Call) and kind_of(call, classes, framework):
            holder = scope.holder(name)
            holder.groups[name] = holder.qualified(name)
            found[holder.qualified(name)] = (name, call)
    return found
