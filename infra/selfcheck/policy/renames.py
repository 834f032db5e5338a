"""What a key was called before files were moved: paths and the names of the modules in them."""

import re
from collections.abc import Mapping
from posixpath import splitext

from selfcheck.model import Finding, Unread
from selfcheck.policy.entry import Entry

WORDS = re.compile(r"[^\s,;:()\[\]]+")
PACKAGE = "/__init__"


class Renames:
    """Names of moved files, old to new."""

    def __init__(self, moved: Mapping[str, str]) -> None:
        self._paths = dict(moved)
        self._words = dict(moved)
        for old, new in moved.items():
            self._words |= _modules(old, new)

    def key(self, key: str) -> str:
        """The key with every path and module name that was moved as it is now; a path may hold blanks."""
        if not self._words:
            return key
        if key in self._paths:
            return self._paths[key]
        return WORDS.sub(lambda found: self._words.get(found[0], found[0]), key)

    def entry(self, seen: Finding | Unread) -> Entry:
        """A finding of the past as what is accepted today, under its old key and its new one."""
        if isinstance(seen, Unread):
            return self.moved(Entry(key=seen.path, unread=True))
        return self.moved(Entry(key=seen.key, parts=seen.parts, amount=seen.amount))

    def moved(self, entry: Entry) -> Entry:
        """An entry under the names of today, which remembers those that it had: the same word may mean what was not moved."""
        key = self.key(entry.key)
        parts = {part: self.key(part) for part in entry.parts}
        return Entry(
            key=key,
            count=entry.count,
            parts=tuple(sorted(parts.values())),
            amount=entry.amount,
            unread=entry.unread,
            former=entry.key if key != entry.key else entry.former,
            moved={old: new for old, new in parts.items() if old != new} or entry.moved,
        )


def _modules(old: str, new: str) -> dict[str, str]:
    """Every dotted name that a Python module may have had, by where its root is, and the one that it has then now."""
    if not (old.endswith(".py") and new.endswith(".py")):
        return {}
    before, after = (splitext(path)[0].removesuffix(PACKAGE).split("/") for path in (old, new))
    names: dict[str, str] = {}
    for depth in range(min(len(before), len(after))):
        if before[:depth] != after[:depth]:
            break
        names[".".join(before[depth:])] = ".".join(after[depth:])
    return names
