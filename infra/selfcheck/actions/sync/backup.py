"""What the file no longer has, exported before it is switched off: on disk, under a name that its content decides."""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from selfcheck.actions.sync.request import SyncError
from selfcheck.writing import replace

PREFIX = "orphaned-rules-"


def export(root: Path, folder: str, mirror: str, rows: Sequence[Mapping[str, Any]], moment: str) -> str:
    """The path, from the root, of a backup of these rows; one of the same content that is there already serves.

    Raises:
        SyncError: it cannot be written; the rows are as they were.
    """
    content = json.dumps(
        {"mirror": mirror, "rules": list(rows)}, ensure_ascii=False, indent=2, sort_keys=True, default=str
    )
    digest = hashlib.sha256(content.encode("utf-8", "backslashreplace")).hexdigest()[:12]
    place = root / folder
    try:
        if not _deepest(place).resolve().is_relative_to(root.resolve()):
            raise SyncError(f"{folder}: leads out of the repository; nothing was written")
        place.mkdir(parents=True, exist_ok=True)
        for path in sorted(place.glob(f"{PREFIX}*-{digest}.json")):
            if not path.is_symlink() and path.read_text(encoding="utf-8", errors="replace") == f"{content}\n":
                return f"{folder}/{path.name}"
        stamp = moment[:19].replace("-", "").replace(":", "")
        name = f"{PREFIX}{stamp}Z-{digest}.json"
        replace(place / name, f"{content}\n")
        _settle(place)
    except OSError as error:
        raise SyncError(f"{folder}: the backup cannot be written ({error.strerror}); nothing was changed") from error
    return f"{folder}/{name}"


def _deepest(place: Path) -> Path:
    """The deepest folder on the way that is there."""
    while not place.exists() and not place.is_symlink():
        place = place.parent
    return place


def _settle(folder: Path) -> None:
    """The name itself on disk; Windows has no such call for folders."""
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
