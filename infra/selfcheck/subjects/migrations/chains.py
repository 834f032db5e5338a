"""The migrations of Django's apps: what each comes after, and the leaves of each app. Pure."""

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from msgspec import Struct

from selfcheck.subjects.migrations.apps import FIRST, LATEST, App


class Node(Struct, frozen=True):
    """A migration, called by its file, and where it is."""

    name: str
    path: str
    app: App


class Chain:
    """The migrations of one app, by their names; `lost` says that some file beside them could not be read."""

    def __init__(self, folder: str, label: str, nodes: Iterable[Node], *, lost: bool) -> None:
        self.folder = folder
        self.label = label
        self.lost = lost
        self.nodes = tuple(sorted(nodes, key=lambda each: each.name))
        self.by_name = {each.name: each for each in self.nodes}

    @cached_property
    def replaced(self) -> Mapping[str, str]:
        """The names that a squashed migration stands for, and which."""
        return {
            parent.name: each.name for each in self.nodes for parent in each.app.replaces if parent.label == self.label
        }

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """The names that nothing of the app comes after, where what is squashed counts as what it was squashed into."""
        standing = {name for name in self.by_name if name not in self.replaced}
        named = {self._as_squashed(parent) for name in standing for parent in self.parents(name)}
        return tuple(sorted(standing - named))

    @cached_property
    def missing(self) -> list[tuple[Node, str]]:
        """Migrations that come after one of their own app which is not there."""
        known = {*self.by_name, *self.replaced, FIRST, LATEST}
        return [(each, name) for each in self.nodes for name in self.parents(each.name) if name not in known]

    @cached_property
    def circle(self) -> tuple[str, ...]:
        """The names that come after themselves, sorted."""
        left = {name: {up for up in self.parents(name) if up in self.by_name} for name in self.by_name}
        while free := {name for name, ups in left.items() if not ups & set(left)}:
            left = {name: ups for name, ups in left.items() if name not in free}
        return tuple(sorted(left))

    def parents(self, name: str) -> list[str]:
        """The names in the app that a migration comes after."""
        return [parent.name for parent in self.by_name[name].app.depends if parent.label == self.label]

    def _as_squashed(self, name: str) -> str:
        for _ in range(len(self.by_name)):
            if name not in self.replaced:
                return name
            name = self.replaced[name]
        return name


def chains(apps: Mapping[str, App], lost: Iterable[str]) -> list[Chain]:
    """The apps by their folders of migrations."""
    folders: defaultdict[str, list[Node]] = defaultdict(list)
    unread = set(lost)
    for path, app in apps.items():
        folder, file = posixpath.split(path)
        if not file.startswith(("_", "~")):
            folders[folder].append(Node(file.removesuffix(".py"), path, app))
    return [
        Chain(folder, _label(folder, nodes), nodes, lost=folder in unread) for folder, nodes in sorted(folders.items())
    ]


def _label(folder: str, nodes: Iterable[Node]) -> str:
    """The app's label: its folder's name, unless the migrations call each other by another one."""
    several = list(nodes)
    name = posixpath.basename(posixpath.dirname(folder))
    names = {each.name for each in several}
    counts: defaultdict[str, int] = defaultdict(int)
    for each in several:
        for parent in {*each.app.depends, *each.app.replaces}:
            counts[parent.label] += parent.name in names and parent.name != each.name
    if counts.get(name) or not any(counts.values()):
        return name
    return max(sorted(counts), key=lambda label: counts[label])
