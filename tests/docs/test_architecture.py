"""The page on the architecture knows every room and every layer; every decision names what keeps it."""

import re
import tomllib
from pathlib import Path

import pytest

from selfcheck.registry import Registry
from selfcheck.rulebook import discover, parse
from tests.docs.page import ROOT, blocks, headings, rows, section

ARCHITECTURE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DECISIONS = sorted((ROOT / "docs/adr").glob("*.md"))


def test_every_module_and_package_of_selfcheck_has_a_room() -> None:
    rooms = {name for row in rows(section(ARCHITECTURE, "## Rooms")) for name in re.findall(r"`([^`]+)`", row[0])}
    package = ROOT / "infra/selfcheck"
    modules = {path.name for path in package.glob("*.py") if path.name != "__init__.py"}
    packages = {f"{path.parent.name}/" for path in package.glob("*/__init__.py")}

    assert modules | packages == {room for room in rooms if "/" not in room.rstrip("/")} - {
        "guardrails/",
        "tests/",
        "bench/",
    }


def test_the_layers_of_the_page_are_those_that_are_enforced() -> None:
    (layers,) = blocks(section(ARCHITECTURE, "## Layers"), "text")
    rulebook = parse(discover(ROOT).files, Registry(plugins=False))

    (enforced,) = (case.guardrail.options for case in rulebook.cases if case.guardrail.use == "imports-layers")
    assert layers.body.splitlines() == enforced["layers"]


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_has_the_headings_of_all_decisions(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    assert headings(text, 2) == ["Status", "Context", "Decision", "What it costs", "The guardrail that keeps it"]
    assert headings(text, 1)[0].startswith(f"{page.name[:4]}: ")


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [page.name[:4] for page in DECISIONS] == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_names_a_guardrail_that_is_in_force(page: Path) -> None:
    keeper = section(page.read_text(encoding="utf-8"), "## The guardrail that keeps it")
    rulebook = parse(discover(ROOT).files, Registry(plugins=False))
    in_force = {case.guardrail.id for case in rulebook.cases if not case.guardrail.switched_off}

    assert in_force & set(re.findall(r"`([^`]+)`", keeper))


def test_every_decision_that_a_guardrail_cites_is_written() -> None:
    rulebook = parse(discover(ROOT).files, Registry(plugins=False))
    cited = {ref for case in rulebook.cases for ref in case.guardrail.refs if ref.startswith("ADR-")}

    assert cited <= {f"ADR-{page.name[:4]}" for page in DECISIONS}


def test_every_dependency_has_its_reason_and_nothing_else_has_one() -> None:
    text = (ROOT / "docs/adr/0006-dependencies.md").read_text(encoding="utf-8")
    groups = PROJECT["dependency-groups"]
    wanted = {_name(each) for each in [*PROJECT["project"]["dependencies"], *groups["dev"], *groups["build"]]}

    assert {name for row in rows(text) for name in row[0].split(", ")} == wanted


def _name(requirement: str) -> str:
    return re.split(r"[\[<>=!~ ;]", requirement)[0]
