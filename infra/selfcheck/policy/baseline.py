"""The baseline file: one sorted line a finding that is accepted, so that git merges it; read, written, grown and shrunk."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta, Struct, structs

from selfcheck.errors import Fault, RulebookError
from selfcheck.guardrail import Id, Text
from selfcheck.model import Acceptance, By, Finding, Location, Ruling, Status, Unread, Verdict
from selfcheck.policy.entry import Entry, measured
from selfcheck.policy.given import Line
from selfcheck.policy.renames import Renames

PLACE = "guardrails/baseline.jsonl"
CONFLICT = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


class LineV1(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One line as it stands in the file; no line number, no total, nothing that changes with its neighbours."""

    guardrail: Id
    key: str
    count: Annotated[int, Meta(ge=1, le=1_000_000)]
    since: date
    reason: Text
    owner: Text | None = None
    parts: tuple[str, ...] = ()
    amount: int | None = None
    unread: bool = False


_decoder = msgspec.json.Decoder(LineV1)


def parse(content: bytes, name: str = PLACE) -> tuple[Line, ...]:
    """All lines of a baseline.

    Raises:
        RulebookError: with every line that is none, or that stands there twice.
    """
    faults: list[Fault] = []
    first: dict[tuple[object, ...], int] = {}
    lines: list[Line] = []
    for number, raw in enumerate(content.split(b"\n"), start=1):
        if not raw.strip():
            continue
        try:
            line = _line(_decoder.decode(raw), name, number)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
            faults.append(Fault(name, number, 1, _wrong(raw, str(error))))
            continue
        other = first.setdefault(_identity(line), number)
        if other != number:
            faults.append(
                Fault(
                    name, number, 1, f"is the same finding as line {other}; keep one, with the count of what is meant"
                )
            )
        lines.append(line)
    if faults:
        raise RulebookError(faults)
    return tuple(lines)


def render(lines: Iterable[Line]) -> str:
    """The file: lines by guardrail and key, each ending in a newline."""
    return "".join(f"{row}\n" for row in sorted(map(_row, _merged(lines))))


def by_guardrail(lines: Iterable[Line]) -> Mapping[str, tuple[Line, ...]]:
    """The lines of each guardrail."""
    found: defaultdict[str, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.guardrail].append(line)
    return {name: tuple(several) for name, several in found.items()}


def moved(lines: Iterable[Line], renames: Renames) -> tuple[Line, ...]:
    """The same lines under the names of today; the key that each had is remembered."""
    return tuple(structs.replace(line, entry=renames.moved(line.entry)) for line in lines)


def grown(
    lines: Sequence[Line], verdicts: Iterable[Verdict], *, reason: str, owner: str | None, since: date
) -> tuple[Line, ...]:
    """The baseline with every finding that counts today; what one of them outgrew is gone."""
    fresh: list[Line] = []
    outgrown: set[Location] = set()
    for verdict in verdicts:
        guardrail = verdict.guardrail
        counting = [ruling for ruling in _rulings(verdict) if ruling.counts] if guardrail.waivable else []
        idle = _Idle(_idle(lines, verdict) if any(ruling.growth for ruling in counting) else [])
        for ruling in counting:
            entry = _entry(ruling)
            if ruling.growth:
                outgrown |= {line.acceptance.at for line in idle.like(entry) if _is_outgrown(line, entry)}
            said = Acceptance(by=By.BASELINE, match=entry.key, at=Location(PLACE), reason=reason, owner=owner)
            fresh.append(Line(guardrail.id, since, entry, said))
    return (*(line for line in lines if line.acceptance.at not in outgrown), *fresh)


def shrunk(lines: Sequence[Line], verdicts: Iterable[Verdict]) -> tuple[Line, ...]:
    """The baseline without what is no longer found, the rest as small as it is today.

    Lines of guardrails that were not judged to their end stay as they are.
    """
    kept: list[Line] = []
    judged = {verdict.guardrail.id: _met(verdict) for verdict in verdicts if is_judged(verdict)}
    for line in lines:
        met = judged.get(line.guardrail)
        if met is None:
            kept.append(line)
        else:
            kept.extend(structs.replace(line, entry=entry) for entry in met.get(line.acceptance.at, ()))
    return tuple(kept)


def is_judged(verdict: Verdict) -> bool:
    """Whether all there is was seen: a check that ran to its end, in no empty scope, and every file read."""
    whole = verdict.guardrail.allow_empty or all(each.scope for each in verdict.evidence)
    return whole and bool(verdict.evidence) and not any(ruling.counts for ruling in verdict.unread)


