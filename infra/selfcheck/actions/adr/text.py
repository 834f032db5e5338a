"""A document to be edited line by line: every byte that is not meant stays as it is, line ends and byte order mark too."""

import re

from selfcheck.errors import UsageError
from selfcheck.trees.text import MARKS

LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")


class Text:
    """The lines of a document, numbered as its reader numbers them."""

    def __init__(self, path: str, content: bytes) -> None:
        self.path = path
        if any(content.startswith(mark) for mark, coding in MARKS if coding != "utf-8-sig"):
            raise UsageError(f"{path}: is not written in UTF-8; it is left as it is")
        self._lines: list[str] = LINE.findall(content.decode("utf-8", "surrogateescape"))
        ends = [line[len(line.rstrip("\r\n")) :] for line in self._lines]
        self._end = next((end for end in ends if end), "\n")

    @property
    def content(self) -> bytes:
        """The whole document."""
        return "".join(self._lines).encode("utf-8", "surrogateescape")

    def __len__(self) -> int:
        return len(self._lines)

    def line(self, number: int) -> str:
        """A line without its end."""
        return self._lines[number - 1].rstrip("\r\n")

    def replace(self, number: int, old: str, new: str) -> bool:
        """The last `old` of a line by `new`; whether it is there."""
        line = self._lines[number - 1]
        place = line.rfind(old)
        if place >= 0:
            self._lines[number - 1] = line[:place] + new + line[place + len(old) :]
        return place >= 0

    def set(self, number: int, text: str) -> None:
        """Another text for a line, which keeps its end."""
        line = self._lines[number - 1]
        self._lines[number - 1] = text + line[len(line.rstrip("\r\n")) :]

    def insert(self, after: int, *texts: str) -> None:
        """New lines behind the line of this number; behind a last line without an end, that one gets one."""
        if after and not self._lines[after - 1].endswith(("\n", "\r")):
            self._lines[after - 1] += self._end
        self._lines[after:after] = [f"{text}{self._end}" for text in texts]
