"""What may be wrong with a folder of numbered SQL files."""

from collections.abc import Iterator, Sequence

from selfcheck.check import Evidence, Finding, Location, Repository, Unreadable
from selfcheck.subjects.migrations.ledgers import Ledger, Numbered, Part, ledgers
from selfcheck.subjects.migrations.registered import REGISTERED, Ledgered, Row


class SqlFiles:
    """One folder: versions that are there twice, gaps, missing halves, late files, rows that say another version."""

    def __init__(self, repo: Repository, ledger: Ledger, *, gaps: bool) -> None:
        self._repo = repo
        self._ledger = ledger
        self._gaps = gaps

    def judge(self) -> Iterator[Finding | Evidence]:
        """One finding for each version, gap or file."""
        for several in self._ledger.twice():
            yield self._twice(several)
        if self._gaps:
            for first, last in self._ledger.gaps():
                yield self._gap(first, last)
        read = self._read()
        for each in self._ledger.halves():
            if not read.get(each.path, Ledgered()).back:
                yield self._half(each)
        yield from self._registered(read)
        yield from self._late()

    def _read(self) -> dict[str, Ledgered]:
        files = [file for each in self._ledger.files if (file := self._repo.tree.file(each.path)) is not None]
        found = self._repo.facts.of(REGISTERED, files)
        return {file.path: fact for file, fact in found if not isinstance(fact, Unreadable)}

    def _twice(self, several: Sequence[Numbered]) -> Finding:
        last = several[-1]
        return Finding(
            key=f"{self._ledger.folder}: {last.written} twice",
            message=f"version {last.written} is there {len(several)} times: {', '.join(each.path for each in several)}",
            at=Location(last.path, 1),
            hint="give the newer one the next free number; which of them runs first depends on the tool",
            data={"folder": self._ledger.folder, "version": last.written, "paths": [each.path for each in several]},
            parts=tuple(each.path for each in several),
        )

    def _gap(self, first: int, last: int) -> Finding:
        what = f"version {first} is" if first == last else f"versions {first} to {last} are"
        after = next(each for each in self._ledger.ups if each.number[0] > last)
        return Finding(
            key=f"{self._ledger.folder}: gap {first}-{last}",
            message=f"{what} missing in {self._ledger.folder}",
            at=Location(after.path, 1),
            hint="bring the file back, or number the next one without a gap; `gaps: false` where numbers are left out on purpose",
            data={"folder": self._ledger.folder, "first": first, "last": last},
        )

    def _half(self, each: Numbered) -> Finding:
        other = "down" if each.part is Part.UP else "up"
        return Finding(
            key=f"no {other} {each.path}",
            message=f"{each.path} has no {other} file, as the others have",
            at=Location(each.path, 1),
            hint=f"write the {other} file; one that only says why there is no way back is enough",
            data={"folder": self._ledger.folder, "path": each.path, "missing": other},
        )

    def _registered(self, read: dict[str, Ledgered]) -> Iterator[Finding]:
        """A file that registers another version than its own, and one that registers none where most do."""
        ups = self._ledger.ups
        with_rows = [each for each in ups if read.get(each.path, Ledgered()).rows]
        if 2 * len(with_rows) <= len(ups):
            return
        claimed: dict[str, Numbered] = {}
        for each in ups:
            rows = read.get(each.path, Ledgered()).rows
            if not rows:
                yield self._unregistered(each)
                continue
            own = [row for row in rows if _is_own(row, each)]
            for row in rows:
                if row not in own:
                    yield self._other(each, row, claimed.get(row.version))
                claimed.setdefault(row.version, each)

    def _unregistered(self, each: Numbered) -> Finding:
        return Finding(
            key=f"unregistered {each.path}",
            message=f"{each.path} does not register its version, as the others do",
            at=Location(each.path, 1),
            hint=f"insert version {each.written} into the table of versions",
            data={"folder": self._ledger.folder, "path": each.path, "version": each.written},
        )

    def _other(self, each: Numbered, row: Row, first: Numbered | None) -> Finding:
        also = f", which {first.path} registers" if first is not None else ""
        return Finding(
            key=f"{each.path} registers {row.version}",
            message=f"{each.path} registers version {row.version}{also}; its name says {each.written}",
            at=Location(each.path, row.line),
            hint=f"register version {each.written}",
            data={"folder": self._ledger.folder, "path": each.path, "version": each.written, "registered": row.version},
        )

    def _late(self) -> Iterator[Finding]:
        """New files with a version below the last one of the base, which a database may already have gone past."""
        for tree in (self._repo.target, self._repo.base):
            if tree is None or tree is self._repo.tree:
                continue
            folder = self._ledger.folder
            theirs = next((each for each in ledgers(tree.kinds) if each.folder == folder), None)
            if theirs is None or not theirs.ups:
                continue
            last = theirs.ups[-1]
            known = {each.path for each in theirs.files}
            fresh = [each for each in self._ledger.ups if each.path not in known and each.number <= last.number]
            versions = {(each.number, each.part) for each in theirs.files}
            yield from (self._too_late(each, last, taken=(each.number, each.part) in versions) for each in fresh)
            return

    def _too_late(self, each: Numbered, last: Numbered, *, taken: bool) -> Finding:
        how = "is taken there" if taken else f"comes before {last.written}, which is there"
        return Finding(
            key=f"late {each.path}",
            message=f"{each.path} is new, and its version {how} already: databases that have gone past it never run it",
            at=Location(each.path, 1),
            hint=f"give it a version after {last.written}",
            data={"folder": self._ledger.folder, "path": each.path, "version": each.written, "last": last.written},
        )


def _is_own(row: Row, each: Numbered) -> bool:
    """Whether a row has the version in the file's name, as a number, as it is written, or with the name."""
    written = row.version
    if written in (each.written, f"{each.written}_{each.name}", each.path.rpartition("/")[2].removesuffix(".sql")):
        return True
    return written.isdigit() and len(written) < 30 and each.number == (int(written),)
