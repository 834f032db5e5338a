"""Components, cycles and cuts, held against networkx's over the same edges and against every other cut."""

import random
from itertools import combinations

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfcheck.facts import Facts
from selfcheck.subjects.imports import Graph, components, read, shortest_cycle
from selfcheck.subjects.imports.cuts import EXACT, Why, closed_by, cuts
from selfcheck.trees import Memory

EDGES = st.integers(1, 9).flatmap(
    lambda size: st.sets(st.tuples(st.integers(0, size), st.integers(0, size)), max_size=3 * size)
)
SMALL = st.integers(2, 5).flatmap(
    lambda size: st.dictionaries(
        st.tuples(st.integers(1, size), st.integers(1, size)).filter(lambda edge: edge[0] != edge[1]).map(_named),
        st.integers(1, 4),
        max_size=9,
    )
)
LARGE = st.integers(EXACT + 1, EXACT + 9).flatmap(
    lambda size: st.dictionaries(
        st.tuples(st.integers(1, size), st.integers(1, size)).filter(lambda edge: edge[0] != edge[1]).map(_named),
        st.integers(1, 4),
        min_size=size,
        max_size=4 * size,
    )
)


def _named(edge: tuple[int, int]) -> tuple[str, str]:
    return f"m{edge[0]:02}", f"m{edge[1]:02}"


def written(edges: set[tuple[int, int]], seed: int = 0) -> dict[str, bytes]:
    """Modules that import each other by these edges, the statements in any order."""
    rows: dict[str, list[str]] = {f"p/m{node}.py": [] for edge in edges for node in edge}
    for importer, imported in sorted(edges):
        spelled = (
            f"import p.m{imported}",
            f"from p import m{imported}",
            f"from . import m{imported}",
            f"from .m{imported} import x",
        )
        rows[f"p/m{importer}.py"].append(spelled[(importer + imported) % len(spelled)])
    for found in rows.values():
        random.Random(seed).shuffle(found)
    return {path: "\n".join(found).encode() for path, found in {"p/__init__.py": [""], **rows}.items()}


def as_networkx(edges: set[tuple[int, int]]) -> "networkx.DiGraph[str]":
    """The same edges, without those from a module to itself."""
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_edges_from((f"p.m{importer}", f"p.m{imported}") for importer, imported in edges if importer != imported)
    return graph


@settings(deadline=None)
@given(edges=EDGES)
def test_components_are_those_of_networkx(edges: set[tuple[int, int]]) -> None:
    graph = as_networkx(edges)

    found = components(read(Memory(written(edges)), Facts(), (".",)).edges(()))

    assert found == sorted(sorted(each) for each in networkx.strongly_connected_components(graph) if len(each) > 1)


@settings(deadline=None)
@given(edges=EDGES)
def test_a_shortest_cycle_is_a_real_one_of_minimal_length(edges: set[tuple[int, int]]) -> None:
    graph = as_networkx(edges)
    counted = read(Memory(written(edges)), Facts(), (".",)).edges(())

    for component in components(counted):
        cycle, whole = shortest_cycle(counted, component)

        assert [step.imported for step in cycle] == [step.importer for step in (*cycle[1:], cycle[0])]
        assert {step.importer for step in cycle} <= set(component)
        assert all(graph.has_edge(step.importer, step.imported) for step in cycle)
        assert (len(cycle), whole) == (_girth(graph, component), True)


def _girth(graph: "networkx.DiGraph[str]", component: list[str]) -> float:
    within = graph.subgraph(component)
    return min(networkx.shortest_path_length(within, imported, importer) + 1 for importer, imported in within.edges)


@settings(deadline=None)
@given(edges=EDGES, seed=st.integers(1, 9))
def test_the_order_of_files_and_statements_changes_no_component_and_no_way(
    edges: set[tuple[int, int]], seed: int
) -> None:
    forth, back = written(edges), dict(reversed(written(edges, seed).items()))

    assert _ways(read(Memory(forth), Facts(), (".",))) == _ways(read(Memory(back), Facts(), (".",)))


def _ways(graph: Graph) -> list[list[tuple[str, str]]]:
    edges = graph.edges(())
    return [[(step.importer, step.imported) for step in shortest_cycle(edges, each)[0]] for each in components(edges)]


