"""Markdown as blocks: headings with what stands below them, and rules that begin with an id. Code is no text here."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from msgspec import Struct

NAME = r"([A-Za-z][A-Za-z0-9]{0,30}(?:[-_][A-Za-z0-9]{1,30}){0,5}[-_]\d{1,6})"
ID = re.compile(
    rf"(?:(?:\*\*|__)?[`\[(]{{1,2}}{NAME}[`\])]{{1,2}}(?:\*\*|__)?[:.]?(?:\*\*|__)?"
    rf"|(?:\*\*|__){NAME}(?::?(?:\*\*|__):?)|{NAME}:)\s+(?=\S)"
)
"""The id that a rule begins with, as `inst_001: text`, `**inst_001** text` or `[inst_001] text`."""


class Ruled(Struct, frozen=True):
    """A rule of a Markdown file: its id, the text after it, and its line."""

    id: str
    text: str
    line: int


class Section(Struct, frozen=True):
    """A heading with the lines below it down to the next heading; what stands before the first has no title."""

    title: str
    level: int
    line: int
    body: tuple[str, ...]


def front_matter(text: str) -> int:
    """How many lines at the beginning are front matter."""
    if not text.startswith("---"):
        return 0
    # By lines, not by the pattern: an opening without an end would be tried again at every line.
    lines = text.split("\n")
    end = next((number for number, line in enumerate(lines[1:], start=1) if line.rstrip() in {"---", "..."}), None)
    return 0 if end is None else end + 1


def body_of(text: str) -> str:
    """The text with its front matter blanked, so that lines keep their numbers."""
    lines = text.replace("\r\n", "\n").split("\n")
    skipped = front_matter("\n".join(lines))
    return "\n".join([""] * skipped + lines[skipped:])


def rules_in(text: str) -> Iterator[Ruled]:
    """Each heading or list item that begins with an id, with what stands below it."""
    body = body_of(text)
    lines = body.split("\n")
    starts = [(each[0], each[1], _rule(each[2])) for each in _openings(body)]
    ends = [start for start, _, _ in starts] + [len(lines)]
    for number, (start, is_heading, found) in enumerate(starts):
        if found is None:
            continue
        name, rest = found
        below = lines[start + 1 : ends[number + 1]]
        kept = "\n".join([rest, *(each if is_heading else each.strip() for each in below)])
        yield Ruled(name, kept.strip(), start + 1)


def sections(text: str) -> tuple[Section, ...]:
    """The sections of a text in their order, each without those in it."""
    body = body_of(text)
    lines, tokens = body.split("\n"), _tokens(body)
    heads = [
        (each.map[0], each.map[1], int(each.tag[1]), _inline(tokens, number))
        for number, each in enumerate(tokens)
        if each.type == "heading_open" and each.map and each.level == 0
    ]
    found = [Section("", 0, 1, tuple(lines[: heads[0][0] if heads else None]))]
    for number, (start, end, level, title) in enumerate(heads):
        until = heads[number + 1][0] if number + 1 < len(heads) else len(lines)
        found.append(Section(title, level, start + 1, tuple(lines[end:until])))
    return tuple(each for each in found if each.title or any(line.strip() for line in each.body))


def prose(text: str) -> Iterator[tuple[int, str]]:
    """The text outside of code, each piece with the line of the block that it stands in."""
    for token in _tokens(body_of(text)):
        if token.type == "inline" and token.children:
            line = token.map[0] + 1 if token.map else 1
            for child in token.children:
                if child.type in {"softbreak", "hardbreak"}:
                    line += 1
                elif child.type == "text":
                    yield line, child.content


def inline(text: str) -> Iterator[tuple[int, str]]:
    """Each paragraph, heading and cell as it is written, code spans and all, with the line that it begins in."""
    for token in _tokens(body_of(text)):
        if token.type == "inline":
            yield (token.map[0] + 1 if token.map else 1), token.content


def _openings(body: str) -> list[tuple[int, bool, str]]:
    """Where a heading or a list item begins: its line counting from 0, whether it is a heading, its first words."""
    found: dict[int, tuple[bool, str]] = {}
    tokens = _tokens(body)
    for number, token in enumerate(tokens):
        if token.type in {"heading_open", "list_item_open"} and token.map:
            found.setdefault(token.map[0], (token.type == "heading_open", _inline(tokens, number)))
    return [(start, *found[start]) for start in sorted(found)]


def _rule(words: str) -> tuple[str, str] | None:
    found = ID.match(words)
    return (found[1] or found[2] or found[3], words[found.end() :]) if found else None


def _inline(tokens: Sequence[Any], number: int) -> str:
    """The first line of the text that follows an opening token."""
    for token in tokens[number + 1 : number + 3]:
        if token.type == "inline":
            return str(token.content).split("\n", 1)[0]
    return ""


def _tokens(body: str) -> Sequence[Any]:
    tokens: Sequence[Any] = _parser().parse(body)
    return tokens


@cache
def _parser() -> Any:
    # Costs a third of the time of `selfcheck --help`, and few runs need it.
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table")
