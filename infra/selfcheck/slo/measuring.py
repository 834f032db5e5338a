"""Endpoints asked again and again for a while."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from selfcheck.probing import Answered, Level, ask, read
from selfcheck.slo.records import Record
from selfcheck.slo.values import value
from selfcheck.subjects.slo import Objective

TIMEOUT = 5.0
"""The seconds that an answer may take where no objective says."""


class Asked(NamedTuple):
    """An endpoint, and what several objectives ask of it together."""

    endpoint: str
    method: str
    timeout: float
    statuses: tuple[int, ...]
    paths: tuple[str, ...]


def endpoints(objectives: Sequence[Objective]) -> list[Asked]:
    """Each endpoint of some objectives once, with the longest timeout that one of them says, and every path that is asked."""
    found: dict[str, list[Objective]] = {}
    for each in objectives:
        for endpoint in each.endpoints:
            found.setdefault(endpoint, []).append(each)
    return [_asked(endpoint, several) for endpoint, several in found.items()]


def _asked(endpoint: str, several: Sequence[Objective]) -> Asked:
    return Asked(
        endpoint,
        several[0].method,
        max((each.timeout for each in several if each.timeout), default=TIMEOUT),
        tuple(dict.fromkeys(status for each in several for status in each.statuses)),
        tuple(dict.fromkeys(one.path for each in several for one in each.conditions)),
    )


def measured(
    several: Sequence[Asked],
    url: Callable[[str], str],
    *,
    duration: float,
    interval: float,
    headers: Mapping[str, str],
) -> Iterator[Record]:
    """Probes of each endpoint in turn until the time is over; a round begins every `interval` seconds, or later."""
    end = time.monotonic() + duration
    begin = time.monotonic()
    while True:
        for each in several:
            yield _record(each, ask(url(each.endpoint), each.timeout, method=each.method, headers=headers))
        begin += interval
        now = time.monotonic()
        begin = max(begin, now)
        if begin >= end:
            return
        time.sleep(begin - now)


def _record(asked: Asked, answer: Answered) -> Record:
    health = read(answer.body, answer.kind)
    level = health.aggregate() if health.level is not None or health.components else None
    good = answer.status is not None and (
        answer.status in asked.statuses if asked.statuses else 200 <= answer.status < 400
    )
    found = ((path, value(answer.body, path)) for path in asked.paths)
    return Record(
        time=datetime.now(UTC),
        endpoint=asked.endpoint,
        ok=good and level is not Level.CRITICAL,
        seconds=round(answer.seconds, 6),
        status=answer.status,
        error=None if answer.refusal is None else str(answer.refusal),
        level=None if level is None else str(level),
        values={path: text for path, text in found if text is not None},
    )
