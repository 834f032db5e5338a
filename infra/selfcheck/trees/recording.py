"""A tree that writes down what was asked of it, so that the same questions can be asked of another day's tree."""

import hashlib
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from selfcheck.errors import Unreadable
from selfcheck.trees.content import blob_id
from selfcheck.trees.tree import File, Kind, Tree

Question = tuple[str, ...]
"""A verb and what it was asked of: `files` and `paths` of patterns, `all`, or one path."""


class Recording(Tree):
    """Another tree, every answer of which is kept."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree.origin
        self._answers: dict[Question, str] = {}
        self._repeatable = True
        self._absorbed: list[Recording] = []

    @property
    def answers(self) -> dict[Question, str]:
        """Every question that was asked up to now, and what the tree said."""
        found = dict(self._answers)
        for other in self._absorbed:
            found |= other.answers
        return found

    @property
    def sound(self) -> bool:
        """Whether each answer would come again as long as the tree stays the same."""
        return self._repeatable and all(other.sound for other in self._absorbed)

    @property
    def origin(self) -> Tree:
        """The tree that answers."""
        return self._tree

    @property
    def disk(self) -> Path | None:
        """That of the other tree; what is found there is no answer of it."""
        return self._tree.disk

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """Every path: whatever is added, taken away or changed in kind changes the answer."""
        self._note("all")
        return self._tree.kinds

    def read(self, path: str) -> bytes:
        """The bytes of a file; one that cannot be read today may be readable tomorrow."""
        with self._tried():
            content = self._tree.read(path)
            self._went_by(path, self._tree.content_id(path) or blob_id(content))
        return content

    def identity(self, path: str) -> str:
        """The id of a content: whoever asks for it goes by the content."""
        with self._tried():
            found = self._tree.identity(path)
            self._went_by(path, found)
        return found

    def content_id(self, path: str) -> str | None:
        """The id of a content, or that it is not known, which may be another day's answer for the same content."""
        self._note("id", path)
        return self._tree.content_id(path)

    def place(self, path: str) -> str | None:
        """Where a file may stand: no answer of its own, since whoever goes by it reads the content too."""
        return self._tree.place(path)

    def executable(self, path: str) -> bool:
        """Whether the file may be run."""
        self._note("executable", path)
        return self._tree.executable(path)

    def files(self, patterns: Iterable[str] = ("**",)) -> tuple[File, ...]:
        """The files that patterns select, recorded as a list: a new file that they match is another answer."""
        asked = tuple(patterns)
        self._note("files", *asked)
        return tuple(File(self, file.path) for file in self._tree.files(asked))

    def paths(self, patterns: Iterable[str]) -> tuple[str, ...]:
        """The paths that patterns select."""
        asked = tuple(patterns)
        self._note("paths", *asked)
        return self._tree.paths(asked)

    def file(self, path: str) -> File | None:
        """The file at a path, if there is one."""
        self._note("file", path)
        return File(self, path) if self._tree.file(path) else None

    def resolve(self, path: str) -> str | None:
        """Where a path leads."""
        self._note("resolve", path)
        return self._tree.resolve(path)

    def absorb(self, other: "Recording") -> None:
        """Count as asked of this one what was and will be asked of another, which is shared by several."""
        if other not in self._absorbed:
            self._absorbed.append(other)

    @contextmanager
    def _tried(self) -> Generator[None]:
        try:
            yield
        except Unreadable:
            self._repeatable = False
            raise

    def _went_by(self, path: str, identity: str) -> None:
        """A file that is edited between two readings has given two answers, only one of which could be kept."""
        if self._answers.setdefault(("content", path), identity) != identity:
            self._repeatable = False

    def _note(self, *question: str) -> None:
        if question not in self._answers:
            self._answers[question] = answer(self._tree, question)


def answer(tree: Tree, question: Question) -> str:
    """What a tree says to a question, as text that is equal only where the answer is."""
    verb, *about = question
    match verb:
        case "all":
            return _digest((*tree.kinds, "", *(path for path, kind in tree.kinds.items() if kind is Kind.LINK)))
        case "files":
            return _digest(file.path for file in tree.files(about))
        case "paths":
            return _digest(tree.paths(about))
        case "file":
            return "" if tree.file(about[0]) is None else "file"
        case "id":
            return tree.content_id(about[0]) or ""
        case "executable":
            return str(tree.executable(about[0]))
        case "resolve":
            return tree.resolve(about[0]) or ""
        case _:
            return _content(tree, about[0])


def _content(tree: Tree, path: str) -> str:
    try:
        return tree.identity(path)
    except Unreadable as error:
        return f"unreadable: {error}"


def _digest(rows: Iterable[str]) -> str:
    return hashlib.sha256("\0\0".join(rows).encode("utf-8", "surrogateescape")).hexdigest()
