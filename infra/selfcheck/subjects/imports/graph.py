"""The import graph as a value: modules by name, imports by flags, and the imports that lead nowhere or out."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from selfcheck.model import Unread
from selfcheck.subjects.imports.kinds import Kind, mask
from selfcheck.subjects.imports.modules import Module, Modules
from selfcheck.subjects.imports.packages import packages
from selfcheck.subjects.imports.places import below
from selfcheck.subjects.imports.statement import Statement


class Import(NamedTuple):
    """One import statement that leads from a module to another, both by name, with its place.

    Where it leads out of the roots, `imported` is the full dotted name: `from a.b import c` is a.b.c.
    """

    importer: str
    imported: str
    path: str
    line: int
    flags: int

    def counts(self, kinds: int) -> bool:
        """Whether it has no flag beyond this mask."""
        return not self.flags & ~kinds


class Unresolved(NamedTuple):
    """An import of a module that should stand in this repository and does not."""

    importer: str
    path: str
    line: int
    flags: int
    wanted: str
    reason: str


Edges = Mapping[str, Mapping[str, Import]]
"""Importer -> imported -> the first import that counts."""


class Graph:
    """All imports of the modules below some roots.

    `statements` counts what imports anything at all; `unread` are the sources that were not read.
    """

    def __init__(
        self, modules: Modules, found: Sequence[tuple[str, Sequence[Statement]]], unread: Sequence[Unread]
    ) -> None:
        self.unread = tuple(unread)
        self.statements = sum(max(len(each.names), 1) for _, several in found for each in several)
        self._modules = modules
        self._found = found
        self._edges: dict[tuple[int, bool], Edges] = {}
        self._counted: dict[int, int] = {}

    @cached_property
    def modules(self) -> Mapping[str, Module]:
        """Every module by its name."""
        return {module.name: module for module in self._modules.by_path.values()}

    @cached_property
    def packages(self) -> Mapping[str, Sequence[str]]:
        """Each dotted name that leads to modules, a namespace too, with these: itself and all below it, sorted.

        A module that is called by its path, because another has its name, is in none.
        """
        return packages(name for name, module in self.modules.items() if name != module.path)

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        """The imports between the modules, one for each module that a statement imports, in the order of the files."""
        return tuple(self._internal())

    @cached_property
    def outside(self) -> tuple[Import, ...]:
        """The imports of what is no module below the roots, neither resolved nor meant to be: other distributions."""
        return tuple(self._external())

    @cached_property
    def unresolved(self) -> tuple[Unresolved, ...]:
        """The imports that name a package of this repository and something in it that is not there."""
        return tuple(self._missing())

    def edges(self, kinds: Iterable[Kind], *, ancestors: bool = False) -> Edges:
        """The edges that count; with `ancestors` also to the packages above an imported module, whose code runs as well."""
        wanted = mask(kinds)
        if (wanted, ancestors) not in self._edges:
            found: dict[str, dict[str, Import]] = {}
            for each in self._with_ancestors() if ancestors else self.imports:
                if not each.flags & ~wanted and each.importer != each.imported:
                    found.setdefault(each.importer, {}).setdefault(each.imported, each)
            self._edges[wanted, ancestors] = found
        return self._edges[wanted, ancestors]

    def counted(self, kinds: Iterable[Kind]) -> int:
        """How many of the imports count."""
        wanted = mask(kinds)
        if wanted not in self._counted:
            self._counted[wanted] = sum(not each.flags & ~wanted for each in self.imports)
        return self._counted[wanted]

    def has_below(self, root: str) -> bool:
        """Whether any module stands at or below a path."""
        return any(below(path, posixpath.normpath(root)) for path in self._modules.by_path)

    def _internal(self) -> Iterator[Import]:
        by_path = self._modules.by_path
        for path, several in self._found:
            importer = by_path[path].name
            for statement, target in self._modules.imported(path, several):
                yield Import(importer, by_path[target].name, path, statement.line, statement.flags)

    def _with_ancestors(self) -> Iterator[Import]:
        """Importing a.b.c runs a and a.b before; of these, the ones that the importer is in have run already."""
        for each in self.imports:
            yield each
            own = f"{each.importer}."
            parts = each.imported.split(".")
            for length in range(1, len(parts)):
                above = ".".join(parts[:length])
                if above in self.modules and not own.startswith(f"{above}."):
                    yield each._replace(imported=above)

    def _external(self) -> Iterator[Import]:
        by_path = self._modules.by_path
        for path, several in self._found:
            importer = by_path[path].name
            for statement in self._modules.foreign(path, several):
                for name in self._modules.outside(path, statement):
                    yield Import(importer, name, path, statement.line, statement.flags)

    def _missing(self) -> Iterator[Unresolved]:
        by_path = self._modules.by_path
        for path, several in self._found:
            for statement in self._modules.foreign(path, several):
                for wanted, reason in self._modules.missing(path, statement):
                    yield Unresolved(by_path[path].name, path, statement.line, statement.flags, wanted, reason)
