"""The command line: a group that imports its commands one at a time, and the one boundary at which errors end."""

import gc
import os
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

import click

from selfcheck import __name__ as OURS
from selfcheck import __version__
from selfcheck.check import Unloadable
from selfcheck.cli import plugins
from selfcheck.cli.messages import say
from selfcheck.cli.sentences import first_sentence
from selfcheck.cli.signals import stoppable
from selfcheck.errors import CannotOpen, SelfcheckError, Stopped, UsageError
from selfcheck.judge import culprit
from selfcheck.registry import Registry
from selfcheck.suggest import unknown

PIPE_CLOSED = 141
"""128 + SIGPIPE: whoever read our output went away, so nobody knows our verdict."""

GARBAGE = 100_000
"""Objects between two looks for circles of garbage: a run makes many objects and keeps them until it ends."""


class PipeClosed(Exception):
    """Whoever read our output went away; click itself would end with 1, the exit code of a broken promise."""


class Commands(click.Group):
    """The commands of every distribution, by entry points; each is imported when it is called or listed."""

    def make_context(self, *arguments: Any, **options: Any) -> click.Context:
        """As click does; `--help` may find that nobody reads."""
        with _noticing_a_closed_pipe():
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: click.Context) -> Any:
        """As click does."""
        with _noticing_a_closed_pipe():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, sorted."""
        return [*_registry(ctx).commands()]  # in here `list` is a module of ours

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command; a plugin that does not load ends with a sentence, not a traceback."""
        command = _registry(ctx).command(cmd_name)
        if isinstance(command, Unloadable):
            raise UsageError(command.reason)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was meant, or a did-you-mean."""
        ctx.obj = plugins.registry(plugins="--no-plugins" not in args)
        known = self.list_commands(ctx)
        if args[0] not in known and not args[0].startswith("-"):
            raise click.UsageError(unknown("command", args[0], known), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with their first sentences; none is imported, and another distribution's are only named."""
        registry = _registry(ctx)
        rows: list[tuple[str, str]] = []
        for name, distribution in registry.commands().items():
            place = registry.command_place(name) if distribution == OURS else None
            command = registry.command(name) if place is None and distribution == OURS else None
            sentence = command.reason if isinstance(command, Unloadable) else place and first_sentence(place)
            rows.append((name, sentence or f"from {distribution}"))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _registry(ctx: click.Context) -> Registry:
    return ctx.obj if isinstance(ctx.obj, Registry) else plugins.registry()


@contextmanager
def _noticing_a_closed_pipe() -> Generator[None]:
    try:
        yield
    except BrokenPipeError as error:
        raise PipeClosed from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="selfcheck %(version)s")
def cli() -> None:
    """Judge whether this repository still keeps its promises.

    The promises are guardrails, written in YAML; they are looked for from the current folder up to the top of the
    repository. Exit status: 0 kept, 1 broken, 2 wrong usage or rulebook, 3 could not be judged.
    """


def main() -> None:
    """Run the command line and leave the process with the exit code."""
    gc.set_threshold(GARBAGE)
    _fill_standard_streams()
    for stream in (sys.stdout, sys.stderr):
        _never_fail_to_encode(stream)
    with stoppable():
        code = guarded()
    sys.exit(code)


def guarded(arguments: Sequence[str] | None = None) -> int:
    """Every way in which a command ends, as an exit code; the arguments are the process's own where none are given."""
    try:
        code = cli.main(arguments, standalone_mode=False)
        sys.stdout.flush()
    except SelfcheckError as error:
        return _say(str(error), error.exit_code)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (PipeClosed, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return PIPE_CLOSED
    except Stopped as stopped:
        return _say("interrupted", stopped.exit_code)
    except Exception as error:
        return _say(f"selfcheck itself {culprit(error)}; nothing was judged", CannotOpen.exit_code)
    return code if isinstance(code, int) else 0


def _say(message: str, code: int) -> int:
    say(message)
    return code


def _fill_standard_streams() -> None:
    """Where the caller closed one, the next file that is opened would take its number, and what is printed go there."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)
    # Open for as long as the process lives.
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def _never_fail_to_encode(stream: TextIO) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")
