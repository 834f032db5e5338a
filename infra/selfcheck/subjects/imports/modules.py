"""Modules by their paths: what each is called, and which files an import statement means."""

import posixpath
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from selfcheck.subjects.imports.places import INIT, SOURCE_FOLDERS, Place, Places, below, upward
from selfcheck.subjects.imports.standard import is_standard
from selfcheck.subjects.imports.statement import Statement
from selfcheck.trees import File, Kind, Tree


class Module(NamedTuple):
    """A module is its file; the name is for people and for the identity of findings."""

    path: str
    name: str


class Meant(NamedTuple):
    """Where the module of a statement may be, the first that Python would look at first."""

    places: tuple[Place, ...]
    alone: tuple[str, ...]
    """The modules that are imported where none of the names is one."""
    has_folder: bool


class Modules:
    """The modules below some root folders, and the rules by which imports find them.

    A name is looked up as Python would from where the importing file may be run: from its own folder upwards, in every
    folder that is no regular package and in a source folder there, then at the roots. Folders without `__init__.py`
    are namespace packages.
    """

    def __init__(self, tree: Tree, roots: Iterable[str]) -> None:
        self._tree = tree
        self._index = Places(tree)
        self.roots = tuple(dict.fromkeys(posixpath.normpath(root) for root in roots))
        self._starts_of: dict[str, tuple[str, ...]] = {}
        self._base_in: dict[str, str] = {}
        self._meant_by: dict[str | tuple[str, ...], dict[str, Meant]] = {}
        """What each module's name means: to whoever has these starts, or in this folder where it is relative."""

    @cached_property
    def files(self) -> tuple[File, ...]:
        """The Python files of all roots, sorted by path."""
        paths = [path for path, kind in self._tree.kinds.items() if path.endswith(".py") and kind is Kind.FILE]
        within = tuple(f"{root}/" for root in self.roots)
        everything = "." in self.roots
        return tuple(
            File(self._tree, path) for path in paths if everything or path.startswith(within) or path in self.roots
        )

    @cached_property
    def by_path(self) -> dict[str, Module]:
        """Each file's module; where two files claim one name the package has it, and the other is called by its path."""
        taken: set[str] = set()
        found: dict[str, Module] = {}
        # A package comes before the module file beside it that it shadows.
        for path in sorted((file.path for file in self.files), key=lambda path: (not path.endswith(f"/{INIT}"), path)):
            name = self._name(path)
            found[path] = Module(path, path if name in taken else name)
            taken.add(name)
        return found

    def imported(self, path: str, statements: Iterable[Statement]) -> Iterator[tuple[Statement, str]]:
        """Each statement in the file `path` with each of these modules' files that it imports, once.

        `from a.b import c` is a.b.c where that is a module, else a.b; there is no edge to a parent package.
        """
        starts = self._starts(posixpath.dirname(path))
        known = self._meant_by.setdefault(starts, {})
        for statement in statements:
            meant = None if statement.level else known.get(statement.module)
            if meant is None:
                meant = self._meant(path, starts, statement)
            if statement.names and meant.has_folder:
                found: dict[str, None] = {}
                for name in statement.names:
                    inner = self._index.file_within(meant.places, name)
                    found.update(dict.fromkeys(meant.alone) if inner is None else {inner: None})
                yield from ((statement, file) for file in found if file in self.by_path)
            else:
                for file in meant.alone:
                    yield statement, file

    def targets(self, path: str, statement: Statement) -> list[str]:
        """The files of these modules that one statement in the file `path` imports."""
        return [file for _, file in self.imported(path, (statement,))]

    def outside(self, path: str, statement: Statement) -> list[str]:
        """The full dotted names that a statement imports and that neither are modules below the roots nor should be."""
        if statement.level:
            return []
        places = self._places(path, statement)
        if any(place.file in self.by_path for place in places) or (not places and self._is_own(statement.module)):
            return []
        if statement.names in ((), ("*",)):
            return [statement.module]
        found = ((name, self._index.file_within(places, name)) for name in statement.names)
        return [f"{statement.module}.{name}" for name, file in found if file not in self.by_path]

    def foreign(self, path: str, statements: Iterable[Statement]) -> Iterator[Statement]:
        """The statements that may lead elsewhere than to one of these modules: all others are known to be theirs."""
        known = self._meant_by.setdefault(self._starts(posixpath.dirname(path)), {})
        for statement in statements:
            meant = None if statement.level else known.get(statement.module)
            if meant is None or not (meant.alone and meant.places):
                yield statement

    def missing(self, path: str, statement: Statement) -> Iterator[tuple[str, str]]:
        """What a statement imports of this repository's own packages and is not there: its name, and why."""
        places = self._places(path, statement)
        if statement.level:
            yield from self._missing_nearby(path, statement, places)
        elif not places and self._is_own(statement.module):
            yield from self._missingbelow(statement.module)

    def _missing_nearby(self, path: str, statement: Statement, places: tuple[Place, ...]) -> Iterator[tuple[str, str]]:
        folder = _package(path, statement.level)
        wanted = "." * statement.level + statement.module
        if folder is None or not self._is_within_a_package(folder, self._base_of(path)):
            yield wanted, "leads above the outermost package that the module is in"
        elif not places:
            if not self._index.is_compiled(posixpath.join(folder, *statement.module.split("."))):
                yield wanted, "there is no such module"
        elif places[0].file is None and places[0].folder is not None:
            for each in statement.names:
                inner = posixpath.join(places[0].folder, each)
                if (
                    each != "*"
                    and each not in self._index.inside.get(places[0].folder, {})
                    and not self._index.is_compiled(inner)
                ):
                    yield (
                        f"{wanted.rstrip('.')}.{each}" if statement.module else f"{wanted}{each}",
                        "there is no such module",
                    )

    def _missingbelow(self, dotted: str) -> Iterator[tuple[str, str]]:
        """Where the first parts are a package or module at a root and the next part is not in it."""
        for start in self._ends:
            here = Place(None, start)
            parts = dotted.split(".")
            for number, part in enumerate(parts):
                inner = self._index.within(here, part)
                if inner is None:
                    compiled = here.folder is not None and self._index.is_compiled(posixpath.join(here.folder, part))
                    if here.file is not None and not compiled:
                        kind = "package" if here.folder is not None else "module, no package,"
                        yield dotted, f"the {kind} {'.'.join(parts[:number])} has no module {part}"
                        return
                    break
                here = inner

    def _places(self, path: str, statement: Statement) -> tuple[Place, ...]:
        return self._meant(path, self._starts(posixpath.dirname(path)), statement).places

    def _meant(self, path: str, starts: tuple[str, ...], statement: Statement) -> Meant:
        within = _package(path, statement.level) if statement.level else None
        if statement.level and within is None:
            return Meant((), (), has_folder=False)
        known = self._meant_by.setdefault(starts if within is None else within, {})
        meant = known.get(statement.module)
        if meant is None:
            meant = known[statement.module] = self._looked_up(starts, within, statement.module)
        return meant

    def _looked_up(self, starts: tuple[str, ...], within: str | None, module: str) -> Meant:
        if within is None:
            places = tuple(self._candidates(starts, module))
        else:
            found = self._index.find(self._index.folder(within), module)
            places = () if found is None else (found,)
        first = next((place.file for place in places if place.file), None) if places else self._last(within, module)
        alone = (first,) if first in self.by_path else ()
        return Meant(places, alone, any(place.folder is not None for place in places))

    def _last(self, within: str | None, dotted: str) -> str | None:
        """The last package on the way to a module that is not there, or is compiled: it is imported before."""
        if within is None and self._is_standard(dotted):
            return None
        for start in self._ends if within is None else (self._index.folder(within).folder,):
            file, here = None, Place(None, start)
            for part in dotted.split("."):
                inner = self._index.within(here, part)
                if inner is None:
                    break
                here, file = inner, inner.file or file
            if file is not None:
                return file
        return None

    def _candidates(self, starts: tuple[str, ...], dotted: str) -> Iterator[Place]:
        if self._is_standard(dotted):
            return
        for start in starts:
            found = self._index.find(Place(None, start), dotted)
            if found is not None:
                yield found

    def _is_standard(self, dotted: str) -> bool:
        first, _, rest = dotted.partition(".")
        return first not in self._named and is_standard(first, package=rest != "")

    def _is_own(self, dotted: str) -> bool:
        """Whether the first part is a module or a regular package at a root: no other distribution's is found then."""
        first = dotted.partition(".")[0]
        return first in self._tops and not self._is_standard(dotted)

    @cached_property
    def _tops(self) -> frozenset[str]:
        """The names of modules and regular packages in the folders that names are relative to."""
        found = (item for end in self._ends for item in self._index.inside.get(end, {}).items())
        return frozenset(name for name, place in found if place.file is not None)

    def _is_within_a_package(self, folder: str, base: str) -> bool:
        """Whether dots that lead to this folder stay in packages; the top folder is one where it says so."""
        return below(folder, base or ".") and (folder != base or (not base and INIT in self._tree.kinds))

    def _starts(self, folder: str) -> tuple[str, ...]:
        if folder not in self._starts_of:
            starts = [place for place in upward(folder) if not self._index.is_package(place)]
            found = [start for place in starts for start in (place, *self._index.sources(place))]
            self._starts_of[folder] = tuple(dict.fromkeys((*found, *self._ends)))
        return self._starts_of[folder]

    @cached_property
    def _ends(self) -> tuple[str, ...]:
        """The folders that names are relative to, whoever imports them."""
        bases = dict.fromkeys(("", *self._bases.values()))
        return tuple(dict.fromkeys(end for base in bases for end in (base, *self._index.sources(base))))

    @cached_property
    def _named(self) -> frozenset[str]:
        """Names that a root was given: they are this repository's, also where the standard library has one of them."""
        return frozenset(posixpath.basename(root).removesuffix(".py") for root in self.roots)

    def _name(self, path: str) -> str:
        folder = path if path in self.roots else posixpath.dirname(path)
        base = self._base_in.get(folder)
        if base is None:
            base = self._base_in[folder] = self._base_of(path)
        inner = path[len(base) + 1 :] if base else path
        return inner.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def _base_of(self, path: str) -> str:
        """The folder that a module's name is relative to."""
        base = max((base for root, base in self._bases.items() if below(path, root)), key=len)
        return next((source for source in self._index.sources(base) if path.startswith(f"{source}/")), base)

    @cached_property
    def _bases(self) -> dict[str, str]:
        """For each root, the folder that names are relative to: above a package, a source folder itself."""
        return {root: self._base(root) for root in self.roots}

    def _base(self, root: str) -> str:
        if root == ".":
            return ""
        sources = self._index.sources(root)
        if sources and not self._index.is_package(root):
            return root
        if posixpath.basename(root) in SOURCE_FOLDERS and not self._index.is_package(root):
            return root
        base = posixpath.dirname(root)
        while base and self._index.is_package(base):
            base = posixpath.dirname(base)
        return base


def _package(path: str, level: int) -> str | None:
    """The folder that so many dots mean in a file; None above the root."""
    parts = path.split("/")
    return "/".join(parts[:-level]) if level <= len(parts) else None
