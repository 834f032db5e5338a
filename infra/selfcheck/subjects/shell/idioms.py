"""Small questions about a script: is it one command, and which."""

from selfcheck.subjects.shell.syntax import Command, Script


def simple(script: Script) -> Command | None:
    """The one simple command that a script is, if all its words are known before it runs; None for anything else."""
    if len(script.body.items) != 1:
        return None
    command = script.body.items[0]
    if not isinstance(command, Command) or command.assignments or not command.texts:
        return None
    return command
