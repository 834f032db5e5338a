"""What is saved in a repository, as far as it is judged; what git ignores is not even looked at."""

import importlib
import os
import signal
from collections.abc import Generator, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple, Protocol, cast

from selfcheck.cli import opening
from selfcheck.cli.messages import say
from selfcheck.errors import CannotOpen, SelfcheckError, Stopped, UsageError
from selfcheck.git import untracked_folders
from selfcheck.rulebook import discover, given
from selfcheck.trees import Directory, Tree
from selfcheck.trees.directory import is_passed_over
from selfcheck.workers import STOPPING

GATHERED, QUIET = 1_600, 50
"""Milliseconds for which changes are gathered at most, and in which none comes where they are over before."""
POLLING = "WATCHFILES_FORCE_POLLING"
BETWEEN = 300
"""Milliseconds between two looks, where the system does not tell of changes."""


class Saved(NamedTuple):
    """The tree as it is now, and the paths that changed since the last one."""

    tree: Tree
    paths: tuple[str, ...]


class _Watcher(AbstractContextManager["_Watcher"], Protocol):
    """Hears of changes as soon as it is made: https://watchfiles.helpmanual.io/api/rust_backend/."""

    def watch(self, debounce_ms: int, step_ms: int, timeout_ms: int, stop_event: None, /) -> set[tuple[int, str]] | str:
        """What has changed since it was asked last; a text where a signal's handler raised, which is swallowed."""
        ...


class Saves:
    """A repository under watch: each folder that holds a judged file, and that of the rulebook.

    Raises:
        UsageError: watchfiles is not installed, or there is no rulebook.
    """

    def __init__(self, path: Path | None) -> None:
        self._backend = _backend()
        sources = discover(Path.cwd()) if path is None else given(path, Path.cwd())
        self._root = str(sources.root.resolve())
        beside = self._root if path is None else str(path.parent.resolve())
        self._rulebook = {os.path.join(beside, source.name) for source in sources.files}
        self._before: Mapping[str, object] | None = None
        self._bare: set[str] | None = None

    def each(self) -> Generator[Saved]:
        """The tree as it stands, then as it stands after each change of what is judged.

        Raises:
            CannotOpen: the folders cannot be watched.
            Stopped: a signal asks the process to end.
        """
        folders = frozenset((self._root,))
        changed: set[str] = set()
        while True:
            with closing(self._batches(folders)) as batches:
                for batch in batches:
                    changed |= batch
                    tree, wanted = self._looked(folders, batch)
                    if wanted != folders or not batch.isdisjoint(folders):
                        folders = wanted  # a new folder is not watched yet, nor is one that went and came back
                        break
                    if tree is not None:
                        yield from self._saved(tree, changed)
                        changed = set()

    def _batches(self, folders: frozenset[str]) -> Generator[frozenset[str]]:
        """Nothing, as soon as the folders are watched; then the paths that changed, as often as some do."""
        try:
            watcher = self._watcher(folders)
        except FileNotFoundError:
            yield folders  # one has gone since it was looked at
            return
        except (OSError, RuntimeError) as error:
            remedy = f"{POLLING}=1 makes it look by itself, again and again"
            raise CannotOpen(f"{self._root}: cannot be watched: {error}; {remedy}") from error
        with _hearing() as heard, watcher:
            yield frozenset()
            while True:
                try:
                    changes = watcher.watch(GATHERED, QUIET, 0, None)
                except RuntimeError:
                    yield folders  # it lost count; whatever it watches may have changed
                    return
                if isinstance(changes, str):
                    raise Stopped(heard[0])
                yield frozenset(path for _, path in changes)

    def _watcher(self, folders: frozenset[str]) -> _Watcher:
        polls = os.environ.get(POLLING, "").lower() not in ("", "false", "disable", "disabled")
        made = self._backend.RustNotify(sorted(folders), False, polls, BETWEEN, False, True)  # noqa: FBT003
        return cast("_Watcher", made)

    def _looked(self, folders: frozenset[str], batch: frozenset[str]) -> tuple[Tree | None, frozenset[str]]:
        """The tree and the folders to watch; a repository that cannot be read now may be read after the next change."""
        if not os.path.isdir(self._root):
            raise CannotOpen(f"{self._root}: is gone")
        try:
            tree = opening.directory(Path(self._root))
            wanted = {os.path.dirname(file) for file in self._rulebook} | set(_filled(self._root, tree))
            if self._bare is None or any(map(os.path.isdir, batch)):
                self._bare = set(_bare(self._root, tree))
            wanted |= self._bare
        except SelfcheckError as error:
            say(str(error))
            return None, folders
        # Of what a sparse checkout leaves out there may be no folder.
        return tree, frozenset(folder for folder in wanted if os.path.isdir(folder))

    def _saved(self, tree: Tree, changed: set[str]) -> Iterator[Saved]:
        """What is judged and has changed, if any of it has; at first the tree as it stands."""
        now, before = tree.kinds, self._before
        self._before = now
        if before is None:
            yield Saved(tree, ())
            return
        paths = {os.path.relpath(path, self._root).replace(os.sep, "/") for path in changed & self._rulebook}
        paths |= now.keys() ^ before.keys()
        for path in changed:
            relative = os.path.relpath(path, self._root).replace(os.sep, "/")
            if relative in now or relative == ".":
                paths.add(relative)
        if paths:
            yield Saved(tree, tuple(sorted(paths)))


def _bare(root: str, tree: Directory) -> Iterator[str]:
    """Folders in which nothing is judged yet and something may be saved: not those that are ignored."""
    tops = [root]
    if tree.git is not None:
        tops = [os.path.join(root, os.fsdecode(folder)) for folder in untracked_folders(tree.git, Path(root))]
    for top in tops:
        for folder, below, _ in os.walk(top):
            below[:] = [name for name in below if not is_passed_over(os.path.join(folder, name))]
            if os.path.exists(os.path.join(folder, ".git")):
                below.clear()  # a repository of its own
            else:
                yield folder


def _filled(root: str, tree: Tree) -> Iterator[str]:
    """Each folder of the tree, the root among them, once."""
    met = {""}
    yield root
    for path in tree.kinds:
        folder = path.rpartition("/")[0]
        while folder not in met:
            met.add(folder)
            yield f"{root}/{folder}"
            folder = folder.rpartition("/")[0]


def _backend() -> Any:
    try:
        return importlib.import_module("watchfiles._rust_notify")
    except ImportError as error:
        raise UsageError(f"watch needs watchfiles ({error}): pip install 'selfcheck[watch]'") from error


@contextmanager
def _hearing() -> Generator[list[int]]:
    """Within, the signals that ask the process to end are noted before they are handled."""
    heard: list[int] = []
    handlers = {number: signal.getsignal(number) for number in STOPPING}

    def hear(number: int, frame: FrameType | None) -> None:
        heard.append(number)
        handler = handlers[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    for number in STOPPING:
        signal.signal(number, hear)
    try:
        yield heard
    finally:
        if not heard:  # otherwise their handler has taken care that no second one disturbs the end
            for number, handler in handlers.items():
                signal.signal(number, handler)
