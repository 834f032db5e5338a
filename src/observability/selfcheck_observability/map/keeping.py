"""The map of the repository around the current folder: read, measured, compared, written."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import click
import msgspec

from selfcheck.ahead import read_ahead
from selfcheck.check import Tree
from selfcheck.cli import opening
from selfcheck.cli.messages import warn
from selfcheck.errors import CannotOpen, Unreadable, UsageError
from selfcheck.facts import Facts
from selfcheck.formats.text import one_line
from selfcheck.git import Git, open_git, top
from selfcheck.git.history import resolve
from selfcheck.rulebook import discover, find
from selfcheck.writing import replace
from selfcheck_observability.map import PLACE, backstage, figure, page, structurizr
from selfcheck_observability.map.differences import Difference, differences
from selfcheck_observability.map.document import parse, with_measured
from selfcheck_observability.map.measure import Past, Taken, asked
from selfcheck_observability.map.model import Map
from selfcheck_observability.map.past import past
from selfcheck_observability.map.survey import measured

EXPORTS: Mapping[str, Callable[[Map, str], str]] = {
    "backstage": backstage.exported,
    "structurizr": structurizr.exported,
}
IMPORTS: Mapping[str, Callable[[bytes], Map]] = {"backstage": backstage.imported, "structurizr": structurizr.imported}
SHOWS: Mapping[str, Callable[[Map], str]] = {"mermaid": figure.mermaid, "html": page.page}
BEGUN = (
    b'{\n  "version": "1.0.0",\n  "purpose": "What each module is for, what it leans on, and what must stay true."\n}\n'
)


class Here(NamedTuple):
    """The repository around the current folder, and the file of its map."""

    root: Path
    git: Git | None
    folder: str
    file: Path

    def read(self) -> bytes | None:
        """The bytes of the map, if there is one."""
        try:
            return self.file.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise CannotOpen(f"{self.file}: {error.strerror}") from error

    def map(self) -> Map:
        """The map.

        Raises:
            UsageError: there is none, or it is none.
        """
        content = self.read()
        if content is None:
            raise UsageError(f"{self.file}: there is no map; `selfcheck map generate` begins one")
        return parsed(content, str(self.file))


def generated(here: Here, facts: Facts, jobs: int | None) -> Taken:
    """Measure anew, and write it where it differs."""
    content = here.read()
    before = BEGUN if content is None else content
    whole = parsed(before, str(here.file))
    found = _measured(here, opening.directory(here.root), whole, facts, jobs)
    after = with_measured(before, found.measured)
    if after == content:
        click.echo(f"{here.file.name}: nothing to change")
    else:
        write(here.file, after.decode())
        lines = sum(each.lines for each in found.measured.modules.values())
        several = len(found.measured.modules)
        said = f"{several:,} module{'s' * (several != 1)}, {lines:,} line{'s' * (lines != 1)}"
        click.echo(f"wrote {one_line(os.path.relpath(here.file))}: {said}")
    return found


def compared(here: Here, facts: Facts, rev: str | None) -> tuple[Difference, ...]:
    """What differs between the sources and the map, or a revision."""
    old = here.map()
    now = _with(old, _measured(here, opening.directory(here.root), old, facts, None))
    return differences(old if rev is None else _at(here, rev, facts), now)


def imported(form: str, file: Path) -> str:
    """What another tool says, as a map."""
    try:
        found = IMPORTS[form](file.read_bytes())
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error
    except UsageError as error:
        raise UsageError(f"{file}: {error}") from error
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n"


def around(place: Path | None) -> Here:
    """What `run` would judge here, whether there is a rulebook or not."""
    folder = Path.cwd().resolve()
    root = discover(folder).root if find(folder) else top(folder) or folder
    git = open_git(root)
    within = root.relative_to(git.top).as_posix() if git else "."
    return Here(root, git, "" if within == "." else within, place or root / PLACE)


def _measured(here: Here, tree: Tree, whole: Map, facts: Facts, jobs: int | None, commits: Past | None = None) -> Taken:
    with opening.open_repository(tree, (), facts) as repo:
        read_ahead((), repo, opening.jobs_or_cores(jobs), asked(tree, whole))
    known = past(here.git, here.folder, tree, whole.scope.commits) if commits is None else commits
    return measured(tree, facts, whole, known)


def _at(here: Here, rev: str, facts: Facts) -> Map:
    """The map of a revision, measured anew over its sources."""
    if here.git is None:
        raise UsageError(f"--rev {rev}: {here.root} is in no git repository")
    tree = opening.revision(here.git, resolve(here.git, rev), here.folder)
    file = here.file.resolve()
    own = file.relative_to(here.root).as_posix() if file.is_relative_to(here.root) else PLACE
    held = tree.file(own)
    whole = Map(version="0") if held is None else parsed(held.bytes, f"{rev}:{own}")
    return _with(whole, _measured(here, tree, whole, facts, None, Past()))


def _with(whole: Map, found: Taken) -> Map:
    return msgspec.structs.replace(whole, measured=found.measured)


def parsed(content: bytes, name: str) -> Map:
    """The map of a content. Raises `UsageError` where it is none."""
    try:
        return parse(content)
    except Unreadable as error:
        raise UsageError(f"{name}: {error}") from error


def unread_code(found: Taken) -> int:
    """Name what was not measured; 3 where anything was not."""
    unread = (*found.unread, *found.routes.unread)
    for each in unread:
        warn(f"{one_line(each.path)}: {each.reason}; it was not measured")
    return CannotOpen.exit_code if unread else 0


def put(text: str, output: Path | None) -> None:
    """Print it, or write it and say so."""
    if output is None:
        click.echo(text, nl=False)
    else:
        write(output, text)
        click.echo(f"wrote {one_line(str(output))}")


def write(file: Path, text: str) -> None:
    """A file written whole, its folder made."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        replace(file, text)
    except OSError as error:
        raise CannotOpen(f"{file}: {error.strerror}") from error
