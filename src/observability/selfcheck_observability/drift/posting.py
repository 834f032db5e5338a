"""One issue a branch, found by a hidden marker: written when there is something, updated, closed when clean, reopened.

The marker says when the last night was, so it is written every night; a comment, which people are told of, only when
something changed.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import datetime

import msgspec
from msgspec import Struct

from selfcheck_observability.drift.github import GitHub, Issue
from selfcheck_observability.drift.markdown import LIMIT, rendered
from selfcheck_observability.drift.night import Class, Night

LABEL = "selfcheck-drift"
MARK = re.compile(r"<!-- selfcheck-drift (\{[^<>]*\}) -->")


class Marker(Struct, frozen=True, kw_only=True):
    """What stands in the issue for programs."""

    branch: str
    run: int
    finished: str
    digest: str
    exit: int
    clean: bool

    def __str__(self) -> str:
        # As JSON with nothing in it that could end the comment.
        text = json.dumps(msgspec.to_builtins(self), ensure_ascii=True).replace("<", "\\u003c").replace(">", "\\u003e")
        return f"<!-- selfcheck-drift {text} -->"


class Posted(Struct, frozen=True):
    """What was done to which issue."""

    number: int
    did: str


def marked(body: str) -> Marker | None:
    """The marker in the body of an issue, if it has one."""
    found = MARK.match(body)
    try:
        marker = msgspec.json.decode(found[1], type=Marker) if found else None
        return marker if marker and datetime.fromisoformat(marker.finished) else None
    except (msgspec.MsgspecError, ValueError):
        return None


def kept(issues: Iterable[Issue], branch: str) -> tuple[Issue, Marker] | None:
    """The issue of a branch, the oldest if somebody copied it."""
    found = [(issue, marker) for issue in issues if (marker := marked(issue.body)) and marker.branch == branch]
    return min(found, key=lambda each: each[0].number, default=None)


def digest(night: Night) -> str:
    """What of a night is news: findings by class, and what could not be judged; no times and no ages."""
    findings = [(each.class_.value, each.fingerprint) for each in night.findings if each.class_.counts]
    news = [sorted((_lasting(kind), name) for kind, name in findings), [each.guardrail for each in night.unjudged]]
    return hashlib.sha256(json.dumps(news).encode()).hexdigest()[:16]


def _lasting(kind: str) -> str:
    """Tomorrow what is new tonight recurs: that alone is no news."""
    return Class.RECURRING.value if kind in (Class.NEW.value, Class.REGRESSED.value, Class.LAPSED.value) else kind


def post(github: GitHub, night: Night) -> Posted:
    """Bring the issue of this branch to what the night came to."""
    marker = Marker(
        branch=night.branch,
        run=night.run,
        finished=night.finished,
        digest=digest(night),
        exit=night.exit,
        clean=night.clean,
    )
    body = f"{marker}\n{rendered(night, limit=LIMIT - len(str(marker)) - 1)}"
    title = f"Architecture drift on {night.branch or 'no branch'}"
    found = kept(github.issues(LABEL), night.branch)
    if found is None:
        return _first(github, night, title, body)
    issue, before = found
    state = "closed" if night.clean else "open"
    github.update(issue.number, title=title, body=body, state=state)
    if issue.open and night.clean:
        github.comment(issue.number, f"Every promise is kept again, as of run {night.run}.")
        return Posted(issue.number, "closed")
    if not issue.open and not night.clean:
        github.comment(issue.number, f"Drift again: {summary(night)}.")
        return Posted(issue.number, "reopened")
    if before.digest != marker.digest:
        github.comment(issue.number, f"What is broken has changed: {summary(night)}.")
        return Posted(issue.number, "updated")
    return Posted(issue.number, "left as it was")


def summary(night: Night) -> str:
    """How many of which class."""
    counts = {kind: len(night.of(kind)) for kind in Class}
    said = [f"{count} {kind}" for kind, count in counts.items() if count]
    said += [f"{night.errors} guardrails not judged"] if night.errors else []
    return ", ".join(said) or "no finding"


def _first(github: GitHub, night: Night, title: str, body: str) -> Posted:
    """The issue is made also where all is well: its marker is how a gate sees that the nightly job runs."""
    github.label(LABEL, "d4a72c", "Kept by selfcheck's nightly job")
    made = github.create(title, body, LABEL)
    if night.clean:
        github.update(made.number, state="closed")
    return Posted(made.number, "closed" if night.clean else "opened")
