"""The baseline, grown by what is found today or shrunk to it: planned first, then written."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from selfcheck.errors import CannotOpen
from selfcheck.model import Verdict
from selfcheck.policy import Line, baseline
from selfcheck.writing import replace


class Plan(Struct, frozen=True):
    """What the file will hold, and how many findings of each guardrail it accepts more or fewer."""

    content: str
    changes: dict[str, int]
    before: int
    after: int


def accept(lines: Sequence[Line], verdicts: Sequence[Verdict], *, reason: str, owner: str | None, since: date) -> Plan:
    """The baseline with every finding that counts in these verdicts."""
    return _plan(lines, baseline.grown(lines, verdicts, reason=reason, owner=owner, since=since))


def update(lines: Sequence[Line], verdicts: Sequence[Verdict], known: Sequence[str]) -> Plan:
    """The baseline with what is still found, as small as it is, and without guardrails that are not known."""
    kept = [line for line in baseline.shrunk(lines, verdicts) if line.guardrail in known]
    return _plan(lines, kept)


def apply(planned: Plan, root: Path) -> Path:
    """The file, written whole or left as it was.

    Raises:
        CannotOpen: it cannot be written.
    """
    path = root / baseline.PLACE
    try:
        path.parent.mkdir(exist_ok=True)
        # Nothing is read through one either: what was written there would be in force nowhere.
        if path.parent.is_symlink() or path.is_symlink():
            raise CannotOpen(f"{baseline.PLACE}: is a symbolic link; nothing was written")
        replace(path, planned.content)
    except OSError as error:
        raise CannotOpen(f"{baseline.PLACE}: {error.strerror}; nothing was written") from error
    return path


def _plan(before: Sequence[Line], after: Sequence[Line]) -> Plan:
    was, now = _counts(before), _counts(after)
    names = sorted(was.keys() | now.keys())
    changes = {name: now[name] - was[name] for name in names if now[name] != was[name]}
    return Plan(baseline.render(after), changes, was.total(), now.total())


def _counts(lines: Sequence[Line]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for line in lines:
        counts[line.guardrail] += line.entry.count
    return counts
