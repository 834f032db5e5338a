"""What all contracts about imports share: the graph that they judge, the imports that count, and exempt edges."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar

from msgspec import Meta, Struct

from selfcheck.check import Check, Evidence, Extractor, File, Finding, Location, Repository, Seen, Strictness, Tree
from selfcheck.guardrail import RootPath, Text
from selfcheck.subjects.imports import BY_DEFAULT, CALLED, STATEMENTS, Edges, Graph, Import, Kind, Modules, read
from selfcheck.subjects.imports.expressions import ImportExpression, has_wildcard, pattern

LONGEST = 8
"""How many steps of a chain a message shows; `data` holds them all."""


class Exemption(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Edges that are taken out before judging; one with a wildcard has the `count` of edges that it covers."""

    imports: ImportExpression
    reason: Text
    count: Annotated[int, Meta(ge=1)] | None = None


class ImportContract(Check, kw_only=True):
    """A contract about the imports between the Python files below `roots`."""

    subject: ClassVar[str | None] = "imports"
    strictness: ClassVar[Mapping[str, Strictness]] = {
        "kinds": Strictness.MORE,
        "ancestors": Strictness.MORE,
        "exempt": Strictness.LESS,
    }

    roots: Annotated[tuple[RootPath, ...], Meta(min_length=1)] = (".",)
    kinds: tuple[Kind, ...] = BY_DEFAULT
    ancestors: bool = False
    exempt: tuple[Exemption, ...] = ()

    def edges(self, graph: Graph) -> Edges:
        """The edges that count: what is judged, and what an exemption may cover."""
        return graph.edges(self.kinds, ancestors=self.ancestors)

    def judge(self, graph: Graph, edges: Edges) -> Iterator[Finding]:
        """What breaks the contract over these edges, which are all that count and are not exempt."""
        raise NotImplementedError(f"{type(self).__name__} has no judge()")

    def scope(self, graph: Graph) -> Iterator[Evidence]:
        """What the contract's own options lead to; an expression that leads to nothing is an empty scope."""
        return iter(())

    def run(self, repo: Repository) -> Iterator[Seen]:
        """Findings of the contract and of its exemptions."""
        graph = self.graph(repo)
        edges = self.edges(graph)
        yield Evidence("modules", scope=len(graph.modules), examined=len(graph.modules) - len(graph.unread))
        if graph.statements:
            yield Evidence("import statements between them", scope=graph.statements, examined=graph.counted(self.kinds))
        yield from graph.unread
        yield from (
            Evidence(f"modules at {root}", 0, 0) for root in self.roots if root != "." and not graph.has_below(root)
        )
        yield from self.scope(graph)
        yield from self.judge(graph, without(edges, self.exempt))
        yield from self._idle(graph, edges)

    def graph(self, repo: Repository) -> Graph:
        """The graph below the roots, read once a run."""
        return repo.subject(read, repo.tree, repo.facts, self.roots, dynamic=Kind.DYNAMIC in self.kinds)

    def ahead(self, tree: Tree) -> Iterator[tuple[Extractor[Any], tuple[File, ...]]]:
        """The import statements of every module below the roots."""
        files = Modules(tree, self.roots).files
        yield STATEMENTS, files
        if Kind.DYNAMIC in self.kinds:
            yield CALLED, files

    def share(self, repo: Repository) -> bool:
        """The graph, with every import resolved; without any there is nothing to share."""
        return bool(self.graph(repo).imports)

    def _idle(self, graph: Graph, edges: Edges) -> Iterator[Finding]:
        """Exemptions that cover nothing, more than they say, or only what would be no finding anyway."""
        for number, exemption in enumerate(self.exempt):
            covered = list(covering(exemption, edges))
            others = self.exempt[:number] + self.exempt[number + 1 :]
            fault = _fault(exemption, covered)
            if fault is None and not self._bites(graph, edges, others):
                fault = "has no effect: without it the same is found", "take it out"
            if fault is not None:
                yield Finding(
                    key=f"exempt {exemption.imports}",
                    message=f"the exemption `{exemption.imports}` {fault[0]}",
                    hint=fault[1],
                    data={"imports": [step(each) for each in covered]},
                )

    def _bites(self, graph: Graph, edges: Edges, others: Sequence[Exemption]) -> bool:
        """Whether the exemptions together hide anything that the others alone would not."""
        hidden = self.judge(graph, without(edges, self.exempt))
        shown = self.judge(graph, without(edges, others))
        return _identities(hidden) != _identities(shown)


def without(edges: Edges, exemptions: Iterable[Exemption]) -> Edges:
    """The edges that no exemption covers."""
    taken = {(each.importer, each.imported) for exemption in exemptions for each in covering(exemption, edges)}
    if not taken:
        return edges
    return {
        importer: {imported: each for imported, each in found.items() if (importer, imported) not in taken}
        for importer, found in edges.items()
    }


def covering(exemption: Exemption, edges: Edges) -> Iterator[Import]:
    """The edges that an exemption covers."""
    left, _, right = exemption.imports.partition(" -> ")
    importers, imported = pattern(left).fullmatch, pattern(right).fullmatch
    for importer, found in edges.items():
        if importers(importer):
            yield from (each for name, each in found.items() if imported(name))


def _fault(exemption: Exemption, covered: Sequence[Import]) -> tuple[str, str] | None:
    if not covered:
        return "covers no import", "take it out, or mend its names"
    if has_wildcard(exemption.imports) and exemption.count is None:
        return f"covers {len(covered)} imports and does not say so", f"write `count: {len(covered)}` to it"
    if exemption.count is not None and len(covered) > exemption.count:
        shown = ", ".join(f"{each.importer} -> {each.imported} [{each.path}:{each.line}]" for each in covered[:LONGEST])
        return f"covers {len(covered)} imports, not {exemption.count}: {shown}", "take the new import out"
    return None


def _identities(findings: Iterable[Finding]) -> set[tuple[str, tuple[str, ...]]]:
    return {(each.key, tuple(each.parts)) for each in findings}


def step(each: Import) -> dict[str, str | int]:
    """An import as a step of a chain in `data`."""
    return {"importer": each.importer, "imported": each.imported, "path": each.path, "line": each.line}


def shown(chain: Sequence[Import]) -> str:
    """`a -> b [a.py:3] -> c [b.py:7]`: each step with the import that makes it."""
    steps = [f"-> {each.imported} [{each.path}:{each.line}]" for each in chain]
    told = [*steps[:LONGEST], *(["-> …"] if len(steps) > LONGEST else [])]
    return " ".join((chain[0].importer, *told))


def at(each: Import) -> Location:
    """The place of an import statement."""
    return Location(each.path, each.line)
