"""Questions about refs and history."""

import re
from pathlib import PurePosixPath

from selfcheck.errors import CannotOpen, UsageError
from selfcheck.git.command import Git

OBJECT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
NONE = 1
"""What `git merge-base` and `git rev-parse --quiet` exit with where there is nothing to name."""


def resolve(git: Git, revision: str) -> str:
    """The commit that a revision names, as 40 or 64 hex digits; a name that looks like an option is a name.

    Raises:
        UsageError: it names no commit.
        CannotOpen: nor does it in this shallow or partial clone, which may have left it out; or git does not read it.
    """
    status, found, _ = _asked(git, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if OBJECT.fullmatch(found):
        return found
    if status != NONE:
        git.line("rev-parse", "--git-dir")  # raises where git reads nothing here at all
    what = f"revision {revision!r}: names no commit of this clone"
    if git.remedy is not None:
        raise CannotOpen(f"{what}; fetch what it left out with `{git.remedy}`")
    raise UsageError(what)


def exists(git: Git, revision: str) -> bool:
    """Whether a revision names a commit of this clone."""
    _, found, _ = _asked(git, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    return OBJECT.fullmatch(found) is not None


def merge_bases(git: Git, one: str, other: str) -> list[str]:
    """The best common ancestors of two commits (their full ids), sorted; none where they share no history or it was left out.

    Raises:
        CannotOpen: git could not walk the history.
    """
    status, found, said = _asked(git, "merge-base", "--all", one, other)
    # Of a commit that is missing or damaged it complains, and goes on as if there were none.
    if status not in (0, NONE) or said.startswith("error:"):
        raise CannotOpen(f"{git.top}: git merge-base failed: {said}")
    return sorted(found.split())


def left_out(git: Git, commit: str) -> int:
    """How many objects of what a commit holds are not in this partial clone.

    Raises:
        CannotOpen: git could not list them.
    """
    if not git.is_partial:
        return 0
    status, found, said = _asked(git, "rev-list", "--objects", "--no-walk", "--missing=print", commit)
    if status != 0:
        raise CannotOpen(f"{git.top}: git rev-list failed: {said}")
    return sum(line.startswith("?") for line in found.splitlines())


def renames(git: Git, old: str, new: str | None, folder: str = "") -> dict[str, str]:
    """Old path -> new path of the files below `folder` that git sees as moved between two commits (their full ids).

    `new` is a commit, or None for the working tree (files that git tracks). Paths are relative to `folder`.
    """
    options = ("-r", "-z", "--name-status", "--find-renames", "--diff-filter=R", "--ignore-submodules=all")
    rows = git.rows("diff-index", *options, old) if new is None else git.rows("diff-tree", *options, old, new)
    found: dict[str, str] = {}
    for before, after in zip(rows[1::3], rows[2::3], strict=True):
        one, other = (PurePosixPath(raw.decode("utf-8", "backslashreplace")) for raw in (before, after))
        if one.is_relative_to(folder) and other.is_relative_to(folder):
            found[str(one.relative_to(folder))] = str(other.relative_to(folder))
    return found


def _asked(git: Git, *arguments: str) -> tuple[int, str, str]:
    """The exit status, the output and the complaints of one question."""
    process = git.start(*arguments)
    output, said = (each.decode("utf-8", "replace").strip() for each in process.communicate())
    return process.returncode, output, said
