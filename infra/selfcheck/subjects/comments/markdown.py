"""The comments of a Markdown text, `<!-- -->`: outside fenced and indented code and code spans, within which they are shown."""

import re
from collections.abc import Iterator

FENCE = re.compile(r"[ \t]*(?:(?:[-*+]|\d+[.)])[ \t]+|>[ \t]?)*(?P<fence>`{3,}|~{3,})(?P<info>.*)$")
ITEM = re.compile(r" {0,3}(?:[-*+]|\d+[.)])(?:[ \t]|$)")
CODE = re.compile(r"(?: {4}| {0,3}\t)[ \t]*\S")
TOKEN = re.compile(r"<!--|`+")


def comments(text: str) -> Iterator[tuple[int, int]]:
    """Where each comment begins and ends; one that is not closed goes on to the end of the text."""
    blocks = _Blocks()
    place = 0
    while place < len(text):
        end = _line_end(text, place)
        if not blocks.is_code(text[place:end].rstrip("\n")):
            while (begin := _begin(text, place, end)) is not None:
                closed = text.find("-->", begin + 4)
                place = len(text) if closed < 0 else closed + 3
                yield begin, place
                end = _line_end(text, place)
        place = end


def _line_end(text: str, place: int) -> int:
    """Where the line after this place begins."""
    return text.find("\n", place) + 1 or len(text)


def _begin(text: str, place: int, end: int) -> int | None:
    """Where the first comment of a line begins; what stands between equal rows of backticks in it is code."""
    while found := TOKEN.search(text, place, end):
        if found[0] == "<!--":
            return found.start()
        closing = re.compile(f"(?<!`){found[0]}(?!`)").search(text, found.end(), end)
        place = closing.end() if closing else found.end()
    return None


class _Blocks:
    """What of a text is code in blocks, told line by line (https://spec.commonmark.org/0.31.2/#fenced-code-blocks)."""

    def __init__(self) -> None:
        self._fence: str | None = None
        self._in_list = False
        self._after_text = False

    def is_code(self, line: str) -> bool:
        """Whether the next line is code, or a fence around some."""
        found = FENCE.match(line)
        if self._fence is not None:
            if found and found["fence"].startswith(self._fence) and not found["info"].strip():
                self._fence = None
            return True
        if found and not (found["fence"][0] == "`" and "`" in found["info"]):
            self._fence = found["fence"]
            self._after_text = False
            return True
        return self._is_indented(line)

    def _is_indented(self, line: str) -> bool:
        """Indented code; in a list what is indented belongs to an item, and after a line of text it goes on with it."""
        if not line.strip():
            self._after_text = False
            return False
        if CODE.match(line):
            return not self._in_list and not self._after_text
        self._in_list = ITEM.match(line) is not None or (self._in_list and (self._after_text or line[0] == " "))
        self._after_text = True
        return False
