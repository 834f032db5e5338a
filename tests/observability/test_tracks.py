"""The life of a finding: what each run makes of it, and what a run that could not judge leaves as it is."""

from typing import Any

import pytest

from selfcheck.check import CannotJudge, Evidence, Finding, Unread
from selfcheck.model import Report, Seen
from selfcheck_observability.tracks import Change, Moment, State, Track, advanced
from tests.formats.reports import error, guardrail, report, skip, verdict, waiver

SOME = Evidence("files", 3, 3)
LONG = Finding(key="a.py", message="too long")


def judged(*seen: Seen, **changes: Any) -> Report:
    """A run of one guardrail that saw this."""
    return report(verdict(guardrail("small", **changes), SOME, *seen))


GOOD, BAD = judged(), judged(LONG)
WAIVED = judged(LONG, waivers=(waiver("a.py"),))
BROKEN = report(error(guardrail("small"), str(CannotJudge("no"))))
SKIPPED = report(skip(guardrail("small"), "no"))
HALF = judged(Unread("b.py", "no permission"))
GONE = report(verdict(guardrail("other"), SOME))


def lived(*runs: Report) -> Track:
    """The track of the one finding after these runs."""
    tracks: dict[str, Track] = {}
    for number, run in enumerate(runs, start=1):
        tracks |= advanced(tracks, run, Moment(run=number, at=f"day {number}", whole=True))
    (found,) = [track for track in tracks.values() if track.key == "a.py"]
    return found


@pytest.mark.parametrize(
    ("runs", "state", "change", "changed_run"),
    [
        ((BAD,), State.OPEN, Change.NEW, 1),
        ((BAD, BAD), State.OPEN, Change.NEW, 1),
        ((BAD, GOOD), State.FIXED, Change.FIXED, 2),
        ((BAD, GOOD, GOOD), State.FIXED, Change.FIXED, 2),
        ((BAD, GOOD, BAD), State.OPEN, Change.REGRESSED, 3),
        ((BAD, WAIVED), State.ACCEPTED, Change.ACCEPTED, 2),
        ((WAIVED,), State.ACCEPTED, Change.ACCEPTED, 1),
        ((BAD, WAIVED, BAD), State.OPEN, Change.LAPSED, 3),
        ((BAD, WAIVED, GOOD), State.FIXED, Change.FIXED, 3),
        ((BAD, BROKEN), State.OPEN, Change.NEW, 1),
        ((BAD, SKIPPED), State.OPEN, Change.NEW, 1),
        ((BAD, HALF), State.OPEN, Change.NEW, 1),
        ((BAD, GONE), State.RETIRED, Change.RETIRED, 2),
        ((BAD, GONE, BAD), State.OPEN, Change.REGRESSED, 3),
    ],
)
def test_what_runs_make_of_a_finding(runs: tuple[Report, ...], state: State, change: Change, changed_run: int) -> None:
    track = lived(*runs)

    assert (track.state, track.change, track.changed_run) == (state, change, changed_run)


def test_how_often_it_was_seen_opened_and_accepted_is_counted() -> None:
    track = lived(BAD, GOOD, BAD, WAIVED, BAD, WAIVED, GOOD, BAD, BAD)

    assert (track.runs, track.reopened, track.accepted) == (2, 2, 2)
    assert (track.first_run, track.opened_run, track.last_run) == (1, 8, 9)


def test_a_part_of_the_guardrails_closes_only_what_is_of_them() -> None:
    tracks = advanced({}, BAD, Moment(run=1, at=""))

    assert advanced(tracks, GONE, Moment(run=2, at="", whole=False)).keys() & tracks.keys() == set()
