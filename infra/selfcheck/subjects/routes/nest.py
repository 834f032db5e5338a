"""NestJS: controllers are classes, routes are decorated methods, and a prefix may stand before all of them."""

from collections.abc import Iterator

from selfcheck.subjects.routes.model import Entry, Group, Piece, Pieces
from selfcheck.subjects.routes.syntax import Node, arguments, dotted, field, line, pieces, span, string, text

METHODS = {
    "Get": "GET",
    "Post": "POST",
    "Put": "PUT",
    "Patch": "PATCH",
    "Delete": "DELETE",
    "Head": "HEAD",
    "Options": "OPTIONS",
    "All": "*",
}
GLOBAL = "nest prefix"
"""The owner of what is said of all controllers: a prefix, and paths that it does not stand before (`overrides`)."""


def controller(node: Node) -> tuple[Group | None, list[Entry]]:
    """A class as a group with its routes; None where it is no controller."""
    name = text(field(node, "name"))
    said = next((each for each in _decorators(node) if _name(each) == "Controller"), None)
    if said is None or not name:
        return None, []
    prefixes, versioned = _prefixes(said)
    guards = tuple(_guards(_decorators(node)))
    group = Group(
        name=name, kind="app", framework="NestJS", line=line(node), prefix=None if versioned else (), guards=guards
    )
    return group, [each for prefix in prefixes for each in _routes(node, name, prefix)]


def global_prefix(call: Node) -> Iterator[Entry]:
    """`app.setGlobalPrefix('api', {exclude: ['health']})`."""
    own = arguments(call)
    if own:
        yield Entry(owner=GLOBAL, path=pieces(own[0]), line=line(call))
    for each in own[1:]:
        for value in _values(each, "exclude"):
            for one in value.named_children:
                plain = string(one) or next((string(inner) for inner in _values(one, "path")), None)
                if plain is not None:
                    yield Entry(owner=GLOBAL, path=(Piece(plain),), line=line(call), overrides=True)


def _decorators(node: Node) -> list[Node]:
    """The decorators of a class or a method: within it, or before it, also before `export`."""
    found = [child for child in node.named_children if child.type == "decorator"]
    before = node.prev_named_sibling
    while before is not None and before.type in ("decorator", "comment"):
        found += [before] if before.type == "decorator" else []
        before = before.prev_named_sibling
    return found


def _name(decorator: Node) -> str:
    inner = decorator.named_children[0] if decorator.named_children else None
    return dotted(field(inner, "function") if inner is not None and inner.type == "call_expression" else inner)


def _arguments(decorator: Node) -> list[Node]:
    inner = decorator.named_children[0] if decorator.named_children else None
    return arguments(inner) if inner is not None and inner.type == "call_expression" else []


def _prefixes(decorator: Node) -> tuple[list[Pieces | None], bool]:
    """The paths of `@Controller('a')`, `@Controller(['a', 'b'])`, `@Controller({path: 'a', version: '1'})`."""
    own = _arguments(decorator)
    if not own:
        return [()], False
    if own[0].type == "object":
        found = [each for value in _values(own[0], "path") for each in _paths(value)]
        return found or [()], any(True for _ in _values(own[0], "version"))
    return _paths(own[0]), False


def _paths(node: Node) -> list[Pieces | None]:
    return [pieces(each) for each in node.named_children] if node.type == "array" else [pieces(node)]


def _values(node: Node, key: str) -> Iterator[Node]:
    for each in node.named_children if node.type == "object" else ():
        value = field(each, "value")
        if each.type == "pair" and text(field(each, "key")).strip("'\"") == key and value is not None:
            yield value


def _routes(node: Node, name: str, prefix: Pieces | None) -> Iterator[Entry]:
    body = field(node, "body")
    for method in body.named_children if body is not None else ():
        if method.type != "method_definition":
            continue
        decorators = _decorators(method)
        guards = tuple(_guards(decorators))
        for each in decorators:
            if _name(each) in METHODS:
                written = _arguments(each)
                for path in _paths(written[0]) if written else [()]:
                    yield Entry(
                        owner=name,
                        path=_joined(prefix, path),
                        line=line(each),
                        methods=(METHODS[_name(each)],),
                        guards=guards,
                        span=span(written[0]) if written else None,
                    )


def _joined(prefix: Pieces | None, path: Pieces | None) -> Pieces | None:
    if prefix is None or path is None:
        return None
    return (*prefix, Piece("/"), *path) if prefix and path else (*prefix, *path)


def _guards(decorators: list[Node]) -> Iterator[str]:
    """What `@UseGuards(A, B)` names, and throttling."""
    for each in decorators:
        if _name(each) == "UseGuards":
            yield from filter(None, map(dotted, _arguments(each)))
        elif _name(each) == "Throttle":
            yield "Throttle"
