"""`selfcheck list`: the guardrails in force, one a line."""

from pathlib import Path

import click

from selfcheck.check import Unloadable
from selfcheck.cli import opening, plugins
from selfcheck.formats.text import one_line
from selfcheck.registry import Registry


@click.command("list")
@opening.TAGS
@opening.GUARDRAILS
@opening.NO_PLUGINS
@click.option("--checks", is_flag=True, help="List the installed checks instead.")
def list_(tags: tuple[str, ...], path: Path | None, no_plugins: bool, checks: bool) -> None:
    """List the guardrails, or the installed checks."""
    registry = plugins.registry(plugins=not no_plugins)
    rows = _checks(registry) if checks else _guardrails(registry, path, tags)
    widths = [max(map(len, column)) for column in list(zip(*rows, strict=True))[:-1]]
    for *cells, last in rows:
        padded = (f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True))
        click.echo("  ".join((*padded, one_line(last))))


def _guardrails(registry: Registry, path: Path | None, tags: tuple[str, ...]) -> list[tuple[str, ...]]:
    _, rulebook = opening.open_rulebook(path, registry)
    guardrails = [case.guardrail for case in opening.selected(rulebook, (), tags)]
    return [(each.id, each.severity, each.use, "off" if each.switched_off else "", each.title) for each in guardrails]


def _checks(registry: Registry) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for name in registry.checks():
        check = registry.check(name)
        said = check.reason if isinstance(check, Unloadable) else (check and check.__doc__) or ""
        rows.append((name, said.strip().splitlines()[0] if said.strip() else ""))
    return rows
