"""What the place of a file adds to what it writes: the path of a route of Next, the prefix of an application of Nest."""

import posixpath
from collections.abc import Mapping

from msgspec import structs

from selfcheck.subjects.routes.model import Entry, Piece, Pieces, Written
from selfcheck.subjects.routes.nest import GLOBAL
from selfcheck.subjects.routes.next import NEXT, path_of


def by_path(path: str, written: Written) -> Written:
    """What a file writes; the exports of a module of Next are routes at the path of its file."""
    place = path_of(path)
    if place is None or not any(each.owner == NEXT for each in written.entries):
        return written
    is_page = posixpath.splitext(posixpath.basename(path))[0] != "route"
    routes = (each for each in written.entries if (each.methods == ("*",)) is is_page)
    return Written(written.groups, tuple(structs.replace(each, path=(Piece(place),)) for each in routes))


def below_prefixes(files: Mapping[str, Written]) -> dict[str, Written]:
    """All files, with the prefix that Nest puts before the controllers of an application."""
    prefixes = {
        path: [each for each in written.entries if each.owner == GLOBAL]
        for path, written in files.items()
        if any(each.owner == GLOBAL for each in written.entries)
    }
    return {path: _below(path, written, prefixes) if prefixes else written for path, written in files.items()}


def _below(path: str, written: Written, prefixes: Mapping[str, list[Entry]]) -> Written:
    nests = {group.name for group in written.groups if group.framework == "NestJS"}
    said = _nearest(path, prefixes)
    entries = [each for each in written.entries if each.owner != GLOBAL]
    prefix = next((each.path for each in said if not each.overrides), ())
    spared = {"".join(piece.text for piece in each.path or ()).strip("/") for each in said if each.overrides}
    entries = [_prefixed(each, prefix, spared) if each.owner in nests else each for each in entries]
    return Written(written.groups, tuple(entries), written.conf)


def _nearest(path: str, prefixes: Mapping[str, list[Entry]]) -> list[Entry]:
    """What the closest file above says, or the only one that there is."""
    above = [place for place in prefixes if path.startswith(f"{posixpath.dirname(place)}/") or "/" not in place]
    if above:
        return prefixes[max(above, key=len)]
    return next(iter(prefixes.values())) if len(prefixes) == 1 else []


def _prefixed(entry: Entry, prefix: Pieces | None, spared: set[str]) -> Entry:
    written = "".join(piece.text for piece in entry.path or ())
    if written.strip("/") in spared or prefix == ():
        return entry
    if prefix is None or entry.path is None:
        return structs.replace(entry, path=None)
    return structs.replace(entry, path=(*prefix, Piece("/"), *entry.path) if entry.path else prefix)
