"""The JSON Schemas that editors and readers of reports use: valid, fresh, and of one mind with selfcheck."""

import json
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar

import pytest
from jsonschema import Draft202012Validator

from selfcheck import packs
from selfcheck.check import Check
from selfcheck.formats import json as json_format
from selfcheck.registry import Registry
from selfcheck.rulebook.documents import load
from selfcheck.rulebook.schema import check_schema, rulebook_schema
from tests.rulebook.examples import RULEBOOK, changed, checked, longer

REPOSITORY = Path(__file__).parents[2]
SCHEMAS = {
    "rulebook": (REPOSITORY / "docs" / "schema" / "rulebook.json", Registry(plugins=False).schema),
    "report": (REPOSITORY / "docs" / "schema" / "report-v1.json", json_format.schema),
}


def accepted(schema: Mapping[str, Any], content: str) -> bool:
    return Draft202012Validator(schema).is_valid(load(content.encode(), "a.yaml").data)


@pytest.mark.parametrize("what", SCHEMAS)
def test_the_committed_schema_is_the_generated_one(what: str) -> None:
    file, generated = SCHEMAS[what]

    written = json.dumps(generated(), indent=2, ensure_ascii=False) + "\n"

    assert file.read_text(encoding="utf-8") == written, f"selfcheck schema {what} --no-plugins > {file}"


@pytest.mark.parametrize("what", SCHEMAS)
def test_a_schema_is_a_valid_one_of_its_dialect(what: str) -> None:
    schema = SCHEMAS[what][1]()

    Draft202012Validator.check_schema(schema)

    assert schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"]


@pytest.mark.parametrize(
    "content",
    [
        *[file.read_text(encoding="utf-8") for file in sorted((REPOSITORY / "guardrails").glob("*.yaml"))],
        packs.python(),
        RULEBOOK,
        longer(
            "enabled: {value: false, reason: r}\npending:\nwaivers: [{match: a, reason: r, owner: o, until: 2026-12-01}]"
        ),
        "version: 1\nextends: [pack:python]\nguardrails:\n",
        "version: 1\nextends: [pack:python]\nguardrails: [{id: python-module-size, check: {limit: 500}}]\n",
        "version: 1\nguardrails: [{id: python-module-size, check: {use: max-lines, limit: 500}, severity: high}]\n",
        "version: 1\nguardrails: [{id: python-no-debugger, enabled: {value: false, reason: r}}]\n",
    ],
)
def test_the_schema_accepts_what_selfcheck_accepts(content: str) -> None:
    assert accepted(SCHEMAS["rulebook"][1](), content)


@pytest.mark.parametrize(
    "content",
    [
        changed("limit", "limits"),
        changed("limit: 3", "limit: '3'"),
        changed("limit: 3, ", ""),
        changed("title", "titel"),
        changed("    title: t\n", ""),
        changed("high", "hihg"),
        changed("max-lines", "max-line"),
        changed("version: 1", "version: 2"),
        checked("limit: 3, paths: [a]"),
        checked("use: command, run: [a], shell: b"),
        checked("use: imports-acyclic, kinds: [typ]"),
        longer("waivers: [{match: a}]"),
        "version: 1\nguardrails: [{id: python-module-size, check: {use: max-line}}]\n",
        "version: 1\nguardrails: [{id: python-module-size, titel: t}]\n",
        "version: 1\nguardrails: [{id: python-module-sizes, check: {limit: 500}}]\n",
    ],
)
def test_the_schema_refuses_what_selfcheck_refuses(content: str) -> None:
    assert not accepted(SCHEMAS["rulebook"][1](), content)


def test_the_schema_of_reports_accepts_an_empty_report_and_refuses_one_without_a_summary() -> None:
    report = {
        "version": 1,
        "run": {"root": ".", "revision": None, "base": None, "started": "", "seconds": 0.1, "rulebook": "sha256:0"},
        "summary": {"outcome": "pass", "exit": 0, "pass": 0, "fail": 0, "error": 0, "skip": 0},
        "verdicts": [],
    }
    keeps = Draft202012Validator(json_format.schema())

    assert keeps.is_valid(report)
    assert not keeps.is_valid({key: value for key, value in report.items() if key != "summary"})


class Mood(StrEnum):
    """A choice of the first check."""

    GOOD = "good"


class First(Check):
    """A check.

    Its docstring goes on, indented.
    """

    mood: Mood


def second() -> type[Check]:
    """Another check, with a choice of the same name."""

    class Mood(StrEnum):
        BAD = "bad"

    class Second(Check):
        schema_rules: ClassVar[Mapping[str, Any]] = {"minProperties": 1}

        mood: Mood = Mood.BAD

    return Second


def test_two_checks_may_name_their_types_alike() -> None:
    schema = rulebook_schema({"first": First, "second": second()}, [])

    assert accepted(schema, checked("use: first, mood: good"))
    assert accepted(schema, checked("use: second, mood: bad"))
    assert not accepted(schema, checked("use: first, mood: bad"))
    assert not accepted(schema, checked("use: second, mood: good"))


def test_a_description_is_the_docstring_without_its_indentation() -> None:
    assert check_schema(First)["description"] == "A check.\n\nIts docstring goes on, indented."


def test_the_rules_of_a_check_stand_beside_its_types() -> None:
    assert check_schema(second())["minProperties"] == 1
