"""Files that must be there, and files that must not."""

import re
from collections.abc import Iterator, Mapping
from typing import ClassVar

from selfcheck.check import (
    Canary,
    Check,
    Delete,
    Evidence,
    Finding,
    Globs,
    Repository,
    Seen,
    Strictness,
    Unprovable,
    Write,
)
from selfcheck.trees.globs import matcher


class FilesExist(Check):
    """Every one of these paths leads to a file: each pattern must match at least one."""

    strictness: ClassVar[Mapping[str, Strictness]] = {"paths": Strictness.MORE}
    unmatched: ClassVar[frozenset[str]] = frozenset({"paths"})

    paths: Globs

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each pattern that matches nothing."""
        yield Evidence("required paths", scope=len(self.paths), examined=len(self.paths))
        for pattern in self.paths:
            if not repo.tree.paths((pattern,)):
                yield Finding(key=pattern, message=f"no file matches {pattern}")

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """Take away all that one pattern matches, for each pattern that matches something."""
        for pattern in self.paths:
            if matched := repo.tree.paths((pattern,)):
                yield Canary(f"delete {pattern}", tuple(Delete(path) for path in matched), expect=pattern)


class FilesAbsent(Check):
    """No file matches any of these patterns."""

    strictness: ClassVar[Mapping[str, Strictness]] = {"paths": Strictness.MORE}
    unmatched: ClassVar[frozenset[str]] = frozenset({"paths"})

    paths: Globs

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each file that matches, links included."""
        paths = tuple(repo.tree.kinds)
        yield Evidence("paths", scope=len(paths), examined=len(paths))
        forbidden = matcher(self.paths)
        for path in paths:
            if forbidden(path):
                yield Finding(
                    key=path, message=f"{path} must not be there", hint="delete it, and ignore it if a tool makes it"
                )

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """Add a file that matches, for each pattern that one can be made up for."""
        forbidden, there = matcher(self.paths), repo.tree.kinds
        made = [path for pattern in self.paths if (path := _example(pattern)) and forbidden(path) and path not in there]
        if not made:
            raise Unprovable("no path could be made up that these patterns match and that is not there already")
        for path in made:
            yield Canary(f"add {path}", (Write(path, b"canary\n"),), expect=path)


def _example(pattern: str) -> str | None:
    """A path that a pattern matches, where its wildcards are simple."""
    if pattern.startswith("!"):
        return None
    path = re.sub(r"\[!?([^\]])[^\]]*\]", r"\1", pattern.removeprefix("./"))
    path = re.sub(r"\*\*/?", "", path).replace("*", "canary").replace("?", "c")
    return f"{path}canary" if path.endswith("/") or not path else path
