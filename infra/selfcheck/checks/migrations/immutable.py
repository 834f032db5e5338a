"""History is not rewritten: what a base has of migrations stays as it is."""

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import ClassVar

from selfcheck.check import (
    Append,
    Canary,
    Delete,
    Evidence,
    Extractor,
    Finding,
    Location,
    Need,
    Repository,
    Seen,
    Strictness,
    Tree,
    Unprovable,
    Unread,
    Unreadable,
)
from selfcheck.checks.migrations.scope import MigrationCheck
from selfcheck.subjects.migrations import Migrations
from selfcheck.subjects.migrations.shapes import PYTHON, SQL, Shape
from selfcheck.trees.globs import shares

SQUASH = re.compile(
    rb"^[ \t]*(?:#|--)[ \t]*selfcheck:[ \t]*squashes[ \t]+(?P<what>[^\n]+)", re.IGNORECASE | re.MULTILINE
)
"""The comment by which a migration says which others it stands for: `# selfcheck: squashes 1a2b3c, 4d5e6f`."""
NEXT = "a database that has run it will not run it again: put it back, and say what is to change in a new migration"


class Judged(StrEnum):
    """A part of a migration that may change."""

    IDS = "ids"
    UPGRADE = "upgrade"
    DOWNGRADE = "downgrade"
    HELPERS = "helpers"
    REMOVED = "removed"


WORDS = {
    Judged.IDS: "its place in the history",
    Judged.UPGRADE: "what it does",
    Judged.DOWNGRADE: "its way back",
    Judged.HELPERS: "code beside its upgrade",
}


class MigrationsImmutable(MigrationCheck, kw_only=True):
    """A migration that the base has is not changed, renamed or taken away.

    Compared is what it says, not how it is written: formatting, comments, docstrings, annotations and imports may change.
    """

    needs: ClassVar[frozenset[Need]] = frozenset({Need.BASE})
    strictness: ClassVar[Mapping[str, Strictness]] = {"paths": Strictness.MORE, "parts": Strictness.MORE}

    parts: tuple[Judged, ...] = (Judged.IDS, Judged.UPGRADE, Judged.REMOVED)

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each migration of the base that is not what it was."""
        assert repo.base is not None
        before, now = self.of(repo, repo.base), self.read(repo)
        yield from self.account(repo, now)
        pairs = dict(_paired(repo.tree, before, now))
        if pairs:
            yield Evidence("migrations of the base", scope=len(pairs), examined=len(pairs))
        kept = [(path, other) for path, other in pairs.items() if other is not None]
        yield from self._changed(repo, repo.base, kept)
        if Judged.REMOVED in self.parts:
            gone = [path for path, other in pairs.items() if other is None]
            yield from self._removed(gone, before, now, _squashed(repo.tree, now))

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """Each part of the first migration that has it is changed, and one below each pattern that alone selects some."""
        found = self.read(repo)
        lost = {each.path for each in found.unread}
        squashed, names = _squashed(repo.tree, found), dict(_names(found))
        # What a squash stands for may go.
        paths = sorted(set(found.paths) - lost, key=lambda path: (names.get(path) in squashed, path))
        if not paths:
            raise Unprovable("there is no migration that could be changed")
        several = shares(self.paths, paths)
        rest = several
        for part in dict.fromkeys(self.parts):
            changed = next(((each, canary) for each in several for canary in _changes(found, part, each)), None)
            if changed is not None:
                rest = [each for each in rest if each is not changed[0]]
                yield changed[1]
        for each in rest:
            yield from [canary for part in self.parts for canary in _changes(found, part, each)][:1]
        if len(rest) == len(several):
            raise Unprovable("only revisions of alembic have the parts that are judged")

    def _changed(self, repo: Repository, base: Tree, pairs: Sequence[tuple[str, str]]) -> Iterator[Seen]:
        for was, path in pairs:
            if _is_same(base, was, repo.tree, path):
                continue
            extractor = SQL if path.endswith(".sql") else PYTHON
            before, after = _shape(repo, extractor, base, was), _shape(repo, extractor, repo.tree, path)
            if isinstance(before, Unreadable) or isinstance(after, Unreadable):
                yield Unread(path, f"{after if isinstance(after, Unreadable) else before}; what changed cannot be told")
                continue
            parts = [each for each in _differing(before, after) if each in self.parts]
            if parts:
                yield Finding(
                    key=path,
                    message=f"{posixpath.basename(path)} is changed after it was merged: "
                    f"{' and '.join(WORDS[each] for each in parts)}",
                    at=Location(path, 1),
                    hint=NEXT,
                    data={"path": path, "parts": [each.value for each in parts]},
                    parts=tuple(each.value for each in parts),
                )

    def _removed(
        self, gone: Sequence[str], before: Migrations, now: Migrations, squashed: Collection[str]
    ) -> Iterator[Finding]:
        names = dict(_names(before))
        there = _moved(before, now)
        for path in gone:
            name = names.get(path, path)
            if name in squashed or posixpath.basename(path) in squashed:
                continue
            other = there.get(name)
            what = f"is called {posixpath.basename(other)} now" if other else "is gone"
            yield Finding(
                key=path,
                message=f"{path} {what}; the base has it",
                at=Location(other, 1) if other else None,
                hint="bring it back; a squash says which it stands for: `# selfcheck: squashes ID, ID`",
                data={"path": path, "parts": [Judged.REMOVED.value], "now": other},
                parts=(Judged.REMOVED.value,),
            )


def _paired(tree: Tree, before: Migrations, now: Migrations) -> Iterator[tuple[str, str | None]]:
    """Each migration of the base, and where it is now. Alembic and Django go by ids and names: there a folder may move."""
    there, names = _moved(before, now), dict(_names(before))
    for path in before.paths:
        moved = there.get(names.get(path, "")) if path.endswith(".py") else None
        yield path, path if tree.file(path) is not None else moved


def _moved(before: Migrations, now: Migrations) -> Mapping[str, str]:
    """Names, and where they are now and were not before: of two environments, each may have a revision of one id."""
    known = set(_names(before))
    return {name: path for path, name in _names(now) if (path, name) not in known}


def _shape(repo: Repository, extractor: Extractor[Shape], tree: Tree, path: str) -> Shape | Unreadable:
    file = tree.file(path)
    if file is None:
        return Unreadable("is no file")
    ((_, found),) = repo.facts.of(extractor, (file,))
    return found


def _is_same(base: Tree, was: str, tree: Tree, path: str) -> bool:
    """Whether a file has the bytes that it had; what cannot be read is told when it is compared."""
    try:
        return base.identity(was) == tree.identity(path)
    except Unreadable:
        return False


def _differing(before: Shape, after: Shape) -> Iterator[Judged]:
    pairs = (
        (Judged.IDS, before.ids, after.ids),
        (Judged.UPGRADE, before.upgrade, after.upgrade),
        (Judged.DOWNGRADE, before.downgrade, after.downgrade),
        (Judged.HELPERS, before.helpers, after.helpers),
    )
    return (part for part, old, new in pairs if old != new)


def _names(found: Migrations) -> Iterator[tuple[str, str]]:
    """Each migration's file, and what its tool knows it by."""
    yield from ((each.path, each.id) for environment in found.environments for each in environment.revisions)
    yield from ((each.path, f"{chain.label}.{each.name}") for chain in found.apps for each in chain.nodes)
    for ledger in found.ledgers:
        yield from ((each.path, f"{ledger.folder} {each.written} {each.part}") for each in ledger.files)


