"""Whatever a check does, it is that guardrail's error, with the culprit named, and all others are judged."""

import os
import pickle
import re
import signal
import time
from collections.abc import Sequence
from functools import partial
from multiprocessing import active_children

import pytest
from msgspec import structs

from selfcheck import workers
from selfcheck.check import Case, Check, Evidence, Finding, Need, Unloadable
from selfcheck.guardrail import Enabled, Severity
from selfcheck.judge import ALL_NEEDS, judge
from selfcheck.model import Outcome, Verdict
from selfcheck.testing import guardrail, memory
from tests.judging import hostile

PASS, FAIL, ERROR, SKIP = Outcome.PASS, Outcome.FAIL, Outcome.ERROR, Outcome.SKIP
SHORT = 0.3
"""Seconds for a check that never ends."""
HERE = r" \(in tests\.judging\.hostile, line \d+\)"

CHECKS: dict[str, tuple[Check | Unloadable, Outcome, str | None]] = {
    "passes": (hostile.Sees(), PASS, None),
    "fails": (hostile.Finds(), FAIL, None),
    "skips": (hostile.Skips(), SKIP, "there is no Django here"),
    "cannot tell": (hostile.CannotTell(), ERROR, "there is no database; start one"),
    "does not load": (Unloadable("the plugin is broken"), ERROR, "the plugin is broken"),
    "crashes": (hostile.Crashes(), ERROR, "crashed: ZeroDivisionError: first line" + HERE),
    "raises SystemExit": (hostile.RaisesSystemExit(), ERROR, "crashed: SystemExit: 0" + HERE),
    "raises KeyboardInterrupt": (hostile.RaisesKeyboardInterrupt(), ERROR, "crashed: KeyboardInterrupt" + HERE),
    "raises its own": (hostile.RaisesItsOwn(), ERROR, "crashed: OwnEnd: mine" + HERE),
    "raises without text": (hostile.RaisesWithoutText(), ERROR, "crashed: Mute: its own text cannot be had" + HERE),
    "raises odd text": (hostile.RaisesOddText(), ERROR, r"caf\\udce9 is missing"),
    "recurses for ever": (hostile.RecursesForEver(), ERROR, "crashed: RecursionError: .*" + HERE),
    "leaves the process": (hostile.LeavesTheProcess(), ERROR, "crashed: it ended its process with exit code 0"),
    "is killed": (hostile.KillsItself(signal.SIGKILL), ERROR, "crashed: its process was killed by SIGKILL"),
    "has a segmentation fault": (hostile.KillsItself(signal.SIGSEGV), ERROR, "crashed: its .* killed by SIGSEGV"),
    "gets a nameless signal": (hostile.KillsItself(35), ERROR, "crashed: its process was killed by signal 35"),
    "closes everything": (hostile.ClosesEverything(), ERROR, "crashed: it .*"),
    "loops in Python": (hostile.LoopsInPython(), ERROR, "timed out after 0.3 s" + HERE),
    "loops in C": (hostile.LoopsInC(), ERROR, "timed out after 0.3 s"),
    "matches for ever": (hostile.MatchesForEver(), ERROR, r"timed out after 0.3 s \(in re, line \d+\)"),
    "swallows everything": (hostile.SwallowsEverything(), ERROR, "timed out after 0.3 s"),
    "swallows once": (hostile.SwallowsOnce(), ERROR, "timed out after 0.3 s" + HERE),
    "stops itself": (hostile.StopsItself(), ERROR, "timed out after 0.3 s"),
    "sees for ever": (hostile.SeesForEver(), ERROR, "timed out after 0.3 s" + HERE),
    "yields wrong types": (hostile.YieldsWrongTypes(), ERROR, "crashed: TypeError: a check yields .*, not str .*"),
    "yields nothing": (hostile.YieldsNothingAtAll(), ERROR, "crashed: TypeError: 'NoneType' object is not iterable .*"),
    "has fields of wrong types": (
        hostile.FieldsOfWrongTypes(),
        ERROR,
        r"crashed: its findings are not of their types: Expected `str`, got `int` - at `\$.seen\[0\].key`",
    ),
    **{
        f"yields {which}": (hostile.YieldsData(which), ERROR, "crashed: a finding holds what no report can: .*")
        for which in ("an object", "a key that is none", "a text that is no unicode", "a depth without a bottom")
    },
    "prints": (hostile.Prints(), PASS, None),
    "asks": (hostile.Asks(), PASS, None),
    "finds very much": (hostile.FindsVeryMuch(), FAIL, None),
    "leaves a bomb": (hostile.LeavesABomb(), PASS, None),
    "is judged where the bomb ends the process": (hostile.Sees(seconds=0.3), PASS, None),
    "leaves a loop": (hostile.LeavesALoop(), PASS, None),
    "forks": (hostile.Forks(), PASS, None),
    "is judged after the fork": (hostile.Sees(seconds=0.2), PASS, None),
}
ENDLESS = (
    hostile.LoopsInPython,
    hostile.LoopsInC,
    hostile.MatchesForEver,
    hostile.SwallowsEverything,
    hostile.SwallowsOnce,
    hostile.StopsItself,
    hostile.SeesForEver,
)


