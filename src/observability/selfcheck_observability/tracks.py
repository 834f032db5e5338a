"""The life of a finding on a branch: opened, accepted, fixed, opened again. Pure; one step for each run that finished."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct, structs

from selfcheck.model import Outcome, Report, Status, Verdict

ACCEPTED = (Status.WAIVED, Status.BASELINED)


class State(StrEnum):
    """Where a finding stands: it counts, it is accepted, it is gone, or the guardrail that found it is."""

    OPEN = "open"
    ACCEPTED = "accepted"
    FIXED = "fixed"
    RETIRED = "retired"


class Change(StrEnum):
    """What happened to it last: `lapsed` is one that was accepted and counts again."""

    NEW = "new"
    REGRESSED = "regressed"
    LAPSED = "lapsed"
    ACCEPTED = "accepted"
    FIXED = "fixed"
    RETIRED = "retired"


class Sighting(Struct, frozen=True, kw_only=True):
    """A finding, or a file that could not be read, as one run saw it."""

    fingerprint: str
    guardrail: str
    key: str
    status: Status
    message: str
    path: str | None = None
    line: int | None = None


class Track(Struct, frozen=True, kw_only=True):
    """All that is known of one finding on one branch; runs by their numbers, moments as texts in UTC."""

    fingerprint: str
    guardrail: str
    key: str
    message: str
    path: str | None
    line: int | None
    state: State
    first_run: int
    first_seen: str
    opened_run: int
    """The run that opened it last, and when: its age is counted from there."""
    opened: str
    last_run: int
    changed_run: int
    change: Change
    changed: str
    runs: int
    """How many runs have seen it since it was opened last."""
    reopened: int
    accepted: int
    """How often it was accepted."""
    nightly: int
    """How often it was opened by the nightly job."""
    first_bad: str | None = None


class Moment(Struct, frozen=True, kw_only=True):
    """A run as the tracks know it."""

    run: int
    at: str
    nightly: bool = False
    whole: bool = False
    """Whether every guardrail of the rulebook was judged: one that is missing is gone."""


def sightings(verdict: Verdict) -> list[Sighting]:
    """Whatever a verdict lists, counting or accepted."""
    name = verdict.guardrail.id
    found = [
        Sighting(
            fingerprint=ruling.fingerprint,
            guardrail=name,
            key=ruling.seen.key,
            status=ruling.status,
            message=ruling.seen.message,
            path=ruling.seen.at.path if ruling.seen.at else None,
            line=ruling.seen.at.line if ruling.seen.at else None,
        )
        for ruling in verdict.findings
    ]
    unread = (
        Sighting(
            fingerprint=ruling.fingerprint,
            guardrail=name,
            key=ruling.seen.path,
            status=ruling.status,
            message=f"could not be read: {ruling.seen.reason}",
            path=ruling.seen.path,
        )
        for ruling in verdict.unread
    )
    return [*found, *unread]


def settled(verdict: Verdict) -> bool:
    """Whether what a verdict does not list is gone: it was judged, and nothing could not be read."""
    return verdict.outcome in (Outcome.PASS, Outcome.FAIL) and not any(ruling.counts for ruling in verdict.unread)


def advanced(tracks: Mapping[str, Track], report: Report, moment: Moment) -> dict[str, Track]:
    """The tracks that a finished run changes, by fingerprint."""
    seen = {sighting.fingerprint: sighting for verdict in report.verdicts for sighting in sightings(verdict)}
    changed = {name: _seen(tracks.get(name), sighting, moment) for name, sighting in seen.items()}
    closed = {verdict.guardrail.id for verdict in report.verdicts if settled(verdict)}
    known = {guardrail.id for guardrail in report.run.guardrails} | {each.guardrail.id for each in report.verdicts}
    for name, track in _unseen(tracks, seen):
        if track.guardrail in closed:
            changed[name] = _changed(track, State.FIXED, Change.FIXED, moment)
        elif moment.whole and track.guardrail not in known and not _is_built_in(track.guardrail):
            changed[name] = _changed(track, State.RETIRED, Change.RETIRED, moment)
        elif moment.whole and track.guardrail not in known:
            changed[name] = _changed(track, State.FIXED, Change.FIXED, moment)
    return changed


def _is_built_in(guardrail: str) -> bool:
    """Those are silent where nothing is wrong."""
    return guardrail in ("exceptions", "rulebook-loosened")


def _unseen(tracks: Mapping[str, Track], seen: Mapping[str, Sighting]) -> Iterable[tuple[str, Track]]:
    live = (State.OPEN, State.ACCEPTED)
    return ((name, track) for name, track in tracks.items() if name not in seen and track.state in live)


def _seen(track: Track | None, sighting: Sighting, moment: Moment) -> Track:
    state = State.ACCEPTED if sighting.status in ACCEPTED else State.OPEN
    if track is None:
        return _first(sighting, state, moment)
    about = structs.replace(
        track,
        message=sighting.message,
        path=sighting.path,
        line=sighting.line,
        last_run=moment.run,
        runs=track.runs + 1,
    )
    if track.state is state:
        return about
    if state is State.ACCEPTED:
        return structs.replace(_changed(about, state, Change.ACCEPTED, moment), accepted=track.accepted + 1)
    if track.state is State.ACCEPTED:
        return _changed(about, state, Change.LAPSED, moment)
    return structs.replace(
        _changed(about, state, Change.REGRESSED, moment),
        opened_run=moment.run,
        opened=moment.at,
        runs=1,
        reopened=track.reopened + 1,
        nightly=track.nightly + moment.nightly,
        first_bad=None,
    )


def _first(sighting: Sighting, state: State, moment: Moment) -> Track:
    return Track(
        fingerprint=sighting.fingerprint,
        guardrail=sighting.guardrail,
        key=sighting.key,
        message=sighting.message,
        path=sighting.path,
        line=sighting.line,
        state=state,
        first_run=moment.run,
        first_seen=moment.at,
        opened_run=moment.run,
        opened=moment.at,
        last_run=moment.run,
        changed_run=moment.run,
        change=Change.NEW if state is State.OPEN else Change.ACCEPTED,
        changed=moment.at,
        runs=1,
        reopened=0,
        accepted=int(state is State.ACCEPTED),
        nightly=int(moment.nightly),
    )


def _changed(track: Track, state: State, change: Change, moment: Moment) -> Track:
    return structs.replace(track, state=state, change=change, changed_run=moment.run, changed=moment.at)
