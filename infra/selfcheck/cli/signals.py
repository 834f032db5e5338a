"""Ctrl-C and SIGTERM become an exception, once; what comes after changes nothing."""

import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

from selfcheck.errors import Stopped


@contextmanager
def stoppable() -> Generator[None]:
    """Within, the first SIGINT or SIGTERM raises `Stopped`, and the ones that follow are not heard."""
    before = {number: signal.signal(number, _stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(number: int, _frame: FrameType | None) -> None:
    # Not SIG_IGN: Python complains of a signal that comes in the same moment.
    signal.signal(signal.SIGINT, _pass_over)
    signal.signal(signal.SIGTERM, _pass_over)
    raise Stopped(number)


def _pass_over(_number: int, _frame: FrameType | None) -> None:
    """We are on our way."""
