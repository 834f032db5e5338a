"""Sources with waivers in them, and what is found of those."""

import re
from pathlib import Path

from selfcheck.facts import Facts
from selfcheck.subjects.comments import Comment, Entry, Malformed, read
from selfcheck.trees import Memory

TERMS = "until=2030-01-31 owner=@li -- split with #812"


def waiver(*rules: str, word: str = "ignore") -> str:
    """A whole waiver of these guardrails."""
    return f"selfcheck: {word}[{', '.join(rules or ('no-cycles',))}] {TERMS}"


def found(source: str | bytes, path: str = "a.py") -> tuple[Entry, ...]:
    """What stands in the comments of one file."""
    content = source.encode() if isinstance(source, str) else source
    return read(Memory({path: content}), Facts()).by_path.get(path, ())


def covers(source: str | bytes, path: str = "a.py") -> list[tuple[int, int]]:
    """The first and last line that each waiver of a file covers."""
    return [each.covers for each in found(source, path) if isinstance(each, Comment)]


def faults(source: str | bytes, path: str = "a.py") -> list[tuple[int, str]]:
    """The line of each malformed waiver of a file, and what is said of it up to the first full clause."""
    return [
        (each.line, re.split("[;,]", each.message)[0]) for each in found(source, path) if isinstance(each, Malformed)
    ]


def languages() -> dict[str, str]:
    """Sources by path: `WAIVER` stands in comments, `SHOWN` in strings and whatever else is none."""
    text = (Path(__file__).parent / "languages.txt").read_text(encoding="utf-8")
    parts = re.split(r"^=== (.+)\n", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))
