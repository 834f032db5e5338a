"""The projects of a repository: a folder with manifests owns the files below it, down to the next such folder."""

import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from selfcheck.errors import Unreadable
from selfcheck.model import Unread
from selfcheck.subjects.dependencies.declared import Declared
from selfcheck.subjects.dependencies.requirements import requirements
from selfcheck.subjects.dependencies.setuptools import setup_cfg, setup_py
from selfcheck.subjects.dependencies.tables import Read, pipfile, pyproject
from selfcheck.trees import File, Tree

MANIFESTS = (
    "**/pyproject.toml",
    "**/setup.cfg",
    "**/setup.py",
    "**/Pipfile",
    "**/*requirements*.txt",
    "**/*requirements*.in",
    "**/requirements/*.txt",
    "**/requirements/*.in",
    "!**/node_modules/**",
)
"""Where dependencies are declared, by the names that tools look for."""

READERS: dict[str, Callable[[str, str], Read | None]] = {
    "pyproject.toml": pyproject,
    "setup.cfg": setup_cfg,
    "setup.py": setup_py,
    "Pipfile": pipfile,
}


class Project(Struct, frozen=True):
    """A folder with one or more manifests, and all that they declare together; `name` as one of them has it."""

    folder: str
    name: str | None
    manifests: tuple[str, ...]
    declared: tuple[Declared, ...]


class Projects:
    """All projects of a tree, by their folders, and the manifests that could not be read."""

    def __init__(self, projects: Iterable[Project], unread: Iterable[Unread]) -> None:
        self.by_folder = {each.folder: each for each in projects}
        self.unread = tuple(unread)

    def owner(self, path: str) -> Project | None:
        """The innermost project that a file is in."""
        return next((self.by_folder[each] for each in _upward(posixpath.dirname(path)) if each in self.by_folder), None)

    def around(self, project: Project) -> list[Project]:
        """A project and those that it stands in, innermost first: what they declare, it may use."""
        return [self.by_folder[each] for each in _upward(project.folder) if each in self.by_folder]


def read(tree: Tree, patterns: tuple[str, ...]) -> Projects:
    """The projects that the manifests at these patterns make."""
    found: dict[str, list[tuple[str, Read]]] = {}
    unread: list[Unread] = []
    for file in tree.files(patterns):
        manifest = _manifest(tree, file, unread)
        if manifest is not None:
            found.setdefault(_folder(file.path), []).append((file.path, manifest))
    projects = [_project(tree, folder, several, unread) for folder, several in sorted(found.items())]
    return Projects(projects, unread)


def _manifest(tree: Tree, file: File, unread: list[Unread]) -> Read | None:
    reader = READERS.get(posixpath.basename(file.path))
    if reader is None:
        several, missed = requirements(tree, file.path)
        unread += missed
        return Read(None, tuple(several))
    try:
        return reader(file.path, file.text or "")
    except Unreadable as reason:
        unread.append(Unread(file.path, str(reason)))
        return None


def _project(tree: Tree, folder: str, manifests: Sequence[tuple[str, Read]], unread: list[Unread]) -> Project:
    declared: dict[tuple[str, str, int | None, str], Declared] = {}
    for path, manifest in manifests:
        several = list(manifest.declared)
        for name, group in manifest.files:
            named = posixpath.normpath(posixpath.join(folder, name))
            if tree.file(named) is None:
                unread.append(Unread(path, f"names the requirement file {name}, which is not there"))
                continue
            more, missed = requirements(tree, named, group)
            several += more
            unread += missed
        if manifest.computed is not None and not _is_known_elsewhere(path, manifests):
            unread.append(Unread(path, f"{manifest.computed}; list what it asks for in a manifest that can be read"))
        for each in several:
            declared.setdefault((each.path, each.name, each.line, each.group), each)
    called = next((manifest.name for _, manifest in manifests if manifest.name), None)
    return Project(folder, called, tuple(path for path, _ in manifests), tuple(declared.values()))


def _is_known_elsewhere(path: str, manifests: Sequence[tuple[str, Read]]) -> bool:
    """Whether another manifest beside a computing one says what it computes: it reads that, as a rule."""
    others = [(other, manifest) for other, manifest in manifests if other != path]
    return any(manifest.files or any(each.group == "runtime" for each in manifest.declared) for _, manifest in others)


def _folder(path: str) -> str:
    """The folder that a manifest is about: of a file in `requirements/`, the one above."""
    folder = posixpath.dirname(path)
    return posixpath.dirname(folder) if posixpath.basename(folder) == "requirements" else folder


def _upward(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""
