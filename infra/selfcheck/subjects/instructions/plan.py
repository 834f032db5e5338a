"""From three sides, what has to be done: the file, the database, and what both were when last in step. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

from selfcheck.subjects.instructions.canonical import digest
from selfcheck.subjects.instructions.layout import ACTIVE
from selfcheck.subjects.instructions.records import Record


class Kind(StrEnum):
    """How a rule differs; `drifted` where the database alone was changed, `conflict` where both sides were."""

    INSERT = "insert"
    UPDATE = "update"
    REACTIVATE = "reactivate"
    DEACTIVATE = "deactivate"
    ORPHAN = "orphan"
    DRIFTED = "drifted"
    CONFLICT = "conflict"


class Act(StrEnum):
    """What is done about it; nothing where the strategy keeps the database's side or leaves it to a person."""

    INSERT = "insert"
    UPDATE = "update"
    REACTIVATE = "reactivate"
    DEACTIVATE = "deactivate"
    RETIRE = "retire"
    NOTHING = "nothing"


class Cause(StrEnum):
    """Which side was changed since both were in step; `unknown` where they never were."""

    FILE = "file"
    MIRROR = "database"
    BOTH = "both"
    UNKNOWN = "unknown"


class Strategy(StrEnum):
    """Whose side is taken where the database was changed."""

    FILE_WINS = "file-wins"
    NEWEST_WINS = "newest-wins"
    DATABASE_WINS = "database-wins"
    MANUAL = "manual"


class Row(Struct, frozen=True):
    """One rule as the database has it."""

    fields: Mapping[str, Any]
    active: bool
    stamp: str | None = None


class Change(Struct, frozen=True):
    """One field that differs, or `(active)`; `taken` says whether the file's value is to be written."""

    field: str
    file: Any
    mirror: Any
    cause: Cause
    taken: bool


class Item(Struct, frozen=True, kw_only=True):
    """One rule that differs: how, what is done, and why nothing is where that is so."""

    rule: str
    kind: Kind
    act: Act
    changes: tuple[Change, ...] = ()
    held: str | None = None
    line: int | None = None


Base = Mapping[str, Mapping[str, str]]
"""By rule, the digest of each field as it was when both sides were last in step."""


class Plan(Struct, frozen=True, kw_only=True):
    """The dry run, the findings and the work list. `refusal` says why nothing of it may be done."""

    items: tuple[Item, ...]
    base: Mapping[str, Mapping[str, str]]
    """The digests that change with it, by rule."""
    forgotten: tuple[str, ...]
    """Rules whose digests are of no more use."""
    strategy: Strategy
    file_count: int
    active_count: int
    refusal: str | None = None

    @property
    def writes(self) -> bool:
        """Whether applying it would write anything at all."""
        return bool(self.base or self.forgotten or any(each.act is not Act.NOTHING for each in self.items))

    @property
    def counts(self) -> dict[str, int]:
        """How many rules there are of each kind that there are."""
        found = Counter(each.kind.value for each in self.items)
        return {kind.value: found[kind.value] for kind in Kind if found[kind.value]}


def plan(
    file: Mapping[str, Record],
    mirror: Mapping[str, Row],
    base: Base,
    *,
    strategy: Strategy = Strategy.FILE_WINS,
    mass_orphan: int = 30,
) -> Plan:
    """What has to be done so that the database is as the file; `mass_orphan` is the most per cent that may be retired."""
    items: list[Item] = []
    fresh: dict[str, Mapping[str, str]] = {}
    for name, record in file.items():
        row = mirror.get(name)
        item = (
            _inserted(record, name in base, strategy)
            if row is None
            else _compared(record, row, base.get(name), strategy)
        )
        if item is not None:
            items.append(item)
        known = _known(record, base.get(name), item)
        if known != base.get(name, {}):
            fresh[name] = known
    orphans = [
        _orphan(name, row, base.get(name), strategy) for name, row in mirror.items() if name not in file and row.active
    ]
    items += orphans
    kept = {each.rule for each in orphans if each.act is Act.NOTHING}
    active = sum(row.active for row in mirror.values())
    retired = len(orphans) - len(kept)
    return Plan(
        items=tuple(sorted(items, key=lambda each: each.rule)),
        base=fresh,
        forgotten=tuple(sorted(name for name in base if name not in file and name not in kept)),
        strategy=strategy,
        file_count=len(file),
        active_count=active,
        refusal=_refusal(len(file), active, retired, mass_orphan),
    )


def _inserted(record: Record, was_there: bool, strategy: Strategy) -> Item:
    """A rule that the database has not; where it had it, somebody took the row away."""
    if not was_there:
        return Item(rule=record.id, kind=Kind.INSERT, act=Act.INSERT, line=record.line)
    held = _held(strategy, "its row was taken out of the database")
    act = Act.INSERT if held is None else Act.NOTHING
    return Item(rule=record.id, kind=Kind.DRIFTED, act=act, held=held, line=record.line)


