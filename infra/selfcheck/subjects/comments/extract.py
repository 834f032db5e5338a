"""The waivers in the comments of one content, as a fact: how it is searched, and what of it is not."""

import re
from collections.abc import Iterator, Sequence
from functools import cache, partial

from selfcheck.errors import Unreadable
from selfcheck.facts import Extractor
from selfcheck.subjects.comments.entries import Entry, Malformed
from selfcheck.subjects.comments.languages import Language
from selfcheck.subjects.comments.places import Commented, Lines
from selfcheck.trees.text import MARKS, decode, is_binary

NAME = b"selfcheck"
MARKER = re.compile(r"(?<![\w-])selfcheck:[ \t]*(?=ignore)")
MARKER_BYTES = re.compile(rb"(?<![\w-])selfcheck:[ \t]*ignore")
LARGEST = 1_000_000
"""Characters beyond which a text is not lexed: nobody has written it by hand, and it would take seconds."""
WIDEST = 20_000
"""Characters of one line beyond which it is not either: some patterns take the square of a line's length."""
LIKE_A_COMMENT = re.compile(r"(?:^|[\s,;(){}\[\]>])(?:#+|//+|/\*+|\*|--+|<!--|;+|%+|\{#|\(\*)[ \t]*$|^[ \t]*$")
"""What a line has before a marker where that, in whichever language, may be meant as a comment."""
NEAR = 80
"""Characters before a marker that are looked at for that."""

SECONDS = 10.0
"""Of this processor, for lexing one text: some lexers take a time that grows with the square of a text made for that."""

NOT_KNOWN = "a waiver stands in a file whose language is not known, so that comments cannot be told from code there"
BINARY = "a waiver stands in a file with a NUL among its first bytes, which is no text"
FAR = f"a waiver stands after more than {LARGEST:,} characters, or {WIDEST:,} of one line, where comments are not looked for"
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
def comments_in(language: Language | None, seconds: float = SECONDS) -> Extractor[tuple[Entry, ...]]:
    """The waivers in the comments of a file in this language, as a fact; None is a language that is not known."""
    name = f"comments in {language or 'no known language'}"
    return Extractor(name, 1, tuple[Entry, ...], partial(entries, language, seconds), parsers=("pygments",))


def entries(language: Language | None, seconds: float, content: bytes) -> tuple[Entry, ...]:
    """What stands at the markers of a content, in the order of its lines.

    Raises:
        Slow: it cannot be lexed in time.
        Unreadable: it cannot be lexed.
    """
    text = _text(content).replace("\r\n", "\n")
    marks = [found.span() for found in MARKER.finditer(text)]
    if is_binary(content) or language is None:
        return tuple(_suspects(text, marks, BINARY if language else NOT_KNOWN))
    reach = _reach(text)
    near = [mark for mark in marks if mark[1] < reach]
    found = list(_lexed(text, reach, near, language, seconds)) if near else []
    return (*found, *_suspects(text, marks[len(near) :], FAR))


def _reach(text: str) -> int:
    """How much of a text is lexed."""
    begin = 0
    while begin < min(LARGEST, len(text)):
        end = text.find("\n", begin, begin + WIDEST + 1)
        if end < 0:
            return min(begin + WIDEST, LARGEST)
        begin = end + 1
    return LARGEST


def _lexed(
    text: str, reach: int, marks: Sequence[tuple[int, int]], language: Language, seconds: float
) -> Iterator[Entry]:
    # A heavy library: only a tree with waivers in comments needs it.
    from selfcheck.subjects.comments.lexing import spans

    # Some lexers know the end of a comment only by that of its line. A carriage return alone ends a line for most
    # languages; for what is found in a file it does not.
    lexed = f"{text[:reach]}\n".replace("\r", "\n")
    return Commented(text, lexed, spans(lexed, language, marks[-1][0], seconds)).entries(marks)


def _suspects(text: str, marks: Sequence[tuple[int, int]], reason: str) -> Iterator[Malformed]:
    """The markers that look like those of comments, where it cannot be told whether they are."""
    lines = Lines(text)
    for begin, _ in marks:
        before = text[max(lines.begin(begin), begin - NEAR) : begin]
        if LIKE_A_COMMENT.search(before):
            yield Malformed(lines.at(begin), f"{reason}; {ELSEWHERE}")


def _text(content: bytes) -> str:
    """The text of a file; bytes in no known coding are replaced, since none of them is part of a waiver's form."""
    try:
        return decode(content)
    except Unreadable:
        return content.decode("utf-8", "replace")
