"""The `text` format, for people: what failed first, where, why and what to do; readable at 80 columns, without colour."""

import re
import textwrap
from collections.abc import Iterator, Sequence

import click

from selfcheck.model import Evidence, Finding, Outcome, Report, Ruling, Status, Verdict

SHOWN = 12
"""How many findings of one guardrail are listed unless all are asked for."""
LABELS = {Outcome.FAIL: "FAIL", Outcome.ERROR: "ERROR", Outcome.SKIP: "skip", Outcome.PASS: "pass"}
COLORS = {Outcome.FAIL: "red", Outcome.ERROR: "magenta", Outcome.SKIP: "cyan", Outcome.PASS: "green"}
INDENT = " " * 6
# Control characters and those that reorder text, with which a file's name could forge a line or hide one.
UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

FOLDED = re.compile(r"[ \t]*[\r\n\t]+[ \t]*")


def render(report: Report, *, color: bool = False, width: int = 80, verbosity: int = 0) -> str:
    """The report as lines of at most `width` columns where words allow; verbosity -1 is quiet, 1 shows all."""
    page = _Page(color, max(40, width), verbosity)
    ordered = sorted(report.verdicts, key=_urgency)
    lines = [line for verdict in ordered if page.shows(verdict) for line in page.block(verdict)]
    if verbosity >= 0 or report.exit_code:
        lines += page.summary(report)
    return "".join(f"{line}\n" for line in lines)


def clean(text: str) -> str:
    """The text without what a terminal would act on."""
    return UNSAFE.sub(lambda found: ascii(found[0])[1:-1], text)


def one_line(text: str) -> str:
    """The same, with its line ends as blanks."""
    return clean(FOLDED.sub(" ", text.rstrip()))


def _urgency(verdict: Verdict) -> int:
    """Gating failures first, then gating errors, then what only warns."""
    order = [Outcome.FAIL, Outcome.ERROR, Outcome.SKIP, Outcome.PASS]
    rank = order.index(verdict.outcome)
    warns_only = rank < 2 and not verdict.gates
    return rank + 2 * warns_only + (4 if rank >= 2 else 0)


