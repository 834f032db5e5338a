"""SQL as words, without comments and line ends: enough to tell whether two texts say the same, in one linear reading."""

import re
from typing import NamedTuple

_next = re.compile(
    r"--[^\n]*|(?:(?<=\n)|\A)#[^\n]*|/\*|'|\"|`|\$(?:[A-Za-z_]\w*)?\$|[A-Za-z_]\w*|\d[\w.]*|\s+|.", re.DOTALL
)


class Word(NamedTuple):
    """A word in lower case, a quoted text as it is written, or a sign."""

    text: str
    line: int


def words(text: str) -> list[Word]:
    """The words of a SQL text. What is quoted and not ended is one word to the end."""
    found: list[Word] = []
    place, line = 0, 1
    while (each := _next.match(text, place)) is not None:
        said, end = each[0], each.end()
        if said == "/*":
            end = _after(text, "*/", end)
        elif said in ("'", '"', "`") or (said.startswith("$") and len(said) > 1):
            end = _after(text, said, end)
            found.append(Word(text[place:end], line))
        elif not _is_comment(text, place, said) and not said.isspace():
            found.append(Word(said.lower(), line))
        line += text.count("\n", place, end)
        place = end
    return found


def _is_comment(text: str, place: int, said: str) -> bool:
    """MySQL's `#` is a comment at the beginning of a line: elsewhere it is an operator of others."""
    return said.startswith("--") or (said.startswith("#") and text[place - 1 : place] in ("", "\n"))


def _after(text: str, mark: str, start: int) -> int:
    end = text.find(mark, start)
    # A quote that stands twice is in the text; each half is then a word of its own, which tells texts apart as well.
    return len(text) if end < 0 else end + len(mark)


def split(text: str) -> list[Word]:
    """The statements of a SQL text with the lines that they begin at, comments before them left out."""
    found: list[Word] = []
    start: int | None = None
    place, line, begun = 0, 1, 1
    while (each := _next.match(text, place)) is not None:
        said, end = each[0], each.end()
        is_comment = said == "/*" or _is_comment(text, place, said)
        if said == "/*":
            end = _after(text, "*/", end)
        elif said in ("'", '"', "`") or (said.startswith("$") and len(said) > 1):
            end = _after(text, said, end)
        if said == ";":
            if start is not None:
                found.append(Word(text[start:place], begun))
            start = None
        elif start is None and not is_comment and not said.isspace():
            start, begun = place, line
        line += text.count("\n", place, end)
        place = end
    if start is not None:
        found.append(Word(text[start:], begun))
    return found
