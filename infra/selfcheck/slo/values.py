"""Values in answers by their paths, and what is asked of them."""

import re
from collections.abc import Callable, Sequence
from typing import Any, cast

import msgspec

from selfcheck.probing.health import level_of
from selfcheck.subjects.slo import Condition

_step = re.compile(r"([^.\[\]]+)|\[(\d+|\*)\]")
OPS: dict[str, Callable[[float, float], bool]] = {
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
    "==": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
}


def value(body: bytes, path: str) -> str | None:
    """The text or number that a path such as `checks.pool[0].utilization` leads to; None where it leads nowhere."""
    try:
        here: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
    for name, index in _step.findall(path):
        if isinstance(here, dict):
            here = cast("dict[str, Any]", here).get(name)
        elif isinstance(here, list) and index.isdigit():
            several = cast("Sequence[Any]", here)
            here = several[int(index)] if int(index) < len(several) else None
        else:
            return None
    return str(here).lower() if isinstance(here, bool) else str(here) if isinstance(here, str | int | float) else None


def holds(condition: Condition, found: str) -> bool:
    """Whether a value is what a condition asks for; words of a status mean the same by whatever name."""
    one, other = _number(found), _number(condition.value)
    if one is not None and other is not None:
        return OPS[condition.op](one, other)
    same = found.lower() == condition.value.lower() or (
        level_of(found) is not None and level_of(found) == level_of(condition.value)
    )
    return same if condition.op == "==" else not same if condition.op == "!=" else False


def _number(text: str) -> float | None:
    try:
        return float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        return None
