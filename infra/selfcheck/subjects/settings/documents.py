"""YAML files with settings: compose, Kubernetes, Helm values, Spring, workflows of GitHub."""

import base64
import binascii
import re
from collections.abc import Iterator

from selfcheck.errors import Unreadable
from selfcheck.subjects.ci.yaml import Items, Node, Scalar, Table, items, load_all, settings, text, value
from selfcheck.subjects.settings.entries import MOST, Entry, entry, require_small, spring
from selfcheck.subjects.settings.names import consequence

_expression = re.compile(r"\$\{\{.*\}\}", re.DOTALL)
_assigned = re.compile(r"([A-Za-z_][\w.-]*)=(.*)", re.DOTALL)


def compose(content: bytes) -> tuple[list[Entry], list[str]]:
    """The variables that services are given, in a mapping or a list, and the files that hold more of them."""
    found: list[Entry] = []
    files: list[str] = []
    for document in _documents(content):
        for service in settings(value(document, "services")):
            found += _environment(value(service.value, "environment"), service.key)
            found += _environment(value(service.value, "build", "args"), service.key)
            files += [_file(each) for each in items(value(service.value, "env_file"))]
    return found, [each for each in files if each]


def kubernetes(content: bytes) -> Iterator[Entry]:
    """Secrets with their values written out, ConfigMaps, and the variables of containers."""
    for document in _documents(content):
        kind = text(value(document, "kind"))
        if kind:
            yield from _manifest(document, kind)


def helm(content: bytes) -> Iterator[Entry]:
    """The values of a chart: those whose key is a secret's, and variables of containers."""
    for document in _documents(content):
        yield from _leaves(document)


def application(content: bytes) -> Iterator[Entry]:
    """Spring's `application.yml`."""
    for document in _documents(content):
        for name, found, line in _flat(document):
            yield spring(name, found, line)


def workflow(content: bytes) -> Iterator[Entry]:
    """Variables of a workflow, its jobs, their steps and their services."""
    for document in _documents(content):
        for node in _walk(document):
            for each in settings(value(node, "env")):
                if isinstance(each.value, Scalar) and not _expression.search(each.value.text):
                    yield entry(each.key, each.value.text, each.line)


def _manifest(document: Node, kind: str) -> Iterator[Entry]:
    if kind == "Secret":
        for each in settings(value(document, "data")):
            yield entry(each.key, _plain(text(each.value)), each.line, scope=kind)
        yield from _environment(value(document, "stringData"), kind)
    if kind == "ConfigMap":
        yield from _environment(value(document, "data"), kind)
    for node in _walk(document):
        if isinstance(node, Table) and isinstance(node.values.get("env"), Items):
            yield from _named(node.values["env"])


def _documents(content: bytes) -> list[Node]:
    require_small(content)
    return load_all(content)


def _environment(node: Node | None, scope: str) -> Iterator[Entry]:
    """`{A: b}` or `["A=b"]`."""
    for each in settings(node):
        if isinstance(each.value, Scalar):
            yield entry(each.key, each.value.text, each.line, scope=scope)
    for item in items(node) if isinstance(node, Items) else ():
        if isinstance(item, Scalar) and (found := _assigned.fullmatch(item.text)) is not None:
            yield entry(found[1], found[2], item.line, scope=scope)


def _file(node: Node) -> str:
    return text(node) or text(value(node, "path"))


def _named(node: Node | None) -> Iterator[Entry]:
    """`[{name: A, value: b}]`."""
    for each in items(node):
        name, held = text(value(each, "name")), value(each, "value")
        if name and isinstance(held, Scalar):
            yield entry(name, held.text, held.line)


def _leaves(node: Node | None) -> Iterator[Entry]:
    """The scalars of a chart's values; a key that says little is named after what it stands in."""
    for name, found, line in _flat(node):
        parts = [each for each in name.split(".") if not each.isdigit()]
        last = parts[-1] if parts else ""
        if consequence(last) is None and len(parts) > 1 and last in ("pass", "key", "value", "default"):
            last = f"{parts[-2]}_{last}"
        yield entry(last, found, line, scope=".".join(parts[:-1]), variable=last if last.isupper() else "")


def _flat(node: Node | None) -> Iterator[tuple[str, str, int]]:
    """Every scalar with the keys that lead to it and its line; `{name: A, value: b}` is a key and a scalar."""
    waiting: list[tuple[Node | None, str, int]] = [(node, "", 0)]
    seen = 0
    while waiting:
        each, above, line = waiting.pop()
        seen += 1
        if seen > MOST:
            raise Unreadable(f"holds more than {MOST:,} values once its aliases are written out")
        match each:
            case Scalar(found, own, _, _):
                yield above, found, line or own
            case Table(values, lines, _):
                name, held = values.get("name"), values.get("value")
                if isinstance(name, Scalar) and isinstance(held, Scalar) and name.text:
                    yield f"{above}.{name.text}", held.text, held.line
                    continue
                below = [(inner, f"{above}.{key}".lstrip("."), lines[key]) for key, inner in values.items()]
                waiting += reversed(below)
            case Items(several, _):
                waiting += reversed([(inner, f"{above}.{number}", 0) for number, inner in enumerate(several)])
            case _:
                continue


def _walk(node: Node | None) -> Iterator[Node]:
    waiting = [] if node is None else [node]
    seen = 0
    while waiting:
        each = waiting.pop()
        seen += 1
        if seen > MOST:
            raise Unreadable(f"holds more than {MOST:,} values once its aliases are written out")
        yield each
        match each:
            case Table(values, _, _):
                waiting += reversed(tuple(values.values()))
            case Items(several, _):
                waiting += reversed(several)
            case _:
                pass


def _plain(encoded: str) -> str:
    """What base64 stands for; what is none stays as it is."""
    try:
        return base64.b64decode("".join(encoded.split()), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return encoded
