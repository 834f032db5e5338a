"""The command line: a group that imports its commands one at a time, and the one boundary at which errors end."""

import os
import sys
from typing import TextIO

import click

from selfcheck import __name__ as OURS
from selfcheck import __version__
from selfcheck.check import Unloadable
from selfcheck.cli.signals import stoppable
from selfcheck.errors import CannotOpen, SelfcheckError, Stopped, UsageError
from selfcheck.judge import culprit
from selfcheck.registry import Registry
from selfcheck.suggest import unknown

PIPE_CLOSED = 141
"""128 + SIGPIPE: whoever read our output went away, so nobody knows our verdict."""


class Commands(click.Group):
    """The commands of every distribution, by entry points; each is imported when it is called or listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, sorted."""
        return list(Registry().commands())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command; a plugin that does not load ends with a sentence, not a traceback."""
        command = Registry().command(cmd_name)
        if isinstance(command, Unloadable):
            raise UsageError(command.reason)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was meant, or a did-you-mean."""
        known = self.list_commands(ctx)
        if args[0] not in known and not args[0].startswith("-"):
            raise click.UsageError(unknown("command", args[0], known), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with their first sentences; another distribution's are named, not imported."""
        rows: list[tuple[str, str]] = []
        for name, distribution in Registry().commands().items():
            command = self.get_command(ctx, name) if distribution == OURS else None
            rows.append((name, command.get_short_help_str(100) if command else f"from {distribution}"))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="selfcheck %(version)s")
def cli() -> None:
    """Judge whether this repository still keeps its promises.

    The promises are guardrails, written in YAML; they are looked for from the current folder up to the top of the
    repository. Exit status: 0 kept, 1 broken, 2 wrong usage or rulebook, 3 could not be judged.
    """


def main() -> None:
    """Run the command line and leave the process with the exit code."""
    for stream in (sys.stdout, sys.stderr):
        _never_fail_to_encode(stream)
    with stoppable():
        code = _guarded()
    sys.exit(code)


def _guarded() -> int:
    """Every way in which a command ends, as an exit code."""
    try:
        code = cli.main(standalone_mode=False)
        sys.stdout.flush()
    except SelfcheckError as error:
        return _say(str(error), error.exit_code)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except Stopped as stopped:
        return _say("interrupted", stopped.exit_code)
    except Exception as error:
        return _say(f"selfcheck itself {culprit(error)}; nothing was judged", CannotOpen.exit_code)
    return code if isinstance(code, int) else 0


def _say(message: str, code: int) -> int:
    for line in message.splitlines():
        click.echo(f"selfcheck: {line}", err=True)
    return code


def _never_fail_to_encode(stream: TextIO) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")
