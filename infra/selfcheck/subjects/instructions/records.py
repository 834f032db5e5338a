"""Rules as the declaration has them: each field under its column, of its type, in the words of the mirror."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct

from selfcheck.subjects.instructions.canonical import Unfit, as_mapping, normal
from selfcheck.subjects.instructions.layout import Field, FieldType, Layout, Unmapped
from selfcheck.subjects.instructions.source import Rule, Source, SourceFault, at


class Record(Struct, frozen=True):
    """One rule as the mirror should have it; `stamp` says when it was changed, where that is declared and known."""

    id: str
    fields: Mapping[str, Any]
    active: bool
    line: int
    stamp: str | None = None


class Records(Struct, frozen=True):
    """All rules of a file by id, what is wrong with them, and what the declaration loses of them."""

    by_id: Mapping[str, Record]
    faults: tuple[SourceFault, ...]
    dropped: Mapping[str, int]
    """Fields that are neither mirrored nor ignored, and in how many rules they stand."""
    lossy: Mapping[str, tuple[str, ...]]
    """Columns in which several words of the file become one, and which."""
    digest: str


class _Wrong(Exception):
    """A value that does not fit its column."""


def records(source: Source, layout: Layout) -> Records:
    """The rules of a source by the declaration; a rule with a fault is left out."""
    faults = list(source.faults)
    if layout.versions and source.version not in layout.versions:
        said = "no version" if source.version is None else f"version {source.version}"
        faults.append(SourceFault(1, f"has {said}, and the guardrail knows {', '.join(layout.versions)}"))
    found: dict[str, Record] = {}
    dropped: Counter[str] = Counter()
    for rule in source.rules:
        dropped.update(_dropped(rule, layout))
        try:
            found[rule.id] = _record(rule, layout)
        except _Wrong as error:
            faults.append(SourceFault(rule.line, f"{rule.id}: {error}"))
    faults.sort(key=lambda each: each.line)
    return Records(found, tuple(faults), dict(sorted(dropped.items())), _lossy(source, layout), source.digest)


def of_mirror(value: Any, kind: FieldType, *, native: bool = False) -> Any:
    """What stands in a column, in the form that the file's values have; what is of no such form is as it is."""
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime):
        value = _moment(value)
    match kind:
        case FieldType.JSON if isinstance(value, str) and not native:
            try:
                value = json.loads(value)
            except ValueError:
                return value
        case FieldType.BOOLEAN if value in {0, 1}:
            value = bool(value)
        case FieldType.TIMESTAMP if isinstance(value, str):
            value = moment(value) or value
        case _:
            pass
    try:
        return normal(value)
    except Unfit:
        return f"(a {type(value).__name__})"


def as_flag(value: Any) -> bool:
    """The flag of a row, whatever the database makes of one."""
    return value not in {None, 0, "", "0", "f", "false", "False"}


def moment(text: str) -> str | None:
    """A point in time in UTC as RFC 3339 has it, or None; one without a zone is UTC."""
    try:
        return _moment(datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError):
        return None


def _moment(found: datetime) -> str:
    aware = found if found.tzinfo is not None else found.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _record(rule: Rule, layout: Layout) -> Record:
    active = rule.values.get(layout.active, True)
    if not isinstance(active, bool):
        raise _Wrong(f"`{layout.active}` is neither true nor false")
    fields = {field.name: _value(field, _at(rule.values, field.source)) for field in layout.fields}
    stamp = _at(rule.values, layout.stamp) if layout.stamp is not None else None
    return Record(rule.id, fields, active, rule.line, moment(stamp) if isinstance(stamp, str) else None)


def _value(field: Field, value: Any) -> Any:
    if value is None:
        return _default(field)
    if field.values is not None:
        value = _word(field, value)
    return _typed(field, value)


def _default(field: Field) -> Any:
    return None if field.default is None else _typed(field, field.default)


def _word(field: Field, value: Any) -> Any:
    words = field.values or {}
    if isinstance(value, str) and value in words:
        return words[value]
    match field.unmapped:
        case Unmapped.KEEP:
            return value
        case Unmapped.DEFAULT:
            return field.default
        case Unmapped.ERROR:
            shown = value if isinstance(value, str) and len(value) <= 40 and value.isprintable() else "its value"
            raise _Wrong(f"`{field.source}`: {shown} is none of {', '.join(sorted(words)[:12])}")


def _typed(field: Field, value: Any) -> Any:
    kind = field.type
    if kind is FieldType.JSON:
        return value
    if kind is FieldType.TIMESTAMP:
        found = moment(value) if isinstance(value, str) else None
        if found is None:
            raise _Wrong(f"`{field.source}` is no date and time as ISO 8601 has them")
        return found
    fits = {
        FieldType.TEXT: isinstance(value, str),
        FieldType.INTEGER: isinstance(value, int) and not isinstance(value, bool),
        FieldType.NUMBER: isinstance(value, int | float) and not isinstance(value, bool),
        FieldType.BOOLEAN: isinstance(value, bool),
    }[kind]
    if not fits:
        raise _Wrong(f"`{field.source}` is no {kind.value}; declare its `type`")
    if isinstance(value, str) and "\0" in value:
        raise _Wrong(f"`{field.source}` holds a NUL, which no database keeps")
    return value


def _at(values: Mapping[str, Any], source: str) -> Any:
    """The value that a dotted path leads to; a key with dots in it wins."""
    if source in values:
        return values[source]
    return at(values, source.split("."))


def _dropped(rule: Rule, layout: Layout) -> Iterator[str]:
    known = {layout.id, layout.active, *layout.ignore, *(each.source for each in layout.fields)}
    if layout.stamp is not None:
        known.add(layout.stamp)
    within = {path.rpartition(".")[0] for path in known if "." in path}
    yield from _unknown(rule.values, "", known, within)


def _unknown(values: Mapping[str, Any], before: str, known: set[str], within: set[str]) -> Iterator[str]:
    for key, value in values.items():
        path = f"{before}{key}"
        if path in known:
            continue
        deeper = any(each == path or each.startswith(f"{path}.") for each in within)
        table = as_mapping(value) if deeper else None
        if table is not None:
            yield from _unknown(table, f"{path}.", known, within)
        else:
            yield path


def _lossy(source: Source, layout: Layout) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for field in layout.fields:
        if field.values is None:
            continue
        became: dict[str, set[str]] = {}
        for rule in source.rules:
            word = _at(rule.values, field.source)
            if isinstance(word, str):
                target = field.values.get(word, word if field.unmapped is Unmapped.KEEP else str(field.default))
                became.setdefault(target, set()).add(word)
        folded = {word for words in became.values() if len(words) > 1 for word in words}
        if folded:
            found[field.name] = tuple(sorted(folded))
    return found
