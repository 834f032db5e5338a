"""Who hears a run as it happens; an observer may own options of the `run` command."""

from collections.abc import Sequence
from typing import ClassVar

import click

from selfcheck.model import Report, Run, Verdict


class Observer:
    """Subclass it, override what you need to hear, register it as an entry point `selfcheck.observers`.

    It is made once a run with the values of its options as keyword arguments. What it raises is told to the user and
    changes no verdict; after that it hears nothing more. One that raises a `SelfcheckError` could not do what it was
    asked for: when it is made or at the beginning that ends the run, later the run ends with the error's exit code.
    """

    options: ClassVar[Sequence[click.Option]] = ()

    def begin(self, run: Run) -> None:
        """Before the first verdict."""

    def verdict(self, verdict: Verdict) -> None:
        """One guardrail was judged; in the order in which they fall."""

    def end(self, report: Report) -> None:
        """After the last verdict, also of an interrupted run."""
