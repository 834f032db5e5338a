"""`pytest --selfcheck`: a guardrail is a test item, and its verdict is that of `selfcheck run`."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.plugin import install_check
from tests.cli.process import BROKEN, KEPT, alive, number_in, rulebook, selfcheck
from tests.pytest_plugin.projects import ALL, OFF, TEST, WARNS, Told, below, judged, names, project, told

IMPORTED = """\
import sys
import pytest
before = set(sys.modules)
import selfcheck.pytest_plugin
print(*sorted(name for name in set(sys.modules) - before if name.partition(".")[0] not in sys.stdlib_module_names))
"""
HOSTILE = """\
import os, signal, sys, time
from selfcheck.check import *

class Odd(Check):
    "Does what no check should."

    how: str

    def run(self, repo):
        yield Evidence("odd things", 1, 1)
        match self.how:
            case "hang":
                time.sleep(600)
            case "crash":
                raise ZeroDivisionError("by nothing")
            case "exit":
                os._exit(0)
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case "print":
                os.write(1, b'{"id": "kept"}\\n')
                print("hello")
            case "patricide":
                os.kill(os.getppid(), signal.SIGKILL)
                time.sleep(600)
"""


@pytest.fixture(autouse=True)
def _no_odd_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTEST_ADDOPTS", "PYTHONPATH", "COLUMNS", "FORCE_COLOR", "CI", "SELFCHECK_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # the others cost most of the time


def test_each_outcome_is_told_in_the_words_of_pytest(pytester: pytest.Pytester) -> None:
    project(pytester)

    result = judged(pytester, "-rsx", "-W", "error", "--strict-markers")

    result.assert_outcomes(passed=2, failed=1, errors=1, skipped=2, xfailed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "selfcheck: 6 guardrails, guardrails.yaml",
            "selfcheck .FxEss *",
            "SKIPPED [[]1[]] guardrails.yaml:11: switched off: not yet released",
            "SKIPPED [[]1[]] guardrails.yaml:1: no exception is written",
            "XFAIL selfcheck::notice - warns only: 1 finding",
        ]
    )


def test_a_failure_shows_findings_and_no_traceback(pytester: pytest.Pytester) -> None:
    project(pytester)

    result = judged(pytester)

    assert below(result, "selfcheck::licence") == (
        "There is a licence\nno file matches LICENCE\nwhy: Nobody may use what has none.\nsee: guardrails.yaml:5\n"
    )
    assert below(result, "ERROR at setup of selfcheck::lines") == (
        "Modules are short\n"
        "examined nothing: no files in its scope (`allow_empty: true` accepts it)\n"
        "why: Long ones are not read.\n"
        "see: guardrails.yaml:9\n"
    )
    result.stdout.fnmatch_lines(["FAILED selfcheck::licence - There is a licence"])


def test_verbose_lists_every_finding(pytester: pytest.Pytester) -> None:
    missing = ", ".join(f"f{number}" for number in range(20))
    project(pytester, rulebook(BROKEN.replace("LICENCE", missing)))

    short, whole = (below(judged(pytester, *more), "selfcheck::licence") for more in ((), ("-v",)))

    assert ("and 8 more (--verbose lists all)" in short, "no file matches f9\n" in short) == (True, False)
    assert "no file matches f9\n" in whole


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (
            (),
            [
                "test_two.py::test_two",
                *(f"selfcheck::{name}" for name in ("readme", "notice", "changes", "exceptions")),
            ],
        ),
        (("-k", "legal and not low"), ["selfcheck::changes"]),
        (("-k", "files-exist"), ["selfcheck::readme", "selfcheck::notice", "selfcheck::changes"]),
        (("-m", "not selfcheck"), ["test_two.py::test_two"]),
        (("-m", "selfcheck(tag='legal', severity='high')"), ["selfcheck::changes"]),
        (("selfcheck::notice", "selfcheck::readme"), ["selfcheck::readme", "selfcheck::notice"]),
        (("selfcheck::", "-k", "not legal"), ["selfcheck::readme", "selfcheck::exceptions"]),
        (("selfcheck::notice", "test_two.py"), ["test_two.py::test_two", "selfcheck::notice"]),
        (("test_two.py", "--deselect=selfcheck::"), ["test_two.py::test_two"]),
    ],
)
def test_guardrails_are_selected_as_tests_are(
    arguments: tuple[str, ...], wanted: list[str], pytester: pytest.Pytester
) -> None:
    project(pytester, rulebook(KEPT, WARNS, OFF))

    result = judged(pytester, "--collect-only", "-q", "--strict-markers", *arguments)

    assert names(result) == wanted


@pytest.mark.parametrize(
    ("guardrails", "arguments", "said"),
    [
        (
            ALL.replace("high", "hihg", 1),
            (),
            'ERROR: guardrails.yaml:3:82: `severity`: unknown value "hihg"; did you mean "high"?',
        ),
        (ALL, ("selfcheck::licens",), 'ERROR: unknown guardrail "licens"; did you mean "licence"?'),
    ],
)
def test_a_fault_of_the_rulebook_or_of_the_arguments_is_a_usage_error(
    guardrails: str, arguments: tuple[str, ...], said: str, pytester: pytest.Pytester
) -> None:
    project(pytester, guardrails)

    result = judged(pytester, *arguments)

    assert (result.ret, [line for line in result.errlines if line]) == (pytest.ExitCode.USAGE_ERROR, [said])


def test_a_fault_of_the_baseline_is_a_usage_error(pytester: pytest.Pytester) -> None:
    folder = project(pytester)
    (folder / "guardrails").mkdir()
    (folder / "guardrails/baseline.jsonl").write_text("{}\n", encoding="utf-8")

    result = judged(pytester)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: guardrails/baseline.jsonl:1:1: *"])


def test_without_a_rulebook_there_is_nothing_to_judge(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_two=TEST)

    result = judged(pytester)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: no rulebook from *"])


def test_the_plugin_is_installed_and_does_nothing_without_its_option(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    project(pytester, ALL.replace("high", "hihg"))

    result = pytester.runpytest_subprocess("-W", "error", timeout=60)

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["plugins: *selfcheck-*"])


def test_without_the_option_the_plugin_imports_nothing_of_selfcheck_but_itself() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORTED], capture_output=True, encoding="utf-8", check=True)

    ours = ("", ".pytest_plugin", ".pytest_plugin.items", ".pytest_plugin.judge", ".suggest")
    assert done.stdout.split() == [f"selfcheck{name}" for name in ours]


def test_only_warning_fails_where_pytest_is_told_to_run_what_is_expected_to_fail(pytester: pytest.Pytester) -> None:
    project(pytester, rulebook(WARNS))

    result = judged(pytester, "--runxfail")

    result.assert_outcomes(passed=1, failed=1, skipped=1)


def test_what_failed_last_is_judged_again_alone(pytester: pytest.Pytester) -> None:
    project(pytester, rulebook(KEPT, BROKEN))
    judged(pytester, "-p", "cacheprovider")
    pytester.makefile("", LICENCE="")

    result = judged(pytester, "-p", "cacheprovider", "--last-failed")

    result.assert_outcomes(passed=1, deselected=3)


def test_the_tree_is_judged_as_the_tests_leave_it(pytester: pytest.Pytester) -> None:
    writes = "from pathlib import Path\n\ndef test_write() -> None:\n    Path('LICENCE').touch()\n"
    project(pytester, rulebook(BROKEN), test_write=writes)

    result = judged(pytester)

    result.assert_outcomes(passed=2, skipped=1)


def test_a_guardrail_that_a_test_takes_out_of_the_rulebook_is_an_error(pytester: pytest.Pytester) -> None:
    edits = (
        f"from pathlib import Path\n\ndef test_edit():\n    Path('guardrails.yaml').write_text({rulebook(KEPT)!r})\n"
    )
    project(pytester, rulebook(KEPT, BROKEN), test_edit=edits)

    result = judged(pytester)

    assert below(result, "ERROR at setup of selfcheck::licence") == (
        "it has gone from the rulebook since the tests began\n"
    )


def test_nothing_that_tests_import_or_leave_behind_changes_a_verdict(pytester: pytest.Pytester) -> None:
    """Their folder stands first on the path, and holds modules named like those that selfcheck needs."""
    shadows = dict.fromkeys(("click", "yaml", "msgspec", "re2"), "raise RuntimeError('shadowed')\n")
    leaves = "import os\n\ndef test_leave():\n    os.chdir('/')\n    os.environ['PATH'] = ''\n"
    folder = project(pytester, rulebook(KEPT), test_leave=leaves, **shadows)

    # pytester itself would put the folder on PYTHONPATH, and so on the path of every process.
    command = [sys.executable, "-m", "pytest", "-p", "selfcheck.pytest_plugin", "--selfcheck"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)

    assert b"== 2 passed, 1 skipped in " in done.stdout


def test_verdicts_are_those_of_a_run_whatever_checks_do(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ways = ("hang", "crash", "exit", "kill", "print")
    odd = "  - {id: HOW, title: Odd, why: It is., severity: high, timeout: 1, check: {use: odd, how: HOW}}\n"
    folder = project(pytester, rulebook(*(odd.replace("HOW", how) for how in ways), KEPT, BROKEN))
    for name, value in install_check(tmp_path / "site", HOSTILE).items():
        monkeypatch.setenv(name, value)

    found = told(pytester, "-v")

    kinds = {"pass": "passed", "fail": "failure", "error": "error"}
    run = json.loads(selfcheck("run", "--format", "json", cwd=folder, environ=dict(os.environ)).stdout)
    assert {name: each.kind for name, each in found.items() if name != "exceptions"} == {
        verdict["id"]: kinds[verdict["outcome"]] for verdict in run["verdicts"]
    }
    assert [found[how].kind for how in ways] == ["error", "error", "error", "error", "passed"]


def test_a_reason_is_that_of_a_run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    odd = "  - {id: odd, title: Odd, why: It is., severity: high, timeout: 1, check: {use: odd, how: hang}}\n"
    project(pytester, rulebook(odd))
    for name, value in install_check(tmp_path / "site", HOSTILE).items():
        monkeypatch.setenv(name, value)

    result = judged(pytester)

    assert below(result, "ERROR at setup of selfcheck::odd") == (
        "Odd\ntimed out after 1 s (in odd, line 13)\nwhy: It is.\nsee: guardrails.yaml:3\n"
    )


def test_the_end_of_the_process_that_judges_is_an_error_and_not_the_end_of_the_tests(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    odd = "  - {id: odd, title: Odd, why: It is., severity: high, check: {use: odd, how: patricide}}\n"
    project(pytester, rulebook(odd))
    for name, value in install_check(tmp_path / "site", HOSTILE).items():
        monkeypatch.setenv(name, value)

    result = judged(pytester, "-W", "error")

    result.assert_outcomes(passed=1, errors=2)
    assert below(result, "ERROR at setup of selfcheck::odd") == "selfcheck ended with exit code -9\n"


def test_exceptions_hold_as_in_a_run_and_are_judged_themselves(pytester: pytest.Pytester) -> None:
    waiver = '{match: LICENCE, reason: asked for, owner: "@li", until: DAY}'
    waived = BROKEN.replace("}}", f"}}, waivers: [{waiver}]}}")
    ended = waived.replace("licence", "ended").replace("DAY", "2020-01-01")
    project(pytester, rulebook(waived.replace("DAY", "2999-01-01"), ended))

    found = told(pytester)

    assert found == {
        "licence": Told("passed"),
        "ended": Told("failure", "There is a ended"),
        "exceptions": Told("failure", "Every exception is in force, complete and needed"),
    }


def test_the_exceptions_alone_are_judged_by_all_guardrails(pytester: pytest.Pytester) -> None:
    unneeded = '}, waivers: [{match: LICENCE, reason: asked for, owner: "@li", until: 2999-01-01}]}\n'
    project(pytester, rulebook(KEPT.replace("}}\n", unneeded)))

    assert told(pytester, "selfcheck::exceptions")["exceptions"].kind == "failure"


def test_ctrl_c_ends_what_judges(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    slow = """\
  - {id: slow, title: A slow one, why: It takes long., severity: high, timeout: 600,
     check: {use: command, shell: 'echo $$ > "$PROCESS"; exec sleep 600', env: [PROCESS]}}
