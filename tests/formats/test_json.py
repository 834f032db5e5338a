"""The `json` format, report v1: its keys and their order are a promise, and so is its schema."""

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given, settings
from msgspec import structs
from syrupy.assertion import SnapshotAssertion

from selfcheck.check import Finding, Location
from selfcheck.formats.json import ReportV1, render, schema
from selfcheck.guardrail import Place
from selfcheck.model import Report, fingerprint
from tests.formats.generated import reports
from tests.formats.reports import SOME, compared, everything, guardrail, report, verdict

VALIDATOR = jsonschema.Draft202012Validator(schema())
# The example of the design, which other programs were written by.
REPORT = ["version", "run", "summary", "verdicts"]
# What was added since stands after it.
RUN = ["root", "revision", "base", "started", "seconds", "rulebook", "base_commits", "folder"]
SUMMARY = ["outcome", "exit", "pass", "fail", "error", "skip", "findings"]
VERDICT = [
    *("id", "title", "why", "severity", "enforce", "check", "refs", "owner", "place"),
    *("outcome", "reason", "seconds", "proof", "evidence", "unread", "findings", "fixed", "exceptions"),
]
EVIDENCE = ["what", "scope", "examined"]
UNREAD = ["path", "reason", "fingerprint", "status", "accepted"]
FINDING = [
    *("key", "fingerprint", "status", "message", "hint", "path", "line", "column", "data"),
    *("growth", "parts", "amount", "accepted"),
]
ACCEPTED = ["by", "reason", "owner", "until", "path", "line"]
EXCEPTION = [*ACCEPTED, "match", "count", "covered"]
ADDED = {"base_commits", "folder", "findings", "accepted", "growth", "parts", "amount", "fixed", "exceptions"}


def wire(of: Report) -> dict[str, Any]:
    """What a program reads."""
    found: dict[str, Any] = json.loads(render(of))
    return found


def test_a_report_is_rendered_whole(snapshot: SnapshotAssertion) -> None:
    assert render(everything()) == snapshot


def test_a_comparison_is_rendered_whole(snapshot: SnapshotAssertion) -> None:
    assert render(compared()) == snapshot


def test_the_keys_and_their_order_are_those_of_the_design() -> None:
    found = wire(everything())

    kept_but_for_waivers, no_cycles = found["verdicts"][1], found["verdicts"][2]
    assert (list(found), list(found["run"]), list(found["summary"])) == (REPORT, RUN, SUMMARY)
    assert {tuple(each) for each in found["verdicts"]} == {tuple(VERDICT)}
    assert list(no_cycles["evidence"][0]) == EVIDENCE
    assert list(no_cycles["findings"][0]) == FINDING
    assert list(kept_but_for_waivers["unread"][0]) == UNREAD
    assert list(kept_but_for_waivers["unread"][0]["accepted"]) == ACCEPTED
    assert list(kept_but_for_waivers["exceptions"][0]) == EXCEPTION
    assert list(found["summary"]["findings"]) == ["new", "existing", "baselined", "waived", "fixed"]


@pytest.mark.parametrize("made", [everything(), compared()])
def test_a_report_is_valid_by_its_schema(made: Report) -> None:
    VALIDATOR.validate(wire(made))


