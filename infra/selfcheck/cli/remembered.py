"""Recorded verdicts as probes: whether a running service was well, by the guardrails that asked it."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from selfcheck.cli import opening, plugins
from selfcheck.errors import UsageError
from selfcheck.guardrail import Guardrail
from selfcheck.slo.records import Record

USE = "health-live"
RUNS = 10_000
"""How many verdicts of a guardrail are looked at, the newest first."""
VARIABLE = re.compile(r"\$\{[^}]*\}")


def probes() -> Iterator[Record]:
    """The probes that recorded runs made.

    Raises:
        UsageError: no run was recorded.
    """
    history = opening.history()
    if history is None:
        raise UsageError("no run was recorded; name files of probes, or record runs with `selfcheck run --record`")
    _, rulebook = opening.open_rulebook(None, plugins.registry())
    for guardrail in (case.guardrail for case in rulebook.cases):
        endpoint = _endpoint(guardrail)
        for past in history.recent(guardrail.id, RUNS) if endpoint else ():
            # Nobody was asked by a run that skipped it, or was not allowed to ask.
            if endpoint and past.outcome in ("pass", "fail"):
                at = datetime.fromisoformat(past.finished)
                yield Record(time=at, endpoint=endpoint, ok=past.outcome == "pass", seconds=0.0)


def _endpoint(guardrail: Guardrail) -> str | None:
    """The path that a guardrail asks for; of several nobody can tell which one failed."""
    urls: Sequence[Any] = guardrail.options["urls"] if guardrail.use == USE else ()
    return urlsplit(VARIABLE.sub("", str(urls[0]))).path or "/" if len(urls) == 1 else None
