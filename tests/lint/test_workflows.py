"""`rulebook-workflows`: no workflow swallows what the gate says, or keeps it from starting."""

import pytest

from selfcheck.check import Evidence, Finding, Location, Repository, Unread
from selfcheck.checks.rulebook.workflows import RulebookWorkflows
from selfcheck.model import Outcome
from selfcheck.testing import assert_breaks, assert_keeps, judged
from tests.lint.under import under

CHECK = RulebookWorkflows()
SHOP = "check: {use: max-lines, limit: 9, paths: [shop]}"
CI = ".github/workflows/ci.yml"


def github(steps: str, *, on: str = "pull_request", job: str = "", more: str = "") -> Repository:
    """A repository with one workflow of one job, its steps separated by `;;`."""
    written = "".join(f"      - {each.strip()}\n" for each in steps.split(";;"))
    text = f"on: {on}\njobs:\n  gate:\n    runs-on: ubuntu-latest\n{job}    steps:\n{written}{more}"
    return under(SHOP, files={CI: text})


def other(path: str, text: str, *others: tuple[str, str]) -> Repository:
    """A repository with other files of a CI system."""
    return under(SHOP, files={path: text, **dict(others)})


def test_a_step_that_runs_the_gate_keeps_the_promise() -> None:
    verdict = assert_keeps(CHECK, github("uses: actions/checkout@v4 ;; run: selfcheck run"))

    assert verdict.evidence == (Evidence("steps that run the gate", 1, 1),)


def test_a_step_that_may_fail_is_told_at_its_setting() -> None:
    (finding,) = assert_breaks(
        CHECK, github("{run: selfcheck run, continue-on-error: true}"), f"{CI}: gate: step 1: continue-on-error"
    )

    assert finding == Finding(
        key=f"{CI}: gate: step 1: continue-on-error",
        message="GitHub: gate, step 1: `continue-on-error: true`: its failure does not count",
        at=Location(CI, 6),
        hint="take it out: a red gate has to be a red job",
        data={"workflow": CI, "system": "GitHub"},
    )


@pytest.mark.parametrize(
    ("step", "key"),
    [
        ("run: selfcheck run || echo bad", "or"),
        ("run: python -m selfcheck run || true", "or"),
        ("run: uv run selfcheck prove || true", "or"),
        ("run: if selfcheck lint; then echo good; fi", "if"),
        ("{run: selfcheck run, if: false}", "if"),
        ("{run: selfcheck run, if: '${{ failure() }}'}", "if"),
        ("{uses: ./, continue-on-error: true}", "continue-on-error"),
    ],
)
def test_each_way_to_swallow_it_is_found(step: str, key: str) -> None:
    action = "name: selfcheck\nruns:\n  using: composite\n  steps:\n    - {run: selfcheck run, shell: bash}\n"
    repo = under(SHOP, files={CI: github(step).tree.read(CI).decode(), "action.yml": action})

    assert_breaks(CHECK, repo, f"{CI}: gate: step 1: {key}")


@pytest.mark.parametrize(
    "steps",
    [
        "run: selfcheck run || exit 1",
        "{run: selfcheck run, continue-on-error: false}",
        "{run: selfcheck run, if: always()}",
        "{run: 'selfcheck run | tee log', shell: bash}",
        "{run: selfcheck run, id: s, continue-on-error: true} ;; run: test ${{ steps.s.outcome }} = success",
        "run: selfcheck run ;; run: selfcheck run --format html=a.html || true",
        "run: selfcheck run ;; run: selfcheck --version || true",
        "run: selfcheck run ;; run: pip install selfcheck || true",
        "run: selfcheck run ;; run: make lint || true",
    ],
)
def test_what_is_nearly_swallowed_is_not_found(steps: str) -> None:
    assert_keeps(CHECK, github(steps))


def test_what_a_house_starts_the_gate_by_is_the_gate_too() -> None:
    repo = github("run: make check || true")

    assert judged(CHECK, repo).outcome is Outcome.ERROR
    assert_breaks(RulebookWorkflows(commands=("make check",)), repo, f"{CI}: gate: step 1: or")


def test_a_job_that_may_fail_is_told_once_whatever_steps_it_has() -> None:
    repo = github("run: selfcheck run ;; run: selfcheck prove", job="    continue-on-error: true\n")

    assert_breaks(CHECK, repo, f"{CI}: gate: continue-on-error")


@pytest.mark.parametrize(
    ("on", "left"),
    [
        ("{pull_request: {paths: ['shop/**']}}", "guardrails.yaml"),
        ("{pull_request: {paths: ['shop/**', guardrails.yaml, '!shop/a.py']}}", "shop/a.py"),
        ("{pull_request: {paths-ignore: ['*.yaml']}}", "guardrails.yaml"),
        ("{push: {paths: ['docs/**']}}", "guardrails.yaml"),
    ],
)
def test_a_filter_that_leaves_out_what_guardrails_look_at_is_found(on: str, left: str) -> None:
    name = "push" if "push" in on else "pull_request"
    key = "paths-ignore" if "ignore" in on else "paths"

    (finding,) = assert_breaks(CHECK, github("run: selfcheck run", on=on), f"{CI}: on.{name}.{key}")

    assert f"a change of {left} alone is not judged" in finding.message


