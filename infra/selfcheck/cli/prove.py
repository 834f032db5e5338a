"""`selfcheck prove`: show for each guardrail that it can fail on this very repository."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

import click

from selfcheck.cli import opening, plugins
from selfcheck.cli.comparing import Gate
from selfcheck.formats.text import clean, one_line
from selfcheck.guardrail import BUILT_IN, EXCEPTIONS, LOOSENED
from selfcheck.policy.loosened import Rules
from selfcheck.policy.proofs import Tried, of_exceptions, of_loosening
from selfcheck.prove import Proof, Proven, Terms
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
@click.option("--require-proof", is_flag=True, help="Fail also where a guardrail cannot be proven.")
@click.option("--verbose", "-v", is_flag=True, help="Show every canary that bit and what it changed.")
def prove(
    ids: Sequence[str],
    tags: Sequence[str],
    jobs: int | None,
    no_exec: bool,
    no_plugins: bool,
    path: Path | None,
    cache_dir: Path | None,
    no_cache: bool,
    require_proof: bool,
    verbose: bool,
) -> int:
    """Prove that each guardrail can fail here.

    Each canary, an edit that must turn the guardrail red, is laid over the files in memory, never written to them. The
    built-in guardrails are proven beside all others, or by their ids.
    Exit status: 0, or 1 where a canary was missed (with --require-proof also where there is none), or 3 where a
    guardrail could not be judged.
    """
    registry = plugins.registry(plugins=not no_plugins)
    opened = opening.open_working_tree(path, registry)
    ours = [name for name in BUILT_IN if name in ids or not (ids or tags)]
    named = [name for name in ids if name not in BUILT_IN]
    cases = opening.selected(opened.rulebook, named, tags) if named or not ids else ()
    facts = opening.open_facts(cache_dir, no_cache)
    gate = Gate(opened, facts, registry, None, os.environ)
    terms = Terms(
        fail_on=opened.rulebook.fail_on,
        allowed=opening.allowed(no_exec),
        exceptions=gate.exceptions_on,
        diffs=verbose,
    )
    with opening.open_repository(opened.tree, opened.rulebook.cases, facts) as repo:
        found = dict(prove_all(cases, repo, terms=terms, jobs=opening.jobs_or_cores(jobs)))
        built_in = list(_built_in(ours, Rules(opened.rulebook, gate.exceptions()), repo.day)) if ours else []
    proofs = [(cases[number].guardrail.id, found[number]) for number in sorted(found)] + built_in
    for name, proof in proofs:
        # What is edited for the built-in ones is the rules, in ways that are the same everywhere: told where asked for.
        _print(name, proof, verbose and (name not in BUILT_IN or name in ids))
    counts = Counter(proof.outcome for _, proof in proofs)
    click.echo(", ".join(f"{counts[outcome]} {outcome}" for outcome in Proven if counts[outcome]))
    if counts[Proven.ERROR]:
        return 3
    return 1 if counts[Proven.MISSED] or (require_proof and counts[Proven.UNPROVABLE]) else 0


def _built_in(names: Sequence[str], rules: Rules, today: date) -> Iterator[tuple[str, Proof]]:
    """The proofs of the guardrails that no rulebook writes."""
    for name, canaries in ((EXCEPTIONS, of_exceptions), (LOOSENED, of_loosening)):
        if name in names:
            yield name, _proof(canaries(rules, today))


def _proof(canaries: Iterable[Tried]) -> Proof:
    tried = list(canaries)
    missed = tuple(f"{each.title}: {each.missed}" for each in tried if each.missed is not None)
    bit = tuple(each.title for each in tried if each.missed is None)
    return Proof(outcome=Proven.MISSED if missed else Proven.PROVEN, bit=bit, missed=missed)


def _print(name: str, proof: Proof, verbose: bool) -> None:
    outcome = click.style(f"{proof.outcome:<10}", fg=COLORS[proof.outcome])
    click.echo(f"{outcome} {name}{_canaries(proof)}")
    for reason in proof.missed or ((proof.reason,) if proof.reason else ()):
        click.echo(f"           {one_line(reason)}")
    if verbose:
        for number, title in enumerate(proof.bit):
            click.echo(f"           {one_line(title)}")
            for line in proof.diffs[number].splitlines() if proof.diffs else ():
                click.echo(f"             {clean(line)}")


def _canaries(proof: Proof) -> str:
    if proof.missed:
        return f" ({proof.share} canaries)"
    return f" ({len(proof.bit)} canar{'y' if len(proof.bit) == 1 else 'ies'})" if proof.bit else ""
