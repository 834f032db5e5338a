"""The observers of a run: those that are installed, those with options, and the progress bar."""

import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from selfcheck.cli.messages import say, warn
from selfcheck.errors import SelfcheckError, Stopped
from selfcheck.judge import culprit
from selfcheck.model import Report, Run, Verdict
from selfcheck.observers import Observer

PATIENCE = 0.4
"""Seconds before a progress bar is worth showing."""


class Audience(Observer):
    """Several observers as one; one that raises is named once and hears nothing more."""

    def __init__(self, observers: Iterable[Observer]) -> None:
        self._observers = list(observers)
        self._begun = False
        self.exit_code = 0
        """What the run ends with at least, because of an observer that could not do what it was asked for."""

    def begin(self, run: Run) -> None:
        """Tell all that the run begins."""
        self._tell(lambda observer: observer.begin(run))
        self._begun = True

    def verdict(self, verdict: Verdict) -> None:
        """Tell all of a verdict."""
        self._tell(lambda observer: observer.verdict(verdict))

    def end(self, report: Report) -> None:
        """Tell all that the run is over."""
        self._tell(lambda observer: observer.end(report))

    def _tell(self, what: Callable[[Observer], None]) -> None:
        for observer in tuple(self._observers):
            try:
                what(observer)
            except Stopped:
                raise
            except SelfcheckError as error:
                if not self._begun:
                    raise
                self._observers.remove(observer)
                self.exit_code = max(self.exit_code, error.exit_code)
                say(str(error))
            except BaseException as error:
                self._observers.remove(observer)
                warn(f"observer {type(observer).__name__} {culprit(error)}; it hears no more")


class Progress(Observer):
    """A bar on the terminal, once a run takes long enough."""

    def __init__(self) -> None:
        self._total = 0
        self._judged = 0
        self._since = 0.0
        self._bar: Any = None

    def begin(self, run: Run) -> None:
        """Remember how many there are and when it began."""
        self._total = len(run.guardrails)
        self._since = time.monotonic()

    def verdict(self, verdict: Verdict) -> None:
        """Show how many are judged, and which was last."""
        self._judged += 1
        if self._bar is None and time.monotonic() - self._since > PATIENCE and self._judged < self._total:
            self._bar = _bar(self._total)
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=self._judged, last=verdict.guardrail.id)
            self._bar.refresh()

    def end(self, report: Report) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()


def _bar(total: int) -> Any:
    from rich.console import Console  # heavy, and only on a terminal
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.fields[last]}"))
    # No refresh thread: the pool forks.
    bar = Progress(*columns, console=Console(file=sys.stderr), transient=True, auto_refresh=False)
    bar.add_task("judged", total=total, last="")
    bar.start()
    return bar
