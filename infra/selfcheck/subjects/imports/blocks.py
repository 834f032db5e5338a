"""The blocks that an indented statement stands in, told by the headers above it with less indentation."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache, cached_property

from selfcheck.subjects.imports.kinds import Kind
from selfcheck.subjects.imports.quotes import Span, outside, quoted
from selfcheck.subjects.imports.syntax import CATCHING

UNSURE = -1
FUNCTION, TYPE_CHECKING, GUARDED = Kind.FUNCTION.bit, Kind.TYPE_CHECKING.bit, Kind.GUARDED.bit
LONGEST = 100
"""Lines of a header beyond which it is left to a parser."""
NEAR = 40
"""Characters behind a guard within which it would be given another name."""

_words = (
    r"(def|class|async[ \t]+(?:def|with|for)|if|elif|else|try|except|finally|with|for|while"
    r"|(?:match|case)(?=[ \t(\[{]))\b"
)
_strings = re.compile(r""""[^"\\\n]*"|'[^'\\\n]*'""")
_guard = re.compile(r"\b(?:TYPE_CHECKING|MYPY)\b")
_simple_guard = re.compile(r"(?:\w+\.)*(?:TYPE_CHECKING|MYPY)")
_handler = re.compile(r"except\b\s*(?:\(([\w.,\s]*)\)|([\w.,\s]*?))(?:\s+as\s+\w+)?\s*")
_if, _else = re.compile(r"\bif\b"), re.compile(r"\belse\b")

FOLLOWING = {
    "elif": ("if", "elif"),
    "else": ("if", "elif", "for", "async for", "while", "try", "except"),
    "except": ("try", "except"),
    "finally": ("try", "except", "else"),
}
"""Which parts of a statement each further part may come after."""


class Block:
    """One header and what follows from it; `flags` is found out when it is first asked for."""

    __slots__ = ("above", "before", "flags", "handlers", "indent", "start", "word")

    def __init__(self, indent: int, word: str, start: int, above: "Block | None", before: "Block | None") -> None:
        self.indent = indent
        self.word = word
        self.start = start
        self.above = above
        """The block that this one stands in."""
        self.before = before
        """The part of the same statement that comes before it: the `if` of an `else`."""
        self.handlers: list[Block] = before.handlers if before is not None else []
        """The handlers of the whole statement, shared by its parts."""
        self.flags: int | None = None


