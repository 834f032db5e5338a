"""The routes that a Python module writes: decorators, calls and lists of every framework, in one walk over its statements."""

import ast
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence

from msgspec import structs

from selfcheck.errors import Unreadable
from selfcheck.facts import Extractor
from selfcheck.subjects.routes import calls, decorators, lists
from selfcheck.subjects.routes.loops import MOST, bound, listed, turns
from selfcheck.subjects.routes.making import framework_of, kind_of
from selfcheck.subjects.routes.model import Entry, Group, Written
from selfcheck.subjects.routes.scopes import Scope, entered, filled, given, inner, local_texts, of_call, parameters
from selfcheck.subjects.routes.texts import dotted, last, pieces

TELLING = re.compile(
    rb"\.(?:get|post|put|patch|delete|head|options|route|api_route|websocket|add_\w+|include_router|mount|register\w*)\("
    rb"|(?:Router|Blueprint|Namespace|RouteTableDef|FastAPI|Flask|Starlette|Quart|Litestar|Application|NinjaAPI)\("
    rb"|\burlpatterns\b|\bROOT_URLCONF\b|handlers\s*=|\bRoute\("
)
FRAMED = re.compile(
    rb"fastapi|starlette|litestar|tornado|aiohttp|flask|quart|django|ninja|sanic|bottle|Router|urlpatterns|ROOT_URLCONF|route"
)
"""What a module says that has to do with routes; both must be there."""


def written(content: bytes) -> Written:
    """What a module writes about routes.

    Raises:
        Unreadable: it does not parse.
    """
    if not (TELLING.search(content) and FRAMED.search(content)):
        return Written()
    try:
        return Reader(parsed(content)).written()
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Unreadable(f"does not parse as Python: {error}") from None


