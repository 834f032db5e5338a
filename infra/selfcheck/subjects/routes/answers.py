"""What comes of asking a route: its handler, with the functions of this repository that it calls, as far as they are found."""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from selfcheck.errors import Unreadable
from selfcheck.facts import Facts
from selfcheck.model import Location
from selfcheck.subjects.routes.functions import FUNCTIONS, LOGGING, Call, Function, Functions
from selfcheck.subjects.routes.lookup import Lookup
from selfcheck.subjects.routes.model import Handler, Route
from selfcheck.trees import Tree

DEEPEST = 3
"""How many calls are followed one into the other."""
MOST = 60
"""How many functions are looked into for one route."""
PURE = LOGGING | frozenset(
    (
        *("JSONResponse", "Response", "PlainTextResponse", "jsonify", "json_response", "make_response", "HttpResponse"),
        *(
            "dict",
            "str",
            "int",
            "float",
            "list",
            "tuple",
            "set",
            "len",
            "round",
            "bool",
            "format",
            "encode",
            "dumps",
            "join",
        ),
        *("now", "utcnow", "time", "monotonic", "perf_counter", "isoformat", "strftime", "timestamp", "total_seconds"),
        *(
            "getLogger",
            "get_logger",
            "write",
            "finish",
            "set_status",
            "set_header",
            "send",
            "getenv",
            "version",
            "get_version",
        ),
        *(
            "gethostname",
            "getpid",
            "python_version",
            "model_dump",
            "bind",
            "lower",
            "upper",
            "items",
            "keys",
            "values",
            "get",
        ),
    )
)
"""Calls that ask nothing of anybody."""
STEADY = re.compile(
    r"[A-Z][A-Z0-9_]*|__\w+__|version|title|name|environment|env|start(?:ed|up)?_(?:time|at)|_?start|\w*_(?:time|version|name)|utc|status"
)
"""What is read and never tells how somebody is."""
CALM = frozenset(
    ("settings", "config", "status", "http", "HTTPStatus", "logger", "log", "datetime", "timezone", "os", "sys")
)
STORE = re.compile(
    r"(?:^|[._])(?:db|database|engine|session|sessionmaker|redis|cache|mongo|pool|conn|connections?|client|psycopg|asyncpg)"
)
STRONG = re.compile(
    r"(?:^|[._])(?:execute|fetchone|fetchall|fetchval|fetchrow|cursor|ensure_connection|server_info|scalars?|exec)$"
)
WEAK = re.compile(r"(?:^|[._])(?:ping|connect|begin|command|acquire|select|get_connection|list_collection_names)$")
NEEDED = re.compile(
    r"(?:^|[._])(?:get_)?(?:async_)?(?:db|database|session|redis|engine|conn|connection|pool)(?:_?(?:session|dep|conn|pool))?$",
    re.IGNORECASE,
)
TYPED = re.compile(
    r"(?:Async)?Session(?:Dep)?|(?:Async)?Connection|(?:Async)?Engine|Redis|SessionDep|DbSession|DBSession|Database"
)
AWAY = re.compile(r"(?:requests|httpx)\.(?:get|post|head|request|options|put)|(?:\w+\.)*urlopen")
ENDLESS = re.compile(r"requests\.(?:get|post|head|request|options|put)|(?:\w+\.)*urlopen|socket\.create_connection")
"""Calls that wait for ever unless they are told how long."""


class Answer(Struct, frozen=True, kw_only=True):
    """What a route's handler does, everything that it calls included. Each is the first place of its kind, or None."""

    at: Location
    touches: Location | None = None
    """Where a database, a cache or another service is asked."""
    varies: bool = False
    """Whether anything is asked or read at all; where a call leads elsewhere it may."""
    swallowed: Location | None = None
    leaks: Location | None = None
    unbounded: Location | None = None
    needs: tuple[str, ...] = ()


