"""`selfcheck slo` against a real service, and what it writes."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from selfcheck.slo import prometheus
from selfcheck.subjects.slo import reading
from tests.cli.calling import Called, called
from tests.slo.service import Service, dead

FILE = """base_url: ${SHOP_URL:-http://127.0.0.1:1}
slos:
  up: {target: 90%, endpoint: /health, timeout: 300ms, window: 1h}
  fast: {p95: 150ms, endpoint: /health, timeout: 300ms}
  pool: {endpoint: /health, check_fields: ["checks.pool.utilization < 0.9"]}
"""


class Folder:
    """A folder with a file of objectives, and `selfcheck slo` in it."""

    def __init__(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path = path
        self._capsys = capsys

    def slo(self, *arguments: str) -> Called:
        """What the command says there."""
        return called(self._capsys, "slo", *arguments)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Folder:
    """The current folder."""
    (tmp_path / "slo-monitors.yml").write_text(FILE)
    monkeypatch.chdir(tmp_path)
    return Folder(tmp_path, capsys)


def probed(folder: Folder, url: str, *more: str) -> tuple[int, dict[str, str]]:
    """The exit code, and the state of each thing that is promised."""
    done = folder.slo("probe", "--base-url", url, "--format", "json", "--interval", "1ms", *more)
    return done.code, {f"{each['objective']} {each['what']}": each["state"] for each in json.loads(done.stdout)}


def test_a_healthy_service_meets_its_objectives(folder: Folder, service: Service) -> None:
    code, states = probed(folder, service.url, "--duration", "2s")

    assert (code, states) == (
        0,
        {"up availability": "met", "fast p95": "met", "pool checks.pool.utilization < 0.9": "met"},
    )


@pytest.mark.parametrize(
    ("mood", "missed"),
    [
        ("down", {"up availability"}),
        ("lying", {"up availability"}),
        ("slow", {"fast p95"}),
        ("full", {"pool checks.pool.utilization < 0.9"}),
        ("hung", {"up availability", "fast p95"}),
    ],
)
def test_a_service_that_is_not_well_misses_one(folder: Folder, service: Service, mood: str, missed: set[str]) -> None:
    service.mood = mood

    code, states = probed(folder, service.url, "--duration", "1500ms" if mood in ("hung", "slow") else "300ms")

    assert (code, {name for name, state in states.items() if state == "missed"}) == (1, missed)


def test_a_dead_service_misses_its_objectives(folder: Folder) -> None:
    code, states = probed(folder, dead(), "--duration", "50ms")

    assert (code, states["up availability"], states["fast p95"]) == (1, "missed", "missed")


def test_too_few_probes_are_no_verdict(folder: Folder, service: Service) -> None:
    code, states = probed(folder, service.url, "--duration", "1ms")

    assert (code, set(states.values())) == (3, {"insufficient data"})


def test_probes_are_recorded_and_added_up(folder: Folder, service: Service) -> None:
    record = folder.path / "probes.jsonl"
    probed(folder, service.url, "--duration", "100ms", "--record", str(record))

    lines = [json.loads(line) for line in record.read_text().splitlines()]
    done = folder.slo("report", str(record))

    assert {(each["endpoint"], each["ok"], each["status"]) for each in lines} == {("/health", True, 200)}
    assert done.code == 3
    assert "up: insufficient data: probes of" in done.stdout


def test_a_budget_that_is_spent_fails_the_report(folder: Folder) -> None:
    lines = [
        {"time": f"2026-01-01T00:{n:02}:00Z", "endpoint": "/health", "ok": n < 40, "seconds": 0.1} for n in range(60)
    ]
    (folder.path / "p.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in lines) + '{"time": "20')

    done = folder.slo("report", "p.jsonl")

    assert (done.code, done.stdout.splitlines()[0]) == (
        1,
        "up: -233.333 % of the budget left (20 of 60 probes failed in 1 h)",
    )


def test_another_host_is_asked_only_where_it_is_allowed(folder: Folder) -> None:
    refused = folder.slo("probe", "--base-url", "http://shop.invalid")
    allowed = folder.slo(
        "probe", "--base-url", "http://shop.invalid", "--allow-host", "shop.invalid", "--duration", "1ms"
    )

    assert (refused.code, "--allow-host shop.invalid" in refused.stderr, allowed.code in (1, 3)) == (2, True, True)


def test_a_header_comes_from_the_environment(folder: Folder, service: Service) -> None:
    done = folder.slo("probe", "--base-url", service.url, "--duration", "1ms", "--header-env", "Authorization=HOME")

    assert done.code == 3
    assert service.asked[0].startswith("/health /")


@pytest.mark.parametrize(
    "arguments",
    [
        ("probe", "--duration", "soon"),
        ("probe", "--base-url", "file:///etc"),
        ("probe", "--header-env", "X=SELFCHECK_NO_SUCH_VARIABLE"),
        ("probe", "--slo", "gone.yml"),
        ("probe", "--slo", "empty.yml"),
        ("probe", "--record", "no/such/folder", "--base-url", "http://127.0.0.1:1"),
        ("report", "gone.jsonl"),
        ("report", "slo-monitors.yml"),
    ],
)
def test_what_is_asked_wrongly_is_exit_2(folder: Folder, arguments: tuple[str, ...]) -> None:
    (folder.path / "empty.yml").write_text("a: 1\n")

    done = folder.slo(*arguments)

    assert (done.code, done.stderr.startswith("selfcheck: ")) == (2, True)


def rules(text: str) -> dict[str, Any]:
    """The rules of a file of objectives."""
    return prometheus.rules(reading(text.encode()).objectives)


def test_the_rules_are_valid_and_alert_over_two_windows(folder: Folder) -> None:
    done = folder.slo("export", "prometheus", "--output", "rules.yml")
    found = yaml.safe_load((folder.path / "rules.yml").read_text())

    jsonschema.validate(found, prometheus.SCHEMA)
    alerts = {each["alert"]: each["expr"] for each in found["groups"][0]["rules"] if "alert" in each}
    assert done.code == 0
    assert done.stdout.startswith("wrote rules.yml: 1 objectives, 14 rules")
    assert sorted(alerts) == ["SloBudgetBurnPage", "SloBudgetBurnTicket"]


def test_the_thresholds_follow_from_the_budget_and_the_window() -> None:
    page = next(
        each["expr"]
        for each in rules("slos: {a: {target: 99.9, window: 30d, endpoint: /h}}")["groups"][0]["rules"]
        if each.get("alert") == "SloBudgetBurnPage"
    )

    assert 'slo:sli_error:ratio_rate5m{slo="a"} > 0.0144\n  and slo:sli_error:ratio_rate1h{slo="a"} > 0.0144' in page
    assert 'slo:sli_error:ratio_rate30m{slo="a"} > 0.006\n  and slo:sli_error:ratio_rate6h{slo="a"} > 0.006' in page
    assert ">= 3)" in page


def test_counters_are_asked_instead_of_probes_where_there_are_any() -> None:
    found = rules("slos: {a: {target: 99.9, success_metric: good_total, metric: all_total}}")

    assert (
        found["groups"][0]["rules"][0]["expr"]
        == "1 - (\n  sum(rate(good_total[5m]))\n  /\n  sum(rate(all_total[5m]))\n)"
    )


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("good_total", "sum(rate(good_total[5m]))"),
        ('good_total{job="shop"}', 'sum(rate(good_total{job="shop"}[5m]))'),
        ("sum(rate(good_total[5m]))", "sum(rate(good_total[5m]))"),
        ("sum(rate(good_total[{{.window}}]))", "sum(rate(good_total[5m]))"),
        ("sum(rate(good_total[$window]))", "sum(rate(good_total[5m]))"),
        ("scalar(up) > 1", "scalar(up) > 1"),
    ],
)
def test_a_query_has_the_window_that_it_is_asked_over(query: str, asked: str) -> None:
    text = yaml.safe_dump({"slos": {"a": {"target": 99.9, "success_metric": query, "metric": "all_total"}}})

    assert rules(text)["groups"][0]["rules"][0]["expr"].splitlines()[1] == f"  {asked}"


def test_a_report_over_objectives_without_a_target_is_exit_2(folder: Folder) -> None:
    (folder.path / "slo-monitors.yml").write_text("slos: {a: {p95: 1s, endpoint: /h}}\n")
    (folder.path / "p.jsonl").write_text("")

    assert folder.slo("report", "p.jsonl").code == 2


def test_a_name_and_an_endpoint_cannot_break_out_of_a_query() -> None:
    text = yaml.safe_dump({"slos": {'a"} or vector(1) #': {"target": 99.9, "endpoint": '/h"}) or vector(1) #'}}})

    queries = " ".join(each["expr"] for each in rules(text)["groups"][0]["rules"])

    assert ("or vector(1)" in queries, '"a__ or vector_1_ _"' in queries) == (False, True)


def test_a_file_without_a_target_has_no_rules(folder: Folder) -> None:
    (folder.path / "slo-monitors.yml").write_text("slos: {a: {p95: 1s, endpoint: /h}}\n")

    assert folder.slo("export", "prometheus").code == 2


def test_the_rules_are_printed_where_no_file_is_named(folder: Folder) -> None:
    done = folder.slo("export", "prometheus")

    assert [each["name"] for each in yaml.safe_load(done.stdout)["groups"]] == ["selfcheck-slo-up"]


def test_promtool_decides_where_it_is_installed(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = folder.path / "bin" / "promtool"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\necho no such function >&2\nexit 1\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tool.parent), prepend=":")

    done = folder.slo("export", "prometheus")

    assert (done.code, done.stdout) == (3, "")
    assert "promtool refuses the rules: no such function" in done.stderr


def test_a_folder_that_cannot_be_written_to_is_told(folder: Folder) -> None:
    assert folder.slo("export", "prometheus", "-o", "no/such/rules.yml").code == 3


def test_the_report_is_json_where_it_is_asked_for(folder: Folder) -> None:
    (folder.path / "p.jsonl").write_text("")

    done = folder.slo("report", "p.jsonl", "--format", "json")

    assert (done.code, json.loads(done.stdout)[0]["left"]) == (3, None)


def test_the_results_are_a_table_for_people(folder: Folder, service: Service) -> None:
    done = folder.slo("probe", "--base-url", service.url, "--duration", "1ms")

    assert done.stdout.startswith("up    availability")


@pytest.mark.parametrize("text", ["slos: [", "slos: {a: {p95: 1s}}", "slos: {a: {target: 99.9, endpoint: 'x'}}"])
def test_a_file_that_cannot_be_measured_is_exit_2(folder: Folder, text: str) -> None:
    (folder.path / "slo-monitors.yml").write_text(text)

    assert folder.slo("probe", "--base-url", "http://127.0.0.1:1").code == 2


def test_without_a_file_or_a_place_nothing_is_measured(folder: Folder) -> None:
    (folder.path / "slo-monitors.yml").write_text("slos: {a: {target: 99.9, endpoint: /h}}")
    nowhere = folder.slo("probe")
    (folder.path / "slo-monitors.yml").unlink()

    assert (nowhere.code, "--base-url" in nowhere.stderr, folder.slo("probe").code) == (2, True, 2)
