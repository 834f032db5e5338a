"""One dependency as a manifest declares it."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import cast

from msgspec import Struct

from selfcheck.errors import Unreadable

PLATFORM = re.compile(r"\b(?:sys_platform|os_name|platform_\w+|implementation_name)\b")
URL = re.compile(r"^(?:\w+\+)?(?:https?|ssh|git|file)://|^git@")
EGG = re.compile(r"[#&]egg=([\w.-]+)")
LOCAL = re.compile(r"^(?:[./~]|[\w.-]*[/\\]|[A-Za-z]:)")


class Group(StrEnum):
    """Who needs a dependency."""

    RUNTIME = "runtime"
    """Everybody who runs the project."""
    OPTIONAL = "optional"
    """Whoever asks for an extra."""
    DEVELOPMENT = "development"
    """The people and machines that work on it: tests, linters, documents, the build."""


class Declared(Struct, frozen=True):
    """A dependency: its name normalised and as it is written, its place, and who needs it.

    One that is `conditional` on a platform may be of no use here; `pinned` by a tool, it may be there for the sake of
    others; `exact` asks for one version only.
    """

    name: str
    written: str
    path: str
    line: int | None
    group: Group
    conditional: bool = False
    pinned: bool = False
    exact: bool = False


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


def normal(name: str) -> str:
    """The name by which distributions are compared: https://packaging.python.org/specifications/name-normalization/"""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(text: str, path: str, line: int | None, group: Group) -> Declared | None:
    """A requirement as PEP 508 or pip's files have it; None for one that names no distribution: a path, a bare URL.

    Raises:
        Unreadable: it is none.
    """
    # Only this subject needs it, and start-up pays for every import.
    from packaging.requirements import InvalidRequirement, Requirement

    if URL.match(text) or LOCAL.match(text):
        egg = EGG.search(text)
        return Declared(normal(egg[1]), egg[1], path, line, group) if egg else None
    try:
        found = Requirement(text)
    except (InvalidRequirement, RecursionError):
        where = f"line {line}" if line else "one of its dependencies"
        raise Unreadable(f"{where} is no requirement") from None
    marker = str(found.marker or "")
    return Declared(
        normal(found.name),
        found.name,
        path,
        line,
        group,
        conditional=PLATFORM.search(marker) is not None,
        exact=any(each.operator in ("==", "===") for each in found.specifier),
    )


def listed(texts: object, path: str, source: str, group: Group) -> Iterator[Declared]:
    """The requirements of a list, each at the first line of the source that has it; what is no text is left out.

    Raises:
        Unreadable: one of them is no requirement.
    """
    for text in as_list(texts):
        if isinstance(text, str) and text.strip():
            found = declared(text.strip(), path, line_of(source, text), group)
            if found is not None:
                yield found


def as_list(value: object) -> list[object]:
    """The items of a list or tuple; none of anything else."""
    return list(cast("list[object]", value)) if isinstance(value, list | tuple) else []


def line_of(source: str, text: str) -> int | None:
    """The first line that has this text."""
    offset = source.find(text)
    return None if offset < 0 else source.count("\n", 0, offset) + 1
