"""The memory on an orphan branch of a remote: for runners whose disk is gone with them. One commit, no history."""

import tempfile
from datetime import datetime
from pathlib import Path

from selfcheck.errors import CannotOpen, UsageError
from selfcheck.git.outward import for_the_user
from selfcheck_observability.audit import Audit
from selfcheck_observability.home import Home
from selfcheck_observability.snapshots import MANIFEST, Snapshot, backup, find, restore
from selfcheck_observability.store import Database

WHO = "selfcheck"
MAIL = "selfcheck@localhost"


def push(place: Home, database: Database, remote: str, branch: str, now: datetime) -> str:
    """The commit that the branch then is; another process that saved in between is overwritten never.

    Raises:
        CannotOpen: git refused.
    """
    top = _top(place)
    seen = _remote_head(top, remote, branch)
    with tempfile.TemporaryDirectory(prefix="selfcheck-") as folder:
        made = backup(place, database, now, "carried", Path(folder) / "snapshot")
        tree = _tree(top, made, Path(folder) / "index")
        commit = _git(top, "commit-tree", tree, "-m", "What selfcheck remembers", author=now)
    lease = f"--force-with-lease=refs/heads/{branch}:{seen}"
    _git(top, "push", "--quiet", lease, "--", remote, f"{commit}:refs/heads/{branch}")
    return commit


def pull(place: Home, database: Database, remote: str, branch: str, now: datetime) -> dict[str, int] | None:
    """How many rows came back; None where the remote has no such branch.

    Raises:
        CannotOpen: the remote does not answer, or what it has is no snapshot, or is damaged.
    """
    top = _top(place)
    commit = _remote_head(top, remote, branch)
    if not commit:
        return None
    _git(top, "fetch", "--quiet", "--depth=1", "--no-tags", "--", remote, f"refs/heads/{branch}")
    with tempfile.TemporaryDirectory(prefix="selfcheck-") as folder:
        for name in _names(top, commit):
            file = Path(folder) / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(_bytes(top, "cat-file", "blob", f"{commit}:{name}"))
        if not (Path(folder) / MANIFEST).exists():
            raise CannotOpen(f"{branch} of {remote} holds no snapshot of selfcheck; nothing was restored")
        snapshot = find(place, folder)
        rows = restore(database, snapshot)
        _put_logs_back(place, snapshot)
    Audit(place.folder).append("restored", now, commit=commit, branch=branch, rows=rows)
    return rows


def _put_logs_back(place: Home, snapshot: Snapshot) -> None:
    """On a runner there are none; where there are some, theirs stay."""
    for name in snapshot.manifest.files:
        target = place.folder / name
        if name.endswith(".jsonl") and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((snapshot.folder / name).read_bytes())


def _tree(top: Path, made: Snapshot, index: Path) -> str:
    """The id of a tree that holds the files of a snapshot."""
    for name in (*made.manifest.files, MANIFEST):
        blob = _git(top, "hash-object", "-w", "--no-filters", "--", str(made.folder / name))
        _git(top, "update-index", "--add", "--cacheinfo", f"100644,{blob},{name}", index=index)
    return _git(top, "write-tree", index=index)


def _names(top: Path, commit: str) -> list[str]:
    """The files of a commit; none that would leave the folder they are written to."""
    rows = _bytes(top, "ls-tree", "-r", "-z", "--name-only", commit).split(b"\0")[:-1]
    names = [row.decode("utf-8", "replace") for row in rows]
    return [name for name in names if ".." not in Path(name).parts and not name.startswith("/") and "\\" not in name]


def _remote_head(top: Path, remote: str, branch: str) -> str:
    """The commit that a branch of a remote is, empty where there is none."""
    return _git(top, "ls-remote", "--", remote, f"refs/heads/{branch}").partition("\t")[0]


def _top(place: Home) -> Path:
    if place.git is None:
        raise UsageError(f"{Path.cwd()} is in no git repository: there is no remote to keep anything on")
    return place.git.top


def _git(top: Path, *arguments: str, index: Path | None = None, author: datetime | None = None) -> str:
    return _bytes(top, *arguments, index=index, author=author).decode("utf-8", "replace").strip()


def _bytes(top: Path, *arguments: str, index: Path | None = None, author: datetime | None = None) -> bytes:
    environ: dict[str, str] = {}
    if index is not None:
        environ["GIT_INDEX_FILE"] = str(index)
    if author is not None:
        for role in ("AUTHOR", "COMMITTER"):
            about = {"NAME": WHO, "EMAIL": MAIL, "DATE": author.isoformat()}
            environ |= {f"GIT_{role}_{what}": value for what, value in about.items()}
    return for_the_user(top, arguments, environ)
