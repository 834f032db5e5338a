"""Certain modules import nothing but what they are allowed to."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Annotated

from msgspec import Meta

from selfcheck.check import Canary, Evidence, Finding, Repository, Unprovable
from selfcheck.checks.imports.canaries import NAME
from selfcheck.checks.imports.contract import ImportContract, at, step
from selfcheck.checks.imports.planting import Planting
from selfcheck.subjects.imports import Edges, Graph, Import
from selfcheck.subjects.imports.expressions import ModuleExpression, is_within, package_pattern, pattern
from selfcheck.subjects.imports.kinds import mask
from selfcheck.subjects.imports.standard import is_standard

STANDARD = "this"
"""A module of the standard library that no program needs."""


class ImportsAllowed(ImportContract, kw_only=True):
    """Certain modules import only what they are allowed to: nothing else of ours, and no other distribution.

    One finding for each other module that a source imports, for each other distribution's package, and for each
    allowance that no import uses.
    """

    source_modules: Annotated[tuple[ModuleExpression, ...], Meta(min_length=1)]
    allowed_modules: tuple[ModuleExpression, ...] = ()
    standard_library: bool = True
    third_party: bool = False

    def edges(self, graph: Graph) -> Edges:
        """Also the imports that lead out of the roots, by their full dotted names."""
        wanted = mask(self.kinds)
        found = super().edges(graph)
        for each in graph.outside:
            if each.counts(wanted):
                found.setdefault(each.importer, {}).setdefault(each.imported, each)
        return found

    def scope(self, graph: Graph) -> Iterator[Evidence]:
        """How many source modules there are."""
        for expression in self.source_modules:
            found = sum(package_pattern(expression).fullmatch(name) is not None for name in graph.modules)
            yield Evidence(f"modules at {expression}", scope=found, examined=found)

    def judge(self, graph: Graph, edges: Edges) -> Iterator[Finding]:
        """Imports beyond what is allowed, and allowances that nothing needs."""
        own = _tops(graph.modules)
        for importer, targets in edges.items():
            if self._is_source(importer):
                beyond = [each for each in targets.values() if self._is_against(importer, each.imported, own)]
                ours = [each for each in beyond if each.imported in graph.modules]
                yield from (self._finding(each.imported, [each]) for each in ours)
                others: dict[str, list[Import]] = {}
                for each in beyond:
                    if each.imported not in graph.modules:
                        others.setdefault(each.imported.partition(".")[0], []).append(each)
                yield from (self._finding(top, several) for top, several in others.items())
        yield from self._unused(graph)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """For each source expression, an import of each sort that is barred: ours, another's, the standard library's."""
        planting = Planting(self, repo)
        own = _tops(planting.graph.modules)
        found = [each for source in self.source_modules for each in self._canaries(planting, own, source)]
        if not found:
            raise Unprovable("the sources may import whatever there is")
        yield from found

    def _canaries(self, planting: Planting, own: frozenset[str], source: str) -> Iterator[Canary]:
        modules = planting.graph.modules
        importers = sorted(filter(package_pattern(source).fullmatch, modules))

        def breaks(importer: str, imported: str) -> bool:
            return self._is_against(importer, imported, own)

        with suppress(Unprovable):
            yield planting.edge(source, importers, sorted(modules), breaks)
        for name in (NAME, STANDARD):
            with suppress(Unprovable):
                yield planting.foreign(name, [each for each in importers if breaks(each, name)], name)

    def _is_against(self, importer: str, imported: str, own: frozenset[str]) -> bool:
        top = imported.partition(".")[0]
        if top not in own and (self.standard_library if is_standard(top) else self.third_party):
            return False
        if any(package_pattern(allowed).fullmatch(imported) for allowed in self.allowed_modules):
            return False
        return not self._are_together(importer, imported)

    def _are_together(self, importer: str, imported: str) -> bool:
        """Whether both are in one source package: the outermost that the importer is in."""
        parts = importer.split(".")
        above = [".".join(parts[: length + 1]) for length in range(len(parts))]
        found = (next(filter(pattern(source).fullmatch, above), None) for source in self.source_modules)
        return any(package is not None and is_within(imported, package) for package in found)

    def _is_source(self, name: str) -> bool:
        return any(package_pattern(source).fullmatch(name) for source in self.source_modules)

    def _finding(self, name: str, imports: Sequence[Import]) -> Finding:
        first = imports[0]
        told = sorted({each.imported for each in imports})
        more = f" and {len(told) - 1} more" if len(told) > 1 else ""
        return Finding(
            key=f"{first.importer} -> {name}",
            message=f"{first.importer} imports {first.imported}{more}, which it may not",
            at=at(first),
            hint=f"take it out, or add {name} to `allowed_modules` if it belongs there",
            data={"imports": [step(each) for each in imports]},
            parts=tuple(told),
        )

    def _unused(self, graph: Graph) -> Iterator[Finding]:
        """Allowances that no import of any kind uses."""
        sources = frozenset(filter(self._is_source, graph.modules))
        used = {(each.importer, each.imported) for each in (*graph.imports, *graph.outside) if each.importer in sources}
        needed = {imported for importer, imported in used if not self._are_together(importer, imported)}
        for allowed in dict.fromkeys(self.allowed_modules):
            if not any(map(package_pattern(allowed).fullmatch, needed)):
                yield Finding(
                    key=f"allowed_modules {allowed}",
                    message=f"the allowance `{allowed}` is used by no import of {', '.join(self.source_modules)}",
                    hint="take it out of `allowed_modules`",
                )


def _tops(names: Iterable[str]) -> frozenset[str]:
    """The first parts of names: what is ours where it begins like that."""
    return frozenset(name.partition(".")[0] for name in names)
