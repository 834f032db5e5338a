"""YAML as plain data with the line of each value: no tags, no aliases that grow, no key twice."""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from selfcheck.errors import Unreadable

DEEPEST = 60
LARGEST = 2_000_000
NULL = re.compile(r"null|Null|NULL|~|")
TRUE, FALSE = re.compile(r"true|True|TRUE"), re.compile(r"false|False|FALSE")
INT = re.compile(r"[-+]?[0-9]{1,18}")
FLOAT = re.compile(r"[-+]?(?:\.[0-9]{1,30}|[0-9]{1,30}(?:\.[0-9]{0,30})?)(?:[eE][-+]?[0-9]{1,3})?")

Path = tuple[str | int, ...]


def load(text: str) -> tuple[Any, dict[Path, int]]:
    """The one document of a text by YAML 1.2's core schema, and the lines of its values.

    Raises:
        Unreadable: it is no YAML, or not plain data.
    """
    reader = _Reader()
    try:
        return reader.document(yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))), reader.lines
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f"line {mark.line + 1}: " if mark is not None else ""
        raise Unreadable(f"{line}is no YAML: {error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise Unreadable(f"is no YAML: {next(iter(str(error).splitlines()), '')}") from None


class _Reader:
    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self._size = 0

    def document(self, events: Iterator[Any]) -> Any:
        found, seen = None, False
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if seen:
                    raise _wrong(event, "a second document")
                found, seen = self._value(next(events), events, ()), True
        return found

    def _value(self, event: Any, events: Iterator[Any], path: Path) -> Any:
        self._size += 1
        if self._size > LARGEST:
            raise Unreadable(f"holds more than {LARGEST:,} values")
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise _wrong(event, "an anchor or an alias; write the value out")
        if event.tag not in {None, "!", "tag:yaml.org,2002:str"}:
            raise _wrong(event, "a tag, and plain data has none")
        if len(path) > DEEPEST:
            raise _wrong(event, f"more than {DEEPEST} levels")
        self.lines[path] = event.start_mark.line + 1
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        return self._items(events, path) if isinstance(event, yaml.SequenceStartEvent) else self._table(events, path)

    def _items(self, events: Iterator[Any], path: Path) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            found.append(self._value(event, events, (*path, len(found))))
        return found

    def _table(self, events: Iterator[Any], path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise _wrong(event, "a key that is no text")
            key: str = event.value
            if key in found:
                raise _wrong(event, f"the key {key[:60]!r} a second time")
            found[key] = self._value(next(events), events, (*path, key))
        return found


def _scalar(event: Any) -> Any:
    text: str = event.value
    if event.style or event.tag is not None:
        return text
    if NULL.fullmatch(text):
        return None
    if TRUE.fullmatch(text) or FALSE.fullmatch(text):
        return text.lower() == "true"
    if INT.fullmatch(text):
        return int(text)
    return float(text) if FLOAT.fullmatch(text) else text


def _wrong(event: Any, what: str) -> Unreadable:
    return Unreadable(f"line {event.start_mark.line + 1}: holds {what}")
