"""A recording run is killed at 40 random moments: nothing that was acknowledged is lost, and none of it is a pass.

The processes are forked from one that has imported everything, so that the moments fall into the run and not before it.
The first of them is left alone: the moments are drawn from the time that it took.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from selfcheck_observability import reading
from selfcheck_observability.store import open_database
from tests.cli.calling import called
from tests.cli.process import environment, rulebook
from tests.trees.working_copy import working_copy

KILLS = 40
PROMISES = 15
DRIVER = """\
import os, random, signal, sys, time
from selfcheck.cli import guarded
import alembic.command, sqlalchemy, selfcheck_observability.recording, selfcheck_observability.store.migrate
url, kills = sys.argv[1], int(sys.argv[2])
if url.startswith("postgresql"):
    import psycopg
chance = random.Random(20261121)
sink = os.open(os.devnull, os.O_RDWR)
def started():
    child = os.fork()
    if child == 0:
        os.dup2(sink, 1); os.dup2(sink, 2)
        guarded(["run", "--record", "--store", url, "--jobs", "1"])
        os._exit(0)
    return child
begun = time.monotonic()
os.waitpid(started(), 0)
whole = time.monotonic() - begun
for number in range(kills):
    child = started()
    time.sleep(chance.uniform(0.0, whole))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
"""


@pytest.mark.slow
def test_no_acknowledged_verdict_is_lost_and_the_store_verifies(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    promises = [
        f"  - {{id: g{number}, title: T, why: W., severity: high, check: {{use: files-exist, paths: [README.md]}}}}\n"
        for number in range(PROMISES)
    ]
    repo = working_copy(tmp_path / "repo", {"README.md": b"", "guardrails.yaml": rulebook(*promises).encode()})
    monkeypatch.chdir(repo)
    called(capsys, "run", "--record", "--store", url)

    command = [sys.executable, "-c", DRIVER, url, str(KILLS)]
    done = subprocess.run(command, cwd=repo, env=environment(), capture_output=True, encoding="utf-8", timeout=300)
    assert done.returncode == 0, done.stderr
    after = called(capsys, "run", "--record", "--store", url)
    verified = called(capsys, "state", "verify", "--store", url)
    health = json.loads(called(capsys, "state", "health", "--json", "--store", url).stdout)
    told = json.loads(called(capsys, "history", "--limit", "100", "--output", "json", "--store", url).stdout)["runs"]
    events = [
        json.loads(line)
        for line in called(capsys, "events", "--json", "--category", "check", "--limit", "9999").stdout.splitlines()
    ]
    judged: dict[int, set[str]] = {run["id"]: set() for run in told}
    database = open_database(url)
    with database.asking() as asking:
        for each in reading.verdicts(asking, [*judged]):
            judged[each.run].add(each.guardrail)
    database.close()

    interrupted = [run for run in told if run["state"] == "interrupted"]
    assert after.code == 0
    assert verified.code == 0, verified.stdout
    assert len(interrupted) >= KILLS // 8
    assert {run["state"] for run in told} == {"interrupted", "finished"}
    assert {run["outcome"] for run in interrupted} == {None}
    assert [each for each in events if each["guardrail"] not in judged[each["run"]]] == []
    assert any(0 < len(judged[run["id"]]) < PROMISES for run in interrupted)
    assert health["status"] == "moderate"
