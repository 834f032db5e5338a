"""`selfcheck test`: judge the trees below guardrails/tests/, each by the guardrail that it is for."""

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from selfcheck.check import Case
from selfcheck.cli import opening, plugins
from selfcheck.errors import RulebookError
from selfcheck.fixtures.canaries import Unshown, unshown
from selfcheck.fixtures.layout import PLACE, Fixture, Side, find
from selfcheck.fixtures.trials import Came, Trial, trials
from selfcheck.formats.text import clean, one_line
from selfcheck.trees import Directory

LABELS = {Came.HELD: "ok", Came.FAILED: "FAIL", Came.ERROR: "ERROR", Came.SKIPPED: "skip"}
COLORS = {Came.HELD: "green", Came.FAILED: "red", Came.ERROR: "magenta", Came.SKIPPED: "cyan"}
WORDS = {Came.FAILED: "failed", Came.ERROR: "not judged", Came.SKIPPED: "skipped", Came.HELD: "ok"}
INDENT = " " * 6
WIDTH = 80
SHOWN = 12
"""How many reasons of one tree are listed unless all are asked for."""


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@opening.TAGS
@opening.JOBS
@opening.NO_EXEC
@opening.NO_PLUGINS
@opening.GUARDRAILS
@opening.CACHE_DIR
@opening.NO_CACHE
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Fail where fewer guardrails have a tree that keeps and one that breaks.",
)
@click.option(
    "--verbose", "-v", is_flag=True, help="Show every tree and what came of it, and which guardrail has none."
)
def test(
    ids: Sequence[str],
    tags: Sequence[str],
    jobs: int | None,
    no_exec: bool,
    no_plugins: bool,
    path: Path | None,
    cache_dir: Path | None,
    no_cache: bool,
    fail_under: float | None,
    verbose: bool,
) -> int:
    """Test each guardrail on small trees that keep and break it.

    They stand in guardrails/tests/ID/keeps/ and guardrails/tests/ID/breaks/. Exit status: 0, or 1 where a tree came to
    something else or too few guardrails have both, or 3 where one could not be judged.
    """
    registry = plugins.registry(plugins=not no_plugins)
    opened = opening.open_working_tree(path, registry)
    cases = opening.selected(opened.rulebook, ids, tags)
    whole = Directory(Path(opened.root))
    fixtures, faults = find(whole, [case.guardrail.id for case in opened.rulebook.cases])
    if faults:
        raise RulebookError(sorted(faults))
    by_id = {case.guardrail.id: case for case in cases}
    chosen = [each for each in fixtures if each.guardrail in by_id]
    breaks = {each.guardrail for each in chosen if each.side is Side.BREAKS}
    allowed, several = opening.allowed(no_exec), opening.jobs_or_cores(jobs)
    facts = opening.open_facts(cache_dir, no_cache)
    with opening.open_repository(opened.tree, opened.rulebook.cases, facts) as repo:
        found = dict(trials(chosen, by_id, repo, whole, jobs=several, allowed=allowed))
        bare = unshown(cases, breaks, repo, jobs=several, allowed=allowed)
    tried = [found[number] for number in sorted(found)]
    for line in (*_trees(tried, verbose), *_unshown(bare)):
        click.echo(line)
    is_enough = _print_coverage(cases, chosen, fail_under, verbose)
    came = Counter(each.came for each in tried)
    if came[Came.ERROR]:
        return 3
    return 1 if came[Came.FAILED] or not is_enough else 0


def _trees(tried: Sequence[Trial], verbose: bool) -> Iterator[str]:
    """What did not hold, or all, and how many of each there are."""
    for each in tried:
        if verbose or each.came is not Came.HELD:
            yield from _tree(each, verbose)
    came = Counter(each.came for each in tried)
    counts = ", ".join(click.style(f"{came[each]} {WORDS[each]}", fg=COLORS[each]) for each in WORDS if came[each])
    yield f"{len(tried)} tree{'s' * (len(tried) != 1)}: {counts}" if tried else f"no tree below {PLACE}/"


def _tree(each: Trial, verbose: bool) -> Iterator[str]:
    label = click.style(f"{LABELS[each.came]:<5}", fg=COLORS[each.came])
    yield f"{label} {each.fixture.guardrail} {clean(each.fixture.name)}"
    reasons = each.reasons if verbose else each.reasons[:SHOWN]
    for reason in reasons:
        yield from _wrapped(reason, hanging=4)
    if len(reasons) < len(each.reasons):
        yield f"{INDENT}and {len(each.reasons) - len(reasons)} more (--verbose lists all)"
    if verbose and each.came is Came.HELD:
        for ruling in each.verdict.findings:
            at = ruling.seen.at or ruling.seen.key
            yield from _wrapped(f"{at}: {ruling.seen.message}", hanging=4)
        if not each.verdict.findings:
            said = (f"{seen.examined:,} of {seen.scope:,} {seen.what}" for seen in each.verdict.evidence)
            yield from _wrapped(", ".join(said))


def _unshown(bare: Sequence[Unshown]) -> Iterator[str]:
    if bare:
        yield "nothing shows that these can fail, neither a canary nor a tree that breaks:"
        for each in bare:
            yield from _wrapped(f"{each.guardrail}: {each.reason}", hanging=4)


def _print_coverage(
    cases: Sequence[Case], fixtures: Sequence[Fixture], fail_under: float | None, verbose: bool
) -> bool:
    """How many guardrails in force have trees of both sides; whether that is enough."""
    sides = {(each.guardrail, each.side) for each in fixtures}
    names = [case.guardrail.id for case in cases if case.guardrail.switched_off is None]
    bare = [name for name in names if not all((name, side) in sides for side in Side)]
    covered, of = len(names) - len(bare), len(names)
    if verbose and bare:
        click.echo("without a tree that keeps or one that breaks:")
        for line in _wrapped(", ".join(bare)):
            click.echo(line)
    # Rounded down: what is not all is not shown as all.
    percent = covered * 1000 // max(of, 1) / 10
    click.echo(f"{covered} of {of} guardrails ({percent:g} %) have a tree that keeps and one that breaks")
    if fail_under is None or covered * 100 >= fail_under * of > 0 or fail_under == 0:
        return True
    click.echo(f"that is less than the {fail_under:g} % that --fail-under asks for")
    return False


def _wrapped(text: str, hanging: int = 0) -> list[str]:
    """The text over as many lines as it takes; a word, such as a path, is never broken."""
    return textwrap.wrap(
        one_line(text),
        WIDTH,
        initial_indent=INDENT,
        subsequent_indent=INDENT + " " * hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
