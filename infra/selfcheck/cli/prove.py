"""`selfcheck prove`: show for each guardrail that it can fail on this very repository."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from selfcheck.cli import opening, plugins
from selfcheck.formats.text import one_line
from selfcheck.prove import Proof, Proven
from selfcheck.prove import prove as prove_all

COLORS = {Proven.PROVEN: "green", Proven.MISSED: "red", Proven.UNPROVABLE: "yellow", Proven.ERROR: "magenta"}


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@opening.TAGS
@opening.JOBS
@opening.NO_EXEC
@opening.NO_PLUGINS
@opening.GUARDRAILS
@opening.CACHE_DIR
@opening.NO_CACHE
@click.option("--verbose", "-v", is_flag=True, help="Name every canary that bit.")
def prove(
    ids: Sequence[str],
    tags: Sequence[str],
    jobs: int | None,
    no_exec: bool,
    no_plugins: bool,
    path: Path | None,
    cache_dir: Path | None,
    no_cache: bool,
    verbose: bool,
) -> int:
    """Prove that each guardrail can fail here.

    Each canary, an edit that must turn the guardrail red, is laid over the files in memory, never written to them.
    Exit status: 0, or 1 where a canary was missed, or 3 where a guardrail could not be judged.
    """
    opened = opening.open_working_tree(path, plugins.registry(plugins=not no_plugins))
    cases = opening.selected(opened.rulebook, ids, tags)
    with opening.open_repository(opened.tree, cases, opening.open_facts(cache_dir, no_cache)) as repo:
        found = dict(
            prove_all(
                cases,
                repo,
                fail_on=opened.rulebook.fail_on,
                jobs=opening.jobs_or_cores(jobs),
                allowed=opening.allowed(no_exec),
            )
        )
    proofs = [(cases[number].guardrail.id, found[number]) for number in sorted(found)]
    for name, proof in proofs:
        _print(name, proof, verbose)
    counts = Counter(proof.outcome for _, proof in proofs)
    click.echo(", ".join(f"{counts[outcome]} {outcome}" for outcome in Proven if counts[outcome]))
    if counts[Proven.ERROR]:
        return 3
    return 1 if counts[Proven.MISSED] else 0


def _print(name: str, proof: Proof, verbose: bool) -> None:
    outcome = click.style(f"{proof.outcome:<10}", fg=COLORS[proof.outcome])
    canaries = f" ({len(proof.bit)} canar{'y' if len(proof.bit) == 1 else 'ies'})" if proof.bit else ""
    click.echo(f"{outcome} {name}{canaries}")
    if proof.reason:
        click.echo(f"           {one_line(proof.reason)}")
    if verbose:
        for title in proof.bit:
            click.echo(f"           {one_line(title)}")
