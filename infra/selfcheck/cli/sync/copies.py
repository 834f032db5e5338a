"""`selfcheck sync copies`: copies of one source for the platforms that read other files."""

from pathlib import Path

import click

from selfcheck.actions.sync.copies import Need, plan_copies, unknown_platforms, write_copies
from selfcheck.checks.instructions.copies import InstructionsCopies
from selfcheck.cli import opening, plugins
from selfcheck.errors import UsageError


@click.command()
@click.option("--rule", metavar="ID", help="Only the copies of this guardrail.")
@click.option("--force", is_flag=True, help="Overwrite what was written by hand; a backup of it is kept.")
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@opening.NO_PLUGINS
@opening.GUARDRAILS
def copies(rule: str | None, force: bool, dry_run: bool, no_plugins: bool, path: Path | None) -> int:
    """Write the copies that guardrails of `instructions-copies` name.

    Exit status: 0 all are up to date, 1 with --dry-run where one is not, 3 nothing could be written.
    """
    sources, rulebook = opening.open_rulebook(path, plugins.registry(plugins=not no_plugins))
    chosen = [
        (case.guardrail.id, case.check)
        for case in rulebook.cases
        if isinstance(case.check, InstructionsCopies)
        and case.guardrail.switched_off is None
        and rule in {None, case.guardrail.id}
    ]
    if not chosen:
        raise UsageError("no guardrail in force uses the check instructions-copies: there is nothing to copy")
    code = 0
    for name, check in chosen:
        if unknown := unknown_platforms(check):
            raise UsageError(f"{name}: no copy is made for {', '.join(unknown)}")
        planned = plan_copies(sources.root, check)
        waiting = [each for each in planned if each.need is not Need.NOTHING]
        if dry_run:
            for each in waiting:
                click.echo(f"{name}: {each.path} {each.need.value}")
            code = max(code, int(bool(waiting)))
            continue
        for line in write_copies(sources.root, planned, force=force):
            click.echo(f"{name}: {line}")
        if not waiting:
            click.echo(f"{name}: {len(planned):,} cop{'y is' if len(planned) == 1 else 'ies are'} up to date")
    return code
