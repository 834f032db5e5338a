"""`command`: a program ends as expected, in a copy of the tree, and leaves nothing behind."""

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from msgspec import structs

from selfcheck.check import Canary, Case, Repository, Write
from selfcheck.checks.command import KEPT, Command
from selfcheck.guardrail import Severity
from selfcheck.judge import judge
from selfcheck.model import Evidence, Finding, Outcome, Verdict
from selfcheck.prove import Proof, Proven, Terms, proof
from selfcheck.testing import TODAY, guardrail, judged, memory
from selfcheck.trees import Directory, Memory, Tree
from tests.trees.working_copy import write

LOCALE = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """Where copies of the tree are made."""
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


def repository(scratch: Path, tree: Tree | None = None, environ: Mapping[str, str] | None = None) -> Repository:
    """A repository in which programs may run."""
    known = {"PATH": os.environ["PATH"], **LOCALE, **(environ or {})}
    return Repository(tree or Memory({"a.txt": b"1"}), environ=known, today=TODAY, scratch=scratch)


def python(code: str, *, expect: tuple[int, ...] = (0,), env: tuple[str, ...] = ()) -> Command:
    """A program in Python."""
    return Command(arguments=(sys.executable, "-c", code), expect=expect, env=env)


def output(verdict: Verdict) -> str:
    """What the program of the one finding said."""
    (ruling,) = verdict.findings
    return str(ruling.seen.data["output"])


def test_an_expected_status_keeps_the_promise(scratch: Path) -> None:
    verdict = judged(Command(arguments=("true",)), repository(scratch))

    assert (verdict.outcome, verdict.evidence) == (Outcome.PASS, (Evidence("commands", 1, 1),))


def test_another_status_is_one_finding_with_the_end_of_what_it_said(scratch: Path) -> None:
    verdict = judged(
        Command(arguments=("sh", "-c", "echo 1; echo; echo 2; echo 3; echo 4 >&2; exit 7")), repository(scratch)
    )

    assert [ruling.seen for ruling in verdict.findings] == [
        Finding(
            key="exit status",
            message="exit status 7, expected 0; its output ends: 2 / 3 / 4",
            hint="run it by hand: sh -c 'echo 1; echo; echo 2; echo 3; echo 4 >&2; exit 7'",
            data={"status": 7, "expected": [0], "output": "1\n\n2\n3\n4\n"},
        )
    ]


@pytest.mark.parametrize(
    ("status", "expect", "outcome"),
    [
        (0, (0,), Outcome.PASS),
        (1, (0,), Outcome.FAIL),
        (1, (1,), Outcome.PASS),
        (0, (1,), Outcome.FAIL),
        (3, (0, 3), Outcome.PASS),
        (2, (0, 3), Outcome.FAIL),
        (255, (0,), Outcome.FAIL),
        (126, (0,), Outcome.FAIL),
        (127, (127,), Outcome.PASS),
    ],
)
def test_the_exit_status_is_the_verdict(scratch: Path, status: int, expect: tuple[int, ...], outcome: Outcome) -> None:
    verdict = judged(python(f"raise SystemExit({status})", expect=expect), repository(scratch))

    assert verdict.outcome is outcome


def test_several_expected_statuses_are_named(scratch: Path) -> None:
    verdict = judged(Command(arguments=("false",), expect=(0, 3)), repository(scratch))

    assert [ruling.seen.message for ruling in verdict.findings] == ["exit status 1, expected 0 or 3"]


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (
            Command(arguments=("no-such-program", "x")),
            "no-such-program: No such file or directory; install it, or name it by its path from the root",
        ),
        (
            Command(arguments=("./a.txt",)),
            "./a.txt: Permission denied; install it, or name it by its path from the root",
        ),
        (
            Command(arguments=("./missing-interpreter",)),
            "./missing-interpreter: No such file or directory; install it, or name it by its path from the root",
        ),
        (Command(shell="no-such-program 2>/dev/null"), "the shell could not run it, exit status 127"),
        (Command(shell="./a.txt 2>/dev/null"), "the shell could not run it, exit status 126"),
        (Command(shell="echo why; kill -SEGV $$"), "the program was killed by SIGSEGV; its output ends: why"),
    ],
    ids=["missing", "not executable", "no interpreter", "missing in a shell", "not executable in a shell", "killed"],
)
def test_a_program_that_did_not_run_to_its_end_is_an_error(scratch: Path, command: Command, reason: str) -> None:
    tree = Memory({"a.txt": b"1", "missing-interpreter": b"#!/no/such/interpreter\n"})

    verdict = judged(command, repository(scratch, tree))

    assert (verdict.outcome, verdict.reason, verdict.findings) == (Outcome.ERROR, reason, ())


