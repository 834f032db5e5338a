"""The `markdown` format: a comment on a pull request, or the summary of a step; what stands in code is the repository's own."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from msgspec import Struct

from selfcheck.guardrail import Severity
from selfcheck.model import Acceptance, Base, By, Finding, Location, Outcome, Report, Ruling, Status, Unread, Verdict

MARKER = "<!-- selfcheck -->"
"""The first line where the top of the repository is judged; a folder below stands in it by its name."""
LIMIT = 60_000
"""The most bytes of a report; GitHub takes 65,536 characters in a comment."""
SHARE = 2_000
"""So many bytes of rows are kept for each section that comes later, if it needs them."""
LONGEST = 600
"""Longer texts are shortened to so many characters."""
SOON = 14
"""An exception that ends within so many days is named."""
WRITTEN = {By.WAIVER: "waiver", By.COMMENT: "comment", By.BASELINE: "baseline line", By.APPROVAL: "approval"}

COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


class Section(Struct, frozen=True, kw_only=True):
    """One table: its heading, or what its fold says, the names of its columns, and its rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    folded: bool = False

    @property
    def before(self) -> str:
        """What stands above the rows."""
        top = f"<details>\n<summary>{self.title}</summary>\n" if self.folded else f"### {self.title}\n"
        return f"\n{top}\n{_row(self.columns)}{_row(['---'] * len(self.columns))}"

    def after(self, left: int) -> str:
        """What stands below the rows, of which so many are left out."""
        more = f"\nand {left:,} more, for which there is no room here\n" if left else ""
        return more + ("\n</details>\n" if self.folded else "")


def render(report: Report, *, limit: int = LIMIT, **_options: object) -> str:
    """The report as at most `limit` bytes of GitHub's Markdown, as long as the headings fit; rows are left out whole."""
    head = f"{marker(report)}\n## {_headline(report)}\n\n" + "".join(f"{line}\n" for line in _counts(report))
    sections = [each for each in _sections(report) if each.rows]
    room = limit - _size(head) - sum(_size(each.before + each.after(len(each.rows))) for each in sections)
    needs = [sum(map(_size, each.rows)) for each in sections]
    text = head
    for number, section in enumerate(sections):
        kept = sum(min(need, SHARE) for need in needs[number + 1 :])
        rows = _fitting(section.rows, room - kept)
        room -= sum(map(_size, rows))
        text += section.before + "".join(rows) + section.after(len(section.rows) - len(rows))
    return text


def marker(report: Report) -> str:
    """The first line, by which a comment is found again and updated: another one for each folder that is judged."""
    folder = report.run.folder
    named = quote(folder, errors="backslashreplace").replace("--", "-%2D")
    return f"<!-- selfcheck {named} -->" if folder else MARKER


def _fitting(rows: Sequence[str], room: int) -> Sequence[str]:
    """The first rows, as many as there is room for."""
    for number, row in enumerate(rows):
        room -= _size(row)
        if room < 0:
            return rows[:number]
    return rows


def _headline(report: Report) -> str:
    if report.stopped is not None:
        return "selfcheck was interrupted: this report is not complete"
    gating = [each for each in report.verdicts if each.gates]
    blocking = sum(ruling.counts for each in gating for ruling in each.findings)
    unjudged = sum(each.outcome is Outcome.ERROR for each in gating)
    match report.outcome:
        case Outcome.ERROR:
            also = f", and {_number(blocking, 'finding blocks', 'findings block')}" if blocking else ""
            return f"selfcheck could not judge {_number(unjudged, 'guardrail')}{also}"
        case Outcome.FAIL:
            return f"selfcheck failed: {_number(blocking, 'finding blocks', 'findings block')}"
        case _:
            return "selfcheck passed"


def _counts(report: Report) -> Iterator[str]:
    words = {Outcome.FAIL: "failed", Outcome.ERROR: "not judged", Outcome.SKIP: "skipped", Outcome.PASS: "passed"}
    said = [f"{report.count(outcome):,} {word}" for outcome, word in words.items() if report.count(outcome)]
    yield f"Guardrails: {', '.join(said) or 'none judged'}."
    met = Counter(each.status for verdict in report.verdicts for each in (*verdict.findings, *verdict.fixed))
    met += Counter(each.status for verdict in report.verdicts for each in verdict.unread)
    if base := report.run.base:
        counts = ", ".join(f"{met[each]:,} {each}" for each in (Status.NEW, Status.EXISTING, Status.FIXED))
        yield f"\nFindings, compared with {_base(base)}: {counts}."
    accepted = [f"{met[each]:,} {each}" for each in (Status.BASELINED, Status.WAIVED) if met[each]]
    if accepted:
        yield f"\nAccepted: {', '.join(accepted)}."
    if met[Status.FIXED]:
        yield f"\nThank you: {_number(met[Status.FIXED], 'finding')} of the base {'is' if met[Status.FIXED] == 1 else 'are'} fixed."


def _base(base: Base) -> str:
    """The name and the commits in short; a base that is named by its commit once."""
    name = _code(base.name[:7] if COMMIT.fullmatch(base.name) else base.name)
    commits = ", ".join(_code(commit[:7]) for commit in base.commits)
    return name if commits in ("", name) else f"{name} ({commits})"


