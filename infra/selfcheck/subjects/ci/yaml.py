"""YAML of CI systems, every value with its line: texts as written, anchors, merge keys; tags of a system's own are opaque."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import yaml
from msgspec import Struct

from selfcheck.errors import Unreadable

DEEPEST = 80
MERGE = "<<"


class Scalar(Struct, frozen=True):
    """A text; `literal` says that each line of the text is a line of the file, from the one after `line` on."""

    text: str
    line: int
    literal: bool = False
    quoted: bool = False


class Items(Struct, frozen=True):
    """A list."""

    values: "tuple[Node, ...]"
    line: int


class Table(Struct, frozen=True):
    """A mapping whose keys are texts; `lines` are those of the keys."""

    values: "Mapping[str, Node]"
    lines: Mapping[str, int]
    line: int


class Opaque(Struct, frozen=True):
    """A value that only the CI system can work out, such as GitLab's `!reference`."""

    line: int


Node = Scalar | Items | Table | Opaque


class Setting(NamedTuple):
    """A key with its value and the line of the key."""

    key: str
    value: Node
    line: int


def load(content: bytes) -> Node | None:
    """The first document of a file that says more than a header, or None where it is empty.

    Raises:
        Unreadable: it is no YAML, or nested too deep.
    """
    # GitLab lets a header with `spec:` stand before the configuration.
    return next((each for each in load_all(content) if setting(each, "spec") is None), None)


def load_all(content: bytes) -> list[Node]:
    """All documents of a file.

    Raises:
        Unreadable: it is no YAML, or nested too deep.
    """
    try:
        text = content.decode("utf-8-sig")
        return list(_documents(yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))))
    except (yaml.YAMLError, UnicodeDecodeError, StopIteration) as error:
        first = next(iter(str(error).splitlines()), "")
        mark = getattr(error, "problem_mark", None)
        line = f" (line {mark.line + 1})" if mark is not None else ""
        raise Unreadable(f"is no YAML: {first}{line}") from error


def setting(node: Node | None, key: str) -> Setting | None:
    """A key of a mapping, if that is one and has it."""
    if isinstance(node, Table) and key in node.values:
        return Setting(key, node.values[key], node.lines[key])
    return None


def settings(node: Node | None) -> Iterator[Setting]:
    """The keys of a mapping in their order; none where it is none."""
    if isinstance(node, Table):
        yield from (Setting(key, value, node.lines[key]) for key, value in node.values.items())


def value(node: Node | None, *keys: str) -> Node | None:
    """The value that keys lead to, or None."""
    for key in keys:
        node = node.values.get(key) if isinstance(node, Table) else None
    return node


def text(node: Node | None) -> str:
    """A text, or an empty one."""
    return node.text if isinstance(node, Scalar) else ""


def items(node: Node | None) -> tuple[Node, ...]:
    """The values of a list; a single value counts as a list of it."""
    match node:
        case Items(values):
            return values
        case Scalar() | Table():
            return (node,)
        case Opaque() | None:
            return ()


def _documents(events: Iterator[Any]) -> Iterator[Node]:
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            yield _node(next(events), events, {}, 0)


def _node(event: Any, events: Iterator[Any], anchors: dict[str, Node], depth: int) -> Node:
    """One value; built from events, so that depth is ours to bound."""
    if depth > DEEPEST:
        raise Unreadable(f"is nested more than {DEEPEST} levels deep")
    line = event.start_mark.line + 1
    if isinstance(event, yaml.AliasEvent):
        return anchors.get(event.anchor or "", Opaque(line))
    found: Node
    if isinstance(event, yaml.SequenceStartEvent):
        found = Items(tuple(_sequence(events, anchors, depth)), line)
    elif isinstance(event, yaml.MappingStartEvent):
        found = _mapping(events, anchors, depth, line)
    else:
        found = Scalar(event.value, line, event.style == "|", event.style in ("'", '"'))
    if event.tag is not None and event.tag.startswith("!"):
        found = Opaque(line)
    if event.anchor is not None:
        anchors[event.anchor] = found
    return found


def _sequence(events: Iterator[Any], anchors: dict[str, Node], depth: int) -> Iterator[Node]:
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        yield _node(event, events, anchors, depth + 1)


def _mapping(events: Iterator[Any], anchors: dict[str, Node], depth: int, line: int) -> Table:
    values: dict[str, Node] = {}
    lines: dict[str, int] = {}
    merged: list[Node] = []
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        key = _node(event, events, anchors, depth + 1)
        held = _node(next(events), events, anchors, depth + 1)
        if isinstance(key, Scalar) and key.text == MERGE and not key.quoted:
            merged += items(held)
        elif isinstance(key, Scalar):
            values[key.text], lines[key.text] = held, key.line
    for each in merged:
        for below in settings(each):
            values.setdefault(below.key, below.value)
            lines.setdefault(below.key, below.line)
    return Table(values, lines, line)
