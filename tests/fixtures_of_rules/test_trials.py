"""A tree that keeps must pass with something examined, one that breaks must fail where that is expected."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from selfcheck.check import Canary, Case, Check, Need, Repository, Unloadable, Unprovable, Write
from selfcheck.checks.command import Command
from selfcheck.checks.files import FilesAbsent, FilesExist
from selfcheck.checks.text import TextContains, TextForbids
from selfcheck.fixtures.canaries import NONE, Unshown, unshown
from selfcheck.fixtures.layout import find
from selfcheck.fixtures.trials import Came, Trial, trials
from selfcheck.guardrail import Enabled, Pending, Severity, Waiver
from selfcheck.judge import ALL_NEEDS
from selfcheck.model import Outcome
from selfcheck.patterns import Pattern
from selfcheck.testing import TODAY, guardrail, memory
from selfcheck.trees import Memory
from tests.judging import hostile

HERE = "guardrails/tests/under-test"
NO_TODO = TextForbids(pattern=Pattern("todo"), paths=("src/*.py",))
FOUND = "contains what it must not (pattern: todo)"


def tried(
    check: Check | Unloadable,
    files: Mapping[str, str | bytes],
    links: Mapping[str, str] | None = None,
    **options: Any,
) -> list[Trial]:
    """What came of each tree; the paths of the files begin with `keeps/` or `breaks/`."""
    case = Case(structs.replace(guardrail(), **options), check)
    repo = memory({f"{HERE}/{path}": content for path, content in files.items()}, links=links)
    return ran(case, repo)


def ran(case: Case, repo: Repository, *, allowed: bool = True, jobs: int = 1) -> list[Trial]:
    fixtures, faults = find(repo.tree, ["under-test"])
    assert faults == []
    may = ALL_NEEDS if allowed else frozenset[Need]()
    found = dict(trials(fixtures, {"under-test": case}, repo, repo.tree, jobs=jobs, allowed=may))
    return [found[number] for number in range(len(fixtures))]


def came(check: Check | Unloadable, files: Mapping[str, str | bytes], **options: Any) -> tuple[Came, tuple[str, ...]]:
    """What came of the only tree, and why."""
    (trial,) = tried(check, files, **options)
    return trial.came, trial.reasons


def test_each_tree_is_judged_as_if_it_were_the_repository() -> None:
    files = {"keeps/one/src/a.py": "done", "breaks/one/src/a.py": "todo", "breaks/two/lib/a.py": "todo"}

    found = tried(NO_TODO, {**files, "breaks/two/src/b.py": ""})

    assert [(each.fixture.name, each.came, each.verdict.outcome) for each in found] == [
        ("breaks/one", Came.HELD, Outcome.FAIL),
        ("breaks/two", Came.FAILED, Outcome.PASS),
        ("keeps/one", Came.HELD, Outcome.PASS),
    ]


def test_a_tree_that_keeps_and_fails_is_told_with_every_finding() -> None:
    found = came(NO_TODO, {"keeps/x/src/a.py": "todo\n\n todo\n"})

    places = [f"{HERE}/keeps/x/src/a.py:{place}: found in a tree that keeps: {FOUND}" for place in ("1:1", "3:2")]
    assert found == (Came.FAILED, tuple(places))


def test_a_tree_that_breaks_and_passes_is_told() -> None:
    found = came(NO_TODO, {"breaks/x/src/a.py": ""})

    assert found == (Came.FAILED, ("a tree that breaks, and nothing was found in it",))


def test_a_tree_that_keeps_without_anything_examined_shows_nothing() -> None:
    found = came(NO_TODO, {"keeps/x/a.txt": ""}, allow_empty=True)

    assert found == (Came.FAILED, ("a tree that keeps, and nothing in it was examined",))


@pytest.mark.parametrize("side", ["keeps", "breaks"])
def test_a_tree_that_cannot_be_judged_is_an_error_on_either_side(side: str) -> None:
    reason = "examined nothing: no text files in its scope (`allow_empty: true` accepts it)"

    assert came(NO_TODO, {f"{side}/x/a.txt": ""}) == (Came.ERROR, (reason,))


@pytest.mark.parametrize("side", ["keeps", "breaks"])
def test_a_file_that_cannot_be_read_is_an_error_on_either_side(side: str) -> None:
    assert came(NO_TODO, {f"{side}/x/src/a.py": b"\xff"}) == (Came.ERROR, ("1 file could not be read",))


@pytest.mark.parametrize("side", ["keeps", "breaks"])
def test_a_check_that_does_not_apply_to_its_tree_shows_nothing(side: str) -> None:
    found = came(hostile.Skips(), {f"{side}/x/a": ""})

    assert found == (Came.FAILED, ("the check does not apply to it: there is no Django here",))


@pytest.mark.parametrize(
    ("check", "reason"),
    [
        (hostile.Crashes(), "crashed: ZeroDivisionError: first line (in tests.judging.hostile"),
        (hostile.RaisesSystemExit(), "crashed: SystemExit: 0"),
        (hostile.LeavesTheProcess(), "crashed: it ended its process with exit code 0"),
        (hostile.LoopsInPython(), "timed out after 0.2 s"),
        (Unloadable("it is broken"), "it is broken"),
    ],
)
def test_whatever_a_check_does_is_an_error_of_its_own_tree(check: Check | Unloadable, reason: str) -> None:
    (came, (said,)) = came_in(check)

    assert came is Came.ERROR
    assert said.startswith(reason)


def came_in(check: Check | Unloadable) -> tuple[Came, tuple[str, ...]]:
    return came(check, {"breaks/x/a": ""}, timeout=0.2 if isinstance(check, hostile.LoopsInPython) else 60.0)


def test_a_tree_is_judged_beside_one_that_never_ends() -> None:
    files = {f"{side}/{name}/src/a.py": "todo" for side in ("keeps", "breaks") for name in ("x", "y")}
    repo = memory({f"{HERE}/{path}": content for path, content in files.items()})

    found = ran(Case(guardrail(), NO_TODO), repo, jobs=4)

    assert [each.came for each in found] == [Came.HELD, Came.HELD, Came.FAILED, Came.FAILED]


# expectations


def test_every_finding_at_an_expected_line_holds() -> None:
    text = "# expect: under-test\ntodo\n\nx = todo  # expect: under-test\n"

    assert came(NO_TODO, {"breaks/x/src/a.py": text}) == (Came.HELD, ())


def test_several_findings_on_one_line_need_one_expectation() -> None:
    assert came(NO_TODO, {"breaks/x/src/a.py": "todo todo # expect: under-test"}) == (Came.HELD, ())


def test_what_is_expected_and_not_found_and_what_is_found_and_not_expected_is_told_with_its_place() -> None:
    files = {
        "breaks/x/src/a.py": "x # expect: under-test\ntodo\n",
        "breaks/x/src/b.py": "\ntodo # expect: under-test\n",
    }

    assert came(NO_TODO, files) == (
        Came.FAILED,
        (
            f"{HERE}/breaks/x/src/a.py:1: a finding is expected here, and there is none",
            f"{HERE}/breaks/x/src/a.py:2:1: found, and not expected: {FOUND}",
        ),
    )


def test_where_all_is_expected_and_nothing_found_each_is_told() -> None:
    found = came(NO_TODO, {"breaks/x/src/a.py": "# expect: under-test\n# expect: under-test\n"})

    lines = [f"{HERE}/breaks/x/src/a.py:{line}: a finding is expected here, and there is none" for line in (1, 2)]
    assert found == (Came.FAILED, tuple(lines))


def test_a_finding_on_the_first_line_is_expected_by_a_comment_there() -> None:
    check = TextContains(pattern=Pattern("licence"), paths=("*.py",))

    assert came(check, {"breaks/x/a.py": "# expect: under-test\n", "breaks/x/b.py": "licence"}) == (Came.HELD, ())


def test_a_finding_without_a_place_is_expected_in_the_file_that_its_key_names() -> None:
    check = FilesAbsent(paths=("**/.env",))

    held = came(check, {"breaks/x/a/.env": "A=1\n# expect: under-test\n"})
    missed = came(check, {"breaks/x/a/.env": "", "breaks/x/b/.env": "# expect: under-test"})

    assert (held, missed) == (
        (Came.HELD, ()),
        (Came.FAILED, ("a/.env: found, and not expected: a/.env must not be there",)),
    )


def test_a_finding_about_no_file_meets_no_expectation() -> None:
    found = came(FilesExist(paths=("LICENSE",)), {"breaks/x/a": "# expect: under-test"})

    assert found == (
        Came.FAILED,
        (
            f"{HERE}/breaks/x/a:1: a finding is expected here, and there is none",
            "LICENSE: found, and not expected: no file matches LICENSE",
        ),
    )


# what is left out, and what is not


def test_nothing_accepts_a_finding_in_a_tree() -> None:
    waiver = Waiver(match="src/a.py", reason="r", owner="o", until=date(2099, 1, 1))
    pending = Pending(until=date(2099, 1, 1), reason="r")
    text = "todo  # selfcheck: ignore[under-test] until=2099-01-01 owner=@o -- r\n"

    found = came(NO_TODO, {"breaks/x/src/a.py": text}, waivers=(waiver,), pending=pending, severity=Severity.LOW)

    assert found == (Came.HELD, ())


def test_a_guardrail_that_is_switched_off_is_skipped() -> None:
    found = came(NO_TODO, {"breaks/x/src/a.py": ""}, enabled=Enabled(value=False, reason="later"))

    assert found == (Came.SKIPPED, ("switched off: later",))


def test_a_program_runs_in_a_copy_of_the_tree_alone(tmp_path: Path) -> None:
    command = Command(shell="test -f done && test ! -e guardrails")
    files = {f"{HERE}/keeps/x/done": b"", f"{HERE}/breaks/x/open": b"", "done": b""}
    repo = Repository(Memory(files), environ={"PATH": "/usr/bin:/bin"}, today=TODAY, scratch=tmp_path)

    found = ran(Case(guardrail(), command), repo)

    assert [each.came for each in found] == [Came.HELD, Came.HELD]
    assert len(list(tmp_path.iterdir())) == 2


def test_what_may_not_run_is_skipped() -> None:
    repo = memory({f"{HERE}/keeps/x/a": ""})

    (found,) = ran(Case(guardrail(), Command(shell="true")), repo, allowed=False)

    assert (found.came, found.reasons) == (Came.SKIPPED, ("not allowed: needs a program",))


@pytest.mark.parametrize("target", ["../../../../../outside.py", "/etc/passwd", "a.py", "../lib"])
def test_a_link_leads_nowhere_out_of_its_tree(target: str) -> None:
    files = {"keeps/x/src/b.py": "done"}

    (found,) = tried(NO_TODO, files, links={f"{HERE}/keeps/x/src/a.py": target, "outside.py": "todo"})

    assert (found.came, [each.scope for each in found.verdict.evidence]) == (Came.HELD, [1])


def test_a_binary_and_a_huge_file_are_judged_as_everywhere() -> None:
    files: dict[str, str | bytes] = {
        "keeps/x/src/a.py": "done\n" * 400_000,
        "keeps/x/src/b.py": b"\0todo",
        "breaks/x/src/a.py": "todo" * 100,
    }

    assert [each.came for each in tried(NO_TODO, files)] == [Came.HELD, Came.HELD]


def test_where_there_is_no_tree_nothing_is_judged() -> None:
    assert tried(NO_TODO, {}) == []


# what nothing shows to fail


class WithCanary(hostile.Sees):
    """It has one."""

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """One, made when it is asked for."""
        yield Canary("write", (Write("a", b""),))


class WithoutCanary(hostile.Sees):
    """It has none here."""

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """None."""
        yield from ()


class Unfit(hostile.Sees):
    """It has none, and says why."""

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """None."""
        raise Unprovable("nothing here can break")


class NeverSays(hostile.Sees):
    """It never comes to one."""

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """None."""
        while True:
            pass


def asked(check: Check | Unloadable, *, broken: bool = False, allowed: bool = True, **options: Any) -> list[str]:
    canaries = options.pop("canaries", ())
    case = Case(
        structs.replace(guardrail(), timeout=0.2 if isinstance(check, NeverSays) else 60.0, **options), check, canaries
    )
    may = ALL_NEEDS if allowed else frozenset[Need]()
    ids = ["under-test"] if broken else []
    found: list[Unshown] = unshown([case], ids, memory({"a": ""}), jobs=1, allowed=may)
    return [each.reason.partition(" (in ")[0] for each in found]


@pytest.mark.parametrize(
    ("check", "reasons"),
    [
        (WithCanary(), []),
        (WithoutCanary(), [NONE]),
        (Unfit(), ["nothing here can break"]),
        (hostile.Sees(), ["the check offers no canary; give the guardrail one under `canaries:`"]),
        (NeverSays(), ["timed out after 0.2 s"]),
        (Unloadable("it is broken"), ["it is broken"]),
    ],
)
def test_a_guardrail_without_a_tree_that_breaks_is_asked_for_a_canary(
    check: Check | Unloadable, reasons: list[str]
) -> None:
    assert asked(check) == reasons


def test_a_guardrail_with_a_tree_that_breaks_is_not_asked() -> None:
    assert asked(Unfit(), broken=True) == []


def test_a_guardrail_with_a_canary_of_its_own_is_not_asked() -> None:
    assert asked(Unfit(), canaries=(Canary("mine", ()),)) == []


def test_a_guardrail_that_is_switched_off_is_not_asked() -> None:
    assert asked(Unfit(), enabled=Enabled(value=False, reason="later")) == []


def test_a_check_that_may_not_run_is_asked_only_where_it_can_have_none() -> None:
    none = "the check offers no canary; give the guardrail one under `canaries:`"

    assert (asked(Command(shell="true"), allowed=False), asked(hostile.NeedsMuch(), allowed=False)) == ([none], [none])
