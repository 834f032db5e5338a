"""All migrations of a tree: alembic's environments, Django's apps, and folders of numbered SQL."""

import posixpath
import re
from collections.abc import Mapping, Sequence
from functools import cached_property

from selfcheck.errors import Unreadable
from selfcheck.facts import Facts
from selfcheck.model import Unread
from selfcheck.subjects.migrations.apps import App
from selfcheck.subjects.migrations.chains import Chain, chains
from selfcheck.subjects.migrations.graph import Graph, Revision
from selfcheck.subjects.migrations.ledgers import Ledger, ledgers
from selfcheck.subjects.migrations.places import Place, places
from selfcheck.subjects.migrations.script import SOURCES, Script
from selfcheck.trees import File, Tree

LIKELY = re.compile(r"migrat|alembic|version|revision", re.IGNORECASE)
"""What a folder of revisions is called, wherever it stands."""
EVERYWHERE = (
    *("**", "!**/node_modules/**", "!**/test/**", "!**/tests/**", "!**/testing/**", "!**/test_*", "!**/*_test"),
    *("!**/fixtures/**", "!**/examples/**", "!**/templates/**"),
)


class Environment:
    """One environment of alembic: its place, its revisions, and what is in its folders and no revision."""

    def __init__(self, place: Place, files: Mapping[str, Script | None], lost: Sequence[Unread]) -> None:
        self.place = place
        self.lost = tuple(lost)
        """Files that could not be read: without them nothing is known to be missing."""
        self.revisions = tuple(Revision(path, script) for path, script in files.items() if script and script.revision)
        self.unnamed = tuple(path for path, script in files.items() if script is None or _is_unnamed(script))
        """Files that alembic loads, and which say no id."""

    @property
    def name(self) -> str:
        """What it is called: its folder."""
        return self.place.name or self.place.folder or "."

    @cached_property
    def graph(self) -> Graph:
        """The revisions by their ids."""
        return Graph(self.revisions)


class Migrations:
    """What was found, and what could not be read."""

    def __init__(
        self,
        environments: Sequence[Environment],
        apps: Sequence[Chain],
        sql: Sequence[Ledger],
        outside: Sequence[Revision],
        unread: Sequence[Unread],
    ) -> None:
        self.environments = tuple(environments)
        self.apps = tuple(apps)
        self.ledgers = tuple(sql)
        self.outside = tuple(outside)
        """Revisions in no folder that alembic looks into."""
        self.unread = tuple(unread)

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Every file that is a migration, sorted."""
        found = [each.path for environment in self.environments for each in environment.revisions]
        found += [each.path for chain in self.apps for each in chain.nodes]
        found += [each.path for ledger in self.ledgers for each in ledger.files]
        return tuple(sorted({*found, *(each.path for each in self.outside)}))


def files(tree: Tree, selected: tuple[str, ...]) -> tuple[File, ...]:
    """The Python files that may be migrations."""
    found = places(tree, selected)[0]
    every = tree.files(selected)
    return tuple(each for each in every if each.path.endswith(".py") and _is_likely(each.path, found))


def read(tree: Tree, facts: Facts, selected: tuple[str, ...] = EVERYWHERE) -> Migrations:
    """The migrations among the selected files."""
    found, unread = places(tree, selected)
    scripts: dict[str, Script | None] = {}
    apps: dict[str, App] = {}
    lost: dict[str, Unread] = {}
    for file, source in facts.of(SOURCES, files(tree, selected)):
        if isinstance(source, Unreadable):
            lost[file.path] = Unread(file.path, str(source))
            continue
        scripts[file.path] = source.script
        if source.app is not None and posixpath.basename(posixpath.dirname(file.path)) == "migrations":
            apps[file.path] = source.app
    environments = [_environment(place, scripts, lost) for place in found]
    held = {path for path in scripts if any(place.holds(path) for place in found)}
    computed = [
        Unread(path, f"its {' and '.join(f'`{name}`' for name in script.computed)} is computed")
        for path, script in scripts.items()
        if script is not None and script.computed and path in held
    ]
    computed += [
        Unread(path, f"its {' and '.join(f'`{name}`' for name in each.computed)} is computed")
        for path, each in apps.items()
        if each.computed
    ]
    return Migrations(
        environments,
        chains(apps, {posixpath.dirname(path) for path in lost}),
        ledgers(file.path for file in tree.files(selected) if file.path.endswith(".sql")),
        [Revision(path, each) for path, each in scripts.items() if each and path not in held and _is_revision(each)],
        (*unread, *lost.values(), *computed),
    )


def _is_likely(path: str, found: Sequence[Place]) -> bool:
    below = (place.folder and path.startswith(f"{place.folder}/") for place in found)
    return LIKELY.search(posixpath.dirname(path)) is not None or any(below) or any(each.holds(path) for each in found)


def _environment(place: Place, scripts: Mapping[str, Script | None], lost: Mapping[str, Unread]) -> Environment:
    inside = {path: script for path, script in scripts.items() if place.holds(path)}
    return Environment(place, inside, [each for path, each in lost.items() if place.holds(path)])


def _is_unnamed(script: Script) -> bool:
    return script.revision is None and "revision" not in script.computed


def _is_revision(script: Script) -> bool:
    return script.revision is not None and script.has_down and script.has_upgrade
