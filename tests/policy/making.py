"""Findings, lines, comments and verdicts, made in one line each."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from msgspec import structs

from selfcheck.check import Evidence, Finding, Location, Seen, Unread
from selfcheck.guardrail import Guardrail, Severity, Waiver
from selfcheck.model import Acceptance, By, Verdict
from selfcheck.policy import NONE, Entry, Exceptions, Finished, Line, Past, Remark, baseline, decide
from selfcheck.testing import guardrail

TODAY = date(2026, 6, 15)
BEFORE, AFTER = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
SOME = Evidence("files", 3, 3)


def on(**changes: Any) -> Guardrail:
    return structs.replace(guardrail(), **changes)


def found(key: str, *parts: str, **about: Any) -> Finding:
    return Finding(key=key, message=f"{key} is wrong", parts=parts, **about)


def lost(path: str) -> Unread:
    return Unread(path, "no permission")


def entry(key: str, *parts: str, **about: Any) -> Entry:
    return Entry(key=key, parts=parts, **about)


def waiver(match: str, until: date = AFTER, count: int | None = None) -> Waiver:
    return Waiver(match=match, reason="it is known", owner="@li", until=until, count=count)


def line(
    key: str,
    *parts: str,
    of: str = "under-test",
    at: int = 1,
    since: date = BEFORE,
    reason: str = "old",
    owner: str | None = None,
    **about: Any,
) -> Line:
    (made,) = baseline.parse(
        baseline.render([Line(of, since, Entry(key=key, parts=parts, **about), _said(reason, owner))]).encode()
    )
    return structs.replace(made, acceptance=structs.replace(made.acceptance, at=Location(baseline.PLACE, at)))


def _said(reason: str, owner: str | None) -> Acceptance:
    return Acceptance(by=By.BASELINE, match="", at=Location(""), reason=reason, owner=owner)


def remark(path: str, lines: tuple[int, int] | None = (1, 1), until: date = AFTER, at: int = 1) -> Remark:
    said = Acceptance(by=By.COMMENT, match=path, at=Location(path, at), reason="it is known", owner="@li", until=until)
    return Remark(path, lines, said)


def accepting(lines: Iterable[Line] = (), remarks: Iterable[Remark] = (), *, of: str = "under-test") -> Exceptions:
    """Lines of the baseline, each of its own guardrail, and comments for one."""
    comments = tuple(remarks)
    return Exceptions(baseline.by_guardrail(lines), {of: comments} if comments else {})


def judged(
    *seen: Seen,
    of: Guardrail | None = None,
    today: date = TODAY,
    exceptions: Exceptions = NONE,
    pasts: Sequence[Past] = (),
) -> Verdict:
    """The verdict on what was seen, evidence and all."""
    examination = Finished((SOME, *seen))
    return decide(of or on(), examination, today=today, fail_on=Severity.HIGH, exceptions=exceptions, pasts=pasts)
