"""A tree written to a folder, for programs: a copy of each file, never a hard link (a write through one would reach the user's).

Where the file system can, a copy shares its blocks with the original until one of them is written to (a reflink).
"""

import os
import sys
import tempfile
from pathlib import Path

from selfcheck.errors import CannotJudge, Unreadable
from selfcheck.trees import Kind, Tree

# https://man7.org/linux/man-pages/man2/ioctl_ficlonerange.2.html
FICLONE = 0x40049409
READING = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def materialise(tree: Tree, parent: Path) -> Path:
    """A new folder below `parent` with every file and link of the tree.

    Links that lead out of the tree are left out: a program could write through them.

    Raises:
        CannotJudge: a file could not be read or written.

    """
    folder = Path(tempfile.mkdtemp(dir=parent))
    clones = sys.platform == "linux"
    for path, kind in tree.kinds.items():
        target = folder / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if kind is Kind.FILE:
                clones = _copied(tree, path, target, clones=clones)
                target.chmod(0o755 if tree.executable(path) else 0o644)
            elif tree.resolve(path) is not None:
                target.symlink_to(os.fsdecode(tree.read(path)))
        except (Unreadable, OSError) as error:
            raise CannotJudge(f"cannot copy {path}: {error}") from error
    return folder


def _copied(tree: Tree, path: str, target: Path, *, clones: bool) -> bool:
    """Write a file, cloned where that gives the same bytes; whether cloning is worth a try for the next."""
    content = tree.read(path)
    place = tree.place(path) if clones and content else None
    with target.open("w+b") as file:
        if place is not None:
            clones = cloned(place, file.fileno())
            if clones and file.read() == content:
                return True
            file.seek(0)
            file.truncate()
        file.write(content)
    return clones


def cloned(place: str, target: int) -> bool:
    """Let an open, empty file share the blocks of another; False where the file system cannot, or there is no such file."""
    if sys.platform != "linux":
        return False
    import fcntl  # not there on Windows

    try:
        source = os.open(place, READING)
    except OSError:
        return False
    try:
        fcntl.ioctl(target, FICLONE, source)
    except OSError:
        return False
    finally:
        os.close(source)
    return True
