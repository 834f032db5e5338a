"""What holds for every test."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.postgresql import server

# Coverage of the processes that tests start in other folders belongs to this run, not into those folders.
os.environ.setdefault("COVERAGE_FILE", str(Path(__file__).parents[1] / ".coverage"))

# A thousand processes are started: each would compile the whole house again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# A law that asks for more examples says so; `--hypothesis-profile=default` gives the others a hundred.
settings.register_profile("gate", max_examples=40, deadline=None)
settings.load_profile("gate")

pytest_plugins = ["pytester"]


@pytest.fixture(scope="session")
def postgresql() -> Generator[str]:
    """A PostgreSQL server's URL."""
    with server() as url:
        yield url
