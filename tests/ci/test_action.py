"""The action judges, tells GitHub in all its ways, and ends as selfcheck does; what comes in stays data."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.ci import composite
from tests.cli.process import BROKEN, COMMAND, KEPT, UNJUDGED, environment, rulebook, wait_until
from tests.docs.page import ROOT
from tests.trees.working_copy import working_copy

MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
NO_INDEX = re.compile("NewConnectionError|NameResolutionError|No matching distribution found")
NUMBERS = ("pass", "fail", "error", "skip", "new")


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """The runner's folder for what lives as long as a job."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


def repository(folder: Path, *guardrails: str) -> Path:
    """A repository with a readme and these guardrails."""
    return working_copy(folder / "repo", {"README.md": b"# Read\n", "guardrails.yaml": rulebook(*guardrails).encode()})


def program(folder: Path, script: str) -> str:
    """A program that stands in the place of selfcheck; it has the options as its arguments."""
    path = folder / "program"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def judged(
    workspace: Path, temporary: Path, inputs: Mapping[str, str] | None = None, selfcheck: str = COMMAND
) -> composite.Done:
    """The action over a workspace, selfcheck being installed already."""
    known = {"install": {"selfcheck": selfcheck}}
    return composite.run(ROOT, workspace, temporary, {"base": ""} | dict(inputs or {}), known=known)


# what it tells


def test_where_all_promises_are_kept_it_ends_well_and_says_so(tmp_path: Path, temporary: Path) -> None:
    done = judged(repository(tmp_path, KEPT), temporary)

    assert (done.code, done.annotations) == (0, [])
    assert {name: done.outputs[name] for name in ("outcome", "exit-code", *NUMBERS)} == {
        "outcome": "pass",
        "exit-code": "0",
        "pass": "1",
        "fail": "0",
        "error": "0",
        "skip": "0",
        "new": "0",
    }
    assert done.summary


def test_a_broken_promise_is_an_annotation_in_the_summary_and_the_exit_code(tmp_path: Path, temporary: Path) -> None:
    done = judged(repository(tmp_path, KEPT, BROKEN), temporary)

    assert (done.code, done.outputs["outcome"], done.outputs["exit-code"]) == (1, "fail", "1")
    assert [done.outputs[name] for name in NUMBERS] == ["1", "1", "0", "0", "1"]
    assert [name for name, message in done.annotations if "LICENCE" in message] == ["error"]
    assert "There is a licence" in done.summary
    assert "FAIL  licence (high)\n" in done.log


def test_what_could_not_be_judged_ends_with_3(tmp_path: Path, temporary: Path) -> None:
    done = judged(repository(tmp_path, UNJUDGED, BROKEN), temporary)

    assert (done.code, done.outputs["outcome"]) == (3, "error")
    assert [done.outputs[name] for name in NUMBERS] == ["0", "1", "1", "0", "1"]


def test_the_files_that_were_asked_for_are_written_and_named(tmp_path: Path, temporary: Path) -> None:
    done = judged(repository(tmp_path, BROKEN), temporary, {"sarif": "true", "html": "true"})

    named = {name: Path(done.outputs[name]) for name in ("json-file", "sarif-file", "html-file")}
    assert {name: (path.suffix, path.is_file()) for name, path in named.items()} == {
        "json-file": (".json", True),
        "sarif-file": (".sarif", True),
        "html-file": (".html", True),
    }


def test_a_file_that_was_not_asked_for_is_not_named(tmp_path: Path, temporary: Path) -> None:
    done = judged(repository(tmp_path, KEPT), temporary)

    assert (done.outputs["sarif-file"], done.outputs["html-file"]) == ("", "")


def test_a_fault_of_the_rulebook_is_told_everywhere_and_no_number_is_made_up(tmp_path: Path, temporary: Path) -> None:
    done = judged(repository(tmp_path, KEPT.replace("high", "hihg")), temporary)

    fault = 'unknown value "hihg"; did you mean "high"?'
    assert (done.code, done.outputs["outcome"], done.outputs["exit-code"]) == (2, "error", "2")
    assert {done.outputs[name] for name in (*NUMBERS, "json-file", "sarif-file", "html-file")} == {""}
    assert [(name, fault in message) for name, message in done.annotations] == [("error", True)]
    assert fault in done.log.partition("::error")[0]
    assert done.summary.startswith("### selfcheck: nothing was judged (exit 2)\n")
    assert "&quot;hihg&quot;" in done.summary


