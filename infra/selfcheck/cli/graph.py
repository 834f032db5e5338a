"""`selfcheck graph`: the import graph, or what is around a module, as text that other programs draw."""

import os
import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import click
from msgspec.structs import replace

from selfcheck import writing
from selfcheck.cli import graphviz, opening
from selfcheck.cli.messages import say, warn
from selfcheck.drawings import Direction, Drawing, View, dot, drawn, json, mermaid
from selfcheck.drawings.drawing import said
from selfcheck.drawings.view import focused
from selfcheck.errors import CannotOpen, UsageError
from selfcheck.formats.text import one_line
from selfcheck.git import open_git, top
from selfcheck.git.history import resolve
from selfcheck.rulebook import discover, find
from selfcheck.subjects.imports import BY_DEFAULT, Graph, Kind, read
from selfcheck.subjects.imports.expressions import has_wildcard
from selfcheck.suggest import short, unknown
from selfcheck.trees import Tree

RENDERERS: Mapping[str, Callable[[Drawing], str]] = {
    "dot": dot.render,
    "mermaid": mermaid.render,
    "json": json.render,
    "svg": dot.render,
}
ENDINGS = {".dot": "dot", ".gv": "dot", ".mmd": "mermaid", ".mermaid": "mermaid", ".json": "json", ".svg": "svg"}
MANY = 300
"""More nodes than anybody can tell apart in a picture."""
ALL, NONE = "all", "none"


class _Opened(NamedTuple):
    """The files that are drawn, the folder that they are in, and the commit."""

    tree: Tree
    root: Path
    commit: str | None


@click.command()
@click.argument("roots", nargs=-1, metavar="[ROOT]...")
@click.option(
    "--format", "form", type=click.Choice([*RENDERERS]), help="How it is written.  [default: by --output, else dot]"
)
@click.option("--output", "-o", type=click.Path(path_type=Path), metavar="FILE", help="Where it is written to.")
@click.option(
    "--around",
    multiple=True,
    metavar="MODULE",
    help="Only what is near this module and those below; * and ** are known.",
)
@click.option("--distance", type=click.IntRange(1), metavar="N", help="How many imports away is near.  [default: 1]")
@click.option(
    "--direction", type=click.Choice([each.value for each in Direction]), help="Near which way.  [default: both]"
)
@click.option("--depth", type=click.IntRange(1), metavar="N", help="Draw packages: the first N parts of each name.")
@click.option("--cycles", is_flag=True, help="Only modules that import each other in a circle.")
@click.option(
    "--kinds", metavar="KIND,...", help="Which imports count beside plain ones; all, none.  [default: as guardrails do]"
)
@click.option("--ancestors", is_flag=True, help="Count an import of a.b.c as one of a and a.b as well.")
@click.option(
    "--external", is_flag=True, help="Draw other distributions that are imported, by the first part of their names."
)
@click.option("--rev", metavar="REV", help="Draw this revision as git holds it.")
@opening.CACHE_DIR
@opening.NO_CACHE
def graph(
    roots: Sequence[str],
    form: str | None,
    output: Path | None,
    around: Sequence[str],
    distance: int | None,
    direction: str | None,
    depth: int | None,
    cycles: bool,
    kinds: str | None,
    ancestors: bool,
    external: bool,
    rev: str | None,
    cache_dir: Path | None,
    no_cache: bool,
) -> int:
    """Draw which Python module imports which, with circles marked.

    Exit status: 0, or 2 where there is nothing by that name, or 3 where a file could not be read: the rest is drawn.
    """
    chosen = _format(form, output)
    if not around and (distance or direction):
        raise UsageError("--distance and --direction say what is near a module; name it with --around MODULE")
    view = View(
        kinds=_kinds(kinds),
        ancestors=ancestors,
        external=external,
        depth=depth,
        around=tuple(around),
        distance=distance or 1,
        direction=Direction(direction or Direction.BOTH),
        cycles=cycles,
    )
    opened = _tree(rev)
    below = _below(opened, roots)
    found = read(opened.tree, opening.open_facts(cache_dir, no_cache), below)
    drawing = replace(_drawn(found, below, view), revision=opened.commit)
    for path, reason in drawing.unread:
        warn(f"{one_line(path)}: {reason}; its imports are missing")
    content = RENDERERS[chosen](drawing)
    _hint(drawing, chosen, content)
    _write(graphviz.svg(content) if chosen == "svg" else content, output)
    if output is not None:
        click.echo(f"wrote {one_line(str(output))}: {said(drawing)}")
    return CannotOpen.exit_code if drawing.unread else 0