"""
    folder = project(pytester, rulebook(slow))
    monkeypatch.setenv("PROCESS", str(tmp_path / "process"))
    command = [sys.executable, "-m", "pytest", "-p", "selfcheck.pytest_plugin", "--selfcheck"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, start_new_session=True) as running:
        program = number_in(tmp_path / "process")

        os.killpg(running.pid, signal.SIGINT)
        stdout, _ = running.communicate(timeout=30)

    assert running.returncode == pytest.ExitCode.INTERRUPTED
    assert b"KeyboardInterrupt" in stdout
    assert not alive(program)


@pytest.mark.slow
def test_workers_of_xdist_judge_each_guardrail_once(pytester: pytest.Pytester) -> None:
    project(pytester)

    result = judged(pytester, "-p", "xdist", "-n", "2", "-v")

    result.assert_outcomes(passed=2, failed=1, errors=1, skipped=2, xfailed=1)
    told = [line.split("selfcheck::")[1].strip() for line in result.outlines if line[:3] == "[gw" and "k::" in line]
    assert sorted(told) == ["changes", "exceptions", "licence", "lines", "notice", "readme"]


@pytest.mark.slow
def test_a_fault_of_the_rulebook_starts_no_worker(pytester: pytest.Pytester) -> None:
    project(pytester, ALL.replace("high", "hihg", 1))

    result = judged(pytester, "-p", "xdist", "-n", "2")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stdout.no_fnmatch_line("*gw0*")


@pytest.mark.slow
def test_the_coverage_of_a_project_is_what_it_is_without_guardrails(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith(("COV_", "COVERAGE_"))]:
        monkeypatch.delenv(name)
    shop = "def total(a, b):\n    assert a, 'nothing'\n    return a + b\n"
    project(pytester, rulebook(KEPT), shop=shop, test_shop="import shop\n\ndef test_sum():\n    shop.total(1, 2)\n")

    result = judged(pytester, "-p", "pytest_cov", "--cov=shop", "-W", "error")

    result.assert_outcomes(passed=2, skipped=1)
    result.stdout.fnmatch_lines(["shop.py * 3 * 0 * 100%"])