def parsed(content: bytes) -> ast.Module:
    """The syntax tree of a source."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape in a string of the judged source is not ours to tell
        try:
            return ast.parse(content)
        except SyntaxError:
            # Here alone, and not at the top: the grammar is a library of its own, and few runs meet such a source.
            from selfcheck.subjects.imports.newer import rewritten

            return ast.parse(rewritten(content)[0])


WRITTEN = Extractor("routes", 3, Written, written, host=True)
"""The groups and routes that a Python file writes, as a fact."""


class Reader:
    """One module, walked once; `found` and `groups` are what came of it."""

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self.imported = frozenset(_imported(tree))
        self.framework = framework_of(self.imported)
        self.classes = dict(_classes(tree))
        self._several = dict(listed(tree))
        self.groups: dict[str, Group] = {}
        self.found: list[Entry] = []
        self._conf: list[str] = []
        self._taken = 0

    def written(self) -> Written:
        """Everything that was found."""
        self._block(self._tree.body, Scope(""))
        return Written(tuple(self.groups.values()), tuple(self.found), tuple(self._conf))

    def owner(self, scope: Scope, name: str) -> str:
        """The group that a name means, or the name itself where the file does not make it."""
        meant = scope.meant(name)
        if meant is None:
            return name
        group, rest = meant
        if rest not in ("", "router", "urls", "routes", "app", "asgi_app"):
            return name
        if group not in self.groups:
            here, head = scope, name.partition(".")[0]
            while here.parent is not None and head not in here.given:
                here = here.parent
            self.groups[group] = given(group, here.given.get(head, ""), self.framework, 1)
        return group

    def listed(self, name: str, line: int, framework: str) -> None:
        """A list of routes by that name, which may be written in parts."""
        if name not in self.groups:
            self.groups[name] = Group(name=name, kind="list", framework=framework or self.framework, line=line)

    def made(self, scope: Scope, call: ast.Call, name: str | None = None) -> str | None:
        """The group that a call makes, entered with what the call itself puts into it; None where it makes none."""
        kind = kind_of(call, self.classes, self.framework)
        if kind is None:
            return None
        group = of_call(name or scope.qualified(f"@{call.lineno}:{call.col_offset}"), call, kind)
        if group.name not in self.groups or self.groups[group.name].kind == "given":
            self.groups[group.name] = group
            calls.initial(self, scope, call, group)
        return group.name

    def _block(self, body: list[ast.stmt], scope: Scope) -> None:
        for name, (_, call) in entered(scope, body, self.classes, self.framework).items():
            self.made(scope, call, name)
        self._statements(body, scope)

    def _statements(self, body: list[ast.stmt], scope: Scope) -> None:
        for node in body:
            match node:
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    self._function(node, scope)
                case ast.ClassDef():
                    self._class(node, scope)
                case ast.For(target=target, iter=over) if several := self._turns(over):
                    for each in several:
                        self._loop(node.body, scope, dict(bound(target, each)))
                case _:
                    self._assignment(node, scope)
                    self._expressions(node, scope)
                    self._statements([*inner(node)], scope)

    def _turns(self, over: ast.expr) -> Sequence[ast.expr]:
        """What a loop goes over, as long as there are not too many turns in all."""
        found = turns(over, self._several)
        self._taken += len(found)
        return found if self._taken <= MOST else ()

    def _loop(self, body: list[ast.stmt], scope: Scope, names: Mapping[str, ast.expr]) -> None:
        """A loop over what is written out, once with each."""
        within = Scope(scope.name, scope)
        for name, value in names.items():
            meant = scope.meant(dotted(value)) if dotted(value) else None
            within.groups[name] = meant[0] if meant and not meant[1] else dotted(value)
        texts = {name: found for name, value in names.items() if (found := pieces(value)) and not found[0].named}
        first = len(self.found)
        self._statements(body, within)
        self.found[first:] = [structs.replace(each, path=filled(each.path, texts)) for each in self.found[first:]]

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
        decorators.function(self, scope, node)
        within = Scope(scope.qualified(node.name), scope)
        within.given = {name: kind for name, kind in parameters(node) if name not in ("self", "cls")}
        first = len(self.found)
        self._block(node.body, within)
        texts = dict(local_texts(node))
        self.found[first:] = [structs.replace(each, path=filled(each.path, texts)) for each in self.found[first:]]
        for name in within.groups.values():
            if name in self.groups:
                group = self.groups[name]
                self.groups[name] = structs.replace(group, prefix=filled(group.prefix, texts))

    def _class(self, node: ast.ClassDef, scope: Scope) -> None:
        within = Scope(scope.qualified(node.name), scope, is_class=True)
        decorators.controller(self, within, node)
        self._block(node.body, within)

    def _assignment(self, node: ast.stmt, scope: Scope) -> None:
        match node:
            case ast.Assign(targets=[target], value=value) | ast.AugAssign(target=target, value=value):
                lists.assigned(self, scope, dotted(target), value)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                lists.assigned(self, scope, dotted(target), value)
            case _:
                return
        if last(target) == "ROOT_URLCONF" and isinstance(value, ast.Constant) and isinstance(value.value, str):
            self._conf.append(value.value)

    def _expressions(self, node: ast.stmt, scope: Scope) -> None:
        """Calls anywhere in one statement, those in lambdas and comprehensions too."""
        waiting: list[ast.AST] = [
            each for each in ast.iter_child_nodes(node) if isinstance(each, ast.expr | ast.withitem)
        ]
        while waiting:
            each = waiting.pop()
            if isinstance(each, ast.Call) and self.made(scope, each, self._target(node, each, scope)) is None:
                calls.call(self, scope, each)
            waiting += [child for child in ast.iter_child_nodes(each) if isinstance(child, ast.expr | ast.keyword)]

    def _target(self, node: ast.stmt, call: ast.Call, scope: Scope) -> str | None:
        """The name of a group that this statement assigns."""
        for name, value in (
            (dotted(each), node.value) for each in getattr(node, "targets", ()) if isinstance(node, ast.Assign)
        ):
            if value is call and name:
                return scope.holder(name).qualified(name)
        if isinstance(node, ast.AnnAssign) and node.value is call:
            return scope.holder(dotted(node.target)).qualified(dotted(node.target))
        return None


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""


def _classes(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The classes of the module whose base holds routes, by that base's name."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield from (
                (node.name, base)
                for base in map(last, node.bases)
                if base.endswith(("Router", "FastAPI", "Flask", "Starlette", "Application", "Blueprint"))
            )
