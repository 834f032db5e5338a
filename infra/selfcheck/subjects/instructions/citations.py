"""What an instruction file refers to: guardrails by id, decisions by number, each with its line."""

import json
import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from msgspec import Struct

from selfcheck.facts import Extractor
from selfcheck.subjects.instructions.canonical import as_list, as_mapping
from selfcheck.subjects.instructions.documents import COPY
from selfcheck.trees.text import decode

ID = r"[a-z0-9]{1,60}(?:-[a-z0-9]{1,60}){1,12}"
LED = re.compile(r"\bguardrails?:?\s{1,3}(?=`)", re.IGNORECASE)
NAMED = re.compile(rf"`({ID})`(?:\s{{0,3}}(?:,|and|or|&|/)\s{{1,3}}(?:and\s|or\s)?(?=`))?")
RULE = re.compile(rf"\bselfcheck\b[^\n`]{{0,80}}--rule[ =]({ID})(?![\w-])")
DECISION = re.compile(r"(?<![\w/.-])ADR[- ]0*(\d{1,6})(?![\w/]|\.\w)")
FENCE = re.compile(r"^ {0,3}(?:```|~~~)")


class Cited(StrEnum):
    """What is referred to."""

    GUARDRAIL = "guardrail"
    DECISION = "decision"


class Citation(Struct, frozen=True):
    """One reference: a guardrail's id, or `ADR-4`."""

    kind: Cited
    name: str
    line: int


class Citations(Struct, frozen=True):
    """The references of a file; one that is a generated copy has those of the file that it is a copy `of`."""

    found: tuple[Citation, ...]
    of: str | None = None


def read_citations(content: bytes, fields: tuple[str, ...] = ()) -> Citations:
    """The references in these bytes; raises `Unreadable` where they are no text."""
    text = decode(content).replace("\r\n", "\n")
    found = list(_cited(text))
    if fields:
        found += _structured(text, fields)
    mark = COPY.search(text[:4000])
    ordered = sorted(found, key=lambda each: (each.line, each.name))
    return Citations(tuple(dict.fromkeys(ordered)), None if mark is None else mark[1])


CITATIONS: Extractor[Citations] = Extractor(
    name="citations of instructions", version=1, type=Citations, extract=read_citations
)


def cited_in(fields: tuple[str, ...]) -> Extractor[Citations]:
    """The same, with the guardrails that these fields of a JSON file name."""

    def extract(content: bytes) -> Citations:
        return read_citations(content, fields)

    name = f"citations of instructions {json.dumps(fields)}"
    return Extractor(name=name, version=1, type=Citations, extract=extract)


def _cited(text: str) -> Iterator[Citation]:
    fenced = False
    for number, line in enumerate(text.split("\n"), start=1):
        if FENCE.match(line):
            fenced = not fenced
            continue
        yield from (Citation(Cited.GUARDRAIL, each[1], number) for each in RULE.finditer(line))
        if fenced:
            continue  # an example cites nothing; a command in it is meant to be run
        yield from (Citation(Cited.DECISION, f"ADR-{int(each[1])}", number) for each in DECISION.finditer(line))
        for led in LED.finditer(line):
            place = led.end()
            while named := NAMED.match(line, place):
                yield Citation(Cited.GUARDRAIL, named[1], number)
                place = named.end()


def _structured(text: str, fields: tuple[str, ...]) -> Iterator[Citation]:
    """The values of these keys, wherever they stand in a JSON document."""
    try:
        document: Any = json.loads(text)
    except (ValueError, RecursionError):
        return
    waiting = [document]
    while waiting:
        here = waiting.pop()
        waiting += as_list(here) or ()
        for key, value in (as_mapping(here) or {}).items():
            waiting.append(value)
            if key in fields:
                for name in as_list(value) or [value]:
                    if isinstance(name, str) and re.fullmatch(ID, name):
                        yield Citation(Cited.GUARDRAIL, name, _line(text, name))


def _line(text: str, name: str) -> int:
    place = text.find(json.dumps(name))
    return text.count("\n", 0, place) + 1 if place >= 0 else 1
