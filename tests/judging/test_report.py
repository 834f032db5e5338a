"""A report knows its outcome and its exit code."""

from datetime import UTC, datetime

import pytest
from msgspec import structs

from selfcheck.guardrail import Enforce
from selfcheck.model import Location, Outcome, Report, Run, Verdict
from selfcheck.testing import guardrail

BLOCK, WARN = Enforce.BLOCK, Enforce.WARN
PASS, FAIL, ERROR, SKIP = Outcome.PASS, Outcome.FAIL, Outcome.ERROR, Outcome.SKIP


def report(*came_to: tuple[Outcome, Enforce], stopped: int | None = None) -> Report:
    verdicts = tuple(Verdict(guardrail=guardrail(), outcome=outcome, enforce=enforce) for outcome, enforce in came_to)
    run = Run(root=".", revision=None, rulebook="", started=datetime(2026, 1, 1, tzinfo=UTC), guardrails=())
    return Report(run=run, verdicts=verdicts, seconds=0.0, stopped=stopped)


@pytest.mark.parametrize(
    ("came_to", "outcome", "code"),
    [
        ((), PASS, 0),
        (((PASS, BLOCK),), PASS, 0),
        (((SKIP, BLOCK),), PASS, 0),
        (((FAIL, BLOCK),), FAIL, 1),
        (((ERROR, BLOCK),), ERROR, 3),
        (((FAIL, BLOCK), (ERROR, BLOCK)), ERROR, 3),
        (((ERROR, BLOCK), (FAIL, BLOCK), (PASS, BLOCK)), ERROR, 3),
        (((FAIL, WARN),), PASS, 0),
        (((ERROR, WARN),), PASS, 0),
        (((FAIL, BLOCK), (ERROR, WARN)), FAIL, 1),
        (((FAIL, WARN), (ERROR, BLOCK)), ERROR, 3),
    ],
)
def test_the_worst_gating_verdict_decides_and_an_error_outranks_a_failure(
    came_to: tuple[tuple[Outcome, Enforce], ...], outcome: Outcome, code: int
) -> None:
    made = report(*came_to)

    assert (made.outcome, made.exit_code) == (outcome, code)


@pytest.mark.parametrize("stopped", [130, 143])
@pytest.mark.parametrize("came_to", [PASS, FAIL, ERROR])
def test_an_interrupted_run_is_an_error_with_the_code_of_its_signal(came_to: Outcome, stopped: int) -> None:
    made = report((came_to, BLOCK), stopped=stopped)

    assert (made.outcome, made.exit_code) == (ERROR, stopped)


def test_verdicts_are_counted_whether_or_not_they_gate() -> None:
    made = report((FAIL, BLOCK), (FAIL, WARN), (PASS, WARN), (SKIP, BLOCK))

    assert [made.count(outcome) for outcome in Outcome] == [1, 2, 0, 1]


@pytest.mark.parametrize(
    ("place", "shown"),
    [(Location("a.py"), "a.py"), (Location("a.py", 3), "a.py:3"), (Location("a.py", 3, 1), "a.py:3:1")],
)
def test_a_place_is_shown_as_editors_read_it(place: Location, shown: str) -> None:
    assert str(place) == shown


def test_no_verdict_is_changed_once_it_has_fallen() -> None:
    verdict = Verdict(guardrail=guardrail(), outcome=FAIL, enforce=BLOCK)

    with pytest.raises(AttributeError, match="immutable"):
        verdict.outcome = PASS  # type: ignore[misc]

    assert structs.replace(verdict, outcome=PASS).outcome is PASS
