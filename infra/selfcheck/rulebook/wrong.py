"""Why a rulebook is wrong: all faults by its JSON Schema, each in a person's words; loaded only when there is one."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import jsonschema
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from selfcheck.check import Unloadable
from selfcheck.errors import Fault
from selfcheck.patterns import Pattern
from selfcheck.rulebook.documents import Document, Path
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


# An integer is an integer as written: 1.0 is none, as it is none for msgspec.
_Validator: Any = jsonschema.validators.extend(
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool)
    ),
)


def outline_faults(document: Document, otherwise: str) -> list[Fault]:
    """The faults of a file's outline."""
    if not isinstance(document.data, dict):
        return [document.fault((), "a rulebook is a mapping with `version: 1` and `guardrails:`")]
    return _faults(document.data, outline_schema(), document.fault, "rulebook", otherwise)


def guardrail_faults(written: Written, catalog: Catalog, otherwise: str) -> list[Fault]:
    """The faults of a guardrail and of its check's options."""
    found = list(_schema_faults(written.data, promise_schema(), written.fault, "guardrail"))
    check = written.data.get("check")
    use = check.get("use") if isinstance(check, dict) else None
    if isinstance(check, dict) and isinstance(use, str):
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
        yield from _explained(_deepest(error), fault, what)


def _deepest(error: ValidationError) -> ValidationError:
    """In a choice, the fault of the branch that was meant: the one of the value's own type, read furthest."""
    while error.context:
        error = max(error.context, key=lambda each: (len(each.absolute_path), each.validator != "type"))
    return error


def _explained(error: ValidationError, fault: Callable[..., Fault], what: str) -> Iterator[Fault]:
    path: Path = tuple(error.absolute_path)
    name = f"`{path[-1]}`" if path and isinstance(path[-1], str) else "this value"
    match error.validator:
        case "additionalProperties":
            known = error.schema.get("properties", {})
            about = what if not path else name
            for key in error.instance:
                if key not in known:
                    kind = "option" if what.startswith("check") else "key"
                    yield fault((*path, key), unknown(kind, key, known, about), at_key=True)
        case "required":
            missing = next(key for key in error.validator_value if key not in error.instance)
            # One fault per missing key, each of which iter_errors reports on its own.
            said = re.match(r"'([^']*)' is a required property", error.message)
            yield fault(path, f"{what if not path else name} lacks `{said[1] if said else missing}`")
        case "type":
            yield fault(path, f"{name} is {_wanted(error.validator_value)}, not {_got(error.instance)}")
        case "enum":
            choices = [str(choice) for choice in error.validator_value if choice is not None]
            yield fault(path, f"{name}: {unknown('value', str(error.instance), choices)}")
        case _:
            yield fault(path, f"{name} {_reason(error)}")


def _reason(error: ValidationError) -> str:
    shown = short(str(error.instance))
    described = error.schema.get("description")
    match error.validator:
        case "format":
            return f"{shown!r} {error.cause or 'is malformed'}"
        case "pattern" | "minLength" if not str(error.instance).strip():
            return "is empty"
        case "pattern" if described:
            example = next(iter(error.schema.get("examples", ())), None)
            return f"{shown!r} is not {described}" + (f", such as {example!r}" if example else "")
        case "minItems":
            return f"holds too few values; at least {error.validator_value}"
        case "const":
            return f"is {shown!r}; it must be {error.validator_value!r}"
        case "oneOf" if names := _alternatives(error.validator_value):
            return f"needs exactly one of {', '.join(names)}"
        case _:
            return f"is {shown!r}: {short(error.message, 160)}"


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
