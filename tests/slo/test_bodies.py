"""What answers of health endpoints say, whatever their form, in one model."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfcheck.probing import Component, Health, Level, read

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "form", "level", "components"),
    [
        (
            b'{"status":"pass","checks":{"db:time":[{"status":"pass"}],"q":[{"status":"warn"}]}}',
            "health+json",
            Level.MODERATE,
            2,
        ),
        (b'{"status":"fail"}', "own", Level.CRITICAL, 0),
        (
            b'{"status":"UP","components":{"db":{"status":"UP"},"disk":{"status":"DOWN"}}}',
            "Actuator",
            Level.CRITICAL,
            2,
        ),
        (b'{"status":"OUT_OF_SERVICE"}', "Actuator", Level.CRITICAL, 0),
        (b'{"status":"UNKNOWN"}', "Actuator", Level.UNKNOWN, 0),
        (
            b'{"status":"UP","components":{"db":{"status":"UP","components":{"a":{"status":"DOWN"}}}}}',
            "Actuator",
            Level.CRITICAL,
            2,
        ),
        (
            b'{"status":"UP","checks":[{"name":"db","status":"UP"},{"name":"mq","status":"DOWN","data":{}}]}',
            "MicroProfile",
            Level.CRITICAL,
            2,
        ),
        (b'{"status":"Degraded","results":{"db":{"status":"Healthy"}}}', "ASP.NET", Level.MODERATE, 1),
        (b"Healthy", "text", Level.HEALTHY, 0),
        (b"Unhealthy\n", "text", Level.CRITICAL, 0),
        (b"OK", "text", Level.HEALTHY, 0),
        (b"true", "value", Level.HEALTHY, 0),
        (b"false", "value", Level.CRITICAL, 0),
        (
            b'{"status":"healthy","components":{"sync":{"status":"healthy","message":"x"}},"metrics":{}}',
            "own",
            Level.HEALTHY,
            1,
        ),
        (
            b'{"status":"moderate","status_breakdown":{"healthy":8},"checks":{"a":{"status":"deprecated"}}}',
            "own",
            Level.MODERATE,
            1,
        ),
        (b'{"database":"ok","redis":"down","version":"1.2"}', "own", Level.CRITICAL, 2),
        (b'{"ok":true,"services":{"db":true,"mail":false}}', "own", Level.CRITICAL, 2),
        (b'{"checks":{"a":{"status":"purple"}}}', "own", Level.UNKNOWN, 1),
        (b'{"status":"healthy","checks":{}}', "own", Level.HEALTHY, 0),
        (b'{"hello":"world"}', "own", Level.UNKNOWN, 0),
        (b"{}", "own", Level.UNKNOWN, 0),
        (b'{"checks":{"a":[[[[[{"status":"UP"}]]]]]}}', "own", Level.UNKNOWN, 0),
        (b'{"checks":{"a":{"components":{"b":{"status":"down"}}}}}', "own", Level.CRITICAL, 1),
        (b'{"checks":{"a":[' + b",".join([b'{"status":"UP"}'] * 3_000) + b"]}}", "own", Level.HEALTHY, 500),
        (b"", "unknown", Level.UNKNOWN, 0),
        (b"<html>", "unknown", Level.UNKNOWN, 0),
        (b"\xff\xfe", "unknown", Level.UNKNOWN, 0),
        (b"[" * 100_000, "unknown", Level.UNKNOWN, 0),
    ],
)
def test_an_answer_is_read_as_its_form_means_it(body: bytes, form: str, level: Level, components: int) -> None:
    found = read(body)

    assert (found.form, found.aggregate(), len(found.components)) == (form, level, components)


def part(name: str, level: Level, said: str = "x", time: datetime | None = None) -> Component:
    """A component."""
    return Component(name=name, level=level, said=said, time=time)


def test_an_optional_component_is_moderate_at_worst() -> None:
    health = Health(form="own", components=(part("db", Level.HEALTHY), part("mail", Level.CRITICAL)))

    assert (health.aggregate(), health.aggregate(["mail"])) == (Level.CRITICAL, Level.MODERATE)


def test_what_was_looked_at_too_long_ago_is_unknown() -> None:
    health = Health(form="own", components=(part("db", Level.HEALTHY, time=NOW - timedelta(minutes=9)),))

    assert [health.seen(NOW, timedelta(minutes=each)).aggregate() for each in (8, 10)] == [Level.UNKNOWN, Level.HEALTHY]


@pytest.mark.parametrize(
    ("told", "time"),
    [
        ("2026-01-01T00:00:00Z", NOW),
        ("2026-01-01T00:00:00", NOW),
        ("2026-01-01T02:00:00+02:00", NOW),
        ("yesterday", None),
        (7, None),
    ],
)
def test_a_time_is_read_where_it_is_one(told: object, time: datetime | None) -> None:
    (component,) = read(json.dumps({"checks": {"a": {"status": "UP", "time": told}}}).encode()).components

    assert component.time == time


def test_the_breakdown_counts_what_the_components_say() -> None:
    health = Health(
        form="own",
        components=(part("a", Level.HEALTHY), part("b", Level.MODERATE, "deprecated"), part("c", Level.CRITICAL)),
    )

    assert health.breakdown() == {"healthy": 1, "warning": 0, "deprecated": 1, "error": 1, "unknown": 0}


levels = st.lists(st.sampled_from(list(Level)), max_size=5)


@given(levels, st.sampled_from([Level.UNKNOWN, Level.CRITICAL]))
def test_one_more_that_is_unknown_or_worse_never_makes_it_better(several: list[Level], worse: Level) -> None:
    before = Health(form="own", components=tuple(part(str(n), each) for n, each in enumerate(several)))
    after = Health(form="own", components=(*before.components, part("new", worse)))

    assert after.aggregate() >= (before.aggregate() if several else worse)


@given(st.binary(max_size=60))
def test_whatever_is_answered_is_read(body: bytes) -> None:
    assert read(body).aggregate() in Level
