"""Reduced decision trees: what something comes to, by the answers to questions."""

from collections.abc import Hashable

from selfcheck.subjects.shell.state import NEVER


class Trees:
    """Reduced decision trees; each is a number, and equal ones have one number."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._asked: list[tuple[Hashable, int, int] | None] = []
        self._labels: list[Hashable] = []

    def leaf(self, label: Hashable) -> int:
        """An end with a label."""
        return self._number(("leaf", label), None, label)

    def asked(self, key: Hashable, yes: int, no: int) -> int:
        """A question; one of both where they are the same, or where the other does not end."""
        never = self.leaf(NEVER.label)
        if yes == no or no == never:
            return yes
        if yes == never:
            return no
        return self._number((key, yes, no), (key, yes, no), None)

    def labels(self, tree: int) -> set[Hashable]:
        """The labels of all ends."""
        return {self._labels[each] for each in self._within(tree) if self._asked[each] is None}

    def keys(self, tree: int) -> set[Hashable]:
        """The questions that are asked."""
        return {found[0] for each in self._within(tree) if (found := self._asked[each]) is not None}

    def _number(self, key: Hashable, asked: tuple[Hashable, int, int] | None, label: Hashable) -> int:
        if key not in self._numbers:
            self._numbers[key] = len(self._asked)
            self._asked.append(asked)
            self._labels.append(label)
        return self._numbers[key]

    def _within(self, tree: int) -> set[int]:
        seen = {tree}
        waiting = [tree]
        while waiting:
            found = self._asked[waiting.pop()]
            new = [each for each in found[1:] if each not in seen] if found is not None else []
            seen.update(new)
            waiting += new
        return seen
