"""The lines of a document with what is shown but not said taken out: code, comments, front matter."""

import re
from collections.abc import Iterator

from msgspec import Struct

from selfcheck.errors import Unreadable
from selfcheck.trees.text import decode, is_binary

FENCE = re.compile(r"[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+|>[ \t]?)?(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)")
TOKEN = re.compile(r"<!--|`+")
LARGEST = 2_000_000
"""Characters beyond which a document is no decision that anybody has written."""


class Fence(Struct):
    """A fenced block: the line that it begins at, and what stands in it."""

    line: int
    body: list[str]


class Lines:
    """A text line by line. `said` are its lines, an empty one for each of code or comment; `raw` are all, as they stand."""

    def __init__(self, text: str) -> None:
        self.raw = text.split("\n")
        if self.raw[-1] == "" and len(self.raw) > 1:
            self.raw.pop()
        self.said: list[str] = []
        self.fences: list[Fence] = []
        self.front: range = self._front()
        self._read()

    def __len__(self) -> int:
        return len(self.raw)

    def between(self, begin: int, end: int) -> Iterator[tuple[int, str]]:
        """Number and text of the lines from one up to another, counting from 1."""
        for number in range(begin, min(end, len(self.said) + 1)):
            yield number, self.said[number - 1]

    def _front(self) -> range:
        """The lines of the front matter, without the two that enclose it."""
        if self.raw[0].rstrip() != "---":
            return range(0)
        for number, line in enumerate(self.raw[1:], start=1):
            if line.rstrip() in {"---", "..."}:
                return range(1, number)
        return range(0)

    def _read(self) -> None:
        fence: str | None = None
        in_comment = False
        begin = self.front.stop + 1 if self.front else 0
        self.said += [""] * begin
        for number, line in enumerate(self.raw[begin:], start=begin + 1):
            if fence is not None:
                if _closes(line, fence):
                    fence = None
                else:
                    self.fences[-1].body.append(line)
                self.said.append("")
            elif in_comment or "<!--" in line:
                text, in_comment = _without_comments(line, inside=in_comment)
                self.said.append(text)
            elif ("```" in line or "~~~" in line) and (found := FENCE.match(line)) and _opens(found):
                fence = found["fence"]
                self.fences.append(Fence(number, []))
                self.said.append("")
            else:
                self.said.append(line)


def text_of(content: bytes) -> str:
    """The text of a document, line ends made one and the byte order mark taken off.

    Raises:
        Unreadable: it is no text, or of a size that nobody writes.
    """
    if is_binary(content):
        raise Unreadable("is binary")
    text = decode(content).replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > LARGEST:
        raise Unreadable(f"has more than {LARGEST:,} characters")
    return text


def without_spans(line: str) -> str:
    """A line with what stands in its code spans taken out."""
    return re.sub(r"(`+)[^`]*\1", " ", line) if "`" in line else line


def _opens(found: re.Match[str]) -> bool:
    return not (found["fence"][0] == "`" and "`" in found["info"])


def _closes(line: str, fence: str) -> bool:
    inner = line.lstrip(" \t>")
    marks = len(inner) - len(inner.lstrip(fence[0]))
    return marks >= len(fence) and not inner[marks:].strip()


def _without_comments(line: str, *, inside: bool) -> tuple[str, bool]:
    """A line without its comments, and whether one goes on after it."""
    kept: list[str] = []
    place = 0
    while True:
        if inside:
            end = line.find("-->", place)
            if end < 0:
                return "".join(kept), True
            place, inside = end + 3, False
        begin = _comment(line, place)
        if begin < 0:
            kept.append(line[place:])
            return "".join(kept), False
        kept.append(line[place:begin])
        place, inside = begin + 4, True


def _comment(line: str, place: int) -> int:
    """Where the next comment begins; what stands between equal rows of backticks is code."""
    spans: set[str] = set()
    while found := TOKEN.search(line, place):
        if found[0] == "<!--":
            return found.start()
        place = found.end()
        if found[0] in spans:
            continue  # no row of this length follows any more
        closing = re.compile(f"(?<!`){found[0]}(?!`)").search(line, place)
        if closing:
            place = closing.end()
        else:
            spans.add(found[0])
    return -1
