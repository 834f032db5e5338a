"""Where a file cites decisions: by number, such as ADR-12, or by the path of the document."""

import re
from collections.abc import Iterator
from functools import cache, partial

from msgspec import Struct

from selfcheck.errors import Unreadable
from selfcheck.facts import Extractor
from selfcheck.trees.text import decode, is_binary

LARGEST = 2_000_000
"""Bytes beyond which a file is made by a program."""
LONGEST = 1000
"""Characters around a citation that are looked at as its line."""
NEAR = (b"adr", b"ADR", b"Adr", b"ecision", b"rchitect")
"""What stands in every file that cites a decision, or near it."""
TOLD = re.compile(
    r"supersed|superced|replac|\bwas\b|\bwere\b|former|obsolet|histor|deprecat|instead of|no longer|retired|reject|declin"
    r"|amend|revert|\bold\b|previous|origin|undo|evol",
    re.IGNORECASE,
)
"""What a line says that cites a decision for its history."""
URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s<>\"')\]]+")
PATH = re.compile(r"/(?:[A-Za-z]{1,12}[-_])?\d{3,8}[-_][\w.-]{1,200}?\.(?:md|markdown|rst)(?!\w)")
IN_PATH = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-")


class Citation(Struct, frozen=True):
    """One citation: a number, or a path as it is written; `told` where its line speaks of history."""

    line: int
    number: int | None
    path: str
    told: bool


@cache
def citations_in(prefixes: tuple[str, ...]) -> Extractor[tuple[Citation, ...]]:
    """The citations in a file, as a fact, under these prefixes."""
    name = f"citations of {' '.join(prefixes)}"
    return Extractor(name, 1, tuple[Citation, ...], partial(citations, prefixes))


def citations(prefixes: tuple[str, ...], content: bytes) -> tuple[Citation, ...]:
    """What a content cites, in the order of lines; a binary one cites nothing."""
    near = (*NEAR, *(each.encode() for each in prefixes), *(each.lower().encode() for each in prefixes))
    if len(content) > LARGEST or not any(each in content for each in near) or is_binary(content):
        return ()
    return tuple(_found(_text(content), _marker(prefixes)))


@cache
def _marker(prefixes: tuple[str, ...]) -> re.Pattern[str]:
    spelled = {form for each in prefixes for form in (each.upper(), each.lower(), each.capitalize())}
    names = "|".join(map(re.escape, sorted(spelled)))
    return re.compile(rf"(?:{names})[- #(]0*(\d{{1,6}})(?!\w|-\d|\.\d)")


def _found(text: str, marker: re.Pattern[str]) -> Iterator[Citation]:
    """Where the text has markers and paths; only their lines are looked at closely."""
    found = [(each.start(), int(each[1]), "") for each in marker.finditer(text) if _begins(text, each.start())]
    found += [(each.start(), -1, _folders(text, each.start()) + each[0]) for each in PATH.finditer(text)]
    number, counted = 1, 0
    for place, cited, path in sorted(found):
        number += text.count("\n", counted, place)
        counted = place
        begin = text.rfind("\n", max(0, place - LONGEST), place) + 1
        end = text.find("\n", place, place + LONGEST)
        if end < 0 or begin < place - LONGEST:
            end = min(place + LONGEST, len(text))
        line = text[max(begin, place - LONGEST) : end]
        if "://" not in line or not _is_in_address(line, place - max(begin, place - LONGEST)):
            yield Citation(number, None if path else cited, path, TOLD.search(line) is not None)


def _begins(text: str, place: int) -> bool:
    before = text[place - 1 : place]
    return not (before.isalnum() or before in {"_", "/", ".", "-"})


def _folders(text: str, place: int) -> str:
    """What stands before the last slash of a path."""
    begin = place
    while begin > 0 and text[begin - 1] in IN_PATH:
        begin -= 1
    return text[begin:place]


def _is_in_address(line: str, place: int) -> bool:
    return any(found.start() < place < found.end() for found in URL.finditer(line))


def _text(content: bytes) -> str:
    try:
        return decode(content).replace("\r\n", "\n")
    except Unreadable:
        return content.decode("utf-8", "replace")
