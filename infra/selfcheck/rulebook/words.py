"""What a value breaks of its schema, in a person's words: which value, what it must be, what it is, what to write."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from selfcheck.errors import Fault
from selfcheck.rulebook.documents import Path
from selfcheck.rulebook.validator import BOUNDS
from selfcheck.suggest import short, unknown

WORDS = {
    "array": "a list",
    "object": "a mapping",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
}

SIZES = {
    "minItems": "holds too few values; at least",
    "maxItems": "holds too many values; at most",
    "minLength": "is too short; at least",
    "maxLength": "is too long; at most",
}


class Wrong(NamedTuple):
    """What a value breaks: a keyword of the schema, what that asks for, and where."""

    keyword: str
    wanted: Any
    value: Any
    schema: dict[str, Any]
    path: Path
    said: str
    cause: BaseException | None


def explained(wrong: Wrong, fault: Callable[..., Fault], what: str) -> Iterator[Fault]:
    """The fault at its place; `what` is the name of the outermost value."""
    path, about = wrong.path, _named(wrong.path) or what
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
        case "enum" if isinstance(wrong.value, str) and all(isinstance(choice, str) for choice in wrong.wanted):
            yield fault(path, f"{about}: {unknown('value', wrong.value, wrong.wanted)}")
        case _:
            yield fault(path, f"{about} {_reason(wrong)}")


def _named(path: Path) -> str:
    """The value at a path, as a person would call it."""
    match path:
        case (*_, str(name)):
            return f"`{short(name)}`"
        case (*_, str(name), int(number)):
            return f"item {number + 1} of `{short(name)}`"
        case ():
            return ""
        case _:
            return "this value"


def _reason(wrong: Wrong) -> str:
    match wrong.keyword:
        case "type":
            types: list[str] = [wrong.wanted] if isinstance(wrong.wanted, str) else wrong.wanted
            words = "a date such as 2026-12-31" if wrong.schema.get("format") == "date" else _either(types)
            return f"must be {words}, not {_got(wrong.value)}{_remedy(words, wrong.value)}"
        case "enum":
            return f"must be {_either(wrong.wanted)}, not {_got(wrong.value)}"
        case "format" | "pattern":
            return _malformed(wrong)
        case "minLength" if not wrong.value:
            return "is empty"
        case keyword if keyword in SIZES:
            return f"{SIZES[keyword]} {wrong.wanted}"
        case "oneOf" if names := _alternatives(wrong.wanted):
            return f"needs exactly one of {', '.join(names)}"
        case keyword if keyword in BOUNDS:
            return f"must be {BOUNDS[keyword][1]} {wrong.wanted}, not {wrong.value}"
        case _:
            return f"is wrong: {short(wrong.said, 160)}"


def _malformed(wrong: Wrong) -> str:
    """What is wrong with a text."""
    described, example = wrong.schema.get("description"), next(iter(wrong.schema.get("examples", ())), None)
    if not wrong.value.strip():
        return "is empty"
    if wrong.keyword == "pattern" and described:
        return f"('{short(wrong.value)}') is not {described}" + (f", such as '{example}'" if example else "")
    return f"('{short(wrong.value)}') {wrong.cause or f'is wrong: {short(wrong.said, 160)}'}"


def _alternatives(branches: Sequence[dict[str, Any]]) -> list[str]:
    return [f"`{name}`" for branch in branches for name in branch.get("required", ())]


def _either(choices: Sequence[Any]) -> str:
    *others, last = [WORDS.get(str(choice), str(choice)) for choice in choices]
    return f"{', '.join(others)} or {last}" if others else last


def _remedy(wanted: str, value: Any) -> str:
    """What to write instead, for the slips that everybody makes."""
    match wanted, value:
        case "true or false", str() if value.lower() in {"yes", "no", "on", "off"}:
            return "; YAML 1.2 knows true and false only"
        case "text", bool() | int() | float():
            return "; put it in quotes"
        case "a list", str():
            return "; write it as [a, b]"
        case _:
            return ""


def _got(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case str():
            return f"the text '{short(value)}'"
        case bool():
            return "true" if value else "false"
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return f"the number {value}"
