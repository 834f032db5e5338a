"""The waivers in the comments of one content, as a fact: how it is searched, and what of it is not."""

import re
from collections.abc import Iterator, Sequence
from functools import cache, partial

from selfcheck.errors import Unreadable
from selfcheck.facts import Extractor
from selfcheck.subjects.comments.entries import Entry, Malformed
from selfcheck.subjects.comments.languages import Language
from selfcheck.subjects.comments.places import LONGEST, Commented, Lines
from selfcheck.trees.text import MARKS, decode, is_binary

NAME = b"selfcheck"
MARKER = re.compile(r"(?<![\w-])selfcheck:[ \t]*(?=ignore)")
MARKER_BYTES = re.compile(rb"(?<![\w-])selfcheck:[ \t]*ignore")
LARGEST = 1_000_000
"""Characters beyond which a text is not lexed: nobody has written it by hand, and it would take seconds."""
LIKE_A_COMMENT = re.compile(r"(?:^|[\s,;(){}\[\]>])(?:#+|//+|/\*+|\*|--+|<!--|;+|%+|\{#|\(\*)[ \t]*$|^[ \t]*$")
"""What a line has before a marker where that, in whichever language, may be meant as a comment."""

NOT_KNOWN = "stands in a file whose language is not known, so that comments cannot be told from code there"
BINARY = "stands in a file with a NUL among its first bytes, which is no text"
TOO_LARGE = f"stands after more than {LARGEST:,} characters, where comments are not looked for"
ELSEWHERE = "write a waiver in the rulebook instead"


def has_marker(content: bytes) -> bool:
    """Whether a content has the beginning of a waiver anywhere, in a comment or not."""
    if content.startswith(WIDE):
        return MARKER.search(_text(content)) is not None
    return NAME in content and MARKER_BYTES.search(content) is not None


WIDE = tuple(mark for mark, coding in MARKS if coding != "utf-8-sig")
MARKED = Extractor("comment markers", 1, bool, has_marker)
"""Whether a file has to be searched for comments at all; few have to."""


@cache
def comments_in(language: Language | None) -> Extractor[tuple[Entry, ...]]:
    """The waivers in the comments of a file in this language, as a fact; None is a language that is not known."""
    name = f"comments in {language or 'no known language'}"
    return Extractor(name, 1, tuple[Entry, ...], partial(entries, language), parsers=("pygments",))


def entries(language: Language | None, content: bytes) -> tuple[Entry, ...]:
    """What stands at the markers of a content, in the order of its lines.

    Raises:
        Slow: it cannot be lexed in time.
        Unreadable: it cannot be lexed.
    """
    text = _text(content).replace("\r\n", "\n")
    marks = [found.span() for found in MARKER.finditer(text)]
    if is_binary(content) or language is None:
        return tuple(_suspects(text, marks, BINARY if language else NOT_KNOWN))
    near = [mark for mark in marks if mark[1] < LARGEST]
    found = list(_lexed(text, near, language)) if near else []
    return (*found, *_suspects(text, marks[len(near) :], TOO_LARGE))


def _lexed(text: str, marks: Sequence[tuple[int, int]], language: Language) -> Iterator[Entry]:
    # A heavy library: only a tree with waivers in comments needs it.
    from selfcheck.subjects.comments.lexing import spans

    # Some lexers know the end of a comment only by that of its line. A carriage return alone ends a line for most
    # languages; for what is found in a file it does not.
    lexed = f"{text[:LARGEST]}\n".replace("\r", "\n")
    return Commented(text, lexed, spans(lexed, language, marks[-1][0])).entries(marks)


def _suspects(text: str, marks: Sequence[tuple[int, int]], reason: str) -> Iterator[Malformed]:
    """The markers that look like those of comments, where it cannot be told whether they are."""
    lines = Lines(text)
    for begin, _ in marks:
        before = text[max(lines.begin(begin), begin - LONGEST) : begin]
        if LIKE_A_COMMENT.search(before):
            yield Malformed(lines.at(begin), f"{reason}; {ELSEWHERE}")


def _text(content: bytes) -> str:
    """The text of a file; bytes in no known coding are replaced, since none of them is part of a waiver's form."""
    try:
        return decode(content)
    except Unreadable:
        return content.decode("utf-8", "replace")
