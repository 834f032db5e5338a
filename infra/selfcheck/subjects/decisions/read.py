"""The decisions of a tree: folder by folder, each with its own numbers, and what a relation leads to among them."""

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from selfcheck.errors import Unreadable
from selfcheck.facts import Extractor, Facts
from selfcheck.model import Unread
from selfcheck.subjects.decisions.decision import Decision, by_number
from selfcheck.subjects.decisions.extract import MARKDOWN, RESTRUCTURED
from selfcheck.subjects.decisions.folders import folders, is_list
from selfcheck.subjects.decisions.forms import is_decision
from selfcheck.subjects.decisions.model import Document, Relation
from selfcheck.subjects.decisions.names import Name, is_reserved, may_be_list, named, parts
from selfcheck.subjects.decisions.status import Status
from selfcheck.trees import File, Tree

PREFIXES = frozenset({"", "adr", "ad", "dr", "decision", "decision record"})
Aliases = tuple[tuple[str, str], ...]
"""Words of statuses and what they mean."""
MOST = 0.5
"""The share of a folder's decisions that record a thing, above which it is asked of the others too."""


class Folder:
    """The decisions of one folder, in the order of their numbers and days; what else stands there; what it records."""

    def __init__(self, path: str, decisions: Sequence[Decision], others: Mapping[str, Document]) -> None:
        self.path = path
        self.decisions = tuple(sorted(decisions, key=lambda each: (each.number or 0, each.name.day, each.path)))
        self.others = others
        """Documents that are no decisions, by path."""

    @cached_property
    def numbers(self) -> dict[int, list[Decision]]:
        """The decisions by number."""
        return by_number(self.decisions)

    @property
    def records_status(self) -> bool:
        """Whether it is the custom here that a decision says its status."""
        return self.share(each.says_status for each in self.decisions) > MOST

    @property
    def lists(self) -> tuple[str, ...]:
        """Documents in the folder that may be its index."""
        return tuple(path for path in self.others if may_be_list(parts(path)[1]))

    @staticmethod
    def share(so: Iterable[bool]) -> float:
        """The share of what is so; all of nothing."""
        every = list(so)
        return sum(every) / len(every) if every else 1.0


class Decisions:
    """Every decision of a tree."""

    def __init__(
        self, folders: Sequence[Folder], unread: Sequence[Unread], asked: tuple[tuple[str, ...], Aliases] = ((), ())
    ) -> None:
        self.asked = asked
        """The folders and words that were configured."""
        self.folders = tuple(folders)
        self.unread = tuple(unread)

    @cached_property
    def all(self) -> tuple[Decision, ...]:
        """All decisions, folder by folder."""
        return tuple(each for folder in self.folders for each in folder.decisions)

    @cached_property
    def by_path(self) -> dict[str, Decision]:
        """The decisions by path."""
        return {each.path: each for each in self.all}

    @cached_property
    def numbers(self) -> dict[int, list[Decision]]:
        """The decisions by number, whatever their folder."""
        return by_number(self.all)

    @cached_property
    def stems(self) -> dict[str, list[Decision]]:
        """The decisions by the names of their files, without what the names end in."""
        found: dict[str, list[Decision]] = {}
        for each in self.all:
            found.setdefault(each.name.stem, []).append(each)
        return found

    def folder_of(self, decision: Decision) -> Folder:
        """The folder that a decision is in."""
        return next(folder for folder in self.folders if folder.path == decision.folder)

    def in_force(self, decision: Decision) -> bool:
        """Whether a decision holds; one without a status does where nobody records any."""
        return decision.in_force or (not decision.says_status and not self.folder_of(decision).records_status)

    def numbered(self, number: int, near: str = "") -> list[Decision]:
        """The decisions of a number: those of the folder that is nearest to a path, if it has any."""
        found = self.numbers.get(number, [])
        own = [each for each in found if each.folder == near]
        if own or len({each.folder for each in found}) < 2:
            return own or found
        closest = max(_shared(each.folder, near) for each in found)
        return [each for each in found if _shared(each.folder, near) == closest]

    def meant(self, decision: Decision, relation: Relation) -> list[Decision] | None:
        """What a relation leads to; None where it may lead out of this tree, nothing where it leads nowhere."""
        target = relation.target
        if "://" in target or target.startswith("//"):
            return None
        if target and not target.startswith("#"):
            path = self.path_of(decision, target)
            if (found := self.by_path.get(path) or self.by_path.get(f"{path}/README.md")) is not None:
                return [found]
            same = self.stems.get(parts(path)[1], [])  # a wrong folder is for whoever judges links
            return None if path.startswith("../") and not same else same
        if relation.number is not None:
            return self.numbered(relation.number, decision.folder)
        return self.stems.get(relation.text.strip(" ."))

    def anew(self, tree: Tree, facts: Facts, home: str) -> Folder:
        """One folder as it stands in another tree, also where it is new."""
        configured, aliases = self.asked
        again = read(tree, facts, configured, aliases)
        found = next((each for each in again.folders if each.path == home), None)
        return found or read(tree, facts, (home,), aliases).folders[0]

    def path_of(self, decision: Decision, target: str) -> str:
        """The path that a link leads to, its escapes undone."""
        from urllib.parse import unquote  # a module that few runs need

        return decision.leads_to(unquote(target))


