"""Durations and shares as people write them: `30d`, `200ms`, `99.9%`, `0.999`."""

import re

SECONDS = {
    "ms": 0.001,
    "s": 1.0,
    "m": 60.0,
    "min": 60.0,
    "h": 3600.0,
    "d": 86_400.0,
    "w": 604_800.0,
    "M": 2_592_000.0,
    "y": 31_536_000.0,
}
NUMBER = r"(?:[0-9]{1,12}(?:\.[0-9]{1,9})?|\.[0-9]{1,9})"
_part = re.compile(
    rf"({NUMBER})\s*(ms|min(?:utes?)?|milliseconds?|sec(?:onds?)?|hours?|days?|weeks?|months?|years?|[smhdwMy])\s*"
)
_short = {"mi": "min", "mil": "ms", "sec": "s", "hou": "h", "day": "d", "wee": "w", "mon": "M", "yea": "y"}


def seconds(text: str, unit: str = "s") -> float | None:
    """A duration; a number alone is in the given unit. None where it is none."""
    text = text.strip()
    if re.fullmatch(NUMBER, text):
        return float(text) * SECONDS[unit]
    if not text or _part.sub("", text):
        return None
    return sum(float(found[1]) * _unit(found[2]) for found in _part.finditer(text))


def _unit(name: str) -> float:
    if name in SECONDS:
        return SECONDS[name]
    if name.startswith("mi"):
        return SECONDS["ms" if name.startswith("mil") else "min"]
    return SECONDS[_short[name[:3]]]


def share(text: str) -> float | None:
    """A share of all, from 0 to 1: `99.9%` and `99.9` are 0.999, and so is `0.999`. None where it is none."""
    found = re.fullmatch(rf"({NUMBER})\s*(%|percent)?", text.strip())
    if found is None:
        return None
    number = float(found[1])
    return number / 100 if found[2] or number > 1 else number


def said(duration: float) -> str:
    """A duration in words."""
    for name, size in (("d", 86_400.0), ("h", 3600.0), ("min", 60.0), ("s", 1.0)):
        if duration >= size:
            return f"{duration / size:.4g} {name}"
    return f"{duration * 1000:.4g} ms"


def percent(share_of_all: float) -> str:
    """A share in per cent."""
    return f"{share_of_all * 100:.6g} %"
