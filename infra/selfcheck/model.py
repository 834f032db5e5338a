"""What checks see, verdicts, and the report that knows its exit code."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from msgspec import Struct, field

from selfcheck.guardrail import Enforce, Guardrail

IDENTITY = "1"
"""Version of the way a fingerprint is made; changing it makes every accepted finding new again."""


class Outcome(StrEnum):
    """The four verdicts; `error` means that it could not be judged."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    ERROR = "error"
    SKIP = "skip"


class Status(StrEnum):
    """Whether a finding counts (`new`) or is accepted, and how; one that the base had and that is gone is `fixed`."""

    NEW = "new"
    EXISTING = "existing"
    BASELINED = "baselined"
    WAIVED = "waived"
    FIXED = "fixed"


class By(StrEnum):
    """What accepts a finding: a waiver in the rulebook, a comment in the code, a line of the baseline, an approval."""

    WAIVER = "waiver"
    COMMENT = "comment"
    BASELINE = "baseline"
    APPROVAL = "approval"


class Location(Struct, frozen=True):
    """A place in the judged tree: a root-relative path with forward slashes; line and column count from 1."""

    path: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)


class Finding(Struct, frozen=True, kw_only=True, tag="finding"):
    """One place where a promise does not hold.

    `key` names the subject and is the finding's identity together with the guardrail: never a line number, an absolute
    path or matched text. `parts` and `amount` say what of it is already accepted when it shrinks. `data` is the
    check's own, JSON-able, documented on its page.
    """

    key: str
    message: str
    at: Location | None = None
    hint: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict[str, Any])
    parts: tuple[str, ...] = ()
    amount: int | None = None


class Evidence(Struct, frozen=True, tag="evidence"):
    """What a check looked at: how many there are in its scope and how many of these it examined."""

    what: str
    scope: int
    examined: int


class Unread(Struct, frozen=True, tag="unread"):
    """A file that a check had to read and could not; its key is its path."""

    path: str
    reason: str


Seen = Finding | Evidence | Unread
"""What a check yields."""


T = TypeVar("T", Finding, Unread)


class Acceptance(Struct, frozen=True, kw_only=True):
    """One written exception: of what, why, by whom, until when (inclusive), and where it is written."""

    by: By
    match: str
    at: Location
    reason: str
    owner: str | None = None
    until: date | None = None
    count: int | None = None
    """How many findings it is written for, if it says so."""
    covered: int = 0
    """How many findings it covers today; one that is not in force covers them and accepts none."""

    def left(self, today: date) -> int | None:
        """The days until it ends: 0 on its last day, negative afterwards, None where it does not end."""
        return None if self.until is None else (self.until - today).days


class Ruling(Struct, Generic[T], frozen=True):
    """What a check saw, after policy: its status and its identity across runs."""

    seen: T
    status: Status
    fingerprint: str
    acceptance: Acceptance | None = None
    """What accepts it where it is waived or baselined."""
    growth: str | None = None
    """How it is worse than what was accepted or what the base had, if that is why it counts."""

    @property
    def counts(self) -> bool:
        """Whether it is neither waived nor otherwise accepted."""
        return self.status is Status.NEW


class Proved(Struct, frozen=True):
    """What is known of a guardrail's proof: its outcome, and how many of its canaries turned it red."""

    outcome: str
    bit: int
    canaries: int


class Verdict(Struct, frozen=True, kw_only=True):
    """One guardrail judged. `enforce` is what holds today, after severity, `fail_on` and `pending`; seconds are wall time."""

    guardrail: Guardrail
    outcome: Outcome
    enforce: Enforce
    reason: str | None = None
    findings: tuple[Ruling[Finding], ...] = ()
    evidence: tuple[Evidence, ...] = ()
    unread: tuple[Ruling[Unread], ...] = ()
    seconds: float = 0.0
    fixed: tuple[Ruling[Finding], ...] = ()
    """What the base had and this tree has not; known only where the base was judged."""
    acceptances: tuple[Acceptance, ...] = ()
    """Every exception written for this guardrail, in force or not."""
    proof: Proved | None = None
    """Its proof on this very tree, if it was made and is known."""

    @property
    def gates(self) -> bool:
        """Whether this verdict stops the gate if it is not a pass."""
        return self.enforce is Enforce.BLOCK


class Base(Struct, frozen=True):
    """What a run is compared with: the reference as it was given or found, and the commit or commits that it led to."""

    name: str
    commits: tuple[str, ...]


class Run(Struct, frozen=True, kw_only=True):
    """What is judged and by what: shared by every verdict of a report. `started` is in UTC."""

    root: str
    """The judged folder, relative to where the command was given."""
    folder: str = ""
    """The judged folder, relative to the top of its repository; empty where it is the top."""
    base: Base | None = None
    revision: str | None
    rulebook: str
    """The digest of all rulebook files."""
    started: datetime
    guardrails: tuple[Guardrail, ...]


def nothing(_path: str) -> bytes | None:
    """No source of any file."""
    return None


class Report(Struct, frozen=True, kw_only=True):
    """All verdicts of one run, in the order of the rulebook."""

    run: Run
    verdicts: tuple[Verdict, ...]
    seconds: float
    source: Callable[[str], bytes | None] = nothing
    """The bytes of a file of the judged tree, by its path from the judged folder; None where it cannot be read."""
    stopped: int | None = None
    """The exit code of the signal that ended the run early, if one did."""

    @property
    def outcome(self) -> Outcome:
        """The worst gating outcome: error outranks fail, fail outranks pass."""
        gating = {verdict.outcome for verdict in self.verdicts if verdict.gates}
        if self.stopped is not None or Outcome.ERROR in gating:
            return Outcome.ERROR
        return Outcome.FAIL if Outcome.FAIL in gating else Outcome.PASS

    @property
    def exit_code(self) -> int:
        """0 pass, 1 a gating guardrail failed, 3 one could not be judged, 128 + signal when interrupted."""
        if self.stopped is not None:
            return self.stopped
        return {Outcome.PASS: 0, Outcome.FAIL: 1, Outcome.ERROR: 3}[self.outcome]

    def count(self, outcome: Outcome) -> int:
        """How many verdicts came to this outcome, gating or not."""
        return sum(verdict.outcome is outcome for verdict in self.verdicts)


def fingerprint(guardrail: str, key: str, ordinal: int) -> str:
    """The identity of a finding: SHA-256 over guardrail, key and its ordinal among equals, first 32 hex digits."""
    identity = "\0".join((IDENTITY, guardrail, key, str(ordinal)))
    return hashlib.sha256(identity.encode("utf-8", "backslashreplace")).hexdigest()[:32]
