"""The workflows run the gate of everyone, may do the least, and hide nothing."""

import re
from typing import Any

import yaml

from tests.docs.page import ROOT, blocks, section

WORKFLOW = (ROOT / ".github/workflows/ci-intent-tests.yml").read_text(encoding="utf-8")
# BaseLoader: YAML 1.1 would read the key `on` as true.
DATA: dict[str, Any] = yaml.load(WORKFLOW, Loader=yaml.BaseLoader)
STEPS: list[dict[str, Any]] = [step for job in DATA["jobs"].values() for step in job["steps"]]
INTENT: list[dict[str, Any]] = DATA["jobs"]["intent"]["steps"]
PINNED = r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+"


def test_it_runs_on_pull_requests_and_on_main_and_may_only_read() -> None:
    assert DATA["on"] == {"pull_request": "", "push": {"branches": ["main"]}}
    assert DATA["permissions"] == {"contents": "read"}
    assert {name: job["permissions"] for name, job in DATA["jobs"].items() if "permissions" in job} == {
        "nightly": {"contents": "read", "issues": "read"}
    }


def test_every_action_but_our_own_is_pinned_to_a_commit_and_says_its_version() -> None:
    uses = re.findall(r"uses: (.+)", WORKFLOW)

    assert [line for line in uses if not re.fullmatch(PINNED, line)] == ["./ # zizmor: ignore[self-repository]"]
    assert len(uses) == sum("uses" in step for step in STEPS)


def test_every_file_that_starts_an_action_starts_the_same_commit_of_it() -> None:
    places = [*ROOT.glob(".github/workflows/*.yml"), ROOT / "README.md", ROOT / "docs/ci.md"]
    places += ROOT.glob("infra/selfcheck/actions/ci/*.yml")
    uses = {line for place in places for line in re.findall(rf"uses: ({PINNED})", place.read_text(encoding="utf-8"))}

    assert len(uses) == len({line.partition("@")[0] for line in uses})


def test_no_checkout_leaves_its_credentials_behind_and_every_one_that_judges_has_the_history() -> None:
    checkouts = {
        name: step["with"]
        for name, job in DATA["jobs"].items()
        for step in job["steps"]
        if step.get("uses", "").startswith("actions/checkout@")
    }

    whole = {"fetch-depth": "0", "persist-credentials": "false"}
    assert checkouts == {**dict.fromkeys(DATA["jobs"], whole), "nightly": {"persist-credentials": "false"}}


def test_every_job_has_a_deadline() -> None:
    assert [name for name, job in DATA["jobs"].items() if "timeout-minutes" not in job] == []


def test_one_step_is_the_gate_and_no_step_goes_on_after_a_failure() -> None:
    assert [step["run"] for step in STEPS if step.get("name") == "The gate"] == ["make test"]
    assert [step for step in STEPS if "continue-on-error" in step] == []


def test_the_steps_on_architecture_are_all_tried_and_block_on_critical_and_high() -> None:
    judging, *later = INTENT[2:]

    assert (judging["uses"], judging["with"]["base"], judging["with"]["fail-on"]) == ("./", "auto", "high")
    assert [step["run"] for step in later if "run" in step] == [
        "selfcheck run --tag imports --fail-on high --format github",
        "selfcheck run --tag decisions --fail-on high --format github",
        "selfcheck run --tag migrations --fail-on high --format github",
        "selfcheck run --tag secrets --fail-on high --format github",
        "selfcheck run --tag migrations --fail-on high --format github",
        "selfcheck prove",
    ]
    assert [step for step in later if "!cancelled()" not in step["if"]] == []


def test_the_reports_are_kept_also_when_something_failed() -> None:
    (kept,) = (step for step in STEPS if step.get("uses", "").startswith("actions/upload-artifact@"))

    assert "!cancelled()" in kept["if"]
    assert kept["with"]["if-no-files-found"] == "error"
    assert re.findall(r"outputs\.([\w-]+)", kept["with"]["path"]) == ["json-file", "sarif-file", "html-file"]


def test_nothing_of_a_pull_request_is_put_into_a_script() -> None:
    assert [step for step in STEPS if "${{" in step.get("run", "")] == []


def test_the_workflow_of_the_readme_uses_the_same_pins() -> None:
    (snippet,) = blocks(section((ROOT / "README.md").read_text(encoding="utf-8"), "## In CI"), "yaml")

    assert set(re.findall(r"uses: (.+)", snippet.body)) <= set(re.findall(r"uses: (.+)", WORKFLOW))
