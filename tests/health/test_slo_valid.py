"""`slo-valid`: objectives mean what they say, and can be seen to be missed."""

import pytest

from selfcheck.check import Repository
from selfcheck.checks.health.objectives import Slip
from selfcheck.checks.health.served import Served
from selfcheck.checks.health.slo import SloValid
from selfcheck.model import Evidence, Finding, Location, Outcome
from selfcheck.prove import Proven
from selfcheck.testing import assert_breaks, assert_keeps, judged, memory, proven

CHECK = SloValid()
MAIN = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/health')\ndef f(): ...\n"
ALERTS = "alerting: {channels: [{type: slack, webhook_url: '${HOOK}'}]}\n"
RIGHT = "{target: 99.9%, window: 30d, interval: 60s, endpoint: /health}"
FILE = "slo-monitors.yml"


def objectives(body: str, alerts: str = ALERTS) -> Repository:
    """One objective, `a`, in a file beside an application."""
    return memory({"main.py": MAIN, FILE: f"slos:\n  a: {body}\n{alerts}"})


def test_objectives_that_mean_what_they_say_keep_the_promise() -> None:
    verdict = assert_keeps(CHECK, objectives(RIGHT))

    assert verdict.evidence == (
        Evidence("files of objectives", 1, 1),
        Evidence("objectives", 1, 1),
        Evidence("endpoints", 1, 1),
    )


def test_a_budget_that_does_not_follow_is_one_finding_as_the_report_shows_it() -> None:
    findings = assert_breaks(
        CHECK, objectives("\n    target: 99.9\n    error_budget: 52.56 min per year"), f"budget a in {FILE}"
    )

    assert findings == (
        Finding(
            key=f"budget a in {FILE}",
            message='a: its budget is written as "52.56 min per year", and its target leaves 0.1 %, 43.2 min in 30 d',
            at=Location(FILE, 4),
            hint="leave it out, or write what follows from the target",
            data={"objective": "a"},
        ),
    )


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ("{}", "target a"),
        ("{target: soon}", "target a"),
        ("{target: 100}", "target a"),
        ("{target: 1}", "target a"),
        ("{target: 0.1%}", "target a"),
        ("{target: 99.9, error_budget: 0.01}", "budget a"),
        ("{target: 0.999, error_budget: 0.1}", "budget a"),
        ("{target: 99.9, error_budget: some}", "budget a"),
        ("{target: 99.9, error_budget: 43.2 min, window: 7d}", "budget a"),
        ("{targets: {p95: 200, p99: 500}, error_budget: 3}", "budget a"),
        ("{targets: {p95: 500, p99: 200}}", "order a"),
        ("{p95: 6s, timeout: 5}", "order a"),
        ("{target: 99.9, window: 1d, interval: 60}", "power a"),
        ("{target: 99.9, window: 1h, interval: 60}", "power a"),
        ("{p99: 1s, window: 1h, check_interval: 60}", "power a"),
        ("{target: 99.9, endpoint: /gone}", "endpoint a /gone"),
        ("{target: 99.9, monitors: [{endpoint: /health}, {endpoints: [/gone]}]}", "endpoint a /gone"),
        ("text", "form a"),
    ],
)
def test_an_objective_that_means_something_else_is_found(body: str, key: str) -> None:
    assert_breaks(CHECK, objectives(body), f"{key} in {FILE}")


@pytest.mark.parametrize(
    "body",
    [
        "{target: 99.9, error_budget: 0.1}",
        "{target: 0.999, error_budget: 0.001}",
        "{target: 99.9%, error_budget: 0.1%}",
        "{target: 99.9, error_budget: 43.2 min}",
        "{target: 99.99, error_budget: 52.56 min per year}",
        "{targets: {p95: 200, p99: 500}, error_budget: 5}",
        "{target: {p95: 500, p99: 1000}, error_budget: 0.05, window: 7d}",
        "{target: 99.9, window: 30d, interval: 10 minutes}",
        "{endpoint: /health, check_fields: ['checks.pool.utilization < 0.9']}",
        "{endpoint: /health, value: $.pool, below: 90%}",
        "{target: 99.9, endpoint: 'https://other.example.org/up'}",
    ],
)
def test_an_objective_that_can_be_meant_is_nearly_a_finding(body: str) -> None:
    assert judged(CHECK, objectives(body)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("alerts", "key"),
    [
        ("", "channel"),
        ("alerting: {channels: [{type: slack, webhook_url: '${HOOK}', enabled: false}]}\n", "channel"),
        ("alerting: {channels: [{type: slack, webhook_url: 'https://hooks.example.org/T0/B0'}]}\n", "channel slack"),
        ("alerting: {channels: [{type: pager, routing_key: abc}]}\n", "channel pager"),
    ],
)
def test_an_alert_that_reaches_nobody_or_anybody_is_found(alerts: str, key: str) -> None:
    findings = assert_breaks(CHECK, objectives(RIGHT, alerts), f"{key} in {FILE}")

    assert "T0" not in str(findings)


def test_other_forms_of_the_file_are_read() -> None:
    files = {
        "a/slo-monitors.yml": f"slo_monitors:\n  a: {{target: 100}}\n{ALERTS}",
        "b/slo-monitors.yml": f"slo_b:\n  target: 100\n{ALERTS}",
    }

    assert_breaks(CHECK, memory(files), "target a in a/slo-monitors.yml", "target slo_b in b/slo-monitors.yml")


