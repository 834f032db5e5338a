"""Front matter, read line by line: what YAML would refuse (a link, a brace, a colon in a value) is a text here."""

import re
from collections.abc import Iterator
from itertools import pairwise

from selfcheck.subjects.decisions.lines import Lines
from selfcheck.subjects.decisions.model import Said, Where

KEY = re.compile(r"[\"']?(?P<key>[A-Za-z][\w .\-]*)[\"']?[ \t]*:(?:[ \t]+(?P<value>\S.*))?[ \t]*")
ITEM = re.compile(r"[ \t]*-[ \t]+(?P<value>\S.*)")
LATEST = 40
"""Lines within which a block of keys may follow the title."""


def front_matter(lines: Lines) -> list[Said]:
    """Keys and values: of the block at the beginning, or of one that follows the title. Lists are taken apart."""
    block = lines.front or _below_title(lines)
    return list(_pairs(lines, block)) if block else []


def name(key: str) -> str:
    """A key in its plain form."""
    text = re.sub(r"[*_`~\-]+", " ", key.casefold()).replace("(s)", "s").replace("'s", "")
    return " ".join(text.split()).strip(" :")


def unquoted(value: str) -> str:
    """A value without a comment behind it and without its quotes."""
    text = value.strip()
    if text[:1] in "\"'" and text[:1]:
        end = text.find(text[0], 1)
        return text[1:end] if end > 0 else text[1:]
    return text.partition(" #")[0].rstrip()


def _below_title(lines: Lines) -> range:
    """Between two lines of dashes, only keys and their items."""
    rules = [number for number, line in lines.between(1, LATEST) if line.rstrip() == "---"]
    for begin, end in pairwise(rules):
        inner = [line for _, line in lines.between(begin + 1, end) if line.strip()]
        if inner and all(KEY.fullmatch(line) or ITEM.match(line) for line in inner):
            for number in range(begin - 1, end):
                lines.said[number] = ""
            return range(begin, end - 1)
    return range(0)


def _pairs(lines: Lines, block: range) -> Iterator[Said]:
    key = ""
    for place in block:
        line = lines.raw[place]
        if found := KEY.fullmatch(line):
            key = name(found["key"])
            if value := unquoted(found["value"] or ""):
                yield from _values(key, value, place + 1)
        elif (found := ITEM.match(line)) and key:
            yield Said(key, unquoted(found["value"]), place + 1, Where.FRONT)


def _values(key: str, value: str, line: int) -> Iterator[Said]:
    if value.startswith("[") and value.endswith("]") and not re.match(r"\[[^\[\]]*\]\(", value):
        for each in value[1:-1].split(","):
            if text := unquoted(each):
                yield Said(key, text, line, Where.FRONT)
    else:
        yield Said(key, value, line, Where.FRONT)
