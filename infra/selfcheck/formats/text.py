"""The `text` format, for people: what failed first, where, why and what to do; readable at 80 columns, without colour."""

import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence

import click

from selfcheck.guardrail import Severity
from selfcheck.model import Acceptance, Base, By, Evidence, Finding, Outcome, Report, Ruling, Status, Verdict

SHOWN = 12
"""How many findings of one guardrail are listed unless all are asked for."""
WARNED = 3
"""As many of a guardrail that only warns."""
SOON = 14
"""An exception that ends within so many days is named."""
WRITTEN = {By.WAIVER: "waiver", By.COMMENT: "comment", By.BASELINE: "baseline line", By.APPROVAL: "approval"}
LABELS = {Outcome.FAIL: "FAIL", Outcome.ERROR: "ERROR", Outcome.SKIP: "skip", Outcome.PASS: "pass"}
COLORS = {Outcome.FAIL: "red", Outcome.ERROR: "magenta", Outcome.SKIP: "cyan", Outcome.PASS: "green"}
INDENT = " " * 6
# Control characters and those that reorder text, with which a file's name could forge a line or hide one.
UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
FOLDED = re.compile(r"[ \t]*[\r\n\t]+[ \t]*")


def render(report: Report, *, color: bool = False, width: int = 80, verbosity: int = 0) -> str:
    """The report as lines of at most `width` columns where words allow; verbosity -1 is quiet, 1 shows all."""
    page = _Page(color, max(40, width), verbosity)
    ordered = sorted(report.verdicts, key=_urgency)
    lines = [line for verdict in ordered if page.shows(verdict) for line in page.block(verdict)]
    if verbosity >= 0 or report.exit_code:
        lines += page.summary(report)
    return "".join(f"{line}\n" for line in lines)


def block(verdict: Verdict, *, color: bool = False, width: int = 80, verbosity: int = 0) -> str:
    """One verdict as it stands in a report, whatever it came to."""
    return "\n".join(_Page(color, max(40, width), verbosity).block(verdict)).rstrip("\n")


def body(verdict: Verdict, *, width: int = 80, verbosity: int = 0) -> str:
    """The same without its head, from the first column on: for where outcome, name and severity are told already."""
    page = _Page(color=False, width=max(40, width) + len(INDENT), verbosity=verbosity)
    return textwrap.dedent("\n".join(page.body(verdict))).rstrip("\n")


def summary(report: Report, *, color: bool = False, width: int = 80) -> str:
    """How many verdicts of which kind there are, and which of them block."""
    return "\n".join(_Page(color, max(40, width), verbosity=0).summary(report))


def clean(text: str) -> str:
    """The text without what a terminal would act on."""
    return UNSAFE.sub(lambda found: ascii(found[0])[1:-1], text)


def one_line(text: str) -> str:
    """The same, with its line ends as blanks."""
    return clean(FOLDED.sub(" ", text.rstrip()))


