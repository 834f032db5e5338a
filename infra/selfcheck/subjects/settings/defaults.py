"""What a setting holds when nobody sets it: an expression followed through constants, fallbacks and calls."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from selfcheck.subjects.settings.names import Consequence, consequence, listed
from selfcheck.subjects.settings.program import (
    Assign,
    Bring,
    Call,
    Choice,
    Define,
    Either,
    Expr,
    Item,
    Joined,
    Literal,
    Member,
    Name,
    Opaque,
    Program,
    last,
)
from selfcheck.subjects.settings.reads import aliases, read
from selfcheck.subjects.settings.truth import DEEPEST, UNKNOWN, Truth
from selfcheck.subjects.settings.values import Kind, Value, literal
from selfcheck.subjects.settings.walking import every, visit

_random = re.compile(
    r"(?i)token_(?:hex|urlsafe|bytes)|urandom|uuid[14]|randomuuid|get_random_\w+|generate_(?:\w*_)?(?:key|secret|token|password)\w*|"
    r"randbits|randombytes|nanoid|getrandomvalues|random(?:_|string|ascii|alnum|secret|token|password)?\w*|"
    r"(?:make|new|create|gen)_(?:\w*_)?(?:key|secret|token|password|salt)\w*|gensalt|systemrandom|choices|generate\w*(?:Key|Secret|Token)"
)
_stored = re.compile(
    r"(?i)(?:read|load|fetch|lookup|get|resolve|determine|ensure|retrieve|require)_?\w*(?:secret|key|token|password|file|text|credential)\w*|"
    r"read_text|readfilesync|readfile|open|read_bytes|get_secret_value_from\w*|get_secret|get_parameter"
)
_same = listed(
    "SecretStr SecretBytes Secret str bytes String quote quote_plus urlquote strip encode decode Field field default trim"
    " toString TextEncoder from force_bytes b64encode lower encodeURIComponent cast ib attrib mapped int float bool"
    " PostgresDsn AnyUrl CharField optional min unwrap CSVString CommaSeparatedStrings Buffer bytearray dedent format URL"
    " make_url StrField prefault"
)
_FACTORIES = ("default_factory", "factory")


class Default(NamedTuple):
    """A value, and its text where it is a literal, which never leaves the process."""

    value: Value
    text: str | None = None


NOTHING = Default(Value(Kind.NONE))
NOT_KNOWN = Default(Value(Kind.UNKNOWN))
REQUIRED = Default(Value(Kind.REQUIRED))
RANDOM = Default(Value(Kind.RANDOM))
STORED = Default(Value(Kind.STORED))


class Source(NamedTuple):
    """What defaults are followed through in one program."""

    constants: Mapping[str, Expr]
    imported: Mapping[str, tuple[str, str]]
    functions: Mapping[str, Define]
    aliases: frozenset[str]

    def truth(self, *, staged: bool = True) -> Truth:
        """Conditions of this program, of which nothing is known beside its constants."""
        return Truth(_nothing, self.constants, self.aliases, staged=staged)


def source(program: Program) -> Source:
    """The constants of a program's top, its imports and its functions."""
    constants: dict[str, Expr] = {}
    imported: dict[str, tuple[str, str]] = {}
    functions: dict[str, Define] = {}
    for stmt, around in visit(program.body):
        match stmt:
            case Assign(Name((name,), _), value, _, _) if value is not None and not around.scopes:
                constants.setdefault(name, value)
            case Bring(module, names, _) if module:
                imported |= {alias: (module, name) for name, alias in names}
            case Define(name, _, _, _, _):
                functions.setdefault(name, stmt)
            case _:
                pass
    return Source(constants, imported, functions, aliases(constants))


def default(expr: Expr | None, about: Consequence | None, where: Source, depth: int = 0) -> Default:
    """What an expression comes to when no variable of the environment is set."""
    if expr is None or depth > DEEPEST:
        return NOT_KNOWN
    match expr:
        case Literal():
            return _literal(expr, about)
        case Name():
            return _named(expr, about, where, depth)
        case Call():
            return _called(expr, about, where, depth)
        case Either(several, _):
            return _first(several, about, where, depth)
        case Choice():
            return _chosen(expr, about, where, depth)
        case Joined(several, _):
            return _joined(several, about, where, depth)
        case _:
            return _rest(expr, where)


def _literal(expr: Literal, about: Consequence | None) -> Default:
    if expr.value is None:
        return NOTHING
    text = str(expr.value)
    return Default(literal(text, about if isinstance(expr.value, str) else None), text)


def _rest(expr: Expr, where: Source) -> Default:
    if isinstance(expr, Item):
        return REQUIRED if read(expr, where.aliases) is not None else NOT_KNOWN
    return RANDOM if isinstance(expr, Opaque) and _is_random(expr) else NOT_KNOWN


def _nothing(expr: Expr) -> object:
    """Of a module only that another imports it."""
    return "imported" if expr == Name(("__name__",), expr.line) else UNKNOWN


