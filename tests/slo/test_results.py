"""Objectives against probes: met, missed, or not enough of them to say."""

from datetime import UTC, datetime, timedelta

import pytest

from selfcheck.slo.records import Record
from selfcheck.slo.reporting import budgets
from selfcheck.slo.results import State, results
from selfcheck.slo.values import holds, value
from selfcheck.subjects.slo import Condition, Objective
from selfcheck.subjects.slo.quantities import seconds, share
from selfcheck.subjects.slo.statistics import (
    BURNS,
    nearest_rank,
    needed,
    needed_for_percentile,
    resolution,
    threshold,
    wilson,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def probes(
    good: int, bad: int = 0, *, taken: float = 0.01, apart: float = 60.0, values: dict[str, str] | None = None
) -> list[Record]:
    """So many good probes, then so many bad ones, the last of them now."""
    kinds = [True] * good + [False] * bad
    return [
        Record(
            time=NOW - timedelta(seconds=apart * (len(kinds) - number)),
            endpoint="/health",
            ok=ok,
            seconds=taken,
            status=200 if ok else None,
            values=values or {},
        )
        for number, ok in enumerate(kinds, start=1)
    ]


def objective(target: float | None = None, window: float = 2_592_000.0, **more: float) -> Objective:
    """One objective of `/health`, with percentiles as `p95=…` in seconds."""
    return Objective(
        name="a",
        title="A",
        line=1,
        target=target,
        window=window,
        endpoints=("/health",),
        percentiles={name.removeprefix("p"): limit for name, limit in more.items()},
    )


@pytest.mark.parametrize(
    ("good", "bad", "target", "state"),
    [
        (0, 0, 0.9, State.INSUFFICIENT),
        (999, 0, 0.999, State.INSUFFICIENT),
        (1000, 0, 0.999, State.MET),
        (1999, 1, 0.999, State.MET),
        (1000, 2, 0.999, State.INSUFFICIENT),
        (1000, 3, 0.999, State.MISSED),
        (0, 2, 0.9, State.INSUFFICIENT),
        (0, 3, 0.9, State.MISSED),
        (7, 3, 0.9, State.MISSED),
        (9, 1, 0.9, State.MET),
    ],
)
def test_an_availability_takes_enough_probes_and_enough_failures(
    good: int, bad: int, target: float, state: State
) -> None:
    assert [each.state for each in results(objective(target), probes(good, bad))] == [state]


@pytest.mark.parametrize(
    ("good", "bad", "taken", "state"),
    [
        (58, 0, 0.1, State.INSUFFICIENT),
        (59, 0, 0.1, State.MET),
        (59, 0, 0.3, State.MISSED),
        (57, 3, 0.1, State.MET),
        (57, 4, 0.1, State.MISSED),
        (3, 0, 0.3, State.MISSED),
        (2, 0, 0.3, State.INSUFFICIENT),
        (0, 0, 0.1, State.INSUFFICIENT),
    ],
)
def test_a_percentile_takes_59_answers_and_what_did_not_answer_was_slow(
    good: int, bad: int, taken: float, state: State
) -> None:
    assert [each.state for each in results(objective(p95=0.2), probes(good, bad, taken=taken))] == [state]


@pytest.mark.parametrize(
    ("found", "state"),
    [
        ({"pool": "0.4"}, State.MET),
        ({"pool": "0.95"}, State.MISSED),
        ({}, State.INSUFFICIENT),
        ({"pool": "much"}, State.MISSED),
    ],
)
def test_a_value_that_nobody_says_is_not_met(found: dict[str, str], state: State) -> None:
    own = Objective(name="a", title="A", line=1, endpoints=("/health",), conditions=(Condition("pool", "<", "0.9"),))

    assert [each.state for each in results(own, probes(5, values=found))] == [state]


def test_an_objective_that_no_probe_can_measure_is_insufficient() -> None:
    own = Objective(name="a", title="A", line=1, target=0.9)

    assert [each.state for each in results(own, probes(50))] == [State.INSUFFICIENT]


@pytest.mark.parametrize(
    ("path", "expected"),
    [("a.b", "1"), ("a.c[1].d", "x"), ("a.c[9].d", None), ("a.e", "true"), ("z", None), ("a", None), ("a.b.c", None)],
)
def test_a_path_leads_to_a_value_or_nowhere(path: str, expected: str | None) -> None:
    assert value(b'{"a":{"b":1,"c":[{},{"d":"x"}],"e":true}}', path) == expected


@pytest.mark.parametrize(
    ("op", "wanted", "found", "expected"),
    [
        ("<", "0.9", "0.4", True),
        ("<=", "90%", "0.9", True),
        (">", "1", "1", False),
        ("==", "ok", "healthy", True),
        ("==", "ok", "down", False),
        ("!=", "down", "up", True),
        ("<", "5", "many", False),
    ],
)
def test_a_condition_compares_numbers_and_words_of_a_status(op: str, wanted: str, found: str, expected: bool) -> None:
    assert holds(Condition("x", op, wanted), found) is expected


def test_the_budget_left_is_one_less_the_share_that_is_spent() -> None:
    found = budgets([objective(0.99, window=86_400)], probes(1430, 10), NOW)

    assert [(each.left, each.samples, each.failures) for each in found] == [(round(1 - 10 / 1440 / 0.01, 6), 1440, 10)]


def test_probes_that_span_too_little_of_the_window_say_nothing_of_it() -> None:
    found = budgets([objective(0.99)], probes(1440), NOW)

    assert [(each.left, each.reason) for each in found] == [(None, "probes of 23.98 h, and the window is 30 d")]


def test_a_budget_that_burns_in_both_windows_is_an_alert_and_a_blip_is_none() -> None:
    burning = budgets([objective(0.99, window=86_400)], probes(1400, 40), NOW)
    blip = budgets([objective(0.99, window=86_400)], probes(1438, 2), NOW)

    assert (bool(burning[0].alerts), blip[0].alerts) == (True, ())


def test_what_is_older_than_the_window_does_not_count() -> None:
    old = [
        Record(time=each.time - timedelta(days=40), endpoint=each.endpoint, ok=False, seconds=1.0)
        for each in probes(900)
    ]
    found = budgets([objective(0.99, window=86_400)], [*old, *probes(1440)], NOW)

    assert [(each.left, each.samples) for each in found] == [(1.0, 1440)]


def test_the_thresholds_are_those_of_the_workbook() -> None:
    assert [round(threshold(each, 2_592_000.0), 3) for each in BURNS] == [14.4, 6.0, 3.0, 1.0]
    assert [round(threshold(each, 2_419_200.0), 3) for each in BURNS] == [13.44, 5.6, 2.8, 0.933]


def test_the_samples_that_are_needed_are_those_of_the_formulae() -> None:
    assert (needed(0.999), resolution(0.999), needed_for_percentile(0.95), needed_for_percentile(0.99)) == (
        3838,
        1000,
        59,
        299,
    )
    assert [round(wilson(each, each)[0], 4) for each in (60, 1440, 10_080, 43_200)] == [0.9398, 0.9973, 0.9996, 0.9999]
    assert (nearest_rank([1, 2, 3, 4], 0.5), nearest_rank([5], 0.99)) == (2, 5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30d", 2_592_000),
        ("200ms", 0.2),
        ("1h30m", 5400),
        ("5", 5),
        ("1.5 h", 5400),
        ("2 weeks", 1_209_600),
        ("soon", None),
        ("", None),
        ("5x", None),
    ],
)
def test_a_duration_is_read_as_people_write_it(text: str, expected: float | None) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("99.9%", 0.999), ("99.9", 0.999), ("0.999", 0.999), ("1%", 0.01), ("x", None), ("-1", None)]
)
def test_a_share_is_read_as_people_write_it(text: str, expected: float | None) -> None:
    assert share(text) == pytest.approx(expected) if expected is not None else share(text) is None