def _urgency(verdict: Verdict) -> tuple[int, int]:
    """Gating failures first, then gating errors, then what only warns; of each the gravest first."""
    order = [Outcome.FAIL, Outcome.ERROR, Outcome.SKIP, Outcome.PASS]
    rank = order.index(verdict.outcome)
    warns_only = rank < 2 and not verdict.gates
    grave = list(Severity).index(verdict.guardrail.severity) if rank < 2 else 0
    return rank + 2 * warns_only + (4 if rank >= 2 else 0), grave


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
        return verdict.outcome is not Outcome.PASS or _accepted([verdict])[Status.WAIVED] > 0

    def block(self, verdict: Verdict) -> Iterator[str]:
        """All lines of one guardrail."""
        yield from self._head(verdict)
        yield from self.body(verdict)

    def body(self, verdict: Verdict) -> Iterator[str]:
        """What stands below its head."""
        guardrail = verdict.guardrail
        if verdict.outcome is Outcome.PASS:
            yield from self._about(verdict.evidence)
            yield from self._accepted(verdict)
            return
        yield from self._wrapped(guardrail.title)
        if verdict.reason:
            yield from self._wrapped(verdict.reason)
        if verdict.outcome is Outcome.SKIP:
            return
        hints = list(dict.fromkeys(each.seen.hint for each in verdict.findings if each.counts and each.seen.hint))
        for item, growth, hint in self._listed(verdict):
            yield from self._wrapped(item, hanging=4)
            yield from self._below("worse", growth)
            yield from self._below("do", hint if len(hints) > 1 else None)
        yield from self._accepted(verdict)
        yield from self._labelled("why", guardrail.why)
        if len(hints) == 1:
            yield from self._labelled("do", hints[0])
        yield from self._labelled("see", ", ".join((*guardrail.refs, str(guardrail.place))))
        if guardrail.owner:
            yield from self._labelled("ask", guardrail.owner)
        yield ""

    def summary(self, report: Report) -> Iterator[str]:
        """The counts, what was compared and accepted, then why the exit code is what it is."""
        words = {Outcome.FAIL: "failed", Outcome.ERROR: "not judged", Outcome.SKIP: "skipped", Outcome.PASS: "passed"}
        counts = [(outcome, report.count(outcome)) for outcome in words]
        if not any(verdict.gates for verdict in report.verdicts if verdict.outcome is Outcome.FAIL):
            words[Outcome.FAIL] = "failed (none blocks)"
        said = ", ".join(self._style(f"{count} {words[outcome]}", outcome) for outcome, count in counts if count)
        yield f"{said or 'nothing judged'} in {report.seconds:.2f} s"
        for line in (*_compared(report), *(_ending(report) if self.verbosity >= 0 else ())):
            yield from _lines(one_line(line), self.width, "", "  ")
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

    def _listed(self, verdict: Verdict) -> list[tuple[str, str | None, str | None]]:
        """What counts, how it is worse than before, and what to do about each."""
        items = [(_finding(each), each.growth, each.seen.hint) for each in verdict.findings if each.counts]
        items += [
            (f"{clean(each.seen.path)}: unread: {each.seen.reason}", None, None)
            for each in verdict.unread
            if each.counts
        ]
        most = SHOWN if verdict.gates else WARNED
        if self.verbosity > 0 or len(items) <= most:
            return items
        return [*items[:most], (f"and {len(items) - most} more (--verbose lists all)", None, None)]

    def _about(self, evidence: Sequence[Evidence]) -> Iterator[str]:
        said = ", ".join(_amount(each) for each in evidence)
        if said:
            yield from self._wrapped(said)

    def _accepted(self, verdict: Verdict) -> Iterator[str]:
        if accepted := _counted(_accepted([verdict])):
            yield f"{INDENT}{accepted}"

    def _below(self, label: str, text: str | None) -> list[str]:
        if text is None:
            return []
        return _lines(f"{label}: {one_line(text)}", self.width, f"{INDENT}    ", f"{INDENT}        ")

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


def _accepted(verdicts: Sequence[Verdict]) -> Counter[Status]:
    """How many findings and unread files have each status."""
    findings = Counter(each.status for verdict in verdicts for each in verdict.findings)
    return findings + Counter(each.status for verdict in verdicts for each in verdict.unread)


def _counted(met: Counter[Status]) -> str:
    return ", ".join(
        f"{met[status]:,} {status}" for status in (Status.EXISTING, Status.BASELINED, Status.WAIVED) if met[status]
    )


def _compared(report: Report) -> Iterator[str]:
    """What the base had, and what the baseline accepts; waived findings are told with their guardrail."""
    met = _accepted(report.verdicts)
    if base := report.run.base:
        fixed = sum(len(verdict.fixed) for verdict in report.verdicts)
        # Of a base that was judged only where something is found today, nothing is said but what is known.
        mended = f", {fixed:,} fixed" * (fixed > 0)
        yield f"compared with {_named(base)}: {met[Status.NEW]:,} new, {met[Status.EXISTING]:,} existing{mended}"
    del met[Status.EXISTING]
    if met[Status.BASELINED]:
        yield f"accepted: {_counted(met)}"


def _named(base: Base) -> str:
    """The name and the commits in short; a base that is named by its commit once."""
    name = base.name[:7] if COMMIT.fullmatch(base.name) else base.name
    commits = ", ".join(commit[:7] for commit in base.commits)
    return name if commits in ("", name) else f"{name} ({commits})"


def _ending(report: Report) -> Iterator[str]:
    """The exceptions that end soon, each once, the next first."""
    today = report.run.started.date()
    ending = {
        (verdict.guardrail.id, each): left
        for verdict in report.verdicts
        for each in verdict.acceptances
        if (left := each.left(today)) is not None and 0 <= left <= SOON
    }
    told = sorted(ending, key=lambda of: ending[of])
    yield from (_exception(name, each, ending[name, each]) for name, each in told[:SHOWN])
    if len(told) > SHOWN:
        yield f"and {len(told) - SHOWN} more exceptions end within {SOON} days"


def _exception(guardrail: str, acceptance: Acceptance, left: int) -> str:
    when = {0: "today", 1: "in 1 day"}.get(left, f"in {left} days")
    where = ", ".join(each for each in (acceptance.owner, clean(str(acceptance.at))) if each)
    return f'{WRITTEN[acceptance.by]} "{acceptance.match}" of {guardrail} ends {when} ({where})'


def _amount(evidence: Evidence) -> str:
    what = re.sub(r"(\w{2,})s\b", r"\1", evidence.what, count=1) if evidence.scope == 1 else evidence.what
    if evidence.examined == evidence.scope:
        return f"{evidence.scope:,} {what}"
    return f"{evidence.examined:,} of {evidence.scope:,} {what}"
