"""One running service for all tests of a module."""

from collections.abc import Iterator

import pytest

from tests.slo.service import Service, running


@pytest.fixture(scope="module")
def _running() -> Iterator[Service]:
    with running() as service:
        yield service


@pytest.fixture
def service(_running: Service) -> Service:
    """The service, well again."""
    _running.mood = "healthy"
    _running.asked.clear()
    return _running