def _squashed(tree: Tree, found: Migrations) -> set[str]:
    """Ids or file names that some migration says that it stands for."""
    said = {f"{chain.label}.{name}" for chain in found.apps for name in chain.replaced}
    for path in found.paths:
        file = tree.file(path)
        try:
            content = b"" if file is None else file.bytes
        except Unreadable:
            continue
        for match in SQUASH.finditer(content):
            said.update(filter(None, re.split(r"[,\s]+", match["what"].decode("utf-8", "replace"))))
    return said


def _changes(found: Migrations, part: Judged, paths: Sequence[str]) -> Iterator[Canary]:
    """A change of this part in the first of some migrations that can have it."""
    revisions = {each.path for one in found.environments for each in one.revisions}
    added = {
        Judged.IDS: b'\n\nrevision = "5e1fc4ec0000"\n',
        Judged.DOWNGRADE: b'\n\ndef downgrade():\n    op.drop_table("canary")\n',
        Judged.HELPERS: b"\n\nCANARY = 1\n",
    }
    for path in paths[:1] if part not in added else [path for path in paths if path in revisions][:1]:
        match part:
            case Judged.REMOVED:
                yield Canary(f"take {path} away", (Delete(path),), path)
            case Judged.UPGRADE:
                yield Canary(f"let {path} do something else", (Append(path, _doing_more(found, path)),), path)
            case _:
                yield Canary(f"change the {part} of {path}", (Append(path, added[part]),), path)


def _doing_more(found: Migrations, path: str) -> bytes:
    """What makes a migration do something else: of two definitions the last one holds."""
    if path.endswith(".sql"):
        return b"\nDROP TABLE canary;\n"
    if any(path == each.path for chain in found.apps for each in chain.nodes):
        return b"\n\nMigration.operations = []\n"
    return b'\n\ndef upgrade():\n    op.drop_table("canary")\n'
