"""Decisions of files in memory, and of one document alone."""

from collections.abc import Mapping

from selfcheck.facts import Facts
from selfcheck.subjects.decisions import Decision, Decisions, Document, read
from selfcheck.subjects.decisions.extract import markdown, restructured
from selfcheck.trees import Memory


def decisions(files: Mapping[str, str | bytes], *folders: str, **words: str) -> Decisions:
    """The decisions of these files."""
    contents = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
    return read(Memory(contents), Facts(), folders, tuple(words.items()))


def one(text: str | bytes, path: str = "docs/adr/0001-one-shop.md") -> Decision:
    """The only decision."""
    (found,) = decisions({path: text}).all
    return found


def document(text: str, *, rst: bool = False) -> Document:
    """What one text says."""
    return (restructured if rst else markdown)(text.encode())
