"""What every command begins with: the rulebook that is in force here, and the repository that it judges."""

import os
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from selfcheck.check import Case, Need, Repository
from selfcheck.errors import UsageError
from selfcheck.judge import ALL_NEEDS
from selfcheck.registry import Registry
from selfcheck.rulebook import Rulebook, Sources, discover, given, parse
from selfcheck.suggest import unknown
from selfcheck.trees import Directory, Tree

GUARDRAILS = click.option(
    "--guardrails",
    "path",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="A rulebook file or folder, instead of looking for one; the repository around the current folder is judged.",
)
NO_PLUGINS = click.option(
    "--no-plugins", is_flag=True, help="Leave out what other distributions than selfcheck install."
)
NO_EXEC = click.option(
    "--no-exec", is_flag=True, help="Skip guardrails that need a program, a database or the network."
)
RULES = click.option("--rule", "rules", multiple=True, metavar="ID", help="Only this guardrail; may be repeated.")
TAGS = click.option(
    "--tag", "tags", multiple=True, metavar="TAG", help="Only guardrails with this tag; may be repeated."
)
JOBS = click.option(
    "--jobs",
    "-j",
    type=click.IntRange(1, 256),
    metavar="N",
    help="How many processes judge; as many as there are cores.",
)


def open_rulebook(path: Path | None, registry: Registry) -> tuple[Sources, Rulebook]:
    """The rulebook at a path, or the one found from the current folder upwards."""
    here = Path.cwd()
    sources = discover(here) if path is None else given(path, here)
    return sources, parse(sources.files, registry)


def selected(rulebook: Rulebook, rules: Sequence[str], tags: Sequence[str]) -> tuple[Case, ...]:
    """The cases that the options name, all where they name none.

    Raises:
        UsageError: a name is unknown, or there is no such case.

    """
    known = {case.guardrail.id for case in rulebook.cases}
    for rule in rules:
        if rule not in known:
            raise UsageError(unknown("guardrail", rule, known))
    tagged = {tag for case in rulebook.cases for tag in case.guardrail.tags}
    for tag in tags:
        if tag not in tagged:
            raise UsageError(unknown("tag", tag, tagged))
    chosen = tuple(
        case
        for case in rulebook.cases
        if (not rules or case.guardrail.id in rules) and (not tags or set(tags) & set(case.guardrail.tags))
    )
    if not chosen:
        raise UsageError(f"no guardrail among {', '.join(rules)} has the tag {' or '.join(tags)}: nothing to judge")
    return chosen


@contextmanager
def open_repository(root: Path, cases: Sequence[Case]) -> Generator[Repository]:
    """The working tree below `root`, with a place for copies that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="selfcheck-", ignore_cleanup_errors=True) as scratch:
        yield Repository(
            _listed(Directory(root)),
            environ=dict(os.environ),
            today=datetime.now(UTC).date(),
            guardrails=tuple(case.guardrail for case in cases),
            scratch=Path(scratch),
        )


def allowed(no_exec: bool) -> frozenset[Need]:
    """What checks may use beyond the tree."""
    return frozenset() if no_exec else ALL_NEEDS


def jobs_or_cores(jobs: int | None) -> int:
    """The number asked for, or that of the cores this process may use."""
    if jobs is not None:
        return jobs
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _listed(tree: Tree) -> Tree:
    """The same tree, listed once here rather than in each process."""
    assert tree.kinds is not None
    return tree
