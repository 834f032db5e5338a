"""What is accepted, and by what a finding is compared with it: its key, its parts, its amount."""

from collections.abc import Mapping

from msgspec import Struct

from selfcheck.model import Finding, Unread

Identity = tuple[bool, str]
"""Whether it is about a file that could not be read, and the key."""


class Entry(Struct, frozen=True, kw_only=True):
    """So many findings of one key that are accepted, each with these parts and at most this amount."""

    key: str
    count: int = 1
    parts: tuple[str, ...] = ()
    amount: int | None = None
    unread: bool = False
    former: str | None = None
    """The key that it had before its file was moved."""
    moved: Mapping[str, str] = {}
    """Of the parts that had another name then, that and today's."""


def identity(finding: Finding | Unread) -> Identity:
    """A file that cannot be read is no finding about it: who accepts the one has not seen the other."""
    return (False, finding.key) if isinstance(finding, Finding) else (True, finding.path)


def measured(finding: Finding | Unread) -> tuple[tuple[str, ...], int | None]:
    """Its parts and its amount."""
    return (finding.parts, finding.amount) if isinstance(finding, Finding) else ((), None)
