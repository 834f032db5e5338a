"""The `junit` format: the XML that GitHub's actions, GitLab and Jenkins read as tests; red is what blocks, nothing else."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC
from xml.etree import ElementTree

from msgspec import Struct

from selfcheck.model import (
    Acceptance,
    Evidence,
    Finding,
    Location,
    Outcome,
    Report,
    Ruling,
    Run,
    Status,
    Unread,
    Verdict,
)

# What XML 1.0 forbids, what a terminal would act on, and what reorders text.
UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
# GitLab and a plugin of Jenkins link the file that stands behind such a word.
ATTACHMENT = "[[ATTACHMENT|"


class Case(Struct, frozen=True, kw_only=True):
    """One testcase: its name, its result (None is passed), what the result says, and where it stands."""

    name: str
    result: str | None = None
    message: str = ""
    body: tuple[str, ...] = ()
    at: Location | None = None


def render(report: Report, **_options: object) -> str:
    """The report as one test suite, in which each guardrail is a class."""
    suite = ElementTree.Element("testsuite", name="selfcheck")
    for verdict in report.verdicts:
        _add(suite, verdict.guardrail.id, list(_cases(report.run, verdict)), verdict.seconds)
    if report.stopped is not None:
        cut = "interrupted: this report is not complete"
        _add(suite, "selfcheck", [Case(name="interrupted", result="error", message=cut, body=(cut,))], 0.0)
    results = Counter(each.tag for case in suite for each in case)
    told = {"tests": str(len(suite)), "failures": str(results["failure"]), "errors": str(results["error"])}
    time = {"time": f"{report.seconds:.3f}"}
    started = {"timestamp": report.run.started.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")}
    suite.attrib |= told | {"skipped": str(results["skipped"])} | time | started
    # Jenkins' schema has no `skipped` here.
    suites = ElementTree.Element("testsuites", {"name": "selfcheck", **told, **time})
    suites.append(suite)
    ElementTree.indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(suites, encoding="unicode")}\n'


def _cases(run: Run, verdict: Verdict) -> Iterator[Case]:
    """The promise as a whole, unless others tell what became of it; then what was found and what was not read."""
    lost = any(each.counts for each in verdict.unread)
    if verdict.outcome is not Outcome.FAIL and not lost:
        yield _promise(run, verdict)
    for found in verdict.findings:
        yield _found(run, verdict, found)
    for unread in verdict.unread:
        yield _unread(run, verdict, unread)


def _promise(run: Run, verdict: Verdict) -> Case:
    name, at, reason = verdict.guardrail.title, _place(run, verdict), verdict.reason or ""
    match verdict.outcome:
        case Outcome.SKIP:
            return Case(name=name, result="skipped", message=reason, body=(reason,), at=at)
        case Outcome.ERROR:
            said = f"could not be judged: {reason}"
            result, message = _weighed(verdict, "error", said)
            return Case(name=name, result=result, message=message, body=(said, *_about(verdict)), at=at)
        case _:
            return Case(name=name, body=tuple(_examined(each) for each in verdict.evidence), at=at)


def _found(run: Run, verdict: Verdict, ruling: Ruling[Finding]) -> Case:
    finding = ruling.seen
    at = _from_top(run, finding.at) if finding.at else _place(run, verdict)
    said = f"{at}: {finding.message}" if at else finding.message
    if not ruling.counts:
        accepted = _accepted(ruling.status, ruling.acceptance)
        return Case(name=finding.key, result="skipped", message=accepted, body=(said, accepted), at=at)
    result, message = _weighed(verdict, "failure", finding.message)
    worse = [f"worse: {ruling.growth}"] if ruling.growth else []
    hint = [f"do: {finding.hint}"] if finding.hint else []
    body = (said, *worse, *hint, *_about(verdict))
    return Case(name=finding.key, result=result, message=message, body=body, at=at)


def _unread(run: Run, verdict: Verdict, ruling: Ruling[Unread]) -> Case:
    at = _from_top(run, Location(ruling.seen.path))
    reason = f"could not be read: {ruling.seen.reason}"
    result, message, body = "skipped", _accepted(ruling.status, ruling.acceptance), [f"{at}: {reason}"]
    if ruling.counts:
        result, message = _weighed(verdict, "error", reason)
        body += _about(verdict)
    else:
        body.append(message)
    return Case(name=f"unread {ruling.seen.path}", result=result, message=message, body=tuple(body), at=at)


def _weighed(verdict: Verdict, result: str, message: str) -> tuple[str, str]:
    """The result of what counts: red only where it blocks, and no pass where it does not."""
    return (result, message) if verdict.gates else ("skipped", f"warns only: {message}")


def _accepted(status: Status, acceptance: Acceptance | None) -> str:
    if acceptance is None:
        return status.value
    until = f"until {acceptance.until}" if acceptance.until else None
    about = ", ".join(each for each in (acceptance.owner, until, str(acceptance.at)) if each)
    return f"{status}: {acceptance.reason} ({about})"


def _about(verdict: Verdict) -> Iterator[str]:
    """What the promise is, why it is made, where it stands and whom to ask."""
    guardrail = verdict.guardrail
    if not verdict.gates:
        yield "warns only"
    if verdict.reason and verdict.outcome is Outcome.FAIL:
        yield verdict.reason
    yield f"promise: {guardrail.title}"
    yield f"why: {guardrail.why}"
    yield f"see: {', '.join((*guardrail.refs, str(guardrail.place)))}"
    if guardrail.owner:
        yield f"ask: {guardrail.owner}"


def _examined(evidence: Evidence) -> str:
    return f"examined {evidence.examined:,} of {evidence.scope:,} {evidence.what}"


def _place(run: Run, verdict: Verdict) -> Location | None:
    """Where the guardrail stands, unless that is in a pack, which is no file of the repository."""
    place = verdict.guardrail.place
    return None if place.file.startswith("pack:") else _from_top(run, Location(place.file, place.line))


def _from_top(run: Run, at: Location) -> Location:
    """The place as the repository has it, of which a part may be judged."""
    return Location(_shown(posixpath.join(run.folder, at.path)), at.line, at.column)


def _add(suite: ElementTree.Element, group: str, cases: Sequence[Case], seconds: float) -> None:
    """The cases of one guardrail; the first has its time, and each a name of its own: GitLab drops a second equal one."""
    taken: Counter[str] = Counter()
    for number, case in enumerate(cases):
        name = _unique(_shown(case.name) or "(no name)", taken)
        about = {"classname": group, "name": name, "time": f"{0.0 if number else seconds:.3f}"}
        if case.at is not None:
            about |= {"file": case.at.path, "line": str(case.at.line or 1)}
        element = ElementTree.SubElement(suite, "testcase", about)
        body = "\n".join(_line(each) for each in case.body)
        if case.result is not None:
            kind = {} if case.result == "skipped" else {"type": group}
            ElementTree.SubElement(element, case.result, {"message": _line(case.message), **kind}).text = body
        else:
            ElementTree.SubElement(element, "system-out").text = body


def _unique(name: str, taken: Counter[str]) -> str:
    """The name, with an ordinal where it is taken."""
    unique = name
    while taken[unique]:
        taken[name] += 1
        unique = f"{name} ({taken[name]})"
    taken[unique] += 1
    return unique


def _line(text: str) -> str:
    """The text on one line."""
    return _shown(" ".join(text.split()))


def _shown(text: str) -> str:
    """The text in characters that every reader takes; others stand escaped."""
    return UNSAFE.sub(lambda found: ascii(found[0])[1:-1], text).replace(ATTACHMENT, "[ [ATTACHMENT|")
