"""Chains of imports, and the order of components that they are computed in."""

import networkx
from hypothesis import given, settings
from hypothesis import strategies as st

from selfcheck.subjects.imports import Edges, Import
from selfcheck.subjects.imports.chains import Chains, Network
from selfcheck.subjects.imports.cycles import condensed

NUMBERS = st.integers(0, 9).map(str)


def edges(*pairs: tuple[str, str]) -> Edges:
    """Edges that each stand in a file of the importer's name."""
    found: dict[str, dict[str, Import]] = {}
    for importer, imported in pairs:
        found.setdefault(importer, {})[imported] = Import(importer, imported, f"{importer}.py", 1, 0)
    return found


@settings(deadline=None)
@given(pairs=st.sets(st.tuples(NUMBERS, NUMBERS)))
def test_components_are_those_of_networkx_each_after_what_it_leads_to(pairs: set[tuple[str, str]]) -> None:
    graph: networkx.DiGraph[str] = networkx.DiGraph(sorted(pairs))
    nodes = {node: sorted(graph[node]) for node in graph}

    found = [frozenset(component) for component in condensed(nodes)]

    place = {node: number for number, component in enumerate(found) for node in component}
    assert {*found} == {frozenset(each) for each in networkx.strongly_connected_components(graph)}
    assert all(place[imported] <= place[importer] for importer, imported in pairs)


def test_a_chain_of_a_thousand_modules_and_a_circle_at_its_end_is_followed() -> None:
    steps = [(f"m{number:04}", f"m{number + 1:04}") for number in range(1000)]
    network = Network(edges(*steps, ("m1000", "m0500"), ("m1000", "z")))

    (chain,) = Chains(network, {"z": ["z"]}, {"m0000", "z"}).into("m0000", -1, lambda module: module)

    assert (chain.package, chain.reached, len(chain.imports)) == ("z", ("z",), 1001)


def test_a_module_that_nothing_between_leads_to_is_not_reached() -> None:
    network = Network(edges(("a", "b"), ("a", "m"), ("m", "a"), ("b", "m")))

    found = list(Chains(network, {"b": ["b"]}, {"a", "b"}).into("a", -1, lambda module: module))

    assert found == []
