"""`selfcheck baseline`: what is accepted today; `accept` grows it and needs a reason, `update` only shrinks it."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
from msgspec import structs

from selfcheck.actions import baseline as action
from selfcheck.check import Case
from selfcheck.cli import opening, plugins
from selfcheck.cli.comparing import Comparison, Gate, lines_of
from selfcheck.cli.messages import warn
from selfcheck.errors import UsageError
from selfcheck.judge import judge
from selfcheck.model import Outcome, Verdict
from selfcheck.policy import baseline as policy
from selfcheck.suggest import unknown

DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
NOT_JUDGED = 3


@click.group()
def baseline() -> None:
    """Keep the list of findings that are accepted, guardrails/baseline.jsonl."""


@baseline.command()
@click.option("--reason", required=True, metavar="TEXT", help="Why these are accepted; stands in every new line.")
@click.option("--owner", metavar="WHO", help="Who answers for them.")
@click.option("--key", "keys", multiple=True, metavar="KEY", help="Only the finding of this key; may be repeated.")
@opening.RULES
@opening.TAGS
@DRY_RUN
@opening.JOBS
@opening.NO_EXEC
@opening.NO_PLUGINS
@opening.GUARDRAILS
@opening.CACHE_DIR
@opening.NO_CACHE
def accept(
    reason: str,
    owner: str | None,
    keys: Sequence[str],
    rules: Sequence[str],
    tags: Sequence[str],
    dry_run: bool,
    jobs: int | None,
    no_exec: bool,
    no_plugins: bool,
    path: Path | None,
    cache_dir: Path | None,
    no_cache: bool,
) -> int:
    """Accept what is found today.

    What is in the baseline already stays there. A guardrail with `waivable: false` is never accepted.
    """
    if not reason.strip():
        raise UsageError("--reason: is empty; say why these findings are accepted")
    registry = plugins.registry(plugins=not no_plugins)
    opened = opening.open_working_tree(path, registry)
    cases = opening.selected(opened.rulebook, rules, tags)
    gate = Gate(opened, opening.open_facts(cache_dir, no_cache), registry, None, os.environ)
    verdicts = _judged(gate, opened, cases, jobs, no_exec)
    chosen = _chosen(verdicts, keys) if keys else verdicts
    today = datetime.now(UTC).date()
    planned = action.accept(gate.lines, chosen, reason=reason, owner=owner, since=today)
    for verdict in chosen:
        if not verdict.guardrail.waivable and any(ruling.counts for ruling in verdict.findings):
            warn(f"{verdict.guardrail.id} is not waivable: its findings are not accepted")
    return _written(planned, opened, verdicts, dry_run=dry_run)


@baseline.command()
@click.option("--renames", "base", metavar="BASE", help="Carry the lines of files that were moved since this revision.")
@DRY_RUN
@opening.JOBS
@opening.NO_EXEC
@opening.NO_PLUGINS
@opening.GUARDRAILS
@opening.CACHE_DIR
@opening.NO_CACHE
def update(
    base: str | None,
    dry_run: bool,
    jobs: int | None,
    no_exec: bool,
    no_plugins: bool,
    path: Path | None,
    cache_dir: Path | None,
    no_cache: bool,
) -> int:
    """Take out what is no longer found.

    Lines of guardrails that could not be judged stay. Nothing new is accepted.
    """
    registry = plugins.registry(plugins=not no_plugins)
    opened = opening.open_working_tree(path, registry)
    comparison = None if base is None else Comparison(opened, base, os.environ)
    gate = Gate(opened, opening.open_facts(cache_dir, no_cache), registry, comparison, os.environ)
    verdicts = _judged(gate, opened, opened.rulebook.cases, jobs, no_exec)
    known = [case.guardrail.id for case in opened.rulebook.cases]
    planned = action.update(gate.lines, verdicts, known)
    return _written(planned, opened, verdicts, dry_run=dry_run)


def _judged(
    gate: Gate, opened: opening.Opened, cases: Sequence[Case], jobs: int | None, no_exec: bool
) -> list[Verdict]:
    with opening.open_repository(opened.tree, opened.rulebook.cases, gate.facts) as repo:
        fallen = dict(
            judge(
                cases,
                repo,
                fail_on=opened.rulebook.fail_on,
                jobs=opening.jobs_or_cores(jobs),
                allowed=opening.allowed(no_exec),
                exceptions=gate.exceptions,
                also=gate.also,
            )
        )
    return [fallen[number] for number in sorted(fallen)]


def _chosen(verdicts: Sequence[Verdict], keys: Sequence[str]) -> list[Verdict]:
    """The verdicts with only the findings of these keys."""
    counting = {ruling.seen.key for verdict in verdicts for ruling in verdict.findings if ruling.counts}
    counting |= {ruling.seen.path for verdict in verdicts for ruling in verdict.unread if ruling.counts}
    for key in keys:
        if key not in counting:
            raise UsageError(unknown("finding that counts,", key, counting))
    return [
        structs.replace(
            verdict,
            findings=tuple(each for each in verdict.findings if each.seen.key in keys),
            unread=tuple(each for each in verdict.unread if each.seen.path in keys),
        )
        for verdict in verdicts
    ]


def _written(planned: action.Plan, opened: opening.Opened, verdicts: Sequence[Verdict], *, dry_run: bool) -> int:
    """Write what is planned, say what it changes, and name what could not be judged."""
    for name, change in planned.changes.items():
        click.echo(f"{name}: {change:+,}")
    total = f"{planned.after:,} finding{'s' * (planned.after != 1)} accepted, {planned.before:,} before"
    changed = planned.content != policy.render(lines_of(opened.tree))
    if dry_run:
        click.echo(
            f"would write {policy.PLACE}: {total}" if changed else f"would leave {policy.PLACE} as it is: {total}"
        )
    elif changed:
        action.apply(planned, Path(opened.root))
        click.echo(f"wrote {policy.PLACE}: {total}")
    else:
        click.echo(f"left {policy.PLACE} as it is: {total}")
    missing = [verdict for verdict in verdicts if verdict.outcome is Outcome.ERROR]
    for verdict in missing:
        warn(f"{verdict.guardrail.id} could not be judged, its lines are as they were: {verdict.reason}")
    return NOT_JUDGED if missing else 0
