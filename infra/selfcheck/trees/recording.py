"""A tree that writes down what was asked of it, so that the same questions can be asked of another day's tree."""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cached_property

from selfcheck.errors import Unreadable
from selfcheck.trees.content import blob_id
from selfcheck.trees.tree import File, Kind, Tree

Question = tuple[str, ...]
"""A verb and what it was asked of: `files` and `paths` of patterns, `all`, or one path."""


class Recording(Tree):
    """Another tree, every answer of which is kept; `sound` is false once an answer was none that would come again."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree.origin
        self.answers: dict[Question, str] = {}
        self.sound = True

    @property
    def origin(self) -> Tree:
        """The tree that answers."""
        return self._tree

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """Every path: whatever is added, taken away or changed in kind changes the answer."""
        self._note("all")
        return self._tree.kinds

    def read(self, path: str) -> bytes:
        """The bytes of a file; one that cannot be read today may be readable tomorrow."""
        try:
            content = self._tree.read(path)
        except Unreadable:
            self.sound = False
            raise
        self.answers["content", path] = self._tree.content_id(path) or blob_id(content)
        return content

    def executable(self, path: str) -> bool:
        """Whether the file may be run."""
        self._note("executable", path)
        return self._tree.executable(path)

    def content_id(self, path: str) -> str | None:
        """The id of a content: whoever asks for it goes by the content."""
        found = self._tree.content_id(path)
        if found is not None:
            self.answers["content", path] = found
        return found

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
        """What was asked on this one's behalf."""
        self.answers |= other.answers
        self.sound = self.sound and other.sound

    def _note(self, *question: str) -> None:
        if question not in self.answers:
            self.answers[question] = answer(self._tree, question)


def answer(tree: Tree, question: Question) -> str:
    """What a tree says to a question, as text that is equal only where the answer is."""
    verb, *about = question
    match verb:
        case "all":
            return _digest(f"{path}\0{kind.value}" for path, kind in tree.kinds.items())
        case "files":
            return _digest(file.path for file in tree.files(about))
        case "paths":
            return _digest(tree.paths(about))
        case "file":
            return "" if tree.file(about[0]) is None else "file"
        case "executable":
            return str(tree.executable(about[0]))
        case "resolve":
            return tree.resolve(about[0]) or ""
        case _:
            return _content(tree, about[0])


def _content(tree: Tree, path: str) -> str:
    known = tree.content_id(path)
    if known is not None:
        return known
    try:
        return blob_id(tree.read(path))
    except Unreadable as error:
        return f"unreadable: {error}"


def _digest(rows: Iterable[str]) -> str:
    return hashlib.sha256("\0\0".join(rows).encode("utf-8", "surrogateescape")).hexdigest()
