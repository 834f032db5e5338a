"""How much a secret default matters: by what a stranger could do with it, and by where it stands."""

from enum import StrEnum

from selfcheck.subjects.settings import (
    Consequence,
    Form,
    Guarded,
    Kind,
    Layer,
    Place,
    Setting,
    Shape,
    Spot,
    Value,
    is_vendors,
    place,
)
from selfcheck.subjects.settings.guards import Effect
from selfcheck.subjects.settings.names import words


class Level(StrEnum):
    """How much it matters, the most first."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


_LEVELS = (None, Level.LOW, Level.MEDIUM, Level.HIGH)
_WORDS = (Shape.WEAK, Shape.PLACEHOLDER)


def at_least(found: Level, asked: Level) -> bool:
    """Whether a level is as high as one that is asked for."""
    return list(Level).index(found) <= list(Level).index(asked)


def level(spot: Spot, value: Value, guard: Guarded | None) -> Level | None:
    """How much a default matters; None where it does not."""
    weight = _by_value(spot.setting, value, spot.file.layer)
    if weight <= 0:
        return None
    if guard is not None and guard.effect in (Effect.REFUSES, Effect.REPLACES):
        return None
    if guard is not None and guard.effect is Effect.WARNS:
        weight -= 1
    return _LEVELS[max(0, min(3, weight + _by_place(spot)))]


def _by_place(spot: Spot) -> int:
    where = place(spot.path)
    if spot.file.layer is Layer.EXAMPLE:
        return 0
    if where is Place.DEVELOPMENT or spot.setting.development:
        return -3
    return 1 if where is Place.PRODUCTION else 0


def _by_value(setting: Setting, value: Value, layer: Layer) -> int:
    about = setting.about
    if about is None or setting.keyed:
        return 0
    if value.kind is Kind.EMPTY:
        is_read = setting.form in (Form.READ, Form.FIELD) and setting.variable
        is_pair = "private" in words(setting.name)  # nothing can be signed with half of an empty pair
        return 3 if about is Consequence.KEY and is_read and not is_pair else 0
    if value.kind is not Kind.LITERAL or value.shape in (Shape.PLAIN, Shape.PUBLIC):
        return 0
    weight = _by_consequence(setting, about, value)
    if layer is Layer.EXAMPLE:
        return _in_example(about, value)
    is_service = value.shape in _WORDS or about in (Consequence.PASSWORD, Consequence.ADDRESS)
    return weight - 1 if layer is Layer.WORKFLOW and is_service else weight


def _by_consequence(setting: Setting, about: Consequence, value: Value) -> int:
    match about:
        case Consequence.KEY | Consequence.ADMIN:
            return 3
        case Consequence.PASSWORD | Consequence.ADDRESS:
            return 2
        case Consequence.CREDENTIAL:
            is_vendor = is_vendors(setting.name) or is_vendors(setting.variable)
            return 0 if is_vendor and value.shape in _WORDS else 2


def _in_example(about: Consequence, value: Value) -> int:
    """People copy an example: what looks as if it worked stays; what says that it is to be replaced is what it is for."""
    if value.shape is Shape.PLACEHOLDER:
        return 1 if about is Consequence.KEY else 0
    return 2 if about is Consequence.KEY or (about is Consequence.CREDENTIAL and value.shape is Shape.OPAQUE) else 1
