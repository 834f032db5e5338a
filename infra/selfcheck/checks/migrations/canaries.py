"""Edits that break what migrations promise, made of those that are there."""

import posixpath
from collections.abc import Callable, Iterator, Sequence

from selfcheck.check import Canary, Write
from selfcheck.subjects.migrations import Environment, Ledger, Migrations
from selfcheck.subjects.migrations.ledgers import STAMP
from selfcheck.trees.globs import shares

ID = "5e1fc4ec{:04}"
STRAY = "5e1fc4ecffff"
FOLDER = "selfcheck_canary_revisions"
REVISION = '''"""canary"""
{head}revision = "{id}"
down_revision = {down!r}


def upgrade():
{upgrade}


def downgrade():
    raise NotImplementedError
'''
MIGRATION = """from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [({label!r}, {name!r})]
    operations = [{operations}]
"""


def shared(found: Migrations, paths: tuple[str, ...]) -> list[Migrations]:
    """For each pattern the environments, apps and folders of which it alone selects migrations."""
    return [_within(found, set(several)) for several in shares(paths, found.paths)]


def _within(found: Migrations, paths: set[str]) -> Migrations:
    return Migrations(
        [each for each in found.environments if any(one.path in paths for one in each.revisions)],
        [each for each in found.apps if any(one.path in paths for one in each.nodes)],
        [each for each in found.ledgers if any(one.path in paths for one in each.files)],
        [each for each in found.outside if each.path in paths],
        found.unread,
    )


def revision(
    environment: Environment, down: str | None, upgrade: str = "    pass", head: str = "", number: int = 0
) -> tuple[Write, str]:
    """A new revision in an environment, beside those that are there, and its id."""
    folder = next((posixpath.dirname(each.path) for each in environment.revisions), environment.place.versions[0])
    name = ID.format(number)
    text = REVISION.format(id=name, down=down, upgrade=upgrade, head=head)
    return Write(posixpath.join(folder, f"{name}_canary.py"), text.encode()), name


def fork_revision(found: Migrations) -> Iterator[Canary]:
    """A second head beside the last one of the first environment that has one."""
    for each in found.environments:
        if len(each.graph.heads) == 1 and not each.lost:
            (head,) = each.graph.heads
            labels = each.graph.labels(head)
            down = each.graph.by_id[head].script.down
            # Beside a head that comes after several, or after none, another one comes after none as well.
            edit, _ = revision(each, down[0] if len(down) == 1 else None)
            inherits = len(down) == 1 and not each.graph.by_id[head].script.labels
            if not labels or inherits:
                name = f"{each.name}: heads{' ' if labels else ''}{', '.join(labels)}"
                yield Canary(f"put a second head into {each.name}", (edit,), name)
            return


def stray(found: Migrations, every: Sequence[Environment], is_selected: Callable[[str], bool]) -> Iterator[Canary]:
    """A revision after the last one of the first environment, in a folder that no environment looks into."""
    for each in found.environments:
        for folder in (posixpath.join(each.place.folder, FOLDER), FOLDER):
            path = f"{folder}/canary.py"
            if each.graph.heads and is_selected(path) and not any(one.place.holds(path) for one in every):
                text = REVISION.format(id=STRAY, down=each.graph.heads[0], upgrade="    pass", head="")
                yield Canary(f"put a revision outside of {each.name}", (Write(path, text.encode()),), f"outside {path}")
                return


def fork_app(found: Migrations) -> Iterator[Canary]:
    """A second leaf beside the last one of the first app that has one."""
    for chain in found.apps:
        if len(chain.leaves) == 1 and not chain.lost and not chain.missing:
            parents = chain.parents(chain.leaves[0])
            operations = ""
            text = MIGRATION.format(
                label=chain.label, name=parents[0] if parents else chain.leaves[0], operations=operations
            )
            if not parents:
                text = text.replace(f"({chain.label!r}, {chain.leaves[0]!r})", "")
            edit = Write(f"{chain.folder}/9999_canary.py", text.encode())
            yield Canary(f"put a second leaf into {chain.label}", (edit,), f"{chain.label}: leaves")
            return


def repeat_sql(found: Migrations) -> Iterator[Canary]:
    """The last version of the first folder of SQL files a second time."""
    for ledger in found.ledgers:
        last = ledger.ups[-1] if ledger.ups else None
        if last is not None and ledger.named:
            path = f"{ledger.folder}/0_canary/migration.sql"
            yield Canary(
                f"put a migration before the last of {ledger.folder}", (Write(path, b"SELECT 1;\n"),), f"late {path}"
            )
            return
        if last is not None:
            edit = Write(_beside(ledger), b"SELECT 1;\n")
            yield Canary(
                f"use version {last.written} twice in {ledger.folder}",
                (edit,),
                f"{ledger.folder}: {last.written} twice",
            )
            return


def leave_out(found: Migrations) -> Iterator[Canary]:
    """The next version and the third one, without the one between, in the first folder whose versions are counted."""
    for ledger in found.ledgers:
        numbers = {each.number[0] for each in ledger.ups}
        counted = all(len(each.number) == 1 and len(each.written) < STAMP - 1 for each in ledger.ups)
        steps = sum(each + 1 not in numbers for each in numbers) - 1
        # Where most numbers are far apart, no gap is told.
        if ledger.ups and counted and 2 * steps < len(numbers):
            last, width = ledger.ups[-1].number[0], len(ledger.ups[-1].written)
            edits = tuple(Write(ending(ledger, f"{last + more:0{width}}"), b"SELECT 1;\n") for more in (1, 3))
            yield Canary(
                f"leave version {last + 2} out in {ledger.folder}", edits, f"{ledger.folder}: gap {last + 2}-{last + 2}"
            )
            return


def ending(ledger: Ledger, written: str) -> str:
    """The path of another version in a folder that has some, called as the last of them."""
    last = ledger.ups[-1]
    below = last.path[len(ledger.folder) :].lstrip("/").replace(last.written, written, 1)
    return posixpath.join(ledger.folder, below)


def _beside(ledger: Ledger) -> str:
    """A path in the folder that has the last version and another name."""
    last = ledger.ups[-1]
    folder, name = posixpath.split(last.path)
    end = ".up.sql" if name.lower().endswith(".up.sql") else ".sql"
    head = name[: name.index(last.written)] + last.written
    return posixpath.join(folder, f"{head}{'__' if head[:1].isalpha() else '_'}canary{end}")
