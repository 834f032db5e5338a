"""One history of migrations: one head, nothing missing, nothing twice, nothing that is never run."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from selfcheck.check import Canary, Evidence, Finding, Location, Repository, Seen, Strictness, Unprovable
from selfcheck.checks.migrations.canaries import fork_app, fork_revision, leave_out, repeat_sql, shared, stray
from selfcheck.checks.migrations.scope import MigrationCheck
from selfcheck.checks.migrations.sql import SqlFiles
from selfcheck.subjects.migrations import Chain, Environment, Migrations, Revision
from selfcheck.trees.globs import matcher

MERGE = "give them one successor: `alembic merge heads`; never edit the `down_revision` of a published revision"
MERGE_APP = "give them one successor: `python manage.py makemigrations --merge`"


class MigrationsGraph(MigrationCheck, kw_only=True):
    """The migrations of each database are one history: one head, no parent missing, no id twice, none that never runs.

    Read are all environments of alembic, all apps of Django, and all folders of numbered SQL files, without running any.
    """

    strictness: ClassVar[Mapping[str, Strictness]] = {"gaps": Strictness.MORE, "outside": Strictness.MORE}

    gaps: bool = True
    outside: bool = True

    def run(self, repo: Repository) -> Iterator[Seen]:
        """Findings by environment, by app and by folder; with a base, also what only merging with it would bring."""
        found = self.read(repo)
        yield from self.account(repo, found)
        for each in found.environments:
            yield from _environment(each)
        for chain in found.apps:
            yield from _app(chain)
        for ledger in found.ledgers:
            yield from SqlFiles(repo, ledger, gaps=self.gaps).judge()
        if self.outside:
            yield from _outside(found)
        yield from self._merged(repo, found)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """A second head in the first environment and app, a stray revision, a version twice and a gap in the first SQL.

        So below each pattern that alone selects a migration.
        """
        every, is_selected = self.read(repo), matcher(self.paths)
        several: dict[str, Canary] = {}
        for found in shared(every, self.paths):
            canaries = [*fork_revision(found), *fork_app(found), *repeat_sql(found)]
            canaries += leave_out(found) if self.gaps else ()
            canaries += stray(found, every.environments, is_selected) if self.outside else ()
            several.update({each.title: each for each in canaries if all(is_selected(one.path) for one in each.edits)})
        if not several:
            raise Unprovable("there is no migration that another could be put beside")
        yield from several.values()

    def _merged(self, repo: Repository, found: Migrations) -> Iterator[Seen]:
        """Heads of this tree and of the one that it will be merged into, where neither comes after the other."""
        if repo.target is None:
            return
        other = self.of(repo, repo.target)
        yield from other.unread
        theirs = {each.place.versions: each for each in other.environments}
        apps = {each.folder: each for each in other.apps}
        pairs = [(each, theirs[each.place.versions]) for each in found.environments if each.place.versions in theirs]
        yield Evidence("environments to be merged", len(pairs) + len(apps), len(pairs) + len(apps))
        for ours, them in pairs:
            yield from _fork(ours, them)
        for chain in found.apps:
            if chain.folder in apps:
                yield from _app_fork(chain, apps[chain.folder])


def _environment(each: Environment) -> Iterator[Finding]:
    graph = each.graph
    for path in each.unnamed:
        yield Finding(
            key=f"no revision {path}",
            message=f"{posixpath.basename(path)} is loaded by alembic and has no `revision`: every command of alembic fails",
            at=Location(path, 1),
            hint="give it its ids, or move it out of the folder of revisions",
            data={"environment": each.name, "path": path},
        )
    for name, several in graph.twice.items():
        yield Finding(
            key=f"{each.name}: {name} twice",
            message=f"revision {name} is there {len(several)} times: {', '.join(one.path for one in several)}",
            at=Location(several[-1].path, several[-1].line("revision")),
            hint="give the newer one an id of its own; alembic only warns, and runs one of them",
            data={"environment": each.name, "revision": name, "paths": [one.path for one in several]},
        )
    for members in graph.circles:
        first = graph.by_id[members[0]]
        yield Finding(
            key=f"{each.name}: circle {', '.join(members)}",
            message=f"{len(members)} revisions come after each other in a circle: {', '.join(members)}",
            at=Location(first.path, first.line("down_revision")),
            hint="let the first of them come after what was the head before",
            data={"environment": each.name, "revisions": members},
            parts=tuple(members),
        )
    if each.lost:
        return  # whatever seems to be missing may be in a file that could not be read
    yield from _missing(each)
    for labels, heads in graph.rival:
        yield _heads(each, labels, [graph.by_id[name] for name in heads])


def _missing(each: Environment) -> Iterator[Finding]:
    for revision, where, name in each.graph.missing:
        near = each.graph.named(name)
        whole = f"write the whole id, {near}; " if near else ""
        yield Finding(
            key=f"{each.name}: {revision.id} without {name}",
            message=f"revision {revision.id} {'comes after' if where == 'down_revision' else 'depends on'} {name}, "
            "which is not there",
            at=Location(revision.path, revision.line(where)),
            hint=f"{whole}bring the missing revision back; alembic ends with a KeyError without it",
            data={"environment": each.name, "revision": revision.id, "missing": name, "in": where},
        )


def _heads(each: Environment, labels: Sequence[str], heads: Sequence[Revision]) -> Finding:
    ids = [one.id for one in heads]
    branch = f" of the branch {', '.join(labels)}" if labels else ""
    return Finding(
        key=f"{each.name}: heads{' ' if labels else ''}{', '.join(labels)}",
        message=f"{each.name} has {len(ids)} heads{branch}: {', '.join(ids)}; `alembic upgrade head` fails",
        at=Location(heads[-1].path, heads[-1].line("down_revision")),
        hint=MERGE,
        data={"environment": each.name, "labels": list(labels), "heads": ids},
        parts=tuple(ids),
    )


def _app(chain: Chain) -> Iterator[Finding]:
    if chain.circle:
        yield Finding(
            key=f"{chain.label}: circle {', '.join(chain.circle)}",
            message=f"migrations of {chain.label} come after each other in a circle: {', '.join(chain.circle)}",
            at=Location(chain.by_name[chain.circle[0]].path, 1),
            hint="let the first of them come after what was the last before",
            data={"app": chain.label, "migrations": list(chain.circle)},
            parts=chain.circle,
        )
    if chain.lost:
        return
    for node, name in chain.missing:
        yield Finding(
            key=f"{chain.label}: {node.name} without {name}",
            message=f"migration {node.name} of {chain.label} comes after {name}, which is not there",
            at=Location(node.path, node.app.lines.get("dependencies", 1)),
            hint="bring the missing migration back; Django ends with a NodeNotFoundError without it",
            data={"app": chain.label, "migration": node.name, "missing": name},
        )
    if len(chain.leaves) > 1 and not chain.missing:
        yield _leaves(chain, chain.leaves)


def _leaves(chain: Chain, leaves: Sequence[str], when: str = "") -> Finding:
    last = chain.by_name[leaves[-1]] if leaves[-1] in chain.by_name else chain.nodes[-1]
    return Finding(
        key=f"{chain.label}: leaves{when and ' '}{when}",
        message=f"app {chain.label} has {len(leaves)} leaves{when and ' '}{when}: {', '.join(leaves)}; `migrate` fails",
        at=Location(last.path, last.app.lines.get("dependencies", 1)),
        hint=MERGE_APP,
        data={"app": chain.label, "leaves": list(leaves)},
        parts=tuple(leaves),
    )


def _outside(found: Migrations) -> Iterator[Finding]:
    """Revisions that alembic would never run: those near an environment, or of its history."""
    for each in found.outside:
        near = [one for one in found.environments if _belongs(each, one)]
        if near:
            yield Finding(
                key=f"outside {each.path}",
                message=f"revision {each.id} is in no folder of revisions of {near[0].name}: alembic never runs it",
                at=Location(each.path, each.line("revision")),
                hint=f"move it to {near[0].place.versions[0]}, or take it away",
                data={"revision": each.id, "path": each.path, "environment": near[0].name},
            )


def _belongs(each: Revision, environment: Environment) -> bool:
    """Whether a stray revision was meant for this environment: by its parents, its children, or where it lies."""
    graph = environment.graph
    known = any(name in graph.by_id for name in each.script.down) or any(
        each.id in other.script.down for other in graph.revisions
    )
    folder = environment.place.folder
    below = bool(folder) and each.path.startswith(f"{folder}/")
    first = folder.partition("/")[0]
    beside = not each.script.down and bool(first) and each.path.startswith(f"{first}/")
    return known or below or beside


def _fork(ours: Environment, theirs: Environment) -> Iterator[Finding]:
    """What only merging brings: each side has one head, and neither knows the other's."""
    if len(ours.graph.heads) != 1 or len(theirs.graph.heads) != 1:
        return
    (head,), (other,) = ours.graph.heads, theirs.graph.heads
    if head in theirs.graph.by_id or other in ours.graph.by_id:
        return
    at = ours.graph.by_id[head]
    yield Finding(
        key=f"{ours.name}: heads when merged",
        message=f"{ours.name} has 2 heads once this is merged: {head} here, and {other} there already",
        at=Location(at.path, at.line("down_revision")),
        hint="bring the branch up to date, then let the new revision come after theirs: it is not published yet",
        data={"environment": ours.name, "heads": [head, other]},
        parts=(head, other),
    )


def _app_fork(ours: Chain, theirs: Chain) -> Iterator[Finding]:
    if len(ours.leaves) != 1 or len(theirs.leaves) != 1:
        return
    (leaf,), (other,) = ours.leaves, theirs.leaves
    if leaf not in theirs.by_name and other not in ours.by_name:
        yield _leaves(ours, (leaf, other), "when merged")
