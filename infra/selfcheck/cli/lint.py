"""`selfcheck lint`: whether the rulebook itself can be trusted; runs nothing of the repository."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from selfcheck.ahead import NOTHING
from selfcheck.check import Case, Unloadable
from selfcheck.cli import opening, plugins, reports
from selfcheck.cli.comparing import Gate, source_of
from selfcheck.guardrail import Guardrail, Place, Severity
from selfcheck.judge import in_order, judge
from selfcheck.model import Report, Run
from selfcheck.policy import Exceptions
from selfcheck.registry import Registry

PREFIX = "rulebook-"
BUILT_IN: dict[str, tuple[Severity, str, str]] = {
    "rulebook-canaries": (
        Severity.HIGH,
        "Every guardrail can be proven",
        "A guardrail that nothing has ever turned red may be one that nothing can.",
    ),
    "rulebook-commands": (
        Severity.CRITICAL,
        "No command is such that it cannot fail",
        "A check that always passes is worse than none: everybody relies on it.",
    ),
    "rulebook-complete": (
        Severity.MEDIUM,
        "Every guardrail says why",
        "Nobody keeps for long what nobody can explain, and nobody dares to take it out.",
    ),
    "rulebook-deadlines": (
        Severity.MEDIUM,
        "What is put off has an end in sight",
        "What is accepted until a day that never comes is accepted for ever.",
    ),
    "rulebook-idle": (
        Severity.MEDIUM,
        "Every guardrail was judged lately",
        "A guardrail that is always skipped, or never looks at anything, guards nothing.",
    ),
    "rulebook-paths": (
        Severity.HIGH,
        "Every path of a guardrail leads to something",
        "A guardrail whose folder has moved looks at nothing there and finds nothing wrong.",
    ),
    "rulebook-patterns": (
        Severity.HIGH,
        "Every regular expression is found in some texts and not in others",
        "What is found in every text is contained in every file; what is found in none is never forbidden.",
    ),
    "rulebook-refs": (
        Severity.MEDIUM,
        "What a guardrail refers to is there",
        "Whoever meets a finding follows the reference; at a dead end the reason is lost.",
    ),
    "rulebook-shadowed": (
        Severity.MEDIUM,
        "No guardrail is shadowed by another",
        "Of two that ask for the same, one is waived, eased or mended, and the other still stands in the way.",
    ),
    "rulebook-workflows": (
        Severity.CRITICAL,
        "No workflow swallows what selfcheck says",
        "A gate whose failure leaves the job green stops nothing.",
    ),
}
"""With each check its severity, and the title and why of the guardrail where the rulebook has none of its own.

What makes a guardrail blind blocks: a command, a path, an expression, a workflow. What makes one hard to understand or
to keep only warns, unless the run asks for more by `--fail-on`.
"""


@click.command()
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
@opening.NO_PLUGINS
@opening.GUARDRAILS
@opening.CACHE_DIR
@opening.NO_CACHE
@click.option("--quiet", "-q", is_flag=True, help="Print only what blocks.")
@click.option("--verbose", "-v", is_flag=True, help="Print every finding, and the evidence of every pass.")
def lint(
    formats: Sequence[str],
    fail_on: str | None,
    jobs: int | None,
    no_plugins: bool,
    path: Path | None,
    cache_dir: Path | None,
    no_cache: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Judge the rulebook itself: what in it cannot fail, leads nowhere, or says nothing.

    Each rule is a check whose name begins with `rulebook-`. Those that the rulebook has guardrails for are judged as
    it says; the others as built-in guardrails. Guardrails with waivers are judged too, to find those that cover
    nothing. No program, database or network is used.
    """
    registry = plugins.registry(plugins=not no_plugins)
    targets = reports.targets(formats, registry, verbosity=verbose - quiet, environ=os.environ)
    opened = opening.open_working_tree(path, registry)
    cases = linting(opened.rulebook.cases, Place(opened.sources[0].name, 1), registry)
    gate = Gate(opened, opening.open_facts(cache_dir, no_cache), registry, None, os.environ)
    severity = Severity(fail_on) if fail_on else opened.rulebook.fail_on
    report = _report(opened, cases, gate, severity, opening.jobs_or_cores(jobs))
    reports.write(report, targets)
    return report.exit_code


def linting(cases: Sequence[Case], place: Place, registry: Registry) -> tuple[Case, ...]:
    """The guardrails of a rulebook that judge the rulebook, and built-in ones where it has none."""
    own = [case for case in cases if _is_of_rulebook(case)]
    used = {case.guardrail.use for case in own}
    return (*own, *(case for name in BUILT_IN if name not in used for case in _built_in(name, place, registry)))


def _built_in(name: str, place: Place, registry: Registry) -> Iterator[Case]:
    severity, title, why = BUILT_IN[name]
    found = registry.check(name)
    guardrail = Guardrail(
        id=name, title=title, why=why, severity=severity, check={"use": name}, allow_empty=True, place=place
    )
    if found is not None:
        yield Case(guardrail, found if isinstance(found, Unloadable) else found())


def _report(opened: opening.Opened, cases: Sequence[Case], gate: Gate, fail_on: Severity, jobs: int) -> Report:
    begun, started = time.monotonic(), datetime.now(UTC)
    own = any(_is_of_rulebook(case) for case in opened.rulebook.cases)
    # Whether a waiver covers anything only a verdict shows.
    waived = tuple(each for each in opened.rulebook.cases if each.guardrail.waivers and not _is_of_rulebook(each))
    asked = (*cases, *waived)
    with opening.open_repository(opened.tree, opened.rulebook.cases, gate.facts) as repo:
        judging = judge(
            asked,
            repo,
            fail_on=fail_on,
            jobs=jobs,
            allowed=frozenset(),
            # What accepts findings of guardrails that no rulebook holds is not looked for in a large tree.
            exceptions=gate.exceptions if own else Exceptions,
            also=gate.also if own else NOTHING,
        )
        with closing(judging) as fallen:
            judged = in_order(asked, dict(fallen), today=repo.today, fail_on=fail_on)
        verdicts = (*judged[: len(cases)], *gate.verdicts(judged, repo, whole=False))
    run = Run(
        root=opened.root,
        folder=opened.folder,
        revision=opened.revision,
        rulebook=opened.rulebook.digest,
        started=started,
        guardrails=tuple(case.guardrail for case in cases),
    )
    return Report(run=run, verdicts=verdicts, seconds=time.monotonic() - begun, source=source_of(opened.tree))


def _is_of_rulebook(case: Case) -> bool:
    return case.guardrail.use.startswith(PREFIX)