class Answers:
    """Handlers of routes, each file's functions read once."""

    def __init__(self, tree: Tree, facts: Facts) -> None:
        self._tree = tree
        self._facts = facts
        self._lookup = Lookup(tree, facts)
        self._known: dict[str, Functions] = {}

    def of(self, route: Route) -> Answer | None:
        """What comes of asking a route; None where its handler is not found."""
        place = None if route.handler is None else self._place(route.handler)
        if place is None:
            return None
        first = self._functions(place[0])[place[1]]
        found = [*self._reached(place)]
        bounded = any(each.bounded for _, each in found)
        return Answer(
            at=Location(place[0], first.line),
            touches=next((at for here, each in found for at in _touches(here[0], each)), None),
            varies=any(self._varies(here, each) for here, each in found),
            swallowed=Location(place[0], first.swallowed) if first.swallowed else None,
            leaks=Location(place[0], first.leaks) if first.leaks else None,
            unbounded=None if bounded else next((at for here, each in found for at in _endless(here[0], each)), None),
            needs=tuple(name for _, each in found for name in each.needs) + first.types,
        )

    def _place(self, handler: Handler) -> tuple[str, str] | None:
        """The file and name of a handler; a method is found by its class."""
        found = self._lookup.find(handler.path, handler.name, self._is_function)
        if found is None and "." in handler.name:
            within, _, _ = handler.name.rpartition(".")
            found = self._lookup.find(handler.path, within, self._is_function)
        return found

    def _is_function(self, path: str, name: str) -> bool:
        return name in self._functions(path)

    def _functions(self, path: str) -> Functions:
        if path not in self._known:
            file = self._tree.file(path)
            found = [each for _, each in self._facts.of(FUNCTIONS, () if file is None else (file,))]
            self._known[path] = next((each for each in found if not isinstance(each, Unreadable)), Functions())
        return self._known[path]

    def _reached(self, place: tuple[str, str]) -> Iterator[tuple[tuple[str, str], Function]]:
        waiting = [(place, 0)]
        seen: set[tuple[str, str]] = set()
        while waiting and len(seen) < MOST:
            here, depth = waiting.pop(0)
            if here in seen:
                continue
            seen.add(here)
            function = self._functions(here[0])[here[1]]
            yield here, function
            if depth < DEEPEST:
                names = [*(call.name for call in function.calls), *function.needs]
                waiting += [(found, depth + 1) for name in names if (found := self._called(here, name)) is not None]

    def _called(self, here: tuple[str, str], name: str) -> tuple[str, str] | None:
        if name.startswith("self."):
            inside = here[1].rpartition(".")[0]
            own = (here[0], f"{inside}.{name.removeprefix('self.')}")
            return own if own[1] in self._functions(own[0]) else None
        found = self._around(here, name) or self._lookup.find(here[0], name, self._is_function)
        return None if found is None or name.rpartition(".")[2] in PURE else found

    def _around(self, here: tuple[str, str], name: str) -> tuple[str, str] | None:
        """A function that stands within another, or beside it in a third."""
        parts = here[1].split(".")
        inner = (".".join((*parts[:length], name)) for length in range(len(parts), 0, -1))
        return next(((here[0], each) for each in inner if each in self._functions(here[0])), None)

    def _varies(self, here: tuple[str, str], function: Function) -> bool:
        calls = (each for each in function.calls if not self._is_pure(here, each))
        return bool(
            next(calls, None) or function.needs or any(map(_is_state, function.reads)) or _typed(function.types)
        )

    def _is_pure(self, here: tuple[str, str], call: Call) -> bool:
        name = call.name.rpartition(".")[2]
        if name in PURE or (name[:1].isupper() and not TYPED.fullmatch(name)):
            return True
        # What is followed is judged there.
        return "." not in call.name and self._called(here, call.name) is not None


def _is_state(name: str) -> bool:
    head, _, _ = name.partition(".")
    return head not in CALM and not name[:1].isupper() and STEADY.fullmatch(name.rpartition(".")[2]) is None


def _typed(types: Sequence[str]) -> bool:
    return any(TYPED.fullmatch(name.rpartition(".")[2]) for name in types)


def _touches(path: str, function: Function) -> Iterator[Location]:
    for call in function.calls:
        name = call.name.lower()
        if STRONG.search(name) or (WEAK.search(name) and STORE.search(name)) or AWAY.fullmatch(call.name):
            yield Location(path, call.line)
    if any(NEEDED.search(name) for name in function.needs) or _typed(function.types):
        yield Location(path, function.line)


def _endless(path: str, function: Function) -> Iterator[Location]:
    yield from (
        Location(path, each.line) for each in function.calls if ENDLESS.fullmatch(each.name) and not each.bounded
    )
