"""`selfcheck migrations`: the history of each database as the files have it, and what is dangerous about one migration."""

import posixpath
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from selfcheck.check import Finding, Repository
from selfcheck.checks.migrations.fresh import Fresh, fresh
from selfcheck.checks.migrations.rules import Rule
from selfcheck.checks.migrations.safe import judged
from selfcheck.cli import opening
from selfcheck.cli.messages import warn
from selfcheck.errors import CannotOpen, UsageError
from selfcheck.facts import Facts
from selfcheck.formats.text import one_line
from selfcheck.git import open_git, top
from selfcheck.git.history import resolve
from selfcheck.rulebook import discover, find
from selfcheck.subjects.migrations import Chain, Environment, Ledger, Migrations, read
from selfcheck.subjects.migrations.dialects import Dialect, detected
from selfcheck.suggest import unknown
from selfcheck.trees import Tree

SHOWN = 8
"""How many migrations of a history are shown unless all are asked for."""


@click.command()
@click.argument("name", required=False, metavar="[ID]")
@click.option("--all", "whole", is_flag=True, help="Show every migration, not only the last ones.")
@click.option(
    "--dialect",
    type=click.Choice([each.value for each in Dialect]),
    help="The database by which ID is judged.  [default: what the files say]",
)
@click.option("--rev", metavar="REV", help="Show those of this revision as git holds it.")
@opening.CACHE_DIR
@opening.NO_CACHE
def migrations(
    name: str | None, whole: bool, dialect: str | None, rev: str | None, cache_dir: Path | None, no_cache: bool
) -> int:
    """Show the history of migrations and its heads, or with ID what one does and what is dangerous about it.

    ID is a revision's id, app.name in Django, or the path of a SQL file. Nothing of the repository is run. Exit status:
    0, or 1 where something is dangerous about ID, or 2 where there is nothing by that name, or 3 where a file could not
    be read.
    """
    tree, facts = _tree(rev), opening.open_facts(cache_dir, no_cache)
    found = read(tree, facts)
    for each in found.unread:
        warn(f"{one_line(each.path)}: {each.reason}")
    if not found.paths:
        raise UsageError("there is no migration here")
    if name is None:
        for line in _history(found, SHOWN if not whole else None):
            click.echo(one_line(line))
        return CannotOpen.exit_code if found.unread else 0
    return _one(tree, facts, found, name, Dialect(dialect) if dialect else None)


def _tree(rev: str | None) -> Tree:
    """What `run` would judge here, whether there is a rulebook or not."""
    here = Path.cwd().resolve()
    root = discover(here).root if find(here) else top(here) or here
    if rev is None:
        return opening.directory(root)
    git = open_git(root)
    if git is None:
        raise UsageError(f"--rev {rev}: {root} is in no git repository")
    folder = root.relative_to(git.top).as_posix()
    return opening.revision(git, resolve(git, rev), "" if folder == "." else folder)


def _history(found: Migrations, most: int | None) -> Iterator[str]:
    for environment in found.environments:
        yield from _revisions(environment, most)
    for chain in found.apps:
        yield from _app(chain, most)
    for ledger in found.ledgers:
        yield from _files(ledger, most)
    for each in found.outside:
        yield f"outside: {each.id} in {each.path}"


def _last(lines: list[str], most: int | None) -> Iterator[str]:
    """The last lines, the newest first."""
    hidden = 0 if most is None else max(0, len(lines) - most)
    yield from reversed(lines[hidden:])
    if hidden:
        yield f"  … and {hidden} before; --all shows them"


def _revisions(each: Environment, most: int | None) -> Iterator[str]:
    graph = each.graph
    heads = ", ".join(graph.heads) or "none"
    count = len(graph.revisions)
    yield f"{each.name} (alembic): {count} revision{'s' * (count != 1)}, head{'s' * (len(graph.heads) != 1)} {heads}"
    lines: list[str] = []
    for name in graph.order:
        script = graph.by_id[name].script
        labels = f" [{', '.join(script.labels)}]" if script.labels else ""
        after = f" after {', '.join(script.down)}" if script.down else ", the first"
        said = f": {script.says}" if script.says else ""
        lines.append(f"  {'*' if name in graph.heads else '|'} {name}{labels}{after}{said}")
    yield from _last(lines, most)


def _app(chain: Chain, most: int | None) -> Iterator[str]:
    count = len(chain.nodes)
    leaves = ", ".join(chain.leaves) or "none"
    yield f"{chain.label} (Django): {count} migration{'s' * (count != 1)}, leaf {leaves}"
    lines = [f"  {'*' if each.name in chain.leaves else '|'} {chain.label}.{each.name}" for each in chain.nodes]
    yield from _last(lines, most)


def _files(ledger: Ledger, most: int | None) -> Iterator[str]:
    count = len(ledger.files)
    last = ledger.ups[-1].written if ledger.ups else "none"
    yield f"{ledger.folder} (SQL): {count} file{'s' * (count != 1)}, last version {last}"
    yield from _last([f"  | {each.path}" for each in ledger.files], most)


def _one(tree: Tree, facts: Facts, found: Migrations, name: str, dialect: Dialect | None) -> int:
    """What one migration does, and what is dangerous about it."""
    if dialect is None:
        dialect = detected(tree, facts, tuple(each.place.url for each in found.environments))
    repo = Repository(tree, environ={}, today=datetime.now(UTC).date(), facts=facts)
    several = {each.name: each for each in fresh(repo, found, None, (), dialect)}
    each = several.get(name) or next((one for one in several.values() if posixpath.basename(one.path) == name), None)
    if each is None:
        near = [one for key, one in several.items() if key.startswith(name)]
        if len(near) != 1:
            raise UsageError(unknown("migration", name, several))
        (each,) = near
    dangers = list(judged(tree, each, _own(each), dialect, tuple(Rule)))
    for line in (*_operations(each, dialect), *_dangers(dangers)):
        click.echo(one_line(line))
    return 1 if dangers else 0


def _own(each: Fresh) -> set[str]:
    return {one.table.lower() for one in each.operations if one.does == "create table" and one.table}


def _operations(each: Fresh, dialect: Dialect | None) -> Iterator[str]:
    yield f"{each.name} in {each.path}, judged for {dialect or 'any database'}"
    for one in each.operations:
        about = ".".join(filter(None, (one.table, one.about)))
        traits = f" ({', '.join(one.traits)})" if one.traits else ""
        yield f"  {one.line}: {one.does} {about}{traits}"


def _dangers(dangers: list[Finding]) -> Iterator[str]:
    for each in dangers:
        line = each.at.line if each.at else None
        yield f"  {each.data['rule']}{f' in line {line}' if line else ''}: {each.message}"
        yield f"      do: {each.hint}"
    if not dangers:
        yield "  nothing dangerous was found"
