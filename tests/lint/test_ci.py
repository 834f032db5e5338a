"""What CI systems run: path filters as each reads them, and what stands around the steps of Azure and Jenkins."""

import pytest

from selfcheck.check import Location
from selfcheck.checks.rulebook.workflows import RulebookWorkflows
from selfcheck.subjects.ci import filters
from selfcheck.testing import assert_breaks, assert_keeps
from tests.lint.under import under

SHOP = "check: {use: max-lines, limit: 9, paths: [shop]}"


@pytest.mark.parametrize(
    ("patterns", "path", "starts"),
    [
        (["**"], "a/b.py", True),
        (["*"], "a/b.py", False),
        (["*"], "a.py", True),
        (["**/*.py"], "a.py", True),
        (["a/**"], "a", False),
        (["a/**", "!a/b/**"], "a/b/c", False),
        (["a/**", "!a/b/**", "a/b/c"], "a/b/c", True),
        (["!a"], "b", False),
        (["*.jsx?"], "page.js", True),
        (["v[12].txt"], "v3.txt", False),
        (["a.c"], "abc", False),
        (["a+"], "aaa", True),
        (["[z-a"], "[z-a", True),
        ([], "a", False),
    ],
)
def test_githubs_filters_let_the_last_pattern_decide(patterns: list[str], path: str, starts: bool) -> None:
    assert filters.github(patterns, None)(path) is starts


@pytest.mark.parametrize(("path", "starts"), [("docs/a.md", False), ("docs.py", True), ("a.md", True)])
def test_githubs_ignored_paths_are_left_out(path: str, starts: bool) -> None:
    assert filters.github(None, ["docs/**"])(path) is starts


@pytest.mark.parametrize(
    ("patterns", "path", "starts"),
    [
        (["**/*"], "a/b.py", True),
        (["*"], "a/b.py", False),
        (["*.{py,md}"], "a.md", True),
        (["*.{py,md}"], "a.txt", False),
        (["{a,b}/{c,d}"], "b/d", True),
        (["a?c"], "a/c", False),
        (["[!a]"], "b", True),
        (["docs/**/*"], "docs/a/b", True),
        (["{" * 300], "a", False),
        (["[z-a]"], "[z-a]", True),
    ],
)
def test_gitlabs_filters_are_rubys(patterns: list[str], path: str, starts: bool) -> None:
    assert filters.gitlab(patterns)(path) is starts


JENKINS = {
    "sh 'selfcheck run || true'": "gate: or",
    "sh(script: 'selfcheck run', returnStatus: true)": "gate: returnStatus",
    "catchError(buildResult: 'SUCCESS') { sh 'selfcheck run' }": "catchError",
    "catchError(buildResult: null, stageResult: 'FAILURE') { sh 'selfcheck run' }": "catchError",
    "sh '''#!/bin/sh\nselfcheck run; true\n'''": "gate: last",
}


@pytest.mark.parametrize("step", JENKINS)
def test_each_way_to_swallow_the_gate_in_a_jenkinsfile_is_found(step: str) -> None:
    text = f"pipeline {{ stages {{ stage('gate') {{ steps {{ {step} }} }} }} }}\n"

    assert_breaks(
        RulebookWorkflows(), under(SHOP, files={"Jenkinsfile": text}), f"Jenkinsfile: pipeline: {JENKINS[step]}"
    )


@pytest.mark.parametrize(
    "step",
    [
        "sh 'selfcheck run'",
        'sh """selfcheck run --base ${env.BASE}"""',
        "def code = sh(script: 'selfcheck run', returnStatus: true)\nif (code) { error 'red' }",
        "if (sh(script: 'selfcheck run', returnStatus: true) != 0) { error 'red' }",
        "catchError(buildResult: 'FAILURE') { sh 'selfcheck run' }",
        "catchError(buildResult: 'SUCCESS') { sh 'make docs' }\nsh 'selfcheck run'",
        "sh '''#!/bin/bash -e\nselfcheck run; true\n'''",
        "sh '''#!/usr/bin/env python3\nselfcheck run; true\n'''",
        "// catchError(buildResult: 'SUCCESS') {\nsh 'selfcheck run'",
        "echo 'sh \\'selfcheck run || true\\''\nsh 'selfcheck run'",
        "sh 'selfcheck run' } } } } } } } }",
        "sh(",
        "'''",
    ],
)
def test_what_is_nearly_swallowed_in_a_jenkinsfile_is_not_found(step: str) -> None:
    text = f"// selfcheck\nnode {{ sh 'selfcheck validate'\n{step}\n}}\n"

    assert_keeps(RulebookWorkflows(), under(SHOP, files={"Jenkinsfile": text}))


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("steps:\n- script: selfcheck run\n  continueOnError: true\n", "steps: step 1: continueOnError", 3),
        ("steps:\n- bash: selfcheck run\n  condition: failed()\n", "steps: step 1: condition", 3),
        ("jobs:\n- job: a\n  steps:\n  - bash: selfcheck run\n  continueOnError: true\n", "a: continueOnError", 5),
        ("stages:\n- jobs:\n  - job: a\n    steps:\n    - bash: selfcheck run || true\n", "a: step 1: or", 5),
        ("steps:\n- task: Bash@3\n  inputs: {script: selfcheck run || true}\n", "steps: step 1: or", 3),
    ],
)
def test_each_way_to_swallow_the_gate_in_azure_is_found(text: str, key: str, line: int) -> None:
    repo = under(SHOP, files={"azure-pipelines.yml": text})

    (finding,) = assert_breaks(RulebookWorkflows(), repo, f"azure-pipelines.yml: {key}")

    assert finding.at == Location("azure-pipelines.yml", line)


@pytest.mark.parametrize(
    "text",
    [
        "steps:\n- script: selfcheck run\n  continueOnError: false\n",
        "steps:\n- script: selfcheck run\n  condition: succeeded()\n",
        "steps:\n- script: make docs\n  continueOnError: true\n- bash: selfcheck run\n",
        "pool: {vmImage: windows-latest}\nsteps:\n- script: selfcheck run || exit 0\n- bash: selfcheck run\n",
    ],
)
def test_what_is_nearly_swallowed_in_azure_is_not_found(text: str) -> None:
    assert_keeps(RulebookWorkflows(), under(SHOP, files={"azure-pipelines.yml": text}))


@pytest.mark.parametrize("before", [True, False], ids=["before", "behind"])
def test_the_key_of_a_jobs_setting_does_not_depend_on_where_it_stands(before: bool) -> None:
    lines = ["    continue-on-error: true\n", "    steps:\n    - run: selfcheck run\n"]
    text = "on: push\njobs:\n  gate:\n" + "".join(lines if before else reversed(lines))
    repo = under(SHOP, files={".github/workflows/ci.yml": text})

    assert_breaks(RulebookWorkflows(), repo, ".github/workflows/ci.yml: gate: continue-on-error")
