"""`run --events FILE`: the run as JSON lines while it happens, for whoever follows a long one."""

import json
from pathlib import Path
from typing import Any, ClassVar

import click

from selfcheck.model import Report, Run, Verdict
from selfcheck.observers import Observer


class EventLog(Observer):
    """Appends one line for the beginning, each verdict and the end; a line is written with one call and flushed."""

    options: ClassVar = (
        click.Option(
            ["--events"],
            type=click.Path(dir_okay=False, path_type=Path),
            metavar="FILE",
            help="Append the run to this file as it happens, one JSON object a line.",
        ),
    )

    def __init__(self, *, events: Path | None = None) -> None:
        self._path = events

    def begin(self, run: Run) -> None:
        """`{"event": "begin"}` with the revision, the rulebook's digest and the ids of the guardrails."""
        self._append(
            event="begin",
            started=run.started.isoformat(),
            revision=run.revision,
            rulebook=run.rulebook,
            guardrails=[guardrail.id for guardrail in run.guardrails],
        )

    def verdict(self, verdict: Verdict) -> None:
        """`{"event": "verdict"}` with the outcome, the number of findings that count, and the seconds."""
        self._append(
            event="verdict",
            id=verdict.guardrail.id,
            outcome=verdict.outcome,
            findings=sum(ruling.counts for ruling in verdict.findings),
            reason=verdict.reason,
            seconds=round(verdict.seconds, 3),
        )

    def end(self, report: Report) -> None:
        """`{"event": "end"}` with the exit code."""
        self._append(event="end", outcome=report.outcome, exit=report.exit_code, seconds=round(report.seconds, 3))

    def _append(self, **fields: Any) -> None:
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(fields) + "\n")
