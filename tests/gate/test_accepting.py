"""`selfcheck baseline`: `accept` grows the baseline and needs a reason, `update` only shrinks it; both can say it first."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from selfcheck.testing import git_repository
from tests.cli.calling import Called, called
from tests.trees.working_copy import write

RULES = """\
version: 1
guardrails:
  - {id: no-todo, title: t, why: w, severity: high, check: {use: text-forbids, pattern: TODO, paths: ["*.txt"]}}
  - {id: short, title: t, why: w, severity: high, tags: [size], check: {use: max-lines, limit: 2, paths: ["*.txt"]}}
"""
BASELINE = "guardrails/baseline.jsonl"
Call = Callable[..., Called]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a repository with three findings."""
    git_repository(tmp_path, {"guardrails.yaml": RULES, "a.txt": "TODO\n", "b.txt": "TODO\n", "long.txt": "1\n2\n3\n"})
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """`selfcheck` with these arguments."""
    return lambda *arguments: called(capsys, *arguments)


def lines(root: Path) -> list[dict[str, Any]]:
    """The lines of the baseline."""
    return [json.loads(line) for line in (root / BASELINE).read_text(encoding="utf-8").splitlines()]


def keys(root: Path) -> list[str]:
    """Their keys."""
    return [line["key"] for line in lines(root)]


def test_what_is_accepted_says_since_when_why_and_by_whom(root: Path, call: Call) -> None:
    before = datetime.now(UTC).date()

    ended = call("baseline", "accept", "--reason", "older than us", "--owner", "@li", "--rule", "short")

    after = datetime.now(UTC).date()
    assert ended == Called(0, f"short: +1\nwrote {BASELINE}: 1 finding accepted, 0 before\n", "")
    [line] = lines(root)
    assert before.isoformat() <= line.pop("since") <= after.isoformat()
    assert line == {
        "guardrail": "short",
        "key": "long.txt",
        "count": 1,
        "reason": "older than us",
        "owner": "@li",
        "amount": 3,
    }


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), ["a.txt", "b.txt", "long.txt"]),
        (("--rule", "no-todo"), ["a.txt", "b.txt"]),
        (("--tag", "size"), ["long.txt"]),
        (("--key", "b.txt"), ["b.txt"]),
        (("--key", "b.txt", "--key", "long.txt"), ["b.txt", "long.txt"]),
    ],
)
def test_only_what_is_chosen_is_accepted(options: tuple[str, ...], expected: list[str], root: Path, call: Call) -> None:
    ended = call("baseline", "accept", "--reason", "old", *options)

    assert (ended.code, keys(root)) == (0, expected)


@pytest.mark.parametrize("reason", ["", " ", "\t\n"])
def test_an_empty_reason_is_wrong_usage(reason: str, root: Path, call: Call) -> None:
    ended = call("baseline", "accept", "--reason", reason)

    assert ended == Called(2, "", "selfcheck: --reason: is empty; say why these findings are accepted\n")
    assert not (root / BASELINE).exists()


def test_a_key_that_is_not_found_is_wrong_usage_with_the_one_that_was_meant(root: Path, call: Call) -> None:
    ended = call("baseline", "accept", "--reason", "old", "--key", "lung.txt")

    assert (ended.code, ended.stdout) == (2, "")
    assert ended.stderr == 'selfcheck: unknown finding that counts, "lung.txt"; did you mean "long.txt"?\n'


def test_what_is_accepted_already_stays_as_it_was(root: Path, call: Call) -> None:
    call("baseline", "accept", "--reason", "first", "--key", "a.txt")

    ended = call("baseline", "accept", "--reason", "second", "--rule", "no-todo")

    assert ended.stdout == f"no-todo: +1\nwrote {BASELINE}: 2 findings accepted, 1 before\n"
    assert [(line["key"], line["reason"]) for line in lines(root)] == [("a.txt", "first"), ("b.txt", "second")]


def test_a_guardrail_that_is_not_waivable_is_never_accepted(root: Path, call: Call) -> None:
    write(root, {"guardrails.yaml": RULES.replace("id: short,", "id: short, waivable: false,").encode()})

    ended = call("baseline", "accept", "--reason", "old")

    assert (ended.code, keys(root)) == (0, ["a.txt", "b.txt"])
    assert ended.stderr == "selfcheck: warning: short is not waivable: its findings are not accepted\n"


def test_a_dry_run_says_what_it_would_write(root: Path, call: Call) -> None:
    accepting = call("baseline", "accept", "--reason", "old", "--dry-run")
    updating = call("baseline", "update", "--dry-run")

    assert accepting == Called(
        0, f"no-todo: +2\nshort: +1\nwould write {BASELINE}: 3 findings accepted, 0 before\n", ""
    )
    assert updating == Called(0, f"would leave {BASELINE} as it is: 0 findings accepted, 0 before\n", "")
    assert not (root / BASELINE).exists()


def test_an_update_takes_out_what_is_gone_and_accepts_nothing(root: Path, call: Call) -> None:
    call("baseline", "accept", "--reason", "old")
    write(root, {"a.txt": b"done\n", "new.txt": b"TODO\n"})

    ended = [call("baseline", "update"), call("baseline", "update")]

    assert ended == [
        Called(0, f"no-todo: -1\nwrote {BASELINE}: 2 findings accepted, 3 before\n", ""),
        Called(0, f"left {BASELINE} as it is: 2 findings accepted, 2 before\n", ""),
    ]
    assert keys(root) == ["b.txt", "long.txt"]


def test_an_update_keeps_the_lines_of_what_could_not_be_judged(root: Path, call: Call) -> None:
    call("baseline", "accept", "--reason", "old")
    (root / "a.txt").unlink()
    (root / "b.txt").unlink()
    (root / "long.txt").unlink()

    ended = call("baseline", "update")

    assert (ended.code, ended.stdout) == (3, f"left {BASELINE} as it is: 3 findings accepted, 3 before\n")
    assert ended.stderr.startswith(
        "selfcheck: warning: no-todo could not be judged, its lines are as they were: examined nothing: "
    )


@pytest.mark.parametrize("place", [BASELINE, "guardrails"])
def test_a_baseline_is_never_written_through_a_link(place: str, root: Path, tmp_path: Path, call: Call) -> None:
    outside = tmp_path / ".git" / "outside"
    outside.mkdir()
    (root / place).parent.mkdir(exist_ok=True)
    (root / place).symlink_to(outside if place == "guardrails" else outside / "baseline.jsonl")

    ended = call("baseline", "accept", "--reason", "old")

    assert ended.code == 3, ended
    assert list(outside.iterdir()) == []


def test_a_baseline_that_cannot_be_written_is_said(root: Path, call: Call) -> None:
    write(root, {"guardrails": b"a file\n"})

    ended = call("baseline", "accept", "--reason", "old")

    assert (ended.code, ended.stderr) == (3, f"selfcheck: {BASELINE}: File exists; nothing was written\n")