def _named(expr: Name, about: Consequence | None, where: Source, depth: int) -> Default:
    if read(expr, where.aliases) is not None or expr.path == ("undefined",):
        return NOTHING
    name = expr.path[0]
    if len(expr.path) == 1 and name in where.constants:
        found = default(where.constants[name], about, where, depth + 1)
        return _other(name, about) or found if found.value.kind is not Kind.LITERAL else found
    if name in where.imported and len(expr.path) <= 2:
        module, original = where.imported[name]
        if len(expr.path) == 2:
            module, original = f"{module}.{original}".replace("..", "."), expr.path[1]
        return Default(Value(Kind.NAMED, module=module, name=original))
    return _other(expr.last, about) or NOT_KNOWN


def _other(name: str, about: Consequence | None) -> Default | None:
    """Another secret in place of this one."""
    if about is None or consequence(name) in (None, Consequence.ADDRESS) or not name.isupper():
        return None
    return Default(Value(Kind.OTHER, name=name))


def _first(several: tuple[Expr, ...], about: Consequence | None, where: Source, depth: int) -> Default:
    """What is left of alternatives: the first that always holds something, else the last that might."""
    unsure: Default | None = None
    found = NOTHING
    for each in several:
        found = default(each, about, where, depth + 1)
        match found.value.kind:
            case Kind.LITERAL | Kind.RANDOM | Kind.STORED | Kind.REQUIRED | Kind.NAMED | Kind.OTHER:
                return found
            case Kind.UNKNOWN:
                unsure = found
            case _:
                pass
    return unsure or found


def _chosen(expr: Choice, about: Consequence | None, where: Source, depth: int) -> Default:
    """One of two: as it comes out in production, else the one that is written out, if one is."""
    holds = where.truth().holds(expr.test)
    if holds is not None:
        return default(expr.then if holds else expr.other, about, where, depth + 1)
    both = [default(each, about, where, depth + 1) for each in (expr.then, expr.other)]
    return next((each for each in both if each.value.is_literal), both[1])


def _called(call: Call, about: Consequence | None, where: Source, depth: int) -> Default:
    found = read(call, where.aliases)
    if found is not None:
        if found.default is None:
            return REQUIRED if found.required else NOTHING
        return default(found.default, about, where, depth + 1)
    name = last(call.of)
    factory = next((value for key, value in call.named if key in _FACTORIES), None)
    if factory is not None or _is_random(call):
        return (
            RANDOM if _is_random(factory or call) or not isinstance(factory, Name) else _named_factory(factory, where)
        )
    if name in where.functions and depth < 3:
        return _returned(where.functions[name])
    if name in _same:
        return _passed(call, about, where, depth)
    return STORED if _stored.fullmatch(name) else NOT_KNOWN


def _named_factory(factory: Name, where: Source) -> Default:
    made = where.functions.get(factory.last)
    return RANDOM if made is None or any(map(_is_random_stmt, made.body)) else NOT_KNOWN


def _is_random_stmt(stmt: object) -> bool:
    value = getattr(stmt, "value", None)
    return value is not None and _is_random(value)


def _returned(function: Define) -> Default:
    """What a function of this source gives: only if it is made up or stored is it told."""
    for stmt, _ in visit(function.body):
        for value in (getattr(stmt, "value", None), getattr(stmt, "over", None)):
            if value is None:
                continue
            if _is_random(value):
                return RANDOM
            if any(isinstance(each, Call) and _stored.fullmatch(last(each.of)) for each in every(value)):
                return STORED
    return NOT_KNOWN


def _passed(call: Call, about: Consequence | None, where: Source, depth: int) -> Default:
    """What a call only wraps: `SecretStr("x")`, `Field(default="x")`, `"x".encode()`."""
    named = dict(call.named)
    if "default" in named:
        return default(named["default"], about, where, depth + 1)
    base = call.of.of if isinstance(call.of, Member) else None
    if base is not None and not (last(call.of) == "default" and call.args):
        return default(base, about, where, depth + 1)
    if isinstance(call.of, Name) and len(call.of.path) > 1 and not call.args:
        return default(Name(call.of.path[:-1], call.line), about, where, depth + 1)
    if not call.args:
        return NOT_KNOWN if last(call.of) not in ("Field", "field") else REQUIRED
    first = call.args[0]
    is_ellipsis = isinstance(first, Opaque) and not first.parts
    return REQUIRED if is_ellipsis else default(first, about, where, depth + 1)


def _joined(several: tuple[Expr, ...], about: Consequence | None, where: Source, depth: int) -> Default:
    """Texts put together: known if all are; an address may still hold a password that is."""
    found = [default(each, about, where, depth + 1) for each in several]
    if any(each.value.kind is Kind.RANDOM for each in found):
        return RANDOM
    if all(each.text is not None for each in found):
        text = "".join(each.text or "" for each in found)
        return Default(literal(text, about), text)
    if about is Consequence.ADDRESS or (found and "://" in (found[0].text or "")):
        text = "".join("\0" if each.text is None else each.text for each in found)
        return Default(literal(text, about), text)
    return NOT_KNOWN


def _is_random(expr: Expr) -> bool:
    """Whether a value is made up anew: by a call, or by the function that is to be called."""
    for each in every(expr):
        if isinstance(each, Call) and _random.fullmatch(last(each.of)):
            return True
    return isinstance(expr, Name | Member) and _random.fullmatch(last(expr)) is not None
