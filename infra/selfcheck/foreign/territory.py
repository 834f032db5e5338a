"""Which module of a tach configuration each Python module belongs to, and names for the parts that belong to one alone."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from selfcheck.subjects.imports import Graph, Import
from selfcheck.subjects.imports.expressions import is_within
from selfcheck.subjects.imports.kinds import Kind, mask


class Territory:
    """Modules by their nearest configured path; what is below none belongs to the root, called ``."""

    def __init__(self, configured: Iterable[str], graph: Graph, kinds: Iterable[Kind]) -> None:
        self._configured = frozenset(configured)
        self._graph = graph
        self._kinds = mask(kinds)

    def owner(self, name: str) -> str:
        """The longest configured path that a module is within."""
        while name and name not in self._configured:
            name = name.rpartition(".")[0]
        return name

    def holds(self, path: str) -> bool:
        """Whether any module belongs to a path."""
        return any(self.owner(name) == path for name in self._graph.modules)

    def used(self, path: str) -> dict[str, list[Import]]:
        """What the modules of a path import of others, by whom it belongs to."""
        return self._used.get(path, {})

    def parts(self, path: str) -> list[str]:
        """Names that together stand for the modules of a path, each for all below it, as far as there are such."""
        owned = (name for name in self._graph.modules if self.owner(name) == path)
        return sorted({top for name in owned if (top := self.top(name)) is not None})

    def around(self, path: str) -> list[str]:
        """The modules of a path that no name stands for alone: packages in which other modules stand."""
        return sorted(name for name in self._graph.modules if self.owner(name) == path and self.top(name) is None)

    def exactly(self, path: str) -> list[str]:
        """Expressions that, each for itself, stand for the modules of a path and for no other."""
        below = (f"{part}.**" for part in self.parts(path) if len(self._graph.packages[part]) > 1)
        own = (part for part in self.parts(path) if part in self._graph.modules)
        return sorted({*own, *below, *self.around(path)})

    def top(self, name: str) -> str | None:
        """The outermost package around a module, or itself, that belongs to one path with all below it; None for none."""
        path = self.owner(name)
        parts = name.split(".")
        for length in range(max(1, path.count(".") + 1 if path else 1), len(parts) + 1):
            found = ".".join(parts[:length])
            if self.is_whole(found):
                return found
        return None

    def is_whole(self, name: str) -> bool:
        """Whether all that is below a name belongs to one path."""
        return not any(each != name and is_within(each, name) for each in self._configured)

    def inner(self, path: str) -> list[str]:
        """The configured paths within another."""
        return sorted(each for each in self._configured if each != path and is_within(each, path))

    @cached_property
    def _used(self) -> Mapping[str, dict[str, list[Import]]]:
        found: dict[str, dict[str, list[Import]]] = {}
        for each in self._counting():
            importer, imported = self.owner(each.importer), self.owner(each.imported)
            found.setdefault(importer, {}).setdefault(imported, []).append(each)
        return found

    def _counting(self) -> Iterator[Import]:
        seen: set[tuple[str, str]] = set()
        for each in self._graph.imports:
            if each.counts(self._kinds) and (each.importer, each.imported) not in seen:
                seen.add((each.importer, each.imported))
                yield each
