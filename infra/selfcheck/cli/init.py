"""`selfcheck init`: a first rulebook that passes, for this repository, and what makes a CI system run it."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from selfcheck.actions import baseline, ci, new
from selfcheck.actions import init as action
from selfcheck.actions.ci.origin import WHEEL, Origin, origin
from selfcheck.check import Repository
from selfcheck.cli import opening
from selfcheck.errors import UsageError
from selfcheck.formats.text import one_line
from selfcheck.git import top
from selfcheck.policy.baseline import PLACE
from selfcheck.registry import Registry
from selfcheck.rulebook import discover, find
from selfcheck.suggest import unknown
from selfcheck.trees import Directory

REASON = "was there when selfcheck came"
ACCEPT = "`selfcheck baseline accept --reason TEXT` accepts what it finds today"


class Choice:
    """What is written of all that could be: by options, by `--yes`, or by asking whoever sits at the terminal."""

    def __init__(self, system: str | None, packs: Sequence[str], *, accepting: bool, yes: bool) -> None:
        self.accepting = accepting
        self.yes = yes
        self._named = list(packs)
        self._system = system
        self._asking = not yes and sys.stdin.isatty() and sys.stdout.isatty()

    def packs(self, proposed: Sequence[action.Proposal], repo: Repository) -> list[action.Packed]:
        """The packs to extend, each told with what it comes to today."""
        registry = Registry(plugins=False)
        for name in self._named:
            if name not in registry.packs():
                raise UsageError(unknown("pack", name, registry.packs()))
        reasons = {each.pack: each.reason for each in proposed}
        chosen: list[action.Packed] = []
        for name in dict.fromkeys((*self._named, *reasons)):
            judged = action.packed(repo, registry, name)
            because = f": {reasons[name]}" if name in reasons else ""
            click.echo(f"{one_line(f'pack:{name}{because}')}\n    {judged}")
            if (
                name in self._named
                or self.yes
                or (self._asking and click.confirm(f"Extend pack:{name}?", default=True))
            ):
                chosen.append(judged)
        if proposed and not (chosen or self._asking):
            click.echo("next: `selfcheck init --yes` extends them all, `--pack NAME` one of them")
        return chosen

    def accepts(self, packs: Sequence[action.Packed]) -> bool:
        """Whether what fails today goes into the baseline."""
        count = sum(len(verdict.findings) for each in packs for verdict in each.broken)
        asked = (
            f"Accept the {count:,} finding{'s' * (count != 1)} that would block in a baseline, and not put them off?"
        )
        return self.accepting or (self._asking and count > 0 and click.confirm(asked))

    def systems(self, found: Sequence[ci.System]) -> list[ci.System]:
        """What runs it on each change."""
        if self._system is not None:
            return [ci.System(self._system)]
        if self.yes:
            return list(found)
        known = list(found) or [ci.System.GITHUB]
        return [
            each for each in known if self._asking and click.confirm(f"Write what {each} needs?", default=each in found)
        ]


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
@click.option("--pack", "packs", multiple=True, metavar="NAME", help="Extend this pack; may be repeated.")
@click.option("--yes", is_flag=True, help="Extend every pack that is proposed, and write what the CI found here needs.")
def init(system: str | None, accepting: bool, packs: tuple[str, ...], yes: bool) -> None:
    """Look at this repository and write a small rulebook that passes.

    Packs that fit are proposed, with what they find today; at a terminal you are asked. What a pack finds is put off
    for 90 days. Guardrails that do not hold today are written as comments. Nothing is ever overwritten.
    """
    # Parsers, which `--help` has no use for.
    from selfcheck.actions.stack import look

    here = Path.cwd()
    root = top(here) or here
    existing = find(here)
    hint = f"; {ACCEPT}" if accepting else ""
    choice = Choice(system, packs, accepting=accepting, yes=yes)
    with opening.open_repository(Directory(root), ()) as repo:
        if existing is None:
            found = look(repo)
            _write_rulebook(root, repo, found, choice)
        elif system is None and not yes:
            raise UsageError(f"{existing}: there is a rulebook already; nothing was written{hint}")
        elif discover(here).root != root.resolve():
            raise UsageError(f"{existing}: judges a folder, in which CI has to start selfcheck; nothing was written")
        else:
            found = look(repo)
            click.echo(f"left {existing.relative_to(root.resolve())}: it is the rulebook{hint}")
    for each in choice.systems(found.systems):
        for path in _write_files(each, root, origin()):
            click.echo(f"next: put a wheel of selfcheck at {WHEEL}, or say in {path} how it is installed")
    for name in found.others:
        click.echo(f"next: docs/ci.md shows what {name} needs, which is in use here")
    click.echo("next: `selfcheck run`, then `selfcheck prove`")


def _write_rulebook(root: Path, repo: Repository, found: action.Stack, choice: Choice) -> None:
    packs = choice.packs(found.proposals, repo)
    planned = action.plan(
        repo, Registry(plugins=False), packs=packs, migrations=found.migrations, accepting=choice.accepts(packs)
    )
    if not (planned.kept or planned.broken or packs):
        raise UsageError(f"{root}: holds nothing yet that a promise could be about; nothing was written")
    if planned.broken and (root / PLACE).exists():
        raise UsageError(f"{root / PLACE}: there is a baseline already; nothing was written")
    new.create(planned.rulebook, root)
    ids = [*planned.kept, *(verdict.guardrail.id for verdict in planned.broken)]
    click.echo(f"wrote {planned.rulebook.path}: {', '.join([*(f'pack:{each.name}' for each in packs), *ids])}")
    if planned.broken:
        _accept(planned, root)
    for line in planned.put_off:
        click.echo(one_line(line))
    for left in planned.left:
        click.echo(one_line(f"left as a comment: {left}"))


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
