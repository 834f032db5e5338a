"""`selfcheck state`: copies of what is remembered, what is wrong with it, how it is, and what of it is forgotten."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import click

from selfcheck.errors import CannotOpen, UsageError
from selfcheck.formats.text import one_line
from selfcheck_observability.audit import Audit
from selfcheck_observability.commands.audit import verified
from selfcheck_observability.commands.memory import Memory, now, opened, place
from selfcheck_observability.home import STORE


@click.group()
def state() -> None:
    """Keep what is remembered: back it up, put it back, verify it, ask how it is."""


@state.command()
@click.option("--to", type=click.Path(path_type=Path), metavar="DIR", help="A folder that is not there yet.")
@STORE
def backup(to: Path | None, url: str | None) -> None:
    """Copy the store and its logs into a snapshot."""
    from selfcheck_observability import snapshots  # SQLAlchemy is heavy

    with opened(url) as memory:
        made = snapshots.backup(memory.home, memory.database, now(), "request", to)
        Audit(memory.home.folder).append("backup", now(), snapshot=made.name, rows=made.manifest.rows)
    click.echo(f"wrote {made.folder}: {_rows(made.manifest.rows)}")


@state.command("list")
def list_() -> None:
    """List the snapshots, newest first."""
    from selfcheck_observability import snapshots  # SQLAlchemy is heavy

    found = snapshots.snapshots(place())
    for each in found:
        click.echo(f"{each.name}  {each.manifest.reason:<8}  {_rows(each.manifest.rows)}")
    if not found:
        click.echo("no snapshot yet; `selfcheck state backup` makes one")


@state.command()
@click.argument("snapshot", default="latest")
@click.option("--yes", is_flag=True, help="Do it: without this it is said what would be done.")
@STORE
def restore(snapshot: str, yes: bool, url: str | None) -> None:
    """Put the store back as a snapshot has it; what is newer is removed, and copied away before."""
    from selfcheck_observability import snapshots  # SQLAlchemy is heavy

    with opened(url, create=True) as memory:
        place_, database = memory.home, memory.database
        chosen = snapshots.find(place_, snapshot)
        with database.reading() as connection:
            before = snapshots.counted(connection)
        if not yes:
            click.echo(f"would restore {chosen.name}: {_rows(chosen.manifest.rows)}; now there are {_rows(before)}")
            click.echo("nothing was changed; add --yes to do it")
            return
        kept = snapshots.backup(place_, database, now(), "before restore")
        rows = snapshots.restore(database, chosen)
        Audit(place_.folder).append("restored", now(), snapshot=chosen.name, kept=kept.name, rows=rows)
    click.echo(f"restored {chosen.name}: {_rows(rows)}; what was there is in {kept.name}")


@state.command()
@STORE
def verify(url: str | None) -> int:
    """Look for what is wrong with the store, the snapshots and the audit log."""
    found: list[str] = []
    with opened(url) as memory:
        found += _of_the_store(memory)
        found += _of_snapshots(memory)
        name = memory.database.name
    audit = verified(place(url), url)
    found += [f"{audit.bad.place}: {audit.bad.reason}"] if audit.bad else []
    for each in found:
        click.echo(one_line(each))
    if not found:
        click.echo(f"{name}: whole; every snapshot is as it was made; {audit.entries} audit entries in a chain")
    return 1 if found else 0


@state.command()
@click.option("--json", "as_json", is_flag=True, help="As one JSON document.")
@STORE
def health(as_json: bool, url: str | None) -> int:
    """Say how each component is, and what to do first. Exit status 3 where the whole is critical."""
    from selfcheck_observability.diagnosis import diagnosed  # SQLAlchemy is heavy

    found = diagnosed(place(url), url, now())
    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    else:
        click.echo(found.status)
        for each in found.checks:
            status = each.status.value if each.configured else "not set up"
            click.echo(one_line(f"  {each.name:<9}  {status:<10}  {each.message}"))
        if found.operator_summary.first_action:
            click.echo(f"do first: {found.operator_summary.first_action}")
    return 3 if found.status == "critical" else 0


@state.command()
@click.option("--keep-days", type=click.IntRange(1), metavar="DAYS", help="Forget runs that began before.")
@click.option("--keep-runs", type=click.IntRange(1), metavar="N", help="Keep only the newest runs of each branch.")
@STORE
def prune(keep_days: int | None, keep_runs: int | None, url: str | None) -> None:
    """Forget old runs. What is known of each finding's life stays, and so does the last run of each branch."""
    from selfcheck_observability.store.retention import prune as forget  # SQLAlchemy is heavy

    if keep_days is None and keep_runs is None:
        raise UsageError("give --keep-days or --keep-runs; nothing was forgotten")
    with opened(url) as memory:
        before = now() - timedelta(days=keep_days) if keep_days else None
        gone = forget(memory.database, memory.home.repository, before=before, runs=keep_runs)
        Audit(memory.home.folder).append("pruned", now(), runs=len(gone), first=min(gone, default=None))
    click.echo(f"forgot {len(gone)} run{'s' * (len(gone) != 1)}")


@state.command()
@click.option("--remote", default="origin", show_default=True, metavar="NAME", help="The remote, or its URL.")
@click.option("--branch", default="selfcheck-state", show_default=True, metavar="NAME", help="The orphan branch.")
@STORE
def push(remote: str, branch: str, url: str | None) -> None:
    """Save a snapshot as the only commit of an orphan branch of a remote."""
    from selfcheck_observability import carrying  # SQLAlchemy is heavy

    with opened(url) as memory:
        commit = carrying.push(memory.home, memory.database, remote, branch, now())
    click.echo(f"saved as {commit[:12]} on {branch}")


@state.command()
@click.option("--remote", default="origin", show_default=True, metavar="NAME", help="The remote, or its URL.")
@click.option("--branch", default="selfcheck-state", show_default=True, metavar="NAME", help="The orphan branch.")
@STORE
def pull(remote: str, branch: str, url: str | None) -> None:
    """Put the store back from the orphan branch of a remote; where there is none that is said, and nothing changes."""
    from selfcheck_observability import carrying  # SQLAlchemy is heavy

    with opened(url, create=True) as memory:
        rows = carrying.pull(memory.home, memory.database, remote, branch, now())
    click.echo(f"restored from {branch}: {_rows(rows)}" if rows else f"{remote} has no branch {branch}: a first run")


def _of_the_store(memory: Memory) -> Iterator[str]:
    from selfcheck_observability.diagnosis import damaged  # SQLAlchemy is heavy

    try:
        yield from damaged(memory.database)
    except CannotOpen as error:
        yield str(error)


def _of_snapshots(memory: Memory) -> Iterator[str]:
    from selfcheck_observability import snapshots  # SQLAlchemy is heavy

    for each in snapshots.snapshots(memory.home):
        yield from snapshots.faults(each)


def _rows(rows: dict[str, int]) -> str:
    return f"{rows.get('run', 0)} runs, {rows.get('verdict', 0)} verdicts, {rows.get('track', 0)} findings tracked"
