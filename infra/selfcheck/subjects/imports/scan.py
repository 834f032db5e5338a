"""Import statements by one linear scan, for sources about which it can be sure; what it is not sure of is for a parser.

Python's grammar has `import` only as the first word of a statement. So what a line begins with decides, unless the line
stands in a string, and the scope of an indented statement is told by the headers above it with less indentation.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from keyword import kwlist
from unicodedata import normalize

from selfcheck.subjects.imports.blocks import UNSURE, Blocks
from selfcheck.subjects.imports.kinds import Kind
from selfcheck.subjects.imports.quotes import Span, outside, quoted, unquoted
from selfcheck.subjects.imports.statement import Statement

SMALL = 400
"""Bytes up to which a source is parsed: it costs no more than to be wrong about."""
UNIMPORTING = 3000
"""Bytes up to which a source in which nothing is found is parsed as well: nothing must be nothing."""
BALANCED = 10_000
"""Bytes up to which brackets are counted, so that most of what does not parse is noticed."""

LAZY, STAR = Kind.LAZY.bit, Kind.STAR.bit
KEYWORDS = frozenset(kwlist)

_space = r"[ \t]*+(?:\\\n[ \t]*+)*+"
_name = r"[^\W\d]\w*+"
_as = rf"(?:[ \t]{_space}as[ \t]{_space}{_name})?+"
_dotted = rf"{_name}(?:\.\w+)*+"
_statement = re.compile(
    rf"\n([ \t]*+)(lazy[ \t]++)?(?:import|from)\b"
    rf"(?:(?<=import)[ \t]{_space}({_dotted}{_as}(?:{_space},{_space}{_dotted}{_as})*+)"
    rf"|{_space}(\.*+){_space}((?:(?!import\b){_dotted}(?=[ \t]))?+){_space}import\b{_space}"
    rf"(\*|{_name}{_as}(?:{_space},{_space}{_name}{_as})*+|\((?:[^()#'\"]|\#[^\n]*+)*+\)))?+"
    rf"([ \t]*+(?:\#[^\n]*+)?+(?=\n|\Z))?+"
)
_imports_elsewhere = re.compile(
    r"import\b(?:(?<=[:;]import)|(?<=[:;][ \t]import)|(?<=[ \t]{2}import)|(?<=lazy[ \t]import))"
)
_froms_elsewhere = re.compile(r"from\b(?:(?<=[:;]from)|(?<=[:;][ \t]from)|(?<=[ \t]{2}from)|(?<=lazy[ \t]from))")
_mixed = re.compile(r"\n(?: +\t|\t+ )")
_comment = re.compile(r"#[^\n]*")
_coding = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")


def scan(content: bytes) -> tuple[Statement, ...] | None:
    """All import statements of a source in the order of its lines; None where only a parser can tell."""
    text = _text(content)
    if text is None:
        return None
    found = list(_found(text))
    told = sum(each[0].count("import") for each in found)
    elsewhere = sorted(_elsewhere(text), key=_start) if text.count("import") != told else []
    if not found and not elsewhere:
        return None if len(text) < UNIMPORTING and text.strip() else ()
    spans = quoted(text, max(each.end() for each in (*found[-1:], *elsewhere)))
    if spans is None or any(True for _ in outside(elsewhere, spans)):
        return None
    return _statements(text, list(outside(found, spans)), spans)


def _found(text: str) -> Iterator[re.Match[str]]:
    """What may be a statement: nothing behind the line on which the word stands last, which is long before the end."""
    last = text.rfind("\n", 0, text.rfind("import") + 1)
    if last >= 0:
        yield from _statement.finditer(text, 0, last)
        found = _statement.match(text, last)
        if found is not None:
            yield found


def _text(content: bytes) -> str | None:
    """The source with a line's end before it and no other than LF; None for what is not plain UTF-8 text."""
    if len(content) < SMALL:
        return None if content.strip() else ""
    if b"\0" in content or b"\f" in content or content.startswith(b"\xef\xbb\xbf") or _is_coded(content):
        return None
    try:
        text = "\n" + content.decode()
    except UnicodeDecodeError:
        return None
    if "\r" in text:
        text = text.replace("\r\n", "\n")
        if "\r" in text:
            return None
    if "\t" in text:
        if _mixed.search(text):
            return None
        text = text.expandtabs()
    return text if len(text) > BALANCED or _is_balanced(text) or _is_balanced(unquoted(text)) else None


