"""Certain modules are imported by those that must not do without them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Annotated, ClassVar, NamedTuple

from msgspec import Meta

from selfcheck.check import Canary, Evidence, Finding, Location, Repository, Strictness, Unprovable, Write
from selfcheck.checks.imports.contract import ImportContract, without
from selfcheck.subjects.imports import Edges, Graph
from selfcheck.subjects.imports.expressions import ModuleExpression, is_within, matching

Importers = Mapping[str, Collection[str]]
"""For each required module, the modules outside it that import it; with `indirect` also those through others."""


class Demand(NamedTuple):
    """One importer that must import one module; `pair` are the expressions that the two come from."""

    pair: tuple[str, str]
    importer: str
    module: str


class ImportsRequired(ImportContract, kw_only=True):
    """Certain modules are imported by every one of these importers, or with `any: true` by at least one of them.

    What is written and tested but imported by nobody does nothing. A package imports what any of its modules imports,
    and is imported where any of its modules is.
    """

    # An import that does not count, or is exempt, meets no demand.
    strictness: ClassVar[Mapping[str, Strictness]] = {
        "kinds": Strictness.LESS,
        "ancestors": Strictness.LESS,
        "exempt": Strictness.MORE,
        "modules": Strictness.MORE,
        "indirect": Strictness.LESS,
        "any": Strictness.LESS,
    }

    modules: Annotated[tuple[ModuleExpression, ...], Meta(min_length=1)]
    importers: Annotated[tuple[ModuleExpression, ...], Meta(min_length=1)]
    indirect: bool = False
    any: bool = False

    def scope(self, graph: Graph) -> Iterator[Evidence]:
        """How many modules are required, and of how many importers."""
        demands = self._demands(graph)
        for number, (what, expressions) in enumerate((("importers", self.importers), ("modules", self.modules))):
            for expression in expressions:
                found = {each[1 + number] for each in demands if each.pair[number] == expression}
                yield Evidence(f"{what} at {expression}", scope=len(found), examined=len(found))

    def judge(self, graph: Graph, edges: Edges) -> Iterator[Finding]:
        """The demands that no import meets."""
        demands = self._demands(graph)
        found = self._importers(demands, edges)
        meeting = {module: {above for name in several for above in _above(name)} for module, several in found.items()}
        missing = [each for each in demands if each.importer not in meeting[each.module]]
        if self.any:
            met = {each.module for each in demands if each.importer in meeting[each.module]}
            missing = [each for each in missing if each.module not in met]
        yield from self._findings(graph, missing)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """For each pair of expressions, the first importer that meets the demand has its importing modules emptied."""
        graph = self.graph(repo)
        demands = self._demands(graph)
        found = self._importers(demands, without(self.edges(graph), self.exempt))
        met: dict[tuple[str, str], list[Demand]] = {}
        for each in demands:
            if _meeting(each, found):
                # Where one importer is enough, all of them have to stop.
                met.setdefault(("", each.module) if self.any else each.pair, []).append(each)
        if not met:
            raise Unprovable("as the repository stands, no importer imports what it must")
        for several in met.values():
            yield self._stopped(graph, several if self.any else several[:1], found)

    def _stopped(self, graph: Graph, demands: Sequence[Demand], found: Importers) -> Canary:
        _, importer, module = demands[0]
        emptied = dict.fromkeys(name for each in demands for name in _meeting(each, found))
        edits = tuple(Write(graph.modules[name].path, b"") for name in emptied)
        if self.any:
            return Canary(f"empty every importer of {module}", edits, module)
        return Canary(f"empty what of {importer} imports {module}", edits, f"{importer} -> {module}")

    def _demands(self, graph: Graph) -> list[Demand]:
        """Every importer with every required module, except one that the importer is itself part of."""
        names = _packages(graph)
        modules = [(each, name) for each in self.modules for name in matching(each, names)]
        importers = [(each, name) for each in self.importers for name in matching(each, names)]
        return [
            Demand((theirs, its), importer, module)
            for its, module in modules
            for theirs, importer in importers
            if not is_within(importer, module)
        ]

    def _importers(self, demands: Sequence[Demand], edges: Edges) -> Importers:
        found: dict[str, set[str]] = {each.module: set() for each in demands}
        importers: dict[str, set[str]] = {}
        for importer, targets in edges.items():
            for imported in targets:
                importers.setdefault(imported, set()).add(importer)
                for module in _above(imported):
                    if module in found and not is_within(importer, module):
                        found[module].add(importer)
        if self.indirect:
            return {module: _reaching(direct, importers, module) for module, direct in found.items()}
        return found

    def _findings(self, graph: Graph, missing: Sequence[Demand]) -> Iterator[Finding]:
        how = ", neither directly nor through others" if self.indirect else ""
        asked: dict[str, list[str]] = {}
        for each in missing:
            asked.setdefault(each.module, []).append(each.importer)
        for module, several in asked.items():
            importers = sorted(set(several))
            if self.any:
                yield Finding(
                    key=module,
                    message=f"none of {len(importers)} importers imports {module}{how}",
                    at=_place(graph, module),
                    hint=f"import it in one of {', '.join(self.importers)}, or take {module} out where it is not needed",
                    data={"module": module, "importers": importers},
                )
                continue
            for importer in importers:
                yield Finding(
                    key=f"{importer} -> {module}",
                    message=f"{importer} does not import {module}{how}",
                    at=_place(graph, importer),
                    hint=f"import {module} there and use it",
                    data={"importer": importer, "module": module},
                )


def _meeting(demand: Demand, found: Importers) -> list[str]:
    """The modules of an importer that import what is demanded."""
    return sorted(name for name in found[demand.module] if is_within(name, demand.importer))


def _reaching(direct: Collection[str], importers: Mapping[str, Collection[str]], module: str) -> set[str]:
    """Whatever imports one of these modules through any number of others; the required one itself leads no further."""
    found = set(direct)
    waiting = list(direct)
    while waiting:
        new = [each for each in importers.get(waiting.pop(), ()) if each not in found and not is_within(each, module)]
        found.update(new)
        waiting += new
    return found


def _packages(graph: Graph) -> list[str]:
    """All modules and the packages that they are in, by name."""
    return sorted({above for name in graph.modules for above in _above(name)})


def _above(name: str) -> Iterator[str]:
    """A module and the packages that it is in; one that is called by its path is in none."""
    yield name
    while "." in name and "/" not in name:
        name = name.rpartition(".")[0]
        yield name


def _place(graph: Graph, name: str) -> Location:
    """The file of a module; of a package without one its first."""
    module = graph.modules.get(name)
    path = module.path if module else min(each.path for each in graph.modules.values() if is_within(each.name, name))
    return Location(path)
