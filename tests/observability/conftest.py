"""Stores of both kinds, and a repository to judge."""

from pathlib import Path

import pytest

from tests.cli.process import BROKEN, KEPT, rulebook
from tests.postgresql import empty
from tests.trees.working_copy import working_copy

VARIABLES = ("GITHUB_REPOSITORY", "CI_PROJECT_PATH", "SELFCHECK_STORE", "SELFCHECK_STATE_DIR")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty store of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    return empty(request.getfixturevalue("postgresql"))


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a repository with one promise kept and one broken."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    files = {"README.md": b"", "guardrails.yaml": rulebook(KEPT, BROKEN).encode()}
    folder = working_copy(tmp_path / "repo", files)
    monkeypatch.chdir(folder)
    return folder
