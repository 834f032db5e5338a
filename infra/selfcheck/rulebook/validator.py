"""A JSON Schema validator that accepts exactly what msgspec converts; loaded only when a rulebook is wrong."""

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, validators
from jsonschema.exceptions import ValidationError

from selfcheck.patterns import Pattern
from selfcheck.trees.globs import matcher

FORMATS = FormatChecker(formats=())
BOUNDS: dict[str, tuple[Callable[[Any, Any], bool], str]] = {
    "minimum": (operator.ge, "at least"),
    "exclusiveMinimum": (operator.gt, "more than"),
    "maximum": (operator.le, "at most"),
    "exclusiveMaximum": (operator.lt, "less than"),
}


@FORMATS.checks("re2", raises=ValueError)
def _is_re2(value: object) -> bool:
    return not isinstance(value, str) or not value or bool(Pattern(value))  # an empty one is too short already


@FORMATS.checks("glob", raises=ValueError)
def _is_glob(value: object) -> bool:
    return not isinstance(value, str) or bool(matcher((value,)))


@FORMATS.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    if isinstance(value, str):
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise ValueError("is not a date; write YYYY-MM-DD")
        try:
            date.fromisoformat(value)
        except ValueError as error:
            raise ValueError(f"is not a date: {error}") from None
    return True


def _is_integer(_checker: object, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_one_of(_: Any, choices: Sequence[Any], value: Any, __: Any) -> Iterator[ValidationError]:
    """`enum`, by type and value: neither true nor 1.0 is 1."""
    if not any(type(value) is type(choice) and value == choice for choice in choices):
        yield ValidationError("is none of the choices")


def _within(keyword: str) -> Callable[..., Iterator[ValidationError]]:
    """A bound of numbers, which not-a-number never keeps."""
    keeps, words = BOUNDS[keyword]

    def bound(_: Any, limit: float, value: Any, __: Any) -> Iterator[ValidationError]:
        if isinstance(value, int | float) and not isinstance(value, bool) and not keeps(value, limit):
            yield ValidationError(f"is not {words} {limit}")

    return bound


# As msgspec has it: an integer is an integer as written, 1.0 is none.
_validators: Any = validators
_Validator: Any = _validators.extend(
    Draft202012Validator,
    validators={"enum": _is_one_of, **{keyword: _within(keyword) for keyword in BOUNDS}},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer),
)


def validator(schema: Mapping[str, Any]) -> Any:
    """A validator of rulebooks: `iter_errors(data)` yields every fault."""
    return _Validator(schema, format_checker=FORMATS)
