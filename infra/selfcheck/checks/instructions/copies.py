"""The instruction files of all platforms say what one source says, are read whole, and import what is there."""

import itertools
import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar

from selfcheck.check import (
    Append,
    Canary,
    CannotJudge,
    Check,
    Delete,
    Evidence,
    File,
    Finding,
    Location,
    Repository,
    Seen,
    Strictness,
    Tree,
    Unprovable,
    Unread,
    Unreadable,
    Write,
)
from selfcheck.guardrail import RootPath, Text
from selfcheck.subjects.instructions.documents import DOCUMENT, LINKLIKE, Document, differing, drifted
from selfcheck.subjects.instructions.imports import Reach, each_bad, reach
from selfcheck.subjects.instructions.platforms import Limit, Platform, Unit, table
from selfcheck.trees import Kind
from selfcheck.trees.globs import matcher

NOWHERE = "canary-of-an-import.md"


class InstructionsCopies(Check, kw_only=True):
    """The instruction files of all platforms say what one source says, are read whole, and import what is there.

    A platform is judged only where it has a file, or where `copies` names it; those `selfcheck sync copies` writes.
    """

    strictness: ClassVar[Mapping[str, Strictness]] = {"copies": Strictness.MORE, "advice": Strictness.MORE}
    unmatched: ClassVar[frozenset[str]] = frozenset({"source"})

    source: RootPath = "AGENTS.md"
    copies: tuple[Text, ...] = ()
    platforms: tuple[Text, ...] = ()
    advice: bool = False

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each copy that is missing, stale or edited, section that drifted, bad import, size, broken link."""
        chosen = self.chosen()
        found = _Files(repo, chosen)
        yield Evidence("instruction files", scope=len(found.paths), examined=len(found.paths) - len(found.unread))
        yield from found.unread
        yield from self._links(repo, found)
        yield from self._named(repo.tree, found)
        source = self._source(repo)
        for path, document in found.documents.items():
            if path != self.source and source is not None:
                yield from _compared(path, document, self.source, source)
        reaches = {path: reached for path in found.documents if (reached := found.reach(path)) is not None}
        count = sum(reached.imports for reached in reaches.values())
        if count:
            yield Evidence("imports", scope=count, examined=count)
        yield from _imports(list(reaches.values()))
        for path in found.documents:
            yield from self._sizes(found, path, reaches.get(path))

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """A file that became the text of a link; a copy edited; an import of nothing; a file beyond the limit."""
        found = _Files(repo, self.chosen())
        paths = list(found.documents)
        if not paths:
            raise Unprovable("there is no instruction file of a known platform")
        path = next((each for each in paths if each != self.source), paths[0])
        yield from _linked(repo.tree, path)
        yield from self._parted(found)
        importing = next((each for each in paths if found.hops(each) is not None), None)
        if importing is not None:
            edit = Append(importing, f"\n\n@{NOWHERE}\n".encode())
            yield Canary(f"let {importing} import nothing", (edit,), f"{importing}: @{NOWHERE}")
        yield from _lengthened(paths, found.hard)
        if self.advice:
            yield from _lengthened(paths, found.advised)

    def _parted(self, found: "_Files") -> Iterator[Canary]:
        """The first copy edited, and each that is named taken away."""
        copies = (
            each for each, document in found.documents.items() if document.copy and document.copy.of == self.source
        )
        edited = next((each for each in copies if each != self.source), None)
        if edited is not None:
            yield Canary(f"edit {edited}", (Append(edited, b"\n## Canary\n\nedited\n"),), f"{edited}: edited")
        for each in self._wanted():
            if each in found.documents:
                yield Canary(f"take {each} away", (Delete(each),), f"{each}: copy")

    def chosen(self) -> tuple[Platform, ...]:
        """The platforms that are judged.

        Raises:
            CannotJudge: one that is named is not known.
        """
        known = {each.id: each for each in table().platforms}
        for name in (*self.platforms, *self.copies):
            if name not in known:
                raise CannotJudge(f"there is no platform {name!r}", f"known are {', '.join(known)}")
        return tuple(each for each in table().platforms if not self.platforms or each.id in self.platforms)

    def _source(self, repo: Repository) -> Document | None:
        file = repo.tree.file(self.source)
        if file is None:
            return None
        ((_, document),) = repo.facts.of(DOCUMENT, (file,))
        return None if isinstance(document, Unreadable) else document

    def _wanted(self) -> list[str]:
        """The paths of the copies that are named."""
        return [
            each.copy for each in table().platforms if each.id in self.copies and each.copy not in (None, self.source)
        ]

    def _named(self, tree: Tree, found: "_Files") -> Iterator[Finding]:
        for path in self._wanted():
            document = found.documents.get(path)
            if document is None and tree.resolve(path) is None:
                said, hint = f"{path} is to be a copy of {self.source}, and is not there", "`selfcheck sync copies`"
            elif document is not None and document.copy is None:
                said = f"{path} is to be a copy of {self.source}, and was written by hand"
                hint = f"carry it over to {self.source}, then `selfcheck sync copies --force`, which keeps a backup"
            else:
                continue
            yield Finding(key=f"{path}: copy", message=said, at=Location(path) if document else None, hint=hint)

    def _links(self, repo: Repository, found: "_Files") -> Iterator[Finding]:
        for path in found.links:
            if repo.tree.resolve(path) is None:
                yield Finding(
                    key=f"{path}: link",
                    message=f"{path} is a symbolic link that leads to no file",
                    at=Location(path),
                    hint="let it lead to a file of the repository",
                )
        for path, document in found.documents.items():
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), document.leads or ""))
            if document.leads is not None and target != path and repo.tree.resolve(target) is not None:
                yield Finding(
                    key=f"{path}: link",
                    message=f"{path} holds the path of a file and nothing else: a symbolic link that was checked out as text",
                    at=Location(path, 1),
                    hint="check it out with `git config core.symlinks true`, or let it import the file",
                )

    def _sizes(self, found: "_Files", path: str, reached: Reach | None) -> Iterator[Finding]:
        files = reached.files if reached is not None else (path,)
        for platform in found.platforms_of(path):
            for limit, how in ((platform.hard, "reads"), (platform.advice if self.advice else None, "advises")):
                size = sum(found.size(each, limit) for each in files)
                if limit is None or size <= limit.most:
                    continue
                within = " with what it imports" if len(files) > 1 else ""
                yield Finding(
                    key=f"{path}: size",
                    message=f"{path}{within} has {size:,} {limit.unit.value}, and {platform.name} {how} at most {limit.most:,}",
                    at=Location(path),
                    hint="move what only a part of the work needs into files of its own",
                    data={"size": size, "most": limit.most, "unit": limit.unit.value, "platform": platform.id},
                    amount=size,
                )
                break


def _linked(tree: Tree, path: str) -> Iterator[Canary]:
    """The file as the text of a link to another one."""
    texts = (".md", ".txt", ".toml", ".py", ".yaml", ".json")
    other = next(
        (each for each, kind in tree.kinds.items() if each != path and kind is Kind.FILE and each.endswith(texts)), None
    )
    if other is not None and LINKLIKE.fullmatch(leads := posixpath.relpath(other, posixpath.dirname(path) or ".")):
        yield Canary(f"let {path} be the text of a link", (Write(path, leads.encode()),), f"{path}: link")


def _lengthened(paths: Sequence[str], limit_of: Callable[[str], Limit | None]) -> Iterator[Canary]:
    """The first file of which a platform reads no more than a limit, longer than that."""
    limited = ((path, limit) for path in paths if (limit := limit_of(path)) is not None)
    for path, limit in itertools.islice(limited, 1):
        # Of code, and in one line where lines are not counted: nobody has to read four million bytes of prose.
        word = b"canary\n" if limit.unit is Unit.LINES else b"canary "
        count = limit.most + 1 if limit.unit is Unit.LINES else limit.most // len(word) + 1
        longer = Append(path, b"\n```\n" + word * count + b"\n```\n")
        yield Canary(f"give {path} more than {limit.most:,} {limit.unit.value}", (longer,), f"{path}: size")


class _Files:
    """The files of the platforms, each read once."""

    def __init__(self, repo: Repository, chosen: Sequence[Platform]) -> None:
        self._repo = repo
        self._platforms: dict[str, list[Platform]] = {}
        for platform in chosen:
            for path in repo.tree.files(platform.paths):
                self._platforms.setdefault(path.path, []).append(platform)
        selected = matcher(tuple(path for each in chosen for path in each.paths))
        self.links = sorted(path for path, kind in repo.tree.kinds.items() if kind is Kind.LINK and selected(path))
        self.paths = sorted({*self._platforms, *self.links})
        self.unread: list[Unread] = []
        self.documents: dict[str, Document] = {}
        files = [File(repo.tree, path) for path in sorted(self._platforms)]
        for file, document in repo.facts.of(DOCUMENT, files):
            if isinstance(document, Unreadable):
                self.unread.append(Unread(file.path, str(document)))
            else:
                self.documents[file.path] = document
        self._others: dict[str, Document | None] = {}

    def platforms_of(self, path: str) -> Sequence[Platform]:
        """Those that read a file."""
        return self._platforms.get(path, ())

    def hops(self, path: str) -> int | None:
        """How far imports of a file are followed; None where no platform knows any."""
        return max((each.hops for each in self.platforms_of(path) if each.hops is not None), default=None)

    def hard(self, path: str) -> Limit | None:
        """The limit of the first platform that has one."""
        return next((each.hard for each in self.platforms_of(path) if each.hard is not None), None)

    def advised(self, path: str) -> Limit | None:
        """What the first platform that advises any length advises."""
        return next((each.advice for each in self.platforms_of(path) if each.advice is not None), None)

    def size(self, path: str, limit: Limit | None) -> int:
        """How much of a file counts against a limit."""
        document = self.read(path)
        return 0 if limit is None or document is None else document.sizes[limit.unit.value]

    def reach(self, path: str) -> Reach | None:
        """What a file brings in, where its platform knows imports."""
        hops = self.hops(path)
        return None if hops is None else reach(self._repo.tree, path, hops, self.read)

    def read(self, path: str) -> Document | None:
        """A document that is imported; nothing of one that is no text."""
        if path in self.documents:
            return self.documents[path]
        if path not in self._others:
            file = self._repo.tree.file(path)
            self._others[path] = None
            for _, document in self._repo.facts.of(DOCUMENT, () if file is None else (file,)):
                self._others[path] = None if isinstance(document, Unreadable) else document
        return self._others[path]


def _compared(path: str, document: Document, name: str, source: Document) -> Iterator[Finding]:
    """A copy with its source; of a hand-written file, the sections that were once the same."""
    copy = document.copy
    if copy is None:
        for part in drifted(document.parts, source.parts):
            yield Finding(
                key=f"{path}: section {part.title}",
                message=f"the section {part.title!r} was that of {name}, and is no longer",
                at=Location(path, part.line),
                hint=f"bring both in line, or keep it in {name} only",
                data={"section": part.title, "source": name},
            )
        return
    if copy.of != name:
        return
    if not copy.is_untouched:
        titles = differing(document.parts, source.parts)
        yield Finding(
            key=f"{path}: edited",
            message=f"the copy of {name} was edited by hand",
            at=Location(path),
            hint=f"carry the change over to {name}, then `selfcheck sync copies --force`, which keeps a backup",
            data={"sections": titles},
        )
    elif copy.source != source.digest:
        yield Finding(
            key=f"{path}: stale",
            message=f"the copy is of an older {name}",
            at=Location(path),
            hint="`selfcheck sync copies`",
            data={"sections": differing(document.parts, source.parts)},
        )


def _imports(reaches: list[Reach]) -> Iterator[Finding]:
    for bad in each_bad(reaches):
        yield Finding(
            key=f"{bad.path}: @{bad.found.path}",
            message=f"@{bad.found.path} {bad.why}",
            at=Location(bad.path, bad.found.line),
            hint="mend the path, or put it in backticks where it is no import",
            data={"import": bad.found.path},
        )