def _rulings(verdict: Verdict) -> Iterator[Ruling[Finding] | Ruling[Unread]]:
    yield from verdict.findings
    yield from verdict.unread


def _met(verdict: Verdict) -> Mapping[Location, list[Entry]]:
    """What the line at each place accepts today."""
    met: defaultdict[Location, list[Entry]] = defaultdict(list)
    for ruling in _rulings(verdict):
        if ruling.status is Status.BASELINED and ruling.acceptance is not None:
            met[ruling.acceptance.at].append(_entry(ruling))
    return met


def _idle(lines: Iterable[Line], verdict: Verdict) -> list[Line]:
    """The lines for a guardrail that accept nothing today."""
    covering = {each.at for each in verdict.acceptances if each.by is By.BASELINE and each.covered}
    return [line for line in lines if line.guardrail == verdict.guardrail.id and line.acceptance.at not in covering]


class _Idle:
    """Such lines by what one that outgrew them has too: the key, or the part that is rarest among them."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._by_key: defaultdict[str, list[Line]] = defaultdict(list)
        self._by_part: defaultdict[str, list[Line]] = defaultdict(list)
        counts = Counter(part for line in lines for part in line.entry.parts)
        for line in lines:
            self._by_key[line.entry.key].append(line)
            if line.entry.parts:
                self._by_part[min(line.entry.parts, key=lambda part: counts[part])].append(line)

    def like(self, entry: Entry) -> Iterator[Line]:
        """Those that it may have outgrown."""
        yield from self._by_key.get(entry.key, ())
        for part in entry.parts:
            yield from self._by_part.get(part, ())


def _is_outgrown(line: Line, by: Entry) -> bool:
    """Whether a finding has all that a line accepts, and more; it stands in its place from now on."""
    same = line.entry.unread == by.unread and line.entry.count == 1
    return same and (line.entry.key == by.key or bool(line.entry.parts and set(line.entry.parts) <= set(by.parts)))


def _entry(ruling: Ruling[Finding] | Ruling[Unread]) -> Entry:
    seen = ruling.seen
    parts, amount = measured(seen)
    if isinstance(seen, Unread):
        return Entry(key=seen.path, unread=True)
    return Entry(key=seen.key, parts=tuple(sorted(parts)), amount=amount)


def _merged(lines: Iterable[Line]) -> Iterator[Line]:
    """Equal ones as one with their sum, since the first day that one of them was accepted."""
    found: dict[tuple[object, ...], Line] = {}
    for line in lines:
        other = found.get(_identity(line))
        if other is None:
            found[_identity(line)] = line
        else:
            oldest = min(other, line, key=_age)
            count = other.entry.count + line.entry.count
            found[_identity(line)] = structs.replace(oldest, entry=structs.replace(oldest.entry, count=count))
    yield from found.values()


def _age(line: Line) -> tuple[date, str, str]:
    """The oldest first; of one day any, but whichever stands first always the same."""
    return line.since, line.acceptance.reason, line.acceptance.owner or ""


def _identity(line: Line) -> tuple[object, ...]:
    entry = line.entry
    return line.guardrail, entry.key, entry.unread, entry.parts, entry.amount


def _row(line: Line) -> str:
    entry, said = line.entry, line.acceptance
    wire = LineV1(
        guardrail=line.guardrail,
        key=_text(entry.key),
        count=entry.count,
        since=line.since,
        reason=_text(said.reason),
        owner=_text(said.owner) if said.owner and said.owner.strip() else None,
        parts=tuple(map(_text, entry.parts)),
        amount=entry.amount,
        unread=entry.unread,
    )
    return json.dumps(msgspec.to_builtins(wire), ensure_ascii=False)


def _text(text: str) -> str:
    """As UTF-8 can hold it: an argument that was no text in the terminal's coding has characters that it cannot."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _line(wire: LineV1, name: str, number: int) -> Line:
    entry = Entry(
        key=wire.key, count=wire.count, parts=tuple(sorted(wire.parts)), amount=wire.amount, unread=wire.unread
    )
    said = Acceptance(
        by=By.BASELINE,
        match=wire.key,
        at=Location(name, number),
        reason=wire.reason,
        owner=wire.owner,
        count=wire.count,
    )
    return Line(wire.guardrail, wire.since, entry, said)


def _wrong(raw: bytes, why: str) -> str:
    if raw.decode("utf-8", "replace").startswith(CONFLICT):
        return "a merge conflict; take the marks out and keep the lines of both sides, then `selfcheck baseline update`"
    return f"is no line of a baseline: {why}; `selfcheck baseline accept` and `update` write them"
