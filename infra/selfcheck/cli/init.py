"""`selfcheck init`: a first rulebook that passes, for this repository, and what makes a CI system run it."""

from datetime import UTC, datetime
from pathlib import Path

import click

from selfcheck.actions import baseline, ci, new
from selfcheck.actions import init as action
from selfcheck.actions.ci.origin import WHEEL, Origin, origin
from selfcheck.cli import opening
from selfcheck.errors import UsageError
from selfcheck.git import top
from selfcheck.policy.baseline import PLACE
from selfcheck.registry import Registry
from selfcheck.rulebook import discover, find
from selfcheck.trees import Directory

REASON = "was there when selfcheck came"
ACCEPT = "`selfcheck baseline accept --reason TEXT` accepts what it finds today"


@click.command()
@click.option(
    "--ci",
    "system",
    type=click.Choice([each.value for each in ci.System]),
    help="Also write what makes this judge every change, and a template that asks for the reason of a change.",
)
@click.option(
    "--baseline",
    "accepting",
    is_flag=True,
    help="Switch on guardrails that do not hold today too, and accept what they find in the baseline.",
)
def init(system: str | None, accepting: bool) -> None:
    """Look at this repository and write a small rulebook that passes.

    Guardrails that do not hold today are written as comments, with what they find. Nothing is ever overwritten.
    """
    here = Path.cwd()
    root = top(here) or here
    existing = find(here)
    hint = f"; {ACCEPT}" if accepting else ""
    if existing is None:
        _write_rulebook(root, accepting=accepting)
    elif system is None:
        raise UsageError(f"{existing}: there is a rulebook already; nothing was written{hint}")
    elif discover(here).root != root.resolve():
        raise UsageError(f"{existing}: judges a folder, in which CI has to start selfcheck; nothing was written")
    else:
        click.echo(f"left {existing.relative_to(root.resolve())}: it is the rulebook{hint}")
    if system is not None:
        for path in _write_files(ci.System(system), root, origin()):
            click.echo(f"next: put a wheel of selfcheck at {WHEEL}, or say in {path} how it is installed")
    click.echo("next: `selfcheck run`, then `selfcheck prove`")


def _write_rulebook(root: Path, *, accepting: bool) -> None:
    with opening.open_repository(Directory(root), ()) as repo:
        planned = action.plan(repo, Registry(plugins=False), accepting=accepting)
    if not (planned.kept or planned.broken):
        raise UsageError(f"{root}: holds nothing yet that a promise could be about; nothing was written")
    if planned.broken and (root / PLACE).exists():
        raise UsageError(f"{root / PLACE}: there is a baseline already; nothing was written")
    new.create(planned.rulebook, root)
    ids = [*planned.kept, *(verdict.guardrail.id for verdict in planned.broken)]
    click.echo(f"wrote {planned.rulebook.path}: {', '.join(ids)}")
    if planned.broken:
        _accept(planned, root)
    for left in planned.left:
        click.echo(f"left as a comment: {left}")


def _accept(planned: action.Plan, root: Path) -> None:
    today = datetime.now(UTC).date()
    accepted = baseline.accept((), planned.broken, reason=REASON, owner=None, since=today)
    baseline.apply(accepted, root)
    counts = ", ".join(f"{name} {count:,}" for name, count in accepted.changes.items())
    click.echo(f"wrote {PLACE}: {accepted.after:,} finding{'s' * (accepted.after != 1)} accepted: {counts}")


def _write_files(system: ci.System, root: Path, source: Origin) -> list[str]:
    """Write the planned files and say what to add to those that stay; what of the new ones needs a wheel to be there."""
    needy: list[str] = []
    for each in ci.plan(system, root, source):
        match each:
            case new.New():
                new.create(each, root)
                click.echo(f"wrote {each.path}")
                needy += [each.path] if WHEEL in each.content else []
            case ci.Left(path, ""):
                click.echo(f"left {path}: it names selfcheck already")
            case ci.Left(path, add):
                click.echo(f"left {path}: it is there already; to add to it:")
                click.echo("".join(f"    {line}".rstrip() + "\n" for line in add.splitlines()), nl=False)
    return needy
