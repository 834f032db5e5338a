"""Where results stand: in a file that is there, for code scanning shows none without one."""

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from msgspec import Struct, ValidationError, convert

from selfcheck.formats.sarif.linehash import LineHashes
from selfcheck.formats.sarif.wire import ROOT, ArtifactLocation, PhysicalLocation, Region
from selfcheck.formats.sarif.wire import Place as Wired
from selfcheck.guardrail import Guardrail
from selfcheck.guardrail import Place as Written
from selfcheck.model import Location, Report

PACK = "pack:"
# Where nothing better is known: one of these is read first by whoever wants to know what is judged.
USUAL = tuple(Location(path, 1) for path in ("guardrails.yaml", "infra/selfcheck/guardrails.yaml", "README.md"))


class Anchor(NamedTuple):
    """The place that a result is shown at, whether it is its own, and the hash of that line if there is one."""

    at: Location
    own: bool
    hash: str | None


class Places:
    """The places of one report; each file is read once."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._hashes: dict[str, LineHashes | None] = {}
        written = [_written(each.place) for each in report.run.guardrails]
        self._rulebook = [Location(place.path, 1) for place in written if place]

    def anchor(self, at: Location | None, guardrail: Guardrail) -> Anchor:
        """The place itself if its file can be read, else its guardrail's line, else what else there is."""
        for place in self._candidates(at, guardrail):
            hashes = self._read(place.path)
            if hashes is not None:
                return Anchor(place, place is at, hashes.of(place.line or 1))
        return self.former(at, guardrail)

    def former(self, at: Location | None, guardrail: Guardrail) -> Anchor:
        """The place of what need not be there any more."""
        place = at if at and self._uri(at.path) else None
        return Anchor(place or _written(guardrail.place) or USUAL[0], place is not None, None)

    def wired(self, at: Location, *, region: bool = True) -> Wired:
        """The place as SARIF writes it."""
        return Wired(physical_location=self.physical(at, region=region))

    def physical(self, at: Location, *, region: bool = True) -> PhysicalLocation:
        """The file from the repository's top, and the line; a finding about a whole file stands in its first."""
        file = ArtifactLocation(uri=self._uri(at.path) or ".", uri_base_id=ROOT)
        if not region:
            return PhysicalLocation(artifact_location=file)
        return PhysicalLocation(
            artifact_location=file, region=Region(start_line=at.line or 1, start_column=(at.line and at.column) or None)
        )

    def _candidates(self, at: Location | None, guardrail: Guardrail) -> Iterator[Location]:
        yield from (place for place in (at, _written(guardrail.place)) if place)
        yield from self._rulebook
        yield from USUAL

    def _read(self, path: str) -> LineHashes | None:
        if path not in self._hashes:
            content = self._report.source(path) if self._uri(path) else None
            self._hashes[path] = None if content is None else LineHashes(content)
        return self._hashes[path]

    def _uri(self, path: str) -> str:
        """Percent-encoded as UTF-8; empty where the path names no file."""
        inner = posixpath.normpath(f"/{path}").lstrip("/")
        return inner and quote(posixpath.join(self._report.run.folder, inner), errors="backslashreplace")


def in_repository(path: str) -> bool:
    """Whether it is a file's path, not the name of a pack."""
    return not path.startswith(PACK)


def _written(place: Written) -> Location | None:
    return Location(place.file, place.line) if in_repository(place.file) else None


class Step(Struct, frozen=True):
    """An import on a way through the code, as checks write it into `data`."""

    path: str
    line: int
    importer: str
    imported: str


def related(data: Mapping[str, Any]) -> list[tuple[Location, str]]:
    """The imports that a finding names as a circle or a chain: the place of each, and what it says."""
    try:
        steps = convert(data.get("cycle", data.get("chain", ())), list[Step])
    except ValidationError:
        return []  # a check of somebody else's means something else by this name
    return [(Location(each.path, each.line), f"{each.importer} imports {each.imported}") for each in steps]
