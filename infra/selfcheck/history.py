"""What checks may ask of earlier runs; whoever remembers runs gives it by an entry point `selfcheck.histories`."""

from typing import Protocol

from msgspec import Struct


class Past(Struct, frozen=True, kw_only=True):
    """The verdict on a guardrail in a run that was judged to its end, newest runs having the highest numbers."""

    run: int
    finished: str
    revision: str | None
    outcome: str
    examined: int
    """The most that a piece of evidence examined."""
    proof: str | None
    """What came of its canaries, where they were tried."""


class History(Protocol):
    """Runs of this repository that were recorded."""

    def last(self, guardrail: str) -> Past | None:
        """The newest verdict on a guardrail."""
        ...

    def recent(self, guardrail: str, runs: int) -> tuple[Past, ...]:
        """The newest verdicts on a guardrail, newest first, of so many runs at most."""
        ...


def unremembered() -> History | None:
    """Nothing is remembered."""
    return None
