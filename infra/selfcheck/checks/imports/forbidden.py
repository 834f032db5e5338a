"""Python modules that others must not know."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, ClassVar

from msgspec import Meta

from selfcheck.check import Canary, Evidence, Finding, Repository, Strictness
from selfcheck.checks.imports.breaches import breach
from selfcheck.checks.imports.canaries import NAME
from selfcheck.checks.imports.contract import ImportContract
from selfcheck.checks.imports.forbidding import Forbidding, Foreign
from selfcheck.checks.imports.planting import Planting
from selfcheck.subjects.imports import Edges, Graph
from selfcheck.subjects.imports.chains import Chain, Network
from selfcheck.subjects.imports.expressions import ModuleExpression, has_wildcard
from selfcheck.subjects.imports.kinds import mask
from selfcheck.subjects.imports.packages import meant, packages

HINT = "take the import out, or move what is needed to where both may import it"
Expressions = Annotated[tuple[ModuleExpression, ...], Meta(min_length=1)]
Packages = Mapping[str, Sequence[str]]


class ImportsForbidden(ImportContract, kw_only=True):
    """Some Python modules do not import others, neither directly nor through other modules.

    What is forbidden may stand below the roots, in another distribution or in the standard library. A module stands
    for itself and all below it, unless `as_packages` is false.
    """

    strictness: ClassVar[Mapping[str, Strictness]] = {
        **ImportContract.strictness,
        "source_modules": Strictness.MORE,
        "forbidden_modules": Strictness.MORE,
        "allow_indirect_imports": Strictness.LESS,
    }

    source_modules: Expressions
    forbidden_modules: Expressions
    allow_indirect_imports: bool = False
    as_packages: bool = True

    def edges(self, graph: Graph) -> Edges:
        """The edges that count, also those to forbidden packages outside the roots."""
        found, wanted = dict(super().edges(graph)), mask(self.kinds)
        foreign = self._foreign(graph)
        for each in graph.outside:
            package = foreign.package(each.imported) if each.counts(wanted) else None
            if package is not None and package not in found.get(each.importer, ()):
                found[each.importer] = {**found.get(each.importer, {}), package: each._replace(imported=package)}
        return found

    def judge(self, graph: Graph, edges: Edges) -> Iterator[Finding]:
        """Each import of a forbidden module by a source, and each chain that leads there."""
        below = self._below(graph)
        outside = packages({name for found in edges.values() for name in found if name not in graph.modules})
        forbidding = self._forbidding({**below, **{name: [*below.get(name, ()), *outside[name]] for name in outside}})
        network, sources = Network(edges), self._sources(below)
        yield from (breach(each, _reason(each), HINT) for each in forbidding.direct(network, sources))
        if not self.allow_indirect_imports:
            yield from (breach(each, _reason(each), HINT) for each in forbidding.indirect(network, sources))

    def scope(self, graph: Graph) -> Iterator[Evidence]:
        """Every expression of this repository's own names leads to a module, and something is forbidden to a source."""
        below = self._below(graph)
        sources, outside = self._sources(below), 0
        for expression in self.source_modules:
            if not meant(expression, below):
                yield Evidence(f"modules at {expression}", scope=0, examined=0)
        for expression in self.forbidden_modules:
            modules = meant(expression, below)
            if (
                modules
                and sources
                and all(len({*sources}.intersection(below[each])) == len(sources) for each in modules)
            ):
                yield Evidence(f"source modules outside {expression}", scope=0, examined=0)
            elif not modules and not self._is_foreign(expression, graph):
                yield Evidence(f"modules at {expression}", scope=0, examined=0)
            outside += not modules
        if sources:
            yield Evidence("source modules", scope=len(sources), examined=len(sources))
        if outside:
            yield Evidence("forbidden packages outside the roots", scope=outside, examined=outside)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """For each source and each forbidden expression, one import from the one to the other."""
        planting = Planting(self, repo)
        below, foreign = self._below(planting.graph), self._foreign(planting.graph)
        forbidding = self._forbidding(below)
        for source in self.source_modules:
            importers = _modules([source], below)
            for expression in self.forbidden_modules:
                modules = _modules([expression], below)
                name = expression.replace("**", NAME).replace("*", NAME)
                if not modules:
                    yield planting.foreign(name, importers, foreign.package(name) or name)
                elif any(forbidding.forbids(importer, module) for importer in importers for module in modules):
                    between = f"{source} and {expression}"
                    yield planting.edge(between, importers, modules, forbidding.forbids)

    def _sources(self, below: Packages) -> list[str]:
        return _modules(self.source_modules, below)

    def _forbidding(self, below: Packages) -> Forbidding:
        return Forbidding(
            {each: below[each] for expression in self.forbidden_modules for each in meant(expression, below)}
        )

    def _foreign(self, graph: Graph) -> Foreign:
        return Foreign(self.forbidden_modules, self._below(graph))

    def _is_foreign(self, expression: str, graph: Graph) -> bool:
        """Whether it may stand for what is outside the roots: by its first part, or by what is imported today."""
        first = expression.partition(".")[0]
        if has_wildcard(first):
            foreign = Foreign([expression], self._below(graph))
            return any(foreign.package(each.imported) for each in graph.outside)
        return first not in graph.packages

    def _below(self, graph: Graph) -> Packages:
        """The modules that each name stands for."""
        return (
            graph.packages
            if self.as_packages
            else {module: [module] for module in graph.modules if module in graph.packages}
        )


def _modules(expressions: Iterable[str], below: Packages) -> list[str]:
    return sorted({module for expression in expressions for each in meant(expression, below) for module in below[each]})


def _reason(chain: Chain) -> str:
    first, *others = chain.imports
    return f"{first.importer} must not import {chain.package}{', not even through others' if others else ''}"
