"""What holds for every test of the gate: no CI system but the one that a test sets up, and a cache of its own."""

import os
from pathlib import Path

import pytest

from tests.gate.repositories import origin

CI = ("CI", "GITHUB_", "GITLAB_", "BITBUCKET_", "BUILD_", "SYSTEM_", "CHANGE_", "TF_BUILD")


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*os.environ]:
        if name.startswith(CI):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SELFCHECK_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture(scope="session")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The remote, which no test changes."""
    return origin(tmp_path_factory.mktemp("remote"))
