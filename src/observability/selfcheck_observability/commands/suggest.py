"""`selfcheck suggest`: guardrails that the history of findings proposes."""

from collections import Counter
from pathlib import Path

import click

from selfcheck.cli import opening, plugins
from selfcheck.errors import UsageError
from selfcheck.formats.text import one_line
from selfcheck.git import Git
from selfcheck.writing import replace
from selfcheck_observability import reading, suggestions
from selfcheck_observability.audit import Audit
from selfcheck_observability.commands.memory import looking, now
from selfcheck_observability.home import STORE

PLACE = "guardrails/proposed.yaml"
COMMITS = 500
"""Of how many commits it is asked which files they changed."""
RUNS = 200


@click.command()
@click.option("--write", is_flag=True, help=f"Write them to {PLACE}, switched off; the file must not be there yet.")
@opening.NO_PLUGINS
@opening.GUARDRAILS
@STORE
def suggest(write: bool, no_plugins: bool, path: Path | None, url: str | None) -> None:
    """Propose guardrails from what comes back, is waived again and again, or nothing guards."""
    here = opening.open_working_tree(path, plugins.registry(plugins=not no_plugins))
    with looking(url) as memory, memory.database.asking() as asking:
        place = memory.home
        known = reading.tracks(asking, place.repository, place.branch)
        runs = reading.recent(asking, place.repository, kind="run", state="finished", limit=RUNS)
        tallies = reading.tallies(asking, [run.id for run in runs])
    gate = {
        name: suggestions.Faults(tally.runs - tally.skipped - tally.errors, tally.failed)
        for name, tally in tallies.items()
        if tally.runs > tally.skipped + tally.errors
    }
    found = suggestions.suggested(
        known.values(),
        [case.guardrail for case in here.rulebook.cases],
        gate,
        _churn(here.git, frozenset(here.tree.kinds)),
        frozenset(track.path for track in known.values() if track.path),
    )
    for each in found:
        click.echo(one_line(f"{each.kind}: {each.about}: {each.advice}"))
        for piece in each.evidence:
            click.echo(f"  {one_line(piece)}")
    if not found:
        click.echo("nothing to suggest: nothing came back often, was waived often, or is a hotspot without a guardrail")
    elif write:
        _write(Path(here.root) / PLACE, suggestions.document(found), single=here.sources[0].name)
        Audit(place.folder).append("proposed", now(), suggestions=[each.id for each in found])
        click.echo(f"wrote {PLACE}: {len(found)} proposed, all switched off")
    else:
        click.echo("`--write` writes them as guardrails, switched off")


def _write(file: Path, text: str, *, single: str) -> None:
    if file.exists():
        raise UsageError(f"{PLACE}: is there already; finish what it proposes, or move it")
    if not single.startswith("guardrails/"):
        raise UsageError(f"{PLACE}: the rulebook is {single}, and two places at once are none; move it to guardrails/")
    replace(file, text)


def _churn(git: Git | None, paths: frozenset[str]) -> Counter[str]:
    """In how many of the last commits each file of the tree was changed."""
    if git is None or git.head() is None:
        return Counter()
    rows = git.rows("log", f"--max-count={COMMITS}", "--no-merges", "--no-renames", "--name-only", "--format=", "-z")
    names = (row.decode("utf-8", "replace").strip("\n") for row in rows)
    return Counter(name for name in names if name in paths)