class _Page:
    """How a report is laid out for one reader."""

    def __init__(self, color: bool, width: int, verbosity: int) -> None:
        self.color = color
        self.width = width
        self.verbosity = verbosity

    def shows(self, verdict: Verdict) -> bool:
        """Passes on demand; waived findings are worth a look even on a pass; quiet shows what gates."""
        if self.verbosity > 0:
            return True
        if self.verbosity < 0:
            return verdict.gates and verdict.outcome in (Outcome.FAIL, Outcome.ERROR)
        return verdict.outcome is not Outcome.PASS or _waived(verdict) > 0

    def block(self, verdict: Verdict) -> Iterator[str]:
        """All lines of one guardrail."""
        guardrail = verdict.guardrail
        yield from self._head(verdict)
        if verdict.outcome is Outcome.PASS:
            yield from self._about(verdict.evidence)
            yield from self._waived(verdict)
            return
        yield from self._wrapped(guardrail.title)
        if verdict.reason:
            yield from self._wrapped(verdict.reason)
        if verdict.outcome is Outcome.SKIP:
            return
        hints = list(dict.fromkeys(each.seen.hint for each in verdict.findings if each.counts and each.seen.hint))
        for item, hint in self._listed(verdict):
            yield from self._wrapped(item, hanging=4)
            if hint is not None and len(hints) > 1:
                yield from _lines(f"do: {one_line(hint)}", self.width, f"{INDENT}    ", f"{INDENT}        ")
        yield from self._waived(verdict)
        yield from self._labelled("why", guardrail.why)
        if len(hints) == 1:
            yield from self._labelled("do", hints[0])
        yield from self._labelled("see", ", ".join((*guardrail.refs, str(guardrail.place))))
        if guardrail.owner:
            yield from self._labelled("ask", guardrail.owner)
        yield ""

    def summary(self, report: Report) -> Iterator[str]:
        """The counts, then why the exit code is what it is."""
        words = {Outcome.FAIL: "failed", Outcome.ERROR: "not judged", Outcome.SKIP: "skipped", Outcome.PASS: "passed"}
        counts = [(outcome, report.count(outcome)) for outcome in words]
        said = ", ".join(self._style(f"{count} {words[outcome]}", outcome) for outcome, count in counts if count)
        yield f"{said or 'nothing judged'} in {report.seconds:.2f} s"
        for outcome, verb in ((Outcome.FAIL, "failed"), (Outcome.ERROR, "could not be judged")):
            gating = [v.guardrail.id for v in report.verdicts if v.gates and v.outcome is outcome]
            if gating:
                yield from _lines(f"{verb}: {', '.join(gating)}", self.width, "", "  ")
        if report.stopped is not None:
            yield "interrupted: this report is not complete"

    def _head(self, verdict: Verdict) -> Iterator[str]:
        guardrail = verdict.guardrail
        label = self._style(f"{LABELS[verdict.outcome]:<5}", verdict.outcome)
        name = click.style(guardrail.id, bold=True) if self.color else guardrail.id
        warns = ", warns only" if verdict.outcome in (Outcome.FAIL, Outcome.ERROR) and not verdict.gates else ""
        about = f"({guardrail.severity}{warns})"
        if len(f"{'':<5} {guardrail.id} {about}") <= self.width:
            yield f"{label} {name} {about}"
        else:
            yield f"{label} {name}"
            yield f"{INDENT}{about}"

    def _listed(self, verdict: Verdict) -> list[tuple[str, str | None]]:
        """What counts, and what to do about each."""
        items = [(_finding(each), each.seen.hint) for each in verdict.findings if each.counts]
        items += [
            (f"{clean(each.seen.path)}: unread: {each.seen.reason}", None) for each in verdict.unread if each.counts
        ]
        if self.verbosity > 0 or len(items) <= SHOWN:
            return items
        return [*items[:SHOWN], (f"and {len(items) - SHOWN} more (--verbose lists all)", None)]

    def _about(self, evidence: Sequence[Evidence]) -> Iterator[str]:
        said = ", ".join(_amount(each) for each in evidence)
        if said:
            yield from self._wrapped(said)

    def _waived(self, verdict: Verdict) -> Iterator[str]:
        if waived := _waived(verdict):
            yield f"{INDENT}{waived} waived"

    def _labelled(self, label: str, text: str) -> Iterator[str]:
        yield from self._wrapped(f"{label + ':':<5}{text}", hanging=5)

    def _wrapped(self, text: str, hanging: int = 0) -> Iterator[str]:
        yield from _lines(one_line(text), self.width, INDENT, INDENT + " " * hanging)

    def _style(self, text: str, outcome: Outcome) -> str:
        return click.style(text, fg=COLORS[outcome], bold=outcome is not Outcome.PASS or None) if self.color else text


def _lines(text: str, width: int, first: str, others: str) -> list[str]:
    """The text over as many lines as it takes; a word, such as a path or an id, is never broken."""
    return textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=others, break_long_words=False, break_on_hyphens=False
    )


def _finding(ruling: Ruling[Finding]) -> str:
    finding = ruling.seen
    return f"{clean(str(finding.at))}: {finding.message}" if finding.at else finding.message


def _waived(verdict: Verdict) -> int:
    statuses = [*(each.status for each in verdict.findings), *(each.status for each in verdict.unread)]
    return statuses.count(Status.WAIVED)


def _amount(evidence: Evidence) -> str:
    what = re.sub(r"(\w{2,})s\b", r"\1", evidence.what, count=1) if evidence.scope == 1 else evidence.what
    if evidence.examined == evidence.scope:
        return f"{evidence.scope:,} {what}"
    return f"{evidence.examined:,} of {evidence.scope:,} {what}"
