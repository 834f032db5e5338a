"""What the functions of a Python module do that answers a request: what they ask, catch, return, and tell."""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from selfcheck.errors import Unreadable
from selfcheck.facts import Extractor
from selfcheck.subjects.routes.python import parsed
from selfcheck.subjects.routes.texts import depended, dotted, keyword, last

LOGGING = frozenset(
    ("debug", "info", "warning", "warn", "error", "exception", "critical", "log", "capture_exception", "print")
)
ANSWERS = frozenset(
    ("JSONResponse", "ORJSONResponse", "UJSONResponse", "Response", "PlainTextResponse", "HttpResponse", "JsonResponse")
) | {"jsonify", "json_response", "make_response", "dict", "str"}
"""Calls that answer with 200 unless they are told otherwise."""
STATUS = frozenset(("status_code", "status", "code", "http_status"))
FAILING = re.compile(r"(?:HTTP_)?[45]\d\d(?:_\w+)?|\w*(?:ERROR|UNAVAILABLE|GATEWAY|TIMEOUT|NOT_FOUND|BAD_REQUEST)\w*")
BROAD = frozenset(("Exception", "BaseException"))


class Call(Struct, frozen=True, array_like=True, gc=False):
    """A call by its dotted name; `bounded` says that it has a timeout of its own."""

    name: str
    line: int
    bounded: bool = False


class Function(Struct, frozen=True, kw_only=True):
    """A function: the places of what may be wrong with it are lines, 0 where there is nothing."""

    line: int
    calls: tuple[Call, ...] = ()
    reads: tuple[str, ...] = ()
    """The names from elsewhere that are read and not called."""
    needs: tuple[str, ...] = ()
    """What the framework calls for its parameters."""
    types: tuple[str, ...] = ()
    """The types of its parameters."""
    swallowed: int = 0
    leaks: int = 0
    bounded: bool = False
    """Whether something in it sets an end to all that it waits for."""


Functions = dict[str, Function]


def functions(content: bytes) -> Functions:
    """Every function and class of a module, by its name in it; that of a class is all its methods together.

    Raises:
        Unreadable: it does not parse.
    """
    try:
        return dict(_all(parsed(content).body, ""))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Unreadable(f"does not parse as Python: {error}") from None


FUNCTIONS = Extractor("functions of routes", 1, Functions, functions, host=True)
"""The functions of a Python file, as a fact."""


def _all(body: Sequence[ast.stmt], prefix: str) -> Iterator[tuple[str, Function]]:
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield f"{prefix}{node.name}", _function(node)
                yield from _all(node.body, f"{prefix}{node.name}.")
            case ast.ClassDef():
                yield f"{prefix}{node.name}", _class(node)
                yield from _all(node.body, f"{prefix}{node.name}.")
            case ast.If() | ast.Try() | ast.With() | ast.AsyncWith():
                yield from _all(
                    [each for each in ast.walk(node) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)],
                    prefix,
                )
            case _:
                pass


