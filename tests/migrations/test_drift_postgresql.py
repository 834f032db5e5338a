"""`migrations-drift` on a real PostgreSQL: one that it starts, and one that it is given."""

from pathlib import Path

import sqlalchemy as sa
from msgspec import structs

from selfcheck.checks.migrations.drift import MigrationsDrift
from selfcheck.model import Outcome
from selfcheck.testing import assert_breaks, judged
from tests.migrations.running import FIRST, MODELS, OPEN, SHOP, repository

ENUM = 'sa.Enum("new", "paid", name="state")'
WITH_ENUM = {
    **SHOP,
    "db/versions/a.py": FIRST.replace("sa.String(9)", ENUM),
    "models.py": MODELS.replace("sa.String(9)", 'sa.Enum("new", "paid", "sent", name="state")'),
}
STRICT = MigrationsDrift(engine="postgresql", mode="strict")


def test_a_value_that_an_enum_lacks_is_found_on_a_server_that_is_started(tmp_path: Path) -> None:
    check = structs.replace(STRICT, round_trip=True)

    state, again = assert_breaks(check, repository(tmp_path, WITH_ENUM), "state: type differs", "upgrade a")

    assert (
        state.message == "state: type is `'new' , 'paid'` by the migrations and `'new' , 'paid' , 'sent'` by the models"
    )
    assert "DuplicateObject" in again.message


def test_on_a_server_that_is_given_databases_are_made_and_dropped_again(tmp_path: Path, postgresql: str) -> None:
    check = MigrationsDrift(server="SHOP_SERVER")
    names = "SELECT datname FROM pg_database ORDER BY 1"
    engine = sa.create_engine(postgresql.replace("postgresql:", "postgresql+psycopg:"), poolclass=sa.NullPool)
    with engine.connect() as connection:
        before = connection.exec_driver_sql(names).all()

    # As root the folder of this server's socket is another user's, and root in a namespace may not look into it.
    verdict = judged(check, repository(tmp_path, SHOP, environ={"SHOP_SERVER": postgresql, "PATH": OPEN}))

    with engine.connect() as connection:
        after = connection.exec_driver_sql(names).all()
    assert (verdict.outcome, after) == (Outcome.PASS, before), verdict.reason
    assert " of SHOP_SERVER, " in verdict.evidence[1].what


def test_a_server_that_does_not_answer_is_an_error_without_its_address(tmp_path: Path) -> None:
    environ = {"SHOP_SERVER": "postgresql://me:hunter22@/shop?host=/nowhere"}

    verdict = judged(MigrationsDrift(server="SHOP_SERVER"), repository(tmp_path, SHOP, environ=environ))

    assert verdict.reason == "the server of SHOP_SERVER makes no database (OperationalError)"
