"""Ctrl-C and SIGTERM become an exception, once; what comes after is ended by a second one."""

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
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Stopped(number)
