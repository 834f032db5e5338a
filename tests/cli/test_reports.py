"""`--format NAME[=PATH]`: which formats, and where they go."""

import json
import os
import stat
from pathlib import Path

import pytest

from tests.cli.calling import called
from tests.cli.process import BROKEN, KEPT, rulebook
from tests.trees.working_copy import working_copy


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a repository with one promise kept and one broken."""
    files = {"README.md": b"", "guardrails.yaml": rulebook(KEPT, BROKEN).encode()}
    folder = working_copy(tmp_path / "repo", files)
    monkeypatch.chdir(folder)
    return folder


def exit_in(file: Path) -> int:
    """The exit code that a json report in a file tells."""
    code: int = json.loads(file.read_text(encoding="utf-8"))["summary"]["exit"]
    return code


def test_text_is_printed_where_no_format_is_named(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = called(capsys, "run")

    assert (done.code, done.stdout.splitlines()[0]) == (1, "FAIL  licence (high)")


def test_one_format_is_printed_and_others_are_written(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    formats = ("--format", "json=a.json", "--format", "json", "--format", "text=b.txt", "--format", "json=c.json")

    done = called(capsys, "run", *formats)

    assert (done.code, json.loads(done.stdout)["summary"]["exit"]) == (1, 1)
    assert (exit_in(repo / "a.json"), exit_in(repo / "c.json")) == (1, 1)
    assert (repo / "b.txt").read_text(encoding="utf-8").startswith("FAIL  licence (high)\n")


def test_text_is_printed_beside_formats_in_files(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = called(capsys, "run", "--format", "json=report.json")

    assert (done.stdout.splitlines()[0], exit_in(repo / "report.json")) == ("FAIL  licence (high)", 1)


def test_a_text_report_in_a_file_is_plain_and_lists_no_passes(
    repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")

    called(capsys, "run", "-v", "--format", "text=report.txt")

    written = (repo / "report.txt").read_text(encoding="utf-8")
    assert ("\x1b" in written, "pass  readme" in written) == (False, False)


@pytest.mark.parametrize(
    ("formats", "said"),
    [
        (["json", "text"], "json and text would both go to the standard output; write text=PATH"),
        (["json", "json"], "json and json would both go to the standard output; write json=PATH"),
        (["jsn"], 'unknown format "jsn"; did you mean "json"?'),
        (
            ["checkstyle=x"],
            'unknown format "checkstyle"; known: github, gitlab, html, json, junit, markdown, sarif, sarif-upload, tap, text',
        ),
        ([""], 'unknown format ""; known: github, gitlab, html, json, junit, markdown, sarif, sarif-upload, tap, text'),
        (["json="], "--format json=.: is a folder; name a file"),
        (["json=src/.."], "--format json=src/..: there is no folder src"),
        (["json=.git"], "--format json=.git: is a folder; name a file"),
        (["json=no/such/report.json"], "--format json=no/such/report.json: there is no folder no/such"),
        (["json=" + "x" * 300], f"--format json={'x' * 300}: File name too long"),
    ],
)
def test_a_format_that_cannot_be_is_a_usage_error_before_anything_is_judged(
    formats: list[str], said: str, repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = [word for each in formats for word in ("--format", each)]

    done = called(capsys, "run", *options, "--events", "events")

    assert done == (2, "", f"selfcheck: {said}\n")
    assert not (repo / "events").exists()


def test_a_report_takes_the_place_of_the_one_before(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repo / "report.json").write_text("x" * 100_000, encoding="utf-8")

    called(capsys, "run", "--format", "json=report.json")

    assert exit_in(repo / "report.json") == 1
    assert stat.S_IMODE((repo / "report.json").stat().st_mode) == 0o644
    assert sorted(path.name for path in repo.iterdir()) == [".git", "README.md", "guardrails.yaml", "report.json"]


def test_a_report_behind_a_link_is_written_where_it_leads(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repo / "link.json").symlink_to("report.json")

    called(capsys, "run", "--format", "json=link.json")

    assert ((repo / "link.json").is_symlink(), exit_in(repo / "report.json")) == (True, 1)


def test_a_report_is_written_to_a_pipe_and_not_over_it(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(repo / "pipe")
    reading = os.open(repo / "pipe", os.O_RDONLY | os.O_NONBLOCK)

    called(capsys, "run", "--format", "json=pipe")

    with open(reading, "rb") as pipe:
        assert json.loads(pipe.read())["summary"]["exit"] == 1
    assert (repo / "pipe").is_fifo()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_report_that_cannot_be_written_is_an_error_and_the_others_are_written(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = called(capsys, "run", "--format", "json=/dev/full", "--format", "json=report.json")

    assert (done.code, done.stderr) == (3, "selfcheck: /dev/full: No space left on device\n")
    assert (done.stdout.splitlines()[0], exit_in(repo / "report.json")) == ("FAIL  licence (high)", 1)


def test_on_github_no_line_of_the_text_is_obeyed(
    repo: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")

    first, *_, last = called(capsys, "run").stdout.splitlines()

    command, token = first.removeprefix("::").split("::")
    assert (command, last) == ("stop-commands", f"::{token}::")
