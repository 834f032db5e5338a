"""The routes that a JavaScript or TypeScript source writes: Express and NestJS."""

import re

from selfcheck.errors import Unreadable
from selfcheck.facts import Extractor
from selfcheck.subjects.routes.model import Entry, Group, Pieces, Written
from selfcheck.subjects.routes.nest import controller, global_prefix
from selfcheck.subjects.routes.syntax import (
    Node,
    arguments,
    dotted,
    field,
    is_bundle,
    line,
    looped,
    parsed,
    pieces,
    required,
    span,
    text,
    walk,
)

ENDINGS = (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts")
TELLING = re.compile(rb"express|\bRouter\s*\(|@Controller|setGlobalPrefix|\.(?:get|post|use|all)\(\s*['\"`]/")
METHODS = frozenset(("get", "post", "put", "patch", "delete", "head", "options", "all"))
HANDLERS = frozenset(
    (
        *("arrow_function", "function_expression", "identifier", "member_expression", "call_expression", "array"),
        *("as_expression", "satisfies_expression"),
    )
)
GIVEN = re.compile(r"(?:.*\.)?(?:app|router|server|expressApp|\w+Router)")
"""What people call an application or router that comes from elsewhere."""
REQUIRED = "require:"
"""What stands before a module that is used where it is required."""
MIDDLEWARE = re.compile(
    r"limit|auth|middleware|cors|pars|helmet|validat|guard|log|session|csrf|compress|sanitiz|throttl|cache|cookie",
    re.IGNORECASE,
)
"""What people call what only looks at a request."""
REQUIRE = re.compile(r"require\(['\"]express['\"]\)")


def script(content: bytes) -> Written:
    """What a source writes about routes; elements are read as in TSX.

    Raises:
        Unreadable: it is larger than people write.
    """
    return _written(content, typed=False)


def typescript(content: bytes) -> Written:
    """The same of a source without elements, whose assertions would be read as such.

    Raises:
        Unreadable: it is larger than people write.
    """
    return _written(content, typed=True)


SCRIPT = Extractor("routes of scripts", 1, Written, script, parsers=("tree-sitter-typescript",))
TYPESCRIPT = Extractor("routes of typescript", 1, Written, typescript, parsers=("tree-sitter-typescript",))
"""The groups and routes of a source, as facts."""


def _written(content: bytes, *, typed: bool) -> Written:
    if is_bundle(content) or not TELLING.search(content):
        return Written()
    try:
        return _Reader(parsed(content, typed=typed)).written()
    except RecursionError as error:
        raise Unreadable("is nested too deep") from error


class _Reader:
    """One source, walked once."""

    def __init__(self, root: Node) -> None:
        self._nodes = [*walk(root)]
        self._groups: dict[str, Group] = {}
        self._found: list[Entry] = []
        self._prefixes: list[Entry] = []

    def written(self) -> Written:
        """Everything that was found."""
        for node in self._nodes:
            if node.type in ("variable_declarator", "assignment_expression"):
                self._made(node)
        for node in self._nodes:
            if node.type == "call_expression":
                self._call(node)
            elif node.type == "class_declaration":
                self._class(node)
        return Written(tuple(self._groups.values()), tuple(self._found))

    def _made(self, node: Node) -> None:
        """`const app = express()`, `this.router = Router()`."""
        target, made = field(node, "name") or field(node, "left"), field(node, "value") or field(node, "right")
        name = dotted(target)
        while made is not None and made.type in ("as_expression", "parenthesized_expression") and made.named_children:
            made = made.named_children[0]
        if not name or made is None or made.type != "call_expression":
            return
        called = REQUIRE.sub("express", text(field(made, "function")))
        if called == "express":
            self._groups[name] = Group(name=name, kind="app", framework="Express", line=line(node))
        elif called.rpartition(".")[2] == "Router":
            self._groups[name] = Group(name=name, kind="router", framework="Express", line=line(node))

    def _call(self, node: Node) -> None:
        called = field(node, "function")
        if called is None or called.type != "member_expression":
            return
        name, owner = text(field(called, "property")), field(called, "object")
        if name == "setGlobalPrefix":
            self._found += global_prefix(node)
        elif name == "use":
            self._use(node, dotted(owner))
        elif name in METHODS:
            self._method(node, name, owner)

    def _method(self, node: Node, name: str, owner: Node | None) -> None:
        path, handlers = self._asked(node, owner)
        holder = dotted(owner) if owner is not None and owner.type != "call_expression" else _routed(owner)
        found = pieces(path)
        if path is None or not holder or not self._is_group(holder) or not handlers:
            return
        if found is not None and (not found or not (found[0].named or found[0].text.startswith("/"))):
            return
        self._found.append(
            Entry(
                owner=holder,
                path=found,
                line=line(node),
                methods=("*",) if name == "all" else (name.upper(),),
                guards=tuple(filter(None, map(_guard, handlers[:-1]))),
                span=span(path),
            )
        )

    def _asked(self, node: Node, owner: Node | None) -> tuple[Node | None, list[Node]]:
        """The path and the handlers: of `app.get('/x', h)`, or of `app.route('/x').get(h)`."""
        own = arguments(node)
        while owner is not None and owner.type == "call_expression":
            function = field(owner, "function")
            if text(field(function, "property")) == "route":
                return next(iter(arguments(owner)), None), own
            owner = field(function, "object")
        return next(iter(own), None), [each for each in own[1:] if each.type in HANDLERS]

    def _use(self, node: Node, owner: str) -> None:
        if not owner or not self._is_group(owner):
            return
        own = arguments(node)
        for path, target in looped(node, own):
            self._found.append(Entry(owner=owner, path=pieces(path), line=line(node), target=dotted(target) or "?"))
            own = []
        prefix: Pieces | None = ()
        if own and (own[0].type in ("string", "template_string", "binary_expression") or _is_named(own)):
            prefix, own = pieces(own[0]), own[1:]
        for each in own:
            module = required(each)
            called = dotted(field(each, "function")) if each.type == "call_expression" else ""
            name = f"{REQUIRED}{module}" if module is not None else f"{called}()" if called else dotted(each)
            if name:
                # What stands before the last is middleware as a rule; so is what is used for every path.
                soft = prefix == () or each is not own[-1] or MIDDLEWARE.search(name) is not None
                self._found.append(Entry(owner=owner, path=prefix, line=line(node), target=name, soft=soft))

    def _is_group(self, name: str) -> bool:
        return name in self._groups or GIVEN.fullmatch(name) is not None

    def _class(self, node: Node) -> None:
        group, entries = controller(node)
        if group is not None:
            self._groups[group.name] = group
            self._found += entries


def _is_named(own: list[Node]) -> bool:
    """Whether the first argument is a path by a name, as far as one can tell: `use(route.path, route.router)`."""
    return len(own) > 1 and own[0].type in ("identifier", "member_expression") and "path" in text(own[0]).lower()


def _routed(owner: Node | None) -> str:
    """The application at the beginning of `app.route('/x').get(h).post(h)`."""
    while owner is not None and owner.type == "call_expression":
        function = field(owner, "function")
        if text(field(function, "property")) == "route":
            return dotted(field(function, "object"))
        owner = field(function, "object")
    return ""


def _guard(node: Node) -> str:
    return dotted(field(node, "function") if node.type == "call_expression" else node)
