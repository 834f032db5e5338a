"""Certain modules import nothing but what they are allowed to."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache, partial
from typing import Annotated, ClassVar

from msgspec import Meta

from selfcheck.check import Canary, Evidence, Finding, Repository, Strictness, Unprovable
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

    strictness: ClassVar[Mapping[str, Strictness]] = {
        **ImportContract.strictness,
        "allowed_modules": Strictness.LESS,
        "standard_library": Strictness.LESS,
        "third_party": Strictness.LESS,
    }

    source_modules: Annotated[tuple[ModuleExpression, ...], Meta(min_length=1)]
    allowed_modules: tuple[ModuleExpression, ...] = ()
    standard_library: bool = True
    third_party: bool = False

    def edges(self, graph: Graph) -> Edges:
        """Also the sources' imports that lead out of the roots: to a package by its first name, to an allowed one by its full."""
        wanted = mask(self.kinds)
        found = {importer: dict(targets) for importer, targets in super().edges(graph).items()}
        sources = frozenset(filter(self._is_source, graph.modules))
        for each in graph.outside:
            if each.importer in sources and each.counts(wanted):
                name = each.imported if self._is_allowed(each.imported) else each.imported.partition(".")[0]
                found.setdefault(each.importer, {}).setdefault(name, each._replace(imported=name))
        return found

    def scope(self, graph: Graph) -> Iterator[Evidence]:
        """How many source modules there are."""
        for expression in self.source_modules:
            found = sum(package_pattern(expression).fullmatch(name) is not None for name in graph.modules)
            yield Evidence(f"modules at {expression}", scope=found, examined=found)

    def judge(self, graph: Graph, edges: Edges) -> Iterator[Finding]:
        """Imports beyond what is allowed, and allowances that nothing needs."""
        barred = cache(partial(self._is_barred, own=_tops(graph.modules)))
        for importer, targets in edges.items():
            if self._is_source(importer):
                homes = self._homes(importer)
                for each in targets.values():
                    if barred(each.imported) and not _is_in(each.imported, homes):
                        yield self._finding(each)
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
            return self._is_barred(imported, own) and not _is_in(imported, self._homes(importer))

        with suppress(Unprovable):
            yield planting.edge(source, importers, sorted(modules), breaks)
        for name in (NAME, STANDARD):
            with suppress(Unprovable):
                yield planting.foreign(name, [each for each in importers if breaks(each, name)], name)

    def _is_barred(self, imported: str, own: frozenset[str]) -> bool:
        """Whether a source may not import this, unless it is in its own package."""
        top = imported.partition(".")[0]
        if top not in own and (self.standard_library if is_standard(top) else self.third_party):
            return False
        return not self._is_allowed(imported)

    def _is_allowed(self, imported: str) -> bool:
        return any(package_pattern(allowed).fullmatch(imported) for allowed in self.allowed_modules)

    def _homes(self, importer: str) -> list[str]:
        """For each source expression the outermost package that a module is in: there all may import each other."""
        parts = importer.split(".")
        above = [".".join(parts[: length + 1]) for length in range(len(parts))]
        found = (next(filter(pattern(source).fullmatch, above), None) for source in self.source_modules)
        return [package for package in found if package is not None]

    def _is_source(self, name: str) -> bool:
        return any(package_pattern(source).fullmatch(name) for source in self.source_modules)

    def _finding(self, each: Import) -> Finding:
        return Finding(
            key=f"{each.importer} -> {each.imported}",
            message=f"{each.importer} imports {each.imported}, which it may not",
            at=at(each),
            hint=f"take it out, or add {each.imported} to `allowed_modules` if it belongs there",
            data=step(each),
        )

    def _unused(self, graph: Graph) -> Iterator[Finding]:
        """Allowances that no import of any kind uses."""
        homes = {name: self._homes(name) for name in graph.modules if self._is_source(name)}
        used = {(each.importer, each.imported) for each in (*graph.imports, *graph.outside) if each.importer in homes}
        needed = {imported for importer, imported in used if not _is_in(imported, homes[importer])}
        for allowed in dict.fromkeys(self.allowed_modules):
            if not any(map(package_pattern(allowed).fullmatch, needed)):
                yield Finding(
                    key=f"allowed_modules {allowed}",
                    message=f"the allowance `{allowed}` is used by no import of {', '.join(self.source_modules)}",
                    hint="take it out of `allowed_modules`",
                )


def _is_in(name: str, packages: Iterable[str]) -> bool:
    return any(is_within(name, package) for package in packages)


def _tops(names: Iterable[str]) -> frozenset[str]:
    """The first parts of names: what is ours where it begins like that."""
    return frozenset(name.partition(".")[0] for name in names)
