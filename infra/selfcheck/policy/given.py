"""What a check came to, what it came to on a base, and the exceptions written beside the rulebook."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from selfcheck.model import Acceptance, Seen
from selfcheck.policy.entry import Entry
from selfcheck.policy.renames import Renames


class Finished(Struct, frozen=True, tag="finished"):
    """A check that ran to its end, and all it saw."""

    seen: tuple[Seen, ...]


class Skipped(Struct, frozen=True, tag="skipped"):
    """A check that does not apply, or may not run here."""

    reason: str


class Failed(Struct, frozen=True, tag="failed"):
    """A check that came to no end: a crash, a deadline, something missing."""

    reason: str


Examination = Finished | Skipped | Failed


class Past(Struct, frozen=True):
    """What the check saw on a base that the tree is compared with, and what was moved since."""

    examination: Examination
    renames: Renames


class Line(Struct, frozen=True):
    """One line of the baseline: of which guardrail, since when, what it accepts, and what was written about it."""

    guardrail: str
    since: date
    entry: Entry
    acceptance: Acceptance


class Remark(Struct, frozen=True):
    """A comment in the code: the lines of its file that it covers, None for the whole file, and what it says."""

    path: str
    lines: tuple[int, int] | None
    acceptance: Acceptance


class Exceptions(Struct, frozen=True):
    """What is accepted beside the waivers of the guardrails, by guardrail."""

    baseline: Mapping[str, tuple[Line, ...]] = {}
    comments: Mapping[str, tuple[Remark, ...]] = {}


NONE = Exceptions()