def read(tree: Tree, facts: Facts, configured: tuple[str, ...] = (), aliases: Aliases = ()) -> Decisions:
    """The decisions below these folders, or wherever they are kept; `aliases` are words of statuses beside ours."""
    words = _words(aliases)
    documents: dict[str, Document] = {}
    unread: list[Unread] = []
    found = folders(tree, configured)
    for extractor, files in asked(tree, found).items():
        for file, fact in facts.of(extractor, files):
            if isinstance(fact, Unreadable):
                unread.append(Unread(file.path, str(fact)))
            else:
                documents[file.path] = fact
    made = [_folder(home, paths, documents, words) for home, paths in found.items()]
    lost = [each for each in unread if not is_reserved(parts(each.path)[1])]
    kept = [each for each in made if each.decisions]
    return Decisions(kept, sorted(lost, key=lambda each: each.path), (configured, aliases))


def read_as(path: str, folder: str, content: bytes, found: Decisions) -> Decision:
    """One document as a decision of a folder, whatever it is called."""
    document = (RESTRUCTURED if path.endswith(".rst") else MARKDOWN).extract(content)
    return Decision(path, folder, _name(path), document, _words(found.asked[1]))


def _words(aliases: Aliases) -> Mapping[str, Status]:
    return {word.casefold(): Status(status) for word, status in aliases}


def asked(tree: Tree, found: Mapping[str, Sequence[str]]) -> dict[Extractor[Document], tuple[File, ...]]:
    """The facts that reading needs, and of which files."""
    files = [file for paths in found.values() for path in paths if (file := tree.file(path)) is not None]
    return {
        MARKDOWN: tuple(file for file in files if not file.path.endswith(".rst")),
        RESTRUCTURED: tuple(file for file in files if file.path.endswith(".rst")),
    }


def _folder(
    home: str, paths: Sequence[str], documents: Mapping[str, Document], aliases: Mapping[str, Status]
) -> Folder:
    names = {path: _name(path) for path in paths if path in documents}
    told = {path: name for path, name in names.items() if _is_told(path, name, documents[path])}
    rest = {path: name for path, name in names.items() if path not in told and not _is_reserved(path)}
    if len(told) < len(rest):
        told |= {path: name for path, name in rest.items() if _has_shape(documents[path])}
    decisions = [Decision(path, home, name, documents[path], aliases) for path, name in told.items()]
    return Folder(home, decisions, {path: documents[path] for path in names if path not in told})


def _name(path: str) -> Name:
    folder, stem, _ = parts(path)
    return named(posixpath.basename(folder) if is_list(path) else stem)


def _is_reserved(path: str) -> bool:
    return is_reserved(parts(path)[1]) and not is_list(path)


def _is_told(path: str, name: Name, document: Document) -> bool:
    """Whether its name says that it is a decision; under a prefix that nobody uses for them, its shape as well."""
    if _is_reserved(path) or (name.number is None and not name.day):
        return False
    return name.prefix.strip().casefold() in PREFIXES or _has_shape(document)


def _has_shape(document: Document) -> bool:
    return is_decision(frozenset(each.plain for each in document.sections), document.said)


def _shared(one: str, other: str) -> int:
    """How many parts two paths begin with together."""
    count = 0
    for left, right in zip(one.split("/"), other.split("/"), strict=False):
        if left != right:
            break
        count += 1
    return count
