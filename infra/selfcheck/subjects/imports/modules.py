"""Modules by their paths: what each is called, and which files an import statement means."""

import posixpath
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from selfcheck.subjects.imports.standard import is_standard
from selfcheck.subjects.imports.statement import Statement
from selfcheck.trees import File, Kind, Tree

INIT = "__init__.py"
SOURCE_FOLDERS = ("src", "lib")
"""Folders that by convention hold packages and are none."""
COMPILED = (".pyx", ".pyi", ".pyd", ".so", ".c", ".cpp")
"""What stands for a module that is no Python source."""


class Module(NamedTuple):
    """A module is its file; the name is for people and for the identity of findings."""

    path: str
    name: str


class Place(NamedTuple):
    """What a dotted name means: a file, and a folder that may hold more; a namespace package has no file."""

    file: str | None
    folder: str | None


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
                    inner = self._inner(meant.places, name)
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
        found = ((name, self._inner(places, name)) for name in statement.names)
        return [f"{statement.module}.{name}" for name, file in found if file not in self.by_path]

    def missing(self, path: str, statement: Statement) -> Iterator[tuple[str, str]]:
        """What a statement imports of this repository's own packages and is not there: its name, and why."""
        places = self._places(path, statement)
        if statement.level:
            yield from self._missing_nearby(path, statement, places)
        elif not places and self._is_own(statement.module):
            yield from self._missing_below(statement.module)

    def _missing_nearby(self, path: str, statement: Statement, places: tuple[Place, ...]) -> Iterator[tuple[str, str]]:
        folder = _package(path, statement.level)
        wanted = "." * statement.level + statement.module
        if folder is None or not self._is_within_a_package(folder, self._base_of(path)):
            yield wanted, "leads above the outermost package that the module is in"
        elif not places:
            if not self._is_compiled(posixpath.join(folder, *statement.module.split("."))):
                yield wanted, "there is no such module"
        elif places[0].file is None and places[0].folder is not None:
            for each in statement.names:
                inner = posixpath.join(places[0].folder, each)
                if each != "*" and each not in self._inside.get(places[0].folder, {}) and not self._is_compiled(inner):
                    yield (
                        f"{wanted.rstrip('.')}.{each}" if statement.module else f"{wanted}{each}",
                        "there is no such module",
                    )

    def _missing_below(self, dotted: str) -> Iterator[tuple[str, str]]:
        """Where the first parts are a package or module at a root and the next part is not in it."""
        for start in self._ends:
            here = Place(None, start)
            parts = dotted.split(".")
            for number, part in enumerate(parts):
                inner = self._inside.get(here.folder, {}).get(part) if here.folder is not None else None
                if inner is None:
                    compiled = here.folder is not None and self._is_compiled(posixpath.join(here.folder, part))
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
            found = self._find(self._folder(within), module)
            places = () if found is None else (found,)
        first = next((place.file for place in places if place.file), None)
        alone = (first,) if first in self.by_path else ()
        return Meant(places, alone, any(place.folder is not None for place in places))

    def _candidates(self, starts: tuple[str, ...], dotted: str) -> Iterator[Place]:
        if self._is_standard(dotted):
            return
        for start in starts:
            found = self._find(Place(None, start), dotted)
            if found is not None:
                yield found

    def _is_standard(self, dotted: str) -> bool:
        first, _, rest = dotted.partition(".")
        return first not in self._named and is_standard(first, package=rest != "")

    def _is_own(self, dotted: str) -> bool:
        """Whether the first part is a module or a regular package at a root: no other distribution's is found then."""
        first = dotted.partition(".")[0]
        found = (self._inside.get(end, {}).get(first) for end in self._ends)
        return not self._is_standard(dotted) and any(place is not None and place.file is not None for place in found)

    def _is_within_a_package(self, folder: str, base: str) -> bool:
        """Whether dots that lead to this folder stay in packages; the top folder is one where it says so."""
        return _below(folder, base or ".") and (folder != base or (not base and INIT in self._tree.kinds))

    def _find(self, here: Place, dotted: str) -> Place | None:
        for part in dotted.split(".") if dotted else ():
            inner = None if here.folder is None else self._inside.get(here.folder, {}).get(part)
            if inner is None:
                return None
            here = inner
        return here

    def _inner(self, places: tuple[Place, ...], name: str) -> str | None:
        """The file of a module within a package; the first place that has it, or a file of its own, decides."""
        for place in places:
            inner = None if place.folder is None else self._inside.get(place.folder, {}).get(name)
            if inner is not None and inner.file is not None:
                return inner.file
            if place.file is not None:
                return None
        return None

    @cached_property
    def _inside(self) -> dict[str, dict[str, Place]]:
        """For each folder, what each name in it means: a package shadows a module, which shadows a plain folder."""
        found: dict[str, dict[str, Place]] = {}
        for path in self._tree.kinds:
            if path.endswith(".py"):
                folder, _, name = path.rpartition("/")
                if name != INIT:
                    found.setdefault(folder, {})[name[:-3]] = Place(path, None)
                found.setdefault(folder, {})
        for folder in {each for holding in found for each in _upward(holding) if each}:
            above, _, name = folder.rpartition("/")
            here = self._folder(folder)
            within = found.setdefault(above, {})
            if here.file is not None or name not in within:
                within[name] = here
        return found

    def _folder(self, folder: str) -> Place:
        init = f"{folder}/{INIT}" if folder else INIT
        return Place(init if init in self._tree.kinds else None, folder)

    def _is_package(self, folder: str) -> bool:
        return folder != "" and f"{folder}/{INIT}" in self._tree.kinds

    def _is_compiled(self, base: str) -> bool:
        """Whether a file stands for this module that is no Python source, also one named for a platform: `b.abi3.so`."""
        return base in self._compiled

    @cached_property
    def _compiled(self) -> frozenset[str]:
        """The modules by their paths without an end, and the folders that hold any."""
        found: set[str] = set()
        for path in self._tree.kinds:
            if path.endswith(COMPILED):
                folder, _, name = path.rpartition("/")
                found.update((posixpath.join(folder, name.partition(".")[0]), *_upward(folder)))
        return frozenset(found)

    def _starts(self, folder: str) -> tuple[str, ...]:
        if folder not in self._starts_of:
            upward = [place for place in _upward(folder) if not self._is_package(place)]
            found = [start for place in upward for start in (place, *self._sources(place))]
            self._starts_of[folder] = tuple(dict.fromkeys((*found, *self._ends)))
        return self._starts_of[folder]

    @cached_property
    def _ends(self) -> tuple[str, ...]:
        """The folders that names are relative to, whoever imports them."""
        bases = dict.fromkeys(("", *self._bases.values()))
        return tuple(dict.fromkeys(end for base in bases for end in (base, *self._sources(base))))

    def _sources(self, folder: str) -> list[str]:
        found = (f"{folder}/{name}" if folder else name for name in SOURCE_FOLDERS)
        return [place for place in found if place in self._inside and not self._is_package(place)]

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
        base = max((base for root, base in self._bases.items() if _below(path, root)), key=len)
        return next((source for source in self._sources(base) if path.startswith(f"{source}/")), base)

    @cached_property
    def _bases(self) -> dict[str, str]:
        """For each root, the folder that names are relative to: above a package, a source folder itself."""
        return {root: self._base(root) for root in self.roots}

    def _base(self, root: str) -> str:
        if root == ".":
            return ""
        sources = self._sources(root)
        if sources and not self._is_package(root):
            return root
        if posixpath.basename(root) in SOURCE_FOLDERS and not self._is_package(root):
            return root
        base = posixpath.dirname(root)
        while base and self._is_package(base):
            base = posixpath.dirname(base)
        return base


def _package(path: str, level: int) -> str | None:
    """The folder that so many dots mean in a file; None above the root."""
    parts = path.split("/")
    return "/".join(parts[:-level]) if level <= len(parts) else None


def _below(path: str, root: str) -> bool:
    return root == "." or path == root or path.startswith(f"{root}/")


def _upward(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""
