"""The event log: what is asked of it, when it rotates, and that a torn line hides nothing else."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from selfcheck_observability.logs import AGE, KEPT, Asked, Category, Events
from tests.cli.calling import called

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def test_events_are_found_by_category_guardrail_run_and_time(tmp_path: Path) -> None:
    log = Events(tmp_path, 10_000)
    for number in range(4):
        log.append(Category.CHECK, NOW + timedelta(hours=number), "judged", run=number % 2, guardrail=f"g{number}")
    log.append(Category.ERROR, NOW, "broken", run=1)

    def found(asked: Asked) -> list[str]:
        return [str(each.get("guardrail")) for each in log.read(asked)]

    assert found(Asked()) == ["g0", "None", "g1", "g2", "g3"]
    assert found(Asked(category=Category.CHECK, run=1)) == ["g1", "g3"]
    assert found(Asked(guardrail="g2")) == ["g2"]
    assert found(Asked(since=NOW + timedelta(hours=2))) == ["g2", "g3"]
    assert found(Asked(until=NOW)) == ["g0", "None"]


def test_a_file_rotates_by_size_and_the_oldest_go(tmp_path: Path) -> None:
    log = Events(tmp_path, 100)
    for number in range(60):
        log.append(Category.RUN, NOW, "begun", run=number)

    found = [each["run"] for each in log.read(Asked())]
    assert len(list(tmp_path.glob("run.*.jsonl"))) == KEPT
    assert found == list(range(60 - len(found), 60))


def test_a_file_rotates_by_age(tmp_path: Path) -> None:
    log = Events(tmp_path, 10_000)
    log.append(Category.RUN, NOW, "begun")
    log.append(Category.RUN, NOW + AGE + timedelta(seconds=1), "begun")

    assert len(list(tmp_path.glob("run.*.jsonl"))) == 1


def test_a_torn_line_hides_nothing_else(tmp_path: Path) -> None:
    log = Events(tmp_path, 10_000)
    log.append(Category.RUN, NOW, "begun", run=1)
    with (tmp_path / "run.jsonl").open("ab") as file:
        file.write(b'{"at": "20\xff\n[]\n')
    log.append(Category.RUN, NOW, "begun", run=2)

    assert [each["run"] for each in log.read(Asked())] == [1, 2]


def test_a_recorded_run_is_told_event_by_event(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "run", "--record")

    told = [json.loads(line) for line in called(capsys, "events", "--json").stdout.splitlines()]
    shown = called(capsys, "events", "--guardrail", "licence").stdout

    assert [(each["category"], each["event"]) for each in told] == [
        ("run", "begun"),
        ("check", "judged"),
        ("check", "judged"),
        ("run", "ended"),
    ]
    assert " check judged run=1 guardrail=licence outcome=fail seconds=" in shown


def test_a_time_that_is_none_is_a_usage_error(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = "selfcheck: --since soon: is no ISO date or time, such as 2026-11-21 or 2026-11-21T02:00\n"
    assert called(capsys, "events", "--since", "soon") == (2, "", said)


def test_where_nothing_was_recorded_that_is_said(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert called(capsys, "events").stdout == "no such event; `selfcheck run --record` writes them\n"
