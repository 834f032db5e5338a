"""The `gitlab` format, held to what GitLab's documentation says of a Code Quality report."""

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from msgspec import structs
from syrupy.assertion import SnapshotAssertion

from selfcheck.check import Finding, Location, Unread
from selfcheck.formats.gitlab import render
from selfcheck.guardrail import Enforce, Place, Severity
from selfcheck.model import Report
from tests.formats.generated import reports
from tests.formats.reports import SOME, compared, error, everything, guardrail, report, verdict

# Made from the table in GitLab's page "Code Quality report format"; GitLab's own parser asks for less.
VALIDATOR = jsonschema.Draft202012Validator(
    {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "additionalProperties": False,
            "properties": {
                "description": {"type": "string", "minLength": 1},
                "check_name": {"type": "string", "minLength": 1},
                "fingerprint": {"type": "string", "pattern": r"\A[0-9a-f]{32}\Z"},
                "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
                "location": {
                    "type": "object",
                    "required": ["path", "lines"],
                    "additionalProperties": False,
                    "properties": {
                        "path": {"type": "string", "minLength": 1, "not": {"pattern": r"\A\./"}},
                        "lines": {
                            "type": "object",
                            "required": ["begin"],
                            "additionalProperties": False,
                            "properties": {"begin": {"type": "integer", "minimum": 1}},
                        },
                    },
                },
            },
        },
    }
)


def entries(of: Report) -> list[dict[str, Any]]:
    """What GitLab reads."""
    found: list[dict[str, Any]] = json.loads(render(of))
    return found


def test_a_report_is_rendered_whole(snapshot: SnapshotAssertion) -> None:
    assert render(everything()) == snapshot


def test_a_comparison_is_rendered_whole(snapshot: SnapshotAssertion) -> None:
    assert render(compared()) == snapshot


def test_only_what_counts_is_an_entry() -> None:
    assert [(each["check_name"], each["location"]["path"]) for each in entries(compared())] == [
        ("no-cycles", "services/shop/backend/a.py"),
        ("no-cycles", "services/shop/backend/c.py"),
        ("small", "services/shop/old.py"),
    ]


def test_a_report_of_what_is_kept_is_an_empty_list() -> None:
    assert render(report(verdict(guardrail("kept"), SOME))) == "[]\n"


@pytest.mark.parametrize(
    ("severity", "grade"),
    [
        (Severity.CRITICAL, "critical"),
        (Severity.HIGH, "major"),
        (Severity.MEDIUM, "minor"),
        (Severity.LOW, "info"),
    ],
)
def test_each_severity_has_its_grade(severity: Severity, grade: str) -> None:
    [entry] = entries(report(verdict(guardrail("a", severity), SOME, Finding(key="x", message="is odd"))))

    assert entry["severity"] == grade


@pytest.mark.parametrize(("enforce", "grade"), [(Enforce.BLOCK, "blocker"), (Enforce.WARN, "minor")])
def test_what_could_not_be_judged_outranks_every_finding_where_it_blocks(enforce: Enforce, grade: str) -> None:
    about = guardrail("a", Severity.MEDIUM, enforce=enforce)

    found = entries(report(error(about, "timed out"), verdict(structs.replace(about, id="b"), Unread("x", "no UTF-8"))))

    assert [each["severity"] for each in found] == [grade, grade]


def test_a_file_that_could_not_be_read_is_an_entry_beside_findings() -> None:
    seen = (Finding(key="a.py", message="is odd", at=Location("a.py", 2)), Unread("a.py", "no permission"))

    found = entries(report(verdict(guardrail("mixed"), SOME, *seen)))

    assert [each["description"] for each in found] == ["is odd", "could not be read: no permission"]
    assert found[0]["fingerprint"] != found[1]["fingerprint"]


@pytest.mark.parametrize(
    ("folder", "path", "told"),
    [("", "a.py", "a.py"), ("", "./a.py", "a.py"), ("services/shop", "a.py", "services/shop/a.py")],
)
def test_a_path_is_told_from_the_top_of_the_repository(folder: str, path: str, told: str) -> None:
    made = report(verdict(guardrail("a"), SOME, Finding(key="x", message="is odd", at=Location(path, 3))))

    [entry] = entries(structs.replace(made, run=structs.replace(made.run, folder=folder)))

    assert entry["location"] == {"path": told, "lines": {"begin": 3}}


def test_what_has_no_place_stands_at_its_guardrail_in_a_pack_by_its_name() -> None:
    about = guardrail("a", place=Place("pack:python", 4))
    made = report(verdict(about, SOME, Finding(key="x", message="is odd")))

    [entry] = entries(structs.replace(made, run=structs.replace(made.run, folder="services/shop")))

    assert entry["location"] == {"path": "pack:python", "lines": {"begin": 4}}


def test_a_description_is_one_line_in_which_nothing_acts() -> None:
    message = "is\n odd \x1b[31m \u202eevil \ud800"

    [entry] = entries(report(verdict(guardrail("a"), SOME, Finding(key="x", message=message, hint="do\nthis"))))

    assert entry["description"] == r"is odd \x1b[31m \u202eevil \ud800; do this"


@settings(deadline=None, max_examples=40)
@given(reports())
def test_every_report_is_as_gitlab_documents_it(generated: Report) -> None:
    VALIDATOR.validate(entries(generated))


@settings(deadline=None, max_examples=40)
@given(reports())
def test_no_fingerprint_is_given_twice(generated: Report) -> None:
    once = structs.replace(generated, verdicts=tuple({each.guardrail.id: each for each in generated.verdicts}.values()))

    fingerprints = [each["fingerprint"] for each in entries(once)]

    assert len(set(fingerprints)) == len(fingerprints)


def test_the_schema_tells_what_is_no_such_report() -> None:
    [entry] = entries(report(verdict(guardrail("a"), SOME, Finding(key="x", message="is odd"))))

    assert not VALIDATOR.is_valid([{**entry, "severity": "high"}])
    assert not VALIDATOR.is_valid([{**entry, "location": {"path": "./a.py", "lines": {"begin": 1}}}])
    assert not VALIDATOR.is_valid([{**entry, "location": {"path": "a.py", "lines": {"begin": 0}}}])
