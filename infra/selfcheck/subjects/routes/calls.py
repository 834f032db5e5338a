"""Routes as calls: `app.add_api_route(…)`, `app.include_router(…)`, `app.register_blueprint(…)`, and what a constructor is given."""

import ast
from collections.abc import Callable, Mapping

from selfcheck.subjects.routes import lists
from selfcheck.subjects.routes.decorators import METHODS, Reading, methods
from selfcheck.subjects.routes.model import Entry, Group
from selfcheck.subjects.routes.scopes import Scope
from selfcheck.subjects.routes.texts import argument, depended, dotted, is_hidden, keyword, last, pieces, span

Calling = Callable[[Reading, str, Scope, ast.Call], None]


def call(reader: Reading, scope: Scope, node: ast.Call) -> None:
    """What a call of a method puts into the group that it is called on."""
    if not isinstance(node.func, ast.Attribute):
        return
    name, owner = node.func.attr, dotted(node.func.value)
    known = CALLS.get(name)
    if not owner:
        return
    if known is not None:
        known(reader, reader.owner(scope, owner), scope, node)
    elif name.removeprefix("add_") in METHODS and name.startswith("add_") and ".router" in f".{owner}":
        _route(reader, reader.owner(scope, owner), node, 0, 1, name.removeprefix("add_"))


def initial(reader: Reading, scope: Scope, node: ast.Call, group: Group) -> None:
    """The routes that a constructor is given; an Api of Flask-RESTful is given the application instead."""
    given = keyword(node, "routes", "route_handlers", "handlers")
    if given is None and group.framework == "Tornado" and node.args:
        given = node.args[0]
    if given is not None:
        lists.elements(reader, scope, group.name, given)
    if (
        group.framework in ("Flask", "Quart")
        and group.kind == "router"
        and node.args
        and last(node.func) in ("Api", "API")
    ):
        app = dotted(node.args[0])
        if app:
            reader.found.append(Entry(owner=reader.owner(scope, app), path=(), line=node.lineno, target=group.name))


def _route(reader: Reading, owner: str, node: ast.Call, path: int, handler: int, name: str) -> None:
    written = argument(node, path, "path", "rule", "uri")
    answering = argument(node, handler, "endpoint", "handler", "route", "view_func")
    if isinstance(answering, ast.Call):
        answering = answering.func
    if isinstance(answering, ast.Attribute) and answering.attr in ("as_view", "as_asgi"):
        answering = answering.value
    reader.found.append(
        Entry(
            owner=owner,
            path=pieces(written),
            line=node.lineno,
            methods=methods(node, name),
            handler=dotted(answering) or None,
            guards=tuple(depended(keyword(node, "dependencies"))),
            span=span(written),
            hidden=is_hidden(node),
        )
    )


def _add_api_route(reader: Reading, owner: str, _: Scope, node: ast.Call) -> None:
    _route(reader, owner, node, 0, 1, "route")


def _add_route(reader: Reading, owner: str, _: Scope, node: ast.Call) -> None:
    """Starlette and Falcon say the path first, aiohttp the method, Sanic the handler."""
    if reader.framework == "Sanic":
        _route(reader, owner, node, 1, 0, "route")
    elif reader.framework == "aiohttp" and len(node.args) > 2:
        first = node.args[0]
        name = str(first.value).lower() if isinstance(first, ast.Constant) else ""
        _route(reader, owner, node, 1, 2, name if name in METHODS else "*")
    else:
        _route(reader, owner, node, 0, 1, "route")


def _add_url_rule(reader: Reading, owner: str, _: Scope, node: ast.Call) -> None:
    _route(reader, owner, node, 0, 2, "route")


def _add_resource(reader: Reading, owner: str, _: Scope, node: ast.Call) -> None:
    for each in node.args[1:]:
        reader.found.append(
            Entry(
                owner=owner,
                path=pieces(each),
                line=node.lineno,
                methods=("*",),
                handler=dotted(node.args[0]) or None,
                span=span(each),
            )
        )


