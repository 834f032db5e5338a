"""What the history of findings suggests: guardrails to write or to change, each with its evidence. Pure; nothing is enabled.

A suggestion is a ready guardrail in YAML, switched off, for a person to finish, to enable or to throw away.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import PurePosixPath

from msgspec import Struct

from selfcheck.guardrail import Guardrail, Severity
from selfcheck_observability.tracks import State, Track

REOPENED = 3
WAIVED = 3
NIGHTLY = 2
RECURRING = 10
PATHS = 3
SHOWN = 5
"""How many pieces of evidence are listed."""


class Kind(StrEnum):
    """Why something is suggested."""

    REOPENED = "reopened"
    RECURRING = "recurring"
    WAIVED = "waived"
    NIGHTLY = "nightly"
    HOTSPOT = "hotspot"


class Suggestion(Struct, frozen=True, kw_only=True):
    """One suggestion: about which guardrail or file, what to do, why, and the guardrail to begin with."""

    kind: Kind
    id: str
    about: str
    advice: str
    evidence: tuple[str, ...]
    stub: str


class Faults(Struct, frozen=True):
    """What recorded runs of the gate saw of a guardrail."""

    judged: int
    failed: int


def suggested(
    tracks: Iterable[Track],
    guardrails: Sequence[Guardrail],
    gate: Mapping[str, Faults],
    churn: Mapping[str, int],
    covered: frozenset[str],
) -> tuple[Suggestion, ...]:
    """All suggestions, by their ids; `churn` says how often each file was changed, `covered` which ones a finding named."""
    known = {guardrail.id: guardrail for guardrail in guardrails}
    by_guardrail: dict[str, list[Track]] = {}
    for track in tracks:
        if track.guardrail in known:
            by_guardrail.setdefault(track.guardrail, []).append(track)
    found = [each for name, mine in by_guardrail.items() for each in _of(known[name], mine, gate.get(name))]
    found += _hotspots(churn, covered)
    return tuple(sorted({each.id: each for each in found}.values(), key=lambda each: each.id))


def _of(guardrail: Guardrail, mine: Sequence[Track], gate: Faults | None) -> Iterator[Suggestion]:
    again = [track for track in mine if track.reopened >= REOPENED]
    if again:
        advice = "it comes back: let it block, and raise its severity"
        yield _suggestion(
            Kind.REOPENED, guardrail, advice, again, severity=_graver(guardrail.severity), enforce="block"
        )
    waived = [track for track in mine if track.accepted >= WAIVED]
    if waived:
        advice = "it is waived again and again: either the rule is wrong, or its scope is"
        yield _suggestion(Kind.WAIVED, guardrail, advice, waived)
    old = [track for track in mine if track.state is State.OPEN and track.runs >= RECURRING]
    if len({track.path or track.key for track in old}) >= PATHS:
        advice = "nobody mends it: accept it in the baseline and let what is new block, or drop it"
        yield _suggestion(Kind.RECURRING, guardrail, advice, old, enforce="block")
    nightly = [track for track in mine if track.nightly >= NIGHTLY]
    if nightly and not (gate and gate.failed):
        seen = f"the gate judged it {gate.judged} times and never failed" if gate else "no recorded gate run judged it"
        advice = f"it is found at night only ({seen}): judge it on pull requests"
        yield _suggestion(Kind.NIGHTLY, guardrail, advice, nightly, enforce="block")


def _hotspots(churn: Mapping[str, int], covered: frozenset[str]) -> Iterator[Suggestion]:
    """Files that are changed far more often than others and that no finding ever named."""
    if len(churn) < SHOWN:
        return
    usual = sorted(churn.values())[len(churn) // 2]
    hot = [path for path, changes in churn.items() if changes >= max(20, 5 * usual) and path not in covered]
    for path in sorted(hot, key=lambda path: (-churn[path], path))[:SHOWN]:
        name = _id(f"{PurePosixPath(path).with_suffix('')}-is-small")
        about = {
            "id": name,
            "title": f"{path} does not grow",
            "why": f"It was changed in {churn[path]} of the last commits; no guardrail looks at it.",
            "severity": Severity.MEDIUM.value,
            "check": {"use": "max-lines", "limit": 300, "paths": [path]},
        }
        evidence = (f"{path}: changed in {churn[path]} commits, files usually in {usual}",)
        advice = "it changes more often than anything around it, and nothing guards it"
        yield Suggestion(
            kind=Kind.HOTSPOT,
            id=f"hotspot-{name}",
            about=path,
            advice=advice,
            evidence=evidence,
            stub=_stub(about, evidence),
        )


def _suggestion(
    kind: Kind,
    guardrail: Guardrail,
    advice: str,
    tracks: Sequence[Track],
    *,
    severity: Severity | None = None,
    enforce: str | None = None,
) -> Suggestion:
    first = sorted(tracks, key=lambda track: (-track.reopened, -track.accepted, track.key))
    evidence = [_evidence(track) for track in first[:SHOWN]]
    evidence += [f"and {len(first) - SHOWN} more"] if len(first) > SHOWN else []
    about: dict[str, object] = {
        "id": f"{guardrail.id}-{kind}",
        "title": guardrail.title,
        "why": guardrail.why,
        "severity": (severity or guardrail.severity).value,
        "check": dict(guardrail.check),
    }
    if enforce:
        about["enforce"] = enforce
    return Suggestion(
        kind=kind,
        id=f"{kind}-{guardrail.id}",
        about=guardrail.id,
        advice=advice,
        evidence=tuple(evidence),
        stub=_stub(about, evidence),
    )


def _evidence(track: Track) -> str:
    return (
        f"{track.key}: first seen {track.first_seen[:10]}, {track.reopened} times reopened, "
        f"{track.accepted} times accepted, {track.nightly} times opened at night, {track.runs} runs"
    )


def _stub(about: Mapping[str, object], evidence: Sequence[str]) -> str:
    """The guardrail in YAML: JSON is YAML, so no text of a repository is anything but a text."""
    reason = "proposed by selfcheck suggest; a person decides"
    whole = {**about, "tags": ["proposed"], "enabled": {"value": False, "reason": reason}}
    lines = [f"  # {line}" for each in evidence for line in _printable(each).splitlines()]
    body = [f"    {name}: {json.dumps(value, ensure_ascii=True)}" for name, value in whole.items()]
    return "\n".join([*lines, "  -" + body[0][3:], *body[1:], ""])


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)


def _graver(severity: Severity) -> Severity:
    ranks = list(Severity)
    return ranks[max(0, ranks.index(severity) - 1)]


def _id(text: str) -> str:
    """A name in kebab-case."""
    words = "".join(character if character.isascii() and character.isalnum() else " " for character in text.lower())
    return "-".join(words.split()) or "file"


def document(suggestions: Sequence[Suggestion]) -> str:
    """A rulebook file of all of them."""
    head = (
        "# Proposed by `selfcheck suggest`, and switched off: finish, enable or delete each.\n"
        "version: 1\n\nguardrails:\n"
    )
    return head + "\n".join(f"  # {each.kind}: {_printable(each.advice)}\n{each.stub}" for each in suggestions)
