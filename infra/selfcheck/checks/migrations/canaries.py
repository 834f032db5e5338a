"""Edits that break what migrations promise, made of those that are there."""

import posixpath
from collections.abc import Iterator

from selfcheck.check import Canary, Write
from selfcheck.subjects.migrations import Environment, Migrations
from selfcheck.subjects.migrations.ledgers import Ledger

ID = "5e1fc4ec0000"
REVISION = '''"""canary"""
revision = "{id}"
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


def revision(environment: Environment, down: str | None, upgrade: str = "    pass") -> Write:
    """A new revision in an environment, beside those that are there."""
    folder = next((posixpath.dirname(each.path) for each in environment.revisions), environment.place.versions[0])
    text = REVISION.format(id=ID, down=down, upgrade=upgrade)
    return Write(posixpath.join(folder, f"{ID}_canary.py"), text.encode())


def fork_revision(found: Migrations) -> Iterator[Canary]:
    """A second head beside the last one of the first environment that has one."""
    for each in found.environments:
        if len(each.graph.heads) == 1 and not each.lost:
            (head,) = each.graph.heads
            labels = each.graph.labels(head)
            down = each.graph.by_id[head].script.down
            # Beside a head that comes after several, or after none, another one comes after none as well.
            edit = revision(each, down[0] if len(down) == 1 else None)
            inherits = len(down) == 1 and not each.graph.by_id[head].script.labels
            if not labels or inherits:
                name = f"{each.name}: heads{' ' if labels else ''}{', '.join(labels)}"
                yield Canary(f"put a second head into {each.name}", (edit,), name)
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


def _beside(ledger: Ledger) -> str:
    """A path in the folder that has the last version and another name."""
    last = ledger.ups[-1]
    folder, name = posixpath.split(last.path)
    end = ".up.sql" if name.lower().endswith(".up.sql") else ".sql"
    head = name[: name.index(last.written)] + last.written
    return f"{folder}/{head}{'__' if head[:1].isalpha() else '_'}canary{end}"
