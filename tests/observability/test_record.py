"""`run --record`, and what `history` says of it."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.calling import called
from tests.cli.process import COMMAND, KEPT, environment, rulebook
from tests.trees.working_copy import git, write

DEAD = "postgresql://somebody:s3cret@127.0.0.1:1/nothing"


def test_a_plain_run_writes_nothing(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "run")

    assert sorted(path.name for path in repo.iterdir()) == [".git", "README.md", "guardrails.yaml"]


def test_a_plain_run_imports_no_database(repo: Path) -> None:
    code = (
        "import sys; from selfcheck.cli import guarded; guarded(['run', '-q']); sys.exit('sqlalchemy' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], cwd=repo, capture_output=True).returncode == 0


def test_a_recorded_run_is_in_the_history(repo: Path, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    done = called(capsys, "run", "--record", "--store", url)

    told = json.loads(called(capsys, "history", "--store", url, "--output", "json").stdout)
    (run,) = told["runs"]
    assert (done.code, done.stderr) == (1, "")
    assert run.pop("seconds") > 0
    assert {name: run[name] for name in run if name != "started"} == {
        "id": 1,
        "kind": "run",
        "branch": "main",
        "revision": git(repo, "rev-parse", "HEAD").decode().strip(),
        "state": "finished",
        "outcome": "fail",
        "exit": 1,
        "passed": 1,
        "failed": 1,
        "errors": 0,
        "skipped": 0,
        "findings": 1,
    }


def test_one_run_is_shown_with_evidence_and_findings(repo: Path, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "run", "--record", "--store", url)

    lines = called(capsys, "history", "show", "1", "--store", url).stdout.splitlines()

    assert lines[0].startswith("run 1 (run) on main at ")
    assert lines[2:] == [
        "  pass  readme",
        "          1 of 1 required paths",
        "  fail  licence",
        "          1 of 1 required paths",
        "        new LICENCE: no file matches LICENCE",
    ]


def test_one_run_is_shown_as_json(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "run", "--record")

    told = json.loads(called(capsys, "history", "show", "1", "--output", "json").stdout)

    assert [each["guardrail"] for each in told["verdicts"]] == ["readme", "licence"]
    assert [each["key"] for each in told["findings"]] == ["LICENCE"]


def test_a_run_that_there_is_not_is_a_usage_error(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "run", "--record")

    said = "selfcheck: there is no run 2; `selfcheck history` lists them\n"
    assert called(capsys, "history", "show", "2") == (2, "", said)


def test_a_history_without_a_store_says_how_to_begin_one(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = called(capsys, "history")

    assert (done.code, done.stderr) == (
        3,
        f"selfcheck: {repo}/.selfcheck/store.db: there is no store yet; `selfcheck run --record` begins one\n",
    )


def test_the_history_as_csv_has_one_row_a_run_and_no_formula(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(repo, "checkout", "-q", "-b", "=1+1")
    called(capsys, "run", "--record")

    (row,) = csv.DictReader(io.StringIO(called(capsys, "history", "--output", "csv").stdout))

    assert (row["branch"], row["outcome"], row["findings"]) == ("'=1+1", "fail", "1")


def test_a_trend_goes_from_the_oldest_run_to_the_newest(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "run", "--record")
    write(repo, {"LICENCE": b""})
    called(capsys, "run", "--record")

    whole = called(capsys, "history", "trend", "--svg", "trend.svg").stdout.splitlines()
    one = called(capsys, "history", "trend", "--guardrail", "licence").stdout.splitlines()

    assert whole[:3] == ["findings  █▁  1 -> 0", "failed    █▁  1 -> 0", "errors    ▁▁  0 -> 0"]
    assert one[:2] == ["outcomes  F.", "findings  █▁  1 -> 0"]
    assert (repo / "trend.svg").read_text(encoding="utf-8").startswith("<svg ")


def test_the_memory_is_ignored_by_git_and_never_judged(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "run", "--record")
    absent = """\
  - {id: none, title: No database, why: None., severity: high, check: {use: files-absent, paths: ["**/*.db"]}}
