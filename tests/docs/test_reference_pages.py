"""The pages on the rulebook and the report name every key and field, in the order of the code."""

import re

import msgspec
import pytest

from selfcheck.checks import command
from selfcheck.formats import json as json_format
from selfcheck.guardrail import CanaryEntry, Enabled, Pending, Promise, Waiver
from selfcheck.rulebook import discovery, documents
from selfcheck.rulebook.parse import Outline
from selfcheck.trees.text import SNIFFED
from tests.docs.page import ROOT, rows, section

RULEBOOK = (ROOT / "docs/rulebook.md").read_text(encoding="utf-8")
REPORT = (ROOT / "docs/report.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("heading", "struct"),
    [
        ("## A file", Outline),
        ("## A guardrail", Promise),
        ("### Waivers", Waiver),
        ("### Pending", Pending),
        ("### Canaries", CanaryEntry),
        ("### Enabled", Enabled),
    ],
)
def test_every_key_of_a_rulebook_stands_in_its_table_with_its_default(
    heading: str, struct: type[msgspec.Struct]
) -> None:
    table = [row for row in rows(_own(RULEBOOK, heading)) if len(row) == 4]

    shown = {row[0].strip("`"): row[2] for row in table}

    assert shown == {field.encode_name: _default(field, shown) for field in msgspec.structs.fields(struct)}


@pytest.mark.parametrize(
    ("heading", "struct"),
    [
        ("## The report", json_format.ReportV1),
        ("## `run`", json_format.RunV1),
        ("## `summary`", json_format.SummaryV1),
        ("### Findings by status", json_format.CountsV1),
        ("## A verdict", json_format.VerdictV1),
        ("## Evidence", json_format.EvidenceV1),
        ("## A file that could not be read", json_format.UnreadV1),
        ("## A finding", json_format.FindingV1),
        ("## What accepts a finding", json_format.AcceptedV1),
        ("## An exception", json_format.ExceptionV1),
    ],
)
def test_every_field_of_the_report_stands_in_its_table(heading: str, struct: type[msgspec.Struct]) -> None:
    named = [name.strip(" `") for row in rows(_own(REPORT, heading)) for name in row[0].split(",")]

    assert named == [field.encode_name for field in msgspec.structs.fields(struct)]


def test_the_page_on_the_rulebook_names_the_limits_of_a_file() -> None:
    text = " ".join(section(RULEBOOK, "## YAML").split())

    for limit in (
        f"more than {documents.LONGEST} digits",
        f"more than {documents.DEEPEST} levels",
        f"more than {documents.LARGEST:,} values",
        f"more than {discovery.LARGEST:,} bytes",
    ):
        assert limit in text


def test_the_page_on_commands_names_the_variables_and_the_limits_of_the_code() -> None:
    text = (ROOT / "docs/checks/command.md").read_text(encoding="utf-8")
    (env,) = (row for row in rows(section(text, "## Options")) if row[0] == "`env`")

    assert tuple(re.findall(r"`([A-Z_]+)`", env[3])) == command.PASSED_ON
    assert f"at most its last {command.KEPT:,} bytes" in text


def test_the_pages_on_texts_name_how_much_of_a_file_is_sniffed() -> None:
    for name in ("text-contains", "text-forbids"):
        assert f"a NUL among the first {SNIFFED:,} bytes" in (ROOT / f"docs/checks/{name}.md").read_text(
            encoding="utf-8"
        )


def _own(text: str, heading: str) -> str:
    """A section without the sections in it."""
    return section(text, heading).partition(f"\n#{'#' * heading.index(' ')} ")[0]


def _default(field: msgspec.structs.FieldInfo, shown: dict[str, str]) -> str:
    """What the table must say; where there is no default value, what it says in words."""
    said = shown.get(field.encode_name, "")
    if field.required:
        return "required"
    match field.default:
        case None if "`" not in said or field.encode_name == "fail_on":
            return said
        case ():
            return "empty"
        case bool():
            return f"`{str(field.default).lower()}`"
        case _:
            return f"`{field.default:g}`"
