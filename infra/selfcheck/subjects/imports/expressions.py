"""Module and import expressions: `*` stands for one part of a dotted name, `**` for one or more."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Annotated

from msgspec import Meta

PART = r"(?:[^\s.*>|:()]+|\*|\*\*)"

ModuleExpression = Annotated[
    str,
    Meta(
        pattern=rf"^{PART}(?:\.{PART})*(?!\n)$",
        description="a module's name; `*` stands for one of its parts, `**` for one or more",
        examples=["shop.orders", "shop.*.models"],
    ),
]
ImportExpression = Annotated[
    str,
    Meta(
        pattern=rf"^{PART}(?:\.{PART})* -> (?:\.+|\.*{PART}(?:\.{PART})*)(?!\n)$",
        description="importer -> imported, each a module's name; `*` stands for one part, `**` for one or more",
        examples=["shop.orders -> shop.db", "shop.*.models -> shop.db"],
    ),
]


def has_wildcard(expression: str) -> bool:
    """Whether an expression may stand for several."""
    return "*" in expression


@cache
def pattern(expression: str) -> re.Pattern[str]:
    """What the names that a module expression stands for match whole."""
    parts = {"*": r"[^.]+", "**": r"[^.]+(?:\.[^.]+)*?"}
    return re.compile(r"\.".join(parts.get(part) or re.escape(part) for part in expression.split(".")))


@cache
def package_pattern(expression: str) -> re.Pattern[str]:
    """As `pattern`, and also the names of all that is below what it stands for."""
    return re.compile(rf"(?:{pattern(expression).pattern})(?:\.[\s\S]+)?")


def matching(expression: str, names: Iterable[str]) -> list[str]:
    """The names that a module expression stands for, in their order."""
    matches = pattern(expression).fullmatch
    return [name for name in names if matches(name)]


def is_within(name: str, package: str) -> bool:
    """Whether a module is this package or something below it."""
    return name == package or name.startswith(f"{package}.")
