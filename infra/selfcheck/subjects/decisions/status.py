"""What a status means, in whatever words, marks or little pictures it is written."""

import re
from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct


class Status(StrEnum):
    """What a decision can be, in the order of a life."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    IMPLEMENTED = "implemented"
    PARTLY = "partially-superseded"
    DEPRECATED = "deprecated"
    SUPERSEDED = "superseded"
    REJECTED = "rejected"


IN_FORCE = frozenset({Status.ACCEPTED, Status.IMPLEMENTED, Status.PARTLY})
PENDING = frozenset({Status.DRAFT, Status.PROPOSED})
RETIRED = frozenset({Status.DEPRECATED, Status.SUPERSEDED, Status.REJECTED})

# What stands in 867 decisions of 26 public repositories, and their like.
WORDS: Mapping[Status, tuple[str, ...]] = {
    Status.DRAFT: ("draft", "wip", "work in progress", "in progress", "idea", "tbd", "todo"),
    Status.PROPOSED: (
        *("proposed", "proposal", "pending", "review", "in review", "under review", "open", "rfc", "provisional"),
        *(
            "candidate",
            "discussion",
            "in discussion",
            "under discussion",
            "submitted",
            "ready for review",
            "new",
            "on hold",
            "deferred",
        ),
    ),
    Status.ACCEPTED: (
        *("accepted", "accept", "approved", "active", "agreed", "adopted", "decided", "in force", "ratified", "final"),
        *("accepted-provisional", "partially accepted", "partly accepted", "valid", "current", "enforced", "amended"),
    ),
    Status.IMPLEMENTED: (
        "implemented",
        "partially implemented",
        "completed",
        "complete",
        "done",
        "shipped",
        "released",
    ),
    Status.PARTLY: (
        *("partially superseded", "partly superseded", "superseded in part", "partially-superseded"),
        *("partially superceded", "partly superceded", "partially replaced"),
    ),
    Status.DEPRECATED: (
        *("deprecated", "obsolete", "retired", "expired", "archived", "reverted", "invalidated", "historical"),
        *("no longer valid", "no longer relevant"),
    ),
    Status.SUPERSEDED: ("superseded", "superceded", "supersede", "replaced", "obsoleted"),
    Status.REJECTED: (
        "rejected",
        "declined",
        "withdrawn",
        "abandoned",
        "cancelled",
        "canceled",
        "not accepted",
        "dropped",
    ),
}
ALIASES: Mapping[str, Status] = {word: status for status, words in WORDS.items() for word in words}
PICTURES: Mapping[str, Status] = {
    **dict.fromkeys("✅✔🟢☑", Status.ACCEPTED),
    **dict.fromkeys("❌🚫⛔✖🔴", Status.REJECTED),
    **dict.fromkeys("🤔💬🟡", Status.PROPOSED),
    **dict.fromkeys("📝🚧", Status.DRAFT),
    **dict.fromkeys("⌛🗄", Status.SUPERSEDED),
}
LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])?")
STRUCK = re.compile(r"~~[^~]*~~|<(?:del|s|strike)>[^<]*</(?:del|s|strike)>", re.IGNORECASE)
CHOICE = re.compile(r"[|/]")
WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
MOST = 3
"""Words of the longest alias of ours."""


class Reading(Struct, frozen=True):
    """What a text of a status says: one of the known, or none where it is not known; `choice` where it offers several."""

    status: Status | None
    word: str
    """The words that say it, as they stand in the text; empty where only a picture does."""
    choice: bool = False


def reading(text: str, aliases: Mapping[str, Status]) -> Reading:
    """The status that a text says, by these aliases and ours."""
    shown = STRUCK.sub(" ", text)
    bare = LINK.sub(r" \1 ", shown).casefold().replace("_", " ")
    parts = [part for part in CHOICE.split(bare) if part.strip(" []{}*`\"'")]
    known = [found for part in parts if (found := _by_words(part, aliases))]
    if len(parts) > 2 and len(known) > 2 and len({each[0] for each in known}) > 2:
        return Reading(None, "", choice=True)
    if found := _by_words(bare, aliases):
        return Reading(found[0], found[1])
    picture = next((PICTURES[each] for each in shown if each in PICTURES), None)
    return Reading(picture, "")


def _by_words(text: str, aliases: Mapping[str, Status]) -> tuple[Status, str] | None:
    """By the first words of a text, the longest alias that they begin with."""
    words = WORD.findall(text[:200])
    most = max(MOST, *(alias.count(" ") + 1 for alias in aliases)) if aliases else MOST
    for count in range(min(most, len(words)), 0, -1):
        phrase = " ".join(words[:count])
        status = aliases.get(phrase) or ALIASES.get(phrase)
        if status is not None:
            return status, phrase
    if words and words[0].endswith("ly") and len(words) > 1:
        return _by_words(" ".join(words[1:]), aliases)
    first = words[0].partition("-")[0] if words else ""
    status = aliases.get(first) or ALIASES.get(first)
    return (status, first) if status is not None and words[0] != first else None
