"""`selfcheck sync`: the mirrors and copies of instructions, how they stand, and bring them in step."""

import click

from selfcheck.cli.sync.copies import copies
from selfcheck.cli.sync.mirrors import apply, plan, status, watch


@click.group()
def sync() -> None:
    """Bring the database in step with the rules of a file, and copies with their source.

    What is mirrored where is declared by guardrails that use `instructions-parity`.
    """


for command in (status, plan, apply, watch, copies):
    sync.add_command(command)
