"""What is installed, by entry points: checks, formats, commands, observers and packs. Built-ins come by the same road."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib.metadata import EntryPoint
from typing import Any, cast

import click

from selfcheck.check import Check, Need, Unloadable
from selfcheck.errors import RulebookError
from selfcheck.history import History
from selfcheck.model import Report
from selfcheck.observers import Observer
from selfcheck.registry.loading import distribution, installed, is_ours, load, raised, shown, twice
from selfcheck.rulebook import documents
from selfcheck.rulebook.schema import check_schema, rulebook_schema

GROUPS = ("checks", "commands", "formats", "histories", "observers", "packs")
LOADING = 10.0
"""Seconds that a plugin of another distribution has to be imported."""

Format = Callable[[Report], str]
Remembering = Callable[[Mapping[str, str]], History | None]
"""What is remembered of the repository around the current folder, given the environment."""


class Registry:
    """The plugins of this environment; with `plugins=False` only selfcheck's own.

    A plugin of another distribution that takes more than `loading` seconds to import counts as broken.
    """

    def __init__(self, *, plugins: bool = True, loading: float = LOADING) -> None:
        self._plugins = plugins
        self._loading = loading

    def checks(self) -> Sequence[str]:
        """The ids of all checks, without loading one."""
        return sorted(self._group("checks"))

    def check(self, name: str) -> type[Check] | Unloadable | None:
        """One check, loaded alone; None where there is none of this id."""
        loaded = self._loaded("checks", name)
        if loaded is None or isinstance(loaded, Unloadable):
            return loaded
        if not (isinstance(loaded, type) and issubclass(loaded, Check)):
            return self._broken("checks", name, "it is no subclass of Check")
        check: type[Check] = loaded
        unfit = _unfit(check)
        return self._broken("checks", name, unfit) if unfit else check

    def packs(self) -> Sequence[str]:
        """The names of all packs."""
        return sorted(self._group("packs"))

    def pack(self, name: str) -> bytes | Unloadable | None:
        """The YAML of one pack; None where there is none of this name."""
        loaded = self._loaded("packs", name)
        if loaded is None or isinstance(loaded, Unloadable):
            return loaded
        try:
            read: Callable[[], str] = loaded
            return read().encode()
        except Exception as error:
            return self._broken("packs", name, raised(error))

    def formats(self) -> Sequence[str]:
        """The names of all formats."""
        return sorted(self._group("formats"))

    def format(self, name: str) -> Format | Unloadable | None:
        """One format, a function from a report to text; None where there is none of this name."""
        loaded = self._loaded("formats", name)
        if loaded is None or isinstance(loaded, Unloadable):
            return loaded
        render: Format = loaded
        return render if callable(render) else self._broken("formats", name, "it is no function")

    def commands(self) -> Mapping[str, str]:
        """The name of each command and the distribution that it is from."""
        return {name: distribution(points[0]) for name, points in sorted(self._group("commands").items())}

    def command_place(self, name: str) -> str | None:
        """Where a command is written, as `selfcheck.cli.run:run`, without loading it; None where several have its name."""
        points = self._group("commands")[name]
        return points[0].value if len(points) == 1 else None

    def command(self, name: str) -> click.Command | Unloadable | None:
        """One command; None where there is none of this name."""
        loaded = self._loaded("commands", name)
        if loaded is None or isinstance(loaded, Unloadable | click.Command):
            return loaded
        return self._broken("commands", name, "it is no click command")

    def observers(self) -> Iterator[type[Observer] | Unloadable]:
        """Every observer, loaded, in the order of their names."""
        for name in sorted(self._group("observers")):
            loaded = self._loaded("observers", name)
            if isinstance(loaded, Unloadable) or (
                isinstance(loaded, type)
                and issubclass(loaded, Observer)
                and _holds(loaded.options, Sequence, click.Option)
            ):
                yield loaded
            else:
                yield self._broken("observers", name, "it is no Observer whose `options` are click options")

    def histories(self) -> Iterator[Remembering]:
        """Whoever remembers runs, in the order of their names; one that does not load remembers none."""
        for name in sorted(self._group("histories")):
            loaded = self._loaded("histories", name)
            if callable(loaded):
                yield cast("Remembering", loaded)

    def ambiguous(self) -> Iterator[str]:
        """What two distributions give the same name: a sentence for each."""
        for group in GROUPS:
            for name, points in sorted(self._group(group).items()):
                if len(points) > 1:
                    yield twice(group, name, points)

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of rulebooks with every installed check that loads."""
        loaded = {name: self.check(name) for name in self.checks()}
        checks = {name: check for name, check in loaded.items() if isinstance(check, type)}
        return rulebook_schema(checks, self._packed())

    def _packed(self) -> list[str]:
        found: list[str] = []
        for name in self.packs():
            content = self.pack(name)
            if isinstance(content, bytes):
                with suppress(RulebookError, LookupError, TypeError):  # a pack that is wrong adds no ids
                    found += [
                        guardrail["id"] for guardrail in documents.load(content, f"pack:{name}").data["guardrails"]
                    ]
        return found

    def _group(self, group: str) -> dict[str, list[EntryPoint]]:
        """The entry points of one group by their names; a name that is given twice has two."""
        found: dict[str, list[EntryPoint]] = {}
        for point in installed(group):
            if self._plugins or is_ours(point):
                found.setdefault(point.name, []).append(point)
        return found

    def _loaded(self, group: str, name: str) -> Any:
        """The object that an entry point names, Unloadable, or None where there is no such entry point."""
        points = self._group(group).get(name)
        if not points:
            return None
        if len(points) > 1:
            return Unloadable(twice(group, name, points))
        return load(points[0], self._loading)

    def _broken(self, group: str, name: str, why: str) -> Unloadable:
        return Unloadable(f"{shown(self._group(group)[name][0])} is broken: {why}")


@cache
def _unfit(check: type[Check]) -> str | None:
    """Why no guardrail can use a check, if none can."""
    subject: Any = check.subject
    if not _holds(check.needs, frozenset, Need):
        return "its `needs` is no frozenset of Need"
    if not isinstance(subject, str | None):
        return "its `subject` is no text"
    try:
        check_schema(check)
    except Exception as error:
        return f"its options have no schema: {raised(error)}"
    return None


def _holds(value: Any, container: Any, kind: type) -> bool:
    return isinstance(value, container) and all(isinstance(each, kind) for each in value)
