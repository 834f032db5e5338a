"""What an instruction file says: its size, its imports, its sections, and whether it is a link that became a text."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from selfcheck.facts import Extractor
from selfcheck.subjects.instructions.markdown import prose, sections
from selfcheck.subjects.instructions.platforms import Unit
from selfcheck.trees.text import decode

IMPORT = re.compile(
    r"(?<![\w`@/.])@((?:\.{1,2}/|~/|/)?[\w][\w.-]*(?:/[\w.-]+)*\.(?:md|mdc|markdown|txt|json|ya?ml|toml|rst))(?![\w/])"
)
"""An import: a path of a document after `@`, which is no handle, no address and no package."""
COPY = re.compile(r"<!-- selfcheck: copy of (\S{1,400}) source=([0-9a-f]{16}) body=([0-9a-f]{16}); [^\n]{0,200}-->")
LINKLIKE = re.compile(r"(?:\.{1,2}/)*[\w.-]+(?:/[\w.-]+)*\.\w{1,8}")
ALIKE = 0.6
"""The share of lines that two sections of one title have in common, from which on they were one text."""
FEWEST = 3
"""Sections of fewer lines are alike by chance."""


class Part(Struct, frozen=True):
    """A section: its title, where it begins, and its lines without blanks around them."""

    title: str
    line: int
    lines: tuple[str, ...]


class Import(Struct, frozen=True):
    """An import and its line."""

    path: str
    line: int


class Copy(Struct, frozen=True):
    """What the mark of a generated copy says: of which file, and the digests of that file and of what follows the mark."""

    of: str
    source: str
    body: str
    is_untouched: bool


class Document(Struct, frozen=True):
    """One instruction file."""

    sizes: dict[str, int]
    imports: tuple[Import, ...]
    parts: tuple[Part, ...]
    digest: str
    copy: Copy | None
    leads: str | None
    """The path that is its whole text, as a symbolic link is stored."""


def read_document(content: bytes) -> Document:
    """What these bytes say; raises `Unreadable` where they are no text."""
    text = decode(content).replace("\r\n", "\n")
    sizes = {
        Unit.BYTES.value: len(content),
        Unit.CHARACTERS.value: len(text),
        Unit.LINES.value: text.count("\n") + (not text.endswith("\n") and bool(text)),
    }
    leads = text.strip() if len(text) < 300 and LINKLIKE.fullmatch(text.strip()) else None
    imports = [Import(found[1], line) for line, piece in prose(text) for found in IMPORT.finditer(piece)]
    parts = tuple(Part(each.title, each.line, _lines(each.body)) for each in sections(text))
    return Document(sizes, tuple(imports), parts, digest_of(text), _copy(text), leads)


DOCUMENT: Extractor[Document] = Extractor(
    name="instruction document", version=1, type=Document, extract=read_document, parsers=("markdown-it-py",)
)


def digest_of(text: str) -> str:
    """16 hex digits of a text, whatever ends its lines."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode("utf-8", "backslashreplace")).hexdigest()[:16]


def rendered(source: str, text: str, front: str = "") -> str:
    """A generated copy of a text: what the platform wants first, the mark, the text."""
    body = text.replace("\r\n", "\n")
    mark = f"<!-- selfcheck: copy of {source} source={digest_of(text)} body={digest_of(body)}; edit that, then run selfcheck sync copies -->"
    return f"{front}{mark}\n{body}"


def drifted(ours: Sequence[Part], theirs: Sequence[Part]) -> Iterator[Part]:
    """Sections that were one text in both documents, and no longer are."""
    known: dict[str, list[Part]] = {}
    for part in theirs:
        known.setdefault(part.title.casefold(), []).append(part)
    for part in ours:
        others = known.get(part.title.casefold(), []) if part.title else []
        if (
            others
            and not any(part.lines == other.lines for other in others)
            and any(_alike(part, other) for other in others)
        ):
            yield part


def differing(ours: Sequence[Part], wanted: Sequence[Part]) -> list[str]:
    """The titles of sections that two documents do not share word for word."""
    mine = Counter((each.title, each.lines) for each in ours if each.title or each.lines)
    theirs = Counter((each.title, each.lines) for each in wanted if each.title or each.lines)
    return sorted({title for title, _ in (mine - theirs) + (theirs - mine)})


def _alike(one: Part, other: Part) -> bool:
    if min(len(one.lines), len(other.lines)) < FEWEST:
        return False
    common = Counter(one.lines) & Counter(other.lines)
    return 2 * common.total() >= ALIKE * (len(one.lines) + len(other.lines))


def _copy(text: str) -> Copy | None:
    found = COPY.search(text[:4000])
    if found is None:
        return None
    rest = text[found.end() :].removeprefix("\n")
    return Copy(found[1], found[2], found[3], digest_of(rest) == found[3])


def _lines(body: Sequence[str]) -> tuple[str, ...]:
    return tuple(stripped for line in body if (stripped := line.strip()) and not COPY.fullmatch(stripped))
