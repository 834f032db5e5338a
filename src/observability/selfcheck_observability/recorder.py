"""`run --record`: the run is written to the store as it happens. A plain run writes nothing and imports nothing for it."""

import os
import platform
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import click

from selfcheck import __version__
from selfcheck.cli.messages import warn
from selfcheck.model import Report, Run, Verdict
from selfcheck.observers import Observer
from selfcheck_observability.home import STORE_OPTION, URL, home

CI = ("CI", "GITHUB_WORKFLOW", "GITHUB_RUN_ID", "GITHUB_EVENT_NAME", "CI_PIPELINE_ID", "CI_PIPELINE_SOURCE")
"""What of the environment is kept: names that say where a run was, none that could hold a secret."""


class Recorder(Observer):
    """Journals the run: each verdict is on disk when the next one is waited for.

    A store that cannot be used ends the run before anything is judged; one that fails later makes it exit 3.
    """

    options: ClassVar = (
        click.Option(["--record"], is_flag=True, help="Remember this run: verdicts, findings, evidence, durations."),
        click.Option(["--store"], **STORE_OPTION),
    )

    def __init__(self, *, record: bool = False, store: str | None = None, kind: str = "run") -> None:
        self._asked = record
        self._url = store
        self._kind = kind
        self._journal: Any = None

    @property
    def run(self) -> int:
        """The number of the run in the store."""
        return int(self._journal.run)

    @property
    def begun(self) -> Any:
        """What the run is: a `store.Begun`."""
        return self._journal.begun

    def begin(self, run: Run) -> None:
        """Open the store, and say which runs never ended."""
        if not self._asked:
            if self._url and self._url != os.environ.get(URL):
                warn("--store is used with --record only; nothing is remembered")
            return
        # SQLAlchemy is heavy, and needed only where a run is remembered.
        from selfcheck_observability.recording import Recording

        place = home(Path(run.root), os.environ, self._url).made()
        self._journal = Recording(place, run, kind=self._kind, environment=_environment(os.environ), now=_now())
        for each in self._journal.interrupted:
            warn(each)

    def verdict(self, verdict: Verdict) -> None:
        """Write it down."""
        if self._journal is not None:
            self._journal.verdict(verdict, _now())

    def end(self, report: Report) -> None:
        """Write down what it came to."""
        if self._journal is not None:
            self._journal.end(report, _now())


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    kept = {name: environ[name] for name in CI if environ.get(name)}
    return {"selfcheck": __version__, "python": platform.python_version(), "platform": sys.platform} | kept


def _now() -> datetime:
    return datetime.now(UTC)
