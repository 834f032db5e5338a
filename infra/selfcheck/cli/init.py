"""`selfcheck init`: a first rulebook that passes, for this repository."""

from pathlib import Path

import click

from selfcheck.actions import init as action
from selfcheck.cli import opening
from selfcheck.errors import UsageError
from selfcheck.git import top
from selfcheck.registry import Registry
from selfcheck.rulebook import find
from selfcheck.trees import Directory


@click.command()
def init() -> None:
    """Look at this repository and write a small rulebook that passes.

    Guardrails that do not hold today are written as comments, with what they find. Nothing is ever overwritten.
    """
    here = Path.cwd()
    existing = find(here)
    if existing is not None:
        raise UsageError(f"{existing}: there is a rulebook already; nothing was written")
    root = top(here) or here
    with opening.open_repository(Directory(root), ()) as repo:
        planned = action.plan(repo, Registry(plugins=False))
    if not planned.kept:
        raise UsageError(f"{root}: holds nothing yet that a promise could be about; nothing was written")
    try:
        path = action.apply(planned, root)
    except OSError as error:
        raise UsageError(f"{root / planned.path}: {error.strerror}; nothing was written") from error
    click.echo(f"wrote {path.relative_to(root)}: {', '.join(planned.kept)}")
    for left in planned.left:
        click.echo(f"left as a comment: {left}")
    click.echo("next: `selfcheck run`, then `selfcheck prove`")
