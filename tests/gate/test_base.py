"""What `--base` compares with: the reference that a CI system names or the default branch, and the commits it leads to."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from selfcheck.errors import CannotOpen, UsageError
from selfcheck.git import Git, open_git
from selfcheck.git import base as bases
from selfcheck.git.base import labels
from selfcheck.testing import git_repository
from tests.cli.calling import called
from tests.gate.repositories import MERGE, RULEBOOK, Found, clone, commit, commit_of, found, mend, reasons
from tests.trees.working_copy import git, write

PULL = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_EVENT_NAME": "pull_request",
    "GITHUB_REF": MERGE,
    "GITHUB_BASE_REF": "main",
    "GITHUB_SHA": "{merge}",
}
PUSH = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "push"}
HERE = {"repository": {"default_branch": "main"}}
GITLAB = {"GITLAB_CI": "true", "CI_DEFAULT_BRANCH": "main"}
ZEROS = "0" * 40


class Row(NamedTuple):
    """What is checked out and what the CI system says; `{main}` in there is the id of the commit."""

    out: str
    environ: Mapping[str, str]
    name: str
    commit: str
    event: Mapping[str, Any] | None = None


ROWS = {
    "github, a pull request merged for the run": Row("merge", PULL, "HEAD^1", "main"),
    "github, a pull request whose branch was checked out instead": Row("work", PULL, "origin/main", "fork"),
    "github, a pull request checked out by a workflow of the target": Row(
        "work",
        PULL | {"GITHUB_EVENT_NAME": "pull_request_target", "GITHUB_REF": "refs/heads/main", "GITHUB_SHA": "{main}"},
        "origin/main",
        "fork",
    ),
    "github, a group of the merge queue": Row(
        "merge", {"GITHUB_ACTIONS": "true"}, "{main}", "main", {"merge_group": {"base_sha": "{main}"}, **HERE}
    ),
    "github, a push to the default branch": Row(
        "main", PUSH | {"GITHUB_REF": "refs/heads/main"}, "{fork}", "fork", {"before": "{fork}", **HERE}
    ),
    "github, a forced push to the default branch": Row(
        "main", PUSH | {"GITHUB_REF": "refs/heads/main"}, "{work}", "fork", {"before": "{work}", **HERE}
    ),
    "github, a second push to another branch": Row(
        "work", PUSH | {"GITHUB_REF": "refs/heads/work"}, "origin/main", "fork", {"before": "{first}", **HERE}
    ),
    "github, a new branch": Row(
        "work", PUSH | {"GITHUB_REF": "refs/heads/work"}, "origin/main", "fork", {"before": ZEROS, **HERE}
    ),
    "github, by hand on a branch": Row("work", {"GITHUB_ACTIONS": "true"}, "origin/main", "fork", HERE),
    "github, an event that tells nothing": Row("work", {"GITHUB_ACTIONS": "true"}, "origin/HEAD", "fork", {}),
    "gitlab, a pipeline for merged results": Row(
        "merge",
        GITLAB | {"CI_MERGE_REQUEST_TARGET_BRANCH_SHA": "{main}", "CI_MERGE_REQUEST_DIFF_BASE_SHA": "{fork}"},
        "{main}",
        "main",
    ),
    "gitlab, a merge request": Row(
        "work",
        GITLAB | {"CI_MERGE_REQUEST_TARGET_BRANCH_SHA": "", "CI_MERGE_REQUEST_DIFF_BASE_SHA": "{fork}"},
        "{fork}",
        "fork",
    ),
    "gitlab, a push to the default branch": Row(
        "main", GITLAB | {"CI_COMMIT_BRANCH": "main", "CI_COMMIT_BEFORE_SHA": "{fork}"}, "{fork}", "fork"
    ),
    "gitlab, a second push to another branch": Row(
        "work", GITLAB | {"CI_COMMIT_BRANCH": "work", "CI_COMMIT_BEFORE_SHA": "{first}"}, "origin/main", "fork"
    ),
    "gitlab, a new branch": Row(
        "work", GITLAB | {"CI_COMMIT_BRANCH": "work", "CI_COMMIT_BEFORE_SHA": ZEROS}, "origin/main", "fork"
    ),
    "bitbucket, a pull request": Row("merge", {"BITBUCKET_PR_DESTINATION_COMMIT": "{main:.12}"}, "{main:.12}", "main"),
    "bitbucket, a pull request without its commit": Row(
        "work", {"BITBUCKET_PR_DESTINATION_BRANCH": "main"}, "origin/main", "fork"
    ),
    "azure, a pull request merged for the run": Row(
        "merge",
        {
            "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main",
            "BUILD_SOURCEBRANCH": MERGE,
            "BUILD_SOURCEVERSION": "{merge}",
        },
        "HEAD^1",
        "main",
    ),
    "azure, a pull request whose branch was checked out instead": Row(
        "work",
        {
            "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main",
            "BUILD_SOURCEBRANCH": MERGE,
            "BUILD_SOURCEVERSION": "{merge}",
        },
        "origin/main",
        "fork",
    ),
    "azure, a pull request from GitHub": Row(
        "work", {"SYSTEM_PULLREQUEST_TARGETBRANCH": "main"}, "origin/main", "fork"
    ),
    "jenkins, a change": Row("work", {"CHANGE_TARGET": "main"}, "origin/main", "fork"),
    "no CI system at all": Row("work", {}, "origin/HEAD", "fork"),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, remote: Path) -> Path:
    """A clone with all there is, in which every commit has a tag; tests check out one of them and change nothing else."""
    root = clone(tmp_path_factory.mktemp("whole"), of=remote)
    git(root, "fetch", "--quiet", "origin", f"{MERGE}:refs/tags/merge")
    for name, revision in (("main", "origin/main"), ("work", "origin/work"), ("first", "origin/work~1")):
        git(root, "tag", name, revision)
    return root


def opened(root: Path) -> Git:
    """The repository."""
    git = open_git(root)
    assert git is not None
    return git


def find(root: Path, name: str, environ: Mapping[str, str] | None = None) -> bases.Found:
    """What `--base NAME` means for what is checked out."""
    return bases.find(opened(root), name, commit_of(root, "HEAD"), environ or {})


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_auto_is_what_the_ci_system_says(row: Row, whole: Path, tmp_path: Path) -> None:
    git(whole, "checkout", "--quiet", "--detach", f"refs/tags/{row.out}")
    ids = {name: commit_of(whole, f"refs/tags/{name}") for name in ("main", "work", "first", "fork", "merge")}
    environ = {name: value.format(**ids) for name, value in row.environ.items()} | {"CI": "true"}
    if row.event is not None:
        told = json.dumps(row.event)
        for name, commit in ids.items():
            told = told.replace(f"{{{name}}}", commit)
        write(tmp_path, {"event.json": told.encode()})
        environ["GITHUB_EVENT_PATH"] = str(tmp_path / "event.json")

    base = find(whole, "auto", environ)

    assert base[:2] == (row.name.format(**ids), (ids[row.commit],))


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 100_000, b"[1]", b'{"before": 1, "repository": []}', b"\xff"])
def test_an_event_that_cannot_be_read_tells_nothing(content: bytes, whole: Path, tmp_path: Path) -> None:
    git(whole, "checkout", "--quiet", "--detach", "refs/tags/work")
    write(tmp_path, {"event.json": content})
    environ = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": str(tmp_path / "event.json")}

    base = find(whole, "auto", environ)

    assert base.name == "origin/HEAD"


def test_without_a_remote_auto_is_the_local_default_branch(tmp_path: Path) -> None:
    git_repository(tmp_path, {"a": "1"})
    git(tmp_path, "checkout", "--quiet", "-b", "work")
    commit(tmp_path, {"b": "2"})

    base = find(tmp_path, "auto")

    assert base[:2] == ("main", (commit_of(tmp_path, "main"),))


def test_without_any_default_branch_auto_asks_for_a_name(tmp_path: Path) -> None:
    git_repository(tmp_path, {"a": "1"})
    git(tmp_path, "branch", "--move", "trunk")

    with pytest.raises(CannotOpen) as error:
        find(tmp_path, "auto")

    assert str(error.value) == (
        "--base auto: there is no default branch, origin/HEAD, origin/main, origin/master, main, master; "
        "name one: --base REF"
    )


def test_in_ci_the_judged_commit_itself_is_no_base(whole: Path) -> None:
    git(whole, "checkout", "--quiet", "--detach", "refs/tags/main")

    with pytest.raises(CannotOpen) as error:
        find(whole, "auto", {"CI": "true", "GITHUB_ACTIONS": "true"})

    assert str(error.value) == (
        f"--base auto: origin/HEAD leads to {commit_of(whole, 'HEAD')[:12]}, the judged commit itself, so there is "
        "nothing to compare; leave --base out, or name the commit before: --base HEAD^"
    )


def test_on_a_desk_the_judged_commit_is_the_base_of_what_is_not_committed(whole: Path) -> None:
    git(whole, "checkout", "--quiet", "--detach", "refs/tags/main")

    assert find(whole, "auto")[:2] == ("origin/HEAD", (commit_of(whole, "HEAD"),))


@pytest.mark.parametrize("name", ["main", "work", "origin/main", "fork", "HEAD~1"])
def test_a_name_leads_to_where_it_and_the_judged_commit_parted(name: str, whole: Path) -> None:
    git(whole, "checkout", "--quiet", "--detach", "refs/tags/first")

    base = find(whole, name)

    ancestor = {"work": "first"}.get(name, "fork")
    assert base[:2] == (name, (commit_of(whole, f"refs/tags/{ancestor}"),))


@pytest.mark.parametrize("name", ["", " ", "\n"])
def test_an_empty_name_is_wrong_usage(name: str, whole: Path) -> None:
    with pytest.raises(UsageError) as error:
        find(whole, name)

    assert str(error.value) == "--base: is empty; name a revision, or `auto`"


@pytest.mark.parametrize(
    "name", ["--upload-pack=touch pwned", "-h", "--all", "--output=pwned", "a b", "..", "main..work"]
)
def test_a_name_that_looks_like_something_else_is_a_name(name: str, whole: Path) -> None:
    with pytest.raises(UsageError) as error:
        find(whole, name)

    assert str(error.value) == f"revision {name!r}: names no commit of this clone"
    assert not (whole / "pwned").exists()


def test_a_name_that_only_the_remote_has_leads_there(remote: Path, tmp_path: Path) -> None:
    root = clone(tmp_path, of=remote)

    with pytest.raises(UsageError) as error:
        find(root, "work")

    assert str(error.value) == "--base work: is no branch of this clone; there is `--base origin/work`"
    assert find(root, "origin/work").commits == (commit_of(root, "fork"),)


def test_where_histories_crossed_there_are_several_bases(tmp_path: Path) -> None:
    crossed(tmp_path)

    base = find(tmp_path, "other")

    assert base[:2] == ("other", tuple(sorted(commit_of(tmp_path, name) for name in ("one", "two"))))


def crossed(root: Path) -> None:
    """A repository on `main` with a branch `other`; both have merged `one` and `two`, each with a todo of its own."""
    git_repository(root, {"guardrails.yaml": RULEBOOK, "both.txt": "TODO\n"})
    for name in ("one", "two"):
        git(root, "checkout", "--quiet", "-B", name, "main")
        commit(root, {f"{name}.txt": "TODO\n"})
    for name, first, second in (("other", "one", "two"), ("main", "two", "one")):
        git(root, "checkout", "--quiet", "-B", name, first)
        git(root, "merge", "--quiet", "--no-ff", "--message=crossed", second)


def test_of_several_bases_every_one_must_have_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    crossed(tmp_path)
    monkeypatch.chdir(tmp_path)

    ended = found(capsys, "--base", "other")

    assert ended == Found(1, {"no-todo": ["one.txt", "two.txt"]})


def test_histories_without_a_common_commit_are_brought_together_by_the_command_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    git_repository(tmp_path, {"guardrails.yaml": RULEBOOK, "old.txt": "TODO\n"})
    git(tmp_path, "checkout", "--quiet", "--orphan", "work")
    commit(tmp_path, {"new.txt": "TODO\n"})
    monkeypatch.chdir(tmp_path)

    before = found(capsys, "--base", "main")
    mend(tmp_path, before.said)
    after = found(capsys, "--base", "main")

    assert before == Found(
        3,
        {},
        "selfcheck: --base main: has no common ancestor with the judged commit; bring the histories together with "
        "`git merge --allow-unrelated-histories main`, or name another base\n",
    )
    assert after == Found(1, {"no-todo": ["new.txt"]})


def test_outside_of_git_there_is_no_base(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, {"guardrails.yaml": RULEBOOK.encode(), "a.txt": b""})
    monkeypatch.chdir(tmp_path)

    ended = found(capsys, "--base", "main")

    assert (ended.code, ended.said) == (2, f"selfcheck: --base main: {tmp_path} is in no git repository\n")


def test_before_the_first_commit_there_is_no_base(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    git_repository(tmp_path)
    write(tmp_path, {"guardrails.yaml": RULEBOOK.encode(), "a.txt": b""})
    monkeypatch.chdir(tmp_path)

    ended = found(capsys, "--base", "auto")

    assert (ended.code, ended.said) == (3, f"selfcheck: --base auto: {tmp_path} has no commit yet\n")


def test_a_base_without_a_rulebook_loosens_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    git_repository(tmp_path, {"old.txt": "TODO\n"}, {"guardrails.yaml": RULEBOOK, "new.txt": "TODO\n"})
    monkeypatch.chdir(tmp_path)

    ended = found(capsys, "--base", "HEAD~1")

    assert ended == Found(1, {"no-todo": ["new.txt"]})


@pytest.mark.parametrize(
    ("before", "why"),
    [
        ("no: rulebook", "guardrails.yaml:1:1: "),
        (RULEBOOK.replace("text-forbids", "of-old"), 'guardrails.yaml:4:19: unknown check "of-old"'),
        ("version: 1\nguardrails: []\n", "guardrails.yaml:1:1: no guardrail"),
    ],
    ids=["no rulebook", "a check that is gone", "no guardrail"],
)
def test_a_base_whose_rulebook_is_wrong_cannot_be_compared_with(
    before: str,
    why: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    git_repository(tmp_path, {"guardrails.yaml": before, "old.txt": "TODO\n"}, {"guardrails.yaml": RULEBOOK})
    monkeypatch.chdir(tmp_path)

    ended = called(capsys, "run", "--base", "HEAD~1", "--format", "json")
    alone = found(capsys)

    reason = reasons(ended)["rulebook-loosened"]
    assert (ended.code, why in reason, alone.code) == (3, True, 1), reason
    assert reason.endswith("; `selfcheck run` without --base judges all there is")


def test_a_revision_is_compared_as_the_working_tree_is(
    whole: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    git(whole, "checkout", "--quiet", "--detach", "refs/tags/main")
    monkeypatch.chdir(whole)

    ended = found(capsys, "--rev", "origin/work", "--base", "origin/main")

    assert ended == Found(1, {"no-todo": ["new.txt"]})


def test_a_linked_working_tree_has_the_bases_of_its_repository(
    remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    git(clone(tmp_path, of=remote), "worktree", "add", "--quiet", "--detach", "../linked", "origin/work")
    monkeypatch.chdir(tmp_path / "linked")

    ended = found(capsys, "--base", "auto")

    assert ended == Found(1, {"no-todo": ["new.txt"]})


def test_a_folder_below_the_top_is_compared_with_itself_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    git_repository(
        tmp_path,
        {"part/guardrails.yaml": RULEBOOK, "part/old.txt": "TODO\n", "new.txt": "TODO\n"},
        {"part/old.txt": None, "part/moved.txt": "TODO\n", "part/new.txt": "TODO\n"},
    )
    git(tmp_path, "checkout", "--quiet", "HEAD~1")
    git(tmp_path, "mv", "part/old.txt", "part/moved.txt")
    write(tmp_path, {"part/new.txt": b"really TODO, and nothing like the other\n"})
    monkeypatch.chdir(tmp_path / "part")

    ended = found(capsys, "--base", "HEAD")

    assert ended == Found(1, {"no-todo": ["new.txt"]})


def test_labels_are_those_of_the_merge_request() -> None:
    assert labels({"CI_MERGE_REQUEST_LABELS": "rules: approved, urgent,,"}) == ("rules: approved", "urgent")


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"pull_request": {"labels": [{"name": "a"}, {"name": "b c"}]}}, ("a", "b c")),
        ({"pull_request": {"labels": [{"name": 1}, "a", None, {}]}}, ()),
        ({"pull_request": {"labels": {"name": "a"}}}, ()),
        ({"pull_request": [{"labels": [{"name": "a"}]}]}, ()),
        ({"issue": {"labels": [{"name": "a"}]}}, ()),
    ],
)
def test_labels_are_those_of_the_pull_request(event: object, expected: tuple[str, ...], tmp_path: Path) -> None:
    write(tmp_path, {"event.json": json.dumps(event).encode()})
    environ = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": str(tmp_path / "event.json")}

    assert labels(environ) == expected


def test_an_event_counts_only_where_github_says_that_it_runs_this(tmp_path: Path) -> None:
    write(tmp_path, {"event.json": b'{"pull_request": {"labels": [{"name": "a"}]}}'})

    assert labels({"GITHUB_EVENT_PATH": str(tmp_path / "event.json")}) == ()


def test_an_event_larger_than_any_that_github_sends_tells_nothing(tmp_path: Path) -> None:
    with (tmp_path / "event.json").open("wb") as file:
        file.write(b'{"pull_request": {"labels": [{"name": "a"}]}}')
        file.truncate(bases.LARGEST + 1)

    assert labels({"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": str(tmp_path / "event.json")}) == ()


def lose(root: Path, thing: str) -> None:
    """Take the object that a revision names out of the repository."""
    object_id = git(root, "rev-parse", thing).decode().strip()
    (root / ".git" / "objects" / object_id[:2] / object_id[2:]).unlink()


@pytest.mark.parametrize(
    ("lost", "base", "why"),
    [
        ("HEAD~1:guardrails.yaml", "HEAD~1", "the base's rulebook cannot be read: guardrails.yaml: object "),
        ("HEAD~1:guardrails/baseline.jsonl", "HEAD~1", "guardrails/baseline.jsonl: object "),
        ("HEAD~1^{tree}", "HEAD~1", "git diff-index failed: "),
        ("HEAD~1", "HEAD~2", "git merge-base failed: error: Could not read "),
    ],
)
def test_a_base_that_is_damaged_cannot_be_compared_with(
    lost: str, base: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    git_repository(tmp_path, {"old.txt": "TODO\n"})
    line = '{"guardrail": "no-todo", "key": "a", "count": 1, "since": "2026-01-01", "reason": "%s"}\n'
    commit(tmp_path, {"guardrails.yaml": f"{RULEBOOK}# first\n", "guardrails/baseline.jsonl": line % "first"})
    commit(tmp_path, {"guardrails.yaml": RULEBOOK, "guardrails/baseline.jsonl": line % "second"})
    tip = commit_of(tmp_path, base)
    lose(tmp_path, lost)
    monkeypatch.chdir(tmp_path)

    ended = called(capsys, "run", "--base", tip, "--format", "json")

    assert (ended.code, why in ended.stdout + ended.stderr) == (3, True), ended


def test_a_rulebook_that_is_named_is_compared_with_what_stood_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = RULEBOOK.replace("severity: high", "severity: critical")
    git_repository(tmp_path, {"rules/own.yaml": before, "a.txt": "done\n"}, {"rules/own.yaml": RULEBOOK})
    write(tmp_path, {".git/outside.yaml": RULEBOOK.encode()})
    monkeypatch.chdir(tmp_path)

    ended = [
        found(capsys, "--base", "HEAD~1", "--guardrails", place) for place in ("rules/own.yaml", ".git/outside.yaml")
    ]

    assert ended == [Found(1, {"rulebook-loosened": ["severity no-todo"]}), Found(0, {})]
