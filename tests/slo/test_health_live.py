"""`health-live` against a real service: healthy, degraded, hung, lying, dead."""

import pytest

from selfcheck.check import Repository
from selfcheck.checks.health.live import HealthLive, Worst
from selfcheck.model import Evidence, Outcome
from selfcheck.prove import Proven
from selfcheck.testing import assert_breaks, judged, memory, proven
from tests.slo.service import Service, dead

URL = "${SHOP}/health"
CHECK = HealthLive(urls=(URL,), timeout=0.4)


def at(url: str) -> Repository:
    """A repository whose environment says where the service is."""
    return memory({"a": ""}, environ={"SHOP": url})


def test_a_service_that_is_well_keeps_the_promise(service: Service) -> None:
    verdict = judged(CHECK, at(service.url))

    assert (verdict.outcome, verdict.evidence) == (
        Outcome.PASS,
        (Evidence("endpoints", 1, 1), Evidence("components", 2, 2)),
    )
    assert proven(CHECK, at(service.url)).outcome is Proven.PROVEN


@pytest.mark.parametrize(
    ("mood", "kind"),
    [
        ("hung", "hung"),
        ("down", "critical"),
        ("lying", "lying"),
        ("modest", "disagreeing"),
        ("stale", "unknown"),
        ("silent", "unknown"),
        ("moved", "unknown"),
    ],
)
def test_a_service_that_is_not_well_is_found(service: Service, mood: str, kind: str) -> None:
    service.mood = mood

    assert_breaks(CHECK, at(service.url), f"{kind} {URL}")


def test_a_dead_service_is_found() -> None:
    assert_breaks(CHECK, at(dead()), f"dead {URL}")


def test_a_degraded_service_is_moderate_and_found_where_that_is_not_enough(service: Service) -> None:
    service.mood = "degraded"

    strict = HealthLive(urls=(URL,), worst=Worst.HEALTHY, timeout=0.4)

    assert judged(CHECK, at(service.url)).outcome is Outcome.PASS
    assert_breaks(strict, at(service.url), f"moderate {URL}")


def test_the_finding_tells_the_breakdown_and_no_body(service: Service) -> None:
    service.mood = "lying"

    finding = assert_breaks(CHECK, at(service.url), f"lying {URL}")[0]

    assert finding.data == {
        "status": 200,
        "level": "critical",
        "form": "own",
        "breakdown": {"healthy": 0, "warning": 0, "deprecated": 0, "error": 1, "unknown": 0},
        "components": {"database": "critical"},
    }
    assert finding.message == (
        f"{URL} answers 200 and says that it is unhealthy (database): a probe sees the status alone"
    )


def test_an_optional_component_may_be_down(service: Service) -> None:
    service.mood = "lying"

    assert judged(HealthLive(urls=(URL,), optional=("database",), timeout=0.4), at(service.url)).outcome is Outcome.PASS


def test_a_word_is_an_answer(service: Service) -> None:
    service.mood = "plain"

    assert judged(CHECK, at(service.url)).outcome is Outcome.PASS


def test_a_header_comes_from_the_environment_and_is_not_shown(service: Service) -> None:
    service.mood = "down"
    repo = memory({"a": ""}, environ={"SHOP": service.url, "TOKEN": "Bearer s3cret"})

    verdict = judged(HealthLive(urls=(URL,), headers={"Authorization": "TOKEN"}, timeout=0.4), repo)

    assert (service.asked, "s3cret" in str(verdict)) == (["/health Bearer s3cret"], False)


@pytest.mark.parametrize(
    ("check", "environ"),
    [
        (CHECK, {}),
        (CHECK, {"SHOP": "http://shop.example.org"}),
        (CHECK, {"SHOP": "http://127.0.0.1@shop.example.org"}),
        (CHECK, {"SHOP": "file:///etc"}),
        (HealthLive(urls=(URL,), headers={"A": "NONE"}), {"SHOP": "http://127.0.0.1:1"}),
        (HealthLive(urls=(URL,), headers={"A": "NL"}), {"SHOP": "http://127.0.0.1:1", "NL": "a\r\nB: c"}),
    ],
)
def test_what_may_not_or_cannot_be_asked_is_no_verdict(check: HealthLive, environ: dict[str, str]) -> None:
    assert judged(check, memory({"a": ""}, environ=environ)).outcome is Outcome.ERROR


def test_a_host_is_asked_where_it_is_allowed() -> None:
    check = HealthLive(urls=("http://shop.invalid/health",), allow_hosts=("shop.invalid",), timeout=2)

    assert judged(check, memory({"a": ""})).outcome is Outcome.FAIL


def test_a_url_without_a_variable_cannot_be_proven(service: Service) -> None:
    check = HealthLive(urls=(f"{service.url}/health",))

    assert proven(check, memory({"a": ""})).outcome is Proven.UNPROVABLE
