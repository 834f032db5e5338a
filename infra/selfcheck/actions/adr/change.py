"""A change of decisions in the making: documents as they will be, read anew after each edit, so that none is half made."""

import posixpath
from collections.abc import Callable

from selfcheck.actions.adr.index import block
from selfcheck.actions.adr.plan import Plan
from selfcheck.actions.adr.status import add_relation, set_status
from selfcheck.actions.adr.text import Text
from selfcheck.errors import Unreadable, UsageError
from selfcheck.facts import Facts
from selfcheck.subjects.decisions import Decision, Decisions, Folder, Status, Verb
from selfcheck.subjects.decisions.index import block_in
from selfcheck.subjects.decisions.lines import text_of
from selfcheck.subjects.decisions.read import read_as
from selfcheck.trees import Overlay, Tree, Write


class Change:
    """Edits of the documents of a tree, which are planned and not made."""

    def __init__(self, tree: Tree, found: Decisions) -> None:
        self._tree = tree
        self._found = found
        self._files: dict[str, bytes] = {}
        self._notes: list[str] = []

    def plan(self) -> Plan:
        """All that is to be written."""
        return Plan(dict(self._files), tuple(self._notes))

    def write(self, path: str, content: bytes) -> None:
        """A file as a whole."""
        self._files[path] = content

    def decision(self, path: str, folder: str) -> Decision:
        """A document as it will be."""
        return read_as(path, folder, self._bytes(path), self._found)

    def decide(self, decision: Decision, status: Status) -> None:
        """Another status; what an accepted decision says that it supersedes says so too from now on.

        Raises:
            UsageError: it has that status, or its document cannot be edited.
        """
        if decision.status is status:
            raise UsageError(f"{decision.path}: is {status} already")
        if decision.status is Status.SUPERSEDED:
            raise UsageError(f"{decision.path}: is superseded; a new decision can supersede that in turn")
        folder = self._found.folder_of(decision)
        self._edit(decision, lambda text: set_status(text, decision, folder, status))
        after = self.decision(decision.path, decision.folder)
        if after.status is not status:
            raise UsageError(f"{decision.path}: its status stands there in a form that cannot be edited")
        if status is Status.ACCEPTED:
            for relation in after.related(Verb.SUPERSEDES):
                for old in self._found.meant(after, relation) or ():
                    if not relation.partial and old.status is not Status.SUPERSEDED and old is not decision:
                        self._retire(after, old)
        self.index(decision.folder)

    def supersede(self, new: Decision, old: Decision) -> None:
        """One decision by another, on both sides, if the new one is decided; else on its own side alone.

        Raises:
            UsageError: it is superseded by that one already, or a document cannot be edited.
        """
        if new.path == old.path:
            raise UsageError(f"{old.path}: cannot supersede itself")
        if not any(old.path in self._paths(new, verb) for verb in (Verb.SUPERSEDES,)):
            link, name = _link(new, old)
            self._edit(new, lambda text: add_relation(text, new, "Supersedes", link, name))
            after = self.decision(new.path, new.folder)
            if old.path not in self._paths(after, Verb.SUPERSEDES):
                raise UsageError(f"{new.path}: has no place where a relation could be written")
        if new.pending:
            self._notes.append(f"{old.id} stays in force until {new.id} is accepted")
            return
        self._retire(new, old)
        self.index(old.folder)

    def index(self, home: str) -> None:
        """The lists of a folder, between their markers; one without markers is left to people."""
        folder = self._folder(home)
        for path in self._tree.kinds:
            if posixpath.dirname(path) == home and path.endswith(".md") and path not in self._found.by_path:
                self._list(path, folder)

    def _list(self, path: str, folder: Folder) -> None:
        try:
            content = self._bytes(path)
            marked = block_in(text_of(content)) is not None
        except Unreadable:
            return
        if marked:
            self._files[path] = block(path, content, [folder])

    def _retire(self, new: Decision, old: Decision) -> None:
        folder = self._found.folder_of(old)
        link, name = _link(old, new)
        if new.path in self._paths(old, Verb.SUPERSEDED_BY) and old.status is Status.SUPERSEDED:
            raise UsageError(f"{old.path}: is superseded by {new.id} already")
        front = any(each.name in ("superseded by", "superseded-by") for each in old.document.said)
        self._edit(old, lambda text: set_status(text, old, folder, Status.SUPERSEDED, (link, name)))
        after = self.decision(old.path, old.folder)
        if front:
            self._edit(after, lambda text: add_relation(text, after, "Superseded by", link, name))
        after = self.decision(old.path, old.folder)
        if after.status is not Status.SUPERSEDED or new.id not in self._ids(after):
            raise UsageError(f"{old.path}: its status stands there in a form that cannot be edited")

    def _paths(self, decision: Decision, verb: Verb) -> set[str]:
        return {
            each.path for relation in decision.related(verb) for each in self._found.meant(decision, relation) or ()
        }

    def _ids(self, decision: Decision) -> set[str]:
        """What a decision says that it is superseded by; a new one is not found by its path yet."""
        named = decision.related(Verb.SUPERSEDED_BY)
        everyone = [
            *self._found.all,
            *(self.decision(path, posixpath.dirname(path)) for path in self._files if path.endswith((".md", ".rst"))),
        ]
        return {
            each.id
            for relation in named
            for each in everyone
            if (relation.number is not None and each.number == relation.number)
            or posixpath.basename(relation.target.partition("#")[0]) == posixpath.basename(each.path)
            or each.name.stem in (relation.text, relation.target)
            or (relation.target and decision.leads_to(relation.target) == each.path)
        }

    def _edit(self, decision: Decision, edit: Callable[[Text], None]) -> None:
        text = Text(decision.path, self._bytes(decision.path))
        edit(text)
        self._files[decision.path] = text.content

    def _bytes(self, path: str) -> bytes:
        return self._files[path] if path in self._files else self._tree.read(path)

    def _folder(self, home: str) -> Folder:
        """A folder as it will be."""
        return self._found.anew(
            Overlay(self._tree, tuple(Write(path, content) for path, content in self._files.items())), Facts(), home
        )


def _link(one: Decision, other: Decision) -> tuple[str, str]:
    """A link from one decision to another, and the bare name of that."""
    target = posixpath.relpath(other.path, posixpath.dirname(one.path) or ".")
    shown = target.replace(" ", "%20")
    name = other.id if other.number is not None else target
    if one.path.endswith(".rst"):
        return f"`{other.id} <{target}>`_", name
    title = f"{other.number}. {other.title}" if other.number is not None else other.title
    return f"[{_plain(title)}]({shown})", name


def _plain(title: str) -> str:
    """A title as the text of a link."""
    return title.replace("[", "(").replace("]", ")")
