"""A bound on the length of files."""

import codecs
from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar

from msgspec import Meta

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
from selfcheck.trees.globs import shares
from selfcheck.trees.text import decode, is_binary

# Here a line's end is more than one byte, and its byte may be half of something else. UTF-32's other mark begins like UTF-16's.
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)


class MaxLines(Check):
    """No file is longer than a number of lines; a file accepted at a length may not grow past it."""

    strictness: ClassVar[Mapping[str, Strictness]] = {"limit": Strictness.LESS, "paths": Strictness.MORE}

    limit: Annotated[int, Meta(ge=1)]
    paths: Globs

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each file over the limit, with its length as `amount`. Binary files have no lines."""
        files = repo.tree.files(self.paths)
        examined = 0
        for file in files:
            try:
                lines = _lines(file)
            except Unreadable as reason:
                yield Unread(file.path, str(reason))
                continue
            examined += 1
            if lines > self.limit:
                yield Finding(
                    key=file.path,
                    message=f"{lines:,} lines, {self.limit:,} allowed",
                    at=file.at(self.limit + 1),
                    hint="split it along what changes together",
                    data={"lines": lines, "limit": self.limit},
                    amount=lines,
                )
        yield Evidence("files", scope=len(files), examined=examined)
        yield from leading_nowhere(repo.tree, self.paths)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """Make the first file of each path pattern that is within the limit one line too long."""
        files = {file.path: file for file in repo.tree.files(self.paths)}
        shared = ((files[path] for path in paths) for paths in shares(self.paths, files))
        found = [first for several in shared if (first := next(filter(self._is_within, several), None))]
        if not found:
            raise Unprovable("no text file in scope is within the limit")
        for file in found:
            longer = Write(file.path, b"canary\n" * (self.limit + 1))
            yield Canary(f"lengthen {file.path} past {self.limit} lines", (longer,), file.path)

    def _is_within(self, file: File) -> bool:
        lines = _readable_lines(file)
        return lines is not None and lines <= self.limit


def _lines(file: File) -> int:
    content = file.bytes
    if is_binary(content):
        return 0
    if content.startswith(WIDE):
        content = decode(content).encode("utf-8")
    return content.count(b"\n") + (not content.endswith(b"\n") and content != b"")


def _readable_lines(file: File) -> int | None:
    try:
        return None if is_binary(file.bytes) else _lines(file)
    except Unreadable:
        return None
