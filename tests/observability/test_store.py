"""The store: its tables are those of the migrations, its transactions whole, and what is old is forgotten."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from selfcheck.errors import CannotOpen
from selfcheck.model import Run
from selfcheck_observability import reading
from selfcheck_observability.looking import HEAD
from selfcheck_observability.store import Begun, Journal, open_database, tables
from selfcheck_observability.store.database import connect
from selfcheck_observability.store.journal import Interrupted, sweep
from selfcheck_observability.store.migrate import SCRIPTS
from selfcheck_observability.store.retention import prune
from tests.formats.reports import everything

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
BEGUN = Begun(kind="run", repository="shop", branch="main", environment={})


def recorded(url: str, now: datetime = NOW, begun: Begun = BEGUN) -> int:
    """A run with one verdict of each kind."""
    database = open_database(url)
    made = everything()
    journal = Journal(database, made.run, begun, now)
    for verdict in made.verdicts:
        journal.verdict(verdict)
    journal.finish(made, now, None)
    database.close()
    return journal.number


def test_the_tables_are_what_the_migrations_make(url: str) -> None:
    database = open_database(url)

    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, tables.metadata) == []
    database.close()


def test_the_newest_migration_is_the_one_that_a_store_is_held_to() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))

    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_every_migration_can_be_taken_back(url: str) -> None:
    database = open_database(url)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))

    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    with database.reading() as connection:
        assert sa.inspect(connection).get_table_names() == ["alembic_version"]
    database.close()


def test_a_store_in_sqlite_writes_ahead_and_waits_for_the_disk(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'store.db'}")

    with database.reading() as connection:
        said = [connection.exec_driver_sql(f"pragma {name}").scalar() for name in ("journal_mode", "synchronous")]
    database.close()

    assert said == ["wal", 2]


def test_two_that_begin_a_store_at_once_make_it_once(url: str) -> None:
    failed: list[BaseException] = []

    def begin() -> None:
        try:
            open_database(url).close()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=begin) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []


def test_what_a_report_holds_is_read_back(url: str) -> None:
    number = recorded(url)

    database = open_database(url)
    with database.asking() as asking:
        (run,) = reading.recent(asking, "shop")
        verdicts = reading.verdicts(asking, [number])
        found = reading.found(asking, number)
    database.close()
    made = everything()
    assert (run.state, run.outcome, run.exit) == ("finished", "error", 3)
    assert (run.passed, run.failed, run.errors, run.skipped) == (2, 3, 3, 1)
    assert [each.guardrail for each in verdicts] == [each.guardrail.id for each in made.verdicts]
    assert len(found) == sum(len(each.findings) + len(each.unread) for each in made.verdicts)


def test_a_verdict_that_is_not_whole_is_not_there(url: str) -> None:
    database = open_database(url)
    made = everything()
    journal = Journal(database, made.run, BEGUN, NOW)
    journal.verdict(made.verdicts[0])

    with pytest.raises(CannotOpen, match="cannot be used"):
        journal.verdict(made.verdicts[0])

    with database.asking() as asking:
        assert len(reading.verdicts(asking, [journal.number])) == 1
    database.close()


def test_a_run_of_this_process_is_not_swept_and_one_of_another_host_after_half_a_day(url: str) -> None:
    database = open_database(url)
    run: Run = everything().run
    Journal(database, run, BEGUN, NOW)
    other = Journal(database, run, BEGUN, NOW)
    with database.writing() as connection:
        connection.execute(
            tables.run.update().where(tables.run.c.id == other.number).values(host="a-runner-that-is-gone")
        )

    early = sweep(database, NOW + timedelta(hours=1))
    late = sweep(database, NOW + timedelta(hours=13))

    database.close()
    assert (early, late) == ([], [Interrupted(other.number, 0, 9)])


def test_old_runs_are_forgotten_and_the_last_of_each_branch_is_not(url: str) -> None:
    begun = [BEGUN, BEGUN, Begun(kind="run", repository="shop", branch="old", environment={})]
    numbers = [recorded(url, NOW - timedelta(days=400 - number), each) for number, each in enumerate(begun)]
    new = recorded(url)

    database = open_database(url)
    gone = prune(database, "shop", before=NOW - timedelta(days=30))
    with database.asking() as asking:
        left = [run.id for run in reading.recent(asking, "shop")]
        assert reading.verdicts(asking, gone) == []
    database.close()

    assert (sorted(gone), left) == (numbers[:2], [new, numbers[2]])


def test_only_the_newest_runs_of_a_branch_are_kept(url: str) -> None:
    numbers = [recorded(url, NOW + timedelta(days=number)) for number in range(4)]

    database = open_database(url)
    gone = prune(database, "shop", runs=2)
    database.close()

    assert sorted(gone) == numbers[:2]


def test_a_store_that_is_not_there_is_not_made_by_a_question(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match="there is no store yet"):
        connect(f"sqlite:///{tmp_path / 'store.db'}", create=False)
