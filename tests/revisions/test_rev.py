"""`selfcheck run --rev`: a revision is judged as git holds it, by its own rulebook."""

import json
from pathlib import Path
from typing import Any

from selfcheck.testing import git_repository
from tests.git.program import Ended, selfcheck
from tests.trees.working_copy import git, write

RULE = "  - {{id: no-{word}, title: t, why: w, severity: high, check: {{use: text-forbids, pattern: {word}, paths: ['*.txt']}}}}\n"


def rulebook(*words: str) -> str:
    """One that forbids each word."""
    return "version: 1\nguardrails:\n" + "".join(RULE.format(word=word) for word in words)


def report(ended: Ended) -> Any:
    """The json report that was printed."""
    return json.loads(ended.out)


def outcomes(ended: Ended) -> dict[str, str]:
    """Each guardrail's."""
    return {verdict["id"]: verdict["outcome"] for verdict in report(ended)["verdicts"]}


def test_a_revision_is_judged_by_its_own_rulebook_whatever_stands_on_disk(tmp_path: Path) -> None:
    root = tmp_path / "r"
    git_repository(
        root, {"guardrails.yaml": rulebook("old"), "a.txt": "old new\n"}, {"guardrails.yaml": rulebook("new")}
    )
    write(root, {"guardrails.yaml": b"no rulebook at all", "a.txt": b"edited"})

    ended = selfcheck(root, "run", "--rev", "HEAD~1", "--format", "json", home=tmp_path / "home")

    assert (ended.code, outcomes(ended)) == (1, {"no-old": "fail"})


def test_the_report_names_the_commit(tmp_path: Path) -> None:
    root = tmp_path / "r"
    git_repository(root, {"guardrails.yaml": rulebook("x"), "a.txt": ""})

    ended = selfcheck(root, "run", "--rev", "main", "--format", "json", home=tmp_path / "home")

    assert report(ended)["run"]["revision"] == git(root, "rev-parse", "HEAD").decode().strip()


def test_another_rulebook_may_judge_it(tmp_path: Path) -> None:
    root = tmp_path / "r"
    git_repository(root, {"guardrails.yaml": rulebook("x"), "a.txt": "other\n"}, {"a.txt": "gone\n"})
    write(tmp_path, {"mine.yaml": rulebook("other").encode()})

    ended = selfcheck(
        root, "run", "--rev", "HEAD~1", "--guardrails", "../mine.yaml", "--format", "json", home=tmp_path / "home"
    )

    assert (ended.code, outcomes(ended)) == (1, {"no-other": "fail"})


def test_the_closest_rulebook_that_the_revision_held_judges_the_folder_around_it(tmp_path: Path) -> None:
    root = tmp_path / "r"
    commit = {
        "guardrails.yaml": rulebook("x"),
        "sub/guardrails/a.yaml": rulebook("y"),
        "sub/a.txt": "x y\n",
        "sub/in/b": "",
    }
    git_repository(root, commit)

    ended = selfcheck(root / "sub" / "in", "run", "--rev", "HEAD", "--format", "json", home=tmp_path / "home")

    found = report(ended)
    assert (outcomes(ended), found["run"]["root"]) == ({"no-y": "fail"}, "..")
    assert [finding["path"] for finding in found["verdicts"][0]["findings"]] == ["a.txt"]


def test_a_revision_without_a_rulebook_is_wrong_usage(tmp_path: Path) -> None:
    root = tmp_path / "r"
    git_repository(root, {"a.txt": ""}, {"guardrails.yaml": rulebook("x")})

    ended = selfcheck(root, "run", "--rev", "HEAD~1", home=tmp_path / "home")

    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("selfcheck: no rulebook in this revision: no guardrails, guardrails.yaml, ")


def test_there_is_no_revision_outside_git(tmp_path: Path) -> None:
    write(tmp_path, {"plain/guardrails.yaml": rulebook("x").encode()})

    ended = selfcheck(tmp_path / "plain", "run", "--rev", "HEAD", home=tmp_path / "home")

    assert (ended.code, ended.err) == (2, f"selfcheck: --rev HEAD: {tmp_path / 'plain'} is in no git repository\n")


def test_a_rulebook_that_the_clone_does_not_hold_cannot_be_opened(tmp_path: Path) -> None:
    root = tmp_path / "r"
    git_repository(root, {"guardrails.yaml": rulebook("x"), "a.txt": ""})
    blob = git(root, "rev-parse", "HEAD:guardrails.yaml").decode().strip()
    (root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()

    ended = selfcheck(root, "run", "--rev", "HEAD", home=tmp_path / "home")

    said = f"selfcheck: guardrails.yaml: object {blob[:12]} is missing or damaged in this clone; `git fsck` says what else is\n"
    assert (ended.code, ended.err) == (3, said)


def test_a_run_over_a_revision_writes_nothing_into_the_repository(tmp_path: Path) -> None:
    root = tmp_path / "r"
    git_repository(root, {"guardrails.yaml": rulebook("x"), "a.txt": ""})
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}

    ended = [selfcheck(root, "run", *options, home=tmp_path / "home") for options in ((), ("--rev", "HEAD"))]

    assert [each.code for each in ended] == [0, 0]
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before
