"""Routes as decorators: `@app.get("/x")`, `@bp.route("/x", methods=[…])`, Litestar's bare `@get("/x")` and its controllers."""

import ast
from collections.abc import Iterator
from typing import Protocol

from selfcheck.subjects.routes.model import Entry, Group
from selfcheck.subjects.routes.scopes import Scope
from selfcheck.subjects.routes.texts import argument, depended, dotted, is_hidden, keyword, last, pieces, span, strings

METHODS = frozenset(("get", "post", "put", "patch", "delete", "head", "options"))
OTHERS = frozenset(("route", "api_route", "websocket", "websocket_route", "view", "trace"))
PATHS = ("path", "rule", "uri")


class Reading(Protocol):
    """What a walk over a module offers: its groups, and a place for what is found."""

    framework: str
    imported: frozenset[str]
    groups: dict[str, Group]
    found: list[Entry]

    def owner(self, scope: Scope, name: str) -> str:
        """The group that a name means."""
        ...

    def made(self, scope: Scope, call: ast.Call, name: str | None = None) -> str | None:
        """The group that a call makes."""
        ...

    def listed(self, name: str, line: int, framework: str) -> None:
        """A list of routes."""
        ...


def function(reader: Reading, scope: Scope, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """The routes that the decorators of a function or method write."""
    others = tuple(_others(node))
    for each in node.decorator_list:
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute):
            _decorated(reader, scope, node, each, others)
        elif isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and reader.framework == "Litestar":
            _bare(reader, scope, node, each)


def _decorated(
    reader: Reading, scope: Scope, node: ast.FunctionDef | ast.AsyncFunctionDef, call: ast.Call, others: tuple[str, ...]
) -> None:
    name = last(call.func)
    owner = dotted(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    if name not in METHODS | OTHERS or not owner:
        return
    path = argument(call, 0, *PATHS)
    found = pieces(path)
    if not is_path(path):
        return
    reader.found.append(
        Entry(
            owner=reader.owner(scope, owner),
            path=found,
            line=call.lineno,
            methods=methods(call, name),
            handler=scope.qualified(node.name),
            guards=(*others, *depended(keyword(call, "dependencies"))),
            span=span(path),
            hidden=is_hidden(call),
        )
    )


def is_path(node: ast.expr | None) -> bool:
    """Whether an argument can be the path of a route: a text that begins with a slash, or what no literal tells."""
    found = pieces(node)
    if node is None or found is None:
        return isinstance(node, ast.Call | ast.BinOp | ast.JoinedStr)
    return not found or found[0].named or found[0].text.startswith("/") or not found[0].text


def methods(call: ast.Call, name: str) -> tuple[str, ...]:
    """The methods of a route by the name of what writes it, or as it lists them."""
    if name in METHODS or name == "*":
        return (name.upper(),)
    if name.startswith("websocket"):
        return ("WEBSOCKET",)
    return tuple(each.upper() for each in strings(keyword(call, "methods", "method"))) or ("GET",)


def _others(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """The decorators that are no routes: they guard, limit or cache."""
    for each in node.decorator_list:
        name = dotted(each.func if isinstance(each, ast.Call) else each)
        if name and name.rpartition(".")[2] not in METHODS | OTHERS:
            yield name


def _bare(reader: Reading, scope: Scope, node: ast.FunctionDef | ast.AsyncFunctionDef, call: ast.Call) -> None:
    """Litestar: the function is the route, whoever lists it among its handlers; in a class it belongs to the class."""
    name = last(call.func)
    if name not in METHODS | {"route", "websocket"}:
        return
    paths = [call.args[0]] if call.args else [each for each in (keyword(call, "path"),) if each is not None]
    if paths and isinstance(paths[0], ast.List):
        paths = paths[0].elts
    owner = scope.name if scope.is_class else scope.qualified(node.name)
    if not scope.is_class:
        reader.groups[owner] = Group(name=owner, kind="router", framework="Litestar", line=node.lineno)
        scope.groups[node.name] = owner
    for each in paths or [ast.Constant("", lineno=call.lineno, col_offset=0, end_lineno=None)]:
        reader.found.append(
            Entry(
                owner=owner,
                path=pieces(each),
                line=call.lineno,
                methods=methods(call, name),
                handler=scope.qualified(node.name),
                guards=tuple(depended(keyword(call, "guards"))),
                span=span(each),
            )
        )


def controller(reader: Reading, scope: Scope, node: ast.ClassDef) -> None:
    """A class whose methods are Litestar's routes holds them below its own `path`."""
    if reader.framework != "Litestar" or "Controller" not in map(last, node.bases):
        return
    path = next((value for name, value in _fields(node) if name == "path"), None)
    guards = next((value for name, value in _fields(node) if name == "guards"), None)
    reader.groups[scope.name] = Group(
        name=scope.name,
        kind="router",
        framework="Litestar",
        line=node.lineno,
        prefix=() if path is None else pieces(path),
        guards=tuple(depended(guards)),
    )
    if scope.parent is not None:
        scope.parent.groups[node.name] = scope.name


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    for each in node.body:
        match each:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value
            case _:
                pass
