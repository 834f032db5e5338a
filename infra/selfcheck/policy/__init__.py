"""Which findings count: from what a check saw to a verdict, by waivers, baseline, base and severity. Pure."""

from selfcheck.policy.decide import (
    Examination,
    Exceptions,
    Failed,
    Finished,
    Past,
    Skipped,
    decide,
    enforcement,
)

__all__ = [
    "Examination",
    "Exceptions",
    "Failed",
    "Finished",
    "Past",
    "Skipped",
    "decide",
    "enforcement",
]
