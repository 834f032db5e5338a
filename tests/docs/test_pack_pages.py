"""A pack's page has one shape, and lists the guardrails that the pack has."""

import pytest

from selfcheck.registry import Registry
from selfcheck.rulebook import Source, parse
from tests.docs.page import ROOT, headings, rows, section

PACKS = Registry(plugins=False).packs()
HEADINGS = ["Extend it", "Guardrails", "Fit it", "What it leaves to others"]


@pytest.mark.parametrize("name", PACKS)
def test_a_page_has_the_headings_of_all_pages_in_their_order(name: str) -> None:
    text = _page(name)

    assert (headings(text, 1), headings(text, 2)) == ([f"pack:{name}"], HEADINGS)


@pytest.mark.parametrize("name", PACKS)
def test_a_page_lists_the_guardrails_of_the_pack_in_their_order(name: str) -> None:
    extending = Source("guardrails.yaml", f"version: 1\nextends: [pack:{name}]\n".encode())
    guardrails = [case.guardrail for case in parse([extending], Registry(plugins=False)).cases]

    shown = rows(section(_page(name), "## Guardrails"))

    assert shown == [
        [f"`{each.id}`", each.severity, f"[{each.use}](../checks/{each.use}.md)", each.title] for each in guardrails
    ]


@pytest.mark.parametrize("name", PACKS)
def test_a_page_shows_a_run_that_finds_something_and_an_override(name: str) -> None:
    text = _page(name)

    assert "FAIL  " in section(text, "## Extend it")
    assert f"extends: [pack:{name}]\nguardrails:\n" in section(text, "## Fit it")


def test_there_is_no_page_of_a_pack_that_is_gone() -> None:
    assert sorted(path.stem for path in (ROOT / "docs/packs").glob("*.md")) == PACKS


def _page(name: str) -> str:
    return (ROOT / f"docs/packs/{name}.md").read_text(encoding="utf-8")
