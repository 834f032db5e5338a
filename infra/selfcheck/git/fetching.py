"""The commands that bring what this clone does not hold."""

import re
import shlex
from typing import NamedTuple

from selfcheck.git.command import Git
from selfcheck.git.history import exists

ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
SHORT = re.compile(r"[0-9a-f]{7,63}")
NAMED = re.compile(r"(?![-.])(?!.*\.\.)(?P<name>[^~^:?*\[\\\s]+?)(?:(?:[~^]|@\{).*)?")
"""The name of a branch or a tag, and which of its ancestors is meant."""


class Remote(NamedTuple):
    """Where a clone came from, and whether all of the history has to be asked for."""

    name: str
    shallow: bool

    def fetch(self, *wanted: str) -> str:
        """The command that fetches this, quoted for a shell."""
        return shlex.join(["git", "fetch", *["--unshallow"] * self.shallow, self.name, *wanted])

    def branch(self, name: str) -> str:
        """The command that fetches a branch, `*` for all; `HEAD` is the one that the remote has checked out."""
        if name == "HEAD":
            return f"{self.branch('*')} && {shlex.join(['git', 'remote', 'set-head', self.name, '--auto'])}"
        return self.fetch(f"+refs/heads/{name}:refs/remotes/{self.name}/{name}")


def remotes(git: Git) -> list[Remote]:
    """The remotes of the clone, `origin` first."""
    urls = (name for name in git.config if name.startswith("remote.") and name.endswith(".url"))
    names = (url.removeprefix("remote.").removesuffix(".url") for url in urls)
    return [Remote(name, git.is_shallow) for name in sorted(names, key=lambda name: (name != "origin", name))]


def unshallow(git: Git) -> str:
    """The command that fetches the history that a shallow clone left out."""
    known = remotes(git)
    return known[0].fetch() if known else "git fetch --unshallow"


def tracking(git: Git, revision: str) -> str | None:
    """What this clone has of a remote under this name; a clone made for CI has no branches of its own."""
    if revision.startswith(("-", "HEAD")):
        return None
    names = (f"{remote.name}/{revision}" for remote in remotes(git))
    return next((name for name in names if exists(git, name)), None)


def fetching(git: Git, revision: str) -> tuple[str, ...]:
    """The commands of which one brings a missing revision; none where it is nothing that a remote could have."""
    known = remotes(git)
    named = NAMED.fullmatch(revision)
    if not known or named is None:
        return ()
    first, name = known[0], named["name"]
    if ID.fullmatch(name):
        return (first.fetch(name),)
    if SHORT.fullmatch(name):
        return (first.branch("*"),)  # a remote knows commits by their whole ids only
    for remote in known:
        if name.startswith(f"{remote.name}/"):
            return (remote.branch(name.removeprefix(f"{remote.name}/")),)
    if name == "HEAD":
        return (first.fetch(),) if first.shallow else ()
    return first.fetch(f"{name}:{name}"), first.fetch("tag", name)
