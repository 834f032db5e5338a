"""The one place that talks to git: fixed arguments, no user text as an option, nothing of the repository's config run."""

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from selfcheck.errors import CannotOpen

# What a repository's own .git/config could otherwise make git run or fetch.
HARDENED = (
    *("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.untrackedCache=false"),
    *("-c", "protocol.allow=never", "-c", "core.pager=cat", "-c", "core.askPass=", "-c", "credential.helper="),
)
LINK, SUBMODULE = b"120000", b"160000"


class Entry(NamedTuple):
    """A path below the listed folder, as git's bytes, and whether it is a symbolic link in the index."""

    path: bytes
    link: bool


def top(folder: Path) -> Path | None:
    """The closest folder at or above this one that holds `.git`, without crossing into another owner's."""
    owner = folder.stat().st_uid
    for place in (folder, *folder.parents):
        if place.stat().st_uid != owner and place != folder:
            return None
        if (place / ".git").exists():
            return place
    return None


def listing(root: Path) -> list[Entry]:
    """Tracked files plus untracked ones that are not ignored, as they stand on disk, below `root`.

    Raises:
        CannotOpen: git is not installed or does not read this repository.

    """
    tracked = _git(root, "ls-files", "-z", "--stage")
    others = _git(root, "ls-files", "-z", "-t", "--others", "--deleted", "--exclude-standard")
    deleted = {row[2:] for row in others if row.startswith(b"R ")}
    found: dict[bytes, Entry] = {}
    for row in tracked:
        about, path = row.split(b"\t", 1)
        mode = about[:6]
        if mode != SUBMODULE and path not in deleted:
            found[path] = Entry(path, link=mode == LINK)
    for row in others:
        path = row[2:]
        if row.startswith(b"? ") and not path.endswith(b"/"):
            found[path] = Entry(path, link=False)
    return list(found.values())


def revision(root: Path) -> str | None:
    """The commit that is checked out, or None where there is none yet."""
    try:
        return next(iter(_git(root, "rev-parse", "--verify", "--quiet", "HEAD", separator=b"\n"))).decode("ascii")
    except (CannotOpen, StopIteration):
        return None


def _git(root: Path, *arguments: str, separator: bytes = b"\0") -> Iterable[bytes]:
    place = _toplevel(root)
    # The work tree is where `.git` stands, whatever `core.worktree` says: it could name any folder of the machine.
    command = ["git", *HARDENED, "-c", f"safe.directory={place}", f"--work-tree={place}", *arguments]
    try:
        done = subprocess.run(command, cwd=root, env=_environment(), stdin=subprocess.DEVNULL, capture_output=True)
    except FileNotFoundError:
        raise CannotOpen(f"{root}: is a git repository, and git is not installed") from None
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
        raise CannotOpen(f"{root}: git {arguments[0]} failed: {said[0]}")
    return [row for row in done.stdout.split(separator) if row]


def _toplevel(root: Path) -> Path:
    return top(root) or root


def _environment() -> dict[str, str]:
    """The caller's environment without what would point git elsewhere (a hook sets GIT_DIR and GIT_INDEX_FILE)."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
