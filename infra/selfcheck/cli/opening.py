"""What every command begins with: the rulebook that is in force here, and the repository that it judges."""

import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import click
from platformdirs import user_cache_path

from selfcheck.check import CannotJudge, Case, Change, Need, Repository
from selfcheck.cli.copies import room_for_copies
from selfcheck.errors import SelfcheckError, UsageError
from selfcheck.facts import Facts
from selfcheck.fixtures.layout import is_fixture
from selfcheck.git import Git, open_git
from selfcheck.git.history import resolve
from selfcheck.history import History
from selfcheck.judge import ALL_NEEDS
from selfcheck.registry import Registry
from selfcheck.rulebook import Rulebook, Source, Sources, discover, given, in_tree, parse
from selfcheck.store import Store
from selfcheck.suggest import unknown
from selfcheck.trees import Directory, Revision, Tree

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


MEMORY = ".selfcheck/"
"""Where what attaches to selfcheck may keep what it remembers of a repository; never a part of a judged tree."""

CACHE_DIR = click.option(
    "--cache-dir",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="SELFCHECK_CACHE_DIR",
    metavar="DIR",
    help="Where facts about files are remembered; the user's cache folder where not given.",
)
NO_CACHE = click.option("--no-cache", is_flag=True, help="Remember nothing and use nothing that was remembered.")


def open_facts(cache_dir: Path | None, no_cache: bool) -> Facts:
    """Facts with the store that the options ask for; without one where the user's own cache folder cannot be used."""
    return Facts(None if no_cache else open_store(cache_dir))


def open_store(cache_dir: Path | None) -> Store | None:
    """The store in a folder that the user named, or in the user's cache folder, where that can be used.

    Raises:
        UsageError: the folder that the user named cannot be used.
    """
    try:
        return Store(cache_dir or user_cache_path("selfcheck", appauthor=False))
    except OSError as error:
        if cache_dir is None:
            return None
        raise UsageError(f"--cache-dir {cache_dir}: {error.strerror}") from error
    except UsageError:
        if cache_dir is None:
            return None  # a cache is never worth a failure
        raise


def open_rulebook(path: Path | None, registry: Registry) -> tuple[Sources, Rulebook]:
    """The rulebook at a path, or the one found from the current folder upwards."""
    here = Path.cwd()
    sources = discover(here) if path is None else given(path, here)
    return sources, parse(sources.files, registry)


class Opened(NamedTuple):
    """A repository with the rulebook that judges it."""

    tree: Tree
    rulebook: Rulebook
    root: str
    revision: str | None
    git: Git | None
    folder: str
    """The judged folder, relative to the top of its repository."""
    sources: tuple[Source, ...]
    given: str | None
    """Where the rulebook stands in the tree if the user named it; empty where it stands outside."""


def is_left_out(path: str) -> bool:
    """Whether a path is no part of what is judged: a fixture, or in a folder with what is remembered of runs."""
    return is_fixture(path) or path.startswith(MEMORY) or f"/{MEMORY}" in path


def directory(root: Path) -> Directory:
    """The files on disk that are judged: fixtures of guardrails and what selfcheck remembers are not."""
    return Directory(root, is_left_out)


def revision(git: Git, commit: str, folder: str = "") -> Revision:
    """The files of a commit that are judged."""
    return Revision(git, commit, folder, is_left_out)


def open_working_tree(path: Path | None, registry: Registry) -> Opened:
    """The files on disk, unstaged edits and all, and their rulebook."""
    sources, rulebook = open_rulebook(path, registry)
    tree = directory(sources.root)
    git = tree.git
    folder = sources.root.relative_to(git.top).as_posix() if git else ""
    return Opened(
        tree,
        rulebook,
        _relative(sources.root),
        git.head() if git else None,
        git,
        "" if folder == "." else folder,
        sources.files,
        _place(path, sources.root),
    )


def open_revision(name: str, path: Path | None, registry: Registry) -> Opened:
    """A commit, and the rulebook that it held itself unless another is given.

    Raises:
        UsageError: this is no git repository, there is no such revision, or it holds no rulebook.
    """
    here = Path.cwd().resolve()
    git = open_git(here)
    if git is None:
        raise UsageError(f"--rev {name}: {here} is in no git repository")
    whole = revision(git, resolve(git, name))
    if path is None:
        folder, files = in_tree(whole, "" if here == git.top else here.relative_to(git.top).as_posix())
    else:
        folder, files = "", given(path, here).files
    return Opened(
        whole.below(folder),
        parse(files, registry),
        _relative(git.top / folder),
        whole.commit,
        git,
        folder,
        files,
        _place(path, git.top / folder),
    )


def _place(path: Path | None, root: Path) -> str | None:
    if path is None:
        return None
    place = path.resolve()
    return place.relative_to(root.resolve()).as_posix() if place.is_relative_to(root.resolve()) else ""


def _relative(root: Path) -> str:
    return Path(os.path.relpath(root)).as_posix()


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
def open_repository(
    tree: Tree,
    cases: Sequence[Case],
    facts: Facts | None = None,
    base: Tree | None = None,
    target: Tree | None = None,
    change: Change | None = None,
) -> Generator[Repository]:
    """A tree to be judged under the rulebook of these cases, with a place for copies that is removed afterwards."""
    with room_for_copies() as scratch:
        yield Repository(
            _listed(tree),
            environ=dict(os.environ),
            today=datetime.now(UTC).date(),
            scratch=scratch,
            facts=facts,
            base=base,
            target=target,
            change=change,
            remembered=remembered,
        ).under(cases)


def history() -> History | None:
    """What is remembered of earlier runs of the repository around the current folder, by selfcheck's own memory.

    Raises:
        SelfcheckError: it cannot be read.
    """
    found = (remembering(os.environ) for remembering in Registry(plugins=False).histories())
    return next((each for each in found if each is not None), None)


def remembered() -> History | None:
    """The same, for a check.

    Raises:
        CannotJudge: it cannot be read.
    """
    try:
        return history()
    except SelfcheckError as error:
        raise CannotJudge(f"what is remembered of earlier runs cannot be read: {error}") from error


def allowed(no_exec: bool) -> frozenset[Need]:
    """What checks may use beyond the tree."""
    return frozenset({Need.BASE}) if no_exec else ALL_NEEDS


def jobs_or_cores(jobs: int | None) -> int:
    """The number asked for, or that of the cores this process may use."""
    if jobs is not None:
        return jobs
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _listed(tree: Tree) -> Tree:
    """The same tree, listed once here rather than in each process."""
    assert tree.kinds is not None
    return tree
