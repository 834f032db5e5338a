"""`selfcheck sync status|plan|apply|watch`: the mirrors that guardrails promise."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import click
from msgspec import structs

from selfcheck.actions.sync import engine
from selfcheck.actions.sync.opening import writer
from selfcheck.actions.sync.request import WAIT, Outcome, Request, SyncError, requests
from selfcheck.actions.sync.standing import Standing, as_data, sentence, standing, summary
from selfcheck.actions.sync.watching import DEBOUNCE, INTERVAL, moments
from selfcheck.cli import opening, plugins
from selfcheck.cli.messages import say
from selfcheck.errors import CannotJudge, CannotOpen, UsageError
from selfcheck.formats.text import one_line
from selfcheck.subjects.instructions.health import Status
from selfcheck.subjects.instructions.plan import Plan, Strategy
from selfcheck.suggest import unknown

SHOWN = 50
"""Rules of a plan that are named one by one."""

RULE = click.option("--rule", metavar="ID", help="Only the mirror of this guardrail.")
FORMAT = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
STRATEGY = click.option(
    "--strategy", type=click.Choice([each.value for each in Strategy]), help="Instead of the guardrail's own."
)
MASS = click.option("--allow-mass-orphan", is_flag=True, help="Switch off however many rules the file does not have.")
WAITING = click.option(
    "--wait",
    type=click.FloatRange(0, 3600),
    default=WAIT,
    metavar="SECONDS",
    help="How long to wait for another writer.",
)


@click.command()
@RULE
@FORMAT
@opening.NO_PLUGINS
@opening.GUARDRAILS
def status(rule: str | None, form: str, no_plugins: bool, path: Path | None) -> int:
    """Say how file and database stand to each other.

    Exit status: 0 healthy, 1 a warning or critical, 3 a side could not be read.
    """
    found = [standing(each) for each in _requests(rule, path, no_plugins)]
    if form == "json":
        click.echo(json.dumps({"version": 1, "syncs": [as_data(each) for each in found]}, ensure_ascii=False, indent=2))
    else:
        for each in found:
            _told(each)
    if any(each.error is not None for each in found):
        return CannotOpen.exit_code
    return int(any(each.health.status is not Status.HEALTHY for each in found))


@click.command()
@RULE
@STRATEGY
@FORMAT
@opening.NO_PLUGINS
@opening.GUARDRAILS
def plan(rule: str | None, strategy: str | None, form: str, no_plugins: bool, path: Path | None) -> int:
    """Say what an apply would do, and do nothing.

    Exit status: 0 nothing differs, 1 something does, 3 a side could not be read.
    """
    asked = [_by(each, strategy) for each in _requests(rule, path, no_plugins)]
    found = [standing(each) for each in asked]
    if form == "json":
        click.echo(json.dumps({"version": 1, "syncs": [as_data(each) for each in found]}, ensure_ascii=False, indent=2))
    for each in found:
        if each.plan is None:
            say(f"{each.guardrail}: {each.error}")
        elif form == "text":
            _planned(each.guardrail, each.plan)
    if any(each.plan is None for each in found):
        return CannotOpen.exit_code
    return int(any(each.plan is not None and each.plan.items for each in found))


@click.command()
@RULE
@STRATEGY
@MASS
@WAITING
@opening.NO_PLUGINS
@opening.GUARDRAILS
def apply(
    rule: str | None, strategy: str | None, allow_mass_orphan: bool, wait: float, no_plugins: bool, path: Path | None
) -> int:
    """Bring the database in step with the file.

    What the file no longer has is exported to a backup and switched off; nothing is deleted. All or nothing is written.
    Exit status: 0 in step, 1 the strategy left something as it is, 3 nothing could be written.
    """
    code = 0
    for each in _requests(rule, path, no_plugins):
        asked = structs.replace(_by(each, strategy), allow_mass_orphan=allow_mass_orphan, wait=wait)
        code = max(code, _applied(asked))
    return code


@click.command()
@RULE
@STRATEGY
@WAITING
@click.option(
    "--interval",
    type=click.FloatRange(1),
    default=INTERVAL,
    metavar="SECONDS",
    help="Sync at least so often.  [default: 300]",
)
@click.option(
    "--debounce",
    type=click.FloatRange(0),
    default=DEBOUNCE,
    metavar="SECONDS",
    help="How long a file is left alone first.  [default: 5]",
)
@opening.NO_PLUGINS
@opening.GUARDRAILS
def watch(
    rule: str | None,
    strategy: str | None,
    wait: float,
    interval: float,
    debounce: float,
    no_plugins: bool,
    path: Path | None,
) -> None:
    """Apply now, after each save of the file, and at an interval, until Ctrl-C.

    What cannot be written is told, and tried again at the next occasion.
    """
    asked = [structs.replace(_by(each, strategy), wait=wait) for each in _requests(rule, path, no_plugins)]
    files = tuple(each.root / each.check.file for each in asked)
    for why in moments(files, debounce=debounce, interval=interval):
        for each in asked:
            _applied(each, quiet=why == "interval")
        if why == "start":
            say("watching; Ctrl-C ends it")


def _requests(rule: str | None, path: Path | None, no_plugins: bool) -> list[Request]:
    """The mirrors that are promised here.

    Raises:
        UsageError: none is, or none by that name.
    """
    sources, rulebook = opening.open_rulebook(path, plugins.registry(plugins=not no_plugins))
    found = requests(rulebook.cases, sources.root, os.environ)
    if not found:
        raise UsageError("no guardrail in force uses the check instructions-parity: there is nothing to bring in step")
    if rule is not None and rule not in {each.guardrail for each in found}:
        raise UsageError(unknown("guardrail that promises parity,", rule, {each.guardrail for each in found}))
    return [each for each in found if rule in {None, each.guardrail}]


def _by(request: Request, strategy: str | None) -> Request:
    return request if strategy is None else structs.replace(request, strategy=Strategy(strategy))


def _applied(request: Request, *, quiet: bool = False) -> int:
    try:
        found = engine.apply(request, writer(request))
    except (SyncError, CannotJudge) as error:
        for line in str(error).splitlines():
            say(f"{request.guardrail}: {line}")
        return SyncError.exit_code
    if found.wrote or not quiet:
        _wrote(request, found)
    return 0 if found.in_step else 1


def _wrote(request: Request, found: Outcome) -> None:
    assert found.plan is not None
    left = [item for item in found.plan.items if item.held is not None]
    done = len(found.plan.items) - len([item for item in left if item.act.value == "nothing"])
    said = "in step but for what the strategy leaves" if left else "in step, nothing to write"
    if found.wrote:
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in found.plan.counts.items())
        said = f"brought in step: {done:,} rule{'s' * (done != 1)}" + (f" ({kinds})" if kinds else "")
    click.echo(f"{request.guardrail}: {said}")
    if found.backup is not None:
        click.echo(f"  backup: {found.backup}")
    for item in left[:SHOWN]:
        click.echo(f"  {one_line(sentence(item))}")


def _planned(guardrail: str, found: Plan) -> None:
    click.echo(f"{guardrail}: {summary(found)}; {found.strategy.value}")
    for item in found.items[:SHOWN]:
        click.echo(f"  {one_line(sentence(item))}")
    if len(found.items) > SHOWN:
        click.echo(f"  and {len(found.items) - SHOWN:,} more; --format json names them all")
    if found.refusal is not None:
        click.echo(f"  refused: {found.refusal}")


def _told(found: Standing) -> None:
    click.echo(f"{found.guardrail}: {found.health.status.value}")
    if found.plan is not None:
        click.echo(
            f"  {found.file}: {found.plan.file_count:,} rules; {found.mirror}: {found.plan.active_count:,} active"
        )
    for reason in found.health.reasons:
        click.echo(f"  {one_line(reason)}")
    _lines("do", found.health.recommendations)
    if found.last is not None:
        last = found.last
        took = "" if last.seconds is None else f" in {last.seconds:.2f} s"
        click.echo(f"  last sync: {last.started}, {last.outcome}{took}; {last.runs:,} in all, {last.failures:,} failed")
    if found.read is not None:
        _lines("not mirrored", [f"{name} ({count:,} rules)" for name, count in found.read.dropped.items()])
        _lines("mapped with loss", [f"{name}: {', '.join(words)}" for name, words in found.read.lossy.items()])


def _lines(what: str, said: Sequence[str]) -> None:
    for each in said:
        click.echo(f"  {what}: {one_line(each)}")