def test_a_component_of_ten_thousand_modules_is_found_without_recursion() -> None:
    size = 10_000
    chain = {f"{node}": {f"{(node + 1) % size}": None} for node in range(size)}

    assert components(chain) == [sorted(chain)]


def test_what_has_no_edges_of_its_own_is_in_no_component() -> None:
    assert components({"a": {"b": None, "c": None}, "b": {"a": None, "d": None}}) == [["a", "b"]]


@given(weights=SMALL)
def test_of_a_small_component_the_cut_is_a_lightest_one(weights: dict[tuple[str, str], int]) -> None:
    found, fewest = cuts(weights)

    lightest = min(
        sum(weights[edge] for edge in cut)
        for number in range(len(weights) + 1)
        for cut in combinations(weights, number)
        if networkx.is_directed_acyclic_graph(_without(weights, cut))
    )
    assert fewest is Why.FEWEST
    assert networkx.is_directed_acyclic_graph(_without(weights, found))
    assert (sum(weights[edge] for edge in found), found) == (lightest, sorted(found))


@settings(deadline=None)
@given(weights=LARGE)
def test_of_a_large_component_no_edge_of_the_cut_can_be_left_out(weights: dict[tuple[str, str], int]) -> None:
    found, fewest = cuts(weights)

    few = len({node for edge in weights for node in edge}) <= EXACT
    assert fewest is (Why.FEWEST if few else Why.NEEDED)
    assert networkx.is_directed_acyclic_graph(_without(weights, found))
    for edge in found:
        assert not networkx.is_directed_acyclic_graph(_without(weights, set(found) - {edge}))


@given(weights=st.one_of(SMALL, LARGE), seed=st.integers(1, 9))
def test_the_order_of_edges_changes_no_cut(weights: dict[tuple[str, str], int], seed: int) -> None:
    shuffled = list(weights.items())
    random.Random(seed).shuffle(shuffled)

    assert cuts(weights) == cuts(dict(shuffled))


@given(weights=st.one_of(SMALL, LARGE))
def test_each_cut_edge_closes_a_circle_with_those_that_stay(weights: dict[tuple[str, str], int]) -> None:
    found, _ = cuts(weights)
    kept = _without(weights, found)

    for importer, imported in found:
        way = closed_by((importer, imported), {node: list(kept.successors(node)) for node in kept})

        assert way[:2] == [importer, imported]
        assert all(kept.has_edge(*edge) for edge in zip(way[1:], [*way[2:], importer], strict=True))
        assert len(way) - 1 == networkx.shortest_path_length(kept, imported, importer)


def _without(
    weights: dict[tuple[str, str], int],
    cut: "set[tuple[str, str]] | tuple[tuple[str, str], ...] | list[tuple[str, str]]",
) -> "networkx.DiGraph[str]":
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_nodes_from(node for edge in weights for node in edge)
    graph.add_edges_from(weights.keys() - set(cut))
    return graph


@pytest.mark.parametrize(
    ("weights", "found"),
    [
        ({}, []),
        ({("a", "b"): 1}, []),
        ({("a", "b"): 2, ("b", "a"): 1}, [("b", "a")]),
        ({("a", "b"): 1, ("b", "a"): 1}, [("a", "b")]),
        ({("a", "b"): 1, ("b", "c"): 1, ("c", "a"): 1, ("a", "c"): 1}, [("c", "a")]),
        ({("a", "b"): 9, ("b", "c"): 1, ("c", "a"): 9}, [("b", "c")]),
    ],
)
def test_the_edges_to_cut_are_those_with_the_fewest_imports(
    weights: dict[tuple[str, str], int], found: list[tuple[str, str]]
) -> None:
    assert cuts(weights) == (found, Why.FEWEST)


def test_a_cut_of_a_thousand_modules_takes_no_time() -> None:
    weights = {(f"{node}", f"{(node * 7 + step) % 1000}"): 1 for node in range(1000) for step in range(1, 6)}

    found, fewest = cuts({edge: weight for edge, weight in weights.items() if edge[0] != edge[1]})

    assert (bool(found), fewest) == (True, Why.NEEDED)
