"""What can be measured of modules: how large they are, what they import, which routes they answer. Values in, values out."""

import posixpath
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from selfcheck.check import Extractor, File, Tree, Unread, Unreadable
from selfcheck.facts import Facts
from selfcheck.subjects import imports, routes
from selfcheck.subjects.imports import STATEMENTS
from selfcheck.subjects.routes import SOURCES, Routes
from selfcheck_observability.map.model import By, Map, Measure, Measured

HOTSPOTS = 10
LINES = Extractor(
    "lines of a source", 1, int, lambda content: content.count(b"\n") + (content[-1:] not in (b"", b"\n"))
)
"""How many lines a file has, as a fact."""

OwnersOf = Callable[[str], Sequence[str]]


def ownerless(_path: str) -> Sequence[str]:
    """Nobody owns anything."""
    return ()


class Past(NamedTuple):
    """What git knows: how many commits were looked at, which files each changed, and who owns a file."""

    commits: int = 0
    changes: tuple[frozenset[str], ...] = ()
    owners: OwnersOf = ownerless


class Taken(NamedTuple):
    """A measurement, the files that could not be read for it, and the routes of the tree."""

    measured: Measured
    unread: tuple[Unread, ...]
    routes: Routes


def asked(tree: Tree, whole: Map) -> dict[Extractor[Any], tuple[File, ...]]:
    """The facts that a measurement asks for."""
    return {
        LINES: tree.files(whole.scope.paths),
        STATEMENTS: tree.files(("**/*.py",)),
        **dict(routes.ahead(tree, SOURCES)),
    }


def taken(tree: Tree, facts: Facts, whole: Map, found: Routes, graph: imports.Graph, past: Past) -> Taken:
    """What the sources of a tree come to, module by module."""
    sizes: dict[str, int] = {}
    unread: list[Unread] = []
    for file, lines in facts.of(LINES, tree.files(whole.scope.paths)):
        if isinstance(lines, Unreadable):
            unread.append(Unread(file.path, str(lines)))
        else:
            sizes[file.path] = lines
    modules = assigned(sizes, whole)
    edges = _edges(graph, modules)
    answered = _routes(found, modules)
    changes = Counter(module for each in past.changes for module in {modules[path] for path in each & modules.keys()})
    owned = _owned(modules, past.owners)
    files = Counter(modules.values())
    lines_of: Counter[str] = Counter()
    for path, module in modules.items():
        lines_of[module] += sizes[path]
    importers = Counter(target for targets in edges.values() for target in targets)
    measures = {
        module: Measure(
            files=files[module],
            lines=lines_of[module],
            imports=tuple(sorted(edges.get(module, ()))),
            imported_by=importers[module],
            commits=changes[module],
            owners=tuple(sorted(owned.get(module, ()))),
            routes=tuple(sorted(answered.get(module, ()))),
        )
        for module in sorted(files)
    }
    return Taken(Measured(commits=past.commits, hotspots=_hotspots(measures), modules=measures), tuple(unread), found)


def assigned(paths: Iterable[str], whole: Map) -> dict[str, str]:
    """The module of each source: the closest one that people named, else its own, as the scope has it."""
    named = {path.rstrip("/") for path in whole.modules}
    found: dict[str, str] = {}
    for path in paths:
        around = (path, *_above(path), ".")
        own = path if whole.scope.by is By.FILE else posixpath.dirname(path) or "."
        found[path] = next((place for place in around if place in named), own)
    return found


def _above(path: str) -> Iterator[str]:
    while path := posixpath.dirname(path):
        yield path


def _edges(graph: imports.Graph, modules: Mapping[str, str]) -> dict[str, set[str]]:
    """Which module imports which, by any statement, those within one left out."""
    found: dict[str, set[str]] = {}
    paths = {module.name: module.path for module in graph.modules.values()}
    for each in graph.imports:
        importer, imported = modules.get(each.path), modules.get(paths[each.imported])
        if importer is not None and imported is not None and importer != imported:
            found.setdefault(importer, set()).add(imported)
    return found


def _routes(found: Routes, modules: Mapping[str, str]) -> dict[str, set[str]]:
    answered: dict[str, set[str]] = {}
    for route in found.routes:
        module = modules.get(route.at.path)
        if module is not None and route.mounted:
            answered.setdefault(module, set()).update(f"{method} {route.path}" for method in route.methods)
    return answered


def _owned(modules: Mapping[str, str], owners: OwnersOf) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path, module in modules.items():
        found.setdefault(module, set()).update(owners(path))
    return found


def _hotspots(measures: Mapping[str, Measure]) -> tuple[str, ...]:
    """What changes often and is large, the worst first."""
    hot = [path for path, each in measures.items() if each.commits * each.lines]
    return tuple(sorted(hot, key=lambda path: (-measures[path].commits * measures[path].lines, path))[:HOTSPOTS])
