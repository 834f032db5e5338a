"""`selfcheck list`: the guardrails in force, one a line."""

import os
from pathlib import Path

import click

from selfcheck.check import Case, Unloadable
from selfcheck.cli import opening, plugins
from selfcheck.cli.comparing import Gate
from selfcheck.cli.proofs import remembered
from selfcheck.errors import SelfcheckError
from selfcheck.facts import Facts
from selfcheck.formats.text import one_line
from selfcheck.prove import Terms
from selfcheck.registry import Registry


@click.command("list")
@opening.TAGS
@opening.GUARDRAILS
@opening.NO_PLUGINS
@opening.CACHE_DIR
@opening.NO_CACHE
@click.option("--checks", is_flag=True, help="List the installed checks instead.")
def list_(
    tags: tuple[str, ...], path: Path | None, no_plugins: bool, cache_dir: Path | None, no_cache: bool, checks: bool
) -> None:
    """List the guardrails, or the installed checks.

    A guardrail that `prove` has proven on this very tree says how many of its canaries turned it red.
    """
    registry = plugins.registry(plugins=not no_plugins)
    rows = _checks(registry) if checks else _guardrails(registry, path, tags, opening.open_facts(cache_dir, no_cache))
    widths = [max(map(len, column)) for column in list(zip(*rows, strict=True))[:-1]]
    for *cells, last in rows:
        padded = (f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True))
        click.echo("  ".join((*padded, one_line(last))))


def _guardrails(registry: Registry, path: Path | None, tags: tuple[str, ...], facts: Facts) -> list[tuple[str, ...]]:
    _, rulebook = opening.open_rulebook(path, registry)
    cases = opening.selected(rulebook, (), tags)
    known = _proofs(path, cases, registry, facts) if facts.store else {}
    return [
        (each.id, each.severity, each.use, "off" if each.switched_off else known.get(each.id, ""), each.title)
        for each in (case.guardrail for case in cases)
    ]


def _proofs(path: Path | None, cases: tuple[Case, ...], registry: Registry, facts: Facts) -> dict[str, str]:
    """What is known of the proofs, in a word; nothing is proven for it."""
    try:
        opened = opening.open_working_tree(path, registry)
        gate = Gate(opened, facts, registry, None, os.environ)
        terms = Terms(fail_on=opened.rulebook.fail_on, exceptions=gate.exceptions_on)
        with opening.open_repository(opened.tree, opened.rulebook.cases, facts) as repo:
            found = remembered(cases, repo, terms)
    except SelfcheckError:
        return {}  # a rulebook can be listed where the repository around it cannot be read
    return {
        name: f"{proof.outcome} {proof.share}" if proof.bit else proof.outcome.value for name, proof in found.items()
    }


def _checks(registry: Registry) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for name in registry.checks():
        check = registry.check(name)
        said = check.reason if isinstance(check, Unloadable) else (check and check.__doc__) or ""
        rows.append((name, said.strip().splitlines()[0] if said.strip() else ""))
    return rows