def case(name: str, check: Check | Unloadable) -> Case:
    timeout = SHORT if isinstance(check, ENDLESS) else 60.0
    return Case(structs.replace(guardrail(), id=name, timeout=timeout), check)


CASES = [case(name, check) for name, (check, _, _) in CHECKS.items()]


def judged(cases: Sequence[Case], jobs: int, allowed: frozenset[Need] = ALL_NEEDS) -> list[Verdict]:
    """The verdicts in the order of the cases."""
    fallen = dict(judge(cases, memory({}), fail_on=Severity.HIGH, jobs=jobs, allowed=allowed))
    return [fallen[number] for number in range(len(cases))]


@pytest.fixture(scope="module")
def together() -> dict[str, Verdict]:
    """All of them judged in one run."""
    return dict(zip(CHECKS, judged(CASES, jobs=8), strict=True))


@pytest.mark.parametrize("name", CHECKS)
def test_each_comes_to_its_own_verdict_beside_all_the_others(name: str, together: dict[str, Verdict]) -> None:
    _, outcome, reason = CHECKS[name]

    verdict = together[name]

    assert (verdict.guardrail.id, verdict.outcome) == (name, outcome)
    assert re.fullmatch(reason or "None", str(verdict.reason)), verdict.reason


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_verdicts_do_not_depend_on_the_number_of_processes(jobs: int, together: dict[str, Verdict]) -> None:
    assert [timeless(each) for each in judged(CASES, jobs)] == [timeless(each) for each in together.values()]


def timeless(verdict: Verdict) -> Verdict:
    """Without the seconds, and without the line at which an endless loop happened to be."""
    reason = verdict.reason and re.sub(r", line \d+|it closed its .*|it ended its .*", "", verdict.reason)
    return structs.replace(verdict, seconds=0.0, reason=reason)


def test_a_huge_result_arrives_whole(together: dict[str, Verdict]) -> None:
    assert len(together["finds very much"].findings) == hostile.FindsVeryMuch().findings


def test_a_copy_that_a_check_makes_of_its_process_answers_for_nobody(together: dict[str, Verdict]) -> None:
    assert together["forks"].evidence == (Evidence("files", 1, 1),)


def test_a_process_that_ends_is_noticed_although_a_copy_of_it_lives() -> None:
    began = time.monotonic()

    [verdict] = judged([case("leaves a copy", hostile.LeavesACopy())], jobs=1)

    assert (verdict.outcome, verdict.reason) == (ERROR, "crashed: it ended its process with exit code 0")
    assert time.monotonic() - began < 5.0


def test_seconds_are_wall_time() -> None:
    slept, endless = judged([case("slept", hostile.Sees(seconds=0.5)), case("loop", hostile.LoopsInPython())], jobs=1)

    assert 0.5 <= slept.seconds < 1.5
    assert SHORT <= endless.seconds < 1.3


