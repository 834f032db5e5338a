"""A check's page has one shape, and says of the options what the class says."""

import inspect
import json

import msgspec
import pytest

from selfcheck.check import Check
from selfcheck.registry import Registry
from tests.docs.page import ROOT, headings, rows, section

CHECKS = Registry(plugins=False).checks()
HEADINGS = ["Promise", "Breaks", "Keeps", "Options", "Canaries", "Findings", "What it does not see"]


@pytest.mark.parametrize("name", CHECKS)
def test_a_page_has_the_headings_of_all_pages_in_their_order(name: str) -> None:
    text = _page(name)

    assert (headings(text, 1), headings(text, 2)) == ([name], HEADINGS)


@pytest.mark.parametrize("name", CHECKS)
def test_a_page_begins_with_the_promise_that_the_command_line_tells(name: str) -> None:
    promise = (inspect.getdoc(_check(name)) or "").splitlines()[0]

    assert section(_page(name), "## Promise").startswith(f"{promise}\n")


@pytest.mark.parametrize("name", CHECKS)
def test_a_page_lists_the_options_of_the_class_with_their_defaults(name: str) -> None:
    options = [[f"`{field.encode_name}`", _default(field)] for field in msgspec.structs.fields(_check(name))]

    shown = [[row[0], row[2]] for row in rows(section(_page(name), "## Options"))]

    assert shown == options


@pytest.mark.parametrize("name", CHECKS)
def test_a_page_shows_a_run_that_fails_and_one_that_passes(name: str) -> None:
    text = _page(name)

    assert "$ echo $?\n1\n" in section(text, "## Breaks")
    assert "\n1 passed in" in section(text, "## Keeps") or "\n2 passed in" in section(text, "## Keeps")


@pytest.mark.parametrize("name", CHECKS)
def test_a_page_says_of_findings_their_key_parts_amount_and_data(name: str) -> None:
    found = section(_page(name), "## Findings")

    assert "key | parts | amount | data |" in found
    assert rows(found)


@pytest.mark.parametrize("name", CHECKS)
def test_a_page_says_at_least_three_things_that_the_check_does_not_see(name: str) -> None:
    points = [line for line in section(_page(name), "## What it does not see").splitlines() if line.startswith("- ")]

    assert len(points) >= 3


def test_there_is_no_page_of_a_check_that_is_gone() -> None:
    assert sorted(path.stem for path in (ROOT / "docs/checks").glob("*.md")) == list(CHECKS)


def _page(name: str) -> str:
    return (ROOT / f"docs/checks/{name}.md").read_text(encoding="utf-8")


def _check(name: str) -> type[Check]:
    check = Registry(plugins=False).check(name)
    assert isinstance(check, type)
    return check


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return "required"
    if field.default in (None, msgspec.UNSET):
        return "none"
    return f"`{json.dumps(field.default)}`"
