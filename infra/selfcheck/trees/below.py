"""A folder of another tree, as a tree of its own."""

from collections.abc import Mapping
from functools import cached_property

from selfcheck.errors import Unreadable
from selfcheck.trees.tree import Kind, Tree


class Below(Tree):
    """What stands below a folder: its links lead nowhere else, and no path leads out of it."""

    def __init__(self, tree: Tree, folder: str) -> None:
        self._tree = tree
        self._before = f"{folder}/"

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """Every path and its kind, sorted by path."""
        inside = ((path, kind) for path, kind in self._tree.kinds.items() if path.startswith(self._before))
        return {path.removeprefix(self._before): kind for path, kind in inside}

    def read(self, path: str) -> bytes:
        """The bytes of a file, or the target of a link."""
        if path not in self.kinds:
            raise Unreadable("there is no such file")
        return self._tree.read(self._before + path)

    def place(self, path: str) -> str | None:
        """As in the other tree."""
        return self._tree.place(self._before + path)

    def executable(self, path: str) -> bool:
        """As in the other tree."""
        return self._tree.executable(self._before + path)

    def content_id(self, path: str) -> str | None:
        """As in the other tree."""
        return self._tree.content_id(self._before + path)
