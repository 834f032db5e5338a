"""Reads of environment variables in expressions, in every spelling, each with the default that it is given."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from selfcheck.subjects.settings.program import Call, Either, Expr, Item, Literal, Many, Member, Name, last, text
from selfcheck.subjects.settings.walking import every

VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_upper = re.compile(r"[A-Z][A-Z0-9_]*")
_GETTERS = frozenset(("get", "getenv", "setdefault", "pop", "getenvb"))
_ENVIRONS = (("os", "environ"), ("environ",), ("os", "environb"), ("process", "env"), ("import", "meta", "env"))
_READERS = frozenset(
    [
        "config",
        "env",
        "environ",
        "_config",
        "_env",
        "get_env",
        "getenv",
        "env_var",
        "get_env_var",
        "env_or",
        "getEnv",
        "get_env_value",
    ]
)
_TYPED = frozenset(
    [
        "str",
        "bool",
        "int",
        "float",
        "list",
        "dict",
        "json",
        "url",
        "db",
        "db_url",
        "database_url",
        "cache",
        "cache_url",
        "path",
        "date",
        "decimal",
        "tuple",
        "email_url",
        "get_value",
        "bytes",
        "string",
        "number",
        "secret",
        "get",
        "required",
        "getOrThrow",
    ]
)
_MAPPINGS = frozenset(["config", "settings", "conf", "cfg", "secrets", "app_config", "configuration", "configService"])


class Read(NamedTuple):
    """One read: the variable, the default if it has one, whether its absence is an error, whether it is the environment's."""

    variable: str
    default: Expr | None
    required: bool
    line: int
    environment: bool = True


def aliases(constants: Mapping[str, Expr]) -> frozenset[str]:
    """What the environment is called in a source: `env = os.environ`, `E = dict(os.environ)`."""
    found: set[str] = set()
    for name, value in constants.items():
        is_copy = isinstance(value, Call) and value.args and last(value.of) in ("dict", "copy")
        held = value.args[0] if isinstance(value, Call) and is_copy else value
        if isinstance(held, Name) and held.path in _ENVIRONS:
            found.add(name)
    return frozenset(found)


def read(expr: Expr, known: frozenset[str] = frozenset()) -> Read | None:
    """The read that an expression is, if it is one."""
    match expr:
        case Item(of, Literal(str(variable), _), line) if _is_environ(of, known):
            return Read(variable, None, required=True, line=line)
        case Name((*path, variable), line) if tuple(path) in _ENVIRONS[3:] and VARIABLE.fullmatch(variable):
            return Read(variable, None, required=False, line=line)
        case Call(_, args, _, _) if args:
            return _called(expr, known)
        case _:
            return None


def reads(expr: Expr, known: frozenset[str] = frozenset()) -> Iterator[Read]:
    """All reads in an expression, those of their defaults too; the right side of an `or` is the default of the left one."""
    return among(every(expr), known)


def among(several: Iterable[Expr], known: frozenset[str] = frozenset()) -> Iterator[Read]:
    """All reads among expressions that stand from the outside in."""
    after: dict[int, Expr] = {}
    for each in several:
        if isinstance(each, Literal):
            continue
        if isinstance(each, Either):
            for left, right in zip(each.parts, each.parts[1:], strict=False):
                after[id(left)] = right
        found = read(each, known)
        if found is not None:
            yield found if found.default is not None else found._replace(default=after.get(id(each)))


def schemed(expr: Expr) -> Iterator[Read]:
    """The reads that a scheme of django-environ declares: `Env(DEBUG=(bool, False))`."""
    if isinstance(expr, Call) and last(expr.of) in ("Env", "FileAwareEnv"):
        for name, value in expr.named:
            if isinstance(value, Many) and len(value.parts) == 2:
                yield Read(name, value.parts[1], required=False, line=value.line)


def _is_environ(of: Expr, known: frozenset[str]) -> bool:
    match of:
        case Name(path, _):
            return path in _ENVIRONS or (len(path) == 1 and path[0] in known)
        case Call(inner, (argument, *_), _, _):
            return last(inner) in ("dict", "copy") and _is_environ(argument, known)
        case Call(Member(inner, "copy", _), (), _, _):
            return _is_environ(inner, known)
        case Call(Name((*path, "copy"), line), (), _, _):
            return _is_environ(Name(tuple(path), line), known) if path else False
        case _:
            return False


def _called(call: Call, known: frozenset[str]) -> Read | None:
    variable = text(call.args[0])
    if variable is None or not VARIABLE.fullmatch(variable):
        return None
    match call.of:
        case Name(("os", "getenv") | ("getenv",) | ("Deno", "env", "get") | ("os", "getenvb"), _):
            return _with_default(call, variable)
        case Name((*path, getter), line) if path and getter in _GETTERS:
            base = Name(tuple(path), line)
            if _is_environ(base, known):
                return _with_default(call, variable, required=getter == "pop")
            return _from_mapping(call, base.last, getter, variable)
        case Member(of, getter, _) if getter in _GETTERS and _is_environ(of, known):
            return _with_default(call, variable)
        case _:
            return _from_library(call, variable)


def _from_mapping(call: Call, base: str, getter: str, variable: str) -> Read | None:
    """`app.config.get("SECRET_KEY", "dev")` reads a setting, and `env.get("X")` a variable, whoever `env` is."""
    if getter != "get" or not _upper.fullmatch(variable):
        return None
    if base in ("env", "environ", "_env", "ENV"):
        return _with_default(call, variable)
    if base in _MAPPINGS:
        return _with_default(call, variable)._replace(environment=False)
    return None


def _from_library(call: Call, variable: str) -> Read | None:
    """decouple, starlette, environs, django-environ: `config("X", default=…)`, `env.bool("X", True)`."""
    if not _upper.fullmatch(variable):
        return None
    match call.of:
        case Name((*_, name), _) if name in _READERS:
            return _with_default(call, variable, required=True)
        case Name((*path, kind), _) if path and path[-1] in (*_READERS, "Env") and kind in _TYPED:
            return _with_default(call, variable, required=True)
        case _:
            return None


def _with_default(call: Call, variable: str, *, required: bool = False) -> Read:
    named = dict(call.named)
    default = next((named[name] for name in ("default", "fallback", "defaultValue") if name in named), None)
    if default is None and len(call.args) > 1 and "cast" not in named:
        default = call.args[1]
    if isinstance(default, Name) and default.last in ("str", "bool", "int", "float", "list", "undefined", "Csv"):
        default = None
    return Read(variable, default, required=required and default is None, line=call.line)
