"""What is installed, by entry points: checks, formats, commands, observers and packs. Built-ins come by the same road."""

import importlib
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib.metadata import Distribution, EntryPoint, entry_points
from typing import Any

import click

from selfcheck import __name__ as OURS
from selfcheck.check import Check, Unloadable
from selfcheck.model import Report
from selfcheck.observers import Observer
from selfcheck.rulebook.schema import rulebook_schema

GROUPS = ("checks", "commands", "formats", "observers", "packs")
LOADING = 10.0
"""Seconds that a plugin of another distribution has to be imported."""

Format = Callable[[Report], str]


class Registry:
    """The plugins of this environment; with `plugins=False` only selfcheck's own."""

    def __init__(self, *, plugins: bool = True) -> None:
        self._plugins = plugins

    def checks(self) -> Sequence[str]:
        """The ids of all checks, without loading one."""
        return sorted(self._group("checks"))

    def check(self, name: str) -> type[Check] | Unloadable | None:
        """One check, loaded alone; None where there is none of this id."""
        loaded = self._loaded("checks", name)
        if loaded is None or isinstance(loaded, Unloadable):
            return loaded
        if not (isinstance(loaded, type) and issubclass(loaded, Check)):
            return Unloadable(
                f'check "{name}" is broken: {_said(self._group("checks")[name][0])} is no subclass of Check'
            )
        return loaded

    def packs(self) -> Sequence[str]:
        """The names of all packs."""
        return sorted(self._group("packs"))

    def pack(self, name: str) -> bytes | Unloadable | None:
        """The YAML of one pack; None where there is none of this name."""
        loaded = self._loaded("packs", name)
        if loaded is None or isinstance(loaded, Unloadable):
            return loaded
        read: Callable[[], str] = loaded
        return read().encode() if callable(read) else Unloadable(f'pack "{name}" is broken: it is no function')

    def formats(self) -> Sequence[str]:
        """The names of all formats."""
        return sorted(self._group("formats"))

    def format(self, name: str) -> Format | Unloadable | None:
        """One format, a function from a report to text; None where there is none of this name."""
        loaded = self._loaded("formats", name)
        if loaded is None or isinstance(loaded, Unloadable):
            return loaded
        render: Format = loaded
        return render if callable(render) else Unloadable(f'format "{name}" is broken: it is no function')

    def commands(self) -> Mapping[str, str]:
        """The name of each command and the distribution that it is from."""
        return {name: _distribution(points[0]) for name, points in sorted(self._group("commands").items())}

    def command(self, name: str) -> click.Command | Unloadable | None:
        """One command; None where there is none of this name."""
        loaded = self._loaded("commands", name)
        if loaded is None or isinstance(loaded, Unloadable | click.Command):
            return loaded
        return Unloadable(f'command "{name}" is broken: it is no click command')

    def observers(self) -> Iterator[type[Observer] | Unloadable]:
        """Every observer, loaded, in the order of their names."""
        for name in sorted(self._group("observers")):
            loaded = self._loaded("observers", name)
            if isinstance(loaded, type) and issubclass(loaded, Observer):
                yield loaded
            else:
                yield loaded if isinstance(loaded, Unloadable) else Unloadable(f'observer "{name}" is no Observer')

    def ambiguous(self) -> Iterator[str]:
        """What two distributions give the same name: a sentence for each."""
        for group in GROUPS:
            for name, points in sorted(self._group(group).items()):
                if len(points) > 1:
                    yield _twice(group, name, points)

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of rulebooks with every installed check that loads."""
        loaded = {name: self.check(name) for name in self.checks()}
        checks = {name: check for name, check in loaded.items() if isinstance(check, type)}
        return rulebook_schema(checks, self._packed())

    def _packed(self) -> list[str]:
        from selfcheck.rulebook.documents import load

        contents = [(name, self.pack(name)) for name in self.packs()]
        documents = [load(content, f"pack:{name}") for name, content in contents if isinstance(content, bytes)]
        return [guardrail["id"] for document in documents for guardrail in document.data["guardrails"]]

    def _group(self, group: str) -> dict[str, list[EntryPoint]]:
        """The entry points of one group by their names; a name that is given twice has two."""
        found: dict[str, list[EntryPoint]] = {}
        for point in _installed(group):
            if self._plugins or _is_ours(point):
                found.setdefault(point.name, []).append(point)
        return found

    def _loaded(self, group: str, name: str) -> Any:
        """The object that an entry point names, Unloadable, or None where there is no such entry point."""
        points = self._group(group).get(name)
        if not points:
            return None
        if len(points) > 1:
            return Unloadable(_twice(group, name, points))
        return load(points[0])


@cache
def _installed(group: str) -> tuple[EntryPoint, ...]:
    """Each entry point once, although a folder may stand on the path twice; asking costs milliseconds."""
    return tuple(dict.fromkeys(entry_points(group=f"{OURS}.{group}")))


def load(point: EntryPoint) -> Any:
    """The object that an entry point names, or Unloadable; another distribution's is first tried in a process of its own."""
    if not _is_ours(point):
        fate = _tried(point)
        if fate is not None:
            return Unloadable(f"{_said(point)} is broken: {fate}")
    try:
        return point.load()
    except BaseException as error:
        return Unloadable(f"{_said(point)} is broken: {_raised(error)}")


def _tried(point: EntryPoint) -> str | None:
    """Why importing it would end or hang this process, if it would. Nothing is tried where there is no fork."""
    if not hasattr(os, "fork"):
        return None
    process = os.fork()
    if process == 0:
        _import_and_leave(point)
    until = time.monotonic() + LOADING
    while time.monotonic() < until:
        done, status = os.waitpid(process, os.WNOHANG)
        if done:
            return _fate(os.waitstatus_to_exitcode(status))
        time.sleep(0.002)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return f"importing it takes more than {LOADING:g} s"


def _import_and_leave(point: EntryPoint) -> None:
    """In the child: 77 says that the import came back, whichever way; any other end is the plugin's own."""
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    with suppress(BaseException):
        importlib.import_module(point.module)
    os._exit(77)


def _fate(code: int) -> str | None:
    if code == 77:
        return None
    return f"importing it ends the process ({signal.Signals(-code).name if code < 0 else f'exit code {code}'})"


def _raised(error: BaseException) -> str:
    said = str(error).splitlines()
    return f"{type(error).__name__}: {said[0]}" if said else type(error).__name__


def _is_ours(point: EntryPoint) -> bool:
    return _distribution(point) == OURS


def _distribution(point: EntryPoint) -> str:
    return _name(point.dist) if point.dist else "an unknown distribution"


@cache
def _name(distribution: Distribution) -> str:
    return distribution.name  # read from its METADATA each time it is asked for


def _said(point: EntryPoint) -> str:
    return f'{point.group.removeprefix("selfcheck.").removesuffix("s")} "{point.name}" ({point.value}, of {_distribution(point)})'


def _twice(group: str, name: str, points: Sequence[EntryPoint]) -> str:
    givers = " and ".join(sorted(_distribution(point) for point in points))
    return f'{group.removesuffix("s")} "{name}" is given twice, by {givers}; uninstall one'
