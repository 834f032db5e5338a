"""The `gitlab` format: a Code Quality report, one entry a finding that counts, and one for what could not be judged."""

import posixpath
import re
from collections.abc import Iterator
from typing import Literal

import msgspec
from msgspec import Struct

from selfcheck.guardrail import Severity
from selfcheck.model import Finding, Location, Outcome, Report, Ruling, Run, Unread, Verdict, fingerprint

UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
UNJUDGED = "\0not judged"
"""The key of a guardrail that could not be judged; no check names a finding so."""

Grade = Literal["info", "minor", "major", "critical", "blocker"]
GRADES: dict[Severity, Grade] = {
    Severity.CRITICAL: "critical",
    Severity.HIGH: "major",
    Severity.MEDIUM: "minor",
    Severity.LOW: "info",
}


class Lines(Struct, frozen=True):
    """Where it begins, counting from 1."""

    begin: int


class Place(Struct, frozen=True):
    """A file from the top of the repository."""

    path: str
    lines: Lines


class Degradation(Struct, frozen=True):
    """One entry, as GitLab names its fields."""

    description: str
    check_name: str
    fingerprint: str
    severity: Grade
    location: Place


def render(report: Report, **_options: object) -> str:
    """The report as a JSON list, ending in a newline."""
    entries = [each for verdict in report.verdicts for each in _entries(report.run, verdict)]
    return msgspec.json.format(msgspec.json.encode(entries), indent=2).decode("utf-8") + "\n"


def _entries(run: Run, verdict: Verdict) -> Iterator[Degradation]:
    """What counts; of a guardrail that could not be judged the files that it could not read, or else itself."""
    grade = GRADES[verdict.guardrail.severity]
    lost = [each for each in verdict.unread if each.counts]
    for found in verdict.findings:
        if found.counts:
            yield _entry(run, verdict, _found(found), found.fingerprint, grade, found.seen.at)
    for unread in lost:
        at = Location(unread.seen.path)
        yield _entry(run, verdict, _lost(unread), unread.fingerprint, _gravest(verdict), at)
    if verdict.outcome is Outcome.ERROR and not lost:
        identity = fingerprint(verdict.guardrail.id, UNJUDGED, 1)
        yield _entry(run, verdict, f"could not be judged: {verdict.reason}", identity, _gravest(verdict), None)


def _gravest(verdict: Verdict) -> Grade:
    """What could not be judged outranks every finding where it blocks."""
    return "blocker" if verdict.gates else GRADES[verdict.guardrail.severity]


def _found(ruling: Ruling[Finding]) -> str:
    parts = (ruling.seen.message, ruling.growth, ruling.seen.hint)
    return "; ".join(part for part in parts if part)


def _lost(ruling: Ruling[Unread]) -> str:
    return f"could not be read: {ruling.seen.reason}"


def _entry(run: Run, verdict: Verdict, said: str, identity: str, grade: Grade, at: Location | None) -> Degradation:
    """A finding without a place stands at its guardrail."""
    guardrail = verdict.guardrail
    at = at or Location(guardrail.place.file, guardrail.place.line)
    note = "" if verdict.gates else "warns only: "
    return Degradation(
        description=_shown(" ".join(f"{note}{said}".split())) or guardrail.id,
        check_name=guardrail.id,
        fingerprint=identity,
        severity=grade,
        location=Place(_path(run, at.path), Lines(at.line or 1)),
    )


def _path(run: Run, path: str) -> str:
    """The path from the top of the repository; a guardrail of a pack stands in no file, and is named as it is."""
    return _shown(path if path.startswith("pack:") else posixpath.normpath(posixpath.join(run.folder, path)))


def _shown(text: str) -> str:
    return UNSAFE.sub(lambda found: ascii(found[0])[1:-1], text)