OPEN = """apiVersion: openslo/v1
kind: SLO
metadata: {name: web}
spec:
  service: shop
  indicatorRef: good
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.999}]
---
apiVersion: openslo/v1
kind: Service
metadata: {name: shop}
---
apiVersion: openslo/v1
kind: SLI
metadata: {name: good}
"""


def test_openslo_that_says_what_it_must_keeps_the_promise() -> None:
    assert_keeps(CHECK, memory({"web.slo.yaml": OPEN}))


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("0.999", "99.9", "target web"),
        ("target: 0.999", "targetPercent: 100", "target web"),
        ("{target: 0.999}", "{target: 0.999, targetPercent: 99.9}", "form web objective 1 target"),
        ("isRolling: true}]", "isRolling: true}, {duration: 1d}]", "form web timeWindow"),
        ("indicatorRef: good", "indicatorRef: bad", "form SLI/bad"),
        ("service: shop", "service: shoop", "form Service/shoop"),
        ("Occurrences", "Often", "form web budgetingMethod"),
        ("  indicatorRef: good\n", "", "form web indicator"),
        ("objectives: [{target: 0.999}]", "objectives: []", "form web objectives"),
        ("kind: Service", "kind: Servce", "form Service/shop"),
        ("openslo/v1\nkind: SLI", "openslo/v1alpha\nkind: SLI", "form apiVersion"),
    ],
)
def test_openslo_that_says_something_else_is_found(old: str, new: str, key: str) -> None:
    verdict = judged(CHECK, memory({"web.slo.yaml": OPEN.replace(old, new)}))

    assert f"{key} in web.slo.yaml" in [each.seen.key for each in verdict.findings]


def test_a_burn_rate_that_alerts_when_it_is_low_is_found() -> None:
    text = "apiVersion: openslo/v1\nkind: AlertCondition\nmetadata: {name: c}\nspec: {condition: {kind: burnrate, op: lte, threshold: 2}}\n"

    assert_breaks(CHECK, memory({"c.slo.yml": text}), "form c op in c.slo.yml")


def test_an_endpoint_is_not_judged_where_no_routes_were_read() -> None:
    verdict = judged(CHECK, memory({FILE: f"slos:\n  a: {RIGHT}\n{ALERTS}"}))

    assert (verdict.outcome, verdict.evidence[-1]) == (Outcome.PASS, Evidence("endpoints", 1, 0))


def test_what_is_said_to_be_served_needs_no_route() -> None:
    check = SloValid(served=(Served(path="/gone", reason="the proxy"),))

    assert judged(check, objectives("{target: 99.9, endpoint: /gone}")).outcome is Outcome.PASS


def test_a_fault_that_is_not_asked_for_is_not_found() -> None:
    assert judged(SloValid(faults=(Slip.BUDGET,)), objectives("{target: 100}")).outcome is Outcome.PASS


def test_without_a_file_nothing_is_kept() -> None:
    assert judged(CHECK, memory({"main.py": MAIN})).outcome is Outcome.ERROR


@pytest.mark.parametrize("text", ["slos: [", "slos: " + "[" * 900, "\x00\xff", "a: &a [*a]\nslos: {b: *a}\n"])
def test_a_hostile_file_is_never_a_pass(text: str) -> None:
    assert judged(CHECK, memory({FILE: text})).outcome in (Outcome.ERROR, Outcome.FAIL)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (
            "kind: AlertPolicy\nmetadata: {name: p}\nspec: {conditions: [{conditionRef: c}, {conditionRef: c}]}\n",
            "form p conditions",
        ),
        (
            "kind: AlertPolicy\nmetadata: {name: p}\nspec: {conditions: [{conditionRef: gone}]}\n",
            "form AlertCondition/gone",
        ),
        ("kind: Odd\nmetadata: {name: p}\n", "form kind"),
        ("kind: Service\n", "form metadata.name"),
        (
            "kind: SLO\nmetadata: {name: t}\nspec: {indicator: {}, budgetingMethod: Timeslices, timeWindow: [{duration: 1d}], objectives: [{target: 0.9, op: eq}]}\n",
            "form t objective 1 timeSliceTarget",
        ),
        ("kind: SLO\nmetadata: {name: t}\nspec: {alertPolicies: [gone]}\n", "form AlertPolicy/gone"),
    ],
)
def test_other_documents_of_openslo_are_judged_too(text: str, key: str) -> None:
    verdict = judged(CHECK, memory({"a.slo.yml": f"apiVersion: openslo/v1\n{text}"}))

    assert f"{key} in a.slo.yml" in [each.seen.key for each in verdict.findings]


def test_a_file_that_is_too_large_is_unread() -> None:
    verdict = judged(CHECK, memory({FILE: f"slos: {{a: {RIGHT}}}\n#{'x' * 2_000_000}"}))

    assert [each.seen.path for each in verdict.unread] == [FILE]


def test_openslo_is_proven_by_documents_of_its_own() -> None:
    repo = memory({"web.slo.yaml": OPEN})

    assert proven(CHECK, repo).bit == (
        "add what is wrong with its form to web.slo.yaml",
        "add what is wrong with its target to web.slo.yaml",
    )


def test_without_a_file_nothing_can_be_proven() -> None:
    assert proven(CHECK, memory({"main.py": MAIN})).outcome is not Proven.PROVEN


def test_objectives_and_routes_are_read_ahead() -> None:
    tree = objectives(RIGHT).tree

    assert {file.path for _, files in CHECK.ahead(tree) for file in files} == {FILE, "main.py"}
