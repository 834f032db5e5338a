"""Routes as lists: Starlette's `[Route(…), Mount(…)]`, Django's `urlpatterns`, aiohttp's `[web.get(…)]`, Tornado's pairs."""

import ast
import re

from selfcheck.subjects.routes.decorators import METHODS, Reading
from selfcheck.subjects.routes.model import URLS, Entry, Group, Piece, Pieces
from selfcheck.subjects.routes.scopes import Scope
from selfcheck.subjects.routes.texts import argument, dotted, keyword, last, pieces, span, strings

ROUTES = frozenset(("Route", "WebSocketRoute", "APIRoute", "APIWebSocketRoute"))
DJANGO = frozenset(("path", "re_path", "url"))
WRAPPED = frozenset(("i18n_patterns", "patterns", "list", "tuple", "format_suffix_patterns"))
LISTED = re.compile(r"(?:.*_)?(?:routes|handlers|url_?patterns|urls|patterns)$", re.IGNORECASE)
"""What a list of routes is called where its elements do not tell."""


def assigned(reader: Reading, scope: Scope, name: str, value: ast.expr) -> None:
    """A list of routes that is assigned or added to a name."""
    if not name or not _is_list(reader, name, value):
        return
    owner = scope.holder(name).qualified(name)
    scope.holder(name).groups[name] = owner
    reader.listed(owner, value.lineno, "Django" if name == URLS else reader.framework)
    elements(reader, scope, owner, value)


def _is_list(reader: Reading, name: str, value: ast.expr) -> bool:
    if name == URLS:
        return True
    while isinstance(value, ast.BinOp):
        value = value.left
    if not isinstance(value, ast.List | ast.Tuple):
        return False
    if any(isinstance(each, ast.Call) and last(each.func) in ROUTES | {"Mount"} | DJANGO for each in value.elts):
        return True
    pairs = bool(value.elts) and all(_is_pair(each) for each in value.elts)
    return (
        reader.framework in ("Tornado", "aiohttp")
        and LISTED.fullmatch(name.rpartition(".")[2]) is not None
        and (pairs or any(isinstance(each, ast.Call) for each in value.elts))
    )


def _is_pair(node: ast.expr) -> bool:
    return isinstance(node, ast.Tuple) and len(node.elts) >= 2 and _is_pattern(node.elts[0])


def _is_pattern(node: ast.expr) -> bool:
    found = pieces(node)
    return found is not None and any(each.named or each.text.startswith(("/", "^", "(", "\\")) for each in found[:1])


def elements(reader: Reading, scope: Scope, owner: str, node: ast.expr) -> None:
    """What stands in a list, in lists that are added to it, or in a list by its name."""
    waiting: list[ast.expr] = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, ast.Tuple) and _is_pair(each):
            _pair(reader, owner, each.elts[0], each.elts[1], each.lineno)
        elif isinstance(each, ast.Call) and last(each.func) not in WRAPPED:
            _call(reader, scope, owner, each)
        elif name := dotted(each):
            reader.found.append(Entry(owner=owner, path=(), line=each.lineno, target=reader.owner(scope, name)))
        else:
            waiting += reversed(_inner(each))


