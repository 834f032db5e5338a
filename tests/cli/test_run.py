"""`selfcheck run`: what is judged, what blocks, and what is printed."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.calling import called
from tests.cli.process import BROKEN, KEPT, rulebook, selfcheck
from tests.trees.working_copy import git, working_copy

README = """\
  - id: readme
    title: There is a readme
    why: People read it first.
    severity: high
    tags: [docs, people]
    check: {use: files-exist, paths: [README.md]}
"""
LICENCE = """\
  - id: licence
    title: There is a licence
    why: Nobody may use what has none.
    severity: critical
    tags: [people]
    check: {use: files-exist, paths: [LICENCE]}
"""
LENGTH = """\
  - id: length
    title: Modules are short
    why: Long ones are not read.
    severity: medium
    tags: [code]
    check: {use: max-lines, limit: 2, paths: ["src/**"]}
"""
PROGRAM = """\
  - id: program
    title: The program runs
    why: It is what we sell.
    severity: low
    tags: [code]
    check: {use: command, run: ["true"]}
"""


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a repository with one promise kept, two broken, and one that needs a program."""
    files = {
        "README.md": b"# Read\n",
        "src/long.py": b"1\n2\n3\n",
        "guardrails.yaml": rulebook(README, LICENCE, LENGTH, PROGRAM).encode(),
    }
    folder = working_copy(tmp_path / "repo", files)
    monkeypatch.chdir(folder)
    return folder


def judged(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, str]]:
    """The exit code and the outcome of each guardrail."""
    done = called(capsys, "run", "--format", "json", *arguments)
    return done.code, {verdict["id"]: verdict["outcome"] for verdict in json.loads(done.stdout)["verdicts"]}


