"""YAML whose every value knows its place: YAML 1.2's core schema, no tags, no duplicate keys, no bombs."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple, cast

import yaml

from selfcheck.errors import Fault, RulebookError
from selfcheck.rulebook.slips import explained
from selfcheck.suggest import short

Path = tuple[str | int, ...]
"""The keys and indices that lead to a value of a document."""

Places = dict[Path, tuple[int, int]]
"""Line and column, counting from 1."""

EMPTY = "is empty; a rulebook has `version: 1` and `guardrails:`"
DEEPEST = 60
LARGEST = 200_000
"""How many values a document may hold once its aliases are written out; a thousand guardrails hold about 15,000."""

LONGEST = 18
"""How many digits a whole number may have: with them every tool reads the same number."""

# https://yaml.org/spec/1.2.2/#1032-tag-resolution
NULL = re.compile(r"null|Null|NULL|~|")
BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
# YAML's printable characters without those that its versions read differently (they end a line in 1.1) or nobody sees.
UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
TAG = "tag:yaml.org,2002:"


class Document:
    """The data of one YAML file and the place of each key and value in it."""

    def __init__(self, name: str, data: Any, values: "Places", keys: "Places") -> None:
        self.name = name
        self.data = data
        self._values = values
        self._keys = keys

    def fault(self, path: Path, message: str, *, at_key: bool = False) -> Fault:
        """A fault at the value that the path leads to, or at its key, or at the closest value around it."""
        if at_key and path in self._keys:
            return Fault(self.name, *self._keys[path], message)
        while path not in self._values and path:
            path = path[:-1]
        return Fault(self.name, *self._values.get(path, (1, 1)), message)

    def holds(self, path: Path) -> bool:
        """Whether a value stands at this path."""
        return path in self._values

    def line(self, path: Path) -> int:
        """The line of a value, counting from 1."""
        return self.fault(path, "").line

    def lines_below(self, path: Path, depth: int) -> dict[Path, int]:
        """The lines of the values below a path of two steps, at most so many steps down."""
        return {below: line for below, line in self._below.get(path, {}).items() if len(below) <= depth}

    @cached_property
    def _below(self) -> dict[Path, dict[Path, int]]:
        found: dict[Path, dict[Path, int]] = {}
        for path, (line, _) in self._values.items():
            if len(path) > 2:
                found.setdefault(path[:2], {})[path[2:]] = line
        return found


def as_mapping(value: object) -> dict[str, Any] | None:
    """A value of a document, if it is a mapping; its keys are text."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def as_list(value: object) -> list[Any]:
    """A value of a document, if it is a list, else an empty one."""
    items: list[Any] = cast("Any", value) if isinstance(value, list) else []
    return items


