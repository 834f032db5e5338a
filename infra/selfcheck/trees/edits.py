"""What a canary changes: each edit turns a path's old content into its new one; None stands for no file."""

import re

from msgspec import Struct

LINE = re.compile(rb"[^\n]*\n|[^\n]+")


class EditMissed(Exception):
    """An edit cannot be made on this tree; the message says which and why."""


class Write(Struct, frozen=True):
    """A file with this content, whether or not it was there."""

    path: str
    content: bytes

    def applied(self, old: bytes | None) -> bytes | None:
        """The content after the edit."""
        return self.content


class Append(Struct, frozen=True):
    """Bytes at the end of a file that is there."""

    path: str
    content: bytes

    def applied(self, old: bytes | None) -> bytes | None:
        """The content after the edit; raises `EditMissed` where there is no such file."""
        return _present(self.path, old) + self.content


class Replace(Struct, frozen=True):
    """Every occurrence of `old` in a file by `new`."""

    path: str
    old: bytes
    new: bytes

    def applied(self, old: bytes | None) -> bytes | None:
        """The content after the edit; raises `EditMissed` where `old` does not occur."""
        content = _present(self.path, old)
        if self.old not in content:
            raise EditMissed(f"replace in {self.path}: the text to replace does not occur")
        return content.replace(self.old, self.new)


class Delete(Struct, frozen=True):
    """A file taken away."""

    path: str

    def applied(self, old: bytes | None) -> bytes | None:
        """None, for no file; raises `EditMissed` where there was none."""
        _present(self.path, old)
        return None


class Hunk(Struct, frozen=True):
    """Lines as they stand in a file, each with its end, and those that stand there instead.

    `begin` is how many lines stand before them; `line` is the hunk's own in the diff, counting from 1.
    """

    begin: int
    old: tuple[bytes, ...]
    new: tuple[bytes, ...]
    line: int


class Patch(Struct, frozen=True, kw_only=True):
    """What a diff says of one file, which it may make or take away. What it shows must stand there to the byte."""

    path: str
    hunks: tuple[Hunk, ...]
    diff: str
    """The path of the diff."""
    makes: bool = False
    takes: bool = False

    def applied(self, old: bytes | None) -> bytes | None:
        """The content after the edit; raises `EditMissed` where the file is not as the diff shows it.

        What stands further up or down than the diff says is found where it stands only once.
        """
        if self.makes and old is not None:
            raise EditMissed(f"{self.diff}: makes {self.path}, which is there already")
        lines = [] if self.makes else LINE.findall(_present(self.path, old))
        done: list[bytes] = []
        place = moved = 0
        for number, hunk in enumerate(self.hunks, start=1):
            begin = self._begin(number, hunk, lines, place, moved)
            done += (*lines[place:begin], *hunk.new)
            place, moved = begin + len(hunk.old), begin - hunk.begin
        done += lines[place:]
        if any(not line.endswith(b"\n") for line in done[:-1]):
            raise EditMissed(f"{self.diff}: leaves a line of {self.path} without an end before others")
        if self.takes and done:
            raise EditMissed(f"{self.diff}: takes {self.path} away, in which more stands than it shows")
        return None if self.takes else b"".join(done)

    def _begin(self, number: int, hunk: Hunk, lines: list[bytes], place: int, moved: int) -> int:
        """How many lines stand before those of a hunk, which comes after so many others."""
        size = len(hunk.old)
        begin = hunk.begin + moved
        what = f"{self.diff}:{hunk.line}: hunk {number} does not fit {self.path}"
        if not size and lines:
            raise EditMissed(f"{what}: it shows no line that stands there; make the diff with lines around the change")
        if place <= begin and tuple(lines[begin : begin + size]) == hunk.old:
            return begin
        places = [at for at in range(place, len(lines) - size + 1) if tuple(lines[at : at + size]) == hunk.old]
        if len(places) == 1:
            return places[0]
        if places:
            shown = ", ".join(str(at + 1) for at in places[:3])
            raise EditMissed(f"{what}: what it shows stands at several lines ({shown}), and not at {begin + 1}")
        there = (at for at in range(begin, begin + size) if lines[at : at + 1] != [hunk.old[at - begin]])
        raise EditMissed(f"{what}: line {next(there, begin) + 1} is not as it shows it")


Edit = Write | Append | Replace | Delete | Patch


def _present(path: str, old: bytes | None) -> bytes:
    if old is None:
        raise EditMissed(f"{path}: there is no such file to edit")
    return old
