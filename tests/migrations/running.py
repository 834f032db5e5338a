"""Small projects whose migrations are run: an environment of alembic, models, and where they stand."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from selfcheck.check import Repository
from selfcheck.checks.migrations.drift import MigrationsDrift
from selfcheck.rehearsal.inside.probe import answer
from selfcheck.testing import TODAY
from selfcheck.trees import Memory

INI = "[alembic]\nscript_location = db\nsqlalchemy.url = sqlite:////nowhere/at/all.db\n"
ENV = """from alembic import context
from sqlalchemy import engine_from_config
from models import metadata

def include(thing, name, kind, reflected, other):
    return name != "hidden"

engine = engine_from_config(context.config.get_section("alembic"), prefix="sqlalchemy.")
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata, include_object=include)
    with context.begin_transaction():
        context.run_migrations()
"""
MODELS = """import sqlalchemy as sa

metadata = sa.MetaData()
orders = sa.Table("orders", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("note", sa.String(9)))
"""
FIRST = """import sqlalchemy as sa
from alembic import op

revision = "a"
down_revision = None


def upgrade():
    op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True), sa.Column("note", sa.String(9)))


def downgrade():
    op.drop_table("orders")
"""
SHOP = {
    "alembic.ini": INI,
    "db/env.py": ENV,
    "db/script.py.mako": "",
    "db/versions/a.py": FIRST,
    "models.py": MODELS,
}
SQLITE = MigrationsDrift(engine="sqlite")
OPEN = f"{Path(sys.executable).parent}:/nowhere"
"""A path without `unshare`."""


def repository(
    scratch: Path,
    files: Mapping[str, str],
    *,
    environ: Mapping[str, str] | None = None,
    base: Mapping[str, str] | None = None,
) -> Repository:
    """A repository in which programs may run."""
    before = None if base is None else Memory({path: text.encode() for path, text in base.items()})
    return Repository(
        Memory({path: text.encode() for path, text in files.items()}),
        environ={"PATH": os.environ["PATH"], **(environ or {})},
        today=TODAY,
        scratch=scratch,
        base=before,
    )


def told(folder: Path, files: Mapping[str, str], *steps: str, **said: Any) -> dict[str, Any]:
    """What the probe answers, in this process, which is left as it was."""
    for path, text in files.items():
        (folder / "copy" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "copy" / path).write_text(text, encoding="utf-8")
    names = [os.path.realpath(folder / f"{number}.sqlite") for number in (0, 1)]
    databases = [{"backend": "sqlite", "name": name} for name in names]
    spec = {"root": str(folder / "copy"), "folder": "db", "config": "alembic.ini", "x": (), "steps": steps}
    here, paths, modules = Path.cwd(), [*sys.path], {*sys.modules}
    try:
        return answer({**spec, "path": [str(folder / "copy")], "databases": databases, **said})
    finally:
        os.chdir(here)
        sys.path[:] = paths
        for name in {"models", "settings", "shop", "shop.models", "selfcheck_other"} & ({*sys.modules} - modules):
            del sys.modules[name]
