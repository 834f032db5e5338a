"""Which findings count: from what a check saw to a verdict, by waivers, baseline, base and severity. Pure."""

from selfcheck.policy.decide import decide, enforcement
from selfcheck.policy.entry import Entry
from selfcheck.policy.given import (
    NONE,
    Examination,
    Exceptions,
    Failed,
    Finished,
    Line,
    Past,
    Remark,
    Skipped,
)
from selfcheck.policy.renames import Renames

__all__ = [
    "NONE",
    "Entry",
    "Examination",
    "Exceptions",
    "Failed",
    "Finished",
    "Line",
    "Past",
    "Remark",
    "Renames",
    "Skipped",
    "decide",
    "enforcement",
]
