"""Questions about refs and history, which GitPython answers; loaded only where one is asked."""

from pathlib import PurePosixPath

from git import Repo
from git.exc import GitCommandError

from selfcheck.errors import CannotOpen, UsageError
from selfcheck.git.command import Git


def resolve(git: Git, revision: str) -> str:
    """The commit that a revision names, as 40 or 64 hex digits; a name that looks like an option is a name.

    Raises:
        UsageError: it names no commit of this clone.
    """
    try:
        found = _repo(git).git.rev_parse("--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except GitCommandError as error:
        remedy = " (this clone is shallow: `git fetch --unshallow`)" if (git.directory / "shallow").exists() else ""
        raise UsageError(f"revision {revision!r}: names no commit of this clone{remedy}") from error
    return str(found)


def merge_bases(git: Git, one: str, other: str) -> list[str]:
    """The best common ancestors of two commits, sorted; none where they share no history or it was left out.

    Raises:
        CannotOpen: git could not walk the history.
    """
    repo = _repo(git)
    try:
        found = repo.merge_base(one, other, all=True)
    except GitCommandError as error:
        raise CannotOpen(f"{git.top}: git merge-base failed: {str(error.stderr).strip()}") from error
    return sorted(commit.hexsha for commit in found if commit is not None)


def renames(git: Git, old: str, new: str | None, folder: str = "") -> dict[str, str]:
    """Old path -> new path of the files below `folder` that git sees as moved between two commits.

    `new` is a commit, or None for the working tree (files that git tracks). Paths are relative to `folder`.
    """
    repo = _repo(git)
    found: dict[str, str] = {}
    for diff in repo.commit(old).diff(new, find_renames=True, no_ext_diff=True, no_textconv=True):
        if diff.renamed_file and diff.rename_from and diff.rename_to:
            before, after = PurePosixPath(diff.rename_from), PurePosixPath(diff.rename_to)
            if before.is_relative_to(folder) and after.is_relative_to(folder):
                found[str(before.relative_to(folder))] = str(after.relative_to(folder))
    return found


def _repo(git: Git) -> Repo:
    repo = Repo(git.top)
    repo.git.update_environment(**git.environment)
    return repo