@pytest.mark.parametrize(
    "on",
    [
        "[push, pull_request]",
        "{pull_request: {paths: ['**']}}",
        "{pull_request: {paths: [guardrails.yaml, 'sho?p/**', 'shop/**.py']}}",
        "{pull_request: {paths-ignore: ['docs/**']}}",
        "{pull_request: {paths: [docs]}, merge_group: {}}",
        "{schedule: [{cron: '0 2 * * *'}]}",
    ],
)
def test_a_filter_that_leaves_nothing_of_it_out_is_not_found(on: str) -> None:
    assert_keeps(CHECK, github("run: selfcheck run", on=on))


@pytest.mark.parametrize(("ask", "found"), [("echo green", True), ("test ${{ needs.gate.result }} = success", False)])
def test_a_job_that_is_green_whatever_becomes_of_the_gate_is_found(ask: str, found: bool) -> None:
    green = f"  green:\n    needs: gate\n    if: always()\n    runs-on: ubuntu-latest\n    steps:\n      - run: {ask}\n"
    repo = github("run: selfcheck run", more=green)

    if found:
        assert_breaks(CHECK, repo, f"{CI}: green: always green")
    else:
        assert_keeps(CHECK, repo)


@pytest.mark.parametrize(
    ("job", "key"),
    [
        ("{script: selfcheck run, allow_failure: true}", "gate: allow_failure"),
        ("{script: selfcheck run, allow_failure: {exit_codes: [1]}}", "gate: allow_failure"),
        ("{script: selfcheck run, when: manual}", "gate: when"),
        ("{script: [make], after_script: [selfcheck run]}", "gate: after_script"),
        ("{script: [[selfcheck run || true]]}", "gate: script: or"),
        ("{extends: .lax, script: [selfcheck run]}", "gate: allow_failure"),
        ("{script: selfcheck run, rules: [{changes: [docs/*]}]}", "changes"),
    ],
)
def test_each_way_to_swallow_it_in_gitlab_is_found(job: str, key: str) -> None:
    repo = other(".gitlab-ci.yml", f".lax: {{allow_failure: true}}\ngate: {job}\n")

    assert_breaks(CHECK, repo, f".gitlab-ci.yml: {key}")


@pytest.mark.parametrize(
    "job",
    [
        "{script: selfcheck run, allow_failure: false}",
        "{script: selfcheck run, allow_failure: {exit_codes: [137]}}",
        "{script: selfcheck run, when: manual, allow_failure: false}",
        "{script: selfcheck run, when: always}",
        "{extends: .lax, script: [selfcheck run], allow_failure: false}",
        "{extends: .gone, script: [selfcheck run]}",
        "{script: [!reference [.lax, script], selfcheck run]}",
        "{script: selfcheck run, rules: [{changes: ['**/*']}]}",
        "{script: selfcheck run, rules: [{changes: [docs/*]}, {when: always}]}",
    ],
)
def test_what_is_nearly_swallowed_in_gitlab_is_not_found(job: str) -> None:
    assert_keeps(CHECK, other(".gitlab-ci.yml", f".lax: {{allow_failure: true}}\ngate: {job}\n"))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (CI, "jobs: ["),
        (CI, "selfcheck: &a [*a, *a]\njobs: " + "[" * 200),
        (".gitlab-ci.yml", 'selfcheck: "\\q"'),
    ],
    ids=["open", "deep", "escape"],
)
def test_a_file_that_is_no_yaml_is_unread_where_it_speaks_of_the_gate(path: str, text: str) -> None:
    repo = other(path, f"# selfcheck\n{text}")

    verdict = judged(CHECK, repo)

    assert (verdict.outcome, [ruling.seen.path for ruling in verdict.unread]) == (Outcome.ERROR, [path])
    assert all(isinstance(ruling.seen, Unread) for ruling in verdict.unread)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "jobs: 3",
        "jobs: {gate: 3, b: {steps: 3}, c: {steps: [3, {run: [selfcheck run]}]}}",
        "on: {pull_request: 3}\njobs: {gate: {if: [], needs: {a: 1}, steps: [{run: 3}]}}",
        "&a {jobs: {gate: *a}}",
        "jobs: !tag {gate: {steps: [{run: selfcheck run}]}}",
        "jobs: {gate: {<<: 3, steps: []}}",
    ],
)
def test_no_odd_file_brings_it_down(text: str) -> None:
    paths = [CI, ".gitlab-ci.yml", "azure-pipelines.yml", "Jenkinsfile"]
    files = dict.fromkeys(paths, f"# selfcheck\n{text}\n")

    assert next(CHECK.run(under(SHOP, files=files))) == Evidence("steps that run the gate", 0, 0)
