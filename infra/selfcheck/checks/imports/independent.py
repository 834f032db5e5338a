"""Python modules that do not know of each other."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Annotated, ClassVar

from msgspec import Meta

from selfcheck.check import Canary, CannotJudge, Evidence, Finding, Repository, Strictness
from selfcheck.checks.imports.breaches import breach
from selfcheck.checks.imports.contract import ImportContract
from selfcheck.checks.imports.planting import Planting
from selfcheck.subjects.imports import Edges, Graph
from selfcheck.subjects.imports.chains import Network, across
from selfcheck.subjects.imports.expressions import ModuleExpression
from selfcheck.subjects.imports.packages import meant

HINT = "take the import out, or move what both need into a module that imports neither"


class ImportsIndependent(ImportContract, kw_only=True):
    """Python modules do not import each other, neither directly nor through other modules.

    Each module of `modules` stands for itself and all below it.
    """

    strictness: ClassVar[Mapping[str, Strictness]] = {**ImportContract.strictness, "modules": Strictness.MORE}

    modules: Annotated[tuple[ModuleExpression, ...], Meta(min_length=1)]

    def judge(self, graph: Graph, edges: Edges) -> Iterator[Finding]:
        """Each import from one of the modules to another, and each chain between them through modules of none."""
        independent = {each: graph.packages[each] for each in self._independent(graph.packages)}
        package_of = {module: each for each, modules in independent.items() for module in modules}
        for chain in across(Network(edges), independent, {each: (each,) for each in independent}):
            importer = package_of[chain.imports[0].importer]
            yield breach(chain, f"{importer} and {chain.package} must be independent", HINT)

    def scope(self, graph: Graph) -> Iterator[Evidence]:
        """Every expression leads to a module, and there are two of them at least."""
        gone = [expression for expression in self.modules if not meant(expression, graph.packages)]
        yield from (Evidence(f"modules at {expression}", scope=0, examined=0) for expression in gone)
        if not gone:
            several = len(self._independent(graph.packages))
            pairs = several * (several - 1) // 2
            yield Evidence("pairs of independent modules", scope=pairs, examined=pairs)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """For each expression a module that imports the next one's: of a wildcard the first two, of a name the one."""
        planting = Planting(self, repo)
        below = planting.graph.packages
        several = [each for expression in self.modules for each in meant(expression, below)[:2]]
        chosen = list(dict.fromkeys(several))
        around = [*pairwise(chosen), (chosen[-1], chosen[0])] if len(chosen) > 1 else []
        for importer, imported in around:
            yield planting.edge(f"{importer} and {imported}", below[importer], below[imported])

    def _independent(self, below: Mapping[str, object]) -> list[str]:
        """The modules by name, none of which is within another.

        Raises:
            CannotJudge: one is.

        """
        found = {each for expression in self.modules for each in meant(expression, below)}
        for each in sorted(found):
            above = next((other for other in _above(each) if other in found), None)
            if above is not None:
                raise CannotJudge(
                    f"`modules` stands for both {above} and {each}, which is a part of it",
                    "name one of them, or neither",
                )
        return sorted(found)


def _above(name: str) -> Iterator[str]:
    while "." in name:
        name = name.rpartition(".")[0]
        yield name