def test_verdicts_fall_while_another_check_never_ends() -> None:
    cases = [case("loops in C", hostile.LoopsInC()), case("passes", hostile.Sees()), case("fails", hostile.Finds())]

    order = [number for number, _ in judge(cases, memory({}), fail_on=Severity.HIGH, jobs=2)]

    assert order == [1, 2, 0]


def test_a_check_that_ends_after_the_first_answer_is_judged_although_nobody_reads_for_a_while() -> None:
    """A slow observer takes no time from a deadline."""
    cases = [case("passes", hostile.Sees()), Case(structs.replace(guardrail(), timeout=0.4), hostile.Sees(seconds=0.2))]
    verdicts: dict[int, Verdict] = {}

    for number, verdict in judge(cases, memory({}), fail_on=Severity.HIGH, jobs=2):
        verdicts[number] = verdict
        time.sleep(1.6 * (number == 0))

    assert [verdicts[number].outcome for number in range(2)] == [PASS, PASS]


def test_checks_of_one_subject_share_a_process_in_which_it_is_read_once() -> None:
    verdicts = judged([case(f"reads {number}", hostile.ReadsASubject()) for number in range(4)], jobs=8)

    assert len({verdict.evidence for verdict in verdicts}) == 1
    assert verdicts[0].evidence[0].examined == 1
    assert verdicts[0].evidence[0].scope != os.getpid()


def test_the_others_on_a_lane_are_judged_in_a_new_process_when_one_ends_it() -> None:
    class Ends(hostile.ReadsASubject):
        run = hostile.LeavesTheProcess.run

    cases = [case("a", hostile.ReadsASubject()), case("b", Ends()), case("c", hostile.ReadsASubject())]

    before, ended, after = judged(cases, jobs=2)

    assert (before.outcome, ended.outcome, after.outcome) == (PASS, ERROR, PASS)
    assert before.evidence[0].scope != after.evidence[0].scope


def test_what_is_not_allowed_is_skipped_and_says_what_it_needs() -> None:
    cases = [case("needs much", hostile.NeedsMuch()), case("passes", hostile.Sees())]

    needy, tree_only = judged(cases, jobs=1, allowed=frozenset({Need.PROGRAM}))

    assert (needy.outcome, needy.reason) == (SKIP, "not allowed: needs a network")
    assert tree_only.outcome is PASS


def test_what_is_switched_off_is_not_run() -> None:
    off = Case(structs.replace(guardrail(), enabled=Enabled(value=False, reason="too early")), hostile.LoopsInC())

    [verdict] = judged([off], jobs=1)

    assert (verdict.outcome, verdict.reason) == (SKIP, "switched off: too early")


def test_a_run_without_guardrails_ends() -> None:
    assert judged([], jobs=4) == []


def test_a_run_that_is_given_up_leaves_no_process() -> None:
    fallen = judge(
        [case("passes", hostile.Sees()), case("never ends", hostile.SwallowsEverything())],
        memory({}),
        fail_on=Severity.HIGH,
        jobs=2,
    )
    next(fallen)
    began = time.monotonic()

    fallen.close()

    assert time.monotonic() - began < 2.0
    assert active_children() == []


def test_no_process_is_left_after_a_run(together: dict[str, Verdict]) -> None:
    assert active_children() == []


def test_work_can_be_sent_to_a_process_that_starts_anew() -> None:
    """Where forking is not safe the pool sends its work by pickle."""
    cases = [case("fails", hostile.Finds())]
    repo = memory({"a": "b"})

    verdicts = pickle.loads(pickle.dumps(partial(judge, cases, repo, fail_on=Severity.HIGH, jobs=1)))()

    assert [verdict.findings[0].seen for _, verdict in verdicts] == [Finding(key="a", message="a is wrong")]


def test_answers_are_yielded_for_every_call_whatever_the_lanes() -> None:
    tasks = [workers.Task(number, 60.0, lane) for number, lane in enumerate(["a", None, "b", "a", None, "b", "a"])]

    answers = list(workers.each(str_of, tasks, jobs=3))

    assert sorted((number, answer) for number, answer, _ in answers) == [
        (number, workers.Done(str_of(number))) for number in range(7)
    ]


def str_of(number: int) -> bytes:
    return f"{number}".encode()
