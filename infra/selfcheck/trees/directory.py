"""A tree on disk: what git would show there, or outside git everything but caches, environments and histories."""

import os
import stat
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from selfcheck import git
from selfcheck.errors import CannotOpen, Unreadable
from selfcheck.trees.tree import Kind, Tree

# Histories, caches and environments, which outside git no ignore file names.
PASSED_OVER = frozenset(
    (".git", ".hg", ".svn", ".jj", ".bzr", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".tox", ".nox")
) | {".hypothesis", ".eggs", ".venv", "venv", "node_modules", ".direnv", ".terraform", ".gradle", ".idea", ".cache"}


class _Listed(NamedTuple):
    kind: Kind
    raw: str


class Directory(Tree):
    r"""The files below `root`, an existing folder. Nothing is read through a symbolic link.

    A file name that is not UTF-8 is shown with its odd bytes as `\\xNN`.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        if not os.path.isdir(self.root):
            raise CannotOpen(f"{root}: is not a folder")

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """Every path and its kind, sorted by path."""
        return {path: listed.kind for path, listed in self._listed.items()}

    def read(self, path: str) -> bytes:
        """The bytes of a file, or the target of a link."""
        listed = self._listed.get(path)
        if listed is None:
            raise Unreadable("there is no such file")
        try:
            return self._read(listed)
        except OSError as error:
            raise Unreadable(error.strerror or str(error)) from error

    def executable(self, path: str) -> bool:
        """Whether its owner may run it."""
        listed = self._listed.get(path)
        return listed is not None and bool((self.root / listed.raw).lstat().st_mode & stat.S_IXUSR)

    def _read(self, listed: _Listed) -> bytes:
        self._require_inside(os.path.dirname(listed.raw))
        whole = os.path.join(self.root, listed.raw)
        if listed.kind is Kind.LINK:
            return os.fsencode(os.readlink(whole))
        # Not blocking: a pipe put in the place of a file would wait for a writer for ever.
        descriptor = os.open(whole, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise Unreadable("not a regular file")
            return file.read()

    def _require_inside(self, folder: str) -> None:
        """A folder replaced by a link after it was listed would lead out of the root."""
        if folder not in self._inside:
            if os.path.realpath(os.path.join(self.root, folder)) != os.path.join(self.root, folder):
                raise Unreadable("stands behind a symbolic link")
            self._inside.add(folder)

    @cached_property
    def _inside(self) -> set[str]:
        return {""}

    @cached_property
    def _listed(self) -> Mapping[str, _Listed]:
        found = _from_git(self.root) if git.top(self.root) else _from_walk(self.root)
        listed: dict[str, _Listed] = {}
        for raw, kind in found:
            path = _shown(raw)
            if path in listed:
                raise CannotOpen(f"{self.root}: two files are both shown as {path}; rename one")
            listed[path] = _Listed(kind, raw)
        return dict(sorted(listed.items()))


def _from_git(root: Path) -> Iterator[tuple[str, Kind]]:
    for entry in git.listing(root):
        raw = os.fsdecode(entry.path)
        kind = _kind_on_disk(root, raw, Kind.LINK if entry.link else Kind.FILE)
        if kind is not None:
            yield raw, kind


def _kind_on_disk(root: Path, raw: str, indexed: Kind) -> Kind | None:
    """The working tree decides, not the index: a file may have become a link since, or a folder, which is none."""
    try:
        mode = os.lstat(os.path.join(root, raw)).st_mode
    except OSError:
        return indexed
    if stat.S_ISDIR(mode):
        return None
    return Kind.LINK if stat.S_ISLNK(mode) else Kind.FILE


def _from_walk(root: Path) -> Iterator[tuple[str, Kind]]:
    pending = [""]
    while pending:
        folder = pending.pop()
        try:
            entries = list(os.scandir(os.path.join(root, folder)))
        except PermissionError as error:
            raise CannotOpen(f"{error.filename}: {error.strerror}") from error
        for entry in entries:
            raw = os.path.join(folder, entry.name)
            if entry.is_symlink():
                yield raw.replace(os.sep, "/"), Kind.LINK
            elif entry.is_dir():
                if entry.name not in PASSED_OVER and not os.path.exists(os.path.join(entry.path, "pyvenv.cfg")):
                    pending.append(raw)
            elif entry.is_file():
                yield raw.replace(os.sep, "/"), Kind.FILE


def _shown(raw: str) -> str:
    return os.fsencode(raw).decode("utf-8", "backslashreplace")
