"""What a change is compared with: the reference that a CI system names, or the default branch, and the commits it leads to."""

import json
import os
import re
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from selfcheck.errors import CannotOpen, UsageError
from selfcheck.git.command import Git
from selfcheck.git.fetching import fetching, remotes, tracking, unshallow
from selfcheck.git.history import exists, merge_bases, resolve

AUTO = "auto"
ZEROS = re.compile(r"0+")
MERGED = re.compile(r"refs/pull/\d+/merge")
BRANCHES = ("origin/HEAD", "origin/main", "origin/master", "main", "master")
LARGEST = 30_000_000


class Wanted(NamedTuple):
    """A revision to compare with, and whether it is the base itself rather than a branch that has gone on since."""

    revision: str
    direct: bool = False


class Found(NamedTuple):
    """What the comparison is with: its name and its commits, more than one where histories crossed."""

    name: str
    commits: tuple[str, ...]
    tip: str | None = None
    """What the branch has come to since, where it has gone on."""


def find(git: Git, name: str, head: str, environ: Mapping[str, str]) -> Found:
    """The commits that `--base NAME` means for the commit `head`.

    Raises:
        UsageError: the name is no revision.
        CannotOpen: it cannot be had in this clone; the text holds the command that fetches it.
    """
    if not name.strip():
        raise UsageError("--base: is empty; name a revision, or `auto`")
    automatic = name == AUTO
    wanted = _wanted(git, head, environ) if automatic else Wanted(name)
    tip = _resolved(git, wanted.revision)
    if wanted.direct:
        return Found(wanted.revision, (tip,))
    commits = merge_bases(git, tip, head)
    if not commits:
        raise CannotOpen(_apart(git, wanted.revision))
    if automatic and commits == [head] and is_ci(environ) and git.is_clean():
        raise CannotOpen(
            f"--base auto: {wanted.revision} leads to {head[:12]}, the judged commit itself, so there is nothing to "
            "compare; leave --base out, or name the commit before: --base HEAD^"
        )
    return Found(wanted.revision, tuple(commits), None if tip in commits else tip)


def is_ci(environ: Mapping[str, str]) -> bool:
    """Whether a CI system says that it runs this; Azure has a variable of its own."""
    return any(environ.get(name, "").lower() not in ("", "0", "false") for name in ("CI", "TF_BUILD"))


