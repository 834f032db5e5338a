"""Only certain modules import what is protected; all others go through its interface."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Annotated, ClassVar

from msgspec import Meta

from selfcheck.check import Canary, Evidence, Finding, Repository, Strictness, Unprovable, Write
from selfcheck.checks.imports.canaries import is_sayable, neighbours
from selfcheck.checks.imports.contract import ImportContract, at, step
from selfcheck.checks.imports.planting import Planting
from selfcheck.subjects.imports import Edges, Graph, Import
from selfcheck.subjects.imports.expressions import ModuleExpression, is_within, matching, package_pattern, pattern


class ImportsProtected(ImportContract, kw_only=True):
    """Only the allowed importers import the protected modules; everybody else goes through their interface.

    One finding for each direct import of a protected module from outside. What stands in one protected package may
    import each other.
    """

    strictness: ClassVar[Mapping[str, Strictness]] = {
        **ImportContract.strictness,
        "protected_modules": Strictness.MORE,
        "allowed_importers": Strictness.LESS,
        "interface": Strictness.LESS,
    }

    protected_modules: Annotated[tuple[ModuleExpression, ...], Meta(min_length=1)]
    allowed_importers: tuple[ModuleExpression, ...] = ()
    interface: tuple[ModuleExpression, ...] = ()
    as_packages: bool = True

    def scope(self, graph: Graph) -> Iterator[Evidence]:
        """How many modules each expression stands for."""
        for expression in self.protected_modules:
            found = sum(self._matches(expression, name) for name in graph.modules)
            yield Evidence(f"modules at {expression}", scope=found, examined=found)
        for expression in self.allowed_importers:
            if not any(self._matches(expression, name) for name in graph.modules):
                yield Evidence(f"modules at {expression}", scope=0, examined=0)
        for expression in self.interface:
            if not any(self._protecting(name) for name in matching(expression, graph.modules)):
                yield Evidence(f"protected modules at {expression}", scope=0, examined=0)

    def judge(self, graph: Graph, edges: Edges) -> Iterator[Finding]:
        """The imports of protected modules by whoever may not."""
        packages = {name: self._protecting(name) for name in graph.modules if not self._is_interface(name)}
        for importer, targets in edges.items():
            if not self._may(importer):
                for imported, each in targets.items():
                    package = packages.get(imported)
                    if package is not None and not self._is_inside(importer, package):
                        yield self._finding(each, package)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """For each protected expression, an import of a module there by one that may not, a new one if need be."""
        planting = Planting(self, repo)
        for expression in self.protected_modules:
            yield self._canary(planting, expression)

    def _canary(self, planting: Planting, expression: str) -> Canary:
        modules = planting.graph.modules
        hidden = [name for name in modules if self._matches(expression, name) and not self._is_interface(name)]
        if not hidden:
            raise Unprovable(f"every module at {expression} is in the interface")
        importers = sorted(name for name in modules if not self._may(name))
        with suppress(Unprovable):
            return planting.edge(expression, importers, sorted(hidden), self._is_against)
        for name in filter(is_sayable, sorted(hidden)):
            for new in neighbours(modules[name], self.roots):
                if self._is_against(new.name, name):
                    edit = Write(new.path, f"import {name}\n".encode())
                    return Canary(f"let a new module {new.name} import {name}", (edit,), f"{new.name} -> {name}")
        raise Unprovable(f"every module below the roots may import those at {expression}")

    def _finding(self, each: Import, package: str) -> Finding:
        what = "is" if each.imported == package else f"is in {package}, which is"
        return Finding(
            key=f"{each.importer} -> {each.imported}",
            message=f"{each.importer} imports {each.imported}, which {what} protected",
            at=at(each),
            hint=self._hint,
            data={"protected": package, **step(each)},
        )

    @property
    def _hint(self) -> str:
        if self.interface:
            return f"import it from the interface instead: {', '.join(self.interface)}"
        if self.allowed_importers:
            return f"go through one of those that may import it: {', '.join(self.allowed_importers)}"
        return "nothing outside may import it: take the import out, or give it an `interface`"

    def _is_against(self, importer: str, imported: str) -> bool:
        package = self._protecting(imported)
        inside = package is not None and self._is_inside(importer, package)
        return package is not None and importer != imported and not inside and not self._may(importer)

    def _protecting(self, name: str) -> str | None:
        """The innermost protected package that a module is in."""
        parts = name.split(".")
        lengths = range(len(parts), 0, -1) if self.as_packages else (len(parts),)
        above = (".".join(parts[:length]) for length in lengths)
        return next((each for each in above if any(pattern(e).fullmatch(each) for e in self.protected_modules)), None)

    def _is_inside(self, importer: str, package: str) -> bool:
        return self.as_packages and is_within(importer, package)

    def _may(self, importer: str) -> bool:
        return any(self._matches(expression, importer) for expression in self.allowed_importers)

    def _is_interface(self, name: str) -> bool:
        return any(pattern(expression).fullmatch(name) for expression in self.interface)

    def _matches(self, expression: str, name: str) -> bool:
        return (package_pattern if self.as_packages else pattern)(expression).fullmatch(name) is not None
