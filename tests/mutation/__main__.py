"""`python -m tests.mutation`: every check spoiled in one way at a time, and whether its canaries noticed.

Exit status 1 where a spoiled check was proven all the same and nothing says why that is to be expected.
"""

import sys
import tempfile
from pathlib import Path

import click

from selfcheck.prove import Proven
from tests.mutation.examples import Example, examples, ours
from tests.mutation.trying import tried, whole


def main() -> int:
    """Print what came of every guardrail's mutants; those that cannot be proven stand apart, at the end."""
    survivors, unprovable = 0, list[str]()
    with tempfile.TemporaryDirectory() as scratch:
        for heading, several in (("examples", examples(Path(scratch))), ("guardrails of ours", ours(Path(scratch)))):
            click.echo(f"{heading}:")
            survivors += sum(_printed(each, unprovable) for each in several)
    for line in unprovable:
        click.echo(f"unprovable: {line}")
    return 1 if survivors else 0


def _printed(example: Example, unprovable: list[str]) -> int:
    """One line for the guardrail, and one for each mutant that nothing noticed; how many of these nobody expects."""
    on, before = example.case.guardrail, whole(example)
    name = on.use if on.id == "under-test" else f"{on.id} ({on.use})"
    if before.outcome is not Proven.PROVEN:
        unprovable.append(f"{name}: {before.reason}")
        return 0
    found = list(tried(example))
    survived = [each for each in found if each.survived]
    click.echo(f"  {name}: {len(found) - len(survived)} of {len(found)} mutants noticed by {before.share} canaries")
    for each in survived:
        click.echo(f"    survives: {each.how}: {each.known or 'UNEXPECTED'}")
    return sum(each.known is None for each in survived)


if __name__ == "__main__":
    sys.exit(main())
