"""A tree answers three questions: which paths there are, what kind each is, and what bytes a file holds."""

import posixpath
from abc import ABC, abstractmethod
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from enum import Enum
from functools import cached_property
from pathlib import Path

from selfcheck.errors import Unreadable
from selfcheck.model import Location
from selfcheck.trees.content import blob_id
from selfcheck.trees.globs import matcher
from selfcheck.trees.text import decode, is_binary

LINKS = 40
"""How many links a path may lead through: as many as Linux follows."""


# https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
POINTER = b"version https://git-lfs.github.com/spec/v1\n"
POINTER_SIZE = 1024


class Kind(Enum):
    """What stands at a path. A link is never followed by a read, only resolved among the tree's own names."""

    FILE = "file"
    LINK = "link"


class File:
    """One file of a tree; bytes are read when asked for, and again when asked again."""

    __slots__ = ("path", "tree")

    def __init__(self, tree: "Tree", path: str) -> None:
        self.tree = tree
        self.path = path

    def __repr__(self) -> str:
        return f"File({self.path!r})"

    @property
    def bytes(self) -> bytes:
        """The content as stored.

        Raises:
            Unreadable: permission, a special file, a path that leaves the root, gone since it was listed, or a
                pointer to a content that only Git LFS has.

        """
        with _naming(self.path):
            content = self.tree.read(self.path)
            if len(content) < POINTER_SIZE and content.startswith(POINTER):
                raise Unreadable("is a Git LFS pointer, its content is elsewhere; fetch it with `git lfs pull`")
            return content

    @property
    def text(self) -> str | None:
        """The content decoded by its byte order mark, its declared coding or UTF-8; None for a binary file.

        Raises:
            Unreadable: as for `bytes`, and where the text is in none of these codings.

        """
        content = self.bytes
        with _naming(self.path):
            return None if is_binary(content) else decode(content)

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of `text` without their ends (LF or CRLF; a form feed ends none); a binary file has none."""
        *lines, rest = (self.text or "").replace("\r\n", "\n").split("\n")
        return (*lines, rest) if rest else tuple(lines)

    def at(self, line: int | None = None, column: int | None = None) -> Location:
        """A place in this file, line and column counting from 1."""
        return Location(self.path, line, column)


@contextmanager
def _naming(path: str) -> Generator[None]:
    """Whatever cannot be read within is this file."""
    try:
        yield
    except Unreadable as error:
        error.path = path
        raise


class Tree(ABC):
    """Paths are root-relative with forward slashes, sorted by code point; folders are not listed."""

    @cached_property
    @abstractmethod
    def kinds(self) -> Mapping[str, Kind]:
        """Every path and its kind, sorted by path."""

    @abstractmethod
    def read(self, path: str) -> bytes:
        """The bytes of a file, or the target of a link; raises `Unreadable`."""

    @abstractmethod
    def executable(self, path: str) -> bool:
        """Whether the file may be run as a program."""

    @property
    def origin(self) -> "Tree":
        """The tree itself; of one that only watches another, the other."""
        return self

    @property
    def disk(self) -> Path | None:
        """The folder on disk that it stands for, changed or not; None where it stands for none."""
        return None

    def content_id(self, path: str) -> str | None:
        """The id of a file's content as git's blobs have it, where it is known without reading the file."""
        return None

    def place(self, path: str) -> str | None:
        """Where on disk a file stands that may hold the same bytes, if one does: conversions and edits may make others."""
        return None

    def identity(self, path: str) -> str:
        """The id of a file's content; where it is not known it is that of the bytes. Raises `Unreadable`."""
        return self.content_id(path) or blob_id(self.read(path))

    def files(self, patterns: Iterable[str] = ("**",)) -> tuple[File, ...]:
        """The regular files that the patterns select, sorted by path.

        A pattern is anchored at the root: `*` and `?` stay within one part, `**` spans any number of parts, a folder's
        name selects all below it, and `!` takes out again what earlier patterns selected.
        """
        asked = tuple(patterns)
        if asked not in self._selected:
            selected = matcher(asked)
            paths = (path for path, kind in self.kinds.items() if kind is Kind.FILE and selected(path))
            self._selected[asked] = tuple(File(self, path) for path in paths)
        return self._selected[asked]

    def paths(self, patterns: Iterable[str]) -> tuple[str, ...]:
        """The paths that the patterns select and that lead to a file of this tree, links included."""
        selected = matcher(tuple(patterns))
        found = (path for path in self.kinds if selected(path))
        return tuple(path for path in found if self.kinds[path] is Kind.FILE or self.resolve(path) is not None)

    def file(self, path: str) -> File | None:
        """The regular file at this path, if there is one."""
        return File(self, path) if self.kinds.get(path) is Kind.FILE else None

    def resolve(self, path: str) -> str | None:
        """Where a path leads once links are followed within the tree, or None: nowhere, in a circle, out of the root."""
        # Part by part, as an operating system does: `link/..` is the parent of what the link leads to.
        here, pending, links = "", path.split("/")[::-1], LINKS
        while pending:
            here = posixpath.normpath(posixpath.join(here, pending.pop()))
            kind = self.kinds.get(here)
            if kind is Kind.LINK and links:
                target = self._target(here)
                if target is None:
                    return None
                pending.extend(target.split("/")[::-1])
                here, links = posixpath.dirname(here), links - 1
            elif (kind is not Kind.FILE or pending) and not self._is_folder(here):
                return None
        return here

    def _target(self, link: str) -> str | None:
        """What a link says, where that is a relative path."""
        try:
            target = self.read(link).decode("utf-8")
        except (Unreadable, UnicodeDecodeError):
            return None
        return None if target.startswith("/") else target

    @cached_property
    def _selected(self) -> dict[tuple[str, ...], tuple[File, ...]]:
        return {}

    def _is_folder(self, path: str) -> bool:
        return path == "." or path in self._folders

    @cached_property
    def _folders(self) -> frozenset[str]:
        return frozenset(folder for path in self.kinds for folder in _parents(path))


def _parents(path: str) -> Iterable[str]:
    while path := posixpath.dirname(path):
        yield path
