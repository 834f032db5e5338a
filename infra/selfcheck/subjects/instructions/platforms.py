"""Which platform reads which file, and how much of it: data with a version, since it changes from month to month."""

from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct


class Unit(StrEnum):
    """What a platform counts."""

    BYTES = "bytes"
    CHARACTERS = "characters"
    LINES = "lines"


class Limit(Struct, frozen=True):
    """The most that is read, or that is advised."""

    most: int
    unit: Unit


class Platform(Struct, frozen=True, kw_only=True):
    """One platform; `copy` is where a generated copy for it lies, `front` what that begins with, `hops` how far imports go."""

    id: str
    name: str
    paths: tuple[str, ...]
    copy: str | None = None
    front: str = ""
    hard: Limit | None = None
    advice: Limit | None = None
    hops: int | None = None


class Table(Struct, frozen=True):
    """All platforms, and the month for which this is what they read."""

    version: str
    platforms: tuple[Platform, ...]


@cache
def table() -> Table:
    """The table that ships with selfcheck."""
    package = __name__.rpartition(".")[0]
    return msgspec.json.decode((files(package) / "platforms.json").read_bytes(), type=Table)


def by_id(name: str) -> Platform | None:
    """One platform."""
    return next((each for each in table().platforms if each.id == name), None)