"""
    (repo / "guardrails.yaml").write_text(rulebook(KEPT, absent), encoding="utf-8")
    (repo / ".selfcheck/.gitignore").unlink()

    assert called(capsys, "run").code == 0
    git(repo, "add", "--all", "--force")
    git(repo, "commit", "-q", "-m", "everything")
    assert called(capsys, "run", "--rev", "HEAD").code == 0


def test_a_store_that_cannot_be_reached_ends_the_run_with_the_reason(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = called(capsys, "run", "--record", "--store", DEAD)

    assert (done.code, done.stdout) == (3, "")
    assert done.stderr.startswith(
        "selfcheck: the store postgresql+psycopg://somebody:***@127.0.0.1:1/nothing cannot be used: connection failed:"
    )
    assert "s3cret" not in done.stderr
    assert not (repo / ".selfcheck/store.db").exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("mysql://h/d", "--store: no store is kept in mysql; give sqlite:///PATH or postgresql://"),
        ("a store", "--store: is no URL of a store; give "),
        ("sqlite://", "--store: a store in SQLite is a file, and nothing else stands in its URL: sqlite:///PATH"),
    ],
)
def test_what_is_no_store_is_a_usage_error(
    given: str, said: str, repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = called(capsys, "run", "--record", "--store", given)

    assert (done.code, done.stdout, done.stderr.startswith(f"selfcheck: {said}")) == (2, "", True)


def test_a_store_of_a_newer_selfcheck_is_refused(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "run", "--record")
    import sqlite3

    with sqlite3.connect(repo / ".selfcheck/store.db") as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    connection.close()

    done = called(capsys, "run", "--record")

    assert (done.code, done.stdout) == (3, "")
    assert done.stderr.endswith("was written by a newer selfcheck (migration 9999); update this one\n")


def test_a_store_that_is_no_database_is_exit_3(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(repo, {".selfcheck/store.db": b"x" * 5000})

    done = called(capsys, "run", "--record")

    assert (done.code, done.stdout) == (3, "")
    assert done.stderr.endswith("cannot be used: file is not a database\n")


def test_a_store_that_fails_on_the_way_makes_the_run_exit_3_with_its_report(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repo, {"LICENCE": b"", ".selfcheck/events/check.jsonl/folder": b""})

    done = called(capsys, "run", "--record")

    assert (done.stdout.splitlines()[-1].startswith("2 passed in "), done.code) == (True, 3)
    assert "check.jsonl" in done.stderr


def test_the_place_is_said_by_the_environment(
    repo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SELFCHECK_STATE_DIR", str(tmp_path / "elsewhere"))

    called(capsys, "run", "--record")

    assert (tmp_path / "elsewhere/store.db").exists()
    assert not (repo / ".selfcheck").exists()


def test_an_interval_that_is_no_number_is_a_usage_error(
    repo: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SELFCHECK_SNAPSHOT_INTERVAL", "soon")

    said = "selfcheck: SELFCHECK_SNAPSHOT_INTERVAL=soon: is no number above 0\n"
    assert called(capsys, "run", "--record") == (2, "", said)


def test_an_interrupted_process_is_told_at_the_next_start(repo: Path) -> None:
    slow = '  - {id: slow, title: S, why: S., severity: low, check: {use: command, run: [sleep, "30"]}, timeout: 60}\n'
    (repo / "guardrails.yaml").write_text(rulebook(KEPT, slow), encoding="utf-8")
    running = subprocess.Popen([COMMAND, "run", "--record", "--jobs", "2"], cwd=repo, env=environment())
    judged = repo / ".selfcheck/events/check.jsonl"
    while not judged.exists():
        assert running.poll() is None
    running.kill()
    running.wait()

    (repo / "guardrails.yaml").write_text(rulebook(KEPT), encoding="utf-8")
    done = subprocess.run(
        [COMMAND, "run", "--record"], cwd=repo, env=environment(), capture_output=True, encoding="utf-8"
    )

    said = "run 1 was interrupted after 1 of 2 verdicts; they are kept, and it counts as no pass"
    assert (done.returncode, done.stderr) == (0, f"selfcheck: warning: {said}\n")
    assert os.path.exists(repo / ".selfcheck/audit.jsonl")
