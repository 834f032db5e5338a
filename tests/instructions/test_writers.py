"""One writer at a time, connections that are not ours, programs that start, and the watch."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pymongo
import pytest
import sqlalchemy as sa

from selfcheck.actions.sync.opening import writer
from selfcheck.actions.sync.request import Busy, new_run
from selfcheck.actions.sync.watching import moments
from selfcheck.errors import SelfcheckError
from selfcheck.subjects.instructions.plan import Strategy
from selfcheck.sync import sync
from tests.instructions.databases import VARIABLE, Database, Mongo, Sql, rules_file
from tests.instructions.syncing import in_step, request, shape, synced

RULES = {"r_1": {"text": "one", "quadrant": "A"}, "r_2": {"text": "two", "quadrant": "A"}}
CHANGED = {**RULES, "r_1": {"text": "changed", "quadrant": "A"}}
RULEBOOK = """\
version: 1
guardrails:
  - id: rules
    title: The rules are mirrored
    why: Pages show them.
    severity: high
    check:
      use: instructions-parity
      file: rules.json
      database: RULES_DATABASE
      fields: [{source: text}, {source: quadrant}]
"""


def test_of_two_writers_one_says_who_holds_the_lock(tmp_path: Path, database: Database) -> None:
    in_step(tmp_path, database, RULES)
    asked = request(tmp_path, database, wait=0.3)
    holder = new_run("", Strategy.FILE_WINS)
    first = writer(asked)
    first.begin(holder)
    rules_file(tmp_path, CHANGED)

    with first.writing(holder), pytest.raises(Busy, match=rf"process {os.getpid()}.*waited 0.3 s, nothing was written"):
        synced(tmp_path, database, wait=0.3)

    assert shape(database)["r_1"][0] == "one"


def test_of_two_writers_one_waits_and_finds_nothing_left_to_do(tmp_path: Path, database: Database) -> None:
    in_step(tmp_path, database, RULES)
    asked = request(tmp_path, database)
    holder = new_run("", Strategy.FILE_WINS)
    first = writer(asked)
    rules_file(tmp_path, CHANGED)
    waiting = threading.Thread(target=synced, args=(tmp_path, database), kwargs={"wait": 30.0})

    first.begin(holder)
    with first.writing(holder):
        waiting.start()
        time.sleep(0.5)
        assert waiting.is_alive()
    waiting.join(60)

    assert (waiting.is_alive(), shape(database)["r_1"][0]) == (False, "changed")


def test_eight_processes_at_once_end_in_step_with_each_orphan_in_one_backup(tmp_path: Path, sqlite: Sql) -> None:
    in_step(tmp_path, sqlite, {**RULES, "r_3": RULES["r_1"], "r_4": RULES["r_2"]})
    rules_file(tmp_path, {**CHANGED, "r_3": RULES["r_1"]})
    processes = []
    for _ in range(8):
        process = os.fork()
        if process == 0:
            code = 1
            try:
                synced(tmp_path, sqlite, wait=60.0)
                code = 0
            finally:
                os._exit(code)
        processes.append(process)

    codes = [os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) for process in processes]

    assert codes == [0] * 8
    assert shape(sqlite)["r_4"] == ("two", "A", False)
    assert len(list((tmp_path / ".claude/backups").iterdir())) == 1


def test_an_edit_of_somebody_else_waits_for_the_writer(tmp_path: Path, sql: Sql) -> None:
    """So that no edit falls between what is read and what is written, and is lost unseen."""
    in_step(tmp_path, sql, RULES)
    holder = new_run("", Strategy.FILE_WINS)
    ours = writer(request(tmp_path, sql))
    ours.begin(holder)
    editing = threading.Thread(target=sql.edit, args=("r_1",), kwargs={"text": "by hand"})

    with ours.writing(holder) as session:
        editing.start()
        time.sleep(0.5)
        assert session.sides().rows["r_1"].fields["text"] == "one"
        assert editing.is_alive()
    editing.join(30)

    assert shape(sql)["r_1"][0] == "by hand"


def test_a_lease_of_a_dead_process_is_taken_over(tmp_path: Path, mongodb_server: str) -> None:
    database = Mongo(f"{mongodb_server}/lease_{time.time_ns()}")
    in_step(tmp_path, database, RULES)
    rules_file(tmp_path, CHANGED)
    child = os.fork()
    if child == 0:
        run = new_run("", Strategy.FILE_WINS)
        with writer(request(tmp_path, database)).writing(run):
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)

    synced(tmp_path, database, wait=1.0)

    assert shape(database)["r_1"][0] == "changed"
    with database.connected() as store:
        assert sorted(each["outcome"] for each in store["sync_runs"].find()) == ["done", "done", "interrupted"]


def test_a_connection_that_was_handed_over_is_used_and_not_closed(tmp_path: Path, sql: Sql) -> None:
    rules_file(tmp_path, RULES)
    asked = request(tmp_path, sql)
    engine = sa.create_engine(sql.url.replace("postgresql:", "postgresql+psycopg:"), poolclass=sa.NullPool)

    with engine.connect() as connection:
        ours = writer(asked, connection=connection)
        from selfcheck.actions.sync.engine import apply

        apply(asked, ours)
        again = apply(asked, ours)

        assert (again.wrote, connection.closed, connection.in_transaction()) == (False, False, False)
        assert connection.scalar(sa.text("SELECT count(*) FROM governance_rules")) == 2
    engine.dispose()


def test_a_client_that_was_handed_over_is_used_and_not_closed(tmp_path: Path, mongodb_server: str) -> None:
    name = f"handed_{time.time_ns()}"
    (tmp_path / "guardrails.yaml").write_text(RULEBOOK, encoding="utf-8")
    rules_file(tmp_path, RULES)

    with pymongo.MongoClient[dict[str, object]](mongodb_server) as client:
        environ = {VARIABLE: f"{mongodb_server}/{name}"}
        (found,) = sync(tmp_path, connection=client[name], environ=environ, silent=True)

        assert (found.error, found.in_step, client[name]["governance_rules"].count_documents({})) == (None, True, 2)


def test_a_program_that_starts_silently_is_not_kept_from_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "guardrails.yaml").write_text(RULEBOOK, encoding="utf-8")
    rules_file(tmp_path, RULES)

    (found,) = sync(tmp_path, environ={VARIABLE: "postgresql://u:hunter2secret@127.0.0.1:1/x"}, silent=True)

    assert (found.in_step, "hunter2secret" in str(found.error), capfd.readouterr()) == (False, False, ("", ""))
    assert (found.error or "").startswith("PostgreSQL ($RULES_DATABASE):")


def test_a_program_that_does_not_ask_for_silence_hears_of_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "guardrails.yaml").write_text(RULEBOOK, encoding="utf-8")
    rules_file(tmp_path, RULES)

    (found,) = sync(tmp_path, environ={VARIABLE: "sqlite:///mirror.sqlite"})

    assert (found.wrote, capfd.readouterr().err) == (True, "selfcheck: rules: 2 rules differ (2 insert)\n")
    with pytest.raises(SelfcheckError, match="no guardrail in force"):
        sync(tmp_path, rule="another", environ={})


class Clock:
    """Seconds that pass only while somebody sleeps; at some of them something happens."""

    def __init__(self, happens: dict[int, Path], end: float) -> None:
        self.now = 0.0
        self._happens = happens
        self._end = end

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        before, self.now = int(self.now), self.now + seconds
        for second in range(before, int(self.now)):
            if second in self._happens:
                file = self._happens[second]
                file.write_text(f"{file.read_text()}x")
        if self.now > self._end:
            raise StopWatching


class StopWatching(Exception):
    """The test has seen enough."""


def watched(file: Path, happens: tuple[int, ...], end: float, interval: float = 1000) -> list[tuple[str, int]]:
    clock = Clock(dict.fromkeys(happens, file), end)
    found: list[tuple[str, int]] = []
    seen = ((why, int(clock.now)) for why in moments((file,), interval=interval, clock=clock, sleep=clock.sleep))
    with suppress(StopWatching):
        found.extend(seen)
    return found


def test_a_storm_of_saves_is_one_sync_five_seconds_after_the_last(tmp_path: Path) -> None:
    file = tmp_path / "rules.json"
    file.write_text("x")

    assert watched(file, (3, 4, 5, 6, 7), 60) == [("start", 0), ("change", 13)]


def test_without_a_save_there_is_a_sync_at_each_interval(tmp_path: Path) -> None:
    file = tmp_path / "rules.json"
    file.write_text("x")

    assert watched(file, (), 25, interval=10) == [("start", 0), ("interval", 10), ("interval", 20)]


def test_a_watch_that_is_asked_to_end_ends_and_leaves_the_database_whole(tmp_path: Path, sqlite: Sql) -> None:
    (tmp_path / "guardrails.yaml").write_text(RULEBOOK, encoding="utf-8")
    rules_file(tmp_path, RULES)
    program = str(Path(sys.executable).parent / "selfcheck")
    command = [program, "sync", "watch", "--debounce", "0.1"]
    with subprocess.Popen(command, cwd=tmp_path, env={**os.environ, **sqlite.environ}, stderr=subprocess.PIPE) as watch:
        assert watch.stderr is not None
        assert b"watching" in watch.stderr.readline()
        rules_file(tmp_path, CHANGED)
        until = time.monotonic() + 60
        while shape(sqlite)["r_1"][0] != "changed" and time.monotonic() < until:
            time.sleep(0.1)
        watch.send_signal(signal.SIGTERM)
        code = watch.wait(60)

    assert (code, shape(sqlite)["r_1"][0]) == (143, "changed")
    assert not synced(tmp_path, sqlite).wrote
