"""A pool of processes in which each call runs under a deadline, in the main thread, and may crash without harm."""

from selfcheck.workers.calls import FORKS, STOPPING, Answer, Died, Done, Late, Task, Work
from selfcheck.workers.pool import each, unstopped
from selfcheck.workers.serve import Interruption

__all__ = [
    "FORKS",
    "STOPPING",
    "Answer",
    "Died",
    "Done",
    "Interruption",
    "Late",
    "Task",
    "Work",
    "each",
    "unstopped",
]
