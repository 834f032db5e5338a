"""Where the decisions are that a command is about: as the rulebook's own checks of decisions are told, or wherever found."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

import click

from selfcheck.check import Case
from selfcheck.checks.decisions.check import DecisionCheck
from selfcheck.cli import opening, plugins
from selfcheck.drawings.decisions.matrix import Row
from selfcheck.errors import UsageError
from selfcheck.facts import Facts
from selfcheck.git import top
from selfcheck.guardrail import Guardrail
from selfcheck.rulebook import discover, find, parse
from selfcheck.subjects.decisions import Decision, Decisions, read
from selfcheck.suggest import unknown
from selfcheck.trees import Tree

FOLDER = click.option("--folder", metavar="PATH", help="Only the decisions of this folder.")
DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")


class Opened(NamedTuple):
    """A repository, its decisions, and the guardrails that judge it, if there are any."""

    root: Path
    tree: Tree
    decisions: Decisions
    guardrails: tuple[Guardrail, ...]


def open_decisions(cache: Path | None = None, *, no_cache: bool = False) -> Opened:
    """The decisions around the current folder.

    Raises:
        RulebookError: there is a rulebook, and it is wrong.
    """
    here = Path.cwd().resolve()
    cases: Sequence[Case] = ()
    root = top(here) or here
    if find(here):
        sources = discover(here)
        root = sources.root
        cases = parse(sources.files, plugins.registry()).cases
    tree = opening.directory(root)
    folders, words = _told(cases)
    facts = Facts() if no_cache else opening.open_facts(cache, no_cache)
    return Opened(root, tree, read(tree, facts, folders, words), tuple(case.guardrail for case in cases))


def chosen(opened: Opened, name: str, folder: str | None = None) -> Decision:
    """The decision that a word on the command line means: its number, its name, or its path.

    Raises:
        UsageError: none is called so, or several are.
    """
    found = [each for each in opened.decisions.all if folder is None or each.folder == folder.rstrip("/")]
    if not found:
        raise UsageError(f"--folder {folder}: holds no decision" if folder else f"{opened.root}: holds no decision")
    number = re.fullmatch(r"(?:[A-Za-z]+[-_ #]?)?0*(\d{1,6})", name)
    path = (Path.cwd() / name).resolve()
    inside = path.relative_to(opened.root).as_posix() if path.is_relative_to(opened.root) else ""
    meant = [
        each
        for each in found
        if each.path in (name, inside)
        or each.name.stem == name
        or (number is not None and each.number == int(number[1]))
    ]
    if not meant:
        raise UsageError(unknown("decision", name, [each.id for each in found]))
    if len(meant) > 1:
        raise UsageError(
            f"{name}: is the number of several decisions; name one by its path: {', '.join(each.path for each in meant)}"
        )
    return meant[0]


def _told(cases: Sequence[Case]) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The folders and words of the first guardrail that says them."""
    checks = [case.check for case in cases if isinstance(case.check, DecisionCheck)]
    folders = next((each.folders for each in checks if each.folders), None) or ()
    words = next((each.statuses for each in checks if each.statuses), None) or {}
    return folders, tuple(sorted((word, status.value) for word, status in words.items()))


def recorded(rows: Sequence[Row]) -> Mapping[str, str]:
    """The last recorded verdict on each guardrail that keeps a decision."""
    history = opening.history()
    names = {cell.guardrail for row in rows for cell in row.guardrails} if history else set[str]()
    found = {name: history.last(name) for name in sorted(names)} if history else {}
    return {name: past.outcome for name, past in found.items() if past is not None}


def outcomes(report: Path) -> Mapping[str, str]:
    """The last verdict on each guardrail, by a report in the `json` format.

    Raises:
        UsageError: it is none.
    """
    import msgspec  # the module is loaded already; the name is needed here alone

    try:
        data: Any = msgspec.json.decode(report.read_bytes())
        verdicts = cast("list[dict[str, str]]", data["verdicts"])
        return {str(each["id"]): str(each["outcome"]) for each in verdicts}
    except OSError as error:
        raise UsageError(f"--report {report}: {error.strerror}") from error
    except (msgspec.DecodeError, KeyError, TypeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(
            f"--report {report}: is no report; make one with `selfcheck run --format json={report}`"
        ) from error
