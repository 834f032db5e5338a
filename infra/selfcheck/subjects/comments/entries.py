"""One waiver in a comment, as its words are read: what it says, or what is wrong with it."""

import re
from collections.abc import Iterator
from datetime import date

import msgspec
from msgspec import Struct

from selfcheck.guardrail import Id
from selfcheck.suggest import short, unknown

FORM = "selfcheck: ignore[id] until=YYYY-MM-DD owner=@who -- reason"
WORDS = ("ignore", "ignore-file")
KEYS = ("until", "owner")

BEGINNING = re.compile(r"(?P<word>[\w-]+)[ \t]*(?:\[(?P<ids>[^\]]*)(?P<closed>\])?)?")
# XML allows no `--` within a comment (https://www.w3.org/TR/xml/#sec-comments), so that a dash does as well.
REASON = re.compile(r"(?:^|[ \t])(?:--+|\u2014)(?P<reason>.*)$")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Comment(Struct, frozen=True, kw_only=True, tag="comment"):
    """A waiver: of which guardrails, where it stands, and the first and last line that it covers; `until` is inclusive.

    Lines count from 1. One of the `whole` file covers also what is found in the file without a line.
    """

    rules: tuple[str, ...]
    line: int
    covers: tuple[int, int]
    until: date
    owner: str
    reason: str
    whole: bool = False


class Malformed(Struct, frozen=True, tag="malformed"):
    """A comment that is meant to be a waiver and is none: where it stands, and what is wrong with it."""

    line: int
    message: str


Entry = Comment | Malformed
"""What stands in one comment."""


class Slow(Exception):
    """A text takes too long to be lexed; on another day it may not, so that this is no fact."""


class Said(Struct, frozen=True, kw_only=True):
    """What a waiver says, wherever it stands."""

    rules: tuple[str, ...]
    until: date
    owner: str
    reason: str
    whole: bool


def parsed(text: str) -> Said | str:
    """What a waiver says from the word `ignore` to its end, or everything that is wrong with it."""
    begun = BEGINNING.match(text)
    assert begun is not None, "a marker ends with the word `ignore`"
    wrongs: list[str] = []
    rules = tuple(_rules(begun, wrongs))
    rest = text[begun.end() :]
    reasoned = REASON.search(rest)
    given = _given(rest[: reasoned.start()] if reasoned else rest, wrongs)
    until = _until(given.get("until"), wrongs)
    owner = given.get("owner")
    reason = reasoned["reason"].strip() if reasoned else ""
    if not owner:
        wrongs.append("has no `owner=@who`")
    if not re.search(r"\w", reason):
        wrongs.append("gives no reason after ` -- `")
    if wrongs or until is None or owner is None:
        return f"a waiver {'; '.join(wrongs)}; write `{FORM}`"
    return Said(rules=rules, until=until, owner=owner, reason=reason, whole=begun["word"] == "ignore-file")


def _rules(begun: re.Match[str], wrongs: list[str]) -> Iterator[str]:
    """The ids in brackets."""
    if begun["word"] not in WORDS:
        wrongs.append(f"has an {unknown('word', begun['word'], WORDS)}")
    if begun["ids"] is None:
        wrongs.append("names no guardrail")
        return
    if not begun["closed"]:
        wrongs.append("has no `]` after the guardrails")
        return
    seen: set[str] = set()
    for each in begun["ids"].split(","):
        rule = each.strip()
        wrong = _wrong(rule, seen)
        if wrong is None:
            yield rule
        else:
            wrongs.append(wrong)
        seen.add(rule)


def _wrong(rule: str, seen: set[str]) -> str | None:
    """What is wrong with an id."""
    if not rule:
        return "names no guardrail" if not seen else "has an empty name among its guardrails"
    if rule in seen:
        return f"names `{short(rule)}` twice"
    if set("*?") & set(rule):
        return f"names guardrails by a pattern, `{short(rule)}`; each is named by its exact id"
    try:
        msgspec.convert(rule, Id)
    except msgspec.ValidationError:
        return f"names `{short(rule)}`, which is no id of a guardrail: an id is kebab-case"
    return None


def _given(text: str, wrongs: list[str]) -> dict[str, str]:
    """The values that are given as `key=value`."""
    found: dict[str, str] = {}
    for word in text.split():
        key, equals, value = word.partition("=")
        if not equals:
            wrongs.append(f"has `{short(word)}`, which is no `key=value` without blanks; a reason stands after ` -- `")
        elif key not in KEYS:
            wrongs.append(f"has an {unknown('key', key, KEYS)}")
        elif key in found:
            wrongs.append(f"gives `{key}` twice")
        else:
            found[key] = value
    return found


def _until(value: str | None, wrongs: list[str]) -> date | None:
    """The last day."""
    if value is None:
        wrongs.append("has no `until=YYYY-MM-DD`")
        return None
    try:
        if DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        wrongs.append(f"has `until={short(value)}`, which is no day of the calendar")
        return None
    wrongs.append(f"has `until={short(value)}`, which is no date such as 2026-12-31")
    return None
