"""What the index of a folder of decisions lists, and the markers between which it is kept by a program."""

import re

from msgspec import Struct

from selfcheck.subjects.decisions.lines import Lines, text_of
from selfcheck.subjects.decisions.links import links

# `adrlog` is what adr-log writes between: https://github.com/adr/adr-log
MARKERS = (("<!-- selfcheck:adrs -->", "<!-- /selfcheck:adrs -->"), ("<!-- adrlog -->", "<!-- adrlogstop -->"))
DOCUMENT = re.compile(r"\.(?:md|markdown|mdx|rst)(?:#.*)?$|/$|^[\w./%-]+$", re.IGNORECASE)
GLOB = re.compile(r"^[ \t]*:glob:", re.MULTILINE)
TOCTREE = re.compile(r"^ {2,}(?P<entry>[\w./-]+)$", re.MULTILINE)


class Index(Struct, frozen=True):
    """Links and their lines; whether it has markers; the line that the list begins at."""

    entries: tuple[tuple[str, int], ...]
    is_marked: bool
    line: int
    takes_all: bool = False
    """Whether it lists whatever is there, by a pattern."""


def index_of(content: bytes, *, restructured: bool = False) -> Index:
    """The index that a document is.

    Raises:
        Unreadable: it is no text.
    """
    text = text_of(content)
    block = block_in(text)
    lines = Lines(text)
    entries = [
        (link.target, link.line)
        for link in links(lines, restructured=restructured)
        if "://" not in link.target and not link.target.startswith(("#", "/", "@"))
    ]
    if restructured:
        entries += [(found["entry"], text.count("\n", 0, found.start()) + 1) for found in TOCTREE.finditer(text)]
    if block is not None:
        begin, end = (text.count("\n", 0, place) + 1 for place in block)
        entries = [each for each in entries if begin <= each[1] <= end]
        return Index(tuple(entries), is_marked=True, line=begin)
    first = next((line for target, line in entries if DOCUMENT.search(target)), 1)
    return Index(tuple(entries), is_marked=False, line=first, takes_all=GLOB.search(text) is not None)


def block_in(text: str) -> tuple[int, int] | None:
    """Where what stands between the markers begins and ends."""
    for opening, closing in MARKERS:
        begin = text.find(opening)
        end = text.find(closing, begin)
        if 0 <= begin < end:
            return begin + len(opening), end
    return None
