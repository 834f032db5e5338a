"""Edits after which the models and the migrations are no longer in step."""

import posixpath
from collections.abc import Iterator

from selfcheck.check import Append, Canary, Repository, Write
from selfcheck.checks.migrations.canaries import ID
from selfcheck.subjects.migrations import EVERYWHERE, Does, Environment, Migrations
from selfcheck.subjects.migrations.mapped import by_name, mapped

REVISION = '''"""canary"""
from alembic import op
import sqlalchemy as sa

revision = "{id}"
down_revision = {down!r}


def upgrade():
    {upgrade}


def downgrade():
    {downgrade}
'''
CANARY = "selfcheck_canary"
MODEL = """

from django.db import models as selfcheck_models


class SelfcheckCanary(selfcheck_models.Model):
    pass
"""


def rename_table(repo: Repository, found: Migrations) -> Iterator[Canary]:
    """A revision after which a table of the models is called otherwise; where none is known, one more table."""
    several = [each for each in found.environments if len(each.graph.heads) == 1 and not each.lost]
    for each in several[:1]:
        (head,) = each.graph.heads
        folder = next((posixpath.dirname(one.path) for one in each.revisions), each.place.versions[0])
        table = _table(repo, each)
        if table is None:
            upgrade = f'op.create_table("{CANARY}", sa.Column("id", sa.Integer(), primary_key=True))'
            said, downgrade = f"make a table {CANARY} in", f'op.drop_table("{CANARY}")'
        else:
            upgrade, downgrade = (
                f'op.rename_table("{one}", "{two}")' for one, two in ((table, CANARY), (CANARY, table))
            )
            said = f"rename the table {table} in"
        text = REVISION.format(id=ID.format(0), down=head, upgrade=upgrade, downgrade=downgrade)
        edit = Write(posixpath.join(folder, f"{ID.format(0)}_canary.py"), text.encode())
        yield Canary(f"{said} a new revision of {each.name}", (edit,))


def _table(repo: Repository, each: Environment) -> str | None:
    """A table that a model has, that a revision makes, and that none drops or renames."""
    models = by_name(repo.subject(mapped, repo.tree, repo.facts, EVERYWHERE).tables)
    made: list[str] = []
    gone: set[str] = set()
    for revision in each.revisions:
        for operation in revision.script.upgrade:
            if operation.table is not None and operation.does is Does.CREATE_TABLE:
                made.append(operation.table)
            elif operation.table is not None and operation.does in (Does.DROP_TABLE, Does.RENAME_TABLE):
                gone.add(operation.table)
    plain = (name for name in made if name not in gone and name.lower() in models and name.isidentifier())
    return next(plain, None)


def add_model(repo: Repository, found: Migrations) -> Iterator[Canary]:
    """A model of Django, without a migration, in the first app that has its models in one file."""
    for chain in found.apps:
        path = posixpath.join(posixpath.dirname(chain.folder), "models.py")
        if repo.tree.file(path) is not None:
            yield Canary(
                f"add a model to {path}",
                (Append(path, MODEL.encode()),),
                f"{chain.label}: Create model SelfcheckCanary",
            )
            return