def _is_coded(content: bytes) -> bool:
    """Whether one of the first two lines names a coding other than UTF-8 (PEP 263)."""
    if b"coding" not in content[:400]:
        return False
    for line in content[:400].split(b"\n", 2)[:2]:
        found = _coding.match(line)
        if found is not None and found[1].lower() not in (b"utf-8", b"utf8"):
            return True
    return False


def _is_balanced(text: str) -> bool:
    return all(text.count(left) == text.count(right) for left, right in ("()", "[]", "{}"))


def _start(found: re.Match[str]) -> int:
    return found.start()


def _elsewhere(text: str) -> Iterator[re.Match[str]]:
    """Where a statement may begin within a line, behind a colon or a semicolon."""
    for pattern in (_imports_elsewhere, _froms_elsewhere):
        for found in pattern.finditer(text):
            before = text[text.rfind("\n", 0, found.start()) + 1 : found.start()].rstrip(" \t").removesuffix("lazy")
            if before.rstrip(" \t").endswith((":", ";")):
                yield found


def _statements(text: str, found: Sequence[re.Match[str]], spans: Sequence[Span]) -> tuple[Statement, ...] | None:
    deepest = max((len(each[1]) for each in found), default=0)
    blocks = Blocks(text, found[-1].end(1), deepest, spans) if deepest else None
    result: list[Statement] = []
    line, position = 0, 0
    for each in found:
        indent, lazy, modules, dots, source, listed, end = each.groups()
        start = each.start(1)
        flags = blocks.flags(start, indent) if blocks is not None and indent else 0
        if flags == UNSURE or end is None or text[start - 2] == "\\":
            return None
        line += text.count("\n", position, start)
        position = start
        several = _meant(lazy, modules, dots, source, listed)
        if not several:
            return None
        for own, level, module, names in several:
            result.append(Statement(line, flags | own, level, module, names))
    return tuple(result)


@lru_cache(maxsize=32_768)
def _meant(
    lazy: str | None, modules: str | None, dots: str, source: str | None, listed: str | None
) -> tuple[tuple[int, int, str, tuple[str, ...]], ...]:
    """Flags, level, module and names of each statement of a match; none where its words are no names."""
    own = LAZY if lazy else 0
    if modules is not None:
        several = [_module(each) for each in _names(modules)]
        return tuple((own, 0, module, ()) for module in several) if all(several) else ()
    if listed is None:
        return ()
    if listed == "*":
        names: tuple[str, ...] = ("*",)
        own |= STAR
    else:
        names = _names(listed)
        if not names or not all(map(str.isidentifier, names)):
            return ()
    module = _module(source) if source else ""
    return ((own, len(dots), module, names),) if module or (dots and not source) else ()


def _names(listed: str) -> tuple[str, ...]:
    """The names of a list before their `as`, in parentheses or not; one that is none stands as the empty text."""
    if listed.isidentifier() and listed.isascii():
        return () if listed in KEYWORDS else (listed,)
    if listed[0] == "(":
        listed = (_comment.sub("", listed) if "#" in listed else listed)[1:-1].strip().removesuffix(",")
    names = tuple(map(str.strip, listed.replace("\\\n", " ").split(",")))
    if " as" in listed or "\tas" in listed or "\nas" in listed:
        names = tuple(_before(each.split()) for each in names)
    if not KEYWORDS.isdisjoint(names):
        return ()
    return names if listed.isascii() else tuple(normalize("NFKC", name) for name in names)


def _before(words: list[str]) -> str:
    match words:
        case [name] | [name, "as", _]:
            return name
        case _:
            return ""


def _module(dotted: str) -> str:
    """A module's name in Python's normal form; empty where it is none."""
    parts = dotted.split(".")
    fit = KEYWORDS.isdisjoint(parts) and all(map(str.isidentifier, parts))
    return normalize("NFKC", dotted) if fit else ""
