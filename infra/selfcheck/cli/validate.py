"""`selfcheck validate`: whether the rulebook is right; runs nothing of it."""

from pathlib import Path

import click

from selfcheck.check import Unloadable
from selfcheck.cli import opening, plugins
from selfcheck.errors import CannotOpen


@click.command()
@opening.GUARDRAILS
@opening.NO_PLUGINS
def validate(path: Path | None, no_plugins: bool) -> int:
    """Read the rulebook and name every fault in it; judge nothing."""
    sources, rulebook = opening.open_rulebook(path, plugins.registry(plugins=not no_plugins))
    broken = [case for case in rulebook.cases if isinstance(case.check, Unloadable)]
    for case in broken:
        assert isinstance(case.check, Unloadable)
        click.echo(f"selfcheck: {case.guardrail.place}: {case.check.reason}", err=True)
    names = ", ".join(source.name for source in sources.files)
    click.echo(f"{names}: {len(rulebook.cases)} guardrails, {len(broken)} of them with a check that does not load")
    return CannotOpen.exit_code if broken else 0
