"""The text of a foreign file: what its lines say beside the data, and faults with their places."""

import re
import tomllib
from collections.abc import Sequence
from typing import Any, NoReturn

from selfcheck.errors import Fault, RulebookError
from selfcheck.suggest import short

DEEP = "is nested too deeply to be read; write it flat"
POSITION = re.compile(r" \(at line (\d+), column (\d+)\)$")
COMMENT = re.compile(r"\s*[#;]+\s*(.*?)\s*")


class Text:
    """The lines of a file, numbered from 1."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name = name
        self.whole = _decoded(name, content)
        self.lines = self.whole.split("\n")

    def fault(self, line: int, message: str, column: int = 1) -> Fault:
        """Something wrong in a line."""
        return Fault(self.name, line, column, message)

    def refuse(self, line: int, message: str, column: int = 1) -> NoReturn:
        """Give up at a fault beyond which nothing can be read.

        Raises:
            RulebookError: always.
        """
        raise RulebookError([self.fault(line, message, column)])

    def toml(self) -> dict[str, Any]:
        """The data of a TOML file.

        Raises:
            RulebookError: it is no TOML.
        """
        try:
            return tomllib.loads(self.whole)
        except RecursionError:
            self.refuse(1, DEEP)
        except ValueError as error:  # also a number of too many digits, which is no TOMLDecodeError
            found = POSITION.search(str(error))
            line, column = (int(found[1]), int(found[2])) if found else (len(self.lines), 1)
            said = short(POSITION.sub("", str(error)).removesuffix(" (at end of document)"), 200)
            self.refuse(line, f"is no TOML: {said[:1].lower()}{said[1:]}; mend it here", column)

    def find(self, pattern: str, start: int = 1, end: int | None = None) -> int | None:
        """The first line from `start` up to but not including `end` that begins with a pattern."""
        compiled = re.compile(pattern)
        last = len(self.lines) + 1 if end is None else end
        return next((number for number in range(start, last) if compiled.match(self.lines[number - 1])), None)

    def above(self, line: int) -> str:
        """The comment that ends in the line above, in one line of its own; empty where there is none."""
        found: list[str] = []
        while line > 1 and (comment := COMMENT.fullmatch(self.lines[line - 2])):
            found.insert(0, comment[1])
            line -= 1
        return " ".join(found).strip()


def headers(text: Text, pattern: str) -> Sequence[int]:
    """The lines that match a pattern whole."""
    compiled = re.compile(pattern)
    return [number for number, line in enumerate(text.lines, start=1) if compiled.fullmatch(line)]


def _decoded(name: str, content: bytes) -> str:
    if b"\0" in content[:8000]:
        raise RulebookError([Fault(name, 1, 1, "is no text but binary; name the file that holds the contracts")])
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = f"byte 0x{content[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise RulebookError([Fault(name, line, 1, message)]) from None
