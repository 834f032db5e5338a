"""`selfcheck migrations`: the history, its heads, and what is dangerous about one migration."""

from pathlib import Path

import pytest

from tests.cli.calling import Called, called
from tests.migrations.writing import LINE, SHOP, ledger, revision
from tests.trees.working_copy import working_copy

FILES = {**LINE, **SHOP, **ledger(_001_a="CREATE TABLE t (id int);")}


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: one history of each sort, without a rulebook."""
    folder = working_copy(tmp_path / "repo", {path: text.encode() for path, text in FILES.items()})
    monkeypatch.chdir(folder)
    return folder


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> Called:
    """The command, with nothing remembered."""
    return called(capsys, "migrations", "--no-cache", *arguments)


def test_every_history_is_shown_with_its_head(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = shown(capsys)

    assert (done.code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "db (alembic): 3 revisions, head c",
        "  * c after b",
        "  | b after a",
        "  | a, the first",
        "shop (Django): 2 migrations, leaf 0002_price",
        "  * shop.0002_price",
        "  | shop.0001_initial",
        "db/migrations (SQL): 1 file, last version 001",
        "  | db/migrations/001_a.sql",
    ]


def test_two_heads_are_both_marked(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repo / "db/versions/d.py").write_text(revision("d", "b"))

    lines = shown(capsys).stdout.splitlines()

    assert (lines[0], lines[1:3]) == ("db (alembic): 4 revisions, heads c, d", ["  * d after b", "  * c after b"])


def test_a_long_history_is_cut_and_whole_on_demand(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(20):
        (repo / f"db/versions/r{number}.py").write_text(revision(f"r{number}", f"r{number - 1}" if number else "c"))

    cut, whole = shown(capsys).stdout, shown(capsys, "--all").stdout

    assert "  … and 15 before; --all shows them" in cut
    assert "  | a, the first" in whole


@pytest.mark.parametrize("name", ["d", "d.py", "d_price"])
def test_one_migration_is_shown_with_its_dangers(repo: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    named = "d_price" if name == "d_price" else "d"
    (repo / "db/versions/d.py").write_text(revision(named, "c", "op.drop_column('t', 'x')"))

    done = shown(capsys, name)

    assert (done.code, done.stdout.splitlines()) == (
        1,
        [
            f"{named} in db/versions/d.py, judged for any database",
            "  9: drop column t.x",
            "  drop-column in line 9: d.py drops column t.x",
            "      do: first release code that does not use it, then drop it in a later release",
        ],
    )


def test_a_migration_without_danger_says_so(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = shown(capsys, "db/migrations/001_a.sql", "--dialect", "postgresql")

    assert (done.code, done.stdout.splitlines()[1:]) == (0, ["  1: create table t", "  nothing dangerous was found"])


def test_a_slip_of_the_pen_is_told_with_what_was_meant(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = shown(capsys, "shop.0002_prize")

    assert (done.code, done.stdout) == (2, "")
    assert 'unknown migration "shop.0002_prize"; did you mean "shop.0002_price"?' in done.stderr


def test_a_revision_is_shown_as_git_holds_it(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repo / "db/versions/d.py").write_text(revision("d", "b"))

    assert "head c" in shown(capsys, "--rev", "HEAD").stdout


def test_what_cannot_be_read_is_named_and_the_rest_is_shown(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repo / "db/versions/d.py").write_text("revision = 'd'\ndef upgrade(:\n")

    done = shown(capsys)

    assert (done.code, "db/versions/d.py: does not parse as Python" in done.stderr) == (3, True)
    assert "head c" in done.stdout


def test_no_migration_is_a_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert (shown(capsys).code, shown(capsys, "--rev", "HEAD").code) == (2, 2)
