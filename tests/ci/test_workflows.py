"""Our own workflows and the action are what GitHub's schemas and zizmor take, and name what our rulebook has."""

import re
from pathlib import Path

import pytest

from selfcheck.registry import Registry
from selfcheck.rulebook import discover, parse
from tests.ci.reading import insecure, wrong
from tests.docs.page import ROOT

FILES = [*sorted(ROOT.glob(".github/workflows/*.yml")), ROOT / "action.yml"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_workflow_is_valid_by_githubs_own_schema(file: Path) -> None:
    assert wrong(file) == ""


def test_zizmor_finds_nothing_in_any_of_them() -> None:
    assert insecure(FILES) == ""


def test_a_workflow_judges_by_tags_and_guardrails_that_there_are() -> None:
    cases = parse(discover(ROOT).files, Registry(plugins=False)).cases
    text = "".join(file.read_text(encoding="utf-8") for file in FILES)

    tags, rules = (set(re.findall(rf"--{name} ([\w-]+)", text)) for name in ("tag", "rule"))

    assert tags == {"imports", "decisions", "migrations", "secrets"}
    assert rules <= {case.guardrail.id for case in cases}
    assert {case.guardrail.id for case in cases if tags & set(case.guardrail.tags)} == {
        case.guardrail.id
        for case in cases
        if case.guardrail.use.startswith(("imports-", "adr-", "migrations-", "secret-"))
    }


def test_a_pull_request_here_is_asked_for_what_init_asks_everyone() -> None:
    ours = ROOT / ".github/pull_request_template.md"

    assert ours.read_bytes() == (ROOT / "infra/selfcheck/actions/ci/request.md").read_bytes()
