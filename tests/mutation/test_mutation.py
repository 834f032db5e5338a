"""A check whose findings are dropped, misnamed, or asked for less of, cannot be proven by the canaries of the whole one."""

from pathlib import Path

import pytest

from selfcheck.prove import Proven
from selfcheck.registry import Registry
from tests.mutation.examples import KEPT, Example, examples, ours
from tests.mutation.mutants import MISNAMED, SILENT
from tests.mutation.trying import UNSEEN, Tried, tried, whole

EXAMPLES = range(len(KEPT))
ELSEWHERE = {"migrations-applied", "migrations-drift"}
"""These run programs and ask databases: each mutant would take seconds. `tests/migrations` shows that their canaries bite."""


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place for copies."""
    return tmp_path_factory.mktemp("scratch")


def rules(scratch: Path) -> list[Example]:
    """Those of our guardrails that judge the rulebook itself."""
    return [each for each in ours(scratch) if each.case.guardrail.use.startswith("rulebook-")]


def survivors(example: Example) -> set[tuple[str, str]]:
    """The mutants that nothing notices, by check and option; the example itself is proven."""
    assert whole(example).outcome is Proven.PROVEN
    return {(each.use, each.what) for each in tried(example) if each.survived and not each.known}


def spoiled_wholly(example: Example) -> list[Tried]:
    """The mutants that find nothing, or nothing of what they should."""
    return [each for each in tried(example) if each.what in (SILENT, MISNAMED)]


@pytest.mark.parametrize("number", EXAMPLES, ids=[f"{each.use}-{number}" for number, each in enumerate(KEPT)])
def test_a_spoiled_check_is_noticed(number: int, scratch: Path) -> None:
    example = examples(scratch)[number]

    assert survivors(example) == set()


@pytest.mark.parametrize("number", EXAMPLES, ids=[f"{each.use}-{number}" for number, each in enumerate(KEPT)])
def test_of_a_check_whose_findings_are_dropped_every_canary_is_missed(number: int, scratch: Path) -> None:
    found = spoiled_wholly(examples(scratch)[number])

    assert [(each.what, each.proof.outcome, each.proof.bit) for each in found] == [
        (SILENT, Proven.MISSED, ()),
        (MISNAMED, Proven.MISSED, ()),
    ]


def test_the_checks_of_the_rulebook_are_missed_when_they_find_nothing(scratch: Path) -> None:
    found = [each for example in rules(scratch) for each in spoiled_wholly(example)]

    assert {(each.use, each.proof.outcome, each.proof.bit) for each in found} == {
        (name, Proven.MISSED, ()) for name in Registry(plugins=False).checks() if name.startswith("rulebook-")
    }


def test_every_check_is_spoiled(scratch: Path) -> None:
    used = {each.use for each in KEPT} | {each.case.guardrail.use for each in rules(scratch)}

    assert used == set(Registry(plugins=False).checks()) - ELSEWHERE


def test_a_check_without_a_canary_is_unprovable_spoiled_or_not(scratch: Path) -> None:
    example = next(each for each in examples(scratch) if each.case.guardrail.use == "command")
    bare = Example(example.case.__class__(example.case.guardrail, example.case.check), example.repo)

    outcomes = {whole(bare).outcome, *(each.proof.outcome for each in tried(bare))}

    assert outcomes == {Proven.UNPROVABLE}


def test_what_is_said_to_survive_does(scratch: Path) -> None:
    found = {(each.use, each.what) for example in examples(scratch) for each in tried(example) if each.survived}

    assert set(UNSEEN) - found == set()