def test_an_interrupted_run_ends_with_the_signals_code_and_tells_what_it_has(tmp_path: Path, temporary: Path) -> None:
    program(tmp_path, "echo started >started; trap 'echo stopped >&2; exit 143' TERM; while :; do sleep 0.05; done")
    named = {name: str(temporary / name) for name in composite.FILES}
    inputs = {f"INPUT_{name.replace('-', '_').upper()}": each["default"] for name, each in MANIFEST["inputs"].items()}
    process = subprocess.Popen(
        [sys.executable, "-I", ROOT / "ci/action.py", "judge"],
        cwd=tmp_path,
        env=environment(
            {**named, **inputs, "RUNNER_TEMP": str(temporary), "INPUT_SELFCHECK": str(tmp_path / "program")}
        ),
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    wait_until((tmp_path / "started").exists)
    time.sleep(0.1)  # the trap stands a moment after the file

    process.send_signal(signal.SIGTERM)
    log, _ = process.communicate(timeout=20)

    assert process.returncode == 143
    assert composite.outputs((temporary / "GITHUB_OUTPUT").read_text(encoding="utf-8")) == {
        "outcome": "error",
        "exit-code": "143",
    }
    assert "stopped" in log
    assert "(exit 143)" in (temporary / "GITHUB_STEP_SUMMARY").read_text(encoding="utf-8")


def test_a_killed_selfcheck_is_no_success(tmp_path: Path, temporary: Path) -> None:
    done = judged(tmp_path, temporary, selfcheck=program(tmp_path, "kill -9 $$"))

    assert (done.code, done.outputs["outcome"], done.outputs["exit-code"]) == (137, "error", "137")


def test_a_report_too_long_for_a_summary_is_not_lost_in_silence(tmp_path: Path, temporary: Path) -> None:
    writes = 'for each; do case $each in --format=markdown=*) head -c 1100000 /dev/zero | tr "\\0" x >"${each#*=*=}";; esac; done'

    done = judged(tmp_path, temporary, selfcheck=program(tmp_path, writes))

    assert done.summary == "### selfcheck: exit 0\n\nThe report is too long for a summary.\n"


# what comes in


def test_every_input_is_an_option_and_none_is_a_command(tmp_path: Path, temporary: Path) -> None:
    inputs = {
        "base": "--no-plugins",
        "rulebook": "$(touch injected) house.yaml",
        "fail-on": "low; touch injected",
        "rules": "a\n  b, c\n",
        "tags": "`touch injected`",
        "args": "--verbose '--rule=two words'",
    }

    judged(tmp_path, temporary, inputs, program(tmp_path, 'printf "%s\\n" "$@" >options'))

    given = (tmp_path / "options").read_text(encoding="utf-8").splitlines()
    assert [each for each in given if not each.startswith("--format=")] == [
        "run",
        "--base=--no-plugins",
        "--guardrails=$(touch injected) house.yaml",
        "--fail-on=low; touch injected",
        "--rule=a",
        "--rule=b",
        "--rule=c",
        "--tag=`touch injected`",
        "--verbose",
        "--rule=two words",
    ]
    assert not (tmp_path / "injected").exists()


def test_inputs_that_are_left_out_are_no_options(tmp_path: Path, temporary: Path) -> None:
    judged(tmp_path, temporary, selfcheck=program(tmp_path, 'printf "%s\\n" "$@" >options'))

    given = (tmp_path / "options").read_text(encoding="utf-8").splitlines()
    assert [each.partition("=" + str(temporary))[0] for each in given] == [
        "run",
        "--format=github",
        "--format=json",
        "--format=markdown",
    ]


def test_selfcheck_does_not_see_the_inputs_in_its_environment(tmp_path: Path, temporary: Path) -> None:
    judged(tmp_path, temporary, selfcheck=program(tmp_path, "env >environment"))

    assert "INPUT_" not in (tmp_path / "environment").read_text(encoding="utf-8")


def test_it_judges_from_the_folder_that_it_is_given(tmp_path: Path, temporary: Path) -> None:
    repository(tmp_path, KEPT)

    done = judged(tmp_path, temporary, {"working-directory": "repo"})

    assert (done.code, done.outputs["pass"]) == (0, "1")


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"sarif": "yes"}, "input sarif: true or false, not 'yes'"),
        ({"html": ""}, "input html: true or false, not ''"),
        ({"args": "--rule 'a"}, "input args: No closing quotation"),
    ],
)
def test_an_input_that_is_wrong_is_named(inputs: dict[str, str], said: str, tmp_path: Path, temporary: Path) -> None:
    done = judged(tmp_path, temporary, inputs)

    assert (done.code, done.annotations, done.outputs["exit-code"]) == (2, [("error", said)], "2")


