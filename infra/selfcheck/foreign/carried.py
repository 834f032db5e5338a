"""What an import came to: drafts of guardrails, and for each contract how much of it they hold."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from selfcheck.suggest import short


class Draft(Struct, frozen=True, kw_only=True):
    """A guardrail to be written, and the line of its contract; `left` are comments on what of that was left out."""

    line: int
    id: str
    title: str
    why: str
    check: Mapping[str, Any]
    severity: str = "high"
    left: tuple[str, ...] = ()
    more: Mapping[str, Any] = {}
    """Further keys of the guardrail."""


class Note(Struct, frozen=True):
    """What became of one contract or setting, and the line that it stands in."""

    line: int
    about: str
    fate: str

    def __str__(self) -> str:
        return f"{short(self.about, 100)}: {self.fate}"


class Carried(Struct, frozen=True):
    """The drafts in the order of the contracts, and a note on every contract."""

    program: str
    file: str
    drafts: tuple[Draft, ...]
    notes: tuple[Note, ...]


def fate(check: str, differences: Iterable[str] = ()) -> str:
    """What is said of a contract that was carried over."""
    told = "; ".join(dict.fromkeys(differences))
    return f"carried as {check}, {told}" if told else f"carried exactly, as {check}"


def slug(text: str) -> str:
    """A text as an id: kebab-case."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60].strip("-") or "contract"


class Ids:
    """Ids that were given away; who asks for one that is taken gets it with a number."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def new(self, text: str) -> str:
        """An id of its own, made from a text."""
        wanted = slug(text)
        found, number = wanted, 2
        while found in self._taken:
            found, number = f"{wanted}-{number}", number + 1
        self._taken.add(found)
        return found
