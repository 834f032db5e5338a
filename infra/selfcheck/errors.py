"""What can go wrong outside a finding; each class owns its exit code, one boundary in `cli` prints it."""

import signal
from typing import ClassVar, NamedTuple


class Fault(NamedTuple):
    """One thing wrong with a rulebook, where it stands (line and column count from 1)."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class SelfcheckError(Exception):
    """A reason to end the process; its text is one line or more for a person."""

    exit_code: ClassVar[int] = 2


class UsageError(SelfcheckError):
    """The command was called wrongly: nothing was judged."""


class RulebookError(SelfcheckError):
    """The rulebook is wrong: every fault that was found, in the order of the file."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


class CannotOpen(SelfcheckError):
    """The repository itself could not be read, so nothing could be judged."""

    exit_code = 3


class Stopped(BaseException):
    """A signal asked the process to end; not an `Exception`, so that no fence absorbs it."""

    def __init__(self, signal_number: int) -> None:
        super().__init__(signal_number)
        self.exit_code = 128 + signal_number


class Unreadable(Exception):
    """A file is there and its text cannot be had; the message says why, and `path` which, where that is known."""

    path: str | None = None


class Skip(Exception):
    """Raised by a check that does not apply here; the message says why."""


class CannotJudge(Exception):
    """Raised by a check that cannot come to a verdict: why, and what would mend it."""

    def __init__(self, reason: str, remedy: str | None = None) -> None:
        super().__init__(reason if remedy is None else f"{reason}; {remedy}")


class Unprovable(Exception):
    """Raised by `canaries` when no edit of this repository can show the check failing; the message says why."""


def signal_name(number: int) -> str:
    """What a reason calls a signal; those for real-time use have no name."""
    return signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
