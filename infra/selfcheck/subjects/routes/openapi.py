"""OpenAPI documents, versions 2 and 3: the operations that they promise."""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from selfcheck.errors import Unreadable
from selfcheck.facts import Extractor, Facts
from selfcheck.model import Location, Unread
from selfcheck.subjects.ci.yaml import Node, Table, items, load, setting, settings, text, value
from selfcheck.subjects.routes.paths import join, normal
from selfcheck.trees import File, Tree

DOCUMENTS = (
    "**/openapi*.json",
    "**/openapi*.yml",
    "**/openapi*.yaml",
    "**/swagger*.json",
    "**/swagger*.yml",
    "**/swagger*.yaml",
    "!**/node_modules/**",
    "!**/test/**",
    "!**/tests/**",
)
METHODS = frozenset(("get", "post", "put", "patch", "delete", "head", "options", "trace"))
LARGEST = 5_000_000


class Operation(Struct, frozen=True, array_like=True):
    """One method of one path, with the line of the path; a path that stands elsewhere has the method `*`."""

    method: str
    path: str
    line: int


class Document(Struct, frozen=True):
    """One document: `bases` are the paths of its servers."""

    operations: tuple[Operation, ...]
    bases: tuple[str, ...]


class Documented(Struct, frozen=True):
    """All documents of a tree."""

    documents: tuple[tuple[str, Document], ...]
    unread: tuple[Unread, ...]


def document(content: bytes) -> Document | None:
    """What a document promises; None for a file that only is called like one.

    Raises:
        Unreadable: it is neither JSON nor YAML, or larger than a document that people write.
    """
    if b"openapi" not in content and b"swagger" not in content:
        return None
    if len(content) > LARGEST:
        raise Unreadable(f"is larger than {LARGEST // 1_000_000} MB")
    try:
        node = load(content)
    except RecursionError as error:
        raise Unreadable("is nested too deep") from error
    if setting(node, "openapi") is None and setting(node, "swagger") is None:
        return None
    return Document(tuple(_operations(node)), tuple(dict.fromkeys(_bases(node))))


OPERATIONS: Extractor[Document | None] = Extractor("openapi", 1, Document | None, document, parsers=("pyyaml",))
"""The operations of a document, as a fact."""


def ahead(tree: Tree, paths: Iterable[str]) -> Iterator[tuple[Extractor[Any], tuple[File, ...]]]:
    """The facts that a reading asks for."""
    yield OPERATIONS, tree.files(paths)


def read(tree: Tree, facts: Facts, paths: tuple[str, ...]) -> Documented:
    """Every document that the patterns select."""
    found: list[tuple[str, Document]] = []
    unread: list[Unread] = []
    for file, each in facts.of(OPERATIONS, tree.files(paths)):
        if isinstance(each, Unreadable):
            unread.append(Unread(file.path, str(each)))
        elif each is not None:
            found.append((file.path, each))
    return Documented(tuple(found), tuple(unread))


def at(path: str, operation: Operation) -> Location:
    """Where an operation stands."""
    return Location(path, operation.line)


def _operations(node: Node | None) -> Iterator[Operation]:
    for each in settings(value(node, "paths")):
        if not each.key.startswith("/"):
            continue
        if setting(each.value, "$ref") is not None:
            yield Operation("*", normal(each.key), each.line)
        yield from (
            Operation(one.key.upper(), normal(each.key), one.line) for one in settings(each.value) if one.key in METHODS
        )


def _bases(node: Node | None) -> Iterator[str]:
    for server in items(value(node, "servers")):
        url = text(value(server, "url")) if isinstance(server, Table) else ""
        yield join("", urlsplit(url).path.rstrip("/")) if "{" not in url else ""
    yield text(value(node, "basePath")).rstrip("/")
    yield ""
