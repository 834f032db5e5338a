"""Canaries made ready: with the edits of their diffs, and together where they are apart. Pure."""

from collections.abc import Sequence

from msgspec import structs

from selfcheck.check import Canary
from selfcheck.trees import Append, EditMissed, Tree
from selfcheck.trees.patch import edits_of

UNFIT = "the edit does not fit this repository"


def unfolded(canaries: Sequence[Canary], tree: Tree) -> tuple[list[Canary], list[str]]:
    """The canaries with the edits of their diffs among their own, and what is missed since its diff is none."""
    fit: list[Canary] = []
    missed: list[str] = []
    for canary in canaries:
        try:
            edits = edits_of(tree, canary.patch) if canary.patch is not None else ()
            fit.append(structs.replace(canary, edits=(*canary.edits, *edits)))
        except EditMissed as error:
            missed.append(f"{canary.title}: {UNFIT}: {error}")
    return fit, missed


class Together:
    """Canaries that can be laid over a tree at once: each expects a finding of its own, and what two edit only grows."""

    def __init__(self) -> None:
        self.canaries: list[Canary] = []
        self._expected: set[str | None] = {None}
        self._edited: set[str] = set()
        self._grown: set[str] = set()

    def takes(self, canary: Canary) -> bool:
        """Whether it fits to all that are here."""
        alone = _is_apart(canary)
        grown, edited = _paths(canary)
        clash = self._edited & (grown | edited) or self._grown & edited
        return not self.canaries or not (alone or self._is_alone or canary.expect in self._expected or clash)

    def add(self, canary: Canary) -> None:
        """Lay it over the tree with the others."""
        grown, edited = _paths(canary)
        self.canaries.append(canary)
        self._expected.add(canary.expect)
        self._grown |= grown
        self._edited |= edited

    @property
    def _is_alone(self) -> bool:
        first = self.canaries[0]
        return first.expect is None or _is_apart(first)

    @property
    def as_one(self) -> Canary:
        """All of their edits."""
        return Canary("all canaries", tuple(edit for canary in self.canaries for edit in canary.edits))


def together(canaries: Sequence[Canary]) -> list[Together]:
    """The canaries in as few groups as they come to one after the other."""
    groups: list[Together] = []
    for canary in canaries:
        group = next((each for each in groups if each.takes(canary)), None)
        if group is None:
            group = Together()
            groups.append(group)
        group.add(canary)
    return groups


def _is_apart(canary: Canary) -> bool:
    """Whether it sets more than files, which is the same for all that are laid over a tree at once."""
    rules = canary.guardrails is not None or canary.history is not None
    return rules or canary.today is not None or bool(canary.environ)


def _paths(canary: Canary) -> tuple[set[str], set[str]]:
    """What it only adds to, and what it changes otherwise."""
    edited = {edit.path for edit in canary.edits if not isinstance(edit, Append)}
    return {edit.path for edit in canary.edits} - edited, edited
