"""The hash that GitHub's code scanning knows a line by, so that an alert survives edits above it.

It is that of github/codeql-action (`src/fingerprints.ts`), whose `upload-sarif` warns of every other: a polynomial in 37
over the UTF-16 units that follow the start of the line without blanks and tabs, and how many lines so far have it.
"""

import re
from collections import Counter

BLOCK = 100
"""How many units are hashed."""
BASE = 37
END = "\uffff" + "\0" * BLOCK
"""What follows the last line."""
UNHASHED = str.maketrans("", "", " \t")
ASTRAL = re.compile("[\U00010000-\U0010ffff]")


class LineHashes:
    """The hashes of one file's lines. Lines are told apart by what is hashed, so only a hash asked for is computed."""

    def __init__(self, content: bytes) -> None:
        self._units = _units(content)
        self._lines: list[tuple[int, int]] = []
        met: Counter[str] = Counter()
        start = 0
        for line in self._units.split("\n"):
            block = self._units[start : start + BLOCK]
            met[block] += 1
            self._lines.append((start, met[block]))
            start += len(line) + 1

    def of(self, line: int) -> str | None:
        """The hash of a line, counting from 1; None beyond the last."""
        if not 1 <= line <= len(self._lines):
            return None
        start, ordinal = self._lines[line - 1]
        value = 0
        for unit in self._units[start : start + BLOCK]:
            value = (value * BASE + ord(unit)) % 2**64
        return f"{value:x}:{ordinal}"


def _units(content: bytes) -> str:
    """What is hashed, a character for each UTF-16 unit; every line ends in one line feed."""
    text = content.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").translate(UNHASHED)
    return ASTRAL.sub(_pair, text) + END


def _pair(found: re.Match[str]) -> str:
    pair = found[0].encode("utf-16-be")
    return chr(int.from_bytes(pair[:2], "big")) + chr(int.from_bytes(pair[2:], "big"))
