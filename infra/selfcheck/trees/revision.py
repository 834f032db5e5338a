"""A tree straight from git's objects: what a commit holds, read without a checkout."""

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path

from selfcheck.errors import Unreadable
from selfcheck.git import Blobs, Entry, Git, committed
from selfcheck.trees.names import by_name
from selfcheck.trees.tree import Kind, Tree


class Revision(Tree):
    """The files of a commit (its full id) below a folder of the repository, "" for all of it.

    Paths of which `without` is true are not there.
    """

    def __init__(self, git: Git, commit: str, folder: str = "", without: Callable[[str], bool] | None = None) -> None:
        self.git = git
        self.commit = commit
        self.folder = folder
        self._blobs = Blobs(git)
        self._without = without

    @property
    def disk(self) -> Path:
        """The folder of the repository that it would be checked out to."""
        return self.git.top / self.folder

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """Every path and its kind, sorted by path."""
        return {path: Kind.LINK if entry.link else Kind.FILE for path, entry in self._entries.items()}

    def read(self, path: str) -> bytes:
        """The bytes of a blob."""
        entry = self._entries.get(path)
        if entry is None or entry.blob is None:
            raise Unreadable("there is no such file")
        return self._blobs.read(entry.blob)

    def executable(self, path: str) -> bool:
        """Whether its mode says so."""
        entry = self._entries.get(path)
        return entry is not None and entry.executable

    def content_id(self, path: str) -> str | None:
        """The id of its blob."""
        entry = self._entries.get(path)
        return entry.blob if entry else None

    def below(self, folder: str) -> "Revision":
        """The same commit below another folder of the repository."""
        return Revision(self.git, self.commit, folder, self._without)

    @cached_property
    def _entries(self) -> dict[str, Entry]:
        found = committed(self.git, self.commit, self.folder)
        place = f"{self.git.top} at {self.commit[:12]}"
        return by_name(((entry.path, entry) for entry in found), place, self._without)
