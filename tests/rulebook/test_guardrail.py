"""The words of one promise: severities and their rank, the shapes of ids and paths, what a guardrail knows of itself."""

import re

import msgspec
import pytest

from selfcheck.guardrail import Enabled, Guardrail, Id, Place, RootPath, Severity, Text


def converts(value: str, wanted: object) -> bool:
    try:
        msgspec.convert(value, wanted)
    except msgspec.ValidationError:
        return False
    return True


def test_severities_rank_from_critical_down_to_low() -> None:
    graver = {(one, other) for one in Severity for other in Severity if one.at_least(other)}

    ranks = ["critical", "high", "medium", "low"]
    assert graver == {(one, other) for one in ranks for other in ranks[ranks.index(one) :]}


@pytest.mark.parametrize("name", ["a", "no-import-cycles", "adr-0001", "1"])
def test_an_id_is_words_and_numbers_between_hyphens(name: str) -> None:
    assert converts(name, Id)


@pytest.mark.parametrize("name", ["", "A", "a_b", "-a", "a-", "a--b", "a b", "a\n", "\na", "é", "a.b", "a/b"])
def test_an_id_is_nothing_else(name: str) -> None:
    assert not converts(name, Id)


@pytest.mark.parametrize("path", ["a", ".", "a/b.py", ".github/x", "..a/b", "a/..b", "a/b..", "a b", "é", "a\nb"])
def test_a_path_from_the_root_is_accepted(path: str) -> None:
    assert converts(path, RootPath)


@pytest.mark.parametrize(
    "path", ["", "/", "/a", "..", "../a", "a/..", "a/../b", "a\n/../b", "\n/..", "./..", "a\\b", "..\\a", "a\0b"]
)
def test_a_path_that_leaves_the_root_or_is_none_on_every_system_is_refused(path: str) -> None:
    assert not converts(path, RootPath)


@pytest.mark.parametrize(("text", "kept"), [("a", True), (" a ", True), ("", False), (" \t\n", False)])
def test_a_text_has_something_in_it_that_can_be_read(text: str, kept: bool) -> None:
    assert converts(text, Text) is kept


def guardrail(enabled: Enabled | None = None) -> Guardrail:
    return Guardrail(
        id="a",
        title="t",
        why="w",
        severity=Severity.LOW,
        check={"use": "max-lines", "limit": 3},
        enabled=enabled,
        place=Place("guardrails/a.yaml", 12),
    )


def test_a_guardrail_knows_its_check_its_options_and_its_place() -> None:
    found = guardrail()

    assert (found.use, found.options, str(found.place)) == ("max-lines", {"limit": 3}, "guardrails/a.yaml:12")


@pytest.mark.parametrize(
    ("enabled", "off"),
    [(None, None), (Enabled(value=True, reason="ours"), None), (Enabled(value=False, reason="not ours"), "not ours")],
)
def test_a_guardrail_is_off_only_where_its_value_says_so(enabled: Enabled | None, off: str | None) -> None:
    assert guardrail(enabled).switched_off == off


def test_the_example_of_an_id_is_one() -> None:
    schema = msgspec.json.schema(Id)

    assert [re.search(schema["pattern"], each) is not None for each in schema["examples"]] == [True]
