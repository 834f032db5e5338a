"""Why a rulebook is wrong: all faults by its JSON Schema, each in a person's words; loaded only when there is one."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator, FormatChecker, validators
from jsonschema.exceptions import ValidationError

from selfcheck.check import Unloadable
from selfcheck.errors import Fault
from selfcheck.patterns import Pattern
from selfcheck.rulebook.documents import Document, Path, as_mapping
from selfcheck.rulebook.parse import Catalog
from selfcheck.rulebook.schema import check_schema, outline_schema, promise_schema
from selfcheck.rulebook.written import Written
from selfcheck.suggest import short, unknown

FORMATS = FormatChecker(formats=())
WORDS = {
    "array": "a list",
    "object": "a mapping",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
}
MSGSPEC_PLACE = re.compile(r"^(?P<message>.*?)(?: - at `\$(?P<path>.*)`)?$", re.DOTALL)


@FORMATS.checks("re2", raises=ValueError)
def _is_re2(value: object) -> bool:
    return not isinstance(value, str) or bool(Pattern(value))


@FORMATS.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    if isinstance(value, str):
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            raise ValueError("is not a date; write YYYY-MM-DD")
        try:
            date.fromisoformat(value)
        except ValueError as error:
            raise ValueError(f"is not a date: {error}") from None
    return True


def _is_integer(_checker: object, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


# An integer is an integer as written: 1.0 is none, as it is none for msgspec.
_validators: Any = validators
_Validator: Any = _validators.extend(
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer),
)


def outline_faults(document: Document, otherwise: str) -> list[Fault]:
    """The faults of a file's outline."""
    if as_mapping(document.data) is None:
        return [document.fault((), "a rulebook is a mapping with `version: 1` and `guardrails:`")]
    return _faults(document.data, outline_schema(), document.fault, "rulebook", otherwise)


def guardrail_faults(written: Written, catalog: Catalog, otherwise: str) -> list[Fault]:
    """The faults of a guardrail and of its check's options."""
    found = list(_schema_faults(written.data, promise_schema(), written.fault, "guardrail"))
    check = as_mapping(written.data.get("check")) or {}
    use = check.get("use")
    if isinstance(use, str):
        found += _option_faults(check, use, catalog, written)
    return found or [_translated(otherwise, written.fault)]


def _option_faults(check: dict[str, Any], use: str, catalog: Catalog, written: Written) -> list[Fault]:
    loaded = catalog.check(use)
    if loaded is None:
        return [written.fault(("check", "use"), unknown("check", use, catalog.checks()))]
    if isinstance(loaded, Unloadable):
        return []

    def fault(path: Path, message: str, *, at_key: bool = False) -> Fault:
        return written.fault(("check", *path), message, at_key=at_key)

    options = {key: value for key, value in check.items() if key != "use"}
    return list(_schema_faults(options, check_schema(loaded), fault, f'check "{use}"'))


def _faults(data: Any, schema: dict[str, Any], fault: Callable[..., Fault], what: str, otherwise: str) -> list[Fault]:
    return list(_schema_faults(data, schema, fault, what)) or [_translated(otherwise, fault)]


def _translated(said: str, fault: Callable[..., Fault]) -> Fault:
    """What only msgspec found wrong, at the place that it names."""
    found = MSGSPEC_PLACE.match(said)
    steps = re.findall(r"\.([^.\[\]]+)|\[(\d+)\]", (found and found["path"]) or "")
    path: Path = tuple(int(index) if index else key for key, index in steps)
    return fault(path, (found and found["message"]) or said)


def _schema_faults(data: Any, schema: dict[str, Any], fault: Callable[..., Fault], what: str) -> Iterator[Fault]:
    for error in _Validator(schema, format_checker=FORMATS).iter_errors(data):
        yield from _explained(_meant(error), fault, what)


class _Wrong(NamedTuple):
    """What a value breaks: a keyword of the schema, what that asks for, and where."""

    keyword: str
    wanted: Any
    value: Any
    schema: dict[str, Any]
    path: Path
    said: str
    cause: BaseException | None


def _meant(error: ValidationError) -> _Wrong:
    """The fault itself; in a choice of types, that of the branch of the value's own type, read furthest."""
    while error.validator == "anyOf" and error.context:
        error = max(error.context, key=lambda each: (len(each.absolute_path), each.validator != "type"))
    schema: Any = error.schema
    return _Wrong(
        str(error.validator),
        error.validator_value,
        error.instance,
        schema,
        tuple(error.absolute_path),
        error.message,
        error.cause,
    )


def _explained(wrong: _Wrong, fault: Callable[..., Fault], what: str) -> Iterator[Fault]:
    path = wrong.path
    name = f"`{path[-1]}`" if path and isinstance(path[-1], str) else "this value"
    about = name if path else what
    match wrong.keyword:
        case "additionalProperties":
            known: dict[str, Any] = wrong.schema.get("properties", {})
            kind = "option" if what.startswith("check") else "key"
            for key in wrong.value:
                if key not in known:
                    yield fault((*path, key), unknown(kind, key, known, about), at_key=True)
        case "required":
            missing = re.match(r"'([^']*)' is a required property", wrong.said)
            yield fault(path, f"{about} lacks `{missing[1]}`" if missing else wrong.said)
        case "type":
            yield fault(path, f"{name} is {_wanted(wrong.wanted)}, not {_got(wrong.value)}")
        case "enum":
            choices = [str(choice) for choice in wrong.wanted if choice is not None]
            yield fault(path, f"{name}: {unknown('value', str(wrong.value), choices)}")
        case _:
            yield fault(path, f"{about} {_reason(wrong)}")


def _reason(wrong: _Wrong) -> str:
    shown = short(str(wrong.value))
    described = wrong.schema.get("description")
    match wrong.keyword:
        case "format":
            return f"{shown!r} {wrong.cause or 'is malformed'}"
        case "pattern" | "minLength" if not str(wrong.value).strip():
            return "is empty"
        case "pattern" if described:
            example = next(iter(wrong.schema.get("examples", ())), None)
            return f"{shown!r} is not {described}" + (f", such as {example!r}" if example else "")
        case "minItems":
            return f"holds too few values; at least {wrong.wanted}"
        case "const":
            return f"is {shown!r}; it must be {wrong.wanted!r}"
        case "oneOf" if names := _alternatives(wrong.wanted):
            return f"needs exactly one of {', '.join(names)}"
        case _:
            return f"is {shown!r}: {short(wrong.said, 160)}"


def _alternatives(branches: Sequence[dict[str, Any]]) -> list[str]:
    return [f"`{name}`" for branch in branches for name in branch.get("required", ())]


def _wanted(types: str | list[str]) -> str:
    return " or ".join(WORDS[each] for each in ([types] if isinstance(types, str) else types))


def _got(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case "yes" | "no" | "on" | "off":
            return f"the text {value!r} (YAML 1.2: write true or false)"
        case str():
            return f"the text {short(value)!r}"
        case bool():
            return "true" if value else "false"
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return f"the number {short(str(value))}"
