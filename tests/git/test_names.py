"""What a user or a repository calls a revision is a name, never an option of git, and names a commit or nothing."""

from pathlib import Path

import pytest

from selfcheck.errors import UsageError
from selfcheck.git import Git, open_git
from selfcheck.git.history import merge_bases, resolve
from selfcheck.testing import git_repository
from tests.git.program import selfcheck
from tests.trees.working_copy import git

NO_COMMITS = (
    "",
    " ",
    "no-such-branch",
    "main\n",
    "main\n--output=x",
    "^main",
    "main..main~1",
    "main~1...main",
    ":/nothing",
    ":a.txt",
    "main:a.txt",
    "main~9",
    "main@{9}",
    "@{upstream}",
    "0" * 40,
    "f" * 40,
    "--output=x",
    "--upload-pack=touch mark",
    "--all",
    "--git-dir",
    "-rf",
    "--",
    "\x01",
    "\udcff",
    "a" * 9000,
)


@pytest.fixture
def found(tmp_path: Path) -> Git:
    """A repository of two commits."""
    git_repository(tmp_path, {"a.txt": "1"}, {"a.txt": "2"})
    opened = open_git(tmp_path)
    assert opened is not None
    return opened


@pytest.mark.parametrize("name", NO_COMMITS, ids=ascii)
def test_what_names_no_commit_is_wrong_usage(found: Git, name: str) -> None:
    before = sorted(found.top.rglob("*"))

    with pytest.raises(UsageError) as raised:
        resolve(found, name)

    assert str(raised.value) == f"revision {name!r}: names no commit of this clone"
    assert sorted(found.top.rglob("*")) == before


@pytest.mark.parametrize("name", ["-rf", "--output=x", "--help", "--all", "$(id)", "caf\u00e9", "a'b"])
def test_a_branch_or_tag_may_look_like_an_option(found: Git, name: str) -> None:
    head = git(found.top, "rev-parse", "HEAD").decode().strip()
    for kind in ("heads", "tags"):
        git(found.top, "update-ref", f"refs/{kind}/{name}", "HEAD")

    assert {resolve(found, each) for each in (name, f"refs/heads/{name}", f"refs/tags/{name}")} == {head}


@pytest.mark.parametrize("name", ["", "^HEAD", "no-such"])
def test_the_program_refuses_a_name_of_nothing_and_judges_nothing_else(tmp_path: Path, name: str) -> None:
    git_repository(tmp_path / "r", {"guardrails.yaml": "version: 1\nguardrails: []\n"})

    ended = selfcheck(tmp_path / "r", "run", "--rev", name, home=tmp_path / "home")

    assert (ended.code, ended.out, ended.err) == (
        2,
        "",
        f"selfcheck: revision {name!r}: names no commit of this clone\n",
    )


def test_the_program_takes_a_branch_that_looks_like_an_option(tmp_path: Path) -> None:
    rulebook = "version: 1\nguardrails:\n  - {id: a-b, title: t, why: w, severity: low, check: {use: files-exist, paths: [a]}}\n"
    git_repository(tmp_path / "r", {"guardrails.yaml": rulebook, "a": ""})
    git(tmp_path / "r", "update-ref", "refs/heads/--output=x", "HEAD")

    ended = selfcheck(tmp_path / "r", "run", "--rev=--output=x", home=tmp_path / "home")

    assert (ended.code, sorted(path.name for path in (tmp_path / "r").iterdir())) == (
        0,
        [".git", "a", "guardrails.yaml"],
    )


def test_the_merge_base_of_two_branches_is_where_they_part(found: Git) -> None:
    base = resolve(found, "main~1")
    tree = git(found.top, "write-tree").decode().strip()
    other = git(found.top, "commit-tree", "-p", base, "-m", "other", tree).decode().strip()

    assert merge_bases(found, resolve(found, "main"), other) == [base]


def test_branches_that_crossed_have_two_merge_bases(found: Git) -> None:
    tree = git(found.top, "write-tree").decode().strip()
    root = resolve(found, "main~1")
    one, other = (git(found.top, "commit-tree", "-p", root, "-m", name, tree).decode().strip() for name in "ab")
    crossed = [
        git(found.top, "commit-tree", "-p", first, "-p", second, "-m", "m", tree).decode().strip()
        for first, second in ((one, other), (other, one))
    ]

    assert merge_bases(found, *crossed) == sorted((one, other))


def test_histories_that_share_nothing_have_no_merge_base(found: Git) -> None:
    tree = git(found.top, "write-tree").decode().strip()
    alone = git(found.top, "commit-tree", "-m", "alone", tree).decode().strip()

    assert merge_bases(found, resolve(found, "main"), alone) == []


def test_grafts_and_replaced_commits_change_no_history(found: Git) -> None:
    head, base = resolve(found, "main"), resolve(found, "main~1")
    tree = git(found.top, "write-tree").decode().strip()
    orphan = git(found.top, "commit-tree", "-m", "orphan", tree).decode().strip()
    (found.top / ".git" / "info" / "grafts").write_text(f"{head}\n")
    git(found.top, "update-ref", f"refs/replace/{head}", orphan)

    assert merge_bases(found, head, base) == [base]
