"""Where the strings of several lines stand in a source, told without reading the rest of it."""

import re
from collections.abc import Iterable, Iterator, Sequence

Span = tuple[int, int]
"""Where a string begins, and where it has ended."""

_plain = re.compile(r"""(?:[^"'#\\\n]|"[^"\\\n]*"|'[^'\\\n]*')*+""")
_token = re.compile(
    r"""\#[^\n]*+"""
    r'''|"""[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*+"""'''
    r"""|'''[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*+'''"""
    r'''|"(?!"")[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"'''
    r"""|'(?!'')[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'"""
    r"""|["']""",
    re.DOTALL,
)


def unquoted(text: str) -> str:
    """A source without its strings and comments."""
    return _token.sub("", text)


def outside(found: Iterable[re.Match[str]], spans: Sequence[Span]) -> Iterator[re.Match[str]]:
    """The matches whose first characters, a line's end or a word, are in none of the spans; both in the text's order."""
    waiting = iter(spans)
    span = next(waiting, None)
    for each in found:
        start = each.start() + 1
        while span is not None and span[1] <= start:
            span = next(waiting, None)
        if span is None or start <= span[0]:
            yield each


def quoted(text: str, end: int) -> Sequence[Span] | None:
    """The spans of strings in triple quotes that begin before `end`; None where it cannot be told."""
    spans: list[Span] = []
    position = 0
    double, single = text.find('"""', 0, end), text.find("'''", 0, end)
    while double >= 0 or single >= 0:
        start = double if single < 0 or 0 <= double < single else single
        stop = _closed(text, position, start)
        if stop is None:
            return _lexed(text, end)
        spans.append((start, stop))
        position = stop
        if 0 <= double < stop:
            double = text.find('"""', stop, end)
        if 0 <= single < stop:
            single = text.find("'''", stop, end)
    return spans


def _closed(text: str, position: int, start: int) -> int | None:
    """The end of the string that begins at `start`, if what stands before it on its line leaves no doubt that it does."""
    line = max(text.rfind("\n", 0, start) + 1, position)
    if text[line - 2 : line - 1] == "\\" or _plain.fullmatch(text, line, start) is None:
        return None
    quotes = text[start : start + 3]
    stop = text.find(quotes, start + 3)
    while stop >= 0 and _is_escaped(text, stop):
        stop = text.find(quotes, stop + 1)
    if stop < 0 or (_is_formatted(text, start) and not _is_balanced(text[start:stop])):
        return None
    return stop + 3


def _is_formatted(text: str, start: int) -> bool:
    return not set("fFtT").isdisjoint(text[max(start - 2, 0) : start])


def _is_escaped(text: str, position: int) -> bool:
    before = position
    while text[before - 1] == "\\":
        before -= 1
    return (position - before) % 2 == 1


def _is_balanced(string: str) -> bool:
    """Whether every brace is closed within: a formatted string that ends in one of its own fields has others inside."""
    return string.count("{") == string.count("}")


def _lexed(text: str, end: int) -> list[Span] | None:
    """The same by every string and comment in turn."""
    spans: list[Span] = []
    for found in _token.finditer(text):
        start, stop = found.span()
        if start >= end:
            break
        if text[start] == "#":
            continue
        if stop - start == 1:  # a quote that opens nothing
            return None
        if _is_formatted(text, start) and not _is_balanced(text[start:stop]):
            return None
        if text.startswith(('"""', "'''"), start) or "\n" in text[start:stop]:
            spans.append((start, stop))
    return spans
