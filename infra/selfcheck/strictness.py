"""Whether one value of an option can only ask for more than another, by what the check says of the option."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, cast


class Strictness(StrEnum):
    """Which change of an option asks for more: a longer list, a larger number, true; or a shorter, smaller one, false."""

    MORE = "more"
    LESS = "less"


def is_stricter(old: Any, new: Any, strictness: Strictness | None) -> bool:
    """Whether a change of an option can only ask for more; what cannot be told asks for less."""
    match strictness:
        case Strictness.MORE:
            return _contains(new, old)
        case Strictness.LESS:
            return _contains(old, new)
        case None:
            return False


def _contains(large: Any, small: Any) -> bool:
    """Whether a number is as large, or a list holds all of another."""
    if isinstance(large, list | tuple) and isinstance(small, list | tuple):
        return _selects(cast("Any", large), cast("Any", small))
    if isinstance(large, bool) and isinstance(small, bool):
        return large or not small
    return isinstance(large, int | float) and isinstance(small, int | float) and large >= small


def _selects(large: Sequence[Any], small: Sequence[Any]) -> bool:
    """Whether a list selects all that another does. A pattern with `!` takes away from those before it: order counts."""
    takes_away = any(map(_is_negative, [*large, *small]))
    if not takes_away:
        return all(each in large for each in small)
    kept = [each for each in small if not _is_negative(each) or each in large]
    same = [each for each in kept if _is_negative(each)] == [each for each in large if _is_negative(each)]
    waiting = iter(large)
    return same and all(each in waiting for each in kept)


def _is_negative(each: Any) -> bool:
    return isinstance(each, str) and each.startswith("!")
