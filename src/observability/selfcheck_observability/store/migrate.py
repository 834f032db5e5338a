"""The store brought to the newest migration, in one transaction; a copy of what was there is made before."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from selfcheck.errors import CannotOpen
from selfcheck_observability.store.database import Database

SCRIPTS = Path(__file__).parents[1] / "migrations"
LOCK = 0x5E1FC4EC
"""The number of the lock that two migrations of one PostgreSQL database share."""


def migrate(database: Database, at: str | None) -> None:
    """Apply what the store does not have yet.

    Raises:
        CannotOpen: a newer selfcheck wrote it.
    """
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    if at is not None:
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if at not in known:
            raise CannotOpen(f"{database.name}: was written by a newer selfcheck (migration {at}); update this one")
        _keep(database, at)
    with database.writing() as connection:
        _alone(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _alone(connection: Connection) -> None:
    """Until the transaction ends no other process migrates; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def _keep(database: Database, at: str) -> None:
    """A copy beside the file; who keeps PostgreSQL makes backups with its own tools."""
    if database.file is not None:
        copy = database.file.with_name(f"{database.file.name}.before-{at}")
        if not copy.exists():
            database.copy_to(copy)
