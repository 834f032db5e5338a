"""The import graph as a value, its strongly connected components and their shortest cycles."""

from collections import deque
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import networkx

from selfcheck.model import Unread
from selfcheck.subjects.imports.modules import Module
from selfcheck.subjects.imports.statements import Kind


class Import(NamedTuple):
    """One import statement that leads from a module to another, by their paths."""

    importer: str
    imported: str
    line: int
    kinds: frozenset[Kind]


class Graph(NamedTuple):
    """All imports among the modules below some roots, each module by its path.

    `statements` counts what imports anything at all; `unread` are the sources that were not read.
    """

    modules: Mapping[str, Module]
    imports: Sequence[Import]
    statements: int
    unread: Sequence[Unread]

    def edges(self, kinds: frozenset[Kind]) -> dict[str, dict[str, Import]]:
        """Importer -> imported -> the first import that counts: one whose kinds are all among these."""
        found: dict[str, dict[str, Import]] = {}
        for each in self.imports:
            if each.kinds <= kinds and each.importer != each.imported:
                found.setdefault(each.importer, {}).setdefault(each.imported, each)
        return found


def components(edges: Mapping[str, Mapping[str, Import]]) -> list[list[str]]:
    """The strongly connected components of more than one module, each sorted, the whole sorted."""
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_edges_from((importer, imported) for importer, found in edges.items() for imported in found)
    return sorted(sorted(found) for found in networkx.strongly_connected_components(graph) if len(found) > 1)


def shortest_cycle(edges: Mapping[str, Mapping[str, Import]], component: Sequence[str]) -> list[Import]:
    """A shortest circle of imports within a component, the first one by its modules' paths."""
    members = frozenset(component)
    cycles = (_cycle_from(start, edges, members) for start in sorted(component))
    return min(cycles, key=len)


def _cycle_from(start: str, edges: Mapping[str, Mapping[str, Import]], members: frozenset[str]) -> list[Import]:
    """Breadth first from `start` until an import leads back to it."""
    reached: dict[str, Import] = {}
    waiting = deque([start])
    while waiting:
        importer = waiting.popleft()
        for imported, found in sorted(edges.get(importer, {}).items()):
            if imported == start:
                return _path(start, found, reached)
            if imported in members and imported not in reached:
                reached[imported] = found
                waiting.append(imported)
    raise ValueError(f"{start} is in no circle of this component")


def _path(start: str, last: Import, reached: Mapping[str, Import]) -> list[Import]:
    path = [last]
    while path[-1].importer != start:
        path.append(reached[path[-1].importer])
    return path[::-1]
