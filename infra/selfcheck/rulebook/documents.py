"""YAML whose every value knows its place: YAML 1.2's core schema, no tags, no duplicate keys, no bombs."""

import re
from collections.abc import Iterator
from typing import Any, cast

import yaml

from selfcheck.errors import Fault, RulebookError

Path = tuple[str | int, ...]
"""The keys and indices that lead to a value of a document."""

Places = dict[Path, tuple[int, int]]
"""Line and column, counting from 1."""

DEEPEST = 60
LARGEST = 1_000_000
"""How many values a document may hold once its aliases are written out; a thousand guardrails hold about 15,000."""

# https://yaml.org/spec/1.2.2/#1032-tag-resolution, without its octal and hexadecimal numbers' traps: 0o7 and 0x7 only.
NULL = re.compile(r"null|Null|NULL|~|")
BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
INT = re.compile(r"[-+]?[0-9]{1,18}|0o[0-7]{1,18}|0x[0-9a-fA-F]{1,15}")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


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
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise RulebookError([Fault(name, line, column, _explained(error, text, line))]) from None
    except yaml.reader.ReaderError as error:
        before = text[: int(error.position)]
        column = len(before) - before.rfind("\n")
        message = f"a control character (U+{_codepoint(error.character):04X}) is not allowed in YAML"
        raise RulebookError([Fault(name, before.count("\n") + 1, column, message)]) from None
    return Document(name, data, builder.values, builder.keys)


def _text(content: bytes, name: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        raise RulebookError([Fault(name, 1, 1, "begins with a byte order mark; save the file as UTF-8 without one")])
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        message = f"byte 0x{content[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise RulebookError([Fault(name, line, column, message)]) from None


def _codepoint(character: Any) -> int:
    return character if isinstance(character, int) else ord(character[:1] or "\0")


def _explained(error: yaml.MarkedYAMLError, text: str, line: int) -> str:
    """What the parser says, and for the common slips what to write instead."""
    said = error.problem or error.context or "not YAML"
    lines = text.splitlines()
    written = lines[line - 1] if line <= len(lines) else ""
    if "unknown escape character" in said:
        return f"{said} in double quotes; use single quotes, in which a backslash stands for itself"
    if "cannot start any token" in said and "\t" in written:
        return "a tab cannot indent YAML; use blanks"
    if "cannot start any token" in said:
        return f"{said}; put the text in single quotes"
    if "mapping values are not allowed" in said:
        return f"{said}; a text with a colon in it stands in quotes"
    if "could not find expected ':'" in said or "did not find expected key" in said:
        return f"{said}; look at the quotes and the indentation of this line and the one before"
    return said


class _Builder:
    """Builds data out of parser events, so that the depth of a document costs no recursion of the C parser."""

    def __init__(self, name: str) -> None:
        self.values: Places = {}
        self.keys: Places = {}
        self._name = name
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._size = 0

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
            raise RulebookError([Fault(self._name, 1, 1, "is empty; a rulebook has `version: 1` and `guardrails:`")])
        return data

    def _value(self, event: Any, events: Iterator[Any], path: Path) -> Any:
        self.values[path] = _place(event)
        self._count(event, 1)
        if isinstance(event, yaml.AliasEvent):
            return self._aliased(event)
        if event.tag not in (None, "!", "tag:yaml.org,2002:str"):
            raise self._fault(event, f"the tag {_short(event.tag)} is not allowed; a rulebook is plain data")
        before = self._size
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event)
        elif len(path) >= DEEPEST:
            raise self._fault(event, f"more than {DEEPEST} levels deep")
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self._sequence(events, path)
        else:
            value = self._mapping(events, path)
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, self._size - before + 1)
        return value

    def _aliased(self, event: Any) -> Any:
        if event.anchor not in self._anchors:
            raise self._fault(event, f"the alias *{event.anchor} names no finished value before it")
        value, size = self._anchors[event.anchor]
        self._count(event, size)
        return value

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
                raise self._fault(event, f"the key {key!r} stands here a second time (first in line {first})")
            self.keys[(*path, key)] = _place(event)
            found[key] = self._value(next(events), events, (*path, key))
        return found

    def _key(self, event: Any) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise self._fault(event, "a key must be text")
        value = self._scalar(event)
        if value == "<<":
            raise self._fault(event, "merge keys (`<<`) left YAML with version 1.2; write the keys out")
        if not isinstance(value, str):
            raise self._fault(event, f"a key must be text, and {_short(event.value)} is not; put it in quotes")
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


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:40]}…")
