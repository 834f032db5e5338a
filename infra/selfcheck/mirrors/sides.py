"""What a mirror holds, whichever database it is in: rows, the last state in step, and the last run."""

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct

from selfcheck.subjects.instructions.health import LastRun
from selfcheck.subjects.instructions.plan import Row


class Sides(Struct, frozen=True):
    """The database's side and the state of the last sync; `made` says whether there is a mirror at all yet."""

    rows: Mapping[str, Row]
    base: Mapping[str, Mapping[str, str]]
    last: LastRun | None = None
    made: bool = True


NOTHING = Sides({}, {}, None, made=False)


class Mirror(Protocol):
    """A mirror that can be read."""

    def read(self) -> Sides:
        """Everything that a plan needs, as it was at one moment.

        Raises:
            Unreachable: the database does not answer, or is not as the declaration has it.
        """
        ...