def _inner(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.List(elts=several) | ast.Tuple(elts=several) | ast.Call(args=several):
            return several
        case ast.BinOp(left=left, right=right):
            return [left, right]
        case ast.Starred(value=value) | ast.IfExp(body=value):
            return [value]
        case _:
            return []


def _call(reader: Reading, scope: Scope, owner: str, call: ast.Call) -> None:
    name = last(call.func)
    if name in ROUTES:
        _route(reader, owner, call, argument(call, 0, "path"), argument(call, 1, "endpoint"))
    elif name in ("Mount", "Host"):
        _mount(reader, scope, owner, call, "" if name == "Host" else None)
    elif name in DJANGO and reader.framework != "Tornado":
        _django(reader, scope, owner, call, regular=name != "path")
    elif name in METHODS | {"view", "route"} and isinstance(call.func, ast.Attribute):
        skip = 1 if name == "route" and len(call.args) > 2 else 0
        _route(reader, owner, call, argument(call, skip, "path"), argument(call, skip + 1, "handler"), name)
    else:
        _other(reader, scope, owner, call, name)


def _other(reader: Reading, scope: Scope, owner: str, call: ast.Call, name: str) -> None:
    pattern, handler = argument(call, 0, "pattern", "regex"), argument(call, 1, "handler", "target")
    if name in ("url", "URLSpec", "Rule"):
        if pattern is not None and handler is not None:
            _pair(reader, owner, pattern, handler, call.lineno)
    elif name == "include":
        _include(reader, scope, owner, call, ())
    elif name not in ("static", "staticfiles_urlpatterns"):
        target = reader.made(scope, call) or f"{dotted(call.func) or '?'}()"
        reader.found.append(Entry(owner=owner, path=(), line=call.lineno, target=target))


def _route(
    reader: Reading, owner: str, call: ast.Call, path: ast.expr | None, handler: ast.expr | None, name: str = "route"
) -> None:
    named = tuple(each.upper() for each in strings(keyword(call, "methods")))
    reader.found.append(
        Entry(
            owner=owner,
            path=pieces(path),
            line=call.lineno,
            methods=named or ((name.upper(),) if name in METHODS else ("GET",)),
            handler=_handler(handler),
            span=span(path),
        )
    )


def _handler(node: ast.expr | None) -> str | None:
    """The function or class by its name; a class-based view is asked for its function, a decorator wraps it."""
    while isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr == "as_view":
            node = node.func.value
        elif node.args:
            node = node.args[0]
        else:
            node = node.func
    return dotted(node) or None


def _mount(reader: Reading, scope: Scope, owner: str, call: ast.Call, fixed: str | None) -> None:
    path = (Piece(fixed),) if fixed is not None else pieces(argument(call, 0, "path"))
    routes, app = keyword(call, "routes"), argument(call, 1, "app")
    if routes is not None:
        within = f"{owner}@{call.lineno}:{call.col_offset}"
        reader.groups[within] = Group(name=within, kind="list", framework=reader.framework, line=call.lineno)
        reader.found.append(Entry(owner=owner, path=path, line=call.lineno, target=within))
        elements(reader, scope, within, routes)
    elif app is not None:
        made = reader.made(scope, app) if isinstance(app, ast.Call) else None
        name = dotted(app.func if isinstance(app, ast.Call) else app)
        target = made or (reader.owner(scope, name) if not isinstance(app, ast.Call) else f"{name}()")
        reader.found.append(Entry(owner=owner, path=path, line=call.lineno, target=target or "?"))


def _django(reader: Reading, scope: Scope, owner: str, call: ast.Call, *, regular: bool) -> None:
    path, view = argument(call, 0, "route", "regex"), argument(call, 1, "view")
    if isinstance(view, ast.Call) and last(view.func) == "include":
        _include(reader, scope, owner, view, pieces(path), regular=regular)
        return
    if isinstance(view, ast.Attribute) and view.attr == "urls":
        name = reader.owner(scope, dotted(view))
        reader.found.append(Entry(owner=owner, path=pieces(path), line=call.lineno, target=name, pattern=regular))
        return
    reader.found.append(
        Entry(
            owner=owner,
            path=pieces(path),
            line=call.lineno,
            methods=("*",),
            handler=_handler(view),
            pattern=regular,
            span=span(path),
        )
    )


def _include(
    reader: Reading,
    scope: Scope,
    owner: str,
    call: ast.Call,
    path: Pieces | None,
    *,
    regular: bool = False,
) -> None:
    included = argument(call, 0, "arg")
    if isinstance(included, ast.Tuple) and included.elts:
        included = included.elts[0]
    match included:
        case ast.Constant(value=str(module)):
            reader.found.append(Entry(owner=owner, path=path, line=call.lineno, module=module, pattern=regular))
        case ast.List():
            within = f"{owner}@{call.lineno}:{call.col_offset}"
            reader.groups[within] = Group(name=within, kind="list", framework="Django", line=call.lineno)
            reader.found.append(Entry(owner=owner, path=path, line=call.lineno, target=within, pattern=regular))
            elements(reader, scope, within, included)
        case _:
            name = reader.owner(scope, dotted(included)) or "?"
            reader.found.append(Entry(owner=owner, path=path, line=call.lineno, target=name, pattern=regular))


def _pair(reader: Reading, owner: str, pattern: ast.expr, handler: ast.expr, line: int) -> None:
    reader.found.append(
        Entry(
            owner=owner,
            path=pieces(pattern),
            line=line,
            methods=("*",),
            handler=_handler(handler),
            pattern=True,
            span=span(pattern),
        )
    )
