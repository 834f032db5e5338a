"""How much can be said of a share from so many samples, and how fast a budget is spent."""

import math
from collections.abc import Sequence
from typing import NamedTuple

Z = 1.959964
"""The quantile of the normal distribution for 95 %, both sides."""


class Burn(NamedTuple):
    """One pair of windows: so much of the budget spent within the long one is worth an alert of this severity."""

    severity: str
    spent: float
    long: float
    short: float


# The SRE workbook, https://sre.google/workbook/alerting-on-slos/, section 6: shares of a budget of 30 days.
BURNS = (
    Burn("page", 0.02, 3600.0, 300.0),
    Burn("page", 0.05, 21_600.0, 1800.0),
    Burn("ticket", 0.10, 86_400.0, 7200.0),
    Burn("ticket", 0.10, 259_200.0, 21_600.0),
)
FEWEST_FAILURES = 3
"""Fewer failures than these are a blip, whatever share they are."""


def threshold(burn: Burn, period: float) -> float:
    """The burn rate at which a share of the budget is spent within a window: share · period / window."""
    return burn.spent * period / burn.long


def wilson(good: int, total: int) -> tuple[float, float]:
    """The bounds of a share with 95 % confidence: Wilson, 1927."""
    if total == 0:
        return 0.0, 1.0
    share, square = good / total, Z * Z
    middle = share + square / (2 * total)
    around = Z * math.sqrt(share * (1 - share) / total + square / (4 * total * total))
    whole = 1 + square / total
    return max(0.0, (middle - around) / whole), min(1.0, (middle + around) / whole)


def needed(target: float) -> int:
    """How many samples without a failure show a share at all: the lower bound n / (n + z²) reaches the target."""
    return math.ceil(Z * Z * target / (1 - target))


def resolution(target: float) -> int:
    """With fewer samples than these a single failure breaks the target."""
    return math.ceil(round(1 / (1 - target), 6))


def needed_for_percentile(percentile: float) -> int:
    """How many samples make the largest of them an upper bound of a percentile with 95 % confidence: 59 for p95."""
    return math.ceil(math.log(0.05) / math.log(percentile))


def nearest_rank(values: Sequence[float], percentile: float) -> float:
    """A percentile of samples by the nearest rank; of none it is not a number."""
    if not values:
        return math.nan
    ranked = sorted(values)
    return ranked[max(0, math.ceil(percentile * len(ranked)) - 1)]
