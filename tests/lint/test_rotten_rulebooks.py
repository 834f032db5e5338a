"""A rulebook that is none is said so by every command, with its place; nothing of it counts as kept."""

from pathlib import Path

import pytest

from tests.cli.calling import called
from tests.lint.rot import guardrail
from tests.lint.test_rotten import written

EXIST = "check: {use: files-exist, paths: [LICENSE]}"
HEAD = "version: 1\nguardrails:\n"
TWICE = {"guardrails/a.yaml": HEAD + guardrail("a", EXIST), "guardrails/b.yaml": HEAD + guardrail("a", EXIST)}
NONE = {
    "an escape that YAML has not": (
        {"guardrails.yaml": HEAD + guardrail("a", r'check: {use: text-forbids, pattern: "a\|b", paths: [shop]}')},
        "guardrails.yaml:8:",
    ),
    "an id that stands in two files": (
        TWICE,
        'guardrails/b.yaml:3:9: the id "a" stands already at guardrails/a.yaml:3',
    ),
    "a check that there is not": (
        {"guardrails.yaml": HEAD + guardrail("a", "check: {use: file-exists, paths: [a]}")},
        'unknown check "file-exists"; did you mean "files-exist"?',
    ),
    "an option that there is not": (
        {"guardrails.yaml": HEAD + guardrail("a", "check: {use: files-exist, path: [a]}")},
        'unknown option "path" for check "files-exist"; did you mean "paths"?',
    ),
    "no reason": (
        {"guardrails.yaml": HEAD + guardrail("a", f"why: ''\n{EXIST}")},
        "guardrails.yaml:7:10: `why` is empty",
    ),
    "an expression that is none": (
        {"guardrails.yaml": HEAD + guardrail("a", "check: {use: text-forbids, pattern: '(a', paths: [a]}")},
        "guardrails.yaml:8:",
    ),
    "no guardrail": ({"guardrails.yaml": "version: 1\nguardrails: []\n"}, "a gate without guardrails would always be"),
    "another place with a rulebook": (
        {"guardrails.yaml": HEAD + guardrail("a", EXIST), **TWICE},
        "guardrails.yaml",
    ),
}


@pytest.mark.parametrize("command", ["lint", "run", "prove"])
@pytest.mark.parametrize("kind", NONE)
def test_nothing_is_judged_by_what_is_no_rulebook(
    kind: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files, said = NONE[kind]
    written(tmp_path, {"LICENSE": "Free\n", **files})
    monkeypatch.chdir(tmp_path)

    done = called(capsys, command, "--no-plugins", "--no-cache")

    assert (done.code, done.stdout) == (2, "")
    assert said in done.stderr
