"""Which markers of a text begin a comment, and which lines such a comment covers. Pure."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from selfcheck.subjects.comments.entries import FORM, Comment, Entry, Malformed, parsed

Span = tuple[int, int]

LONGEST = 1_000
"""Characters that a waiver may have, all of which stands on one line; patterns are tried on no more."""
MARK = r"(?:#+|//+|--|;+|%+|/\*+)[ \t]*$"
LEAD = re.compile(r"[ \t]*(?:[\"']?[^\w`\"']*|rem[ \t]+|dnl[ \t]+)", re.IGNORECASE)
"""What stands before a waiver with which a comment, or a line of one, begins: signs; in some languages a quote or a word."""
FURTHER = re.compile(rf"[ \t]{MARK}")
"""The mark of a further comment within a comment, as after `# noqa`."""
QUOTES = ("`", '"', "'")
"""Whoever writes about waivers quotes them."""
CLOSING = re.compile(r"(?:\*+/|--!?>|[-+]?#\}|-\}|#>|\*\)|\|#|=#|(?:--)?%>|--\}\}|(?<!\])\]=*\])$")
BRACES = re.compile(r"\{\s*\}")
"""What is left of a line of JSX whose comment is taken out of it: such a comment stands alone."""
FIRST = re.compile(r"#!.*|<\?php|<\?xml\b.*\?>|<!doctype\b[^>]*>|---", re.IGNORECASE)
"""A line that must stand first, so that a waiver of the whole file can only stand after it."""

WITHIN = f"a waiver stands in the middle of a comment; begin a comment with it: `{FORM}`"
AFTER_CODE = (
    "a waiver covers the whole file by `ignore-file` and stands after code; move it before all code, or write `ignore`"
)
TOO_LONG = f"a waiver is longer than {LONGEST:,} characters"


class Lines:
    """Which line of a text a place is on, counting from 1, and where that begins and ends."""

    def __init__(self, text: str) -> None:
        self._ends = [found.start() for found in re.finditer("\n", text)]
        self._length = len(text)

    def at(self, place: int) -> int:
        """The line of a place."""
        return bisect_left(self._ends, place) + 1

    def begin(self, place: int) -> int:
        """Where the line of a place begins."""
        number = bisect_left(self._ends, place)
        return self._ends[number - 1] + 1 if number else 0

    def end(self, place: int) -> int:
        """Where the line of a place ends, its line feed left out."""
        number = bisect_left(self._ends, place)
        return self._ends[number] if number < len(self._ends) else self._length


class Commented:
    """A text, the same with a line feed at each line's end, and its comments, all up to the first code after a marker."""

    def __init__(self, text: str, lexed: str, comments: Sequence[Span]) -> None:
        self._lexed = lexed
        self._comments = comments
        self._begins = [begin for begin, _ in comments]
        self._counted, self._ended = Lines(text), Lines(lexed)
        self._code = [each.strip() for each in _without(text, comments).split("\n")]
        """What there is beside the comments, line by line."""
        self._next = _next(self._code)
        self._first = next(
            (number for number, each in enumerate(self._code) if each and not FIRST.fullmatch(each)), None
        )

    def entries(self, marks: Sequence[Span]) -> Iterator[Entry]:
        """What the markers begin that stand in comments, in their order; a marker's end is where its waiver's words begin."""
        ends = [begin for begin, _ in marks[1:]] + [len(self._lexed)]
        for (begin, words), end in zip(marks, ends, strict=True):
            comment = self._around(begin)
            if comment is not None:
                end_here = min(comment[1], self._ended.end(words), end)
                before = self._lexed[max(comment[0], self._ended.begin(begin), begin - LONGEST) : begin]
                yield from self._entry(self._counted.at(begin), before, self._lexed[words:end_here].rstrip())

    def _around(self, place: int) -> Span | None:
        number = bisect_right(self._begins, place) - 1
        return self._comments[number] if number >= 0 and place < self._comments[number][1] else None

    def _entry(self, line: int, before: str, words: str) -> Iterator[Entry]:
        if not (LEAD.fullmatch(before) or FURTHER.search(before)):
            if not before.endswith(QUOTES):
                yield Malformed(line, WITHIN)
        elif len(words) > LONGEST:
            yield Malformed(line, TOO_LONG)
        else:
            yield self._said(line, _stripped(words))

    def _said(self, line: int, words: str) -> Entry:
        said = parsed(words)
        if isinstance(said, str):
            return Malformed(line, said)
        if said.whole and self._first is not None and self._first < line:
            return Malformed(line, AFTER_CODE)
        covers = (1, len(self._code)) if said.whole else self._covered(line)
        return Comment(
            rules=said.rules,
            line=line,
            covers=covers,
            until=said.until,
            owner=said.owner,
            reason=said.reason,
            whole=said.whole,
        )

    def _covered(self, line: int) -> Span:
        """The line of a comment beside code; of one that stands alone its own and all up to the next with code."""
        here = self._code[line - 1]
        return (line, line) if here and not BRACES.fullmatch(here) else (line, self._next[line - 1])


def _next(code: Sequence[str]) -> list[int]:
    """For each line the next one with code; after the last of these the line itself. Lines count from 1."""
    found: list[int] = []
    after: int | None = None
    for number in range(len(code), 0, -1):
        found.append(after or number)
        after = number if code[number - 1] else after
    return found[::-1]


def _without(text: str, comments: Sequence[Span]) -> str:
    """A text with its comments left out, its lines as they were."""
    parts: list[str] = []
    place = 0
    for begin, end in comments:
        parts += (text[place:begin], "\n" * text.count("\n", begin, end))
        place = end
    return "".join((*parts, text[place:]))


def _stripped(words: str) -> str:
    """Without what closes the comment, and without the mark of a further one."""
    return CLOSING.sub("", re.sub(rf"(?<![ \t])[ \t]+{MARK}", "", words)).rstrip()
