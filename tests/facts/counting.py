"""Trees that count what is read of them, and an extractor that counts what it extracts."""

from collections import Counter
from pathlib import Path

from selfcheck.errors import Unreadable
from selfcheck.facts import Extractor
from selfcheck.git import Git
from selfcheck.trees import Directory, Revision

extracted: list[bytes] = []
"""Every content that the extractor was given, in order."""


def first_line(content: bytes) -> str:
    """The first line of a file; one that begins with `#!bad` has none that could be read."""
    extracted.append(content)
    if content.startswith(b"#!bad"):
        raise Unreadable("is bad")
    return content.split(b"\n")[0].decode()


FIRST_LINE = Extractor("first-line", 1, str, first_line)


class CountingDirectory(Directory):
    """A working tree; `reads` counts by path."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.reads: Counter[str] = Counter()

    def read(self, path: str) -> bytes:
        """The bytes, counted."""
        self.reads[path] += 1
        return super().read(path)


class CountingRevision(Revision):
    """A commit; `reads` counts by path."""

    def __init__(self, git: Git, commit: str, folder: str = "") -> None:
        super().__init__(git, commit, folder)
        self.reads: Counter[str] = Counter()

    def read(self, path: str) -> bytes:
        """The bytes, counted."""
        self.reads[path] += 1
        return super().read(path)
