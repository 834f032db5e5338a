"""`selfcheck events`: what the event log holds, by category, guardrail, run and time."""

import json
from datetime import UTC, datetime
from typing import Any

import click

from selfcheck.errors import UsageError
from selfcheck.formats.text import one_line
from selfcheck_observability.commands.memory import place
from selfcheck_observability.logs import Asked, Category, Events


@click.command()
@click.option("--category", type=click.Choice([each.value for each in Category]), help="Only events of this category.")
@click.option("--guardrail", metavar="ID", help="Only events of this guardrail.")
@click.option("--run", metavar="RUN", type=click.IntRange(1), help="Only events of this run.")
@click.option("--since", metavar="TIME", help="Not before this moment: an ISO date or time, UTC where it says nothing.")
@click.option("--until", metavar="TIME", help="Not after this moment.")
@click.option(
    "--limit", type=click.IntRange(1, 1_000_000), default=100, show_default=True, help="How many, the newest."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def events(
    category: str | None,
    guardrail: str | None,
    run: int | None,
    since: str | None,
    until: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """List what happened while runs were recorded, oldest first."""
    here = place()
    asked = Asked(
        category=Category(category) if category else None,
        guardrail=guardrail,
        run=run,
        since=_moment("--since", since),
        until=_moment("--until", until),
    )
    found = list(Events(here.folder / "events", here.intervals.log).read(asked))[-limit:]
    for event in found:
        click.echo(json.dumps(event) if as_json else _line(event))
    if not found and not as_json:
        click.echo("no such event; `selfcheck run --record` writes them")


def _line(event: dict[str, Any]) -> str:
    rest = [
        f"{name}={value}"
        for name, value in event.items()
        if name not in ("at", "category", "event") and value is not None
    ]
    return one_line(" ".join([str(event.get("at")), f"{event['category']:<5}", str(event.get("event")), *rest]))


def _moment(option: str, given: str | None) -> datetime | None:
    if given is None:
        return None
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise UsageError(f"{option} {given}: is no ISO date or time, such as 2026-11-21 or 2026-11-21T02:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
