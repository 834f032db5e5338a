"""`selfcheck lint` names every kind of rot where it stands, and nothing in the healthy twin."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.calling import called
from tests.lint.rot import MARK, Rot, Site, marked, repository
from tests.lint.rotten import ALL
from tests.lint.rotten_workflows import FILTERED


def written(folder: Path, files: dict[str, str]) -> None:
    """The files below a folder."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content, encoding="utf-8")


def named(capsys: pytest.CaptureFixture[str]) -> tuple[int, Counter[Site]]:
    """The exit code of `selfcheck lint` in the current folder, and all that it finds."""
    done = called(capsys, "lint", "--no-plugins", "--no-cache", "--format", "json")
    assert done.stderr == ""
    verdicts = json.loads(done.stdout)["verdicts"]
    assert [verdict for verdict in verdicts if verdict["outcome"] == "error"] == []
    return done.code, Counter(
        Site(verdict["check"], finding["path"], finding["line"])
        for verdict in verdicts
        for finding in verdict["findings"]
    )


@pytest.mark.parametrize("rots", [ALL, (FILTERED,)], ids=["all at once", "a filter"])
def test_every_kind_of_rot_is_named_where_it_stands(
    rots: tuple[Rot, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files = repository(rots, healthy=False, today=datetime.now(UTC).date())
    written(tmp_path, files)
    monkeypatch.chdir(tmp_path)

    code, found = named(capsys)

    assert code == 1
    assert found == Counter(marked(rots, files))


@pytest.mark.parametrize("rots", [ALL, (FILTERED,)], ids=["all at once", "a filter"])
def test_nothing_is_found_in_the_healthy_twin(
    rots: tuple[Rot, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files = repository(rots, healthy=True, today=datetime.now(UTC).date())
    written(tmp_path, files)
    monkeypatch.chdir(tmp_path)

    assert named(capsys) == (0, Counter())
    assert not any(MARK in content for content in files.values())


def test_there_are_kinds_of_rot_for_each_check_and_enough_of_them() -> None:
    today = datetime.now(UTC).date()
    sites = [site for rots in (ALL, (FILTERED,)) for site in marked(rots, repository(rots, healthy=False, today=today))]

    assert len(sites) >= 50
    assert Counter(site.check for site in sites).keys() == {rot.by for rot in ALL}
