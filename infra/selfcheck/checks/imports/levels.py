"""Layers as they are written, and as they stand in one container: which may import which."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Annotated, NamedTuple

from msgspec import Meta

from selfcheck.subjects.imports.expressions import is_within

NAME = r"[^\s.*>|:()]+(?:\.[^\s.*>|:()]+)*"
ONE = rf"(?:{NAME}|\({NAME}\))"

LayerName = Annotated[
    str, Meta(pattern=rf"^{NAME}(?!\n)$", description="a layer's name, without wildcards", examples=["services"])
]
Layer = Annotated[
    str,
    Meta(
        pattern=rf"^{ONE}(?:(?: *\| *{ONE})*|(?: *: *{ONE})*)(?!\n)$",
        description="a layer `a`, an optional one `(a)`, independent ones `a | b`, or ones that may import each other "
        "`a : b`, but not `|` and `:` together",
        examples=["web | tasks", "services", "(plugins)"],
    ),
]


class Level(NamedTuple):
    """One line of the layers: the names that stand beside each other."""

    names: tuple[str, ...]
    optional: frozenset[str]
    independent: bool


class Stack(NamedTuple):
    """The layers that are there in one container, from high to low; the names are those of packages."""

    levels: tuple[tuple[str, ...], ...]
    independent: tuple[bool, ...]
    closed: tuple[bool, ...]
    missing: tuple[str, ...]

    @property
    def names(self) -> Iterator[str]:
        """Every layer that is there."""
        return (name for names in self.levels for name in names)

    @property
    def allowed(self) -> Mapping[str, Collection[str]]:
        """What each layer may import: itself, those beside it unless independent, and down to the next closed one."""
        found: dict[str, set[str]] = {}
        below: set[str] = set()
        for number in range(len(self.levels) - 1, -1, -1):
            names = self.levels[number]
            for name in names:
                found[name] = below | ({name} if self.independent[number] else {*names})
            below = {*names} if names and self.closed[number] else below | {*names}
        return found

    @property
    def pairs(self) -> int:
        """How many pairs of layers there are of which one must not import the other."""
        allowed, names = self.allowed, list(self.names)
        free = sum(one in allowed[other] and other in allowed[one] for one in names for other in names if one < other)
        return len(names) * (len(names) - 1) // 2 - free

    def outside(self, modules: Iterable[str]) -> Iterator[str]:
        """Those of the modules that are in no layer."""
        names = tuple(self.names)
        return (module for module in modules if not any(is_within(module, name) for name in names))

    def reason(self, importer: str, imported: str) -> str:
        """Why a layer must not import another."""
        level = {name: number for number, names in enumerate(self.levels) for name in names}
        high, low = level[imported], level[importer]
        if high < low:
            return f"{importer} is a lower layer than {imported}"
        if high == low:
            return f"{importer} and {imported} are independent layers"
        between = ", ".join(
            name for number in range(low + 1, high) if self.closed[number] for name in self.levels[number]
        )
        return f"{importer} must not import {imported} past the closed layer {between}"

    def tests(self) -> Iterator[tuple[str, str]]:
        """Importer and imported, so that every layer and every rule is in one pair that is not allowed."""
        there = [number for number, names in enumerate(self.levels) if names]
        for high, low in pairwise(there):
            yield from ((importer, imported) for importer in self.levels[low] for imported in self.levels[high])
        for number in there:
            if self.independent[number]:
                yield from pairwise(self.levels[number])
        for above, at, below in zip(there, there[1:], there[2:], strict=False):
            if self.closed[at]:
                yield self.levels[above][0], self.levels[below][0]


def level(layer: str) -> Level:
    """A layer as it is written, taken apart."""
    entries = [each.strip() for each in re.split(r"[|:]", layer)]
    names = tuple(each.strip("()") for each in entries)
    return Level(names, frozenset(each.strip("()") for each in entries if each.startswith("(")), ":" not in layer)


def stack(levels: Sequence[Level], closed: Collection[str], container: str, there: Collection[str]) -> Stack:
    """The layers of one container, or, where it has no name, those that are called by their whole names."""
    before = f"{container}." if container else ""
    return Stack(
        tuple(tuple(before + name for name in each.names if before + name in there) for each in levels),
        tuple(each.independent for each in levels),
        tuple(any(name in closed for name in each.names) for each in levels),
        tuple(
            before + name
            for each in levels
            for name in each.names
            if name not in each.optional and before + name not in there
        ),
    )


def faults(levels: Iterable[Level], closed: Iterable[str]) -> Iterator[str]:
    """What is wrong with layers that are well written one by one."""
    names = [name for each in levels for name in each.names]
    for number, name in enumerate(names):
        if name in names[:number]:
            yield f"`{name}` is a layer twice"
        inner = next((other for other in names if other.startswith(f"{name}.")), None)
        if inner is not None:
            yield f"`{inner}` is a part of `{name}`, which is a layer too"
    for name in closed:
        if name not in names:
            yield f"`closed` names `{name}`, which is no layer"
