"""Text that files must contain, and text that they must not."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

from selfcheck.check import (
    Canary,
    Check,
    Evidence,
    File,
    Finding,
    Globs,
    Repository,
    Seen,
    Strictness,
    Unprovable,
    Unread,
    Unreadable,
    Write,
    leading_nowhere,
)
from selfcheck.patterns import Pattern
from selfcheck.trees.globs import shares

LONGEST = 100
"""How many characters of a pattern a message shows."""


class TextContains(Check):
    """A pattern is found in every one of these files, or with `every: false` in at least one."""

    strictness: ClassVar[Mapping[str, Strictness]] = {"every": Strictness.MORE}

    pattern: Pattern
    paths: Globs
    every: bool = True

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each file without the pattern, or one for all of them."""
        reading = Reading(repo.tree.files(self.paths))
        without = [file for file, text in reading if not self.pattern.found(text)]
        yield from reading.account()
        yield from leading_nowhere(repo.tree, self.paths)
        if self.every:
            for file in without:
                yield Finding(key=file.path, message=f"does not contain {self._shown}", at=file.at(1))
        elif len(without) == reading.examined > 0:
            key = " ".join(self.paths)
            yield Finding(key=key, message=f"none of {len(without)} files contains {self._shown}")

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """Empty the first file of each path pattern that contains the pattern, or all files where one would do."""
        having = [file.path for file, text in Reading(repo.tree.files(self.paths)) if self.pattern.found(text)]
        if not having or self.pattern.found(""):
            raise Unprovable(
                "no file in scope contains the pattern" if not having else "the pattern is found in an empty file too"
            )
        if self.every:
            for path, *_ in shares(self.paths, having):
                yield Canary(f"empty {path}", (Write(path, b""),), path)
        else:
            emptied = tuple(Write(path, b"") for path in having)
            yield Canary(f"empty {', '.join(having[:3])}", emptied, " ".join(self.paths))

    @property
    def _shown(self) -> str:
        return f"what it must (pattern: {_cut(self.pattern)})"


class TextForbids(Check):
    """A pattern is found in none of these files."""

    strictness: ClassVar[Mapping[str, Strictness]] = {"paths": Strictness.MORE}

    pattern: Pattern
    paths: Globs
    example: str | None = None

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each match; never the matched text, which may be a secret."""
        reading = Reading(repo.tree.files(self.paths))
        for file, text in reading:
            for line, column in _places(self.pattern, text):
                message = f"contains what it must not (pattern: {_cut(self.pattern)})"
                yield Finding(key=file.path, message=message, at=file.at(line, column))
        yield from reading.account()
        yield from leading_nowhere(repo.tree, self.paths)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """Add the forbidden text to the first file of each path pattern: the option `example`, or one made up."""
        text = self.example if self.example is not None else self.pattern.example()
        if text is None or not self.pattern.found(text):
            raise Unprovable("no text could be made up that the pattern matches; give the option `example`")
        files = {file.path: file for file in repo.tree.files(self.paths)}
        shared = (tuple(files[path] for path in paths) for paths in shares(self.paths, files))
        found = [first for several in shared if (first := next(iter(Reading(several)), None))]
        if not found:
            raise Unprovable("no text file is in scope")
        for file, content in found:
            added = f"{content}\n{text}\n" if content else f"{text}\n"
            yield Canary(f"add a match to {file.path}", (Write(file.path, added.encode("utf-8")),), file.path)


class Reading:
    """The texts of files, one after the other, and the account of what could be read."""

    def __init__(self, files: tuple[File, ...]) -> None:
        self.examined = 0
        self._files = files
        self._binary = 0
        self._unread: list[Unread] = []

    def __iter__(self) -> Iterator[tuple[File, str]]:
        for file in self._files:
            try:
                text = file.text
            except Unreadable as reason:
                self._unread.append(Unread(file.path, str(reason)))
                continue
            if text is None:
                self._binary += 1
            else:
                self.examined += 1
                yield file, text

    def account(self) -> Iterator[Seen]:
        """The evidence once all was read: binary files are counted apart, they hold no text."""
        yield from self._unread
        yield Evidence("text files", scope=len(self._files) - self._binary, examined=self.examined)
        if self._binary:
            yield Evidence("binary files, not searched", scope=self._binary, examined=0)


def _cut(pattern: Pattern) -> str:
    """The pattern as a message shows it: whoever needs all of a long one finds it in the rulebook."""
    text = str(pattern)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _places(pattern: Pattern, text: str) -> Iterator[tuple[int, int]]:
    """Line and column of each match, counting from 1."""
    line, begin, counted = 1, 0, 0
    for offset in pattern.starts(text):
        line += text.count("\n", counted, offset)
        begin = max(begin, text.rfind("\n", counted, offset) + 1)
        counted = offset
        yield line, offset - begin + 1
