"""What the engine asks of a database that it writes to, whichever it is."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from selfcheck.actions.sync.request import Run
from selfcheck.mirrors.sides import Sides
from selfcheck.subjects.instructions.plan import Plan
from selfcheck.subjects.instructions.records import Records


class Session(Protocol):
    """The mirror while nobody else writes to it."""

    def sides(self) -> Sides:
        """What it holds now."""
        ...

    def export(self, rules: Sequence[str]) -> list[Mapping[str, Any]]:
        """These rows whole, with what only the database knows of them."""
        ...

    def write(self, plan: Plan, file: Records, run: Run, backup: str | None, seconds: float) -> None:
        """Everything that the plan says, the audit, the state and the end of the run."""
        ...


class Writer(Protocol):
    """A mirror that can be written to."""

    def read(self) -> Sides:
        """What it holds now."""
        ...

    def begin(self, run: Run) -> None:
        """Make what is not there yet, and note that a run begins."""
        ...

    def writing(self, run: Run) -> AbstractContextManager[Session]:
        """The one writer, until the end; what was written is kept whole or not at all where the database can.

        Raises:
            Busy: another one is at work, and who.
        """
        ...

    def end(self, run: Run, outcome: str, reason: str) -> None:
        """Note that a run did not come to its end, as far as that is possible."""
        ...

    def close(self) -> None:
        """Close what is our own."""
        ...