def report(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """The json report."""
    found: dict[str, Any] = json.loads(called(capsys, "run", "--format", "json", *arguments).stdout)
    return found


def test_all_guardrails_are_judged_in_the_order_of_the_rulebook(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert judged(capsys) == (1, {"readme": "pass", "licence": "fail", "length": "fail", "program": "pass"})


@pytest.mark.parametrize(
    ("arguments", "code", "ids"),
    [
        (["--rule", "readme"], 0, ["readme"]),
        (["--rule", "length", "--rule", "readme"], 0, ["readme", "length"]),
        (["--rule", "licence"], 1, ["licence"]),
        (["--tag", "code"], 0, ["length", "program"]),
        (["--tag", "code", "--tag", "docs"], 0, ["readme", "length", "program"]),
        (["--tag", "people", "--rule", "readme"], 0, ["readme"]),
    ],
)
def test_rules_and_tags_choose_what_is_judged(
    arguments: list[str], code: int, ids: list[str], repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = judged(capsys, *arguments)

    assert (done[0], list(done[1])) == (code, ids)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--rule", "redme"], 'unknown guardrail "redme"; did you mean "readme"?'),
        (["--rule", "zzz"], 'unknown guardrail "zzz"; known: length, licence, program, readme'),
        (["--tag", "coed"], 'unknown tag "coed"; did you mean "code"?'),
        (
            ["--tag", "code", "--rule", "readme"],
            "no guardrail among readme has the tag code: nothing to judge",
        ),
    ],
)
def test_what_chooses_nothing_is_a_usage_error(
    arguments: list[str], said: str, repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called(capsys, "run", *arguments) == (2, "", f"selfcheck: {said}\n")


@pytest.mark.parametrize(
    ("fail_on", "code", "blocking"),
    [
        ("critical", 1, ["licence"]),
        ("high", 1, ["readme", "licence"]),
        ("medium", 1, ["readme", "licence", "length"]),
        ("low", 1, ["readme", "licence", "length", "program"]),
    ],
)
def test_fail_on_is_the_lowest_severity_that_blocks(
    fail_on: str, code: int, blocking: list[str], repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = report(capsys, "--fail-on", fail_on)

    assert [verdict["id"] for verdict in found["verdicts"] if verdict["enforce"] == "block"] == blocking
    assert found["summary"]["exit"] == code


def test_fail_on_outranks_that_of_the_rulebook(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repo / "guardrails.yaml").write_text(rulebook(LENGTH, head="fail_on: low\n"), encoding="utf-8")

    codes = [called(capsys, "run", *arguments).code for arguments in ([], ["--fail-on", "high"])]

    assert codes == [1, 0]


def test_what_needs_a_program_is_skipped_where_none_may_run(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repo / "guardrails.yaml").write_text(rulebook(README, PROGRAM), encoding="utf-8")

    found = report(capsys, "--no-exec")

    assert [(verdict["outcome"], verdict["reason"]) for verdict in found["verdicts"]] == [
        ("pass", None),
        ("skip", "not allowed: needs a program"),
    ]
    assert found["summary"]["exit"] == 0


def test_the_report_does_not_depend_on_the_number_of_processes(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reports = [called(capsys, "run", "--format", "json", "--jobs", jobs).stdout for jobs in ("1", "2", "8")]

    timeless = {re.sub(r'"(seconds|started)": [^\n]+', "", each) for each in reports}
    assert len(timeless) == 1


@pytest.mark.parametrize(
    "arguments", [["--jobs", "0"], ["--jobs", "many"], ["--fail-on", "grave"], ["--nonsense"], ["argument"]]
)
def test_an_option_that_is_wrong_is_a_usage_error(
    arguments: list[str], repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = called(capsys, "run", *arguments)

    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith("Error: ")


def test_an_error_outranks_a_failure_and_both_are_listed(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = README.replace("readme", "empty").replace("files-exist", "text-contains, pattern: x").replace("README", "X")
    (repo / "guardrails.yaml").write_text(rulebook(LICENCE, empty), encoding="utf-8")

    done = called(capsys, "run")

    assert done.code == 3
    assert done.stdout.splitlines()[-2:] == ["failed: licence", "could not be judged: empty"]


def test_an_error_of_what_only_warns_is_printed_and_does_not_stop_the_gate(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = LENGTH.replace("src", "nowhere")
    (repo / "guardrails.yaml").write_text(rulebook(README, empty), encoding="utf-8")

    done = called(capsys, "run")

    assert (done.code, done.stdout.splitlines()[0]) == (0, "ERROR length (medium, warns only)")


def test_quiet_prints_only_what_blocks(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = called(capsys, "run", "--quiet")

    assert re.sub(r"in .* s\n", "in 0.00 s\n", done.stdout) == (
        "FAIL  licence (critical)\n"
        "      There is a licence\n"
        "      no file matches LICENCE\n"
        "      why: Nobody may use what has none.\n"
        "      see: guardrails.yaml:9\n"
        "\n"
        "2 failed, 2 passed in 0.00 s\n"
        "failed: licence\n"
    )


def test_quiet_prints_nothing_where_nothing_blocks(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert called(capsys, "run", "-q", "--rule", "readme", "--rule", "length") == (0, "", "")


def test_verbose_prints_the_evidence_of_every_pass(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = called(capsys, "run", "-v", "--rule", "readme")

    assert done.stdout.splitlines()[:2] == ["pass  readme (high)", "      1 required path"]


def test_quiet_and_verbose_together_are_neither(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    both, neither = (called(capsys, "run", *arguments) for arguments in (["-q", "-v"], []))

    assert re.sub("in .* s", "", both.stdout) == re.sub("in .* s", "", neither.stdout)


def test_the_report_says_what_was_judged(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = report(capsys, "--rule", "readme")["run"]

    assert (run["root"], run["revision"], run["base"]) == (".", git(repo, "rev-parse", "HEAD").decode().strip(), None)
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", run["rulebook"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", run["started"])


def test_from_a_folder_below_the_whole_repository_is_judged(
    repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(repo / "src")

    found = report(capsys)

    assert found["run"]["root"] == ".."
    assert [verdict["outcome"] for verdict in found["verdicts"]] == ["pass", "fail", "fail", "pass"]
    assert found["verdicts"][2]["findings"][0]["path"] == "src/long.py"


def test_without_a_commit_there_is_no_revision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "guardrails.yaml").write_text(rulebook(LICENCE), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert report(capsys)["run"]["revision"] is None


def test_a_folder_without_git_is_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "guardrails.yaml").write_text(rulebook(KEPT), encoding="utf-8")
    (tmp_path / "README.md").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert judged(capsys) == (0, {"readme": "pass"})


def test_a_repository_that_git_does_not_read_cannot_be_judged(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repo / ".git" / "HEAD").write_text("nonsense", encoding="utf-8")

    done = called(capsys, "run")

    assert (done.code, done.stdout) == (3, "")
    assert re.fullmatch(r"selfcheck: .*: git ls-files failed: .*\n", done.stderr)


def test_without_a_rulebook_nothing_is_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    done = called(capsys, "run")

    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"selfcheck: no rulebook from {tmp_path}")


def test_a_rulebook_with_a_fault_judges_nothing(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repo / "guardrails.yaml").write_text(rulebook(KEPT, BROKEN.replace("use: files-exist", "use: file-exist")))

    done = called(capsys, "run")

    said = 'selfcheck: guardrails.yaml:6:19: unknown check "file-exist"; did you mean "files-exist"?\n'
    assert done == (2, "", said)


def test_another_rulebook_can_be_given(repo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(rulebook(KEPT), encoding="utf-8")

    assert judged(capsys, "--guardrails", str(other)) == (0, {"readme": "pass"})


HOSTILE = "caf\N{SNOWMAN}\x1b[31m\N{RIGHT-TO-LEFT OVERRIDE}.py"
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.mark.parametrize(
    ("environ", "snowman"),
    [
        ({"LC_ALL": "C.UTF-8"}, "\N{SNOWMAN}"),
        ({"LANG": "C"}, "\N{SNOWMAN}"),
        (ASCII, "\N{SNOWMAN}"),
        ({"PYTHONIOENCODING": "latin-1"}, r"\u2603"),
    ],
)
def test_a_file_name_beyond_the_locale_is_shown_and_acts_on_no_terminal(
    environ: dict[str, str], snowman: str, repo: Path
) -> None:
    (repo / "src" / "long.py").rename(repo / "src" / HOSTILE)

    done = selfcheck("run", "--rule", "length", cwd=repo, environ=environ)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[2].startswith(rf"      src/caf{snowman}\x1b[31m\u202e.py:3: ")


@pytest.mark.parametrize("environ", [{"LC_ALL": "C.UTF-8"}, ASCII])
def test_the_json_report_is_utf_8_whatever_the_locale(environ: dict[str, str], repo: Path) -> None:
    (repo / "src" / "long.py").rename(repo / "src" / HOSTILE)

    done = selfcheck("run", "--rule", "length", "--format", "json=report.json", cwd=repo, environ=environ)

    found = json.loads((repo / "report.json").read_bytes().decode("utf-8"))
    assert (done.returncode, found["verdicts"][0]["findings"][0]["path"]) == (0, f"src/{HOSTILE}")


@pytest.mark.parametrize(
    ("environ", "colored"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
)
def test_a_pipe_is_coloured_only_on_demand(environ: dict[str, str], colored: bool, repo: Path) -> None:
    done = selfcheck("run", cwd=repo, environ=environ)

    assert ("\x1b[" in done.stdout) is colored
