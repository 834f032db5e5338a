"""Where reports go: each `--format NAME[=PATH]` rendered from the same report, files written whole or not at all."""

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import click

from selfcheck.check import Unloadable
from selfcheck.errors import CannotOpen, Stopped, UsageError
from selfcheck.formats import text
from selfcheck.judge import culprit
from selfcheck.model import Report
from selfcheck.registry import Registry
from selfcheck.suggest import unknown
from selfcheck.writing import replace

WIDEST = 100
TEXT = "text"


class Target(NamedTuple):
    """One format and where it goes: a file, or the standard output."""

    name: str
    render: Callable[[Report], str]
    path: Path | None


def targets(wanted: Sequence[str], registry: Registry, *, verbosity: int, environ: Mapping[str, str]) -> list[Target]:
    """What the options ask for; text goes to the standard output unless another format does.

    Raises:
        UsageError: an unknown format, a file that cannot be written, two formats for the standard output.

    """
    found = [_target(each, registry, verbosity, environ) for each in wanted]
    on_stdout = [target.name for target in found if target.path is None]
    if len(on_stdout) > 1:
        raise UsageError(f"{' and '.join(on_stdout)} would both go to the standard output; write {on_stdout[1]}=PATH")
    if not on_stdout:
        found.append(_target(TEXT, registry, verbosity, environ))
    return found


FIXED = ("html", "json", "markdown", "sarif")
"""The formats that show what was mended since the base, for which all of the base is judged."""


PROOFS = ("html", "json")
"""The formats that show what is known of proofs."""


def show_proofs(wanted: Iterable[Target]) -> bool:
    """Whether any of them shows what is known of proofs."""
    return any(target.name in PROOFS for target in wanted)


def show_fixed(wanted: Iterable[Target]) -> bool:
    """Whether any of them shows what was mended since the base."""
    return any(target.name in FIXED for target in wanted)


def write(report: Report, wanted: Sequence[Target]) -> None:
    """Files first, so that a closed pipe loses none of them.

    Raises:
        CannotOpen: a format failed or a file could not be written; the others were.

    """
    failures: list[str] = []
    for target in sorted(wanted, key=lambda target: target.path is None):
        try:
            content = _text(target.render(report))
        except Stopped:
            raise
        except BaseException as error:
            failures.append(f'format "{target.name}" {culprit(error)}')
            continue
        if target.path is None:
            click.echo(content, nl=False, color=True)
        else:
            try:
                replace(target.path, content)
            except OSError as error:
                failures.append(f"{target.path}: {error.strerror}")
    if failures:
        raise CannotOpen("\n".join(failures))


def _text(rendered: object) -> str:
    if not isinstance(rendered, str):
        raise TypeError(f"a format gives text, not {type(rendered).__name__}")
    return rendered


def _target(wanted: str, registry: Registry, verbosity: int, environ: Mapping[str, str]) -> Target:
    name, _, path = wanted.partition("=")
    render = registry.format(name)
    if render is None:
        raise UsageError(unknown("format", name, registry.formats()))
    if isinstance(render, Unloadable):
        raise UsageError(render.reason)
    if "=" in wanted:
        return Target(name, render, _writable(name, Path(path)))
    return Target(name, _for_terminal(verbosity, environ) if name == TEXT else render, None)


def _writable(name: str, path: Path) -> Path:
    try:
        if path.is_dir() or not path.name:
            raise UsageError(f"--format {name}={path}: is a folder; name a file")
        if not path.parent.is_dir():
            raise UsageError(f"--format {name}={path}: there is no folder {path.parent}")
    except OSError as error:
        raise UsageError(f"--format {name}={path}: {error.strerror}") from error
    return path


def _for_terminal(verbosity: int, environ: Mapping[str, str]) -> Callable[[Report], str]:
    color = colored(sys.stdout.isatty(), environ)
    width = min(WIDEST, shutil.get_terminal_size().columns)
    shown = partial(text.render, color=color, width=width, verbosity=verbosity)
    return partial(_inert, shown) if environ.get("GITHUB_ACTIONS") == "true" else shown


def _inert(shown: Callable[[Report], str], report: Report) -> str:
    """The report where GitHub's runner obeys none of its lines: a file's name could be a command."""
    rendered = shown(report)
    token = os.urandom(16).hex()
    return f"::stop-commands::{token}\n{rendered}::{token}::\n" if rendered else ""


def colored(terminal: bool, environ: Mapping[str, str]) -> bool:
    """Whether to colour: on a terminal, unless https://no-color.org or https://force-color.org says otherwise."""
    if environ.get("NO_COLOR"):
        return False
    return bool(environ.get("FORCE_COLOR")) or (terminal and environ.get("TERM") != "dumb")
