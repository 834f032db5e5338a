"""No circle among a project's own Python modules or packages."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from msgspec import Meta

from selfcheck.check import Canary, Finding, Repository
from selfcheck.checks.imports.canaries import circle, package
from selfcheck.checks.imports.contract import LONGEST, ImportContract, at, shown, step
from selfcheck.subjects.imports import Edges, Graph, Import, components, shortest_cycle
from selfcheck.subjects.imports.cuts import Edge, Why, closed_by, cuts
from selfcheck.subjects.imports.kinds import mask

REASONS = {
    Why.FEWEST: "fewer leave a circle",
    Why.NEEDED: "each closes a circle that no other opens",
    Why.ENOUGH: "which leaves no circle",
}


class ImportsAcyclic(ImportContract, kw_only=True):
    """Python modules do not import each other in a circle.

    One finding for each strongly connected component of more than one module, over the imports between files below
    `roots`. With `depth`, packages: the first so many parts of the modules' names.
    """

    depth: Annotated[int, Meta(ge=1)] | None = None

    def judge(self, graph: Graph, edges: Edges) -> Iterator[Finding]:
        """Components by their sorted members, each with a shortest cycle and the imports to cut as `data`."""
        judged = edges if self.depth is None else packages(edges, self.depth)
        found = components(judged)
        between = self._between(graph, edges, found) if found else {}
        for component in found:
            cycle, shortest = shortest_cycle(judged, component)
            yield self._finding(component, cycle, _within(component, between), shortest=shortest)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """In each root, a new module that imports an existing one and is imported by it, with `depth` across packages."""
        for root in self.roots:
            yield circle(self.graph(repo), root, self.depth)

    def _between(self, graph: Graph, edges: Edges, found: Sequence[Sequence[str]]) -> dict[Edge, list[Import]]:
        """All imports that make the edges within components; whoever cuts an edge has to cut each of them."""
        component_of = {name: number for number, members in enumerate(found) for name in members}
        wanted = mask(self.kinds)
        imports: dict[Edge, dict[Import, None]] = {}
        for each in (*graph.imports, *(each for targets in edges.values() for each in targets.values())):
            importer, imported = self._node(each.importer), self._node(each.imported)
            inside = component_of.get(importer, -1) == component_of.get(imported, -2)
            judged = inside and importer != imported and each.counts(wanted)
            if judged and each.imported in edges.get(each.importer, ()):
                imports.setdefault((importer, imported), {})[each] = None
        return {edge: list(several) for edge, several in imports.items()}

    def _node(self, name: str) -> str:
        return name if self.depth is None else package(name, self.depth)

    def _finding(
        self, members: Sequence[str], cycle: Sequence[Import], between: Mapping[Edge, list[Import]], *, shortest: bool
    ) -> Finding:
        what = "modules" if self.depth is None else "packages"
        way = f"{'the shortest' if shortest else 'one of them'}: {shown(cycle)}"
        cut, why = cuts({edge: len(imports) for edge, imports in between.items()})
        return Finding(
            key=", ".join(members),
            message=f"{len(members)} {what} import each other in a circle, {way}",
            at=at(cycle[0]),
            hint=_hint([each for edge in cut for each in between[edge]], why),
            data={
                "members": members,
                "cycle": [step(each) for each in cycle],
                "cut": _cut(cut, between, why),
                "why": why.value,
            },
            parts=tuple(members),
        )


def _within(component: Sequence[str], between: Mapping[Edge, list[Import]]) -> dict[Edge, list[Import]]:
    members = frozenset(component)
    return {edge: imports for edge, imports in between.items() if edge[0] in members}


def _hint(imports: Sequence[Import], why: Why) -> str:
    """Which imports to cut, and why these."""
    places = [f"{each.importer} -> {each.imported} [{each.path}:{each.line}]" for each in imports[:LONGEST]]
    more = [f"and {len(imports) - LONGEST} more"] if len(imports) > LONGEST else []
    what = "this import" if len(imports) == 1 else f"these {len(imports)} imports, {REASONS[why]}"
    return f"cut {what}: {', '.join([*places, *more])}; move what both sides need into a third module, or pass it in"


def _cut(cut: Sequence[Edge], between: Mapping[Edge, list[Import]], why: Why) -> list[dict[str, object]]:
    """Each edge to cut, with the imports that make it and the circle that it closes with those that stay."""
    kept: dict[str, list[str]] = {}
    for importer, imported in between.keys() - set(cut):
        kept.setdefault(importer, []).append(imported)
    return [
        {
            "importer": edge[0],
            "imported": edge[1],
            "imports": [step(each) for each in between[edge]],
            "closes": [] if why is Why.ENOUGH else closed_by(edge, kept),
        }
        for edge in cut
    ]


def packages(edges: Edges, depth: int) -> Edges:
    """The edges between packages, each by the first import that makes it; a package is so many parts of a name."""
    found: dict[str, dict[str, Import]] = {}
    for importer, targets in edges.items():
        above = package(importer, depth)
        for imported, each in targets.items():
            below = package(imported, depth)
            if above != below:
                found.setdefault(above, {}).setdefault(below, each._replace(importer=above, imported=below))
    return found
