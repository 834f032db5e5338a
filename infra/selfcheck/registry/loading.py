"""Entry points and what they name: a plugin that is broken, or that ends or hangs the process, becomes a reason."""

import importlib
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout, suppress
from functools import cache
from importlib.metadata import Distribution, EntryPoint, entry_points
from typing import Any, cast

from selfcheck import __name__ as OURS
from selfcheck.check import Unloadable
from selfcheck.errors import Stopped, signal_name
from selfcheck.judge import said
from selfcheck.workers import STOPPING, unstopped


@cache
def installed(group: str) -> tuple[EntryPoint, ...]:
    """Each entry point once, although a folder may stand on the path twice; asking costs milliseconds."""
    points = sorted(entry_points(group=f"{OURS}.{group}"), key=lambda point: not is_ours(point))
    return tuple(dict.fromkeys(points))


@cache
def load(point: EntryPoint, seconds: float) -> Any:
    """The object that an entry point names, or Unloadable; another distribution's is first tried in a process of its own."""
    fate = None if is_ours(point) else _tried(point.value.partition(":")[0].strip(), seconds)
    if fate is not None:
        return Unloadable(f"{shown(point)} is broken: {fate}")
    try:
        with redirect_stdout(sys.stderr):  # what it prints must not mix with a report
            return point.load()
    except Stopped:
        raise
    except BaseException as error:
        return Unloadable(f"{shown(point)} is broken: {raised(error)}")


@cache
def _tried(module: str, seconds: float) -> str | None:
    """Why importing it would end or hang this process, if it would. Nothing is tried where there is no fork."""
    if not hasattr(os, "fork"):
        return None
    process = 0
    try:
        with unstopped():
            process = os.fork()
            if process == 0:
                _import_and_leave(module)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            done, status = os.waitpid(process, os.WNOHANG)
            if done:
                process = 0
                return _fate(os.waitstatus_to_exitcode(status))
            time.sleep(0.002)
        return f"importing it takes more than {seconds:g} s"
    finally:
        if process:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def _import_and_leave(module: str) -> None:
    """In the child: 77 says that the import came back, whichever way; any other end is the plugin's own."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    with suppress(BaseException):
        importlib.import_module(module)
    os._exit(77)


def _fate(code: int) -> str | None:
    if code == 77:
        return None
    how = signal_name(-code) if code < 0 else f"exit code {code}"
    return f"importing it ends the process ({how})"


def raised(error: BaseException) -> str:
    """An exception as one line."""
    first = next(iter(said(error).splitlines()), "")
    return f"{type(error).__name__}: {first}" if first else type(error).__name__


def is_ours(point: EntryPoint) -> bool:
    """Whether it is of selfcheck's own distribution."""
    return distribution(point) == OURS


def distribution(point: EntryPoint) -> str:
    """The name of the distribution that installs it."""
    return _name(point.dist) if point.dist else "an unknown distribution"


@cache
def _name(distribution: Distribution) -> str:
    # Read from its METADATA each time it is asked for; there may be none.
    metadata: Mapping[str, str] = cast("Any", distribution.metadata)
    return metadata.get("Name") or "a distribution without a name"


def shown(point: EntryPoint) -> str:
    """What it gives, under which name, where it stands and whose it is."""
    return f'{_one(point.group.removeprefix("selfcheck."))} "{point.name}" ({point.value}, of {distribution(point)})'


def twice(group: str, name: str, points: Sequence[EntryPoint]) -> str:
    """What is wrong with a name that two distributions give."""
    givers = " and ".join(sorted(distribution(point) for point in points))
    return f'{_one(group)} "{name}" is given twice, by {givers}; uninstall one'


def _one(group: str) -> str:
    """What one of a group is called."""
    return f"{group.removesuffix('ies')}y" if group.endswith("ies") else group.removesuffix("s")
