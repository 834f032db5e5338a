"""The graph of one environment's revisions: heads, what is missing, what is there twice, circles. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from msgspec import Struct

from selfcheck.subjects.migrations.script import Script


class Revision(Struct, frozen=True):
    """A revision and the file that it is in."""

    path: str
    script: Script

    @property
    def id(self) -> str:
        """The id; a file without one is left out of the graph."""
        return self.script.revision or ""

    def line(self, name: str) -> int:
        """Where one of its ids stands."""
        return self.script.lines.get(name, 1)


class Graph:
    """Revisions by their ids; of two with one id the first counts, as sorted by path."""

    def __init__(self, revisions: Iterable[Revision]) -> None:
        self.revisions = tuple(sorted((each for each in revisions if each.id), key=lambda each: each.path))
        self.by_id: dict[str, Revision] = {}
        for each in self.revisions:
            self.by_id.setdefault(each.id, each)

    @cached_property
    def twice(self) -> Mapping[str, list[Revision]]:
        """Ids that more than one file has."""
        counts = Counter(each.id for each in self.revisions)
        return {name: [each for each in self.revisions if each.id == name] for name, n in counts.items() if n > 1}

    @cached_property
    def missing(self) -> list[tuple[Revision, str, str]]:
        """Revisions whose parent, or what they depend on, is not there: the revision, which id says so, the name."""
        found: list[tuple[Revision, str, str]] = []
        for each in self.revisions:
            found += ((each, "down_revision", name) for name in each.script.down if name not in self.by_id)
            found += ((each, "depends_on", name) for name in each.script.depends if self.named(name) is None)
        return found

    def named(self, name: str) -> str | None:
        """The id that a name means as alembic takes it on the command line and in `depends_on`: whole, a label, or a part."""
        if name in self.by_id or name in self._labelled:
            return self._labelled.get(name, name)
        several = [each for each in self.by_id if each.startswith(name)]
        return several[0] if len(several) == 1 and len(name) >= 4 else None

    @cached_property
    def _labelled(self) -> Mapping[str, str]:
        return {label: each.id for each in self.revisions for label in each.script.labels}

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """The ids whose `down_revision` names each id."""
        found: dict[str, list[str]] = {name: [] for name in self.by_id}
        for each in self.by_id.values():
            for parent in each.script.down:
                if parent in found:
                    found[parent].append(each.id)
        return {name: tuple(several) for name, several in found.items()}

    @cached_property
    def heads(self) -> tuple[str, ...]:
        """The ids that nothing comes after, sorted."""
        return tuple(sorted(name for name, children in self.children.items() if not children))

    @cached_property
    def bases(self) -> tuple[str, ...]:
        """The ids that come after nothing, sorted."""
        return tuple(sorted(name for name, each in self.by_id.items() if not each.script.down))

    def before(self, ids: Iterable[str]) -> set[str]:
        """These ids and all that they come after or depend on."""
        return _reached(ids, lambda name: self._parents.get(name, ()))

    def after(self, ids: Iterable[str]) -> set[str]:
        """These ids and all that come after them."""
        return _reached(ids, lambda name: self.children.get(name, ()))

    @cached_property
    def _parents(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for name, each in self.by_id.items():
            named = (self.named(other) for other in each.script.depends)
            found[name] = (*(up for up in each.script.down if up in self.by_id), *(up for up in named if up))
        return found

    @cached_property
    def circles(self) -> list[list[str]]:
        """The ids that come after themselves, each circle sorted."""
        return _circles(self._parents)

    def labels(self, head: str) -> tuple[str, ...]:
        """The branch labels of a head: those of its line, down to where it parted from or joined others."""
        found: set[str] = set()
        here, seen = head, {head}
        while True:
            each = self.by_id[here]
            found.update(each.script.labels)
            parents = [name for name in each.script.down if name in self.by_id]
            if len(parents) != 1 or parents[0] in seen:
                return tuple(sorted(found))
            # A label that stands before a fork holds for all that comes after it.
            (here,) = parents
            seen.add(here)

    @cached_property
    def rival(self) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        """Labels, and the heads that share them where there are several."""
        lines: dict[tuple[str, ...], list[str]] = {}
        for head in self.heads:
            lines.setdefault(self.labels(head), []).append(head)
        return [(labels, tuple(heads)) for labels, heads in sorted(lines.items()) if len(heads) > 1]

    @cached_property
    def order(self) -> tuple[str, ...]:
        """All ids, each after those that it comes after; those in or after a circle are last."""
        found = _ordered(self._parents)
        return (*found, *sorted(set(self.by_id) - set(found)))


def _reached(ids: Iterable[str], onward: Callable[[str], Iterable[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(ids)
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting += onward(here)
    return found


def _ordered(parents: Mapping[str, Iterable[str]]) -> list[str]:
    """Names, each after its parents, the first by name first; none that is in or after a circle."""
    waiting = {name: len(set(several)) for name, several in parents.items()}
    after = _turned(parents)
    ready = sorted((name for name, count in waiting.items() if not count), reverse=True)
    found: list[str] = []
    while ready:
        here = ready.pop()
        found.append(here)
        for name in sorted(after[here], reverse=True):
            waiting[name] -= 1
            if not waiting[name]:
                ready.append(name)
    return found


def _turned(parents: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {name: set() for name in parents}
    for name, several in parents.items():
        for parent in several:
            found[parent].add(name)
    return found


def _circles(parents: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """What is left when all that comes after no circle, and all that no circle comes after, is taken away."""
    left = {name: set(several) for name, several in parents.items()}
    for _ in range(2):
        done = set(_ordered(left))
        left = _turned({name: several - done for name, several in left.items() if name not in done})
    back = _turned(left)
    found: list[list[str]] = []
    rest = set(left)
    while rest:
        start = min(rest)
        members = _reached(left[start], left.__getitem__) & _reached(back[start], back.__getitem__)
        if start in members:
            found.append(sorted(members))
        rest -= members | {start}
    return found
