"""Headings, of Markdown by number signs or underlines, of reStructuredText by underlines; and the sections that they begin."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from selfcheck.subjects.decisions.lines import Lines

UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*")
ADORNMENT = re.compile(r"([=\-~^\"'#*+.:`_])\1{2,}[ \t]*")
BEGINS_NO_TEXT = re.compile(r" {0,3}(?:[-*+>|]|\d{1,9}[.)][ \t]|#{1,6}(?:[ \t]|$)|</?[a-zA-Z]|$)| {4}|\t")
COUNTED = re.compile(r"(?:\d+(?:\.\d+)*[.):]?|[ivx]+[.)])[ \t]+")
DASHES = " :.-\N{EN DASH}\N{EM DASH}"
MARKS = re.compile(r"[*_`~]+")
TAGS = re.compile(r"<[^<>]*>")
LINKED = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")


class Heading(Struct, frozen=True):
    """A heading: its level, its text as it stands, and its line; a line of underlining belongs to it."""

    level: int
    text: str
    line: int
    after: int
    """The line below it."""


def headings(lines: Lines, *, restructured: bool = False) -> list[Heading]:
    """Every heading in the order of lines."""
    return list(_restructured(lines) if restructured else _markdown(lines))


@lru_cache(maxsize=4096)
def plain(title: str) -> str:
    """A title without numbers before it, marks, links, emoji and capitals."""
    text = MARKS.sub("", TAGS.sub("", LINKED.sub(r"\1", title))).strip()
    if not text.isascii():
        text = "".join(each for each in text if each.isascii() or each.isalnum())
    text = COUNTED.sub("", text.strip(), count=1) if text[:1].isalnum() else text
    return " ".join(text.casefold().split()).strip(DASHES)


def slug(title: str) -> str:
    """The anchor of a heading as GitHub makes it."""
    text = TAGS.sub("", LINKED.sub(r"\1", title)).strip().lower()
    kept = "".join(
        each for each in text if each in " -_" or each.isalnum() or unicodedata.category(each) in {"Mn", "Mc", "Pc"}
    )
    return kept.replace(" ", "-")


def _markdown(lines: Lines) -> Iterator[Heading]:
    said = lines.said
    for number, line in enumerate(said, start=1):
        if not line or line.isspace():
            continue
        if "#" in line[:4] and (found := _numbered(line, number)):
            yield found
        elif line.lstrip(" ")[0] in "=-" and number > 1 and UNDERLINE.fullmatch(line):
            above = said[number - 2]
            if above.strip() and not BEGINS_NO_TEXT.match(above) and not _is_underline(above):
                yield Heading(1 if "=" in line else 2, above.strip(), number - 1, number + 1)


def _numbered(line: str, number: int) -> Heading | None:
    inner = line.lstrip(" ")
    level = len(inner) - len(inner.lstrip("#"))
    if len(line) - len(inner) > 3 or not 1 <= level <= 6 or inner[level : level + 1] not in ("", " ", "\t"):
        return None
    text = inner[level:].strip()
    bare = text.rstrip("#")
    if not bare or bare[-1] in " \t":
        text = bare.rstrip()
    return Heading(level, text, number, number + 1)


def _is_underline(line: str) -> bool:
    return UNDERLINE.fullmatch(line) is not None


def _restructured(lines: Lines) -> Iterator[Heading]:
    """Levels are in the order in which the kinds of underlining are first met; a line above the title is another kind."""
    kinds: dict[tuple[str, bool], int] = {}
    said = lines.said
    for number, line in enumerate(said, start=1):
        found = ADORNMENT.fullmatch(line)
        if not found or number < 2:
            continue
        title = said[number - 2]
        if not title.strip() or title[0] in " \t" or ADORNMENT.fullmatch(title) or len(line.rstrip()) + 3 < len(title):
            continue
        over = number > 2 and said[number - 3].strip() == line.strip()
        level = kinds.setdefault((found[1], over), len(kinds) + 1)
        yield Heading(level, title.strip(), number - 1, number + 1)
