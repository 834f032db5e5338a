"""A proof is made once, and again as soon as anything that it came of is another."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from msgspec import structs

from selfcheck.check import Append, Canary, Case, Check, Evidence, Finding, Repository, Seen
from selfcheck.checks.command import Command
from selfcheck.checks.text import TextForbids
from selfcheck.facts import Facts
from selfcheck.guardrail import Guardrail, Pending, Severity, Waiver
from selfcheck.patterns import Pattern
from selfcheck.prove import Proof, Proven, Terms, proof, recalled_proof, remembered_proof
from selfcheck.store import Store
from selfcheck.testing import TODAY, guardrail, memory
from selfcheck.trees import Memory

TERMS = Terms(fail_on=Severity.HIGH)
CHECK = TextForbids(pattern=Pattern("!"), paths=("src/**",))
FILES = {"src/a": "text\n", "src/b": "text\n", "README.md": ""}
WAIVER = Waiver(match="src/b", reason="known", owner="@li", until=date(2099, 12, 31))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Where proofs are kept."""
    return Store(tmp_path)


def over(store: Store, files: dict[str, str], today: date = TODAY) -> Repository:
    tree = Memory({path: text.encode() for path, text in files.items()})
    return Repository(tree, environ={}, today=today, facts=Facts(store), scratch=Path())


def made(store: Store, case: Case, files: dict[str, str] = FILES) -> Proof:
    return remembered_proof(case, over(store, files), store, TERMS)


def test_a_proof_is_known_as_long_as_nothing_changes(store: Store) -> None:
    case = Case(guardrail(), CHECK)

    first = made(store, case)

    assert (first.outcome, recalled_proof(case, over(store, FILES), store, TERMS)) == (Proven.PROVEN, first)


@pytest.mark.parametrize(
    ("changes", "known"),
    [
        ({"README.md": "# Read\n", "docs/new.md": ""}, True),
        ({"src/a": "other\n"}, False),
        ({"src/new": ""}, False),
    ],
)
def test_a_file_counts_where_it_was_asked_for(changes: dict[str, str], known: bool, store: Store) -> None:
    case = Case(guardrail(), CHECK)
    first = made(store, case)

    found = recalled_proof(case, over(store, FILES | changes), store, TERMS)

    assert found == (first if known else None)


@pytest.mark.parametrize(
    ("on", "check", "terms"),
    [
        (guardrail(waivers=(WAIVER,)), CHECK, TERMS),
        (guardrail(severity=Severity.LOW), CHECK, TERMS),
        (structs.replace(guardrail(), pending=Pending(until=TODAY, reason="soon")), CHECK, TERMS),
        (guardrail(), TextForbids(pattern=Pattern("!"), paths=("src",)), TERMS),
        (guardrail(), CHECK, Terms(fail_on=Severity.CRITICAL)),
        (guardrail(), CHECK, Terms(fail_on=Severity.HIGH, diffs=True)),
    ],
)
def test_another_guardrail_check_or_policy_is_another_proof(
    on: Guardrail, check: Check, terms: Terms, store: Store
) -> None:
    made(store, Case(guardrail(), CHECK))

    assert recalled_proof(Case(on, check), over(store, FILES), store, terms) is None


def test_a_waiver_may_have_ended_by_another_day(store: Store) -> None:
    case = Case(guardrail(waivers=(WAIVER,)), CHECK)
    first = made(store, case)

    days = [recalled_proof(case, over(store, FILES, day), store, TERMS) for day in (TODAY, date(2026, 1, 2))]

    assert days == [first, None]


def test_a_proof_that_ran_a_program_is_never_known(store: Store, tmp_path: Path) -> None:
    case = Case(guardrail(), Command(shell="true"), (Canary("edit", (Append("src/a", b"!"),)),))
    repo = Repository(over(store, FILES).tree, environ={}, today=TODAY, facts=Facts(store), scratch=tmp_path)

    first = remembered_proof(case, repo, store, TERMS)

    assert (first.outcome, recalled_proof(case, repo, store, TERMS)) == (Proven.MISSED, None)


class OnWeekdays(Check):
    """Finds a mark, and looks at the day only where there is one."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        """A finding for each mark, on working days."""
        files = repo.tree.files()
        yield Evidence("files", len(files), len(files))
        for file in files:
            if "!" in (file.text or "") and repo.today.weekday() < 5:
                yield Finding(key=file.path, message="a mark")

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """One mark."""
        yield Canary("add a mark", (Append("src/a", b"!"),), "src/a")


def test_a_proof_that_asked_for_the_day_under_a_canary_only_is_not_known(store: Store) -> None:
    case = Case(guardrail(), OnWeekdays())

    first = made(store, case)

    assert (first.outcome, recalled_proof(case, over(store, FILES), store, TERMS)) == (Proven.PROVEN, None)


class NothingNew(Check):
    """No file is there that the base has not."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        """A finding for each line more than in the base."""
        assert repo.base is not None
        yield Evidence("files", 1, 1)
        for path in repo.tree.kinds:
            if path not in repo.base.kinds or repo.tree.read(path) != repo.base.read(path):
                yield Finding(key=path, message="is new")

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """A line more."""
        yield Canary("add a line", (Append("src/a", b"!"),), "src/a")


@pytest.mark.parametrize("base", [None, {"src/a": "older\n"}])
def test_what_compares_is_proven_against_the_unedited_tree(base: dict[str, str] | None) -> None:
    case = Case(guardrail(), NothingNew())

    found = proof(case, memory(FILES, base=base), TERMS)

    assert found == Proof(outcome=Proven.PROVEN, bit=("add a line",))
