"""A file under watch: a sync once it was saved and left alone for a while, and one at each interval."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

DEBOUNCE = 5.0
INTERVAL = 300.0
POLL = 0.2

Look = tuple[int, int, int] | None


def moments(
    paths: tuple[Path, ...],
    *,
    debounce: float = DEBOUNCE,
    interval: float = INTERVAL,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[str]:
    """Why it is time for a sync, whenever it is: at the start, after a change, after an interval.

    A file that goes on changing is waited for: a storm of saves is one sync.
    """
    seen, last = _looks(paths), clock()
    yield "start"
    changed: float | None = None
    while True:
        sleep(POLL)
        now, found = clock(), _looks(paths)
        if found != seen:
            seen, changed = found, now
        if changed is not None and now - changed >= debounce:
            changed, last = None, now
            yield "change"
        elif changed is None and now - last >= interval:
            last = now
            yield "interval"


def _looks(paths: tuple[Path, ...]) -> tuple[Look, ...]:
    return tuple(_look(path) for path in paths)


def _look(path: Path) -> Look:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
