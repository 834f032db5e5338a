"""The routes of a tree."""

from collections.abc import Iterable, Iterator
from typing import Any

from selfcheck.errors import Unreadable
from selfcheck.facts import Extractor, Facts
from selfcheck.model import Unread
from selfcheck.subjects.routes.javascript import ENDINGS, SCRIPT, TYPESCRIPT
from selfcheck.subjects.routes.join import Joined
from selfcheck.subjects.routes.lookup import Lookup
from selfcheck.subjects.routes.model import Routes, Written
from selfcheck.subjects.routes.next import EXPORTS, path_of
from selfcheck.subjects.routes.placed import below_prefixes, by_path
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
    "!**/static/**",
    "!**/dist/**",
    "!**/vendor/**",
    "!**/*.min.js",
    "!**/*.bundle.*",
)
"""What is served: neither tests nor examples, nor what others wrote or a build made."""


def sources(tree: Tree, paths: Iterable[str]) -> dict[Extractor[Written], tuple[File, ...]]:
    """The sources that these patterns select, by how they are read."""
    typed = (".ts", ".mts", ".cts")
    found: dict[Extractor[Written], list[File]] = {WRITTEN: [], EXPORTS: [], TYPESCRIPT: [], SCRIPT: []}
    for file in tree.files(paths):
        if file.path.endswith(".py"):
            found[WRITTEN].append(file)
        elif file.path.endswith(ENDINGS) and not file.path.endswith(".d.ts"):
            kind = EXPORTS if path_of(file.path) else TYPESCRIPT if file.path.endswith(typed) else SCRIPT
            found[kind].append(file)
    return {extractor: tuple(files) for extractor, files in found.items()}


def ahead(tree: Tree, paths: Iterable[str]) -> Iterator[tuple[Extractor[Any], tuple[File, ...]]]:
    """The facts that a reading asks for."""
    yield from sources(tree, paths).items()


def read(tree: Tree, facts: Facts, paths: tuple[str, ...]) -> Routes:
    """Every route that the selected files write."""
    found: dict[str, Written] = {}
    unread: list[Unread] = []
    for extractor, files in sources(tree, paths).items():
        for file, each in facts.of(extractor, files):
            if isinstance(each, Unreadable):
                unread.append(Unread(file.path, str(each)))
                continue
            written = by_path(file.path, each)
            if written.groups or written.entries or written.conf:
                found[file.path] = written
    joined = Joined(below_prefixes(found), Lookup(tree, facts))
    routes = tuple(dict.fromkeys(joined.routes()))
    unread += (Unread(path, reason) for path, reason in joined.unread.items())
    return Routes(routes=routes, opaque=tuple(joined.opaque), files=len(found), unread=tuple(unread))
