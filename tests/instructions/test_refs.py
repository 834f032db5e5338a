"""`instructions-refs`: what instructions refer to is there and in force."""

import pytest

from selfcheck.check import Case, Evidence, Repository
from selfcheck.checks.instructions.refs import InstructionsRefs
from selfcheck.guardrail import Enabled, Guardrail, Place, Severity
from selfcheck.model import Outcome
from selfcheck.subjects.instructions.documents import rendered
from selfcheck.testing import assert_breaks, assert_keeps, judged, memory


def guardrail(name: str, *, off: bool = False) -> Guardrail:
    return Guardrail(
        id=name,
        title="A promise",
        why="It is one.",
        severity=Severity.HIGH,
        check={"use": "instructions-refs"},
        enabled=Enabled(value=False, reason="later") if off else None,
        place=Place("guardrails.yaml", 1),
    )


CASES = [Case(guardrail("no-print"), InstructionsRefs()), Case(guardrail("no-todo", off=True), InstructionsRefs())]


def repository(files: dict[str, str]) -> Repository:
    return memory(files).under(CASES)


def test_references_that_lead_somewhere_keep_the_promise() -> None:
    text = "Guardrail `no-print`, ADR-0001 and `selfcheck run --rule no-print`.\n"
    repo = repository({"AGENTS.md": text, "docs/adr/0001-one-shop.md": ""})

    verdict = assert_keeps(InstructionsRefs(), repo)

    assert verdict.evidence == (
        Evidence("instruction files", 1, 1),
        Evidence("references to guardrails", 1, 1),
        Evidence("references to decisions", 1, 1),
    )


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ("guardrail `no-prints`", "no-prints", 'unknown guardrail "no-prints"; did you mean "no-print"?'),
        ("Guardrails: `no-print`, `no-prints` and `no-print`", "no-prints", 'unknown guardrail "no-prints"'),
        ("the guardrail `no-todo`", "no-todo", "the guardrail no-todo is switched off"),
        ("```sh\nselfcheck run --rule no-prints\n```", "no-prints", 'unknown guardrail "no-prints"'),
        ("(ADR-0007)", "ADR-7", "no document is ADR-7"),
    ],
)
def test_a_reference_that_leads_nowhere_is_told(text: str, key: str, said: str) -> None:
    repo = repository({"AGENTS.md": f"# Us\n\n{text}\n", "docs/adr/0001-one-shop.md": ""})

    (found,) = assert_breaks(InstructionsRefs(), repo, f"AGENTS.md: {key}")

    assert (found.message.startswith(said), found.at is not None and found.at.line) in {(True, 3), (True, 4)}


@pytest.mark.parametrize(
    "text",
    [
        "`no-such-thing` is a word",
        "the guardrail no-such-thing",
        "```\nguardrail `no-such-thing`\n```",
        "guardrail `src/app.py`",
        "docs/adr/0009-of-others.md and https://example.org/ADR-9",
    ],
)
def test_what_is_no_reference_beyond_doubt_is_not_judged(text: str) -> None:
    repo = repository({"AGENTS.md": text, "docs/adr/0001-one-shop.md": ""})

    assert judged(InstructionsRefs(), repo).findings == ()


def test_decisions_that_are_kept_elsewhere_are_not_judged() -> None:
    assert judged(InstructionsRefs(), repository({"AGENTS.md": "ADR-9"})).outcome is Outcome.PASS
    assert_breaks(
        InstructionsRefs(decisions="d"), repository({"AGENTS.md": "ADR-9", "d/1-x.md": ""}), "AGENTS.md: ADR-9"
    )


def test_the_fields_of_a_json_file_name_guardrails_where_the_option_says_so() -> None:
    rules = '{"rules": [\n{"id": "r_1", "enforced_by": ["no-print", "no-prints"], "other": "no-such-one"}]}'
    repo = repository({"rules.json": rules, "AGENTS.md": "x"})

    check = InstructionsRefs(paths=("rules.json", "AGENTS.md"), cited_by=("enforced_by",))

    (found,) = assert_breaks(check, repo, "rules.json: no-prints")
    assert found.at is not None
    assert found.at.line == 2


def test_what_a_copy_refers_to_is_told_once_where_it_was_written() -> None:
    text = "guardrail `no-prints`\n"
    repo = repository({"AGENTS.md": text, "GEMINI.md": rendered("AGENTS.md", text)})

    assert_breaks(InstructionsRefs(), repo, "AGENTS.md: no-prints")
    elsewhere = repository({"SOURCE.md": text, "GEMINI.md": rendered("SOURCE.md", text)})
    assert_breaks(InstructionsRefs(), elsewhere, "GEMINI.md: no-prints")


def test_without_an_instruction_file_it_is_vacuous() -> None:
    assert judged(InstructionsRefs(), repository({"README.md": "x"})).outcome is Outcome.ERROR


@pytest.mark.parametrize(
    "text", ["guardrail `" * 20_000, "guardrails `a-b`, " * 20_000, "ADR-" * 50_000, "selfcheck " * 50_000]
)
def test_hostile_texts_are_read_in_linear_time(text: str) -> None:
    assert judged(InstructionsRefs(), repository({"AGENTS.md": text})).outcome is not Outcome.ERROR
