"""Which edges to cut so that a component has no circle left: a feedback arc set, the lightest one where that is feasible."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from heapq import heapify, heappop, heappush

Edge = tuple[str, str]


class Why(StrEnum):
    """How good a set of edges to cut is known to be."""

    FEWEST = "fewest"
    """No lighter set would do."""
    NEEDED = "needed"
    """None of them could be left out."""
    ENOUGH = "enough"
    """They leave no circle; the component is too large to say more."""


EXACT = 10
"""Nodes up to which the best of all their orders is found; each further one doubles the work."""


WORK = 100_000_000
"""Edges that may have to be followed to find out which cuts are needed; of so many, a second's worth really are."""


def cuts(weights: Mapping[Edge, int]) -> tuple[list[Edge], Why]:
    """The edges to cut so that no circle is left, sorted, and how good a choice they are.

    Whatever edges are cut, the nodes stand in an order that only cut edges go against, so that orders are searched. For
    few nodes that is done by dynamic programming over the sets that come first, else greedily: P. Eades, X. Lin, W. F.
    Smyth, A fast and effective heuristic for the feedback arc set problem, Information Processing Letters 47 (1993).
    """
    nodes = sorted({node for edge in weights for node in edge})
    exact = len(nodes) <= EXACT
    order = _best_order(nodes, weights) if exact else _good_order(nodes, weights)
    place = {node: number for number, node in enumerate(order)}
    against = [edge for edge in weights if place[edge[0]] > place[edge[1]]]
    if exact:
        return sorted(against), Why.FEWEST
    if len(against) * len(weights) > WORK:
        return sorted(against), Why.ENOUGH
    return sorted(_needed(place, weights, against)), Why.NEEDED


def closed_by(cut: Edge, kept: Mapping[str, Iterable[str]]) -> list[str]:
    """The nodes of a shortest circle that a cut edge would close with the kept ones, its importer first."""
    importer, imported = cut
    reached = {imported: importer}
    ring = [imported]
    while ring and importer not in reached:
        found: list[str] = []
        for node in ring:
            for target in sorted(kept.get(node, ())):
                if target not in reached:
                    reached[target] = node
                    found.append(target)
        ring = found
    way = [importer]
    while reached.get(way[-1], importer) != importer:
        way.append(reached[way[-1]])
    return [importer, *way[:0:-1]]


def _best_order(nodes: Sequence[str], weights: Mapping[Edge, int]) -> list[str]:
    """The order that the lightest edges go against: the cost of a set that comes first does not depend on what follows."""
    index = {node: number for number, node in enumerate(nodes)}
    back = [[0] * len(nodes) for _ in nodes]
    for (importer, imported), weight in weights.items():
        back[index[importer]][index[imported]] = weight
    cost = [0] * (1 << len(nodes))
    last = [0] * (1 << len(nodes))
    for first in range(1, 1 << len(nodes)):
        inside = [number for number in range(len(nodes)) if first >> number & 1]
        options = (
            (cost[first & ~(1 << number)] + sum(back[number][other] for other in inside), number) for number in inside
        )
        cost[first], last[first] = min(options)
    order: list[str] = []
    first = (1 << len(nodes)) - 1
    while first:
        order.append(nodes[last[first]])
        first &= ~(1 << last[first])
    return order[::-1]


def _good_order(nodes: Sequence[str], weights: Mapping[Edge, int]) -> list[str]:
    """Whoever imports much more than it is imported comes early; the lead is taken anew whenever one is placed."""
    around: dict[str, dict[str, int]] = {node: {} for node in nodes}
    for (importer, imported), weight in weights.items():
        around[importer][imported] = around[importer].get(imported, 0) + weight
        around[imported][importer] = around[imported].get(importer, 0) - weight
    lead = {node: sum(neighbours.values()) for node, neighbours in around.items()}
    waiting = [(-lead[node], node) for node in nodes]
    heapify(waiting)
    order: dict[str, None] = {}
    while waiting:
        negative, node = heappop(waiting)
        if node in order or -negative != lead[node]:
            continue
        order[node] = None
        for neighbour, weight in around[node].items():
            if neighbour not in order:
                lead[neighbour] += weight
                heappush(waiting, (-lead[neighbour], neighbour))
    return list(order)


def _needed(place: Mapping[str, int], weights: Mapping[Edge, int], against: Sequence[Edge]) -> list[Edge]:
    """The edges against an order without which there is a circle; the heaviest are spared first."""
    kept: dict[str, set[str]] = {}
    for importer, imported in weights.keys() - set(against):
        kept.setdefault(importer, set()).add(imported)
    needed: list[Edge] = []
    for edge in sorted(against, key=lambda each: (-weights[each], place[each[0]] - place[each[1]], each)):
        if _leads(edge[1], edge[0], kept):
            needed.append(edge)
        else:
            kept.setdefault(edge[0], set()).add(edge[1])
    return needed


def _leads(start: str, end: str, edges: Mapping[str, Iterable[str]]) -> bool:
    reached = {start}
    waiting = [start]
    while waiting:
        for target in edges.get(waiting.pop(), ()):
            if target == end:
                return True
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return False
