"""`selfcheck import`: the contracts of import-linter and tach, and shell rules, as guardrails."""

import os
from bisect import bisect
from pathlib import Path

import click

from selfcheck.cli import opening, plugins
from selfcheck.cli.messages import say
from selfcheck.errors import RulebookError, UsageError
from selfcheck.foreign import Carried, carry
from selfcheck.foreign.document import written
from selfcheck.git import top
from selfcheck.registry import Registry
from selfcheck.rulebook import Source, parse
from selfcheck.rulebook.discovery import LARGEST
from selfcheck.trees import Directory
from selfcheck.writing import replace

OURS = ("infra", "selfcheck")
"""A folder of rules, below the root of what they are about."""


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), metavar="PATH", help="Write there, not to the standard output."
)
@click.option("--force", is_flag=True, help="Overwrite what stands at PATH.")
def import_(file: Path, output: Path | None, force: bool) -> None:
    """Carry the contracts of import-linter or tach, or a file of shell rules, over into guardrails.

    FILE is an .importlinter, setup.cfg, pyproject.toml or tach.toml, or a YAML file whose rules hold shell lines. For
    each of them the standard error says whether it was carried exactly, how it differs, why it was not carried, and of a
    rule that could never fail what swallowed the failure. Nothing of it is run.
    """
    if output is not None and not force and os.path.lexists(output):
        raise UsageError(f"{output}: is there already; nothing was written; --force overwrites it")
    content = _read(file)
    registry = plugins.registry(plugins=False)
    folder = file.resolve().parent
    root = top(folder) or (folder.parents[1] if folder.parts[-2:] == OURS else folder)
    with opening.open_repository(Directory(root), ()) as repo:
        carried = carry(file.as_posix(), content, repo, registry)
    for note in carried.notes:
        say(f"{carried.file}:{note.line}: {note}")
    if not carried.drafts:
        raise UsageError(f"{file}: nothing could be carried over; nothing was written")
    document = written(carried)
    _require_right(document, carried, registry)
    if output is None:
        click.echo(document, nl=False)
    else:
        _write(output, document)
        several = len(carried.drafts)
        click.echo(f"wrote {output}: {several} guardrail{'s' * (several != 1)}")


def _read(file: Path) -> bytes:
    try:
        if file.is_dir():
            raise UsageError(f"{file}: is a folder; name the file with the contracts")
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}; name the file with the contracts") from error
    if len(content) > LARGEST:
        raise UsageError(f"{file}:1:1: is larger than {LARGEST:,} bytes; name the file with the contracts")
    return content


def _require_right(document: str, carried: Carried, registry: Registry) -> None:
    """What a check refuses to promise was not refused by the program that the file was written for."""
    try:
        parse([Source("guardrails", document.encode())], registry)
    except RulebookError as error:
        starts = [number for number, line in enumerate(document.splitlines(), start=1) if line.startswith("  - id: ")]
        places = [(each, carried.drafts[bisect(starts, each.line) - 1].line) for each in error.faults]
        said = [f"{carried.file}:{line}:1: cannot be carried over: {each.message}" for each, line in places]
        raise UsageError("\n".join(said)) from error


def _write(path: Path, document: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, document)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; nothing was written") from error
