"""Where the imports of an instruction file lead: missing, out of the repository, in a circle, too far."""

import posixpath
from collections.abc import Callable, Iterator

from msgspec import Struct

from selfcheck.subjects.instructions.documents import Document, Import
from selfcheck.trees import Tree

Reader = Callable[[str], Document | None]
OUTSIDE = ("~/", "/")


class BadImport(Struct, frozen=True):
    """An import that does not do what it should: where it is written, and what is wrong."""

    path: str
    found: Import
    why: str


class Reach(Struct, frozen=True):
    """Everything that a file brings in: the files, and what is wrong on the way."""

    files: tuple[str, ...]
    bad: tuple[BadImport, ...]
    imports: int


def reach(tree: Tree, path: str, hops: int, read: Reader) -> Reach:
    """What a file imports, directly and through others."""
    files: dict[str, None] = {}
    bad: list[BadImport] = []
    count = 0
    waiting: list[tuple[str, tuple[str, ...]]] = [(path, (path,))]
    while waiting:
        here, way = waiting.pop()
        if here in files:
            continue
        files[here] = None
        document = read(here)
        for found in document.imports if document is not None else ():
            count += 1
            target = _target(here, found)
            if target is None:
                continue
            why = _wrong(tree, target, way, hops)
            if why is not None:
                bad.append(BadImport(here, found, why))
            else:
                waiting.append((tree.resolve(target) or target, (*way, target)))
    return Reach(tuple(files), tuple(bad), count)


def _target(here: str, found: Import) -> str | None:
    """The path from the root; None for what lies on somebody's own machine."""
    if found.path.startswith(OUTSIDE):
        return None
    return posixpath.normpath(posixpath.join(posixpath.dirname(here), found.path))


def _wrong(tree: Tree, target: str, way: tuple[str, ...], hops: int) -> str | None:
    if target == ".." or target.startswith("../"):
        return "leads out of the repository"
    if tree.resolve(target) is None:
        return "leads to no file"
    if target in way:
        return f"leads in a circle: {' -> '.join((*way[way.index(target) :], target))}"
    if len(way) > hops:
        return f"is more than {hops} imports away from {way[0]}, and is not read"
    return None


def each_bad(reaches: list[Reach]) -> Iterator[BadImport]:
    """What is wrong, each once though several files lead there."""
    yield from dict.fromkeys(bad for reached in reaches for bad in reached.bad)
