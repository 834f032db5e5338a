"""The `tap` format: the Test Anything Protocol, version 13, one test point a guardrail."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from selfcheck.model import Evidence, Finding, Location, Outcome, Report, Ruling, Run, Status, Unread, Verdict

# What YAML forbids or takes for a line end, what a terminal would act on, and what reorders text.
UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)

Item = str | Mapping[str, str]
Block = Mapping[str, str | int | Sequence[Item]]


def render(report: Report, **_options: object) -> str:
    """The report as lines: the version, the plan, the points, and the bail-out of a run that was cut short."""
    lines = ["TAP version 13", f"1..{len(report.verdicts)}" if report.verdicts else "1..0 # SKIP nothing was judged"]
    for number, verdict in enumerate(report.verdicts, start=1):
        lines += [_point(number, verdict), *_yaml(_told(report.run, verdict))]
    if report.stopped is not None:
        lines.append("Bail out! interrupted: this report is not complete")
    return "".join(f"{line}\n" for line in lines)


def _point(number: int, verdict: Verdict) -> str:
    """The line of one guardrail; one that fails without blocking is a TODO, which no reader counts as a failure."""
    ok = "ok" if verdict.outcome in (Outcome.PASS, Outcome.SKIP) else "not ok"
    line = f"{ok} {number} - {verdict.guardrail.id}"
    if verdict.outcome is Outcome.SKIP:
        return f"{line} # SKIP {_shown(_line(verdict.reason or ''))}".rstrip()
    return f"{line} # TODO warns only" if ok == "not ok" and not verdict.gates else line


def _told(run: Run, verdict: Verdict) -> Block:
    """What stands below the line of a guardrail."""
    guardrail = verdict.guardrail
    met = Counter(each.status for each in verdict.findings) + Counter(each.status for each in verdict.unread)
    accepted = (Status.EXISTING, Status.BASELINED, Status.WAIVED)
    broken = verdict.outcome in (Outcome.FAIL, Outcome.ERROR)
    told: dict[str, str | int | Sequence[Item]] = {
        "outcome": verdict.outcome.value,
        "severity": guardrail.severity.value,
        "title": _line(guardrail.title),
        "reason": _line(verdict.reason or "") if broken else "",
        "why": _line(guardrail.why) if broken else "",
        "place": str(guardrail.place) if broken else "",
        "evidence": [_line(_examined(each)) for each in verdict.evidence],
        "findings": [_found(run, each) for each in verdict.findings if each.counts],
        "unread": [_unread(run, each) for each in verdict.unread if each.counts],
    }
    told |= {status.value: met[status] for status in accepted}
    return {name: each for name, each in told.items() if each}


def _found(run: Run, ruling: Ruling[Finding]) -> Item:
    finding = ruling.seen
    told = {
        "key": finding.key,
        "message": _line(finding.message),
        "place": _from_top(run, finding.at) if finding.at else "",
        "growth": _line(ruling.growth or ""),
        "hint": _line(finding.hint or ""),
    }
    return {name: each for name, each in told.items() if each or name == "key"}


def _unread(run: Run, ruling: Ruling[Unread]) -> Item:
    return {"path": _from_top(run, Location(ruling.seen.path)), "reason": _line(ruling.seen.reason)}


def _from_top(run: Run, at: Location) -> str:
    """The place as the repository has it, of which a part may be judged."""
    return str(Location(posixpath.join(run.folder, at.path), at.line, at.column))


def _examined(evidence: Evidence) -> str:
    return f"{evidence.examined:,} of {evidence.scope:,} {evidence.what}"


def _yaml(block: Block) -> Iterator[str]:
    """The block as the YAML that all readers of TAP share: one level of lists and mappings, every text in quotes."""
    yield "  ---"
    for name, value in block.items():
        if isinstance(value, str | int):
            yield f"  {name}: {_scalar(value)}"
            continue
        yield f"  {name}:"
        for item in value:
            yield from (f"    {line}" for line in _item(item))
    yield "  ..."


def _item(item: Item) -> Iterator[str]:
    if isinstance(item, str):
        yield f"- {_scalar(item)}"
        return
    for number, (name, value) in enumerate(item.items()):
        yield f"{'  ' if number else '- '}{name}: {_scalar(value)}"


def _scalar(value: str | int) -> str:
    return str(value) if isinstance(value, int) else "'" + _shown(value).replace("'", "''") + "'"


def _line(text: str) -> str:
    """The text on one line."""
    return " ".join(text.split())


def _shown(text: str) -> str:
    """The text in characters that every reader takes; others stand escaped."""
    return UNSAFE.sub(lambda found: ascii(found[0])[1:-1], text)