def _class(node: ast.ClassDef) -> Function:
    methods = [_function(each) for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
    return Function(
        line=node.lineno,
        calls=tuple(call for each in methods for call in each.calls),
        reads=tuple(name for each in methods for name in each.reads),
        swallowed=next((each.swallowed for each in methods if each.swallowed), 0),
        leaks=next((each.leaks for each in methods if each.leaks), 0),
        bounded=any(each.bounded for each in methods),
    )


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Function:
    own = set(_stored(node))
    calls = [call for each in node.body for call in _calls(each)]
    needs, types = _parameters(node)
    return Function(
        line=node.lineno,
        calls=tuple(calls),
        reads=tuple(dict.fromkeys(name for each in node.body for name in _reads(each, own))),
        needs=tuple(needs),
        types=tuple(types),
        swallowed=_swallowed(node),
        leaks=_leaks(node),
        bounded=any(
            re.search(r"(?:^|[._])(?:wait_for|timeout|fail_after|move_on_after)$", call.name) for call in calls
        ),
    )


def _calls(node: ast.AST) -> Iterator[Call]:
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            func = each.func
            # `connect().execute()`: what is called on what a call returns goes by its own name.
            name = dotted(func) or (f"?.{func.attr}" if isinstance(func, ast.Attribute) else "?")
            yield Call(
                name, each.lineno, bounded=keyword(each, "timeout", "connect_timeout", "socket_timeout") is not None
            )
        elif isinstance(each, ast.Await) and isinstance(each.value, ast.Name | ast.Attribute):
            yield Call(dotted(each.value), each.lineno)


def _stored(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each.id
        elif isinstance(each, ast.arg):
            yield each.arg
        elif isinstance(each, ast.ExceptHandler) and each.name:
            yield each.name


def _reads(node: ast.AST, own: set[str]) -> Iterator[str]:
    """Names that are not the function's own, and attributes of what it was given, as far as they are not called."""
    waiting: list[ast.AST] = [node]
    while waiting:
        each = waiting.pop()
        match each:
            case ast.Call(func=func, args=args, keywords=keywords):
                waiting += [*args, *keywords]
                waiting += [] if dotted(func) else [func]
            case ast.Name() | ast.Attribute() if name := dotted(each):
                yield from [name] if isinstance(each, ast.Attribute) or name not in own else ()
            case ast.AnnAssign(value=ast.expr() as value):
                waiting.append(value)
            case ast.FunctionDef(body=body) | ast.AsyncFunctionDef(body=body) | ast.ExceptHandler(body=body):
                waiting += body
            case _:
                waiting += ast.iter_child_nodes(each)


def _parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[list[str], list[str]]:
    """What `Depends` names in defaults and annotations, and the types themselves."""
    needs: list[str] = []
    types: list[str] = []
    arguments = node.args
    for default in (*arguments.defaults, *arguments.kw_defaults):
        if default is not None:
            needs += depended(ast.List(elts=[default])) if isinstance(default, ast.Call) else ()
    for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        match each.annotation:
            case ast.Subscript(value=value, slice=ast.Tuple(elts=[kind, *rest])) if last(value) == "Annotated":
                needs += depended(ast.List(elts=[one for one in rest if isinstance(one, ast.Call)]))
                types.append(dotted(kind))
            case ast.expr() as annotation:
                types.append(dotted(annotation))
            case None:
                types.append(f"{each.arg}:")
    return needs, [name for name in types if name]


def _handlers(node: ast.AST) -> Iterator[ast.ExceptHandler]:
    for each in ast.walk(node):
        if isinstance(each, ast.ExceptHandler) and _is_broad(each.type):
            yield each


def _is_broad(caught: ast.expr | None) -> bool:
    match caught:
        case None:
            return True
        case ast.Tuple(elts=several):
            return any(map(_is_broad, several))
        case _:
            return last(caught) in BROAD or last(caught).endswith(
                ("OperationalError", "SQLAlchemyError", "DatabaseError", "RedisError")
            )


def _swallowed(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The line of a handler after which the answer is 200 all the same."""
    fails = _can_fail(node.body)
    for handler in _handlers(node):
        returned = [each.value for part in handler.body for each in ast.walk(part) if isinstance(each, ast.Return)]
        if any(isinstance(each, ast.Raise) for part in handler.body for each in ast.walk(part)):
            continue
        if returned:
            if not _can_fail(handler.body) and all(map(_is_plain, returned)):
                return handler.lineno
        elif not fails and _returns_plain(node):
            return handler.lineno
    return 0


def _returns_plain(node: ast.AST) -> bool:
    returned = [each.value for each in ast.walk(node) if isinstance(each, ast.Return)]
    return bool(returned) and all(map(_is_plain, returned))


def _is_plain(value: ast.expr | None) -> bool:
    """Whether what is returned is 200 whatever is in it: a literal, or an answer without a status."""
    match value:
        case ast.Dict() | ast.Constant() | ast.JoinedStr() | ast.List() | ast.Name() | None:
            return True
        case ast.Tuple():
            return False
        case ast.Call(func=func, keywords=keywords):
            return last(func) in ANSWERS and not any(each.arg in STATUS or each.arg is None for each in keywords)
        case _:
            return False


def _can_fail(body: Iterable[ast.AST]) -> bool:
    """Whether anything names a status that tells of a failure, sets one, or raises."""
    for node in (each for part in body for each in ast.walk(part)):
        match node:
            case ast.Constant(value=int(number)) if 400 <= number < 600:
                return True
            case ast.Name(id=name) | ast.Attribute(attr=name) if FAILING.fullmatch(name):
                return True
            case ast.Attribute(attr="status_code" | "status", ctx=ast.Store()) | ast.Raise(exc=ast.expr()):
                return True
            case ast.Call(func=func) if last(func) in ("abort", "set_status", "HTTPException"):
                return True
            case _:
                pass
    return False


def _leaks(node: ast.AST) -> int:
    """The line where the text of an exception goes into the answer."""
    for handler in (each for each in ast.walk(node) if isinstance(each, ast.ExceptHandler)):
        for part in handler.body:
            for each in _told(part):
                if _tells(each, handler.name):
                    return getattr(each, "lineno", handler.lineno)
    return 0


def _told(node: ast.AST) -> Iterator[ast.AST]:
    """Where a value goes that is not logged: what is returned, raised as an answer, or kept in a mapping."""
    for each in ast.walk(node):
        match each:
            case ast.Return(value=ast.expr() as value):
                yield value
            case ast.Raise(exc=ast.Call(func=func) as raised) if "HTTP" in last(func) or last(func) == "abort":
                yield raised
            case ast.Assign(targets=[ast.Subscript()], value=value):
                yield value
            case ast.Call(func=ast.Attribute(attr="write" | "finish" | "abort")):
                yield each
            case _:
                pass


def _tells(node: ast.AST, name: str | None) -> bool:
    for each in ast.walk(node):
        match each:
            case ast.Call(func=func, args=[ast.Name(id=given)]) if last(func) in ("str", "repr") and given == name:
                return True
            case ast.FormattedValue(value=ast.Name(id=given)) if given == name:
                return True
            case ast.Call(func=func) if last(func) in ("format_exc", "format_exception", "exc_info"):
                return True
            case _:
                pass
    return False