class Blocks:
    """The blocks around the statements of a source: up to the last, and with less indentation than the deepest."""

    def __init__(self, text: str, last: int, deepest: int, spans: Sequence[Span]) -> None:
        self._text = text
        self._headers = _headers(deepest - 1)
        self._blocks = _blocks(text, outside(self._headers.finditer(text, 0, last), spans))
        self._starts = [block.start for block in self._blocks or ()]

    def flags(self, start: int, indent: str) -> int:
        """The flags of a statement that begins its line at `start`, or UNSURE."""
        if "\t" in indent or self._blocks is None:
            return UNSURE
        number = bisect_right(self._starts, start) - 1
        block = self._blocks[number] if number >= 0 else None
        while block is not None and block.indent >= len(indent):
            block = block.above
        return UNSURE if block is None else self._of(block)

    def _of(self, block: Block) -> int:
        if block.flags is None:
            above = self._of(block.above) if block.above is not None else 0
            own = UNSURE if block.above is None and block.indent else self._own(block)
            if UNSURE in (above, own):
                block.flags = UNSURE
            else:
                block.flags = own | (above & ~GUARDED if own == FUNCTION else above)
        return block.flags

    def _own(self, block: Block) -> int:
        header = self._head(block)
        if header is None:
            return UNSURE
        match block.word:
            case "def" | "async def":
                return FUNCTION
            case "if":
                return self._condition(header)
            case "elif" | "else":
                return self._otherwise(block)
            case "try":
                return self._attempt(block)
            case "except":
                return self._handled(block)
            case "with" | "async with":
                return UNSURE if "suppress" in header else 0
            case _:
                return 0

    def _condition(self, header: str) -> int:
        if self._is_aliased:
            return UNSURE
        if not _guard.search(header):
            return 0
        return TYPE_CHECKING if _simple_guard.fullmatch(header.removeprefix("el")[2:].strip()) else UNSURE

    def _otherwise(self, block: Block) -> int:
        """Another branch than that of a plain guard is plain, and what the conditions before it decide is not sure."""
        own = 0
        here: Block | None = block
        while here is not None:
            header = self._head(here)
            if header is None:
                return UNSURE
            if here.word in ("if", "elif"):
                value = self._condition(header)
                if value == UNSURE:
                    return UNSURE
                own = value if here is block else own
            here = here.before
        return own

    def _attempt(self, block: Block) -> int:
        """A `try` is guarded by its handlers, which may stand behind the last import."""
        whole = self._statements.get(block.start)
        handled = [self._handled(handler) for handler in whole.handlers] if whole is not None else [UNSURE]
        return UNSURE if UNSURE in handled else max(handled, default=0)

    def _handled(self, block: Block) -> int:
        header = self._head(block)
        found = None if header is None else _handler.fullmatch(header)
        if found is None:
            return UNSURE
        caught = (found[1] or found[2] or "").split(",")
        bare = found[1] is None and not found[2]
        return GUARDED if bare or any(name.rpartition(".")[2].strip() in CATCHING for name in caught) else 0

    def _head(self, block: Block) -> str | None:
        """A header up to its colon, without strings and comments; None if it is none of a block on lines of its own."""
        header, position = "", block.start + block.indent
        for _ in range(LONGEST):
            end = self._text.find("\n", position)
            line = _strings.sub('""', self._text[position : end if end >= 0 else len(self._text)])
            header += line.partition("#")[0].rstrip()
            continued = header.endswith("\\")
            header = header.removesuffix("\\")
            if "\\" in header or "'" in header or '"' in header.replace('""', ""):
                return None
            depth = sum(map(header.count, "([{")) - sum(map(header.count, ")]}"))
            if (depth <= 0 and not continued) or end < 0:
                whole = (
                    depth == 0
                    and header.isascii()
                    and header.endswith(":")
                    and _is_header(block.word, header[:-1].rstrip())
                )
                return header[:-1].rstrip() if whole else None
            header, position = f"{header} ", end + 1
        return None

    @cached_property
    def _is_aliased(self) -> bool:
        """Whether a guard may be known under another name."""
        for word in ("TYPE_CHECKING", "MYPY"):
            position = self._text.find(word)
            while position >= 0:
                line = self._text[self._text.rfind("\n", 0, position) + 1 : position]
                behind = self._text[position + len(word) : position + len(word) + NEAR]
                if "=" in line or "\\" in line or behind.lstrip().startswith(("as", "\\")):
                    return True
                position = self._text.find(word, position + 1)
        return False

    @cached_property
    def _statements(self) -> dict[int, Block]:
        """Every block of the whole source by its place; none where that cannot be told."""
        spans = quoted(self._text, len(self._text))
        found = None if spans is None else _blocks(self._text, outside(self._headers.finditer(self._text), spans))
        return {block.start: block for block in found or ()}


@cache
def _headers(deepest: int) -> re.Pattern[str]:
    """Headers with no more indentation than this."""
    return re.compile(rf"\n( {{0,{deepest}}}+){_words}")


def _blocks(text: str, headers: Iterable[re.Match[str]]) -> list[Block] | None:
    """Every block under the one that it stands in, and behind the part of the same statement before it.

    None where one is no part of any statement: then a line within brackets, or one that is continued, was taken for it.
    """
    found: list[Block] = []
    within: list[Block] = []
    for header in headers:
        start, stop = header.span(1)
        indent, before, word = stop - start, None, header[2]
        while within and within[-1].indent >= indent:
            before = within.pop()
        follows = FOLLOWING.get(word)
        if follows is None:
            before = None
        elif before is None or before.indent != indent or before.word not in follows:
            return None
        if text[start - 2 : start - 1] == "\\":
            return None
        if word[0] == "a":
            word = " ".join(word.split())
        block = Block(indent, word, start, within[-1] if within else None, before)
        if word == "except":
            block.handlers.append(block)
        found.append(block)
        within.append(block)
    return found


def _is_header(word: str, header: str) -> bool:
    """Whether this is a header for sure, and not a line within brackets that begins and ends like one."""
    if "lambda" in header or word in ("match", "case"):
        return False
    if word in ("else", "try", "finally"):
        return header == word
    return word != "if" or len(_if.findall(header)) == len(_else.findall(header)) + 1
