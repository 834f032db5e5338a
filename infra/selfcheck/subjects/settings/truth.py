"""Conditions worked out as they come out in production, with what is known of one setting's value and nothing else."""

import operator
import re
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Final, cast

from selfcheck.subjects.settings.program import (
    Both,
    Call,
    Choice,
    Compare,
    Either,
    Expr,
    Item,
    Joined,
    Literal,
    Many,
    Member,
    Name,
    Not,
    last,
)
from selfcheck.subjects.settings.reads import read


class _Special(Enum):
    UNKNOWN = "unknown"
    STAGE = "stage"
    """The name of the environment that the code runs in."""


UNKNOWN: Final = _Special.UNKNOWN
STAGE: Final = _Special.STAGE
DEEPEST = 25

_COMPARING: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "in": lambda left, right: left in right,
    "not in": lambda left, right: left not in right,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
PRODUCTION = frozenset(("prod", "production", "live", "release", "prd"))
_development = re.compile(
    r"(?i)_*(?:is_?|in_?|flask_?|app_?|django_?)?(?:debug|dev|devel|development|developer|testing|tests?|local|localhost|ci|unsafe|insecure|allow_insecure\w*|test_?mode|debug_?mode|dev_?mode)"
    r"(?:_?(?:mode|env|environment|server|enabled))?"
)
_production = re.compile(r"(?i)_*(?:is_?|in_?)?(?:prod|production|live|deployed)(?:_?(?:mode|env|environment))?")
_stage = re.compile(
    r"(?i)_*(?:\w*_)?(?:env|environment|app_?env|node_?env|nodeenv|appenv|stage|deploy_?env|deployment|profile|run_?mode|mode|tier)(?:_?name)?"
)


def stage(name: str) -> bool | _Special:
    """What a name says of where the code runs, in production; `STAGE` where it holds the name of that."""
    if _development.fullmatch(name):
        return False
    if _production.fullmatch(name):
        return True
    return STAGE if _stage.fullmatch(name) else UNKNOWN


class Truth:
    """Values of expressions; `known` gives what is known of an expression before anything is worked out.

    `staged` is whether names that tell where the code runs are taken as they are in production; else variables of the
    environment are taken as not set, so that their defaults hold.
    """

    def __init__(
        self,
        known: Callable[[Expr], Any],
        constants: Mapping[str, Expr],
        aliases: frozenset[str] = frozenset(),
        *,
        staged: bool = True,
    ) -> None:
        self._known = known
        self._constants = constants
        self._aliases = aliases
        self._staged = staged

    def holds(self, test: Expr) -> bool | None:
        """Whether a condition holds; None where that is not known."""
        found = self.value(test)
        return None if found is UNKNOWN or found is STAGE else bool(found)

    def value(self, expr: Expr, depth: int = 0) -> Any:
        """The value of an expression, or `UNKNOWN`, or `STAGE`."""
        if depth > DEEPEST:
            return UNKNOWN
        given = self._known(expr)
        if given is not UNKNOWN:
            return given
        match expr:
            case Literal(value, _):
                return value
            case Name() | Item():
                return self._named(expr, depth)
            case Not(of, _):
                found = self.holds_at(of, depth)
                return UNKNOWN if found is None else not found
            case Either(parts, _):
                return self._first(parts, depth, wanted=True)
            case Both(parts, _):
                return self._first(parts, depth, wanted=False)
            case _:
                return self._compound(expr, depth)

    def holds_at(self, test: Expr, depth: int) -> bool | None:
        """The same within another expression."""
        found = self.value(test, depth + 1)
        return None if found is UNKNOWN or found is STAGE else bool(found)

    def _compound(self, expr: Expr, depth: int) -> Any:
        match expr:
            case Compare():
                return self._compared(expr, depth)
            case Choice(test, then, other, _):
                holds = self.holds_at(test, depth)
                return UNKNOWN if holds is None else self.value(then if holds else other, depth + 1)
            case Many(parts, _):
                found = [self.value(each, depth + 1) for each in parts]
                return UNKNOWN if UNKNOWN in found or STAGE in found else found
            case Call():
                return self._called(expr, depth)
            case Member(_, name, _) if self._staged:
                return stage(name)
            case Joined(parts, _):
                found = [self.value(each, depth + 1) for each in parts]
                return "".join(map(str, found)) if all(isinstance(each, str) for each in found) else UNKNOWN
            case _:
                return UNKNOWN

    def _named(self, expr: Name | Item, depth: int) -> Any:
        found = read(expr, self._aliases)
        if found is not None:
            said = stage(found.variable) if self._staged else UNKNOWN
            return said if self._staged or found.required else None
        said = stage(last(expr)) if self._staged else UNKNOWN
        if said is UNKNOWN and isinstance(expr, Name) and len(expr.path) == 1 and expr.last in self._constants:
            return self.value(self._constants[expr.last], depth + 1)
        return said

    def _first(self, parts: tuple[Expr, ...], depth: int, *, wanted: bool) -> Any:
        """`or` and `and` as Python has them: the first that decides, else the last."""
        unsure = False
        found: Any = UNKNOWN
        for each in parts:
            found = self.value(each, depth + 1)
            if found is UNKNOWN or found is STAGE:
                unsure = True
            elif bool(found) is wanted:
                return wanted if unsure else found
        return UNKNOWN if unsure else found

    def _compared(self, expr: Compare, depth: int) -> Any:
        left, right = self.value(expr.left, depth + 1), self.value(expr.right, depth + 1)
        if left is STAGE or right is STAGE:
            return _at_stage(expr.how, right if left is STAGE else left)
        if left is UNKNOWN or right is UNKNOWN:
            return UNKNOWN
        return _compared(expr.how, left, right)

    def _called(self, call: Call, depth: int) -> Any:
        found = read(call, self._aliases)
        if found is not None:
            said = stage(found.variable) if self._staged else UNKNOWN
            if said is not UNKNOWN or found.default is None:
                return said if self._staged or found.required else None
            return self.value(found.default, depth + 1) if not self._staged else UNKNOWN
        name = last(call.of)
        if not call.args and not call.named and self._staged and (said := stage(name)) is not UNKNOWN:
            return said
        args = [self.value(each, depth + 1) for each in call.args]
        base = self._base(call.of, depth)
        if base is not UNKNOWN:
            return _method(base, name, args)
        return _function(name, args)

    def _base(self, of: Expr, depth: int) -> Any:
        match of:
            case Member(inner, _, _):
                return self.value(inner, depth + 1)
            case Name((*path, _), line) if path:
                return self.value(Name(tuple(path), line), depth + 1)
            case _:
                return UNKNOWN


