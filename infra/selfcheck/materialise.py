"""A tree written to a folder, for programs: a copy of each file, never a hard link (a write through one would reach the user's)."""

import os
import tempfile
from pathlib import Path

from selfcheck.errors import CannotJudge, Unreadable
from selfcheck.trees import Kind, Tree


def materialise(tree: Tree, parent: Path) -> Path:
    """A new folder below `parent` with every file and link of the tree.

    Links that lead out of the tree are left out: a program could write through them.

    Raises:
        CannotJudge: a file could not be read or written.

    """
    folder = Path(tempfile.mkdtemp(dir=parent))
    for path, kind in tree.kinds.items():
        target = folder / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if kind is Kind.FILE:
                target.write_bytes(tree.read(path))
                target.chmod(0o755 if tree.executable(path) else 0o644)
            elif tree.resolve(path) is not None:
                target.symlink_to(os.fsdecode(tree.read(path)))
        except (Unreadable, OSError) as error:
            raise CannotJudge(f"cannot copy {path}: {error}") from error
    return folder
