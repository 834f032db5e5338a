"""Small random import graphs, and what a contract should find in them by trying every path."""

from collections.abc import Collection, Iterator, Mapping

import networkx
from hypothesis import strategies as st

from selfcheck.check import Repository
from selfcheck.model import Verdict
from selfcheck.testing import memory

MODULES = ("p.a.x", "p.a.y", "p.b.x", "p.b.y", "p.c", "p.d.x", "p.e", "q")
EDGES = st.sets(st.tuples(st.sampled_from(MODULES), st.sampled_from(MODULES)).filter(lambda edge: edge[0] != edge[1]))
Pairs = Collection[tuple[str, str]]
Found = Mapping[str, tuple[tuple[str, ...], list[str]]]
"""Key to parts and the modules along the chain."""


def repository(edges: Pairs) -> Repository:
    """Modules that import each other so."""
    imported = {name: sorted(to for importer, to in edges if importer == name) for name in MODULES}
    return memory(
        {f"{name.replace('.', '/')}.py": "".join(f"import {to}\n" for to in imported[name]) for name in MODULES}
    )


def within(package: str) -> list[str]:
    """The modules of a package."""
    return [name for name in MODULES if name == package or name.startswith(f"{package}.")]


def found(verdict: Verdict) -> Found:
    """What a verdict found: the parts of each finding, and the modules along its chain."""
    findings = [ruling.seen for ruling in verdict.findings]
    chains = {finding.key: finding.data["chain"] for finding in findings}
    along = {key: [chain[0]["importer"], *(step["imported"] for step in chain)] for key, chain in chains.items()}
    reached = {finding.key: tuple(part.rpartition(" ")[2] for part in finding.parts) for finding in findings}
    return {finding.key: (reached[finding.key], along[finding.key]) for finding in findings}


def is_led(edges: Pairs, importers: Collection[str], imported: Collection[str]) -> bool:
    """Whether any path at all leads from one of the first to one of the second that it is not itself."""
    graph: networkx.DiGraph[str] = networkx.DiGraph(edges)
    graph.add_nodes_from(MODULES)
    return any(one != other and networkx.has_path(graph, one, other) for one in importers for other in imported)


def breaches(edges: Pairs, importers: Collection[str], package: str, barred: Collection[str]) -> Found:
    """The imports from modules into a package, and the shortest of the longer ways that pass by the barred modules."""
    found: dict[str, tuple[tuple[str, ...], list[str]]] = {}
    for importer in importers:
        ways = list(_ways(edges, [importer], within(package), barred))
        found |= {f"{importer} -> {way[1]}": ((), way) for way in ways if len(way) == 2}
        longer = sorted((len(way), way) for way in ways if len(way) > 2)
        if longer:
            found[f"{importer} -> … -> {package}"] = (tuple(sorted({way[-1] for _, way in longer})), longer[0][1])
    return found


def _ways(edges: Pairs, way: list[str], goals: Collection[str], barred: Collection[str]) -> Iterator[list[str]]:
    for importer, imported in edges:
        if importer == way[-1] and imported not in way:
            if imported in goals:
                yield [*way, imported]
            elif imported not in barred:
                yield from _ways(edges, [*way, imported], goals, barred)
