"""The process is killed before and after every statement and every change of a file: nothing is lost, nothing is half done."""

import os
import re
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pymongo
import pytest
import sqlalchemy as sa
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from selfcheck.actions.sync.engine import apply
from selfcheck.actions.sync.opening import writer
from tests.instructions.databases import Mongo, Sql, rules_file
from tests.instructions.syncing import backed_up, in_step, request, shape, synced

Rules = dict[str, dict[str, Any]]

BEFORE: Rules = {f"r_{number}": {"text": f"text {number}", "quadrant": "SYSTEM"} for number in range(8)}
AFTER: Rules = {
    **{name: {**BEFORE[name], "text": "changed"} for name in ("r_0", "r_1")},
    "r_2": {**BEFORE["r_2"], "active": False},
    **{name: BEFORE[name] for name in ("r_3", "r_4", "r_5", "r_6")},
    "r_8": {"text": "new", "quadrant": "STRATEGIC"},
}
CATALOGUE = re.compile(r"pg_catalog|sqlite_master|PRAGMA main|pg_class")
POINTS = 40
"""At least so many places are there to be killed at."""
EVENTS = ("before_cursor_execute", "commit", "begin")
"""What is after a statement is before the next, or before the commit."""
FILES = frozenset(("os.rename", "os.mkdir", "os.chmod", "tempfile.mkstemp"))


def killed_at(number: int, work: Callable[[], object]) -> bool:
    """Whether a process that does this work lived to be killed at a point of this number."""
    process = os.fork()
    if process == 0:
        count = 0

        def point(*given: Any) -> None:
            nonlocal count
            if len(given) > 2 and CATALOGUE.search(str(given[2])):
                return  # reading what tables there are changes nothing
            count += 1
            if count > number:
                os.kill(os.getpid(), signal.SIGKILL)

        def audit(name: str, _: object) -> None:
            if name in FILES:
                point()

        for event in EVENTS:
            sa.event.listen(sa.Engine, event, point)
        sys.addaudithook(audit)
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(process, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in {0, -signal.SIGKILL}
    return code != 0


@pytest.mark.slow
def test_wherever_it_is_killed_nothing_is_lost_and_nothing_half_done(tmp_path: Path, sql: Sql) -> None:
    number = 0
    while True:
        root = tmp_path / str(number)
        root.mkdir()
        database = Sql(f"sqlite:///{root}/mirror.sqlite") if sql.url.startswith("sqlite") else sql
        rules_file(root, BEFORE)
        synced(root, database, project=f"p{number}")
        old = rows(database, number)
        rules_file(root, AFTER)

        was_killed = killed_at(number, partial(synced, root, database, project=f"p{number}"))

        cut_off = rows(database, number)
        synced(root, database, project=f"p{number}")
        new = rows(database, number)
        assert cut_off in (old, new), f"half a state at point {number}"
        assert new == {
            **{name: (each["text"], each["quadrant"], each.get("active", True)) for name, each in AFTER.items()},
            "r_7": ("text 7", "SYSTEM", False),
        }
        assert [each["id"] for each in backed_up(root)] == ["r_7"]
        if number % 5 == 0:
            assert not synced(root, database, project=f"p{number}").wrote
        if not was_killed:
            break
        number += 1
    assert number >= POINTS


def rows(database: Sql, number: int) -> dict[str, tuple[Any, Any, bool]]:
    found = (each for each in database.rows() if each["project"] == f"p{number}")
    return {each["id"]: (each["text"], each["quadrant"], bool(each["active"])) for each in found}


class KillingCommands(CommandListener):
    """Kills its process before the command of a number, counting from 0, is sent."""

    def __init__(self, number: int) -> None:
        self._left = number

    def started(self, event: CommandStartedEvent) -> None:
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self._left -= 1

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """Nothing to do."""

    def failed(self, event: CommandFailedEvent) -> None:
        """Nothing to do."""


def killed_before_command(number: int, root: Path, database: Mongo) -> bool:
    """Whether a sync with MongoDB was killed before a command of this number."""
    process = os.fork()
    if process == 0:
        code = 1
        try:
            with pymongo.MongoClient[dict[str, Any]](database.url, event_listeners=[KillingCommands(number)]) as client:
                asked = request(root, database)
                apply(asked, writer(asked, connection=client.get_default_database()))
            code = 0
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    assert code in {0, -signal.SIGKILL}
    return code != 0


@pytest.mark.slow
def test_on_mongodb_whatever_was_cut_off_is_taken_up_again_and_nothing_is_lost(
    tmp_path: Path, mongodb_server: str
) -> None:
    """There are no transactions: half of the rules may be new for a while, and the next sync ends what was begun."""
    number = 0
    was_killed = True
    while was_killed:
        root = tmp_path / str(number)
        root.mkdir()
        database = Mongo(f"{mongodb_server}/killed_{time.time_ns()}")
        in_step(root, database, BEFORE)
        rules_file(root, AFTER)

        was_killed = killed_before_command(number, root, database)

        cut_off = shape(database)
        assert set(BEFORE) <= set(cut_off)
        assert cut_off["r_7"][2] or [each["id"] for each in backed_up(root)] == ["r_7"]
        synced(root, database)
        assert shape(database) == {
            **{name: (each["text"], each["quadrant"], each.get("active", True)) for name, each in AFTER.items()},
            "r_7": ("text 7", "SYSTEM", False),
        }
        assert [each["id"] for each in backed_up(root)] == ["r_7"]
        assert not synced(root, database).wrote
        number += 1
    assert number >= 15


def test_a_run_that_was_cut_off_is_told_and_ended_by_the_next(tmp_path: Path, sqlite: Sql) -> None:
    in_step(tmp_path, sqlite, BEFORE)
    rules_file(tmp_path, AFTER)
    number = 0
    while not is_open(tmp_path, sqlite):
        assert killed_at(number, lambda: synced(tmp_path, sqlite))
        number += 1

    synced(tmp_path, sqlite)

    with sqlite.connected() as connection:
        outcomes = list(connection.scalars(sa.text("SELECT outcome FROM sync_runs ORDER BY started")))
    assert (outcomes[-1], set(outcomes[:-1])) == ("done", {"done", "interrupted"})
    assert shape(sqlite)["r_7"] == ("text 7", "SYSTEM", False)


def is_open(root: Path, database: Sql) -> bool:
    last = database.sides(root).last
    return last is not None and last.is_open
