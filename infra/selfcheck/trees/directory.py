"""A tree on disk: what git would show there, or outside git everything but caches, environments and histories."""

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from selfcheck.errors import CannotOpen, Unreadable
from selfcheck.git import Blobs, Entry, Git, attributes, open_git, working
from selfcheck.trees.clean import ATTRIBUTES, NOTHING, Conversion, Lines, conversion, looks_binary, stored
from selfcheck.trees.content import blob_id
from selfcheck.trees.names import by_name
from selfcheck.trees.tree import Kind, Tree

# Histories, caches and environments, which outside git no ignore file names.
PASSED_OVER = frozenset(
    (".git", ".hg", ".svn", ".jj", ".bzr", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".tox", ".nox")
) | {".hypothesis", ".eggs", ".venv", "venv", "node_modules", ".direnv", ".terraform", ".gradle", ".idea", ".cache"}

SYSTEM = Path("/etc/gitattributes")
READING = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
BLOCK = 1 << 20
"""Bytes that are asked for at once of a file whose size is not known."""


class _Listed(NamedTuple):
    """One path on disk; `stored` is its blob in git's index, `unmodified` the same where the file is as it was stored."""

    kind: Kind
    raw: bytes
    unmodified: str | None = None
    stored: str | None = None
    conversion: Conversion = NOTHING
    left_out: str | None = None
    """The blob of a file that a sparse checkout has left out: it is judged as it was stored."""


class Directory(Tree):
    r"""The files below `root`, an existing folder, as git would store them. Nothing is read through a symbolic link.

    A file name that is not UTF-8 is shown with its odd bytes as `\xNN`. Paths of which `without` is true are not there.
    """

    def __init__(self, root: Path, without: Callable[[str], bool] | None = None) -> None:
        self.root = root.resolve()
        self._without = without
        if not os.path.isdir(self.root):
            raise CannotOpen(f"{root}: is not a folder")
        self.git = open_git(self.root)
        self._blobs = Blobs(self.git) if self.git else None

    @property
    def disk(self) -> Path:
        """Its root."""
        return self.root

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """Every path and its kind, sorted by path."""
        return {
            path: (Kind.LINK if listed.link else Kind.FILE) if isinstance(listed, Entry) else listed.kind
            for path, listed in self._listed.items()
        }

    def read(self, path: str) -> bytes:
        """The bytes of a file as git would store them, or the target of a link."""
        listed = self._at(path)
        if listed is None:
            raise Unreadable("there is no such file")
        if listed.left_out is not None and self._blobs is not None:
            return self._blobs.read(listed.left_out)
        try:
            content = self._read(listed)
        except OSError as error:
            raise Unreadable(error.strerror or str(error)) from error
        if listed.unmodified is not None and self._blobs is not None:
            # Of a file that git takes for unmodified it keeps what is stored, though other rules of conversion held
            # when it was; and one that was changed since it was listed is still what `content_id` said.
            same = blob_id(content, listed.unmodified) == listed.unmodified
            return content if same else self._blobs.read(listed.unmodified)
        if listed.kind is Kind.LINK or listed.conversion.changes_nothing:
            return content
        return stored(content, listed.conversion, carriage_returns_stored=self._stores_carriage_returns(listed))

    def executable(self, path: str) -> bool:
        """Whether its owner may run it; a link is never run itself."""
        listed = self._at(path)
        if listed is None or listed.kind is Kind.LINK:
            return False
        try:
            return bool(os.lstat(self._whole(listed)).st_mode & stat.S_IXUSR)
        except OSError:
            return False  # gone since it was listed

    def content_id(self, path: str) -> str | None:
        """The id of its blob in git's index, where the file is not modified."""
        listed = self._listed.get(path)
        if isinstance(listed, Entry):
            return listed.blob
        return listed.unmodified if listed else None

    def place(self, path: str) -> str | None:
        """The file itself, unless a sparse checkout has left it out."""
        listed = self._at(path)
        return None if listed is None or listed.left_out is not None else self._whole(listed)

    def _read(self, listed: _Listed) -> bytes:
        whole = self._whole(listed)
        self._require_inside(os.path.dirname(whole))
        if listed.kind is Kind.LINK:
            return os.fsencode(os.readlink(whole))
        # Not blocking: a pipe put in the place of a file would wait for a writer for ever.
        descriptor = os.open(whole, READING)
        try:
            about = os.fstat(descriptor)
            if not stat.S_ISREG(about.st_mode):
                raise Unreadable("not a regular file")
            return _whole_content(descriptor, about.st_size)
        finally:
            os.close(descriptor)

    def _whole(self, listed: _Listed) -> str:
        return f"{self._top}{os.fsdecode(listed.raw)}"

    @cached_property
    def _top(self) -> str:
        return os.path.join(self.root, "")

    def _require_inside(self, folder: str) -> None:
        """A folder replaced by a link after it was listed would lead out of the root."""
        if folder not in self._inside:
            if os.path.realpath(folder) != folder:
                raise Unreadable("stands behind a symbolic link")
            self._inside.add(folder)

    @cached_property
    def _inside(self) -> set[str]:
        return {str(self.root)}

    def _at(self, path: str) -> _Listed | None:
        listed = self._listed.get(path)
        if isinstance(listed, Entry):
            return _Listed(Kind.LINK if listed.link else Kind.FILE, listed.path, listed.blob, listed.blob)
        return listed

    @cached_property
    def _listed(self) -> Mapping[str, _Listed | Entry]:
        """What stands at each path; most files are as git stored them, and what git says of them is all there is."""
        if self.git is None:
            found = ((listed.raw, listed) for listed in _from_walk(self.root))
            return by_name(found, self.root, self._without)
        return by_name(_from_git(self.git, self.root), self.root, self._without)

    def _stores_carriage_returns(self, listed: _Listed) -> bool:
        """Whether the stored content has CR LF line ends, which `text=auto` then keeps."""
        if listed.conversion.lines is not Lines.AUTO or listed.stored is None or self._blobs is None:
            return False
        content = self._blobs.read(listed.stored)
        return b"\r\n" in content and not looks_binary(content)


