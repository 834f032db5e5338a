"""Trees without a disk: files held in memory, and edits laid over any other tree."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from selfcheck.errors import Unreadable
from selfcheck.trees.edits import Edit, EditMissed, Write
from selfcheck.trees.globs import matcher
from selfcheck.trees.tree import File, Kind, Tree


class Memory(Tree):
    """A tree of paths and contents; `links` are symbolic links, path to target."""

    def __init__(self, files: Mapping[str, bytes], links: Mapping[str, str] | None = None) -> None:
        self._files = dict(files)
        self._links = dict(links or {})

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """Every path and its kind, sorted by path."""
        found = dict.fromkeys(self._files, Kind.FILE) | dict.fromkeys(self._links, Kind.LINK)
        return dict(sorted(found.items()))

    def read(self, path: str) -> bytes:
        """The bytes of a file, or the target of a link."""
        if path in self._links:
            return self._links[path].encode()
        try:
            return self._files[path]
        except KeyError:
            raise Unreadable("there is no such file") from None

    def executable(self, path: str) -> bool:
        """Whether the file begins as a script does."""
        return self._files.get(path, b"").startswith(b"#!")


class Overlay(Tree):
    """Another tree with edits on top, applied in order.

    Raises:
        EditMissed: an edit does not fit the tree.

    """

    def __init__(self, tree: Tree, edits: Iterable[Edit]) -> None:
        self._tree = tree
        self._edited: dict[str, bytes | None] = {}
        for edit in edits:
            self._edited[edit.path] = edit.applied(None if isinstance(edit, Write) else self._content(edit.path))

    @property
    def disk(self) -> Path | None:
        """That of the tree below."""
        return self._tree.disk

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """Every path and its kind, sorted by path."""
        kept = {path: kind for path, kind in self._tree.kinds.items() if path not in self._edited}
        written = {path: Kind.FILE for path, content in self._edited.items() if content is not None}
        return dict(sorted((kept | written).items()))

    def files(self, patterns: Iterable[str] = ("**",)) -> tuple[File, ...]:
        """The files that patterns select: those of the tree below, which may know them already, and the edited ones."""
        asked = tuple(patterns)
        selected = matcher(asked)
        kept = [file.path for file in self._tree.files(asked) if file.path not in self._edited]
        fresh = [path for path, content in self._edited.items() if content is not None and selected(path)]
        return tuple(File(self, path) for path in sorted([*kept, *fresh]))

    def file(self, path: str) -> File | None:
        """The file at a path, if there is one."""
        there = self._edited[path] is not None if path in self._edited else self._tree.file(path) is not None
        return File(self, path) if there else None

    def read(self, path: str) -> bytes:
        """The bytes after the edits."""
        if path not in self._edited:
            return self._tree.read(path)
        content = self._edited[path]
        if content is None:
            raise Unreadable("there is no such file")
        return content

    def content_id(self, path: str) -> str | None:
        """As it was before the edits; an edited file has to be read."""
        return None if path in self._edited else self._tree.content_id(path)

    def place(self, path: str) -> str | None:
        """As it was before the edits; an edited file stands nowhere."""
        return None if path in self._edited else self._tree.place(path)

    def executable(self, path: str) -> bool:
        """As it was before the edits; a new file is as a script begins."""
        if path in self._tree.kinds:
            return self._tree.executable(path)
        return (self._edited.get(path) or b"").startswith(b"#!")

    def _content(self, path: str) -> bytes | None:
        if path in self._edited:
            return self._edited[path]
        # Of a file, which it mostly is, nothing is asked but whether it is there: more files elsewhere are none of its business.
        if self._tree.file(path) is None and path not in self._tree.kinds:
            return None
        try:
            return self._tree.read(path)
        except Unreadable as error:
            raise EditMissed(f"{path}: {error}") from error
