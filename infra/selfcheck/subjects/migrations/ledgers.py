"""Numbered SQL files: their versions, what parts they come in, and the rows by which they register themselves."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import pairwise

from msgspec import Struct

NUMBER = r"\d+(?:[._]\d+)*"
FLYWAY = re.compile(rf"(?P<kind>[VUB])(?P<number>{NUMBER})__(?P<name>.*)\.sql", re.IGNORECASE)
REPEATED = re.compile(r"R__.*\.sql", re.IGNORECASE)
PAIRED = re.compile(r"(?P<number>\d+)(?:[_-](?P<name>.*))?\.(?P<way>up|down)\.sql", re.IGNORECASE)
PLAIN = re.compile(r"(?P<number>\d+(?:\.\d+)*(?:_\d+)?)(?:[_-](?P<name>.*))?\.sql", re.IGNORECASE)
NESTED = re.compile(r"(?P<number>\d+)(?:[_-](?P<name>.*))?")
FOLDERS = re.compile(r"migrat|flyway|evolution|changelog", re.IGNORECASE)
STAMP = 8
"""Digits from which a number is a time rather than a count."""


class Part(StrEnum):
    """What a file is to its version."""

    UP = "up"
    DOWN = "down"
    BASELINE = "baseline"


class Numbered(Struct, frozen=True, kw_only=True):
    """A file that has a version in its name; `number` orders it, `written` is the version as it stands there."""

    path: str
    number: tuple[int, ...]
    written: str
    name: str
    part: Part = Part.UP


class Ledger(Struct, frozen=True):
    """A folder of numbered files, in their order."""

    folder: str
    files: tuple[Numbered, ...]
    paired: bool = False
    """Whether its versions come in two files, up and down."""
    named: bool = False
    """Whether a version is a folder, whose whole name is what it is called and ordered by."""

    @property
    def ups(self) -> tuple[Numbered, ...]:
        """The files that change the schema forwards."""
        return tuple(each for each in self.files if each.part is Part.UP)

    @property
    def counts(self) -> bool:
        """Whether its versions are counted one by one, so that a gap can be seen; times and dotted versions are not."""
        ups = self.ups
        return len(ups) > 1 and all(len(each.number) == 1 and len(each.written) < STAMP for each in ups)

    def gaps(self) -> Iterator[tuple[int, int]]:
        """The first and last number of each gap. Where most numbers are far apart they are no count: 10, 20, 30."""
        numbers = sorted({each.number[0] for each in self.ups})
        steps = [(low + 1, high - 1) for low, high in pairwise(numbers) if high - low > 1]
        if self.counts and 2 * len(steps) < len(numbers):
            yield from steps

    def twice(self) -> list[list[Numbered]]:
        """Files of one version and part, where there are several."""
        if self.named:
            return []
        found: defaultdict[tuple[tuple[int, ...], Part], list[Numbered]] = defaultdict(list)
        for each in self.files:
            found[each.number, each.part].append(each)
        return [several for several in found.values() if len(several) > 1]

    def halves(self) -> Iterator[Numbered]:
        """The files whose other half is not there, where versions come in two."""
        if not self.paired:
            return
        parts = {part: {(each.number, each.name) for each in self.files if each.part is part} for part in Part}
        for each in self.files:
            other = Part.DOWN if each.part is Part.UP else Part.UP
            if each.part is not Part.BASELINE and (each.number, each.name) not in parts[other]:
                yield each


def ledgers(paths: Iterable[str]) -> list[Ledger]:
    """The folders among these paths that hold numbered SQL migrations."""
    folders: defaultdict[str, list[Numbered]] = defaultdict(list)
    pairs: set[str] = set()
    named: set[str] = set()
    for path in paths:
        folder, name = posixpath.split(path)
        if name == "migration.sql":
            above, inner = posixpath.split(folder)
            if FOLDERS.search(above) and (found := NESTED.fullmatch(inner)):
                folders[above].append(_numbered(path, found["number"], found["name"] or "", Part.UP))
                named.add(above)
            continue
        if each := _file(path, folder, name):
            folders[folder].append(each)
            if PAIRED.fullmatch(name) or name[:1] in "Uu":
                pairs.add(folder)
    return [
        Ledger(
            folder, tuple(sorted(files, key=lambda each: (each.number, each.path))), folder in pairs, folder in named
        )
        for folder, files in sorted(folders.items())
    ]


def _file(path: str, folder: str, name: str) -> Numbered | None:
    if found := FLYWAY.fullmatch(name):
        part = {"U": Part.DOWN, "B": Part.BASELINE}.get(found["kind"].upper(), Part.UP)
        return _numbered(path, found["number"], found["name"], part)
    if not FOLDERS.search(folder):
        return None
    if found := PAIRED.fullmatch(name):
        return _numbered(path, found["number"], found["name"] or "", Part(found["way"].lower()))
    if found := PLAIN.fullmatch(name):
        return _numbered(path, found["number"], found["name"] or "", Part.UP)
    return None


def _numbered(path: str, written: str, name: str, part: Part) -> Numbered:
    # Ever so many digits are no version: int() refuses them.
    parts = [each[:30] for each in re.split(r"[._]", written)]
    return Numbered(path=path, number=tuple(map(int, parts)), written=written, name=name, part=part)
