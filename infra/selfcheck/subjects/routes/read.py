"""The routes of a tree."""

from collections.abc import Iterable, Iterator
from typing import Any

from selfcheck.errors import Unreadable
from selfcheck.facts import Extractor, Facts
from selfcheck.model import Unread
from selfcheck.subjects.routes.join import Joined
from selfcheck.subjects.routes.lookup import Lookup
from selfcheck.subjects.routes.model import Routes, Written
from selfcheck.subjects.routes.python import WRITTEN
from selfcheck.trees import File, Tree

SOURCES = (
    "**",
    "!**/test/**",
    "!**/tests/**",
    "!**/__tests__/**",
    "!**/test_*",
    "!**/*_test.*",
    "!**/*.test.*",
    "!**/*.spec.*",
    "!**/conftest.py",
    "!**/docs/**",
    "!**/docs_src/**",
    "!**/example/**",
    "!**/examples/**",
    "!**/node_modules/**",
)
"""What is served: neither tests nor examples."""


def sources(tree: Tree, paths: Iterable[str]) -> tuple[File, ...]:
    """The Python files that these patterns select."""
    return tuple(file for file in tree.files(paths) if file.path.endswith(".py"))


def ahead(tree: Tree, paths: Iterable[str]) -> Iterator[tuple[Extractor[Any], tuple[File, ...]]]:
    """The facts that a reading asks for."""
    yield WRITTEN, sources(tree, paths)


def read(tree: Tree, facts: Facts, paths: tuple[str, ...]) -> Routes:
    """Every route that the selected files write."""
    found: dict[str, Written] = {}
    unread: list[Unread] = []
    for file, each in facts.of(WRITTEN, sources(tree, paths)):
        if isinstance(each, Unreadable):
            unread.append(Unread(file.path, str(each)))
        elif each.groups or each.entries or each.conf:
            found[file.path] = each
    joined = Joined(found, Lookup(tree, facts))
    routes = tuple(dict.fromkeys(joined.routes()))
    unread += (Unread(path, reason) for path, reason in joined.unread.items())
    return Routes(routes=routes, opaque=tuple(joined.opaque), files=len(found), unread=tuple(unread))