def labels(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The labels of the pull or merge request that the CI system says is judged."""
    if (named := environ.get("CI_MERGE_REQUEST_LABELS")) is not None:
        return tuple(each.strip() for each in named.split(",") if each.strip())
    request = _mapping(_event(environ).get("pull_request"))
    return tuple(name for each in _list(request.get("labels")) if (name := _text(_mapping(each).get("name"))))


def request(environ: Mapping[str, str]) -> tuple[str, str, str]:
    """The title, the text and the author of the pull or merge request that is judged; empty where the system tells none."""
    if environ.get("CI_MERGE_REQUEST_IID"):
        title, body = (environ.get(f"CI_MERGE_REQUEST_{name}", "") for name in ("TITLE", "DESCRIPTION"))
        return title, body, environ.get("GITLAB_USER_LOGIN", "")
    told = _mapping(_event(environ).get("pull_request"))
    author = _text(_mapping(told.get("user")).get("login"))
    return _text(told.get("title")) or "", _text(told.get("body")) or "", author or ""


def _wanted(git: Git, head: str, environ: Mapping[str, str]) -> Wanted:
    """What the variables of the CI system say, else the default branch."""
    for system in (_github, _gitlab, _bitbucket, _azure, _jenkins):
        found = system(environ, head)
        if found is not None:
            return found
    for branch in BRANCHES:
        if exists(git, branch):
            return Wanted(branch)
    known = remotes(git)
    remedy = f"`{known[0].branch('HEAD')}` brings it; or " if known else ""
    raise CannotOpen(f"--base auto: there is no default branch, {', '.join(BRANCHES)}; {remedy}name one: --base REF")


def _github(environ: Mapping[str, str], head: str) -> Wanted | None:
    if environ.get("GITHUB_ACTIONS") != "true":
        return None
    event = _event(environ)
    if target := environ.get("GITHUB_BASE_REF"):
        # A workflow may check out the branch itself, whose first parent is only its commit before.
        merged = MERGED.fullmatch(environ.get("GITHUB_REF", "")) and environ.get("GITHUB_SHA", head) == head
        if merged and environ.get("GITHUB_EVENT_NAME") == "pull_request":
            return Wanted("HEAD^1", direct=True)
        return Wanted(f"origin/{target}")
    if group := _text(_mapping(event.get("merge_group")).get("base_sha")):
        return Wanted(group)
    default = _text(_mapping(event.get("repository")).get("default_branch"))
    before = _text(event.get("before"))
    # On a branch of its own a push is compared as the pull request will be: else the next push would make it green.
    if before and not ZEROS.fullmatch(before) and environ.get("GITHUB_REF") == f"refs/heads/{default}":
        return Wanted(before)
    return _remote(default)


def _gitlab(environ: Mapping[str, str], _head: str) -> Wanted | None:
    if environ.get("GITLAB_CI") != "true":
        return None
    default = environ.get("CI_DEFAULT_BRANCH")
    # In a pipeline for merged results HEAD holds what the target has gained since.
    names = ["CI_MERGE_REQUEST_TARGET_BRANCH_SHA", "CI_MERGE_REQUEST_DIFF_BASE_SHA"]
    names += ["CI_COMMIT_BEFORE_SHA"] * (environ.get("CI_COMMIT_BRANCH") == default)
    for name in names:
        commit = environ.get(name, "")
        if commit and not ZEROS.fullmatch(commit):
            return Wanted(commit)
    return _remote(default)


def _bitbucket(environ: Mapping[str, str], _head: str) -> Wanted | None:
    commit = environ.get("BITBUCKET_PR_DESTINATION_COMMIT")
    return Wanted(commit) if commit else _remote(environ.get("BITBUCKET_PR_DESTINATION_BRANCH"))


def _azure(environ: Mapping[str, str], head: str) -> Wanted | None:
    target = environ.get("SYSTEM_PULLREQUEST_TARGETBRANCH")
    merged = (
        MERGED.fullmatch(environ.get("BUILD_SOURCEBRANCH", "")) and environ.get("BUILD_SOURCEVERSION", head) == head
    )
    if target and merged:
        return Wanted("HEAD^1", direct=True)
    return _remote(target)


def _jenkins(environ: Mapping[str, str], _head: str) -> Wanted | None:
    return _remote(environ.get("CHANGE_TARGET"))


def _remote(branch: str | None) -> Wanted | None:
    return Wanted(f"origin/{branch.removeprefix('refs/heads/')}") if branch else None


def _resolved(git: Git, revision: str) -> str:
    try:
        return resolve(git, revision)
    except (UsageError, CannotOpen) as error:
        if (tracked := tracking(git, revision)) is not None:
            raise UsageError(f"--base {revision}: is no branch of this clone; there is `--base {tracked}`") from error
        commands = " or ".join(f"`{command}`" for command in fetching(git, revision))
        if not commands:
            raise
        raise CannotOpen(f"--base {revision}: is not in this clone; fetch it with {commands}") from error


def _apart(git: Git, revision: str) -> str:
    if git.is_shallow:
        remedy = unshallow(git)
        return f"--base {revision}: the common ancestor is not in this shallow clone; fetch it with `{remedy}`"
    return (
        f"--base {revision}: has no common ancestor with the judged commit; bring the histories together with "
        f"`git merge --allow-unrelated-histories {revision}`, or name another base"
    )


def _event(environ: Mapping[str, str]) -> dict[str, Any]:
    """The payload of the event that started a GitHub workflow; empty where there is none that can be read."""
    path = environ.get("GITHUB_EVENT_PATH")
    if not path or environ.get("GITHUB_ACTIONS") != "true":
        return {}
    try:
        if os.path.getsize(path) > LARGEST:
            return {}
        with open(path, encoding="utf-8") as file:
            return _mapping(json.load(file))
    except (OSError, ValueError, RecursionError):
        return {}


def _mapping(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    items: list[Any] = cast("Any", value) if isinstance(value, list) else []
    return items


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
