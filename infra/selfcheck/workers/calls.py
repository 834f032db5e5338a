"""What goes between the pool and its processes: tasks one way, answers the other."""

import signal
import sys
from collections.abc import Callable
from typing import NamedTuple

FORKS = sys.platform == "linux"
"""Whether a process starts as a copy of this one, with all that it holds."""
GRACE = 1.0
"""Seconds between the deadline, at which the call is interrupted, and its process being killed."""
LAST_WORDS = 0.6
"""Seconds that processes have to end what they started when the run is stopped."""
STOPPING = (signal.SIGINT, signal.SIGTERM)
"""The signals that stop a run."""


class Task(NamedTuple):
    """A call to make: its number, how many seconds it may take, and a lane that keeps it in one process with others."""

    number: int
    seconds: float
    lane: str | None = None


class Done(NamedTuple):
    """What a call returned."""

    content: bytes


class Late(NamedTuple):
    """A call that passed its deadline, and where it was then, if that is known."""

    where: str | None


class Died(NamedTuple):
    """A call whose process ended."""

    how: str


Answer = Done | Late | Died
Work = Callable[[int], bytes]
