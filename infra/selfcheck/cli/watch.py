"""`selfcheck watch`: judge, and again whenever something is saved; tell which verdicts are others now."""

import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from selfcheck.cli import opening, plugins, reports
from selfcheck.cli.afresh import Means, bench
from selfcheck.cli.messages import say
from selfcheck.cli.saves import Saves
from selfcheck.errors import SelfcheckError
from selfcheck.formats import text
from selfcheck.model import Finding, Report, Ruling, Run, Unread, Verdict
from selfcheck.trees import Tree

NAMED = 3
"""How many of the changed files are named."""


@click.command()
@opening.RULES
@opening.TAGS
@opening.JOBS
@opening.NO_EXEC
@opening.NO_PLUGINS
@opening.GUARDRAILS
@opening.CACHE_DIR
@opening.NO_CACHE
@click.option("--quiet", "-q", is_flag=True, help="Print only what blocks, and what no longer does.")
def watch(
    rules: Sequence[str],
    tags: Sequence[str],
    jobs: int | None,
    no_exec: bool,
    no_plugins: bool,
    path: Path | None,
    cache_dir: Path | None,
    no_cache: bool,
    quiet: bool,
) -> None:
    """Judge this repository, and again whenever a file is saved, until Ctrl-C."""
    saves = Saves(path)
    means = Means(
        registry=plugins.registry(plugins=not no_plugins),
        store=None if no_cache else opening.open_store(cache_dir),
        jobs=opening.jobs_or_cores(jobs),
        allowed=opening.allowed(no_exec),
    )
    screen = _Screen(quiet=quiet)
    for saved in saves.each():
        try:
            screen.show(_report(means, path, saved.tree, rules, tags), saved.paths)
        except SelfcheckError as error:
            screen.fault(str(error), saved.paths)
        if not saved.paths:
            say("watching; Ctrl-C ends it")


def _report(means: Means, path: Path | None, tree: Tree, rules: Sequence[str], tags: Sequence[str]) -> Report:
    clock = time.monotonic()
    opened = opening.open_working_tree(path, means.registry)._replace(tree=tree)
    cases = opening.selected(opened.rulebook, rules, tags)
    run = Run(
        root=opened.root,
        folder=opened.folder,
        revision=opened.revision,
        rulebook=opened.rulebook.digest,
        started=datetime.now(UTC),
        guardrails=tuple(case.guardrail for case in cases),
    )
    with bench(means, opened) as judging:
        with closing(judging.verdicts(cases)) as fallen:
            verdicts = [verdict for _, verdict in sorted(fallen, key=lambda each: each[0])]
        verdicts += judging.built_in(verdicts)
    return Report(run=run, verdicts=tuple(verdicts), seconds=time.monotonic() - clock)


class _Screen:
    """What was told last, and so needs no telling again."""

    def __init__(self, *, quiet: bool) -> None:
        self._verbosity = -quiet
        self._color = reports.colored(sys.stdout.isatty(), os.environ)
        self._told: dict[str, object] | None = None

    def show(self, report: Report, paths: Sequence[str]) -> None:
        """The whole report at first, then what has become of which verdict."""
        told, self._told = self._told, {each.guardrail.id: _news(each) for each in report.verdicts}
        width = min(reports.WIDEST, shutil.get_terminal_size().columns)
        if told is None:
            click.echo(text.render(report, color=self._color, width=width, verbosity=self._verbosity), nl=False)
            return
        fresh = [each for each in report.verdicts if told.get(each.guardrail.id) != self._told[each.guardrail.id]]
        if self._verbosity < 0:
            fresh = [each for each in fresh if each.gates]
        if not fresh and self._verbosity < 0:
            return
        click.echo(_heading(paths))
        for verdict in fresh:
            click.echo(text.block(verdict, color=self._color, width=width))
        click.echo(text.summary(report, color=self._color, width=width))

    def fault(self, why: str, paths: Sequence[str]) -> None:
        """What keeps the repository from being judged; what was told before is told anew afterwards."""
        if paths:
            click.echo(_heading(paths))
        say(why)


def _heading(paths: Sequence[str]) -> str:
    named = ", ".join(text.one_line(path) for path in paths[:NAMED])
    more = f" and {len(paths) - NAMED} more" if len(paths) > NAMED else ""
    return f"{datetime.now().astimezone():%H:%M:%S} {named}{more}"


def _news(verdict: Verdict) -> object:
    """What of a verdict is worth telling when it changes: not where a finding has moved to, nor what was examined."""
    rulings: Iterator[Ruling[Finding] | Ruling[Unread]] = iter((*verdict.findings, *verdict.unread))
    counting = [(each.fingerprint, each.growth, _said(each.seen)) for each in rulings if each.counts]
    return verdict.outcome, verdict.enforce, verdict.reason, sorted(counting, key=str)


def _said(seen: Finding | Unread) -> str:
    return seen.message if isinstance(seen, Finding) else seen.reason
