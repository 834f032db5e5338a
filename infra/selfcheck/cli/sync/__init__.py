"""`selfcheck sync`: the mirrors and copies of instructions, how they stand, and bring them in step."""

import click

from selfcheck.cli.sync.copies import copies
from selfcheck.cli.sync.mirrors import apply, plan, status, watch


@click.group()
def sync() -> None:
    """Keep mirrors and copies of instructions in step.

    Guardrails declare them: `instructions-parity` a database with the rules of a file, `instructions-copies` the files
    of other platforms.
    """


for command in (status, plan, apply, watch, copies):
    sync.add_command(command)
