"""Modules by their paths: what each is called, and which file an import statement means."""

import posixpath
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from selfcheck.subjects.imports.statements import Statement
from selfcheck.trees import File, Tree

INIT = "__init__.py"
SOURCE_FOLDERS = frozenset(("src", "lib"))
"""Folders that by convention hold packages and are none."""


class Module(NamedTuple):
    """A module is its file; the name is for people and for the identity of findings."""

    path: str
    name: str


class Modules:
    """The modules below some root folders, and the rules by which imports find them.

    A name is looked up as Python would from where the importing file may be run: from its own folder upwards, in every
    folder that is no regular package, then at the roots. Folders without `__init__.py` are namespace packages.
    """

    def __init__(self, tree: Tree, roots: Iterable[str]) -> None:
        self._tree = tree
        self.roots = tuple(dict.fromkeys(_normal(root) for root in roots))
        self._found: dict[tuple[str, str], str | None] = {}

    @cached_property
    def files(self) -> tuple[File, ...]:
        """The Python files of all roots, sorted by path."""
        found = (file for file in self._tree.files() if file.path.endswith(".py"))
        return tuple(file for file in found if any(_below(file.path, root) for root in self.roots))

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

    def target(self, path: str, statement: Statement) -> str | None:
        """The file that a statement in the file `path` imports, if it is one of these modules.

        `from a.b import c` is a.b.c where that is a module, else a.b; there is no edge to a parent package.
        """
        module = statement.module
        if statement.level:
            folder = _package(path, statement.level)
            found = None if folder is None else self._relative(folder, module, statement.name)
        else:
            found = self._absolute(posixpath.dirname(path), module, statement.name)
        return found if found in self.by_path else None

    def _relative(self, folder: str, module: str, name: str | None) -> str | None:
        parts = module.split(".") if module else []
        within = self._file(folder, [*parts, name]) if name and name != "*" else None
        return within or self._file(folder, parts)

    def _absolute(self, folder: str, module: str, name: str | None) -> str | None:
        names = [module] if name is None or name == "*" else [f"{module}.{name}", module]
        for start in self._starts(folder):
            for dotted in names:
                found = self._at(start, dotted)
                if found is not None:
                    return found
        return None

    def _at(self, start: str, dotted: str) -> str | None:
        """The file of a dotted name below a folder; the standard library keeps its own top-level names."""
        key = (start, dotted)
        if key not in self._found:
            standard = "." not in dotted and dotted in sys.stdlib_module_names
            self._found[key] = None if standard else self._file(start, dotted.split("."))
        return self._found[key]

    def _starts(self, folder: str) -> tuple[str, ...]:
        if folder not in self._starts_of:
            upward = [place for place in _upward(folder) if not self._is_package(place)]
            self._starts_of[folder] = tuple(dict.fromkeys((*upward, *self._bases.values(), *self._sources)))
        return self._starts_of[folder]

    @cached_property
    def _starts_of(self) -> dict[str, tuple[str, ...]]:
        return {}

    def _file(self, folder: str, parts: Sequence[str]) -> str | None:
        """A package or a module by its parts; a package shadows a module of its name, which shadows a plain folder."""
        base = folder
        for part in parts:
            if base != folder and f"{base}.py" in self._tree.kinds and not self._is_package(base):
                return None
            base = posixpath.join(base, part)
        for path in (f"{base}/{INIT}" if base else INIT, f"{base}.py"):
            if path in self._tree.kinds:
                return path
        return None

    def _is_package(self, folder: str) -> bool:
        return (f"{folder}/{INIT}" if folder else INIT) in self._tree.kinds and folder != ""

    def _name(self, path: str) -> str:
        base = max((base for root, base in self._bases.items() if _below(path, root)), key=len)
        inner = path[len(base) + 1 :] if base else path
        dotted = inner.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        first, _, rest = dotted.partition(".")
        return rest if not base and first in SOURCE_FOLDERS and rest and not self._is_package(first) else dotted

    @cached_property
    def _bases(self) -> dict[str, str]:
        """For each root, the folder that names are relative to: above a package, a source folder itself."""
        return {root: self._base(root) for root in self.roots}

    def _base(self, root: str) -> str:
        if root == ".":
            return ""
        if posixpath.basename(root) in SOURCE_FOLDERS and not self._is_package(root):
            return root
        base = posixpath.dirname(root)
        while base and self._is_package(base):
            base = posixpath.dirname(base)
        return base

    @cached_property
    def _sources(self) -> tuple[str, ...]:
        """Source folders at the top, which an installed project has on its path."""
        return tuple(sorted(folder for folder in SOURCE_FOLDERS if not self._is_package(folder)))


def _package(path: str, level: int) -> str | None:
    """The folder that so many dots mean in a file; None above the root."""
    parts = path.split("/")
    return "/".join(parts[:-level]) if level <= len(parts) else None


def _normal(root: str) -> str:
    return posixpath.normpath(root)


def _below(path: str, root: str) -> bool:
    return root == "." or path == root or path.startswith(f"{root}/")


def _upward(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""
