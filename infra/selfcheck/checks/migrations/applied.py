"""A live database is where the migrations of this very tree would bring it."""

import hashlib
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from selfcheck.check import Canary, Evidence, Finding, Location, Need, Repository, Seen, Strictness, Unprovable, Write
from selfcheck.checks.migrations.canaries import MIGRATION, revision
from selfcheck.checks.migrations.scope import MigrationCheck
from selfcheck.errors import CannotJudge
from selfcheck.mirrors.address import address
from selfcheck.subjects.migrations import Chain, Environment, Migrations, Numbered
from selfcheck.subjects.migrations.ledgers import Ledger

Variable = Annotated[str, Meta(pattern=r"^[A-Za-z_][A-Za-z0-9_]*(?!\n)$", description="a variable of the environment")]
TableName = Annotated[str, Meta(pattern=r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?(?!\n)$")]
UPGRADE = "`alembic upgrade head`"
AHEAD = "deploy the revision of the code that has it, or stamp the database at one that is here"
SIGNED = 1 << 31


class MigrationsApplied(MigrationCheck, kw_only=True):
    """A live database is at the head of this very revision: nothing is left to run, and nothing ran that is not here.

    Read are the tables in which alembic, Django, and programs that run numbered SQL files keep count; nothing is written.
    """

    needs: ClassVar[frozenset[Need]] = frozenset({Need.DATABASE})
    subject: ClassVar[str | None] = None
    strictness: ClassVar[Mapping[str, Strictness]] = {"checksums": Strictness.MORE}

    database: Variable | None = None
    version_table: TableName | None = None
    checksums: bool = True

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each way in which the database and the files differ."""
        # SQLAlchemy costs more than the whole start of a command that needs no database.
        from selfcheck.mirrors.versions import live

        found = self.read(repo)
        yield from self.account(repo, found)
        if self.database is None:
            raise CannotJudge("no database is named", "name the variable with its URL under `database`")
        sides = [each for each in found.environments if each.revisions], found.apps, found.ledgers
        if len(sides[0]) > 1 or len(sides[2]) > 1:
            names = [*(each.name for each in sides[0]), *(each.folder for each in sides[2])]
            raise CannotJudge(f"there are several histories: {', '.join(names)}", "name the files of one under `paths`")
        place = address(self.database, repo.environ, repo.disk)
        with live(place) as database:
            for each in sides[0]:
                yield from _environment(each, database.heads(self.version_table or "alembic_version"))
            if sides[1]:
                yield from _apps(sides[1], database.apps())
            for ledger in sides[2]:
                yield from self._ledger(repo, ledger, database.register(self.version_table))
        yield Evidence(f"databases, {place.name}", scope=1, examined=1)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """One more migration, which the database has not had."""
        found = self.read(repo)
        several = [*_more(found)]
        if not several:
            raise Unprovable("there is no history that a migration could be added to")
        yield from several

    def _ledger(self, repo: Repository, ledger: Ledger, register: Any) -> Iterator[Finding]:
        if register is None:
            yield _unstamped(ledger.folder, ledger.files[0].path, "no table of versions")
            return
        files = {_version(each.written): each for each in ledger.ups}
        if ledger.named:
            files = {each.path.split("/")[-2]: each for each in ledger.ups}
        rows = {_version(each.version): each for each in register.rows if _version(each.version) != "0"}
        last = max(map(_order, rows), default=())
        left = [name for name in files if (_order(name) > last if register.single else name not in rows)]
        if left:
            yield _behind(ledger.folder, files[left[0]].path, left, f"run them; {register.table} has no row of theirs")
        for name in sorted(set(rows) - set(files)):
            yield _unknown(ledger.folder, ledger.files[-1].path, name, register.table)
        for name, row in sorted(rows.items()):
            path = files[name].path if name in files else ledger.files[-1].path
            if row.failed:
                yield _of(
                    f"{ledger.folder}: failed {name}",
                    f"migration {name} failed half-way, by {register.table}",
                    path,
                    "mend the database by hand, then the row",
                    {"history": ledger.folder, "migrations": [name]},
                )
            if self.checksums and name in files and _was_edited(repo, files[name], row.checksum):
                yield _of(
                    f"{ledger.folder}: edited {name}",
                    f"migration {name} is not what ran: its checksum differs from that in {register.table}",
                    path,
                    "bring the file back, and change the schema in a new one",
                    {"history": ledger.folder, "migrations": [name]},
                )


def _environment(each: Environment, stamped: tuple[str, ...] | None) -> Iterator[Finding]:
    graph = each.graph
    path = each.revisions[-1].path
    if not stamped:
        yield _unstamped(
            each.name, path, "no table of alembic" if stamped is None else "no revision in alembic's table"
        )
        return
    known = [name for name in stamped if name in graph.by_id]
    for name in stamped:
        if name not in graph.by_id:
            yield _unknown(each.name, path, name, "alembic")
    left = sorted(graph.before(graph.heads) - graph.before(known))
    if left and known:
        first = graph.by_id[left[0]]
        yield _behind(each.name, first.path, left, f"{UPGRADE} on the database")
    ended = [name for name in known if any(name != other and name in graph.before([other]) for other in known)]
    if ended:
        yield _of(
            f"{each.name}: several",
            f"{each.name} is stamped at several revisions of one line: {', '.join(known)}",
            graph.by_id[ended[0]].path,
            f"take {', '.join(ended)} out of alembic's table",
            {"history": each.name, "migrations": known},
            tuple(known),
        )


def _apps(several: tuple[Chain, ...], applied: Mapping[str, frozenset[str]] | None) -> Iterator[Finding]:
    if applied is None:
        yield _unstamped("django", several[0].nodes[0].path, "no table of Django")
        return
    for chain in several:
        had = applied.get(chain.label, frozenset())
        # A migration that stands for others has run where all of them have.
        squashed = {
            new for new in chain.replaced.values() if {old for old, to in chain.replaced.items() if to == new} <= had
        }
        left = sorted(
            name for name in chain.by_name if name not in had | squashed and chain.replaced.get(name) not in had
        )
        if left:
            yield _behind(chain.label, chain.by_name[left[0]].path, left, "`python manage.py migrate`")
        for name in sorted(had - set(chain.by_name) - set(chain.replaced)):
            yield _unknown(chain.label, chain.nodes[-1].path, name, "Django")


def _unstamped(name: str, path: str, what: str) -> Finding:
    hint = "run the migrations on it, or name the table under `version_table`"
    return _of(
        f"{name}: unstamped",
        f"the database has {what}: it is at no migration of {name}",
        path,
        hint,
        {"history": name, "migrations": []},
    )


def _behind(name: str, path: str, left: list[str], hint: str) -> Finding:
    shown = ", ".join(left[:5]) + (f" and {len(left) - 5} more" if len(left) > 5 else "")
    message = f"the database is behind {name} by {len(left)} migration{'s' * (len(left) > 1)}: {shown}"
    return _of(f"{name}: behind", message, path, hint, {"history": name, "migrations": left}, tuple(left))


def _unknown(name: str, path: str, version: str, by: str) -> Finding:
    message = f"{by} says that {version} ran, which is not among the migrations of {name}"
    return _of(f"{name}: unknown {version}", message, path, AHEAD, {"history": name, "migrations": [version]})


def _of(key: str, message: str, path: str, hint: str, data: dict[str, Any], parts: tuple[str, ...] = ()) -> Finding:
    return Finding(key=key, message=message, at=Location(path, 1), hint=hint, data=data, parts=parts)


def _version(written: str) -> str:
    """A version in one spelling: 001 is 1, 1_2 is 1.2."""
    if re.fullmatch(r"\d+(?:[._]\d+)*", written) is None:
        return written
    return ".".join(each.lstrip("0") or "0" for each in re.split(r"[._]", written))


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(each[:30]) for each in version.split(".") if each.isdigit())


def _was_edited(repo: Repository, file: Numbered, checksum: tuple[str, str] | None) -> bool:
    there = repo.tree.file(file.path)
    if checksum is None or there is None:
        return False
    algorithm, digits = checksum
    return DIGESTS[algorithm](there.bytes) != digits


def _crc32(content: bytes) -> str:
    """Flyway's: of the lines without their ends, signed. https://documentation.red-gate.com/flyway"""
    text = content.decode("utf-8", "replace").removeprefix("\ufeff")
    found = 0
    for line in text.splitlines():
        found = zlib.crc32(line.encode(), found)
    return str(found - 2 * SIGNED if found >= SIGNED else found)


DIGESTS: Mapping[str, Callable[[bytes], str]] = {
    "crc32": _crc32,
    "sha1": lambda content: hashlib.sha1(content, usedforsecurity=False).hexdigest(),
    "sha256": lambda content: hashlib.sha256(content).hexdigest(),
    "sha384": lambda content: hashlib.sha384(content).hexdigest(),
}


def _more(found: Migrations) -> Iterator[Canary]:
    for each in found.environments:
        if each.graph.heads and not each.lost:
            edit, _ = revision(each, each.graph.heads[0])
            yield Canary(f"add a revision to {each.name}", (edit,), f"{each.name}: behind")
            return
    for chain in found.apps:
        if chain.leaves:
            text = MIGRATION.format(label=chain.label, name=chain.leaves[0], operations="")
            edit = Write(f"{chain.folder}/9999_canary.py", text.encode())
            yield Canary(f"add a migration to {chain.label}", (edit,), f"{chain.label}: behind")
            return
    for ledger in found.ledgers:
        last = ledger.ups[-1] if ledger.ups else None
        if last is not None:
            below = last.path[len(ledger.folder) + 1 :].replace(last.written, f"{last.written}999", 1)
            edit = Write(f"{ledger.folder}/{below}", b"SELECT 1;\n")
            yield Canary(f"add a file to {ledger.folder}", (edit,), f"{ledger.folder}: behind")
            return
