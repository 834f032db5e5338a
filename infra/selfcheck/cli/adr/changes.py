"""The commands that write: new, accept, reject, supersede, index."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from selfcheck.actions.adr.change import Change
from selfcheck.actions.adr.index import block
from selfcheck.actions.adr.new import plan_new
from selfcheck.actions.adr.plan import Plan, apply
from selfcheck.actions.adr.templates import TEMPLATES
from selfcheck.cli.adr.place import DRY_RUN, FOLDER, Opened, chosen, open_decisions
from selfcheck.cli.messages import say
from selfcheck.errors import Unreadable, UsageError
from selfcheck.formats.text import one_line
from selfcheck.subjects.decisions import Folder, Status
from selfcheck.subjects.decisions.index import block_in
from selfcheck.subjects.decisions.lines import text_of

STALE = 1


@click.command()
@click.argument("title")
@click.option("--template", type=click.Choice(TEMPLATES), help="What it begins as.  [default: as most others there]")
@click.option("--supersedes", multiple=True, metavar="N", help="A decision that it supersedes; may be repeated.")
@click.option(
    "--status",
    type=click.Choice([each.value for each in (Status.DRAFT, Status.PROPOSED, Status.ACCEPTED)]),
    help="Its status.  [default: proposed; accepted where it supersedes another]",
)
@FOLDER
@DRY_RUN
def new(
    title: str, template: str | None, supersedes: Sequence[str], status: str | None, folder: str | None, dry_run: bool
) -> int:
    """Write a new decision with the next number; link both sides, keep the index."""
    opened = open_decisions()
    planned, path = plan_new(
        opened.tree,
        opened.decisions,
        title=title,
        today=datetime.now(UTC).date(),
        folder=folder,
        template=template,
        status=Status(status) if status else None,
        supersedes=tuple(chosen(opened, each, folder) for each in supersedes),
    )
    return _done(opened, planned, dry_run=dry_run, first=path)


@click.command()
@click.argument("decision")
@FOLDER
@DRY_RUN
def accept(decision: str, folder: str | None, dry_run: bool) -> int:
    """Accept a decision; what it says that it supersedes is superseded from now on."""
    return _decide(decision, Status.ACCEPTED, folder, dry_run=dry_run)


@click.command()
@click.argument("decision")
@FOLDER
@DRY_RUN
def reject(decision: str, folder: str | None, dry_run: bool) -> int:
    """Reject a decision."""
    return _decide(decision, Status.REJECTED, folder, dry_run=dry_run)


@click.command()
@click.argument("decision")
@click.option("--by", required=True, metavar="N", help="The decision that takes its place.")
@FOLDER
@DRY_RUN
def supersede(decision: str, by: str, folder: str | None, dry_run: bool) -> int:
    """Supersede a decision by another; both sides say so."""
    opened = open_decisions()
    change = Change(opened.tree, opened.decisions)
    change.supersede(chosen(opened, by, folder), chosen(opened, decision, folder))
    return _done(opened, change.plan(), dry_run=dry_run)


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; end with 1 where a list is not as it would be.")
@FOLDER
def index(check: bool, folder: str | None) -> int:
    """Make the lists of decisions anew, between their markers only."""
    opened = open_decisions()
    homes = [each for each in opened.decisions.folders if folder is None or each.path == folder.rstrip("/")]
    if not homes:
        raise UsageError(f"--folder {folder}: holds no decision" if folder else f"{opened.root}: holds no decision")
    files = {path: content for home in homes for path, content in _lists(opened, home)}
    if not files:
        raise UsageError(
            "no index has markers; write `<!-- selfcheck:adrs -->` and `<!-- /selfcheck:adrs -->` on lines of their own"
            " in the README.md of the folder, where the list is to be"
        )
    planned = Plan(files).without_idle(opened.root)
    if check:
        for path in planned.files:
            say(f"{one_line(path)}: its list is not as the decisions are; `selfcheck adr index` makes it anew")
        return STALE if planned.files else 0
    return _done(opened, planned)


def _decide(name: str, status: Status, folder: str | None, *, dry_run: bool) -> int:
    opened = open_decisions()
    change = Change(opened.tree, opened.decisions)
    change.decide(chosen(opened, name, folder), status)
    return _done(opened, change.plan(), dry_run=dry_run)


def _lists(opened: Opened, home: Folder) -> Sequence[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for path in home.others:
        try:
            content = opened.tree.read(path)
            if path.endswith(".md") and block_in(text_of(content)) is not None:
                found.append((path, block(path, content, [home])))
        except Unreadable:
            continue
    return found


def _done(opened: Opened, planned: Plan, *, dry_run: bool = False, first: str = "") -> int:
    """Write what is planned, and say it."""
    changed = planned.without_idle(opened.root)
    if not dry_run:
        apply(changed, opened.root)
    for path in sorted(changed.files, key=lambda each: (each != first, each)):
        click.echo(f"{'would write' if dry_run else 'wrote'} {one_line(_shown(opened.root / path))}")
    for note in planned.notes:
        click.echo(note)
    if not changed.files:
        click.echo("nothing is to be changed")
    return 0


def _shown(path: Path) -> str:
    here = Path.cwd().resolve()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)
