"""Components and cycles, held against networkx's over the same edges."""

import random

import networkx
from hypothesis import given, settings
from hypothesis import strategies as st

from selfcheck.facts import Facts
from selfcheck.subjects.imports import Graph, components, read, shortest_cycle
from selfcheck.subjects.imports.statements import Kind
from selfcheck.trees import Memory

NOW: frozenset[Kind] = frozenset()
EDGES = st.integers(1, 9).flatmap(
    lambda size: st.sets(st.tuples(st.integers(0, size), st.integers(0, size)), max_size=3 * size)
)


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
    graph.add_edges_from(
        (f"p/m{importer}.py", f"p/m{imported}.py") for importer, imported in edges if importer != imported
    )
    return graph


@settings(deadline=None)
@given(edges=EDGES)
def test_components_are_those_of_networkx(edges: set[tuple[int, int]]) -> None:
    graph = as_networkx(edges)

    found = components(read(Memory(written(edges)), Facts(), (".",)).edges(NOW))

    assert found == sorted(sorted(each) for each in networkx.strongly_connected_components(graph) if len(each) > 1)


@settings(deadline=None)
@given(edges=EDGES)
def test_a_shortest_cycle_is_a_real_one_of_minimal_length(edges: set[tuple[int, int]]) -> None:
    graph = as_networkx(edges)
    counted = read(Memory(written(edges)), Facts(), (".",)).edges(NOW)

    for component in components(counted):
        cycle = shortest_cycle(counted, component)

        assert [step.imported for step in cycle] == [step.importer for step in (*cycle[1:], cycle[0])]
        assert {step.importer for step in cycle} <= set(component)
        assert all(graph.has_edge(step.importer, step.imported) for step in cycle)
        assert len(cycle) == _girth(graph, component)


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
    edges = graph.edges(NOW)
    return [[(step.importer, step.imported) for step in shortest_cycle(edges, each)] for each in components(edges)]


def test_an_edge_is_the_first_statement_whose_kinds_all_count() -> None:
    files = {"a.py": b"def f():\n  import b\nif TYPE_CHECKING:\n  import b\nimport b\nimport b\n", "b.py": b""}
    graph = read(Memory(files), Facts(), (".",))

    lines = {
        kinds: edges["a.py"]["b.py"].line
        for kinds in (NOW, frozenset({Kind.FUNCTION}), frozenset({Kind.TYPE_CHECKING}), frozenset(Kind))
        if (edges := graph.edges(kinds))
    }

    assert lines == {NOW: 5, frozenset({Kind.FUNCTION}): 2, frozenset({Kind.TYPE_CHECKING}): 4, frozenset(Kind): 2}


def test_a_module_that_imports_itself_has_no_edge() -> None:
    graph = read(Memory({"a.py": b"import a\n", "p/__init__.py": b"from . import x\nimport p\n"}), Facts(), (".",))

    assert graph.edges(NOW) == {}