def _at_stage(how: str, other: Any) -> Any:
    """A comparison with the name of production."""
    if isinstance(other, list):
        among = any(str(each).lower() in PRODUCTION for each in cast("list[object]", other))
        return among if how == "in" else not among if how == "not in" else UNKNOWN
    if other is None:
        return how == "!="
    if not isinstance(other, str):
        return UNKNOWN
    same = other.lower() in PRODUCTION
    return same if how in ("==", "in") else not same if how in ("!=", "not in") else UNKNOWN


def _compared(how: str, left: Any, right: Any) -> Any:
    try:
        return _COMPARING[how](left, right)
    except TypeError:
        return UNKNOWN


def _method(base: Any, name: str, args: list[Any]) -> Any:
    if base is STAGE:
        return _on_stage(name, args)
    if name in ("get_secret_value", "decode", "encode", "toString", "rstrip", "lstrip", "valueOf"):
        return base
    if isinstance(base, str):
        return _of_text(base, name, args)
    if isinstance(base, list) and name in ("includes", "has") and len(args) == 1 and args[0] is not UNKNOWN:
        return _at_stage("in", cast("Any", base)) if args[0] is STAGE else args[0] in base
    return UNKNOWN


def _of_text(base: str, name: str, args: list[Any]) -> Any:
    if name in ("strip", "trim"):
        return base.strip()
    if name in ("lower", "upper", "toLowerCase", "toUpperCase", "casefold"):
        return base.upper() if "upper" in name.lower() else base.lower()
    if len(args) != 1 or not isinstance(args[0], str):
        return UNKNOWN
    match name:
        case "startswith" | "startsWith":
            return base.startswith(args[0])
        case "endswith" | "endsWith":
            return base.endswith(args[0])
        case "includes" | "contains":
            return args[0] in base
        case "split":
            return base.split(args[0]) if args[0] else UNKNOWN
        case _:
            return UNKNOWN


def _on_stage(name: str, args: list[Any]) -> Any:
    if name in ("lower", "upper", "strip", "toLowerCase", "toUpperCase", "trim"):
        return STAGE
    if name in ("startswith", "startsWith", "includes") and args and isinstance(args[0], str):
        return args[0].lower().startswith("prod")
    return UNKNOWN


def _function(name: str, args: list[Any]) -> Any:
    if name in ("compare_digest", "timingSafeEqual", "safe_str_cmp", "constant_time_compare") and len(args) == 2:
        return UNKNOWN if UNKNOWN in args else args[0] == args[1]
    if len(args) != 1 or args[0] is UNKNOWN:
        return UNKNOWN
    only = args[0]
    if only is STAGE:
        return STAGE if name in ("str", "String") else UNKNOWN
    return _converted(name, only)


def _converted(name: str, only: Any) -> Any:
    try:
        match name:
            case "len":
                return len(only)
            case "bool" | "Boolean":
                return bool(only)
            case "str" | "String" | "SecretStr":
                return str(only) if only is not None else UNKNOWN
            case "int" | "Number" | "parseInt":
                return int(only)
            case "strtobool" | "str2bool" | "to_bool" | "str_to_bool" | "parse_bool" | "as_bool" | "truthy" | "is_true":
                return str(only).lower() in ("1", "true", "yes", "on", "y", "t")
            case "set" | "list" | "tuple" | "frozenset" | "Set":
                return list(only)
            case _:
                return UNKNOWN
    except (TypeError, ValueError):
        return UNKNOWN