def _compared(record: Record, row: Row, base: Mapping[str, str] | None, strategy: Strategy) -> Item | None:
    newer = _newer(record, row)
    changes = tuple(_changes(record, row, base, strategy, newer))
    if not changes:
        return None
    causes = {each.cause for each in changes}
    taken = [each for each in changes if each.taken]
    switched = next((each for each in changes if each.field == ACTIVE), None)
    kind = Kind.UPDATE if switched is None else Kind.REACTIVATE if record.active else Kind.DEACTIVATE
    if causes & {Cause.BOTH, Cause.UNKNOWN}:
        kind = Kind.CONFLICT
    elif causes == {Cause.MIRROR}:
        kind = Kind.DRIFTED
    act = Act.NOTHING
    if taken:
        act = Act.UPDATE
        if switched is not None and switched.taken:
            act = Act.REACTIVATE if record.active else Act.DEACTIVATE
    held = None if len(taken) == len(changes) else _why_held(strategy, kind, newer)
    return Item(rule=record.id, kind=kind, act=act, changes=changes, held=held, line=record.line)


def _changes(
    record: Record, row: Row, base: Mapping[str, str] | None, strategy: Strategy, newer: bool | None
) -> Iterator[Change]:
    pairs = [(name, value, row.fields.get(name)) for name, value in record.fields.items()]
    pairs.append((ACTIVE, record.active, row.active))
    for name, ours, theirs in pairs:
        if ours == theirs and type(ours) is type(theirs) and not isinstance(ours, list | dict):
            continue  # in lists and mappings 1 and true would be equal
        mine, other = digest(ours), digest(theirs)
        if mine == other:
            continue
        cause = _cause(mine, other, None if base is None else base.get(name))
        if base is None and not row.active:
            cause = Cause.FILE  # a row that is in nobody's use, such as one that was switched off as an orphan
        yield Change(name, ours, theirs, cause, _takes_file(strategy, cause, newer))


def _cause(ours: str, theirs: str, before: str | None) -> Cause:
    if before is None:
        return Cause.UNKNOWN
    if theirs == before:
        return Cause.FILE
    return Cause.MIRROR if ours == before else Cause.BOTH


def _takes_file(strategy: Strategy, cause: Cause, newer: bool | None) -> bool:
    if cause is Cause.FILE or strategy is Strategy.FILE_WINS:
        return True
    # What the database alone changed is newer than what both had.
    return strategy is Strategy.NEWEST_WINS and cause is not Cause.MIRROR and newer is True


def _newer(record: Record, row: Row) -> bool | None:
    """Whether the file's side is the newer one; None where that is not known."""
    if record.stamp is None or row.stamp is None or record.stamp == row.stamp:
        return None
    return record.stamp > row.stamp


def _why_held(strategy: Strategy, kind: Kind, newer: bool | None) -> str:
    if strategy is Strategy.NEWEST_WINS and kind is Kind.CONFLICT and newer is None:
        return "which side is newer is not known: left for a person to decide"
    return _held(strategy, "the database was changed") or ""


def _held(strategy: Strategy, what: str) -> str | None:
    match strategy:
        case Strategy.FILE_WINS:
            return None
        case Strategy.DATABASE_WINS:
            return f"{what}, and its side is kept: write it into the file"
        case Strategy.NEWEST_WINS:
            return f"{what} last, and its side is kept: write it into the file"
        case Strategy.MANUAL:
            return f"{what}: left for a person to decide"


def _orphan(name: str, row: Row, base: Mapping[str, str] | None, strategy: Strategy) -> Item:
    """An active row that the file does not have."""
    same = base is not None and all(base.get(field) == digest(value) for field, value in _row_values(row))
    if same or strategy is Strategy.FILE_WINS:
        kind = Kind.ORPHAN if same or base is None else Kind.CONFLICT
        return Item(rule=name, kind=kind, act=Act.RETIRE)
    if strategy is Strategy.NEWEST_WINS:
        held = "what the file has not has no date: left for a person to decide"
    else:
        held = _held(strategy, "the database was changed") or ""
    return Item(rule=name, kind=Kind.ORPHAN if base is None else Kind.CONFLICT, act=Act.NOTHING, held=held)


def _row_values(row: Row) -> Iterator[tuple[str, Any]]:
    yield from row.fields.items()
    yield ACTIVE, row.active


def _known(record: Record, base: Mapping[str, str] | None, item: Item | None) -> dict[str, str]:
    """The digests once the plan is applied; of a field that is held they stay what they were."""
    before = base or {}
    if item is not None and not item.changes and item.act is Act.NOTHING:
        return dict(before)
    held = {each.field for each in item.changes if not each.taken} if item is not None else set[str]()
    pairs = [*record.fields.items(), (ACTIVE, record.active)]
    return {
        name: before[name] if name in held else digest(value)
        for name, value in pairs
        if name not in held or name in before
    }


def _refusal(filed: int, active: int, retired: int, most: int) -> str | None:
    if not filed and active:
        return f"the file holds no rule, and all {active:,} active ones of the database would be retired"
    if retired > 1 and retired * 100 > active * most:
        return f"{retired:,} of {active:,} active rules would be retired, more than {most} %"
    return None
