"""`selfcheck history`: the runs that were recorded, one of them whole, and how they developed."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from selfcheck.errors import UsageError
from selfcheck.formats.text import clean, one_line
from selfcheck.writing import replace
from selfcheck_observability import reading
from selfcheck_observability.charts import chart, spark
from selfcheck_observability.commands.memory import looking
from selfcheck_observability.home import STORE

FIELDS = (
    *("id", "kind", "branch", "revision", "started", "state", "outcome", "exit"),
    *("passed", "failed", "errors", "skipped", "findings", "seconds"),
)
BRANCH = click.option("--branch", metavar="NAME", help="Only runs of this branch.")


@click.group(invoke_without_command=True)
@BRANCH
@click.option("--kind", type=click.Choice(["run", "drift"]), help="Only runs of the gate, or of the nightly job.")
@click.option("--limit", type=click.IntRange(1, 1_000_000), default=20, show_default=True, help="How many runs.")
@click.option(
    "--output", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True, help="In which form."
)
@STORE
@click.pass_context
def history(ctx: click.Context, branch: str | None, kind: str | None, limit: int, output: str, url: str | None) -> None:
    """List the runs that were recorded, newest first."""
    if ctx.invoked_subcommand is not None:
        return
    with looking(url) as memory, memory.database.asking() as asking:
        runs = reading.recent(asking, memory.home.repository, branch=branch, kind=kind, limit=limit)
    rows = [{name: getattr(run, name) for name in FIELDS} for run in runs]
    if output == "json":
        click.echo(json.dumps({"version": 1, "runs": rows}, indent=2))
    elif output == "csv":
        click.echo(_csv(rows), nl=False)
    elif runs:
        _table([_shown(run) for run in runs])
    else:
        click.echo("no run was recorded yet; `selfcheck run --record` records one")


@history.command("show")
@click.argument("number", metavar="RUN", type=click.IntRange(1))
@click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True, help="In which form.")
@STORE
def show(number: int, output: str, url: str | None) -> None:
    """Show one run: what was judged, what was found, what was looked at."""
    with looking(url) as memory, memory.database.asking() as asking:
        run = reading.run(asking, number)
        if run is None:
            raise UsageError(f"there is no run {number}; `selfcheck history` lists them")
        verdicts = reading.verdicts(asking, [number])
        looked, found = reading.looked(asking, number), reading.found(asking, number)
    if output == "json":
        import msgspec

        about = {"version": 1, "run": run, "verdicts": verdicts, "evidence": looked, "findings": found}
        click.echo(msgspec.json.format(msgspec.json.encode(about), indent=2).decode())
        return
    click.echo(f"run {run.id} ({run.kind}) on {run.branch or 'no branch'} at {_short(run.revision)}: {run.said}")
    click.echo(f"  began {run.started}, {len(verdicts)} of {run.promised} verdicts, {run.seconds or 0:.2f} s")
    for verdict in verdicts:
        reason = f": {verdict.reason}" if verdict.reason else ""
        click.echo(f"  {verdict.outcome:<5} {verdict.guardrail}{one_line(reason)}")
        for seen in (seen for seen in looked if seen.guardrail == verdict.guardrail):
            click.echo(f"          {seen.examined:,} of {seen.scope:,} {one_line(seen.what)}")
        for each in (each for each in found if each.guardrail == verdict.guardrail):
            at = f" ({each.path}{f':{each.line}' if each.line else ''})" if each.path else ""
            click.echo(f"        {each.status} {one_line(each.key)}{one_line(at)}: {one_line(each.message)}")


@history.command("trend")
@click.option("--guardrail", "name", metavar="ID", help="Of this guardrail alone.")
@BRANCH
@click.option("--limit", type=click.IntRange(2, 10_000), default=60, show_default=True, help="How many runs.")
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write a chart as well.")
@STORE
def trend(name: str | None, branch: str | None, limit: int, svg: Path | None, url: str | None) -> None:
    """Show how findings, failures and seconds developed over the finished runs, oldest first."""
    with looking(url) as memory, memory.database.asking() as asking:
        branch = branch or memory.home.branch or None
        repository = memory.home.repository
        runs = reading.recent(asking, repository, branch=branch, state="finished", limit=limit)[::-1]
        judged = reading.verdicts(asking, [run.id for run in runs]) if name else []
    if name is not None:
        mine = [each for each in judged if each.guardrail == name]
        if not mine:
            raise UsageError(f"no finished run of {branch or 'any branch'} has judged {name}")
        series: dict[str, Sequence[float]] = {
            "findings": [each.counting for each in mine],
            "seconds": [each.seconds for each in mine],
        }
        said = "".join({"pass": ".", "fail": "F", "error": "E", "skip": "s"}[each.outcome] for each in mine)
        click.echo(f"outcomes  {said}")
    else:
        if not runs:
            raise UsageError(f"no finished run of {branch or 'any branch'} is recorded; `run --record` records one")
        series = {
            "findings": [run.findings for run in runs],
            "failed": [run.failed for run in runs],
            "errors": [run.errors for run in runs],
            "seconds": [run.seconds or 0.0 for run in runs],
        }
    for title, values in series.items():
        click.echo(f"{title:<9} {spark(values)}  {values[0]:,.10g} -> {values[-1]:,.10g}")
    if svg is not None:
        replace(svg, chart(name or "findings", [float(each) for each in series["findings"]]))


def _shown(run: Any) -> tuple[str, ...]:
    counts = f"{run.passed} passed, {run.failed} failed, {run.errors} not judged"
    branch = clean(run.branch) or "-"
    return (
        str(run.id),
        run.started,
        run.kind,
        branch,
        _short(run.revision),
        run.said,
        counts,
        f"{run.findings} findings",
    )


def _table(rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _csv(rows: Sequence[dict[str, Any]]) -> str:
    text = io.StringIO()
    table = csv.DictWriter(text, FIELDS, lineterminator="\n")
    table.writeheader()
    table.writerows({name: _plain(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def _plain(value: Any) -> Any:
    """A text that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _short(revision: str | None) -> str:
    return revision[:12] if revision else "no commit"