def test_without_a_place_for_a_copy_nothing_runs() -> None:
    verdict = judged(Command(arguments=("true",)), memory({"a": ""}))

    assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, "this run has no place for a copy of the tree")


@pytest.mark.parametrize("text", ["a b", "$HOME", "*", "; exit 3", "`exit 3`", "$(exit 3)", "| false", "\n", "é"])
def test_no_shell_reads_the_arguments(scratch: Path, text: str) -> None:
    code = f"import sys; assert sys.argv[1:] == [{text!r}], sys.argv"

    verdict = judged(Command(arguments=(sys.executable, "-c", code, text)), repository(scratch))

    assert verdict.outcome is Outcome.PASS, output(verdict)


def test_a_shell_reads_what_is_given_to_it(scratch: Path) -> None:
    verdict = judged(Command(shell='test "$(cat *.txt | tr 1 2)" = 2 && exit 3'), repository(scratch))

    assert [ruling.seen.data["status"] for ruling in verdict.findings] == [3]


@pytest.mark.parametrize("options", [{}, {"arguments": ("true",), "shell": "true"}])
def test_a_program_or_a_shell_is_given_not_both(options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"^needs exactly one of `run`, `shell`$"):
        Command(**options)  # type: ignore[arg-type]


def test_a_program_of_the_tree_runs_by_its_path_from_the_root(scratch: Path) -> None:
    tree = Memory({"tools/check.sh": b"#!/bin/sh\ntest -f a.txt\n", "a.txt": b""})

    assert judged(Command(arguments=("tools/check.sh",)), repository(scratch, tree)).outcome is Outcome.PASS


def test_the_input_is_empty(scratch: Path) -> None:
    assert judged(python("import sys; assert sys.stdin.read() == ''"), repository(scratch)).outcome is Outcome.PASS


def test_the_environment_is_what_is_named_and_a_few_common_ones(scratch: Path) -> None:
    environ = {
        "HOME": "/h",
        "SECRET": "s3cret",
        "NAMED": "n",
        "PYTHONPATH": "/evil",
        "LD_PRELOAD": "",
        "GIT_DIR": "/evil",
    }
    command = Command(shell="env | cut -d= -f1 | sort; exit 1", env=("NAMED", "UNSET"))

    verdict = judged(command, repository(scratch, environ=environ))

    made_by_the_shell = {"PWD", "OLDPWD", "SHLVL", "_"}
    assert set(output(verdict).split()) - made_by_the_shell == {"HOME", "LANG", "LC_ALL", "NAMED", "PATH"}


def test_the_value_of_a_named_variable_is_never_shown(scratch: Path) -> None:
    environ = {"TOKEN": "t0ken-value", "LONGER": "t0ken-value-and-more", "HOME": "/nowhere/me"}
    command = Command(shell="echo $TOKEN x$LONGER $TOKEN$TOKEN; echo $HOME >&2; exit 1", env=("TOKEN", "LONGER"))

    verdict = judged(command, repository(scratch, environ=environ))

    assert output(verdict) == "*** x*** ******\n/nowhere/me\n"
    assert "t0ken" not in repr(verdict)


def test_the_value_of_a_named_variable_is_not_shown_when_the_program_is_killed(scratch: Path) -> None:
    command = Command(shell="echo $TOKEN; kill -KILL $$", env=("TOKEN",))

    verdict = judged(command, repository(scratch, environ={"TOKEN": "t0ken-value"}))

    assert verdict.reason == "the program was killed by SIGKILL; its output ends: ***"


@pytest.mark.parametrize("shown", range(12))
def test_no_rest_of_a_secret_stays_at_the_first_byte_that_is_kept(scratch: Path, shown: int) -> None:
    code = f"import os; os.write(1, b'x' * {KEPT} + os.environb[b'TOKEN'] + b'y' * {KEPT - shown}); raise SystemExit(1)"

    verdict = judged(python(code, env=("TOKEN",)), repository(scratch, environ={"TOKEN": "ABCDEFGHIJKL"}))

    assert set(output(verdict)) <= set("xy*")


@pytest.mark.parametrize("half", [1, 4, 8])
def test_no_rest_of_a_secret_that_came_in_two_parts_stays(scratch: Path, half: int) -> None:
    """The first part is dropped before the second one comes, which is then all that there is to find."""
    first = f"os.write(1, b'x' * {KEPT} + os.environb[b'TOKEN'][:{half}])"
    second = f"os.write(1, os.environb[b'TOKEN'][{half}:] + b'y' * {KEPT - 11 + half})"
    code = f"import os, time; {first}; time.sleep(0.1); {second}; raise SystemExit(1)"

    verdict = judged(python(code, env=("TOKEN",)), repository(scratch, environ={"TOKEN": "ABCDEFGHIJKL"}))

    assert set(output(verdict)) <= set("xy*")