def _format(form: str | None, output: Path | None) -> str:
    """The format that is given, or that of the file's ending; a file that cannot be written is told before the work."""
    if output is None:
        return form or "dot"
    try:
        writable = output.parent.is_dir() and not output.is_dir()
    except OSError as error:
        raise UsageError(f"--output {output}: {error.strerror}") from error
    if not writable:
        raise UsageError(f"--output {output}: is no file in an existing folder")
    if form is None and output.suffix not in ENDINGS:
        raise UsageError(f"--output {output}: its ending names no format ({', '.join(ENDINGS)}); give --format")
    return form or ENDINGS[output.suffix]


def _kinds(given: str | None) -> tuple[Kind, ...]:
    """The kinds that an option names, in the order of their definition."""
    if given is None:
        return BY_DEFAULT
    named = {name.strip() for name in given.split(",")}
    if ALL in named:
        return tuple(Kind)
    known = [kind.value for kind in Kind]
    for name in sorted(named - {NONE}):
        if name not in known:
            raise UsageError(unknown("kind of import", name, [*known, ALL, NONE]))
    return tuple(kind for kind in Kind if kind in named)


def _tree(rev: str | None) -> _Opened:
    """What `run` would judge here, so that modules are called as in guardrails, whether there are any or not."""
    here = Path.cwd().resolve()
    root = discover(here).root if find(here) else top(here) or here
    git = open_git(root)
    if rev is None:
        return _Opened(opening.directory(root), root, git.head() if git else None)
    if git is None:
        raise UsageError(f"--rev {rev}: {root} is in no git repository")
    commit = resolve(git, rev)
    folder = root.relative_to(git.top).as_posix()
    return _Opened(opening.revision(git, commit, "" if folder == "." else folder), root, commit)


def _below(opened: _Opened, roots: Sequence[str]) -> tuple[str, ...]:
    """The roots as paths of the tree; an argument is relative to the current folder, as in a shell.

    Raises:
        UsageError: one is not in the tree, or there is no Python file below it.
    """
    files = [path for path in opened.tree.kinds if path.endswith(".py")]
    known = {place for path in files for place in (path, *_folders(path))}
    found: dict[str, None] = {}
    for given in roots:
        place = Path(os.path.normpath(Path.cwd().resolve() / given))
        if not place.is_relative_to(opened.root):
            raise UsageError(f"{given}: is outside of {opened.root}")
        root = place.relative_to(opened.root).as_posix()
        if root != "." and root not in known:
            raise UsageError(unknown("root", root, known))
        found[root] = None
    if not files:
        raise UsageError(f"{opened.root}: holds no Python file")
    return tuple(found) or (".",)


def _folders(path: str) -> Iterator[str]:
    while path := posixpath.dirname(path):
        yield path


def _drawn(graph: Graph, roots: tuple[str, ...], view: View) -> Drawing:
    """The drawing; a module that is asked for and not there is a mistake, not an empty picture."""
    whole = drawn(graph, roots, replace(view, around=(), cycles=False))
    names = [node.name for node in whole.nodes]
    for each in view.around:
        if not focused(names, (each,)):
            known = {name[:end] for name in names for end in _ends(name)}
            nothing = f'no {whole.unit} matches "{short(each)}"'
            fault = nothing if has_wildcard(each) else unknown(whole.unit, each, known)
            raise UsageError(f"--around: {fault}")
    return drawn(graph, roots, view) if view.around or view.cycles else whole


def _ends(name: str) -> Iterator[int]:
    """Where the names of a module and of the packages above it end."""
    return (place for place in range(1, len(name) + 1) if name[place : place + 1] in ("", "."))


def _hint(drawing: Drawing, form: str, written: str) -> None:
    """What comes out is more than a person or a program can draw."""
    less = "--depth, --around and --cycles draw less"
    if not drawing.nodes:
        say(f"no {drawing.unit} is in a circle there: nothing is drawn")
    elif form == "mermaid" and (len(drawing.edges) > mermaid.MOST or len(written) > mermaid.LONGEST):
        limits = f"{mermaid.MOST} edges or {mermaid.LONGEST:,} characters"
        say(f"hint: {said(drawing)}: Mermaid draws nothing of more than {limits} as it is configured; {less}")
    elif form != "json" and len(drawing.nodes) > MANY:
        say(f"hint: {said(drawing)}: too much for one picture; {less}")


def _write(content: str, output: Path | None) -> None:
    if output is None:
        click.echo(content, nl=False)
        return
    try:
        writing.replace(output, content)
    except OSError as error:
        raise CannotOpen(f"{output}: {error.strerror}") from error
