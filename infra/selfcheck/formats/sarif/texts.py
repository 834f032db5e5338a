"""Texts of others on their way into a report: nothing hidden, no links but ours, no longer than is shown."""

import re

# Control characters, those that reorder text, and halves of surrogate pairs, which no JSON can hold.
UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
LINK = re.compile(r"(?<=\])(?=\()")
LABEL = re.compile(r"[\[\]\\]")
SHOWN = 1000
"""How long a description may be for code scanning."""


def clean(text: str) -> str:
    """The text with what a viewer would act on written out."""
    return UNSAFE.sub(lambda found: ascii(found[0])[1:-1], text.replace("\r\n", "\n"))


def plain(text: str) -> str:
    """The text for a message: `[a](b)` in it would be a link."""
    return LINK.sub(" ", clean(text))


def label(text: str) -> str:
    """The text for the label of a link."""
    return LABEL.sub(r"\\\g<0>", clean(text).replace("\n", r"\n"))


def short(text: str) -> str:
    """The text, or as much of it as is shown."""
    cleaned = clean(text)
    return cleaned if len(cleaned) <= SHOWN else f"{cleaned[: SHOWN - 1]}…"
