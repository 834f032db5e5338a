"""A catalog of checks and packs that remembers what was asked of it."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from selfcheck.check import Check, Unloadable


class Limited(Check):
    """A check with one option that it needs and one that it does not."""

    limit: int
    paths: tuple[str, ...] = ("**",)


class Picky(Check):
    """A check that refuses what no type can, and whose schema cannot say it well."""

    schema_rules: ClassVar[Mapping[str, Any]] = {"dependentRequired": {"low": ["high"]}}

    low: int = 0
    high: int = 9

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError("`low` must not be more than `high`")


class Odd(Check):
    """Options of the types that no built-in check has."""

    ratio: Annotated[float, Meta(ge=0, lt=1)] = 0.0
    count: Annotated[int, Meta(gt=0, le=9)] | None = None
    word: Annotated[str, Meta(min_length=2, max_length=3)] | int = 0
    table: Mapping[str, tuple[int, ...]] = {}  # msgspec makes a new one for each
    grid: tuple[tuple[int, ...], ...] = ()
    many: Annotated[list[bool], Meta(max_length=2)] | str = ""


class Counting:
    """The checks `limited`, `picky`, `odd` and `broken`, and the given packs."""

    def __init__(self, packs: Mapping[str, str] | None = None) -> None:
        self.loaded: list[str] = []
        self._packs = packs or {}
        self._checks: dict[str, type[Check] | Unloadable] = {
            "broken": Unloadable("it is broken"),
            "limited": Limited,
            "picky": Picky,
            "odd": Odd,
        }

    def checks(self) -> Sequence[str]:
        """The ids of all checks."""
        return sorted(self._checks)

    def check(self, name: str) -> type[Check] | Unloadable | None:
        """One check; that it was loaded is remembered."""
        self.loaded.append(name)
        return self._checks.get(name)

    def packs(self) -> Sequence[str]:
        """The names of all packs."""
        return ["broken", *sorted(self._packs)]

    def pack(self, name: str) -> bytes | Unloadable | None:
        """The YAML of one pack."""
        if name == "broken":
            return Unloadable('pack "broken" is broken')
        content = self._packs.get(name)
        return None if content is None else content.encode()
