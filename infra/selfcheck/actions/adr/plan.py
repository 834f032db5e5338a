"""A change to several files at once, made whole or not at all."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from selfcheck.errors import CannotOpen


class Plan(Struct, frozen=True):
    """What files are to hold, by path from the root; and what is worth saying about it."""

    files: Mapping[str, bytes]
    notes: tuple[str, ...] = ()

    def without_idle(self, root: Path) -> "Plan":
        """The plan without files that hold what they should already."""
        kept = {path: content for path, content in self.files.items() if _held(root / path) != content}
        return Plan(kept, self.notes)


def apply(plan: Plan, root: Path) -> None:
    """Every file written beside its place first, then all put there; what goes wrong on the way is undone.

    Raises:
        CannotOpen: a file cannot be written, or a path leads through a link; nothing is changed then.
    """
    staged: list[tuple[Path, str, bytes | None]] = []
    made: list[Path] = []
    done: list[tuple[Path, bytes | None]] = []
    place = root
    try:
        for path, content in plan.files.items():
            place = root / path
            _refuse_links(root, path)
            made += _folders(place.parent)
            staged.append((place, _staged(place, content), _held(place)))
        for place, name, before in staged:
            os.replace(name, place)
            done.append((place, before))
    except OSError as error:
        _undo(staged, done, made)
        raise CannotOpen(f"{place.relative_to(root).as_posix()}: {error.strerror}; nothing was changed") from error
    except BaseException:
        _undo(staged, done, made)
        raise


def _staged(place: Path, content: bytes) -> str:
    """The name of a new file beside a place that holds the content, on disk."""
    descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    with open(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.chmod(name, place.stat().st_mode & 0o777 if place.exists() else 0o644)
    return name


def _undo(
    staged: list[tuple[Path, str, bytes | None]], done: list[tuple[Path, bytes | None]], made: list[Path]
) -> None:
    for place, before in done:
        if before is None:
            place.unlink(missing_ok=True)
        else:
            place.write_bytes(before)
    for _, name, _ in staged:
        Path(name).unlink(missing_ok=True)
    for folder in reversed(made):
        folder.rmdir()


def _folders(folder: Path) -> list[Path]:
    """The folders that had to be made, outermost first."""
    missing: list[Path] = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir()
    return missing[::-1]


def _refuse_links(root: Path, path: str) -> None:
    place = root
    for part in Path(path).parts:
        place /= part
        if place.is_symlink():
            raise CannotOpen(f"{path}: leads through a symbolic link; nothing was changed")


def _held(place: Path) -> bytes | None:
    return place.read_bytes() if place.is_file() else None
