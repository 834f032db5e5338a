"""What git and CODEOWNERS know of the files of a folder."""

from collections.abc import Sequence

from pathspec import PathSpec

from selfcheck.cli.approvals import Owned, owned
from selfcheck.git import Git
from selfcheck.trees import Tree
from selfcheck_observability.map.measure import OwnersOf, Past, ownerless

MARK = b"\x01"


def past(git: Git | None, folder: str, tree: Tree, commits: int) -> Past:
    """The last commits, and the owners of files; outside of git, and before the first commit, nothing is known.

    Raises:
        CannotOpen: git could not walk the history.
    """
    owners = owners_of([*owned(tree)])
    if git is None or git.head() is None:
        return Past(owners=owners)
    changes = changed(git, folder, commits)
    return Past(len(changes), changes, owners)


def owners_of(rows: Sequence[Owned]) -> OwnersOf:
    """Who owns a path: the last row that matches decides, also one without owners."""
    if not rows:
        return ownerless
    # One look at all rows; only where the last of them takes back what it matched each is looked at alone.
    whole = PathSpec.from_lines("gitignore", [row.pattern.removeprefix("!") for row in rows])

    def owners(path: str) -> Sequence[str]:
        last = whole.check_file(path).index
        if last is None:
            return ()
        found = next((row for row in reversed(rows[: last + 1]) if row.matches(path)), None)
        return found.names.split() if found else ()

    return owners


def changed(git: Git, folder: str, commits: int) -> tuple[frozenset[str], ...]:
    """Which files of a folder each of the last commits changed, the newest first; merges are left out.

    Raises:
        CannotOpen: git could not walk the history.
    """
    options = ("--no-merges", "--no-renames", "--name-only", "-z", "--format=%x01")
    below = f"{folder}/" if folder else ""
    found: list[set[str]] = []
    for row in git.rows("log", f"--max-count={commits}", *options, "--", folder or ".", cwd=git.top):
        if row == MARK:
            found.append(set())
        else:
            found[-1].add(row.removeprefix(b"\n").decode("utf-8", "surrogateescape").removeprefix(below))
    return tuple(map(frozenset, found))
