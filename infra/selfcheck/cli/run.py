"""`selfcheck run`: judge, report, exit."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from selfcheck.check import Unloadable
from selfcheck.cli import opening, plugins, reports
from selfcheck.cli.audience import Audience, Progress
from selfcheck.cli.comparing import Comparison, Gate
from selfcheck.cli.judging import How, Proofs, judged
from selfcheck.cli.messages import warn
from selfcheck.errors import SelfcheckError, Stopped
from selfcheck.guardrail import Severity
from selfcheck.judge import culprit
from selfcheck.observers import Observer


class RunCommand(click.Command):
    """The command together with the options that installed observers own."""

    observers: tuple[type[Observer], ...] = ()

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Observers are known before the arguments are read, since their options are among them."""
        self.observers = ()
        taken = _names(self.get_params(ctx))
        for found in plugins.registry(plugins="--no-plugins" not in args).observers():
            if isinstance(found, Unloadable):
                warn(found.reason)
            elif same := taken & _names(found.options):
                warn(f"observer {found.__name__} is left out: its option {min(same)} is taken")
            else:
                self.observers += (found,)
                taken |= _names(found.options)
        return super().parse_args(ctx, args)

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Our own options, then those of the observers."""
        owned = [option for observer in self.observers for option in observer.options]
        params = super().get_params(ctx)
        return [*params[:-1], *owned, *params[-1:]]


@click.command(cls=RunCommand)
@opening.RULES
@opening.TAGS
@click.option(
    "--format",
    "formats",
    multiple=True,
    metavar="NAME[=PATH]",
    help="A report, to a file or the standard output; may be repeated.  [default: text]",
)
@click.option(
    "--fail-on",
    type=click.Choice([each.value for each in Severity]),
    help="The lowest severity that blocks, over the rulebook's.",
)
@opening.JOBS
@opening.NO_EXEC
@opening.NO_PLUGINS
@opening.GUARDRAILS
@opening.CACHE_DIR
@opening.NO_CACHE
@click.option(
    "--base",
    metavar="REF",
    help="Compare with where REF and this tree parted: only what is new gates. `auto` asks the CI system.",
)
@click.option(
    "--prove-stale",
    is_flag=True,
    help="Prove the guardrails whose proof is not known for this tree; one that missed a canary does not pass.",
)
@click.option("--rev", metavar="REV", help="Judge this revision as git holds it, by its own rulebook.")
@click.option("--quiet", "-q", is_flag=True, help="Print only what blocks.")
@click.option("--verbose", "-v", is_flag=True, help="Print every finding, and the evidence of every pass.")
@click.pass_context
def run(
    ctx: click.Context,
    /,
    rules: Sequence[str],
    tags: Sequence[str],
    formats: Sequence[str],
    fail_on: str | None,
    jobs: int | None,
    no_exec: bool,
    no_plugins: bool,
    path: Path | None,
    cache_dir: Path | None,
    no_cache: bool,
    base: str | None,
    prove_stale: bool,
    rev: str | None,
    quiet: bool,
    verbose: bool,
    **owned: Any,
) -> int:
    """Judge this repository by its guardrails."""
    registry = plugins.registry(plugins=not no_plugins)
    targets = reports.targets(formats, registry, verbosity=verbose - quiet, environ=os.environ)
    # An empty --rev is a mistake, often an unset variable; it must not judge something else.
    open_one = opening.open_working_tree if rev is None else partial(opening.open_revision, rev)
    opened = open_one(path, registry)
    cases = opening.selected(opened.rulebook, rules, tags)
    for warning in registry.ambiguous():
        warn(warning)
    severity = Severity(fail_on) if fail_on else opened.rulebook.fail_on
    audience = Audience([*_observers(ctx, owned), *_progress(quiet)])
    # An empty --base is a mistake as well.
    comparison = None if base is None else Comparison(opened, base, os.environ)
    how = How(
        fail_on=severity,
        jobs=opening.jobs_or_cores(jobs),
        allowed=opening.allowed(no_exec),
        fixed=reports.show_fixed(targets),
        proofs=Proofs.RENEWED if prove_stale else Proofs.KNOWN if reports.show_proofs(targets) else Proofs.NONE,
    )
    facts = opening.open_facts(cache_dir, no_cache)
    report = judged(opened, cases, how, Gate(opened, facts, registry, comparison, os.environ), audience)
    reports.write(report, targets)
    return max(report.exit_code, audience.exit_code)


def _observers(ctx: click.Context, owned: dict[str, Any]) -> Iterator[Observer]:
    assert isinstance(ctx.command, RunCommand)
    for observer in ctx.command.observers:
        try:
            yield observer(**{str(option.name): owned[str(option.name)] for option in observer.options})
        except (Stopped, SelfcheckError):
            raise
        except BaseException as error:
            warn(f"observer {observer.__name__} {culprit(error)}; it hears nothing")


def _names(params: Iterable[click.Parameter]) -> set[str]:
    """What two parameters may not have in common: their spellings, and the names of their values."""
    return {name for param in params for name in (str(param.name), *param.opts, *param.secondary_opts)}


def _progress(quiet: bool) -> Iterator[Observer]:
    if sys.stderr.isatty() and not quiet:
        yield Progress()