def test_what_selfcheck_says_is_never_a_command_of_the_runner(tmp_path: Path, temporary: Path) -> None:
    says = 'echo "::add-mask::a"; echo "  ##[add-path]b"; echo "::stop-commands::c"'

    done = judged(tmp_path, temporary, selfcheck=program(tmp_path, f"{{ {says}; }} >&2; exit 2"))

    assert [name for name, _ in done.annotations] == ["error"]


def test_a_module_of_the_judged_repository_is_not_imported_by_the_action(tmp_path: Path, temporary: Path) -> None:
    repo = working_copy(
        tmp_path / "repo",
        {"json.py": b"raise SystemExit(99)\n", "README.md": b"", "guardrails.yaml": rulebook(KEPT).encode()},
    )

    assert judged(repo, temporary).code == 0


# how it is installed


def test_a_python_that_is_too_old_is_told_before_anything_is_installed(tmp_path: Path, temporary: Path) -> None:
    done = composite.run(ROOT, tmp_path, temporary, {"python": program(tmp_path, "exit 1")})

    said = "needs Python 3.11 or later; put actions/setup-python before this action"
    assert (done.code, done.annotations) == (3, [("error", said)])


@pytest.mark.slow
def test_an_installation_that_fails_is_not_judged_with_something_else(tmp_path: Path, temporary: Path) -> None:
    shutil.copytree(ROOT / "ci", tmp_path / "action/ci")
    shutil.copy(ROOT / "action.yml", tmp_path / "action")

    done = composite.run(tmp_path / "action", tmp_path, temporary)

    assert (done.code, done.outputs["outcome"]) == (3, "")
    assert "selfcheck could not be installed: " in done.annotations[-1][1]


@pytest.mark.slow
def test_the_whole_action_installs_what_its_ref_holds_and_judges(tmp_path: Path, temporary: Path) -> None:
    left_out = shutil.ignore_patterns(".*", "__pycache__", "dist", "build")
    shutil.copytree(ROOT, tmp_path / "action", ignore=left_out)
    repo = repository(tmp_path, KEPT, BROKEN)

    done = composite.run(tmp_path / "action", repo, temporary, {"base": "", "html": "true", "sarif": "true"})

    if NO_INDEX.search(done.log):
        pytest.skip("no package index can be reached from here")
    assert (done.code, [done.outputs[name] for name in NUMBERS]) == (1, ["1", "1", "0", "0", "1"])
    assert [Path(done.outputs[name]).is_file() for name in ("html-file", "sarif-file")] == [True, True]
    later = subprocess.run([Path(done.path) / "selfcheck", "--version"], capture_output=True, encoding="utf-8")
    assert (later.returncode, later.stdout.partition(" ")[0]) == (0, "selfcheck")
    assert os.listdir(done.path) == ["selfcheck"]


# how it is written


def test_no_script_of_the_action_holds_an_expression() -> None:
    assert [step["id"] for step in MANIFEST["runs"]["steps"] if "${{" in step["run"]] == []


def test_every_input_is_handed_to_a_step_and_every_output_comes_from_one() -> None:
    handed = {
        value for step in MANIFEST["runs"]["steps"] for value in (*step["env"].values(), step.get("working-directory"))
    }

    assert {f"${{{{ inputs.{name} }}}}" for name in MANIFEST["inputs"]} <= handed
    assert {each["value"] for each in MANIFEST["outputs"].values()} == {
        f"${{{{ steps.judge.outputs.{name} }}}}" for name in MANIFEST["outputs"]
    }