def _register(reader: Reading, owner: str, scope: Scope, node: ast.Call) -> None:
    """Of Django REST's routers; Litestar's register a handler, and Django's admin, checks and tags what is no route."""
    is_router = owner in reader.groups or owner.lower().endswith("router")
    if reader.framework == "Django" and len(node.args) > 1 and is_router:
        prefix = pieces(argument(node, 0, "prefix"))
        if prefix is None:
            return
        for end in ("/", "/{pk}/"):
            path = (*prefix, *(pieces(ast.Constant(end)) or ()))
            handler = dotted(argument(node, 1, "viewset")) or None
            reader.found.append(Entry(owner=owner, path=path, line=node.lineno, methods=("*",), handler=handler))
    elif reader.framework == "Litestar" and node.args:
        lists.elements(reader, scope, owner, ast.List(elts=node.args[:1]))


def include(
    reader: Reading,
    owner: str,
    scope: Scope,
    node: ast.Call,
    target: ast.expr | None,
    path: ast.expr | None,
    *,
    overrides: bool = False,
) -> None:
    """A group within another; what is made on the spot is a group too."""
    made = reader.made(scope, target) if isinstance(target, ast.Call) else None
    name = made or reader.owner(scope, dotted(target.func if isinstance(target, ast.Call) else target))
    is_none = path is None or (isinstance(path, ast.Constant) and path.value is None)
    reader.found.append(
        Entry(
            owner=owner,
            path=() if is_none else pieces(path),
            line=node.lineno,
            target=name or "?",
            guards=tuple(depended(keyword(node, "dependencies"))),
            overrides=overrides and not is_none,
            hidden=is_hidden(node),
        )
    )


def _include_router(reader: Reading, owner: str, scope: Scope, node: ast.Call) -> None:
    include(reader, owner, scope, node, argument(node, 0, "router"), keyword(node, "prefix"))


def _mount(reader: Reading, owner: str, scope: Scope, node: ast.Call) -> None:
    """An application below a path; what a client puts below an address, as `session.mount("https://", adapter)`, is none."""
    path = argument(node, 0, "path")
    text = path.value if isinstance(path, ast.Constant) and isinstance(path.value, str) else ""
    if path is not None and "://" not in text and not owner.rpartition(".")[2].endswith("session"):
        include(reader, owner, scope, node, argument(node, 1, "app"), argument(node, 0, "path"))


def _blueprint(reader: Reading, owner: str, scope: Scope, node: ast.Call) -> None:
    target = argument(node, 0, "blueprint")
    include(reader, owner, scope, node, target, keyword(node, "url_prefix"), overrides=True)


def _namespace(reader: Reading, owner: str, scope: Scope, node: ast.Call) -> None:
    include(reader, owner, scope, node, argument(node, 0, "ns"), argument(node, 1, "path"), overrides=True)


def _subapp(reader: Reading, owner: str, scope: Scope, node: ast.Call) -> None:
    include(reader, owner, scope, node, argument(node, 1, "subapp"), argument(node, 0, "prefix"))


def _init_app(reader: Reading, owner: str, scope: Scope, node: ast.Call) -> None:
    """`api.init_app(app)` of Flask-RESTful; many other extensions have the method, and hold no routes."""
    group = reader.groups.get(owner)
    app = dotted(node.args[0]) if node.args else ""
    if group is not None and group.kind == "router" and group.framework in ("Flask", "Quart") and app:
        reader.found.append(Entry(owner=reader.owner(scope, app), path=(), line=node.lineno, target=owner))


def _add_routes(reader: Reading, owner: str, scope: Scope, node: ast.Call) -> None:
    if node.args:
        lists.elements(reader, scope, owner, node.args[0])


def _add_handlers(reader: Reading, owner: str, scope: Scope, node: ast.Call) -> None:
    """Tornado's: first a pattern for the host."""
    if len(node.args) > 1:
        lists.elements(reader, scope, owner, node.args[1])


CALLS: Mapping[str, Calling] = {
    "add_api_route": _add_api_route,
    "add_api_websocket_route": _add_api_route,
    "add_handlers": _add_handlers,
    "add_namespace": _namespace,
    "add_resource": _add_resource,
    "add_route": _add_route,
    "add_router": lambda reader, owner, scope, node: include(
        reader, owner, scope, node, argument(node, 1, "router"), argument(node, 0, "prefix")
    ),
    "add_routes": _add_routes,
    "add_subapp": _subapp,
    "add_url_rule": _add_url_rule,
    "add_view": _add_api_route,
    "blueprint": _blueprint,
    "include_router": _include_router,
    "init_app": _init_app,
    "mount": _mount,
    "register": _register,
    "register_blueprint": _blueprint,
}
