"""The rules of one file as they are written: JSON, YAML or Markdown; every fault with its line."""

import hashlib
import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from selfcheck.errors import Unreadable
from selfcheck.facts import Extractor
from selfcheck.subjects.instructions.canonical import Unfit, as_list, as_mapping, normal
from selfcheck.subjects.instructions.markdown import rules_in
from selfcheck.subjects.instructions.yaml import load

MARKDOWN = (".md", ".mdc", ".markdown")
YAML = (".yaml", ".yml")
LARGEST = 64_000_000


class Rule(Struct, frozen=True):
    """One rule as it is written, and the line that it begins in."""

    id: str
    values: dict[str, Any]
    line: int


class SourceFault(Struct, frozen=True):
    """What is wrong with the file, and in which line."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


class Source(Struct, frozen=True):
    """The rules of a file in their order, what is wrong with it, its version, and the digest of its bytes."""

    rules: tuple[Rule, ...]
    faults: tuple[SourceFault, ...]
    version: str | None
    digest: str


class Duplicate(Exception):
    """A key that stands twice in one JSON object."""


def source_in(path: str, items: str | None, key: str) -> Extractor[Source]:
    """How the rules of this file are read; `items` leads to the list, `key` names the id."""
    kind = path[path.rfind(".") :].lower() if "." in path else ""

    def extract(content: bytes) -> Source:
        return read_source(content, kind, items, key)

    return Extractor(
        name=f"instructions {json.dumps([kind, items, key])}",
        version=1,
        type=Source,
        extract=extract,
        parsers=("markdown-it-py",) if kind in MARKDOWN else (),
    )


def read_source(content: bytes, kind: str, items: str | None, key: str) -> Source:
    """The rules in these bytes.

    Raises:
        Unreadable: they are no document of this kind, or hold no list of rules.
    """
    if len(content) > LARGEST:
        raise Unreadable(f"is larger than {LARGEST:,} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"byte {error.start} is not UTF-8") from None
    known = hashlib.sha256(content).hexdigest()
    if kind in MARKDOWN:
        entries, version = [({key: each.id, "text": each.text}, each.line) for each in rules_in(text)], None
    elif kind in YAML:
        document, lines = load(text)
        found, path = _listed(document, items)
        entries = [(each, lines.get((*path, number), 1)) for number, each in enumerate(found)]
        version = _version(document)
    else:
        document = _json(text)
        found, _ = _listed(document, items)
        entries, version = list(zip(found, _lines(text, found, key), strict=True)), _version(document)
    faults: list[SourceFault] = []
    rules = tuple(_rules(entries, key, faults))
    return Source(rules, tuple(faults), version, known)


def _rules(entries: list[tuple[Any, int]], key: str, faults: list[SourceFault]) -> Iterator[Rule]:
    first: dict[str, int] = {}
    for number, (entry, line) in enumerate(entries, start=1):
        if as_mapping(entry) is None:
            faults.append(SourceFault(line, f"rule {number} is no mapping"))
            continue
        try:
            values: dict[str, Any] = normal(entry)
        except Unfit as error:
            faults.append(SourceFault(line, f"rule {number} {error}"))
            continue
        name = values.get(key)
        if not isinstance(name, str) or not name.strip() or len(name) > 200 or not name.isprintable():
            faults.append(SourceFault(line, f"rule {number} has no id: its `{key}` must be a text of one line"))
        elif name in first:
            faults.append(SourceFault(line, f"the id {name} stands here a second time, first in line {first[name]}"))
        else:
            first[name] = line
            yield Rule(name, values, line)


def _listed(document: Any, items: str | None) -> tuple[list[Any], tuple[str, ...]]:
    """The list of rules, and the keys that lead to it."""
    if items is not None:
        path = tuple(items.split("."))
        found = at(document, path)
        held = as_list(found)
        if held is None:
            raise Unreadable(f"there is no list at `{items}`")
        return held, path
    if (held := as_list(document)) is not None:
        return held, ()
    table = as_mapping(document) or {}
    lists = {name: held for name, value in table.items() if (held := as_list(value)) is not None}
    if len(lists) != 1:
        many = f"the lists {', '.join(sorted(lists)[:5])}" if lists else "no list"
        raise Unreadable(f"holds {many} at its top; say with `items` where the rules stand")
    ((name, held),) = lists.items()
    return held, (name,)


def at(document: Any, path: Iterable[str]) -> Any:
    """The value that keys lead to, or None."""
    for step in path:
        document = (as_mapping(document) or {}).get(step)
    return document


def _version(document: Any) -> str | None:
    found = at(document, ("version",))
    return None if found is None else str(found)[:60]


def _json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise Unreadable(f"line {error.lineno}: is no JSON: {error.msg}") from None
    except Duplicate as error:
        raise Unreadable(f"an object has the key {str(error)[:60]!r} twice") from None
    except RecursionError:
        raise Unreadable("is nested too deep") from None
    except ValueError as error:
        raise Unreadable(f"is no JSON: {str(error)[:80]}") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise Duplicate(next(name for name in names if names.count(name) > 1))
    return found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def _lines(text: str, found: list[Any], key: str) -> list[int]:
    """The line of each entry's id, as far as it is found in the order of the list; else that of the one before."""
    ends = [place.start() for place in re.finditer("\n", text)]
    named = re.compile(re.escape(json.dumps(key)) + r'\s*:\s*("(?:[^"\\]|\\.)*")')
    places = ((each[1], bisect_right(ends, each.start()) + 1) for each in named.finditer(text))
    lines, line = list[int](), 1
    waiting = next(places, None)
    for entry in found:
        wanted = at(entry, (key,))
        while waiting is not None and isinstance(wanted, str):
            written, there = waiting
            waiting = next(places, None)
            if json.loads(written, strict=False) == wanted:
                line = there
                break
        lines.append(line)
    return lines
