"""The settings of a program: variables that it reads, fields and constants that it gives a value, keys that it signs with."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from msgspec import structs

from selfcheck.subjects.settings.classes import (
    alias,
    has_settings,
    is_enumeration,
    is_for_development,
    prefix,
    reads_environment,
)
from selfcheck.subjects.settings.defaults import Default, Source, default
from selfcheck.subjects.settings.model import Form, Setting
from selfcheck.subjects.settings.names import Consequence, consequence
from selfcheck.subjects.settings.program import (
    Assign,
    Attempt,
    Call,
    Define,
    Expr,
    Fields,
    Group,
    Item,
    Joined,
    Leave,
    Literal,
    Name,
    Program,
    Stmt,
    last,
)
from selfcheck.subjects.settings.reads import Read, among, read, reads, schemed
from selfcheck.subjects.settings.signing import CONFIGURED, arguments, mapped
from selfcheck.subjects.settings.values import Kind, Value, like_its_name
from selfcheck.subjects.settings.walking import Around, Line, every

KEY_PREFIXES = (
    "CONF_",
    "ATTR_",
    "FIELD_",
    "PARAM_",
    "HEADER_",
    "COL_",
    "COLUMN_",
    "CONST_",
    "STR_",
    "NAME_",
    "KEY_",
    "DATA_",
    "EVENT_",
)
"""What names begin with that hold the key of a mapping."""
_identifier = re.compile(r"_?[a-z]+(?:[_.-][a-z]+)+")
_FORMS = (Form.CONSTANT, Form.PARAMETER, Form.ARGUMENT, Form.FIELD, Form.READ)
_examples = re.compile(r"(?i)(?:\w*_)?examples?|\w*Example|(?:json_)?schema_extra")
_GIVING = (Kind.LITERAL, Kind.EMPTY, Kind.RANDOM, Kind.STORED, Kind.NAMED, Kind.OTHER, Kind.REQUIRED)


class Found(NamedTuple):
    """A setting, and the text of its default, which never leaves the process."""

    setting: Setting
    text: str | None = None


class Finder:
    """The settings of one program, in the order of its statements."""

    def __init__(self, program: Program, where: Source, walked: tuple[Line, ...]) -> None:
        self._program = program
        self._walked = walked
        self._where = where
        self._truth = where.truth()
        self._told: set[int] = set()
        self._groups = {line.stmt.name: line.stmt for line in walked if isinstance(line.stmt, Group)}
        self._around = Around()

    def find(self) -> Iterator[Found]:
        """Every setting, once; one that does not hold in production says so."""
        found: dict[tuple[int, str], Found] = {}
        for each in self._all():
            key = each.setting.line, each.setting.variable or each.setting.name
            if key not in found or _rank(each.setting) > _rank(found[key].setting):
                found[key] = each
        yield from found.values()

    def _all(self) -> Iterator[Found]:
        for line in self._walked:
            self._around = line.around
            for found in self._of(line):
                is_development = is_for_development(line.around) or not self._holds(line.around)
                setting = structs.replace(found.setting, development=True) if is_development else found.setting
                yield Found(setting, found.text)

    def _holds(self, around: Around) -> bool:
        """Whether the conditions around a statement may hold in production."""
        return not any(self._truth.holds(test) is (not holds) for test, holds in around.conditions)

    def _of(self, line: Line) -> Iterator[Found]:
        stmt = line.stmt
        match stmt:
            case Attempt():
                yield from self._attempted(stmt)
            case Assign():
                yield from self._assigned(stmt)
            case Define():
                for each in stmt.params:
                    yield from self._given(each.name, each.default, each.line, Form.PARAMETER)
            case _:
                pass
        name = last(stmt.target) if isinstance(stmt, Assign) else ""
        yield from self._read(line.inner, name)

    def _read(self, several: Sequence[Expr], name: str) -> Iterator[Found]:
        """The reads among expressions, and the settings in calls and mappings."""
        for each in among(several, self._where.aliases):
            if hash((each.line, each.variable)) not in self._told:
                yield self._variable(each, name)
        for inner in several:
            if isinstance(inner, Call):
                yield from self._called(inner)
        mappings = [each for each in several if isinstance(each, Fields)]
        if mappings and (not self._around.scopes or self._program.language == "script"):
            shown = _shown(several, name)
            for mapping in mappings:
                if id(mapping) not in shown:
                    yield from self._mapped(mapping)

    def _called(self, call: Call) -> Iterator[Found]:
        for each in schemed(call):
            yield self._variable(each, "")
        for named, value, line in arguments(call):
            yield from self._given(named, value, line, Form.ARGUMENT)

    def _mapped(self, fields: Fields) -> Iterator[Found]:
        """The entries of a mapping: those of a schema are variables, those of a configuration constants."""
        for each in mapped(fields):
            yield self._variable(each, "")
        for name, value, line in fields.entries:
            for each in reads(value, self._where.aliases) if consequence(name) is not None else ():
                yield self._variable(each, name)
            if isinstance(value, Literal) and not self._around.scopes:
                yield from self._given(name, value, line, Form.CONSTANT)

    def _variable(self, each: Read, name: str) -> Found:
        about = consequence(each.variable) or (consequence(name) if name else None)
        found = Default(Value(Kind.REQUIRED if each.required else Kind.NONE))
        if each.default is not None:
            found = default(each.default, about, self._where)
        return self._found(name or each.variable, each.line, Form.READ, found, about, each)

    def _assigned(self, stmt: Assign) -> Iterator[Found]:
        name, value = last(stmt.target), stmt.value
        scope = self._around.scopes[-1] if self._around.scopes else None
        if isinstance(scope, Group):
            yield from self._field(stmt, name, scope)
            return
        if value is None or self._reads(value):
            return
        is_configured = isinstance(stmt.target, Item) and last(stmt.target.of) in CONFIGURED
        is_attribute = isinstance(stmt.target, Name) and len(stmt.target.path) > 1
        is_key = consequence(name) is Consequence.KEY
        if (
            scope is None
            or is_configured
            or (is_attribute and is_key and stmt.target != Name(("self", name), stmt.line))
        ):
            yield from self._given(name, value, stmt.line, Form.CONSTANT)

    def _field(self, stmt: Assign, name: str, group: Group) -> Iterator[Found]:
        """A field of a class: a variable where the class reads the environment."""
        value, line = stmt.value, stmt.line
        if value is not None and next(reads(value, self._where.aliases), None) is not None:
            return
        is_variable = stmt.annotation is not None and not name.startswith(("_", "model_config"))
        if is_variable and reads_environment(group, self._groups):
            before = prefix(group, self._groups)
            variable = alias(value) or ("" if before is None else f"{before}{name}".upper())
            about = consequence(name) or consequence(variable)
            found = Default(Value(Kind.REQUIRED)) if value is None else default(value, about, self._where)
            yield self._found(name, line, Form.FIELD, found, about, Read(variable, None, required=False, line=line))
        elif value is not None and (has_settings(group) or name.isupper()) and not is_enumeration(group):
            yield from self._given(name, value, line, Form.FIELD)

    def _given(self, name: str, value: Expr | None, line: int, form: Form) -> Iterator[Found]:
        """A value written where it is used, under a name that a secret has."""
        about = consequence(name)
        if value is None or about is None:
            return
        if self._reads(value):
            return
        found = default(value, about, self._where)
        is_number = isinstance(value, Literal) and not isinstance(value.value, str)
        if found.value.kind in _GIVING and not is_number:
            yield self._found(name, line, form, found, about, None)

    def _reads(self, value: Expr) -> bool:
        """Whether a value is a read, told as such; a text put together is told as a whole too."""
        if isinstance(value, Joined):
            return False
        return any(read(each, self._where.aliases) is not None for each in every(value))

    def _attempted(self, stmt: Attempt) -> Iterator[Found]:
        """`try: X = os.environ["X"]`, and in its handler `X = "x"`: the other value is the default."""
        instead = _results(handler_stmt for handler in stmt.handlers for handler_stmt in handler)
        for name, value in _results(stmt.body).items():
            found = read(value, self._where.aliases)
            if found is not None and found.required and name in instead:
                self._told.add(hash((found.line, found.variable)))
                yield self._variable(
                    found._replace(default=instead[name], required=False), name if name != "return" else ""
                )

    def _found(
        self, name: str, line: int, form: Form, found: Default, about: Consequence | None, each: Read | None
    ) -> Found:
        reads_variable = each is not None and each.environment
        return Found(
            Setting(
                name=name,
                line=line,
                form=form,
                value=found.value,
                variable=each.variable if each is not None and each.environment else "",
                about=about,
                scope=".".join(scope.name for scope in self._around.scopes),
                keyed=not reads_variable and _is_keyed(name, found.text, about),
            ),
            found.text,
        )


def _shown(several: Sequence[Expr], name: str) -> set[int]:
    """The mappings that only show what a request or an answer looks like, by their identity."""
    found: set[int] = set()
    for each in several:
        held: list[Expr] = []
        if isinstance(each, Call):
            held = [each] if _examples.fullmatch(last(each.of)) else []
            held += [value for key, value in each.named if _examples.fullmatch(key)]
        elif isinstance(each, Fields):
            held = [value for key, value, _ in each.entries if _examples.fullmatch(key)]
        found |= {id(inner) for value in held for inner in every(value) if isinstance(inner, Fields)}
    if _examples.fullmatch(name):
        found |= {id(each) for each in several if isinstance(each, Fields)}
    return found


def _rank(setting: Setting) -> tuple[bool, int]:
    """Of two ways to tell of one setting, the one that knows more."""
    return setting.about is not None, _FORMS.index(setting.form)


def _results(statements: Iterable[Stmt]) -> dict[str, Expr]:
    """What a block assigns to which name, or returns."""
    found: dict[str, Expr] = {}
    for stmt in statements:
        match stmt:
            case Assign(target, value, _, _) if value is not None:
                found[last(target)] = value
            case Leave("return", value, _) if value is not None:
                found["return"] = value
            case _:
                pass
    return found


def _is_keyed(name: str, text: str | None, about: Consequence | None) -> bool:
    """Whether a text is the key of a mapping rather than a secret: it repeats its name, or the name says so."""
    if text is None:
        return False
    if name.upper().startswith(KEY_PREFIXES) and name.isupper():
        return True
    if about is Consequence.CREDENTIAL and _identifier.fullmatch(text):
        return True
    return like_its_name(text, name) and (about is not Consequence.KEY or len(text) > 6 or text.istitle())
