"""The index of a folder lists its decisions."""

import posixpath
from collections.abc import Iterator, Mapping
from typing import ClassVar
from urllib.parse import unquote

from selfcheck.check import (
    Canary,
    Evidence,
    Finding,
    Location,
    Repository,
    Seen,
    Skip,
    Strictness,
    Tree,
    Unprovable,
    Unread,
    Unreadable,
    Write,
)
from selfcheck.checks.decisions.check import DecisionCheck
from selfcheck.guardrail import RootPath
from selfcheck.subjects.decisions import Decisions, Folder
from selfcheck.subjects.decisions.index import Index, index_of

FEWEST = 3
"""Decisions that a document of a folder links, from which on it is taken for its index."""


class AdrIndex(DecisionCheck, kw_only=True):
    """The index of decisions lists them all, and nothing that is not there.

    It is a document of the folder that links three decisions or has the markers of an index, or one named in `indexes`.
    """

    strictness: ClassVar[Mapping[str, Strictness]] = {"indexes": Strictness.MORE, "required": Strictness.MORE}

    indexes: tuple[RootPath, ...] = ()
    required: bool = False

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each decision that an index leaves out, and for each entry that leads nowhere."""
        found = self.decisions(repo)
        yield from self.account(repo, found)
        listed = 0
        for path, folders in self._indexes(repo, found).items():
            try:
                index = _read(repo.tree, path)
            except Unreadable as error:
                yield Unread(path, str(error))
                continue
            listed += len(index.entries)
            yield from _judged(repo.tree, path, index, folders)
        bare = [folder for folder in found.folders if not self._of(repo, found, folder)]
        if self.required:
            for folder in bare:
                key = f"{folder.path} index"
                said = f"{folder.path} has no index of its {len(folder.decisions)} decisions"
                yield Finding(
                    key=key, message=said, hint=f"write one with `selfcheck adr index --folder {folder.path}`"
                )
        elif found.all and len(bare) == len(found.folders):
            raise Skip("no folder of decisions has an index")
        yield Evidence("entries of indexes", scope=listed, examined=listed)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """A decision that an index does not know, for each index; where one is required, a folder without."""
        found = self.decisions(repo)
        indexes = self._indexes(repo, found)
        if not indexes:
            raise Unprovable("no folder of decisions has an index")
        for path, folders in indexes.items():
            new = f"{folders[0].path}/999999-canary.md"
            text = b"# 999999. Canary\n\n## Status\n\nAccepted\n\n## Context\n\nx\n\n## Decision\n\nx\n"
            yield Canary(f"add a decision that {path} does not list", (Write(new, text),), f"{path}: {new}")
        if self.required and not self.indexes:
            path, folders = next(iter(indexes.items()))
            edits = tuple(Write(each, b"# Canary\n") for each in self._of(repo, found, folders[0]))
            yield Canary(f"empty the index of {folders[0].path}", edits, f"{folders[0].path} index")

    def _indexes(self, repo: Repository, found: Decisions) -> dict[str, list[Folder]]:
        """Each index, and the folders that it is of."""
        indexes: dict[str, list[Folder]] = {}
        for folder in found.folders:
            for path in self._of(repo, found, folder):
                indexes.setdefault(path, []).append(folder)
        return indexes

    def _of(self, repo: Repository, found: Decisions, folder: Folder) -> list[str]:
        if self.indexes:
            return [path for path in self.indexes if len(found.folders) == 1 or self._lists(repo.tree, path, folder)]
        return [path for path in folder.lists if self._is_index(repo.tree, path, folder)]

    def _is_index(self, tree: Tree, path: str, folder: Folder) -> bool:
        try:
            index = _read(tree, path)
        except Unreadable:
            return False
        return index.is_marked or self._count(index, path, folder) >= min(FEWEST, max(1, len(folder.decisions) - 1))

    def _lists(self, tree: Tree, path: str, folder: Folder) -> bool:
        try:
            return self._count(_read(tree, path), path, folder) > 0
        except Unreadable:
            return True

    @staticmethod
    def _count(index: Index, path: str, folder: Folder) -> int:
        known = {each.path for each in folder.decisions}
        return len({_target(path, link) for link, _ in index.entries} & known)


def _read(tree: Tree, path: str) -> Index:
    file = tree.file(path)
    if file is None:
        raise Unreadable("is not there")
    return index_of(file.bytes, restructured=path.endswith(".rst"))


def _target(path: str, link: str) -> str:
    raw = unquote(link.partition("#")[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), raw))


def _judged(tree: Tree, path: str, index: Index, folders: list[Folder]) -> Iterator[Finding]:
    targets = {_target(path, link) for link, _ in index.entries}
    targets |= {f"{target}/README.md" for target in targets} | {f"{target}.md" for target in targets}
    targets |= {f"{target}.rst" for target in targets}
    if index.takes_all:
        return
    for folder in folders:
        for decision in folder.decisions:
            if decision.path not in targets:
                yield Finding(
                    key=f"{path}: {decision.path}",
                    message=f"{decision.id} is not listed in {path}",
                    at=Location(path, index.line),
                    hint="`selfcheck adr index` writes the list between its markers",
                    data={"decision": decision.id, "index": path},
                )
    for link, line in index.entries:
        target = _target(path, link)
        inside = any(target.startswith(f"{folder.path}/") for folder in folders)
        if inside and target.endswith((".md", ".rst")) and tree.resolve(target) is None:
            said = f"{path} lists {link}, which is not there"
            yield Finding(key=f"{path}: lists {target}", message=said, at=Location(path, line), hint="take it out")
