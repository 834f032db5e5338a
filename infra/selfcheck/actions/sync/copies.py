"""Copies of one source for the platforms that read other files: planned, then written; what people wrote is kept."""

import hashlib
import os
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from selfcheck.actions.sync.request import Refused, SyncError
from selfcheck.checks.instructions.copies import InstructionsCopies
from selfcheck.errors import Unreadable
from selfcheck.subjects.instructions.documents import read_document, rendered
from selfcheck.subjects.instructions.platforms import by_id, table
from selfcheck.writing import replace

BACKUPS = ".claude/backups"


class Need(StrEnum):
    """What a copy needs."""

    NOTHING = "up to date"
    NEW = "is written"
    STALE = "is brought up to date"
    BY_HAND = "was written or edited by hand"


class CopyPlan(Struct, frozen=True):
    """One copy: where it lies, what it will hold, what it needs."""

    path: str
    content: str
    need: Need


def plan_copies(root: Path, check: InstructionsCopies) -> tuple[CopyPlan, ...]:
    """The copies that the guardrail names, and those that are there already.

    Raises:
        Refused: the source cannot be read, or a copy leads out of the repository.
    """
    try:
        source = _within(root, check.source).read_bytes()
        read_document(source)  # a copy of what is no text would be none
        text = source.decode("utf-8")
    except OSError as error:
        raise Refused(f"{check.source}: {error.strerror}; nothing was written") from error
    except (Unreadable, UnicodeDecodeError):
        raise Refused(f"{check.source}: is no text in UTF-8; nothing was written") from None
    found: dict[str, CopyPlan] = {}
    for platform in table().platforms:
        path = platform.copy
        is_named = platform.id in check.copies
        if path is None or path == check.source or ((root / path).is_symlink() and not is_named):
            continue
        file = _within(root, path)
        is_there = file.is_file() and not file.is_symlink()
        if is_named or (is_there and _is_copy(file, check.source)):
            content = rendered(check.source, text, platform.front)
            found[path] = CopyPlan(path, content, _need(file, content, root / check.source, check.source))
    return tuple(found.values())


def write_copies(root: Path, plans: tuple[CopyPlan, ...], *, force: bool) -> list[str]:
    """What was written, and the backups of what was written by hand.

    Raises:
        Refused: something was written by hand, and nothing is forced.
        SyncError: a file cannot be written; those before it are.
    """
    by_hand = [each.path for each in plans if each.need is Need.BY_HAND]
    if by_hand and not force:
        said = f"{', '.join(by_hand)}: {Need.BY_HAND.value}; nothing was written"
        raise Refused(f"{said}; --force overwrites it and keeps a backup in {BACKUPS}")
    done: list[str] = []
    for each in plans:
        if each.need is Need.NOTHING:
            continue
        file = _within(root, each.path)
        try:
            if each.need is Need.BY_HAND and file.exists():
                done.append(f"backup: {_kept(root, file, each.path)}")
            file.parent.mkdir(parents=True, exist_ok=True)
            if file.is_symlink():
                file.unlink()
            replace(file, each.content)
        except OSError as error:
            raise SyncError(f"{each.path}: {error.strerror}; it is as it was") from error
        done.append(f"wrote {each.path}")
    return done


def unknown_platforms(check: InstructionsCopies) -> list[str]:
    """Names that no platform has, or that of one for which no copy is made."""
    return [name for name in check.copies if (found := by_id(name)) is None or found.copy is None]


def _need(file: Path, content: str, source: Path, name: str) -> Need:
    if file.is_symlink():
        return Need.NOTHING if file.resolve() == source.resolve() else Need.BY_HAND
    if not file.exists():
        return Need.NEW
    there = file.read_bytes().replace(b"\r\n", b"\n")
    if there == content.encode():
        return Need.NOTHING
    try:
        copy = read_document(there).copy
    except Unreadable:
        copy = None
    return Need.STALE if copy is not None and copy.of == name and copy.is_untouched else Need.BY_HAND


def _is_copy(file: Path, source: str) -> bool:
    try:
        copy = read_document(file.read_bytes()).copy
    except (OSError, Unreadable):
        return False
    return copy is not None and copy.of == source


def _within(root: Path, path: str) -> Path:
    file = root / path
    if not file.parent.resolve().is_relative_to(root.resolve()) or not file.resolve().is_relative_to(root.resolve()):
        raise Refused(f"{path}: leads out of the repository; nothing was written")
    return file


def _kept(root: Path, file: Path, path: str) -> str:
    """A backup of what somebody wrote, under a name that its content decides."""
    content = file.read_bytes()
    folder = _within(root, f"{BACKUPS}/x").parent
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{path.replace('/', '-').lstrip('.')}.{hashlib.sha256(content).hexdigest()[:12]}.bak"
    backup = folder / name
    if not backup.exists():
        temporary = backup.with_suffix(".new")
        with temporary.open("wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        temporary.replace(backup)
    return f"{BACKUPS}/{name}"
