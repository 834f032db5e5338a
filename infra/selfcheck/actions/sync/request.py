"""What is asked of a sync: which guardrail, which mirror, by which strategy, and what must not happen."""

import os
import socket
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from selfcheck.check import Case
from selfcheck.checks.instructions.parity import InstructionsParity
from selfcheck.errors import SelfcheckError
from selfcheck.mirrors.address import Address, address
from selfcheck.subjects.instructions.plan import Plan, Strategy

WAIT = 10.0
"""Seconds to wait for another writer."""


class SyncError(SelfcheckError):
    """The mirror could not be brought in step, and is as it was unless the message says otherwise."""

    exit_code = 3


class Refused(SyncError):
    """The plan would do what is not allowed; nothing was written."""


class Busy(SyncError):
    """Another writer is at work and did not end in time."""


class Request(Struct, frozen=True, kw_only=True):
    """One mirror to be brought in step. `root` is the folder on disk that the paths of the guardrail begin at."""

    guardrail: str
    check: InstructionsParity
    root: Path
    environ: Mapping[str, str]
    strategy: Strategy | None = None
    allow_mass_orphan: bool = False
    wait: float = WAIT

    @property
    def place(self) -> Address:
        """The mirror."""
        return address(self.check.database, self.environ, self.root)

    @property
    def by(self) -> Strategy:
        """The strategy asked for, or that of the guardrail."""
        return self.strategy or self.check.strategy


class Run(Struct, frozen=True, kw_only=True):
    """One attempt: its id, who makes it, when it began, and the digest of the file that it goes by."""

    id: str
    holder: str
    started: str
    file: str
    strategy: Strategy


class Outcome(Struct, frozen=True, kw_only=True):
    """What a sync came to. `error` is set only where errors were asked to be silent."""

    guardrail: str
    plan: Plan | None
    wrote: bool = False
    backup: str | None = None
    run: str | None = None
    seconds: float = 0.0
    error: str | None = None

    @property
    def in_step(self) -> bool:
        """Whether both sides are now the same."""
        return self.error is None and self.plan is not None and not any(item.held for item in self.plan.items)


def requests(cases: tuple[Case, ...], root: Path, environ: Mapping[str, str]) -> list[Request]:
    """One request for each guardrail that promises parity and is in force."""
    return [
        Request(guardrail=case.guardrail.id, check=case.check, root=root, environ=environ)
        for case in cases
        if isinstance(case.check, InstructionsParity) and case.guardrail.switched_off is None
    ]


def new_run(file: str, strategy: Strategy) -> Run:
    """A run that begins now, in this process."""
    started = now()
    name = f"{started[:19].replace('-', '').replace(':', '')}Z-{uuid.uuid4().hex[:8]}"
    return Run(
        id=name, holder=f"{socket.gethostname()}, process {os.getpid()}", started=started, file=file, strategy=strategy
    )


def now() -> str:
    """This moment in UTC."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
