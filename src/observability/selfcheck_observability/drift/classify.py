"""What became of each finding: its track, and when the run before was. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from statistics import median

from selfcheck.guardrail import Guardrail
from selfcheck.model import Acceptance, Outcome, Report, Verdict
from selfcheck_observability.drift.night import Class, Ending, Flaky, Idle, Item, Slow, Unjudged
from selfcheck_observability.reading import Judged, Tally
from selfcheck_observability.tracks import Change, State, Track

SOON = 14
"""Days before its end at which an exception is named."""
ENOUGH = 10
"""After how many runs a guardrail that never failed is worth a look."""
SLOWER = 2.0
SECONDS = 0.5
OF_CHANGES = {
    Change.NEW: Class.NEW,
    Change.REGRESSED: Class.REGRESSED,
    Change.LAPSED: Class.LAPSED,
    Change.ACCEPTED: Class.ACCEPTED,
    Change.FIXED: Class.FIXED,
    Change.RETIRED: Class.RETIRED,
}
ORDER = list(Class)


def classified(track: Track, run: int, before: int) -> Class | None:
    """The class of a finding after a run, given the run before; None of one that was settled long ago."""
    if track.state is State.OPEN and track.last_run != run:
        return Class.UNJUDGED
    if track.changed_run > before:
        return OF_CHANGES[track.change]
    return Class.RECURRING if track.state is State.OPEN else None


def items(
    tracks: Iterable[Track], run: int, before: int, now: datetime, severities: Mapping[str, str]
) -> tuple[Item, ...]:
    """Every finding that is worth a line, the gravest class first."""
    found: list[Item] = []
    for track in tracks:
        kind = classified(track, run, before)
        if kind is not None:
            found.append(
                Item(
                    class_=kind,
                    guardrail=track.guardrail,
                    severity=severities.get(track.guardrail, "unknown"),
                    key=track.key,
                    message=track.message,
                    path=track.path,
                    line=track.line,
                    fingerprint=track.fingerprint,
                    since=track.opened,
                    days=max(0, (now - datetime.fromisoformat(track.opened)).days),
                    runs=track.runs,
                    reopened=track.reopened,
                    first_bad=track.first_bad,
                )
            )
    return tuple(sorted(found, key=lambda each: (ORDER.index(each.class_), each.guardrail, each.key, each.fingerprint)))


def ending(report: Report, today: date) -> tuple[Ending, ...]:
    """The exceptions and the pending guardrails that end soon, the first to end first."""
    found = [
        _ending(verdict.guardrail.id, each, today)
        for verdict in report.verdicts
        for each in verdict.acceptances
        if (left := each.left(today)) is not None and left <= SOON
    ]
    found += [_pending(guardrail, today) for guardrail in report.run.guardrails if _ends_soon(guardrail, today)]
    return tuple(sorted(set(found), key=lambda each: (each.until, each.guardrail, each.match)))


def _ending(guardrail: str, each: Acceptance, today: date) -> Ending:
    return Ending(
        guardrail=guardrail,
        by=each.by.value,
        match=each.match,
        until=str(each.until),
        days=each.left(today) or 0,
        owner=each.owner,
        place=str(each.at),
    )


def _ends_soon(guardrail: Guardrail, today: date) -> bool:
    return guardrail.pending is not None and (guardrail.pending.until - today).days <= SOON


def _pending(guardrail: Guardrail, today: date) -> Ending:
    assert guardrail.pending is not None
    return Ending(
        guardrail=guardrail.id,
        by="pending",
        match="all of it",
        until=str(guardrail.pending.until),
        days=(guardrail.pending.until - today).days,
        owner=guardrail.owner,
        place=str(guardrail.place),
    )


def idle(tallies: Mapping[str, Tally], known: Iterable[str]) -> tuple[Idle, ...]:
    """Guardrails that guarded nothing in the runs of these tallies."""
    found: list[Idle] = []
    for name in sorted(known):
        tally = tallies.get(name)
        why = _why(tally) if tally else None
        if tally is not None and why is not None:
            found.append(Idle(guardrail=name, runs=tally.runs, why=why))
    return tuple(found)


def _why(tally: Tally) -> str | None:
    if tally.runs < ENOUGH:
        return None
    if tally.skipped == tally.runs:
        return "it was always skipped"
    if tally.errors + tally.skipped == tally.runs:
        return "it could never be judged"
    if not tally.examined:
        return "it never examined anything"
    return None if tally.failed else "it never failed"


def slow(verdicts: Iterable[Verdict], past: Sequence[Judged]) -> tuple[Slow, ...]:
    """Guardrails that took twice as long as they usually do, and half a second more."""
    found: list[Slow] = []
    for verdict in verdicts:
        before = [each.seconds for each in past if each.guardrail == verdict.guardrail.id]
        if len(before) >= 3:
            usual = median(before)
            if verdict.seconds > usual * SLOWER and verdict.seconds > usual + SECONDS:
                name = verdict.guardrail.id
                found.append(Slow(guardrail=name, seconds=round(verdict.seconds, 3), usual=round(usual, 3)))
    return tuple(sorted(found, key=lambda each: each.guardrail))


def flaky(past: Iterable[tuple[str, str, Judged]]) -> tuple[Flaky, ...]:
    """Guardrails with different outcomes on one revision under one rulebook; skips say nothing."""
    seen: dict[tuple[str, str, str], list[str]] = {}
    for revision, rulebook, judged in past:
        if judged.outcome != Outcome.SKIP.value:
            seen.setdefault((judged.guardrail, revision, rulebook), []).append(judged.outcome)
    return tuple(
        Flaky(guardrail=name, revision=revision, outcomes=tuple(outcomes))
        for (name, revision, _), outcomes in sorted(seen.items())
        if len(set(outcomes)) > 1
    )


def unjudged(verdicts: Iterable[Verdict]) -> tuple[Unjudged, ...]:
    """What could not be judged, and what was skipped: neither says that a promise is kept."""
    return tuple(
        Unjudged(guardrail=each.guardrail.id, outcome=each.outcome.value, reason=each.reason or "no reason given")
        for each in verdicts
        if each.outcome in (Outcome.ERROR, Outcome.SKIP)
    )


def unproven(verdicts: Iterable[Verdict]) -> tuple[Unjudged, ...]:
    """Guardrails that pass, and were not shown to be able to fail."""
    return tuple(
        Unjudged(
            guardrail=each.guardrail.id,
            outcome=each.proof.outcome,
            reason=f"{each.proof.bit} of {each.proof.canaries} canaries turned it red",
        )
        for each in verdicts
        if each.outcome is Outcome.PASS and each.proof is not None and each.proof.outcome != "proven"
    )
