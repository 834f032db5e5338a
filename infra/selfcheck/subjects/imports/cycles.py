"""Circles among the edges of a graph: strongly connected components, and a shortest way round each."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from heapq import heappop, heappush
from itertools import pairwise

from selfcheck.subjects.imports.graph import Edges, Import

WORK = 1_000_000
"""Edges that are followed in search of a shortest circle: about a second of them."""


def components(edges: Mapping[str, Mapping[str, object]]) -> list[list[str]]:
    """The strongly connected components of more than one node, each sorted, the whole sorted."""
    return sorted(sorted(each) for each in condensed(edges) if len(each) > 1)


def condensed(edges: Mapping[str, Iterable[str]]) -> Iterator[list[str]]:
    """Every strongly connected component of the nodes that have edges, after those that it leads to.

    R. Tarjan, Depth-first search and linear graph algorithms, SIAM J. Comput. 1 (1972), without recursion.
    """
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    open_: list[str] = []
    for start in edges:
        if start not in index:
            yield from _condensed_from(start, edges, index, low, open_)


def _condensed_from(
    start: str, edges: Mapping[str, Iterable[str]], index: dict[str, int], low: dict[str, int], open_: list[str]
) -> Iterator[list[str]]:
    path: list[tuple[str, Iterator[str]]] = []
    found: str | None = start
    while found is not None or path:
        if found is not None:
            index[found] = low[found] = len(index)
            open_.append(found)
            path.append((found, iter(edges[found])))
        node, targets = path[-1]
        found = _first_new(node, targets, edges, index, low)
        if found is None:
            path.pop()
            if path:
                above = path[-1][0]
                low[above] = min(low[above], low[node])
            if low[node] == index[node]:
                yield _closed(node, open_, low)


def _first_new(
    node: str, targets: Iterator[str], edges: Container[str], index: Mapping[str, int], low: dict[str, int]
) -> str | None:
    """The first target that was not met yet; those on the way there that are open are as low as the node gets."""
    for target in targets:
        if target not in index:
            if target in edges:
                return target
        elif target in low:
            low[node] = min(low[node], index[target])
    return None


def _closed(root: str, open_: list[str], low: dict[str, int]) -> list[str]:
    """The nodes above and with the root of a component; whoever is in one is out of `low`."""
    members: list[str] = []
    while root not in members[-1:]:
        members.append(open_.pop())
        del low[members[-1]]
    return members


def shortest_cycle(edges: Edges, component: Sequence[str]) -> tuple[list[Import], bool]:
    """A shortest circle of imports within a component, the first one by its modules' names, and whether it is one.

    In a component too large for `WORK` it is the shortest through the first of its modules.
    """
    members = frozenset(component)
    within = {node: sorted(members.intersection(edges[node])) for node in sorted(component)}
    best = _circle_of_two(within)
    waiting = [] if best else [(min(within), within)]
    spent = 0
    while waiting and spent < WORK:
        start, graph = heappop(waiting)
        best = _cycle_from(start, graph, len(best) or len(graph) + 1) or best
        # No other circle has to pass where one has been looked for: what is left may fall apart.
        rest = {node: [target for target in targets if target != start] for node, targets in graph.items()}
        del rest[start]
        for found in components({node: dict.fromkeys(targets) for node, targets in rest.items()}):
            inner = frozenset(found)
            heappush(waiting, (found[0], {node: [each for each in rest[node] if each in inner] for node in found}))
        spent += sum(map(len, graph.values()))
    return [edges[importer][imported] for importer, imported in pairwise((*best, best[0]))], not waiting


def _circle_of_two(within: Mapping[str, Sequence[str]]) -> list[str]:
    for node, targets in within.items():
        for target in targets:
            if node in within[target]:
                return [node, target]
    return []


def _cycle_from(start: str, within: Mapping[str, Sequence[str]], shorter_than: int) -> list[str]:
    """The nodes of a shortest circle from `start`, breadth first; none where it would not be shorter than this."""
    reached = {start: ""}
    ring = [start]
    for _ in range(1, shorter_than):
        found: list[str] = []
        for node in ring:
            for target in within[node]:
                if target == start:
                    return _way(node, reached)
                if target not in reached:
                    reached[target] = node
                    found.append(target)
        ring = found
    return []


def _way(node: str, reached: Mapping[str, str]) -> list[str]:
    way = [node]
    while reached[way[-1]]:
        way.append(reached[way[-1]])
    return way[::-1]
