"""`selfcheck state`: copies, putting back, damage, health, and the memory on an orphan branch."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from selfcheck_observability.health import Component, Status, healthy, scheduler, sync
from tests.cli.calling import Called, called
from tests.trees.working_copy import git, write

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def runs(capsys: pytest.CaptureFixture[str], *options: str) -> list[int]:
    """The numbers of the runs that the store holds."""
    done = called(capsys, "history", "--output", "json", *options)
    return [run["id"] for run in json.loads(done.stdout)["runs"]]


def health(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str, dict[str, str]]:
    """The exit code, the word for all, and the status of each component that is set up."""
    done: Called = called(capsys, "state", "health", "--json", *options)
    told = json.loads(done.stdout)
    return done.code, told["status"], {each["name"]: each["status"] for each in told["checks"] if each["configured"]}


def test_what_is_newer_than_a_snapshot_goes_with_it_and_is_kept_apart(
    repo: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    called(capsys, "run", "--record", "--store", url)
    called(capsys, "state", "backup", "--to", "copy", "--store", url)
    called(capsys, "run", "--record", "--store", url)

    asked = called(capsys, "state", "restore", "copy", "--store", url)
    before = runs(capsys, "--store", url)
    done = called(capsys, "state", "restore", "copy", "--yes", "--store", url)
    after = runs(capsys, "--store", url)
    called(capsys, "run", "--record", "--store", url)

    assert asked.stdout.endswith("nothing was changed; add --yes to do it\n")
    assert (before, done.code, after) == ([2, 1], 0, [1])
    assert "what was there is in " in done.stdout
    assert runs(capsys, "--store", url)[0] > 2
    assert called(capsys, "state", "verify", "--store", url).code == 0


def test_a_snapshot_of_one_kind_of_store_is_put_back_into_the_other(
    repo: Path, postgresql: str, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    called(capsys, "run", "--record", "--store", url)
    called(capsys, "state", "backup", "--to", "copy", "--store", url)
    other = f"sqlite:///{repo / 'other.db'}"

    called(capsys, "state", "restore", "copy", "--yes", "--store", other)

    assert runs(capsys, "--store", other) == [1]


def test_a_snapshot_that_was_changed_is_named_and_not_put_back(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "run", "--record")
    (copy,) = (repo / ".selfcheck/snapshots").iterdir()
    with sqlite3.connect(copy / "store.db") as connection:
        connection.execute("update run set outcome = 'pass'")
    connection.close()

    verified = called(capsys, "state", "verify")
    done = called(capsys, "state", "restore", copy.name, "--yes")

    assert verified == (1, f"{copy.name}: store.db was changed since it was made\n", "")
    assert (done.code, done.stderr) == (
        3,
        f"selfcheck: {copy.name}: store.db was changed since it was made; nothing was restored\n",
    )


def test_a_snapshot_that_there_is_not_is_a_usage_error(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "run", "--record")

    assert called(capsys, "state", "restore", "yesterday").code == 2


def test_a_snapshot_is_made_at_intervals_and_the_oldest_go(
    repo: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    called(capsys, "run", "--record")
    called(capsys, "run", "--record")
    assert len(called(capsys, "state", "list").stdout.splitlines()) == 1

    monkeypatch.setenv("SELFCHECK_SNAPSHOT_INTERVAL", "1")
    called(capsys, "run", "--record")

    assert len(called(capsys, "state", "list").stdout.splitlines()) == 2


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("delete from verdict where guardrail = 'readme'", "run 1 has not the verdicts that it counts"),
        ("delete from run", "a row of "),
    ],
)
def test_damage_in_the_store_is_named(damage: str, said: str, repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "run", "--record")
    with sqlite3.connect(repo / ".selfcheck/store.db") as connection:
        connection.execute(damage)
    connection.close()

    done = called(capsys, "state", "verify")

    assert (done.code, said in done.stdout) == (1, True)
    assert health(capsys)[:2] == (3, "critical")


def test_pages_that_were_overwritten_are_damage(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "run", "--record")
    file = repo / ".selfcheck/store.db"
    content = bytearray(file.read_bytes())
    content[8192:12288] = b"\xff" * 4096
    file.write_bytes(bytes(content))

    assert called(capsys, "state", "verify").code in (1, 3)


def test_a_memory_in_order_is_healthy(repo: Path, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "run", "--record", "--store", url)

    assert health(capsys, "--store", url) == (
        0,
        "healthy",
        {"store": "healthy", "checks": "healthy", "audit": "healthy"},
    )
    assert called(capsys, "state", "health", "--store", url).stdout.startswith("healthy\n  store      healthy ")


def test_a_store_that_cannot_be_reached_is_critical(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, status, parts = health(capsys, "--store", "postgresql://127.0.0.1:1/nothing")

    assert (code, status, parts["store"]) == (3, "critical", "error")


def test_a_log_that_was_cut_is_critical_and_says_what_to_do(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "run", "--record")
    write(repo, {".selfcheck/audit.jsonl": b""})

    done = called(capsys, "state", "health")

    assert (done.code, done.stdout.startswith("critical\n")) == (3, True)
    assert "do first: `selfcheck audit verify` names the first bad entry" in done.stdout


@pytest.mark.parametrize(
    ("statuses", "word"),
    [
        ((Status.HEALTHY, Status.HEALTHY), "healthy"),
        ((Status.HEALTHY, Status.WARNING), "moderate"),
        ((Status.DEPRECATED,), "moderate"),
        ((Status.WARNING, Status.ERROR), "critical"),
        ((), "healthy"),
    ],
)
def test_the_word_for_all_is_that_of_the_worst(statuses: tuple[Status, ...], word: str) -> None:
    parts = [Component(name=str(number), status=each, message="") for number, each in enumerate(statuses)]

    found = healthy([*parts, Component(name="off", status=Status.ERROR, message="", configured=False)])

    assert (found.status, sum(found.status_breakdown.values())) == (word, len(statuses))


@pytest.mark.parametrize(("hours", "status"), [(35, Status.HEALTHY), (37, Status.WARNING)])
def test_a_nightly_run_may_be_a_day_and_a_half_old(hours: int, status: Status) -> None:
    assert scheduler(NOW - timedelta(hours=hours), NOW).status is status


@pytest.mark.parametrize(("seconds", "status"), [(290, Status.HEALTHY), (310, Status.WARNING)])
def test_a_sync_may_be_ten_intervals_old(seconds: int, status: Status) -> None:
    assert sync(NOW - timedelta(seconds=seconds), timedelta(seconds=30), NOW).status is status


def test_runs_are_forgotten_and_the_audit_log_says_so(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(3):
        called(capsys, "run", "--record")

    done = called(capsys, "state", "prune", "--keep-runs", "1")

    assert (done.stdout, runs(capsys)) == ("forgot 2 runs\n", [3])
    assert called(capsys, "state", "verify").code == 0
    assert called(capsys, "state", "prune").code == 2


def test_the_memory_goes_to_an_orphan_branch_and_comes_back_in_another_clone(
    repo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "-q", "--bare", "remote.git")
    git(repo, "remote", "add", "origin", str(tmp_path / "remote.git"))
    git(repo, "push", "-q", "origin", "main")
    first = called(capsys, "state", "pull")
    called(capsys, "run", "--record")
    called(capsys, "state", "push")
    called(capsys, "run", "--record")
    called(capsys, "state", "push")
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{tmp_path}/remote.git", "clone")
    monkeypatch.chdir(tmp_path / "clone")

    back = called(capsys, "state", "pull")

    assert first.stdout == "origin has no branch selfcheck-state: a first run\n"
    assert (back.code, back.stdout) == (
        0,
        "restored from selfcheck-state: 2 runs, 4 verdicts, 1 findings tracked\n",
    )
    assert runs(capsys) == [2, 1]
    assert called(capsys, "audit", "verify").code == 0
    assert git(tmp_path / "remote.git", "rev-list", "--count", "selfcheck-state") == b"1\n"


def test_a_branch_that_holds_something_else_is_not_put_back(
    repo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git(repo, "remote", "add", "origin", str(repo))

    done = called(capsys, "state", "pull", "--branch", "main")

    assert (done.code, done.stderr) == (
        3,
        "selfcheck: main of origin holds no snapshot of selfcheck; nothing was restored\n",
    )


def test_a_remote_that_does_not_answer_is_exit_3(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert called(capsys, "state", "pull", "--remote", "/no/such/remote").code == 3
