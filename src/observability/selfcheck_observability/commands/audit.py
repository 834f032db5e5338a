"""`selfcheck audit verify`: whether every entry of the audit log is there, unchanged and in its place."""

import click

from selfcheck.formats.text import one_line
from selfcheck_observability import reading
from selfcheck_observability.audit import Anchor, Audit, Bad, Held, Verified
from selfcheck_observability.commands.memory import looking, place
from selfcheck_observability.home import STORE, Home


@click.group()
def audit() -> None:
    """Look at the log of what was recorded, which nothing can change unnoticed."""


@audit.command()
@click.option("--expect", metavar="HASH", help="The hash of an entry that must be in the chain, kept elsewhere.")
@STORE
def verify(expect: str | None, url: str | None) -> int:
    """Name the first entry that was changed, taken out, put in or cut off."""
    here = place(url)
    found = verified(here, url)
    if found.bad is None and expect is not None and not _holds(here, expect):
        found = Verified(found.entries, found.head, Bad(here.folder.name, f"no entry has the hash {expect}"))
    if found.bad is not None:
        click.echo(one_line(f"{found.bad.place}: {found.bad.reason}"))
        return 1
    if found.head is None:
        click.echo("the audit log is empty; `selfcheck run --record` begins it")
        return 3
    click.echo(
        f"{found.entries} entries, each follows the one before; {found.anchored} runs hold one; head {found.head.head}"
    )
    return 0


def verified(here: Home, url: str | None) -> Verified:
    """The chain against the rows of the runs, where there is a store."""
    log = Audit(here.folder)
    if url is None and not here.file.exists() and here.url.startswith("sqlite:"):
        return log.verify()
    with looking(url) as memory, memory.database.asking() as asking:
        runs = reading.recent(asking, memory.home.repository)
    return log.verify(
        Held(run.id, Anchor(run.audit_chain, run.audit_number, run.audit_head))
        for run in runs
        if run.audit_chain and run.audit_number and run.audit_head
    )


def _holds(here: Home, expect: str) -> bool:
    files = sorted(here.folder.glob("audit*.jsonl"))
    return any(f'"hash":"{expect}"' in line for file in files for line in file.read_text(encoding="ascii").splitlines())