def load(content: bytes, name: str) -> Document:
    """The one document of a YAML file.

    Raises:
        RulebookError: with the first fault; a file that does not parse has no second one worth reading.

    """
    text = _text(content, name)
    builder = _Builder(name)
    try:
        data = builder.document(yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except yaml.MarkedYAMLError as error:
        raise RulebookError([Fault(name, *explained(error, text))]) from None
    return Document(name, data, builder.values, builder.keys)


def _text(content: bytes, name: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        raise RulebookError([Fault(name, 1, 1, "begins with a byte order mark; save the file as UTF-8 without one")])
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        message = f"byte 0x{content[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise RulebookError([_fault_after(before, name, message)]) from None
    if found := UNPRINTABLE.search(text):
        character = f"the character U+{ord(found[0]):04X} is not allowed in a rulebook"
        message = f"{character}; take it out, or write it as an escape in double quotes"
        raise RulebookError([_fault_after(text[: found.start()], name, message)])
    return text


def _fault_after(before: str, name: str, message: str) -> Fault:
    """A fault at the first character that follows a text."""
    lines = re.split(r"\r\n?|\n", before)
    return Fault(name, len(lines), len(lines[-1]) + 1, message)


class _Anchored(NamedTuple):
    """A value that aliases may repeat, how many values it holds and how many levels it adds."""

    value: Any
    size: int
    height: int


class _Builder:
    """Builds data out of parser events, so that the depth of a document costs no recursion of the C parser."""

    def __init__(self, name: str) -> None:
        self.values: Places = {}
        self.keys: Places = {}
        self._name = name
        self._anchors: dict[str, _Anchored] = {}
        self._size = 0
        self._reached = 0  # the deepest level of the value being built

    def document(self, events: Iterator[Any]) -> Any:
        """The data of the only document in a stream."""
        data, seen = None, False
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if seen:
                    raise self._fault(event, "a second document (`---`); a rulebook file holds one")
                seen = True
                data = self._value(next(events), events, ())
        if not seen:
            raise RulebookError([Fault(self._name, 1, 1, EMPTY)])
        return data

    def _value(self, event: Any, events: Iterator[Any], path: Path) -> Any:
        self.values[path] = _place(event)
        self._count(event, 1)
        if isinstance(event, yaml.AliasEvent):
            return self._aliased(event, len(path))
        self._forbid_tag(event)
        before, around = self._size, self._reached
        self._reached = len(path) + (not isinstance(event, yaml.ScalarEvent))
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event)
        elif len(path) >= DEEPEST:
            raise self._fault(event, f"more than {DEEPEST} levels deep")
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self._sequence(events, path)
        else:
            value = self._mapping(events, path)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(value, self._size - before + 1, self._reached - len(path))
        self._reached = max(around, self._reached)
        return value

    def _aliased(self, event: Any, level: int) -> Any:
        if event.anchor not in self._anchors:
            raise self._fault(event, f"the alias *{event.anchor} names no finished value before it")
        found = self._anchors[event.anchor]
        self._count(event, found.size)
        if level + found.height > DEEPEST:
            raise self._fault(event, f"more than {DEEPEST} levels deep once its aliases are written out")
        self._reached = max(self._reached, level + found.height)
        return found.value

    def _forbid_tag(self, event: Any) -> None:
        if event.tag in {None, "!", f"{TAG}str"}:
            return
        if event.tag.startswith(TAG):
            raise self._fault(event, f"the tag `!!{short(event.tag.removeprefix(TAG))}` is not allowed in plain data")
        tag = f"the tag `{short(event.tag)}` is not allowed in plain data"
        raise self._fault(event, f"{tag}; put a text that begins with `!` in single quotes")

    def _sequence(self, events: Iterator[Any], path: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self._value(event, events, (*path, len(items))))
        return items

    def _mapping(self, events: Iterator[Any], path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._key(event)
            if key in found:
                first, _ = self.keys[(*path, key)]
                raise self._fault(event, f'the key "{short(key)}" stands here a second time, first in line {first}')
            self.keys[(*path, key)] = _place(event)
            found[key] = self._value(next(events), events, (*path, key))
        return found

    def _key(self, event: Any) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise self._fault(event, "a key must be text, written out")
        self._forbid_tag(event)
        value = self._scalar(event)
        if value == "<<" and not event.style:
            raise self._fault(event, "merge keys (`<<`) left YAML with version 1.2; write the keys out")
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(value, 1, 0)
        if not isinstance(value, str):
            raise self._fault(event, f"a key must be text, and `{short(event.value)}` is not; put it in quotes")
        return value

    def _scalar(self, event: Any) -> Any:
        text: str = event.value
        if event.style or event.tag is not None:
            return text
        if NULL.fullmatch(text):
            return None
        if BOOL.fullmatch(text):
            return text.lower() == "true"
        if INT.fullmatch(text):
            if len(text) > LONGEST:
                raise self._fault(
                    event, f"a whole number of more than {LONGEST} digits; put it in quotes if it is text"
                )
            return int(text, 0) if text.startswith(("0o", "0x")) else int(text)
        if FLOAT.fullmatch(text):
            return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
        return text

    def _count(self, event: Any, size: int) -> None:
        self._size += size
        if self._size > LARGEST:
            raise self._fault(event, f"holds more than {LARGEST:,} values once its aliases are written out")

    def _fault(self, event: Any, message: str) -> RulebookError:
        return RulebookError([Fault(self._name, *_place(event), message)])


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1