def test_a_value_as_short_as_a_number_is_no_secret(scratch: Path) -> None:
    verdict = judged(Command(shell="echo 1 11; exit 1", env=("N",)), repository(scratch, environ={"N": "1"}))

    assert output(verdict) == "1 11\n"


def test_of_much_output_the_end_is_kept(scratch: Path) -> None:
    code = "import os, sys\nfor n in range(800): os.write(1, b'x' * 65535 + b'\\n')\nos.write(2, b'the end\\n'); sys.exit(1)"

    begun = time.perf_counter()
    verdict = judged(python(code), repository(scratch))

    assert output(verdict) == ("x" * KEPT + "\nthe end\n")[-KEPT:]
    assert time.perf_counter() - begun < 5.0


def test_output_that_is_no_text_is_shown_as_far_as_it_is(scratch: Path) -> None:
    verdict = judged(python("import os; os.write(1, b'a\\xff\\0b'); raise SystemExit(1)"), repository(scratch))

    assert output(verdict) == "a\ufffd\0b"


def test_a_program_that_writes_changes_a_copy(tmp_path: Path, scratch: Path) -> None:
    root = write(tmp_path / "r", {"a.txt": b"1", "b/c.txt": b"2"})
    code = "import os; open('a.txt', 'w').write('changed'); os.remove('b/c.txt'); open('new', 'w'); print(os.getcwd()); raise SystemExit(1)"

    verdict = judged(python(code), repository(scratch, Directory(root)))

    assert output(verdict).strip().startswith(f"{scratch}{os.sep}")
    assert {path.relative_to(root).as_posix() for path in root.rglob("*")} == {"a.txt", "b", "b/c.txt"}
    assert (root / "a.txt").read_bytes() == b"1"


def test_what_is_left_in_the_background_is_killed(scratch: Path, tmp_path: Path) -> None:
    pids = tmp_path / "pid"

    verdict = judged(Command(shell=f"sleep 60 & echo $! > {pids}; exit 0"), repository(scratch))

    assert verdict.outcome is Outcome.PASS
    assert _ended(int(pids.read_text()))


def test_at_the_deadline_the_whole_process_group_is_killed(scratch: Path, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    # It ignores what may be ignored, as does the child that it waits for.
    shell = f"trap '' TERM INT HUP ALRM; sleep 60 & echo $$ $! > {pids}; wait"
    case = Case(structs.replace(guardrail(), timeout=0.5), Command(shell=shell))

    begun = time.perf_counter()
    verdicts = list(judge([case], repository(scratch), fail_on=Severity.HIGH, jobs=1))

    assert time.perf_counter() - begun < 2.5
    ((number, verdict),) = verdicts
    assert (number, verdict.outcome) == (0, Outcome.ERROR)
    assert str(verdict.reason).startswith("timed out after 0.5 s")
    assert [_ended(int(pid)) for pid in pids.read_text().split()] == [True, True]


def test_a_program_that_is_not_allowed_to_run_is_skipped_and_does_not(scratch: Path, tmp_path: Path) -> None:
    case = Case(guardrail(), Command(shell=f"touch {tmp_path}/ran"))

    ((_, verdict),) = judge([case], repository(scratch), fail_on=Severity.HIGH, jobs=1, allowed=frozenset())

    assert (verdict.outcome, verdict.reason) == (Outcome.SKIP, "not allowed: needs a program")
    assert not (tmp_path / "ran").exists()


def test_without_a_canary_of_the_users_it_cannot_be_proven(scratch: Path) -> None:
    case = Case(guardrail(), Command(arguments=("true",)))

    found = proof(case, repository(scratch), Terms(fail_on=Severity.HIGH))

    reason = "the check offers no canary; give the guardrail one under `canaries:`"
    assert found == Proof(outcome=Proven.UNPROVABLE, reason=reason)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"2", Proof(outcome=Proven.PROVEN, bit=("write a.txt",))),
        (b"1", Proof(outcome=Proven.MISSED, missed=("write a.txt: no new finding about exit status came of it",))),
    ],
)
def test_a_canary_of_the_users_proves_it_if_it_bites(scratch: Path, content: bytes, expected: Proof) -> None:
    canary = Canary("write a.txt", (Write("a.txt", content),), "exit status")
    case = Case(guardrail(), Command(arguments=("grep", "-q", "1", "a.txt")), (canary,))

    assert proof(case, repository(scratch), Terms(fail_on=Severity.HIGH)) == expected


def _ended(pid: int) -> bool:
    """Whether a process is gone, or dead and only waiting for whoever inherited it."""
    for _ in range(100):
        try:
            os.kill(pid, 0)
            state = (
                Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
                if Path("/proc/self").exists()
                else ""
            )
        except (ProcessLookupError, FileNotFoundError):
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    return False
