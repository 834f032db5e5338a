"""What stands where below a tree's folders: packages, modules, plain folders, and what is compiled."""

import posixpath
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from selfcheck.trees import Tree

INIT = "__init__.py"
SOURCE_FOLDERS = ("src", "lib")
"""Folders that by convention hold packages and are none."""
COMPILED = (".pyx", ".pyi", ".pyd", ".so", ".c", ".cpp")
"""What stands for a module that is no Python source."""


class Place(NamedTuple):
    """What a dotted name means: a file, and a folder that may hold more; a namespace package has no file."""

    file: str | None
    folder: str | None


class Places:
    """The Python files of a tree by the folders and names under which an import finds them."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    @cached_property
    def inside(self) -> dict[str, dict[str, Place]]:
        """For each folder, what each name in it means: a package shadows a module, which shadows a plain folder."""
        found: dict[str, dict[str, Place]] = {}
        for path in self._tree.kinds:
            if path.endswith(".py"):
                folder, _, name = path.rpartition("/")
                if name != INIT:
                    found.setdefault(folder, {})[name[:-3]] = Place(path, None)
                found.setdefault(folder, {})
        for folder in {each for holding in found for each in upward(holding) if each}:
            above, _, name = folder.rpartition("/")
            here = self.folder(folder)
            within = found.setdefault(above, {})
            if here.file is not None or name not in within:
                within[name] = here
        return found

    def find(self, here: Place, dotted: str) -> Place | None:
        """What a dotted name means within a place; the empty one is the place itself."""
        for part in dotted.split(".") if dotted else ():
            inner = self.within(here, part)
            if inner is None:
                return None
            here = inner
        return here

    def within(self, here: Place, name: str) -> Place | None:
        """What a name means within a place, if that may hold anything."""
        return None if here.folder is None else self.inside.get(here.folder, {}).get(name)

    def file_within(self, several: Sequence[Place], name: str) -> str | None:
        """The file of a module within a package; the first place that has it, or a file of its own, decides."""
        for place in several:
            inner = self.within(place, name)
            if inner is not None and inner.file is not None:
                return inner.file
            if place.file is not None:
                return None
        return None

    def folder(self, folder: str) -> Place:
        """A folder as a package, regular or not."""
        init = f"{folder}/{INIT}" if folder else INIT
        return Place(init if init in self._tree.kinds else None, folder)

    def is_package(self, folder: str) -> bool:
        """Whether a folder is a regular package; the top one never is."""
        return folder != "" and f"{folder}/{INIT}" in self._tree.kinds

    def sources(self, folder: str) -> list[str]:
        """The source folders in a folder."""
        found = (f"{folder}/{name}" if folder else name for name in SOURCE_FOLDERS)
        return [place for place in found if place in self.inside and not self.is_package(place)]

    def is_compiled(self, base: str) -> bool:
        """Whether a file stands for this module that is no Python source, also one named for a platform: `b.abi3.so`."""
        return base in self._compiled

    @cached_property
    def _compiled(self) -> frozenset[str]:
        """The modules by their paths without an end, and the folders that hold any."""
        found: set[str] = set()
        for path in self._tree.kinds:
            if path.endswith(COMPILED):
                folder, _, name = path.rpartition("/")
                found.update((posixpath.join(folder, name.partition(".")[0]), *upward(folder)))
        return frozenset(found)


def upward(folder: str) -> Iterator[str]:
    """A folder and all above it, the top one last."""
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""


def below(path: str, root: str) -> bool:
    """Whether a path is a root or stands below it."""
    return root == "." or path == root or path.startswith(f"{root}/")
