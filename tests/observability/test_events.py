"""`run --events FILE`: the run as JSON lines while it happens."""

import json
from pathlib import Path
from typing import Any

import pytest

from selfcheck_observability.events import EventLog
from tests.cli.calling import called
from tests.cli.process import BROKEN, KEPT, UNJUDGED, rulebook
from tests.formats.reports import everything, report
from tests.trees.working_copy import git, working_copy


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a repository with one promise kept, one broken, and one that cannot be judged."""
    files = {"README.md": b"", "guardrails.yaml": rulebook(KEPT, BROKEN, UNJUDGED).encode()}
    folder = working_copy(tmp_path / "repo", files)
    monkeypatch.chdir(folder)
    return folder


def events(file: Path) -> list[dict[str, Any]]:
    """What is written, one event a line."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_a_run_is_written_as_it_happens(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = called(capsys, "run", "--jobs", "1", "--events", "events.jsonl")

    begin, *verdicts, end = events(repo / "events.jsonl")
    assert (done.code, done.stderr) == (3, "")
    assert (begin["event"], begin["guardrails"]) == ("begin", ["readme", "licence", "lines"])
    assert begin["revision"] == git(repo, "rev-parse", "HEAD").decode().strip()
    assert begin["rulebook"].startswith("sha256:")
    assert begin["started"].endswith("+00:00")
    assert [(each["event"], each["id"], each["outcome"], each["findings"]) for each in verdicts] == [
        ("verdict", "readme", "pass", 0),
        ("verdict", "licence", "fail", 1),
        ("verdict", "lines", "error", 0),
    ]
    assert verdicts[2]["reason"].startswith("examined nothing: ")
    assert {key: end[key] for key in ("event", "outcome", "exit")} == {"event": "end", "outcome": "error", "exit": 3}


def test_a_second_run_is_added_to_the_first(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        called(capsys, "run", "--rule", "readme", "--events", "events.jsonl")

    assert [each["event"] for each in events(repo / "events.jsonl")] == ["begin", "verdict", "end"] * 2


def test_without_the_option_nothing_is_written(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "run")

    assert sorted(path.name for path in repo.iterdir()) == [".git", "README.md", "guardrails.yaml"]


def test_it_is_our_own_and_heard_without_plugins(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "run", "--no-plugins", "--events", "events.jsonl")

    assert len(events(repo / "events.jsonl")) == 5


def test_a_file_that_cannot_be_written_is_a_warning(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = called(capsys, "run", "--rule", "readme", "--events", "no/such/events.jsonl")

    said = "selfcheck: warning: observer EventLog crashed: FileNotFoundError: [Errno 2] No such file or directory:"
    assert (done.code, done.stderr.startswith(said), done.stderr.count("\n")) == (0, True, 1)


def test_a_folder_is_a_usage_error(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = called(capsys, "run", "--events", ".git")

    assert (done.code, done.stderr.splitlines()[-1]) == (
        2,
        "Error: Invalid value for '--events': File '.git' is a directory.",
    )


def test_each_event_is_one_line_whatever_it_holds(tmp_path: Path) -> None:
    made = everything()
    log = EventLog(events=tmp_path / "events.jsonl")

    log.begin(made.run)
    for verdict in made.verdicts:
        log.verdict(verdict)
    log.end(made)

    written = events(tmp_path / "events.jsonl")
    assert [each["event"] for each in written] == ["begin", *["verdict"] * len(made.verdicts), "end"]
    assert [(each["id"], each["findings"]) for each in written[1:-1]][:3] == [
        ("kept", 0),
        ("kept-but-for-waivers", 0),
        ("no-cycles", 2),
    ]


def test_an_interrupted_run_ends_with_the_code_of_its_signal(tmp_path: Path) -> None:
    EventLog(events=tmp_path / "events.jsonl").end(report(stopped=130))

    assert events(tmp_path / "events.jsonl") == [{"event": "end", "outcome": "error", "exit": 130, "seconds": 0.414}]
