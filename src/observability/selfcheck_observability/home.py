"""Where a repository's memory is kept: `.selfcheck/` beside its `.git`, or where options and the environment say."""

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import click
from msgspec import Struct

from selfcheck.errors import CannotOpen, UsageError
from selfcheck.git import Git, open_git

FOLDER = ".selfcheck"
DIRECTORY = "SELFCHECK_STATE_DIR"
URL = "SELFCHECK_STORE"
SNAPSHOTS = "SELFCHECK_SNAPSHOT_INTERVAL"
LOGS = "SELFCHECK_MAX_LOG_SIZE"
SYNC = "SELFCHECK_SYNC_INTERVAL"
DAY = 24 * 60 * 60 * 1000
IGNORE = "# What selfcheck remembers here is this machine's own.\n*\n"

STORE_OPTION: dict[str, Any] = {
    "metavar": "URL",
    "envvar": URL,
    "help": "Where runs are remembered; .selfcheck/store.db, in SQLite, where not given.",
}
STORE = click.option("--store", "url", **STORE_OPTION)


class Intervals(NamedTuple):
    """How often, and how large: the environment says milliseconds and bytes."""

    snapshots: timedelta
    sync: timedelta
    log: int


class Home(Struct, frozen=True, kw_only=True):
    """The folder of the memory, the URL of the store, and whose memory it is."""

    folder: Path
    url: str
    repository: str
    intervals: Intervals
    git: Git | None = None
    branch: str = ""

    @property
    def file(self) -> Path:
        """The SQLite file of a store that is none elsewhere."""
        return self.folder / "store.db"

    def made(self) -> "Home":
        """The same, its folder there and ignored by git."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            ignore = self.folder / ".gitignore"
            if not ignore.exists():
                ignore.write_text(IGNORE, encoding="utf-8")
        except OSError as error:
            raise CannotOpen(f"{self.folder}: nothing can be remembered there: {error.strerror}") from error
        return self


def home(root: Path, environ: Mapping[str, str], url: str | None = None) -> Home:
    """The memory of the repository around a folder.

    Raises:
        UsageError: a variable of the environment is no number.
    """
    git = open_git(root.resolve())
    top = git.top if git else root.resolve()
    folder = Path(environ.get(DIRECTORY) or top / FOLDER)
    folder = folder if folder.is_absolute() else top / folder
    given = url or environ.get(URL)
    return Home(
        folder=folder,
        url=given or f"sqlite:///{(folder / 'store.db').as_posix()}",
        repository=_repository(git, environ, top),
        intervals=Intervals(
            timedelta(milliseconds=_number(environ, SNAPSHOTS, DAY)),
            timedelta(milliseconds=_number(environ, SYNC, 30_000)),
            _number(environ, LOGS, 10_000_000),
        ),
        git=git,
        branch=_branch(git, environ),
    )


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    given = environ.get(name)
    if not given:
        return default
    if not given.isascii() or not given.isdigit() or not 0 < len(given) < 16 or int(given) == 0:
        raise UsageError(f"{name}={given}: is no number above 0")
    return int(given)


def _repository(git: Git | None, environ: Mapping[str, str], top: Path) -> str:
    """The name that the same repository has on every machine: from CI, from its remote, else from its folder."""
    named = environ.get("GITHUB_REPOSITORY") or environ.get("CI_PROJECT_PATH")
    if named:
        return named
    remote = git.config.get("remote.origin.url", "") if git else ""
    # Without whatever stands before an @: it may be a password.
    parts = remote.rpartition("@")[2].replace(":", "/").rstrip("/").removesuffix(".git").split("/")
    name = "/".join(part for part in parts[-2:] if part)
    return name or top.name or os.sep


def _branch(git: Git | None, environ: Mapping[str, str]) -> str:
    """The branch that is checked out; CI systems check out commits, and name the branch. Empty where there is none."""
    if git is None:
        return ""
    try:
        return git.line("symbolic-ref", "--quiet", "--short", "HEAD")
    except CannotOpen:
        names = ("GITHUB_HEAD_REF", "GITHUB_REF_NAME", "CI_COMMIT_REF_NAME", "BUILD_SOURCEBRANCHNAME", "BRANCH_NAME")
        return next((environ[name] for name in names if environ.get(name)), "")