def _whole_content(descriptor: int, size: int) -> bytes:
    """All bytes of an open file: at once where it is as large as it was said to be, which a growing one is not."""
    content = os.read(descriptor, size + 1)
    if len(content) == size:
        return content
    parts = [content]
    while parts[-1]:
        parts.append(os.read(descriptor, BLOCK))
    return b"".join(parts)


def _from_git(git: Git, root: Path) -> Iterator[tuple[bytes, _Listed | Entry]]:
    entries = working(git, root)
    conversions = _conversions(git, root, entries)
    for entry in entries:
        if entry.unmodified and not entry.left_out and entry.path not in conversions:
            yield entry.path, entry
            continue
        kind = (Kind.LINK if entry.link else Kind.FILE) if entry.unmodified else _kind(root, entry.path)
        if kind is not None:
            asked = conversions.get(entry.path, NOTHING)
            unmodified = entry.blob if entry.unmodified and not asked.filtered else None
            left_out = entry.blob if entry.left_out else None
            yield entry.path, _Listed(kind, entry.path, unmodified, entry.blob, asked, left_out)


def _kind(root: Path, raw: bytes) -> Kind | None:
    """What stands on disk, which the index does not know of a file that became a link, or a folder, which is none."""
    try:
        mode = os.lstat(os.path.join(os.fsencode(root), raw)).st_mode
    except OSError:
        return None  # deleted since it was listed, or left out by a sparse checkout
    if stat.S_ISDIR(mode):
        return None
    return Kind.LINK if stat.S_ISLNK(mode) else Kind.FILE


def _conversions(git: Git, root: Path, entries: Sequence[Entry]) -> dict[bytes, Conversion]:
    """What git converts when it stores a file; attributes are asked for only where some could be set."""
    autocrlf = git.config.get("core.autocrlf", "false")
    default = conversion({}, autocrlf)
    found = {} if default.changes_nothing else {entry.path: default for entry in entries}
    if _may_have_attributes(git, root, entries):
        asked = attributes(git, root, (entry.path for entry in entries), ATTRIBUTES)
        found |= {path: conversion(names, autocrlf) for path, names in asked.items()}
    return found


def _may_have_attributes(git: Git, root: Path, entries: Iterable[Entry]) -> bool:
    if root != git.top or "core.attributesfile" in git.config or (git.common / "info" / "attributes").exists():
        return True
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    elsewhere = (SYSTEM, home / "git" / "attributes", root / ".gitattributes")
    return any(file.exists() for file in elsewhere) or any(
        entry.path.rpartition(b"/")[2] == b".gitattributes" for entry in entries
    )


def is_passed_over(folder: str) -> bool:
    """Whether outside git nothing in this folder is anybody's source."""
    return os.path.basename(folder) in PASSED_OVER or os.path.exists(os.path.join(folder, "pyvenv.cfg"))


def _from_walk(root: Path) -> Iterator[_Listed]:
    pending = [""]
    while pending:
        folder = pending.pop()
        try:
            entries = list(os.scandir(os.path.join(root, folder)))
        except PermissionError as error:
            raise CannotOpen(f"{error.filename}: {error.strerror}") from error
        for entry in entries:
            raw = os.path.join(folder, entry.name).replace(os.sep, "/")
            if entry.is_symlink():
                yield _Listed(Kind.LINK, os.fsencode(raw))
            elif entry.is_dir():
                if not is_passed_over(entry.path):
                    pending.append(raw)
            elif entry.is_file():
                yield _Listed(Kind.FILE, os.fsencode(raw))