def _sections(report: Report) -> Iterator[Section]:
    """All sections in their order, which never changes; one without rows is not shown."""
    table = _Table(report)
    found = ("guardrail", "where", "what", "what to do")
    yield Section(title="Blocks", columns=found, rows=tuple(table.findings(gates=True)))
    yield Section(title="Could not be judged", columns=("guardrail", "where", "why"), rows=tuple(table.unjudged()))
    yield Section(title="Only warns", columns=found, rows=tuple(table.findings(gates=False)))
    ending = ("exception", "ends", "why", "who", "where")
    yield Section(title=f"Exceptions that end within {SOON} days", columns=ending, rows=tuple(table.ending()))
    folds = (
        ("Why these guardrails are there", ("guardrail", "promise", "why", "see", "ask"), table.about()),
        ("What is fixed", ("guardrail", "where", "what"), table.fixed()),
        ("What was skipped", ("guardrail", "why"), table.skipped()),
        ("What passed, and what was examined", ("guardrail", "promise", "examined"), table.passed()),
    )
    yield from (Section(title=title, columns=columns, rows=tuple(rows), folded=True) for title, columns, rows in folds)


class _Table:
    """The rows of every section; the gravest guardrails come first, since the last rows may be left out."""

    def __init__(self, report: Report) -> None:
        self._run = report.run
        ranks = list(Severity)
        self._verdicts = sorted(report.verdicts, key=lambda each: ranks.index(each.guardrail.severity))

    def findings(self, *, gates: bool) -> Iterator[str]:
        for verdict in self._verdicts:
            first = verdict.outcome is Outcome.FAIL
            for each in verdict.findings:
                if each.counts and verdict.gates is gates:
                    note = verdict.reason if first else None
                    yield _row((_named(verdict, note), self._place(verdict, each.seen.at), *_what(each)))
                    first = False

    def unjudged(self) -> Iterator[str]:
        for verdict in self._verdicts:
            lost: list[Ruling[Unread]] = [each for each in verdict.unread if each.counts]
            name = _named(verdict) if verdict.gates else f"{_named(verdict)}, only warns"
            for each in lost:
                yield _row((name, self._place(verdict, Location(each.seen.path)), _cell(each.seen.reason)))
            if verdict.outcome is Outcome.ERROR and not lost:
                yield _row((name, self._place(verdict, None), _cell(verdict.reason)))

    def ending(self) -> Iterator[str]:
        today = self._run.started.date()
        left = {(v.guardrail.id, each): each.left(today) for v in self._verdicts for each in v.acceptances}
        soon = {named: days for named, days in left.items() if days is not None and 0 <= days <= SOON}
        for (guardrail, each), days in sorted(soon.items(), key=lambda item: item[1]):
            yield _row(
                (_exception(guardrail, each), _when(each, days), *map(_cell, (each.reason, each.owner, str(each.at))))
            )

    def about(self) -> Iterator[str]:
        for verdict in self._verdicts:
            if verdict.outcome in (Outcome.FAIL, Outcome.ERROR):
                about = verdict.guardrail
                see = ", ".join((*about.refs, str(about.place)))
                yield _row((_named(verdict), *map(_cell, (about.title, about.why, see, about.owner))))

    def fixed(self) -> Iterator[str]:
        for verdict in self._verdicts:
            for each in verdict.fixed:
                yield _row((_named(verdict), self._place(verdict, each.seen.at), _cell(each.seen.message)))

    def skipped(self) -> Iterator[str]:
        for verdict in self._verdicts:
            if verdict.outcome is Outcome.SKIP:
                yield _row((_named(verdict), _cell(verdict.reason)))

    def passed(self) -> Iterator[str]:
        for verdict in self._verdicts:
            if verdict.outcome is Outcome.PASS:
                said = (f"{each.examined:,} of {each.scope:,} {_cell(each.what)}" for each in verdict.evidence)
                yield _row((_named(verdict), _cell(verdict.guardrail.title), "<br>".join(said)))

    def _place(self, verdict: Verdict, at: Location | None) -> str:
        """From the top of the repository; a guardrail of a pack stands in no file, and is named as it is."""
        place = verdict.guardrail.place
        at = at or Location(place.file, place.line)
        path = at.path if at.path.startswith("pack:") else posixpath.join(self._run.folder, at.path)
        return _cell(str(Location(path, at.line)))


def _named(verdict: Verdict, note: str | None = None) -> str:
    name = f"{_cell(verdict.guardrail.id)} {verdict.guardrail.severity}"
    return f"{name}<br>{_cell(note)}" if note else name


def _what(ruling: Ruling[Finding]) -> tuple[str, str]:
    message = _cell(ruling.seen.message)
    return f"{message}<br>worse: {_cell(ruling.growth)}" if ruling.growth else message, _cell(ruling.seen.hint)


def _exception(guardrail: str, acceptance: Acceptance) -> str:
    return f"{WRITTEN[acceptance.by]} {_cell(acceptance.match)} of {_cell(guardrail)}"


def _when(acceptance: Acceptance, days: int) -> str:
    said = {0: "today", 1: "in 1 day"}.get(days, f"in {days} days")
    return f"{said}, {acceptance.until}"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _cell(text: str | None) -> str:
    """A text of the repository's own, within a table, where a bar ends the cell even in code."""
    return _code(text or "").replace("|", "\\|")


def _code(text: str) -> str:
    """A text as code, in which nothing is a link, a mention, a tag or an end: between more backticks than it holds."""
    shown = UNSAFE.sub(lambda found: ascii(found[0])[1:-1], " ".join(text.split()))
    if len(shown) > LONGEST:
        shown = f"{shown[: LONGEST - 1]}…"
    fence = "`" * (max(map(len, re.findall("`+", shown)), default=0) + 1)
    edge = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{edge}{shown}{edge}{fence}" if shown else ""


def _number(count: int, what: str, several: str | None = None) -> str:
    return f"{count:,} {what if count == 1 else several or what + 's'}"


def _size(text: str) -> int:
    return len(text.encode("utf-8"))
