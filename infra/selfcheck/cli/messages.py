"""What is said on the standard error: one line each, with our name before it."""

import click

from selfcheck.formats.text import clean


def say(message: str) -> None:
    """Each line of a message, without what a terminal would act on."""
    for line in message.splitlines():
        click.echo(f"selfcheck: {clean(line)}", err=True)


def warn(message: str) -> None:
    """A message that changes no exit code."""
    say(f"warning: {message}")
