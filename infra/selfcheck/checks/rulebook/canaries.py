"""Every guardrail can be proven: where its check has no canaries the rulebook gives some, and those fit the tree."""

from collections.abc import Iterator
from typing import NamedTuple

from msgspec import structs

from selfcheck.check import Canary, Check, Evidence, Repository, Seen, Tree, Unreadable
from selfcheck.checks.rulebook.rules import account, added, found, fresh, in_force, is_own
from selfcheck.guardrail import CanaryEntry, Guardrail, ReplaceEntry, WriteEntry
from selfcheck.trees import EditMissed, Overlay
from selfcheck.trees.patch import edits_of

COMMAND = "command"
NOWHERE = "canary-of-a-file-that-moved.txt"


class Unfit(NamedTuple):
    """A canary of the rulebook that changes nothing here: which edit, and why."""

    about: str
    said: str


class RulebookCanaries(Check):
    """Every guardrail has canaries, its check's or its own, and its own change something in this repository.

    Without running anything: whether a canary is noticed, `selfcheck prove` says.
    """

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each guardrail that nothing can prove, and for each canary whose edit does not fit."""
        entries = 0
        for guardrail in in_force(repo):
            entries += len(guardrail.canaries)
            if not guardrail.canaries and _has_none(repo, guardrail):
                said = f"`{guardrail.use}` has no canaries of its own and is given none: nothing shows that it can fail"
                hint = "give it `canaries:`, an edit that must break it"
                yield found(guardrail, ("check",), "none", said, hint, {"canary": None})
            for number, entry in enumerate(guardrail.canaries):
                unfit = _unfit(repo.tree, entry)
                if unfit is not None and is_own(guardrail, "canaries", number):
                    place = ("canaries", number)
                    hint = "mend the canary: as it stands it proves nothing"
                    yield found(guardrail, place, unfit.about, f"canary: {unfit.said}", hint, {"canary": unfit.about})
        yield account(repo)
        if entries:
            yield Evidence("edits of own canaries", scope=entries, examined=entries)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """A command that nothing proves, and one whose canaries edit or change what is not there."""
        bare = fresh(repo, use=COMMAND, run=["make", "canary"])
        yield added(repo, "add a command without canaries", bare, "none")
        for entry in _misfits(repo.tree):
            unfit = _unfit(repo.tree, entry)
            assert unfit is not None
            guardrail = structs.replace(bare, canaries=(entry,))
            yield added(repo, f"add a command whose canary is to {unfit.about}", guardrail, unfit.about)


def _has_none(repo: Repository, guardrail: Guardrail) -> bool:
    """Whether a check offers no canary whatever the repository: it has not even the method."""
    check = repo.check_of(guardrail)
    return guardrail.use == COMMAND if check is None else check.canaries is Check.canaries


def _unfit(tree: Tree, entry: CanaryEntry) -> Unfit | None:
    """What keeps an edit from changing anything, if something does."""
    match entry:
        case CanaryEntry(delete=str(path)):
            about, said = f"delete {path}", None if path in tree.kinds else _gone(path)
        case CanaryEntry(append=WriteEntry(path, text)):
            about, said = f"append to {path}", _gone(path) if tree.file(path) is None else _nothing(text == "")
        case CanaryEntry(replace=ReplaceEntry(path, old, new)):
            about, said = f"replace in {path}", _unreplaced(tree, path, old, new)
        case CanaryEntry(patch=str(path)):
            about, said = f"patch {path}", _unpatched(tree, path)
        case CanaryEntry(write=WriteEntry(path, text)):
            same = tree.file(path) is not None and _content(tree, path) == text.encode()
            about, said = f"write {path}", _nothing(same)
        case _:
            return None
    return Unfit(about, said) if said else None


def _gone(path: str) -> str:
    return f"{path} is not there"


def _nothing(so: bool) -> str | None:
    return "it changes nothing" if so else None


def _unreplaced(tree: Tree, path: str, old: str, new: str) -> str | None:
    if tree.file(path) is None:
        return _gone(path)
    content = _content(tree, path)
    if content is not None and old.encode() not in content:
        return f"{path} does not hold the text to be replaced"
    return _nothing(old == new)


def _unpatched(tree: Tree, path: str) -> str | None:
    try:
        Overlay(tree, edits_of(tree, path))
    except EditMissed as error:
        return f"the diff does not fit: {error}"
    return None


def _content(tree: Tree, path: str) -> bytes | None:
    """The bytes of a file; None where it cannot be read, which is no fault of a canary."""
    try:
        return tree.read(path)
    except Unreadable:
        return None


def _misfits(tree: Tree) -> Iterator[CanaryEntry]:
    yield CanaryEntry(delete=NOWHERE)
    yield CanaryEntry(append=WriteEntry(NOWHERE, "canary\n"))
    yield CanaryEntry(replace=ReplaceEntry(NOWHERE, "canary", "bird"))
    yield CanaryEntry(patch=NOWHERE)
    readable = (file.path for file in tree.files() if _content(tree, file.path) is not None)
    if path := next(readable, None):
        yield CanaryEntry(append=WriteEntry(path, ""))
