"""`selfcheck adr`: decisions listed, written, decided, drawn; the group, and one module a kind of command."""

import click

from selfcheck.cli.adr.changes import accept, index, new, reject, supersede
from selfcheck.cli.adr.shows import export, graph, list_, matrix, show


@click.group()
def adr() -> None:
    """Work with architecture decisions, in whatever template they are."""


for command in (accept, export, graph, index, list_, matrix, new, reject, show, supersede):
    adr.add_command(command)