def test_a_report_from_before_a_field_was_added_is_still_valid_and_read() -> None:
    def before(value: Any) -> Any:
        if isinstance(value, list):
            return [before(each) for each in value]
        if isinstance(value, dict):
            kept = {
                key: each for key, each in value.items() if key not in ADDED or (key == "findings" and "id" in value)
            }
            return {key: before(each) for key, each in kept.items()}
        return value

    old = before(wire(everything()))

    VALIDATOR.validate(old)
    assert msgspec.convert(old, ReportV1).verdicts[2].findings[0].parts == []


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"run": {}},
        {"summary": {"outcome": "skip", "exit": 0, "pass": 0, "fail": 0, "error": 0, "skip": 0}},
        {"verdicts": [{"id": "a"}]},
    ],
)
def test_what_is_no_report_is_not_valid(change: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid({**wire(report()), **change})


def test_the_schema_allows_keys_that_later_versions_add() -> None:
    assert VALIDATOR.is_valid({**wire(report()), "new": 1})


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_a_finding_without_a_place_stands_at_its_guardrail() -> None:
    [found] = wire(report(verdict(guardrail("a", place=Place("rules.yaml", 7)), SOME, Finding(key="x", message="y"))))[
        "verdicts"
    ]

    assert found["findings"] == [
        {
            "key": "x",
            "fingerprint": fingerprint("a", "x", 1),
            "status": "new",
            "message": "y",
            "hint": None,
            "path": "rules.yaml",
            "line": 7,
            "column": None,
            "data": {},
            "growth": None,
            "parts": [],
            "amount": None,
            "accepted": None,
        }
    ]


def test_a_finding_about_a_whole_file_stands_at_its_first_line() -> None:
    [found] = wire(report(verdict(guardrail("a"), SOME, Finding(key="x", message="y", at=Location("b.py")))))[
        "verdicts"
    ]

    assert (found["findings"][0]["path"], found["findings"][0]["line"]) == ("b.py", 1)


def test_a_finding_tells_how_it_grew_and_of_which_parts_and_amount() -> None:
    cycles, small, _ = wire(compared())["verdicts"]

    grown, longer = cycles["findings"][0], small["findings"][0]
    assert (grown["growth"], grown["parts"]) == ("grew by backend.c", ["backend.a", "backend.b", "backend.c"])
    assert (longer["growth"], longer["amount"]) == ("2,300, accepted at 2,298", 2300)


def test_an_accepted_finding_tells_by_what() -> None:
    cycles = wire(compared())["verdicts"][0]

    assert [(each["status"], each["accepted"]) for each in cycles["findings"][2:]] == [
        (
            "baselined",
            {
                "by": "baseline",
                "reason": "found when selfcheck was turned on",
                "owner": "@platform",
                "until": None,
                "path": "guardrails/baseline.jsonl",
                "line": 3,
            },
        ),
        ("existing", None),
        (
            "waived",
            {
                "by": "waiver",
                "reason": "the split lands in November",
                "owner": "@li",
                "until": "2026-11-26",
                "path": "guardrails/house.yaml",
                "line": 12,
            },
        ),
    ]


def test_every_exception_is_listed_with_what_it_matches_and_covers() -> None:
    cycles = wire(compared())["verdicts"][0]

    assert [(each["by"], each["match"], each["count"], each["covered"]) for each in cycles["exceptions"]] == [
        ("waiver", "old.a, old.b", None, 1),
        ("baseline", "backend.e, backend.f", None, 1),
    ]


def test_what_is_fixed_stands_apart_from_what_is_found() -> None:
    cycles = wire(compared())["verdicts"][0]

    assert [(each["key"], each["status"]) for each in cycles["fixed"]] == [("gone.a, gone.b", "fixed")]


def test_a_comparison_names_the_base_its_commits_and_the_folder() -> None:
    run = wire(compared())["run"]

    assert (run["base"], run["base_commits"], run["folder"]) == (
        "origin/main",
        ["9f2c0e9f2c0e9f2c0e9f2c0e9f2c0e9f2c0e9f2c"],
        "services/shop",
    )


def test_the_summary_counts_findings_by_status() -> None:
    assert wire(compared())["summary"]["findings"] == {
        "new": 3,
        "existing": 2,
        "baselined": 1,
        "waived": 1,
        "fixed": 2,
    }


def test_the_data_of_a_finding_is_passed_on_as_it_is() -> None:
    data = {"b": [1, 2.5, None, True, {"c": "\N{SNOWMAN}"}], "a": {}}

    [found] = wire(report(verdict(guardrail("a"), SOME, Finding(key="x", message="y", data=data))))["verdicts"]

    assert json.dumps(found["findings"][0]["data"]) == json.dumps(data)


def test_moments_are_told_in_utc() -> None:
    moment = datetime(2026, 11, 21, 3, 0, tzinfo=timezone(timedelta(hours=1)))
    made = report()

    found = wire(structs.replace(made, run=structs.replace(made.run, started=moment)))

    assert found["run"]["started"] == "2026-11-21T02:00:00Z"


def test_text_beyond_ascii_stays_readable() -> None:
    text = render(report(verdict(guardrail("a", title="Größe \N{SNOWMAN}"), SOME)))

    assert '"title": "Größe \N{SNOWMAN}"' in text
    assert text.endswith("}\n")


@settings(deadline=None, max_examples=40)
@given(reports())
def test_every_report_is_valid_by_its_schema(generated: Report) -> None:
    VALIDATOR.validate(wire(generated))


@settings(deadline=None, max_examples=40)
@given(reports())
def test_the_summary_is_that_of_the_verdicts(generated: Report) -> None:
    found = wire(generated)

    outcomes = [each["outcome"] for each in found["verdicts"]]
    assert {name: found["summary"][name] for name in ("pass", "fail", "error", "skip")} == {
        name: outcomes.count(name) for name in ("pass", "fail", "error", "skip")
    }
    assert found["summary"]["exit"] == generated.exit_code
