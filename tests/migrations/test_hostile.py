"""`migrations-drift` and an env.py that means harm: what is held back, at the isolation that this host has."""

import os
import socket
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec import structs

from selfcheck.check import Case
from selfcheck.guardrail import Severity
from selfcheck.judge import judge
from selfcheck.model import Outcome, Verdict
from selfcheck.rehearsal.isolation import OPEN, strongest
from selfcheck.testing import guardrail, judged
from tests.migrations.running import ENV, SHOP, SQLITE, repository
from tests.migrations.running import OPEN as OPEN_PATH

SHUT = strongest({"PATH": os.environ["PATH"]})
LEVELS = [
    pytest.param("shut", marks=pytest.mark.skipif(SHUT == OPEN, reason="this host has no user namespaces")),
    "open",
]
shut_in = pytest.mark.skipif(SHUT == OPEN, reason="this host has no user namespaces")


def verdict_of(scratch: Path, harm: str, level: str = "shut", **environ: str) -> Verdict:
    """The verdict on a shop whose env.py does harm first."""
    path = {"PATH": OPEN_PATH} if level == "open" else {}
    return judged(SQLITE, repository(scratch, {**SHOP, "db/env.py": f"{harm}\n{ENV}"}, environ={**path, **environ}))


@contextmanager
def listening() -> Generator[tuple[int, list[object]]]:
    """A port of this host, and who connected to it."""
    came: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)

        def accept() -> None:
            try:
                connection, who = server.accept()
                connection.close()
                came.append(who)
            except OSError:
                return

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield server.getsockname()[1], came
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


@shut_in
def test_nothing_outside_the_copy_is_deleted_or_written(tmp_path: Path) -> None:
    outside = tmp_path / "precious"
    outside.write_text("kept", encoding="utf-8")
    beside = Path(__file__).with_name("written_by_env_py")
    harm = f"""
import os
for attempt in (lambda: os.remove({str(outside)!r}), lambda: open({str(beside)!r}, "w")):
    try:
        attempt()
    except OSError as error:
        print(error)
"""

    verdict = verdict_of(tmp_path, harm)

    assert verdict.outcome is Outcome.PASS
    assert (outside.read_text(encoding="utf-8"), beside.exists()) == ("kept", False)
    assert verdict.evidence[1].what.endswith("in namespaces: read-only files, no other process, no network")


@shut_in
def test_no_connection_leaves_the_namespaces(tmp_path: Path) -> None:
    with listening() as (port, came):
        harm = f"import socket\nsocket.create_connection(('127.0.0.1', {port}), timeout=5)"

        verdict = verdict_of(tmp_path, harm)

    assert came == []
    assert "env.py fails: OSError: [Errno 101] Network is unreachable (db/env.py:2)" in (verdict.reason or "") or (
        "env.py fails: ConnectionRefusedError" in (verdict.reason or "")
    )


@pytest.mark.parametrize("level", LEVELS)
def test_whatever_is_left_running_ends_with_the_run(tmp_path: Path, level: str) -> None:
    leaves = "os.setsid()" if level == "shut" else "pass"
    harm = f"""
import os, time
if os.fork() == 0:
    {leaves}
    time.sleep(1.2)
    open("alive", "w").close()
    os._exit(0)
"""

    verdict = verdict_of(tmp_path, harm, level)
    time.sleep(1.5)

    assert (verdict.outcome, list(tmp_path.glob("**/alive"))) == (Outcome.PASS, [])


@pytest.mark.parametrize("level", LEVELS)
def test_no_secret_of_the_run_is_told(tmp_path: Path, level: str) -> None:
    harm = """
import os
seen = [open(f"/proc/{number}/environ").read() for number in (os.getpid(), os.getppid()) if number]
raise RuntimeError(f"{seen} postgresql://me:hunter23@db/x {dict(os.environ)} password='hunter24'")
"""

    verdict = verdict_of(tmp_path, harm, level, SHOP_SECRET="hunter22")

    assert verdict.outcome is Outcome.ERROR
    assert not any(word in str(verdict) for word in ("hunter22", "hunter23", "hunter24"))


@pytest.mark.parametrize("level", LEVELS)
def test_another_database_that_env_py_names_is_never_opened(tmp_path: Path, level: str) -> None:
    other = tmp_path / "production.db"
    harm = f"""
import sqlite3
import sqlalchemy as sa
url = "sqlite:///{other}"
with sa.create_engine(url, creator=lambda: sqlite3.connect({str(other)!r})).begin() as production:
    production.exec_driver_sql("CREATE TABLE dropped_here (id INTEGER)")
    production.exec_driver_sql("DROP TABLE dropped_here")
"""

    verdict = verdict_of(tmp_path, harm, level)

    assert (verdict.outcome, other.exists()) == (Outcome.PASS, False)


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        ("import os; os._exit(7)", "the process of the migrations ended with exit status 7 and told nothing"),
        ("raise SystemExit('enough')", "db: env.py fails: SystemExit: enough (db/env.py:1); what it needs goes under"),
    ],
)
def test_a_process_that_ends_itself_is_an_error(tmp_path: Path, harm: str, says: str) -> None:
    verdict = verdict_of(tmp_path, harm, "open")

    assert verdict.outcome is Outcome.ERROR
    assert says in (verdict.reason or "")


def test_a_hanging_env_py_ends_at_the_deadline(tmp_path: Path) -> None:
    files = {**SHOP, "db/env.py": "import time\ntime.sleep(600)\n"}
    case = Case(structs.replace(guardrail(), timeout=2.0), SQLITE)
    begun = time.monotonic()

    [(_, verdict)] = judge([case], repository(tmp_path, files), fail_on=Severity.HIGH, jobs=1)

    assert verdict.outcome is Outcome.ERROR
    assert (verdict.reason or "").startswith("timed out after 2 s")
    assert time.monotonic() - begun < 10
