"""What a working tree and a commit hold: paths, modes and, where no file has to be read for it, blob ids."""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from selfcheck.errors import CannotOpen
from selfcheck.git.command import Git, output_all, parted, split

LINK, EXECUTABLE, SUBMODULE = b"120000", b"100755", b"160000"
DELETED = b" D"
OURS = b"2"
"""The stage of our side of a merge conflict, by which git goes where it needs one (gitrevisions(7))."""
_tracked = re.compile(rb"(\S) (\d+) ([0-9a-f]+) (\d)\t([^\0]+)\0")


class Entry(NamedTuple):
    """A path below the listed folder, as git's bytes; `blob` is the id of what is stored for it, if anything is."""

    path: bytes
    link: bool = False
    executable: bool = False
    blob: str | None = None
    unmodified: bool = False
    left_out: bool = False
    """A sparse checkout has it in the index and not on disk."""


def working(git: Git, root: Path) -> list[Entry]:
    """Tracked files that are there, plus untracked ones that are not ignored, below `root`; three commands at once.

    Raises:
        CannotOpen: git is not installed or does not read this repository.
    """
    commands = (
        ("ls-files", "-z", "--stage", "-v"),
        # Without --ignore-submodules git would ask each submodule for its state, by that one's own configuration.
        ("diff-files", "-z", "--raw", "--ignore-submodules=all", "--no-ext-diff", "--no-renames", "--relative"),
        ("ls-files", "-z", "--others", "--exclude-standard"),
    )
    started = [git.start(*command, cwd=root) for command in commands]
    tracked, changed, others = output_all(started, "ls-files", git.top)
    # A raw diff row is `:modes ids STATUS`, then the path.
    rows = parted(changed)
    differing = dict(zip(rows[1::2], rows[0::2], strict=True))
    found: dict[bytes, Entry] = {}
    for tag, mode, blob, stage, path in _tracked.findall(tracked):
        if tag == b"H" and stage == b"0" and path not in differing and mode != SUBMODULE:
            found[path] = Entry(path, mode == LINK, mode == EXECUTABLE, blob.decode("ascii"), True)  # noqa: FBT003
            continue
        gone = differing.get(path, b"").endswith(DELETED)  # also one whose folder has become a link to elsewhere
        if mode != SUBMODULE and not gone and (path not in found or stage == OURS):
            # A lower-case tag says that somebody told git not to look (`--assume-unchanged`).
            left_out = tag == b"S" and not os.path.lexists(os.path.join(os.fsencode(root), path))
            unmodified = left_out and stage == b"0" and path not in differing
            held = blob.decode("ascii") if stage in (b"0", OURS) else None
            found[path] = Entry(path, mode == LINK, mode == EXECUTABLE, held, unmodified, left_out)
    found |= {
        path: Entry(path) for path in parted(others) if not path.endswith(b"/")
    }  # with one, a repository of its own
    return list(found.values())


def untracked_folders(git: Git, root: Path) -> list[bytes]:
    """Folders below `root` in which nothing is tracked and that are not ignored, the topmost of each; empty ones too.

    Raises:
        CannotOpen: git is not installed or does not read this repository.
    """
    rows = git.rows("ls-files", "-z", "--others", "--exclude-standard", "--directory", cwd=root)
    return [row.rstrip(b"/") for row in rows if row.endswith(b"/")]


def committed(git: Git, commit: str, folder: str) -> list[Entry]:
    """What a commit holds below a folder ("" for all), paths relative to it.

    Raises:
        CannotOpen: this clone does not hold the trees of the commit; the message has the command that fetches them.
    """
    try:
        rows = git.rows("ls-tree", "-r", "-z", "--full-tree", f"{commit}:{folder}" if folder else commit)
    except CannotOpen as error:
        remedy = git.remedy
        raise CannotOpen(f"{error}; fetch what this clone left out with `{remedy}`" if remedy else str(error)) from None
    found: list[Entry] = []
    for row in rows:
        about, path = row.split(b"\t", 1)
        mode, _kind, blob = about.split(b" ")
        if mode != SUBMODULE:
            found.append(Entry(path, mode == LINK, mode == EXECUTABLE, blob.decode("ascii"), unmodified=True))
    return found


def attributes(git: Git, root: Path, paths: Iterable[bytes], names: Iterable[str]) -> dict[bytes, dict[str, str]]:
    """The attributes of each path that are specified at all; `set` and `unset` stand for themselves."""
    process = git.start("check-attr", "-z", "--stdin", *names, cwd=root)
    rows = split(process, b"".join(path + b"\0" for path in paths), "check-attr", git.top)
    found: dict[bytes, dict[str, str]] = {}
    for path, name, value in zip(rows[0::3], rows[1::3], rows[2::3], strict=True):
        if value != b"unspecified":
            found.setdefault(path, {})[name.decode("ascii")] = value.decode("utf-8", "replace")
    return found
