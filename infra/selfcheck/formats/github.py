"""The `github` format: workflow commands, which GitHub shows as annotations of a pull request's lines.

The grammar and the limits are those of actions/runner (`ActionCommand.cs`, `ActionCommandManager.cs`).
"""

import posixpath
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from selfcheck.guardrail import Place, Severity
from selfcheck.model import Finding, Location, Outcome, Report, Ruling, Verdict

CAP = 10
"""How many annotations of one kind the runner keeps of a step; it drops the others without a word."""
LONGEST = 4096
"""How many UTF-16 units of a message the runner keeps."""
DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
PROPERTY = DATA | str.maketrans({":": "%3A", ",": "%2C"})
TITLE = "selfcheck"
PACK = "pack:"

Kind = Literal["error", "warning", "notice"]


class Annotation(NamedTuple):
    """One command: its kind, how grave it is (0 is the gravest), what it is about and what it says."""

    kind: Kind
    rank: int
    title: str
    message: str
    at: Location | None = None


def render(report: Report, **_options: object) -> str:
    """What counts, the gravest first, as far as the runner keeps it; then how much more there is."""
    annotations = sorted(_annotations(report), key=lambda each: each.rank)
    errors = [each for each in annotations if each.kind == "error"]
    warnings = [each for each in annotations if each.kind == "warning"]
    shown = [*errors[:CAP], *warnings[:CAP]]
    more = _more(len(errors[CAP:]), len(warnings[CAP:]))
    return "".join(f"{_command(each)}\n" for each in [*shown, *more])


def _annotations(report: Report) -> Iterator[Annotation]:
    if report.stopped is not None:
        yield Annotation("error", -1, TITLE, "interrupted: this report is not complete")
    ranks = list(Severity)
    for verdict in report.verdicts:
        kind: Kind = "error" if verdict.gates else "warning"
        rank, name = ranks.index(verdict.guardrail.severity), verdict.guardrail.id
        for ruling in verdict.findings:
            if ruling.counts:
                at = _from_top(report, ruling.seen.at or _written(verdict.guardrail.place))
                yield Annotation(kind, rank, name, _message(ruling) or name, at)
        if unjudged := _unjudged(verdict):
            yield Annotation(kind, rank, name, unjudged)


def _message(ruling: Ruling[Finding]) -> str:
    lines = [ruling.seen.message]
    if ruling.growth:
        lines.append(f"worse: {ruling.growth}")
    if ruling.seen.hint:
        lines.append(f"do: {ruling.seen.hint}")
    return "\n".join(lines)


def _unjudged(verdict: Verdict) -> str:
    """What of a guardrail could not be judged, whether or not it was found broken; empty where all was."""
    lines = [f"{each.seen.path}: {each.seen.reason}" for each in verdict.unread if each.counts]
    if verdict.outcome is Outcome.ERROR:
        lines.insert(0, f"could not be judged: {verdict.reason}")
    elif lines:
        lines.insert(0, "could not be judged in full, for some files could not be read:")
    return "\n".join(lines)


def _more(errors: int, warnings: int) -> Sequence[Annotation]:
    """GitHub would show no more of a step, so one line tells where the others are."""
    told = [
        f"{count:,} {kind}{'s' * (count > 1)}" for count, kind in ((errors, "error"), (warnings, "warning")) if count
    ]
    if not told:
        return ()
    text = f"{' and '.join(told)} more than GitHub shows as annotations; the step summary has the whole list"
    return (Annotation("notice", 0, TITLE, text),)


def _written(place: Place) -> Location | None:
    """The line of a guardrail; one of a pack stands in no file of the repository."""
    return None if place.file.startswith(PACK) else Location(place.file, place.line)


def _from_top(report: Report, at: Location | None) -> Location | None:
    """The place from the repository's top; a finding about a whole file is shown at its first line."""
    if at is None or not at.path:
        return None
    return Location(posixpath.join(report.run.folder, at.path), at.line or 1, at.line and at.column)


def _command(annotation: Annotation) -> str:
    at, message = annotation.at, annotation.message
    if at is not None and at.path.startswith("="):  # the runner takes it for a second separator, and drops it
        at, message = None, f"{at}: {message}"
    properties = [*_place(at), ("title", annotation.title)]
    told = ",".join(f"{name}={value.translate(PROPERTY)}" for name, value in properties)
    return f"::{annotation.kind} {told}::{_cut(message).translate(DATA)}"


def _place(at: Location | None) -> Iterator[tuple[str, str]]:
    """Without a line an annotation does not show beside the code; an end makes the runner doubt the rest."""
    if at is not None:
        yield "file", at.path
        yield "line", str(at.line)
        if at.column:
            yield "col", str(at.column)


def _cut(message: str) -> str:
    """The message, or as much of it as the runner keeps; a character that takes two units is not halved."""
    if len(_units(message)) <= 2 * LONGEST:
        return message
    kept = _units(message)[: 2 * (LONGEST - 1)].decode("utf-16-le", "ignore")
    return f"{kept}…"


def _units(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")
