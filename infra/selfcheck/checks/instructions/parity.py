"""The rules of a file and their mirror in a database are the same."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, ClassVar

from msgspec import Meta

from selfcheck.check import (
    Canary,
    CannotJudge,
    Check,
    Evidence,
    Finding,
    Location,
    Need,
    Repository,
    Seen,
    Strictness,
    Unread,
    Unreadable,
)
from selfcheck.checks.instructions.canaries import canaries
from selfcheck.guardrail import RootPath, Text
from selfcheck.mirrors.address import address
from selfcheck.mirrors.opening import mirror
from selfcheck.mirrors.sides import Sides
from selfcheck.subjects.instructions.health import Health, LastRun, Status, Thresholds, health, recommendation
from selfcheck.subjects.instructions.layout import ACTIVE, TEXT_ONLY, Field, Layout, Name, TableName
from selfcheck.subjects.instructions.plan import Cause, Item, Kind, Plan, Strategy, plan
from selfcheck.subjects.instructions.records import Records, records
from selfcheck.subjects.instructions.source import source_in

Variable = Annotated[str, Meta(pattern=r"^[A-Za-z_][A-Za-z0-9_]*(?!\n)$", description="a variable of the environment")]

CHANGED = {
    Cause.FILE: "the file was changed since both were in step",
    Cause.MIRROR: "the database was changed since both were in step",
    Cause.BOTH: "both sides were changed since they were in step",
    Cause.UNKNOWN: "the sides were never in step",
}


class InstructionsParity(Check, kw_only=True):
    """The rules of a file and their mirror in a database are the same.

    The file is the truth. Which field stands in which column, in which words, is declared under `fields`; a field that
    is neither mirrored nor `left_out` is a finding. `selfcheck sync` brings the database in step.
    """

    needs: ClassVar[frozenset[Need]] = frozenset({Need.DATABASE})
    strictness: ClassVar[Mapping[str, Strictness]] = {
        "warning": Strictness.LESS,
        "critical": Strictness.LESS,
        "stale_days": Strictness.LESS,
        "left_out": Strictness.LESS,
    }

    file: RootPath
    database: Variable | None = None
    items: Text | None = None
    id: Text = "id"
    active: Text = "active"
    stamp: Text | None = None
    versions: tuple[Text, ...] = ()
    fields: Annotated[tuple[Field, ...], Meta(min_length=1)] | None = None
    left_out: tuple[Text, ...] = ()
    into: TableName = "governance_rules"
    id_column: Name = "id"
    active_column: Name = "active"
    note_column: Name = "audit_note"
    stamp_column: Name = "updated_at"
    project: Text | None = None
    project_column: Name = "project"
    strategy: Strategy = Strategy.FILE_WINS
    mass_orphan: Annotated[int, Meta(ge=0, le=100)] = 30
    backups: RootPath = ".claude/backups"
    warning: Annotated[int, Meta(ge=1)] = 1
    critical: Annotated[int, Meta(ge=1)] = 6
    stale_days: Annotated[int, Meta(ge=1)] | None = None

    @property
    def layout(self) -> Layout:
        """How the rules lie in the database."""
        return Layout(
            file=self.file,
            items=self.items,
            id=self.id,
            active=self.active,
            stamp=self.stamp,
            versions=self.versions,
            fields=self.fields or TEXT_ONLY,
            ignore=self.left_out,
            table=self.into,
            id_column=self.id_column,
            active_column=self.active_column,
            note_column=self.note_column,
            stamp_column=self.stamp_column,
            project=self.project,
            project_column=self.project_column,
        )

    @property
    def thresholds(self) -> Thresholds:
        """From where on it is a warning, and critical."""
        return Thresholds(warning=self.warning, critical=self.critical)

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each rule that is missing or orphaned, for each field that differs, and for a sync that failed."""
        read = self.records(repo)
        if isinstance(read, Unread):
            yield read
            return
        sides = self.sides(repo)
        planned = plan(read.by_id, sides.rows, sides.base, strategy=self.strategy, mass_orphan=self.mass_orphan)
        found = health(planned, sides.last, self.thresholds)
        differing = {item.rule for item in planned.items}
        yield Evidence("rules", scope=len(read.by_id), examined=len(read.by_id))
        yield Evidence("active rows", scope=max(planned.active_count, 1), examined=planned.active_count)
        whole = sum(each.name not in read.lossy for each in self.layout.fields)
        yield Evidence("fields mirrored in full", scope=len(self.layout.fields), examined=whole)
        if found.status is not Status.HEALTHY:
            for item in planned.items:
                yield from self._different(item, found)
        yield from self._dropped(read)
        yield from self._last(sides.last, repo.today, found, differing)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """A rule changed in the file, one added to it, one taken out."""
        read = self.records(repo)
        if isinstance(read, Unread):
            raise CannotJudge(f"{read.path}: {read.reason}")
        sides = self.sides(repo)
        planned = plan(read.by_id, sides.rows, sides.base, strategy=self.strategy, mass_orphan=self.mass_orphan)
        yield from canaries(repo.tree, self.layout, read, planned, self.warning)

    def records(self, repo: Repository) -> Records | Unread:
        """The file's side, or why there is none."""
        faults = self.layout.faults()
        if faults:
            raise CannotJudge("; ".join(faults), "mend the options of the guardrail")
        file = repo.tree.file(self.file)
        if file is None:
            raise CannotJudge(f"{self.file}: there is no such file", "restore it; without it nothing is compared")
        ((_, source),) = repo.facts.of(source_in(self.file, self.items, self.id), (file,))
        if isinstance(source, Unreadable):
            return Unread(self.file, str(source))
        read = records(source, self.layout)
        if read.faults:
            more = f", and {len(read.faults) - 3} more" if len(read.faults) > 3 else ""
            return Unread(self.file, "; ".join(map(str, read.faults[:3])) + more)
        return read

    def sides(self, repo: Repository) -> Sides:
        """The database's side."""
        place = address(self.database, repo.environ, repo.disk)
        found = mirror(place, self.layout).read()
        if not found.made and place.path is not None and not place.path.exists():
            raise CannotJudge(f"{place.name}: there is no such database", "`selfcheck sync apply` makes it")
        return found

    def _different(self, item: Item, found: Health) -> Iterator[Finding]:
        at = Location(self.file, item.line) if item.line is not None else Location(self.file)
        data = {"rule": item.rule, "kind": item.kind.value, "act": item.act.value, "status": found.status.value}
        hint = recommendation(item)
        if not item.changes:
            said = "stands in the database, and not in the file"
            if item.line is not None:
                taken_out = item.kind is Kind.DRIFTED
                said = "was taken out of the database" if taken_out else "stands in the file, and not in the database"
            yield Finding(key=item.rule, message=f"{item.rule} {said}", at=at, hint=hint, data=data)
        for change in item.changes:
            name = "active" if change.field == ACTIVE else change.field
            yield Finding(
                key=f"{item.rule}: {name}",
                message=f"{item.rule}: `{name}` differs; {CHANGED[change.cause]}",
                at=at,
                hint=hint,
                data={**data, "field": name, "changed": change.cause.value},
            )

    def _dropped(self, read: Records) -> Iterator[Finding]:
        for name, count in read.dropped.items():
            yield Finding(
                key=f"field {name}",
                message=f"the field `{name}` of {count:,} rule{'s' * (count != 1)} is not mirrored",
                at=Location(self.file),
                hint="map it under `fields`, or say under `left_out` that it is left out",
                data={"field": name, "rules": count},
            )

    def _last(self, last: LastRun | None, today: date, found: Health, differing: set[str]) -> Iterator[Finding]:
        status = {"status": found.status.value, "differing": len(differing)}
        if last is not None and last.failed:
            why = f": {last.reason}" if last.reason else ""
            yield Finding(
                key="last sync",
                message=f"the last sync, of {last.started}, was {last.outcome}{why}",
                hint="mend its cause, then `selfcheck sync apply`",
                data=status,
            )
        if last is not None and last.is_open:
            yield Finding(
                key="last sync",
                message=f"the last sync, of {last.started} ({last.holder}), has not ended",
                hint="wait for it; if it was killed, `selfcheck sync apply` ends what it began",
                data=status,
            )
        if self.stale_days is None:
            return
        success = None if last is None else last.last_success
        age = None if success is None else (today - date.fromisoformat(success[:10])).days
        if age is None or age > self.stale_days:
            said = "there was no sync yet" if age is None else f"the last sync was {age:,} days ago"
            yield Finding(
                key="last success",
                message=f"{said}, and {self.stale_days} day{'s' * (self.stale_days != 1)} are allowed",
                hint="`selfcheck sync apply`, or let `selfcheck sync watch` run",
                data=status,
            )


def planned_of(check: InstructionsParity, read: Records, sides: Sides, strategy: Strategy | None = None) -> Plan:
    """The plan that both the check and the sync go by."""
    return plan(read.by_id, sides.rows, sides.base, strategy=strategy or check.strategy, mass_orphan=check.mass_orphan)
