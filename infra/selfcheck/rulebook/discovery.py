"""Where a rulebook stands: from a folder upwards, up to the repository's top and no further."""

import os
import posixpath
import re
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from selfcheck.errors import CannotOpen, Unreadable, UsageError
from selfcheck.git import top
from selfcheck.trees import Tree

PLACES = ("guardrails", "guardrails.yaml", "infra/selfcheck/guardrails.yaml")
ENDINGS = (".yaml", ".yml")
KEYS = tuple(re.compile(rb"^[ \t]*[\"']?%b[\"']?[ \t]*:" % key, re.MULTILINE) for key in (b"version", b"guardrails?"))
"""What a file of a rulebook holds, well-formed or not; a folder of other YAML may have one of them."""
LARGEST = 5_000_000


class Source(Struct, frozen=True):
    """The bytes of one rulebook file and the name that faults call it by."""

    name: str
    content: bytes


class Sources(Struct, frozen=True):
    """The folder that is judged and the files of its rulebook, in the order of their names."""

    root: Path
    files: tuple[Source, ...]


def discover(start: Path) -> Sources:
    """The closest rulebook at or above a folder.

    Raises:
        UsageError: there is none, there are two, or one cannot be read.

    """
    place = find(start)
    if place is None:
        raise UsageError(_nothing(_folders(start.resolve())))
    root = _root(place)
    return Sources(root, _read(root, place))


def find(start: Path) -> Path | None:
    """The file or folder of the closest rulebook at or above a folder, if there is one.

    Raises:
        UsageError: there are two in one folder.
    """
    start = start.resolve()
    for folder in _folders(start):
        found = [place for place in PLACES if _counts(folder / place)]
        if len(found) > 1:
            raise UsageError(f"{found[1]}:1:1: is a second rulebook beside {found[0]}; keep one of them")
        if found:
            return folder / found[0]
    return None


def _folders(start: Path) -> list[Path]:
    """The folders in which is looked: from here up to the repository's top."""
    last = top(start) or start
    return [folder for folder in (start, *start.parents) if folder.is_relative_to(last)]


def _root(place: Path) -> Path:
    """The folder that a rulebook in one of its usual places judges."""
    nested = place.parts[-3:-1] == ("infra", "selfcheck") and not (place.parent / ".git").exists()
    return place.parents[2] if nested else place.parent


def in_tree(tree: Tree, start: str) -> tuple[str, tuple[Source, ...]]:
    """The folder and the files of the closest rulebook at or above a folder of a tree that stands on no disk.

    Raises:
        UsageError: there is none, or there are two.
        CannotOpen: one cannot be read.
    """
    folder = start
    while True:
        found = [place for place in PLACES if _counts_in(tree, posixpath.join(folder, place))]
        if len(found) > 1:
            raise UsageError(f"{folder or '.'}: two rulebooks, {' and '.join(found)}; keep one")
        if found:
            paths = _files_in(tree, posixpath.join(folder, found[0]))
            names = (posixpath.relpath(path, folder or ".") for path in paths)
            return folder, tuple(Source(name, _read_in(tree, path)) for name, path in zip(names, paths, strict=True))
        if not folder:
            raise UsageError(f"no rulebook in this revision: no {', '.join(PLACES)}; name one with --guardrails PATH")
        folder = posixpath.dirname(folder)


def at(tree: Tree, place: str) -> tuple[Source, ...]:
    """The rulebook file or folder at a path of a tree that stands on no disk; nothing where there is none.

    Raises:
        CannotOpen: it cannot be read.
    """
    above = posixpath.dirname(place)
    return tuple(Source(posixpath.relpath(path, above or "."), _read_in(tree, path)) for path in _files_in(tree, place))


def _counts_in(tree: Tree, place: str) -> bool:
    files = _files_in(tree, place)
    return (place.endswith(ENDINGS) and bool(files)) or any(_has_keys(_read_in(tree, path)) for path in files)


def _read_in(tree: Tree, path: str) -> bytes:
    try:
        content = tree.read(path)
    except Unreadable as error:
        raise CannotOpen(f"{path}: {error}") from error
    if len(content) > LARGEST:
        raise UsageError(f"{path}:1:1: is larger than {LARGEST:,} bytes")
    return content


def _files_in(tree: Tree, place: str) -> list[str]:
    if place.endswith(ENDINGS):
        return [place] if tree.file(place) else []
    return sorted(file.path for ending in ENDINGS for file in tree.files((f"{place}/*{ending}",)))


def given(path: Path, start: Path) -> Sources:
    """The rulebook at a path that the user named; what is judged is the repository around `start`."""
    start = start.resolve()
    if not path.exists():
        raise UsageError(f"{path}: there is no such file or folder")
    files = _read(path.parent, path)
    if not files:
        raise UsageError(f"{path}: holds no .yaml file")
    return Sources(top(start) or start, files)


def _counts(place: Path) -> bool:
    """A file counts; a folder counts if one of its YAML files has the keys of a rulebook."""
    if place.suffix in ENDINGS:
        return place.exists() or place.is_symlink()
    return any(_may_be_rulebook(file) for file in _yaml_files(place) if file.is_file())


def _may_be_rulebook(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST)
    except OSError:
        return True  # what cannot be read may be a rulebook; reading it says why
    return _has_keys(content)


def _has_keys(content: bytes) -> bool:
    return all(key.search(content) for key in KEYS)


def _yaml_files(folder: Path) -> list[Path]:
    if folder.is_symlink() or not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix in ENDINGS)


def _read(root: Path, place: Path) -> tuple[Source, ...]:
    files = _yaml_files(place) if place.is_dir() and place.suffix not in ENDINGS else [place]
    return tuple(Source(file.relative_to(root).as_posix(), _content(file, root)) for file in files)


def _content(file: Path, root: Path) -> bytes:
    name = file.relative_to(root).as_posix()
    if not name.isprintable():
        raise UsageError(f"{name!a}:1:1: has a name that cannot be printed; rename the file")
    # Unlike Path.resolve, realpath does not raise where links lead in a circle.
    if file.is_symlink() and not Path(os.path.realpath(file)).is_relative_to(root.resolve()):
        raise UsageError(f"{name}:1:1: is a symbolic link out of the repository; a rulebook is a file of its own")
    if not file.is_file():
        raise UsageError(f"{name}:1:1: is not a file; a rulebook is a YAML file, or a folder named guardrails/ of them")
    try:
        if file.stat().st_size > LARGEST:
            raise UsageError(f"{name}:1:1: is larger than {LARGEST:,} bytes")
        return file.read_bytes()
    except OSError as error:
        raise CannotOpen(f"{name}: {error.strerror}") from error


def _nothing(folders: Sequence[Path]) -> str:
    """Where was looked, and what stands there under the name of a rulebook and is none."""
    start, last = folders[0], folders[-1]
    for near in (folder / PLACES[0] for folder in folders):
        name = near.relative_to(last).as_posix()
        if near.is_symlink():
            return f"{name}:1:1: is a symbolic link, which is not followed; a rulebook folder is one of its own"
        if near.is_dir():
            return (
                f"{name}:1:1: holds no YAML file with `version` and `guardrails`; `selfcheck init` writes a first one"
            )
    looked = f"{start}" if start == last else f"{start} up to {last}"
    return f"no rulebook from {looked}: no {', '.join(PLACES)}; `selfcheck init` writes a first one"
