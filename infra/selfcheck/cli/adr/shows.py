"""The commands that only read: list, show, graph, matrix, export."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click

from selfcheck import writing
from selfcheck.cli.adr.place import FOLDER, Opened, chosen, open_decisions, outcomes, recorded
from selfcheck.cli.messages import warn
from selfcheck.drawings.decisions import data
from selfcheck.drawings.decisions import graph as drawing
from selfcheck.drawings.decisions import matrix as table
from selfcheck.errors import CannotOpen, Unreadable
from selfcheck.formats.text import one_line
from selfcheck.subjects.decisions import Decision, Decisions, Status
from selfcheck.subjects.decisions.trace import trace

OUTPUT = click.option("--output", "-o", type=click.Path(path_type=Path), metavar="FILE", help="Where it is written to.")
GRAPHS: Mapping[str, Callable[[Decisions], str]] = {"mermaid": drawing.mermaid, "dot": drawing.dot}
MATRICES: Mapping[str, Callable[[table.Matrix], str]] = {
    "markdown": table.markdown,
    "html": table.html,
    "json": table.json,
}


@click.command("list")
@click.option(
    "--status",
    "statuses",
    multiple=True,
    type=click.Choice([each.value for each in Status]),
    help="Only with this status; may be repeated.",
)
@click.option("--in-force", is_flag=True, help="Only what holds.")
@click.option("--search", metavar="TEXT", help="Only with this text in the title.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is printed.  [default: text]"
)
@FOLDER
def list_(statuses: Sequence[str], in_force: bool, search: str | None, form: str, folder: str | None) -> int:
    """List decisions with their numbers, statuses and days."""
    opened = open_decisions()
    found = [
        each
        for each in opened.decisions.all
        if (not statuses or each.status in statuses)
        and (not in_force or opened.decisions.in_force(each))
        and (search is None or search.casefold() in each.title.casefold())
        and (folder is None or each.folder == folder.rstrip("/"))
    ]
    if form == "json":
        click.echo(
            data.json({"version": 1, "decisions": [data.row(opened.decisions, each) for each in found]}), nl=False
        )
        return _unread(opened)
    widths = [max((len(row[column]) for row in map(_row, found)), default=0) for column in range(3)]
    for each in found:
        shown = "  ".join(text.ljust(width) for text, width in zip(_row(each), widths, strict=True))
        click.echo(one_line(f"{shown}  {each.title}"))
    return _unread(opened)


@click.command()
@click.argument("decision")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is printed.  [default: text]"
)
@FOLDER
def show(decision: str, form: str, folder: str | None) -> int:
    """Show one decision: what it says of itself, what it is related to, and what keeps it."""
    opened = open_decisions()
    found = chosen(opened, decision, folder)
    kept = trace(opened.decisions, opened.guardrails).kept[found.path]
    if form == "json":
        whole = {**data.whole(opened.decisions, found), "guardrails": list(kept.guardrails), "reason": kept.reason}
        click.echo(data.json({"version": 1, **whole}), nl=False)
        return 0
    rows = [
        ("status", found.status.value if found.status else "not said"),
        ("date", found.day.isoformat() if found.day else ""),
    ]
    rows += [("deciders", ", ".join(found.deciders)), ("path", found.path), ("template", found.document.form.value)]
    for relation in found.document.relations:
        others = ", ".join(each.id for each in opened.decisions.meant(found, relation) or ()) or relation.text
        rows.append((relation.verb.value + (" in part" if relation.partial else ""), others))
    rows += [("kept by", ", ".join(kept.guardrails) or (f"none: {kept.reason}" if kept.reason else "nothing"))]
    click.echo(one_line(f"{found.id}: {found.title}"))
    for name, value in rows:
        if value:
            click.echo(one_line(f"  {name}: {value}"))
    return 0


@click.command()
@click.option(
    "--format", "form", type=click.Choice([*GRAPHS]), default="mermaid", help="How it is written.  [default: mermaid]"
)
@OUTPUT
def graph(form: str, output: Path | None) -> int:
    """Draw which decision supersedes, amends or relates to which."""
    opened = open_decisions()
    return _written(opened, GRAPHS[form](opened.decisions), output)


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice([*MATRICES]),
    default="markdown",
    help="How it is written.  [default: markdown]",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A report in the json format, for the last verdicts; those of recorded runs where not given.",
)
@OUTPUT
def matrix(form: str, report: Path | None, output: Path | None) -> int:
    """Show which guardrails keep which decision, and the last verdict on each."""
    opened = open_decisions()
    rows = _rows(opened)
    rows = table.with_outcomes(rows, recorded(rows) if report is None else outcomes(report))
    used = {cell.guardrail for row in rows for cell in row.guardrails}
    unrelated = tuple(sorted(each.id for each in opened.guardrails if each.id not in used))
    return _written(opened, MATRICES[form](table.Matrix(1, rows, unrelated)), output)


@click.command()
@click.argument("form", type=click.Choice(["structurizr", "json"]), metavar="structurizr|json")
@OUTPUT
def export(form: str, output: Path | None) -> int:
    """Write all decisions as data, for Structurizr or as selfcheck's own JSON."""
    opened = open_decisions()
    if form == "json":
        rows = [data.whole(opened.decisions, each) for each in opened.decisions.all]
        return _written(opened, data.json({"version": 1, "decisions": rows}), output)
    contents = {each.path: _text(opened, each) for each in opened.decisions.all}
    return _written(opened, data.structurizr(opened.decisions, contents), output)


def _rows(opened: Opened) -> tuple[table.Row, ...]:
    traced = trace(opened.decisions, opened.guardrails)
    rows: list[table.Row] = []
    for each in opened.decisions.all:
        kept = traced.kept[each.path]
        cells = tuple(table.Cell(name, name in kept.named, name in kept.referring) for name in kept.guardrails)
        status = each.status.value if each.status else None
        held = opened.decisions.in_force(each)
        rows.append(table.Row(each.id, each.path, each.title, status, held, cells, kept.reason))
    return tuple(rows)


def _row(decision: Decision) -> tuple[str, str, str]:
    return (
        decision.id,
        decision.status.value if decision.status else "-",
        decision.day.isoformat() if decision.day else "-",
    )


def _text(opened: Opened, decision: Decision) -> str:
    try:
        file = opened.tree.file(decision.path)
        return (file.text or "") if file else ""
    except Unreadable:
        return ""


def _written(opened: Opened, content: str, output: Path | None) -> int:
    if output is None:
        click.echo(content, nl=False)
    else:
        try:
            writing.replace(output, content)
        except OSError as error:
            raise CannotOpen(f"{output}: {error.strerror}") from error
        click.echo(f"wrote {one_line(str(output))}")
    return _unread(opened)


def _unread(opened: Opened) -> int:
    """Name what could not be read; what is shown is then not all."""
    for each in opened.decisions.unread:
        warn(f"{one_line(each.path)}: {each.reason}; it is left out")
    return CannotOpen.exit_code if opened.decisions.unread else 0
