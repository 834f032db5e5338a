"""Edits that break the contract between imports and manifests."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from selfcheck.check import Append, Canary, Edit, File, Tree, Unprovable, Unreadable, Write
from selfcheck.checks.dependencies.uses import Use, label
from selfcheck.subjects.dependencies import Group, Project, Projects, least_known, mentioned, pyproject

TRIED = 50
"""How many distributions are looked for in settings and strings until one is not there."""

INSERTIONS = {
    "pyproject.toml": (
        (re.compile(r"^\[project\][^\n]*\n(?:(?!\[)[^\n]*\n)*?dependencies\s*=\s*\[", re.MULTILINE), '"{name}",'),
        (re.compile(r"^\[tool\.poetry\.dependencies\][^\n]*\n", re.MULTILINE), '{name} = "*"\n'),
        (re.compile(r"^\[project\][^\n]*\n", re.MULTILINE), 'dependencies = ["{name}"]\n'),
    ),
    "setup.cfg": ((re.compile(r"^install_requires\s*=", re.MULTILINE), "\n    {name}"),),
    "Pipfile": ((re.compile(r"^\[packages\][^\n]*\n", re.MULTILINE), '{name} = "*"\n'),),
}
"""Where a dependency can be written into a manifest, and how."""


def canaries(
    tree: Tree,
    projects: Projects,
    found: Iterable[Use],
    paths: Mapping[str, Sequence[str]],
    *,
    undeclared: bool,
    unused: bool,
) -> Iterator[Canary]:
    """A new import that is not declared, in the first of the files of each root, and a new dependency that is not used."""
    taken = {each.top for each in found}
    taken |= {each.name for project in projects.by_folder.values() for each in project.declared}
    names = [name for name in least_known() if name not in taken][:TRIED]
    named = mentioned(tree, "", names, ())
    name = next(each for each in names if each not in named)
    if undeclared:
        yield from _once(_importing(projects, several, name, root) for root, several in paths.items())
    if unused:
        yield _declaring(tree, projects, name)


def _once(found: Iterable[Canary]) -> Iterable[Canary]:
    """Each canary once: a root may stand in another."""
    return {each.title: each for each in found}.values()


def _importing(projects: Projects, paths: Sequence[str], name: str, root: str) -> Canary:
    for path in paths:
        project = projects.owner(path)
        if project is not None:
            edit = Append(path, f"\nimport {name}\n".encode())
            return Canary(f"let {path} import {name}", (edit,), label(f"undeclared {name}", project))
    where = "" if root == "." else f" of {root}"
    raise Unprovable(f"no Python file{where} stands below a manifest")


def _declaring(tree: Tree, projects: Projects, name: str) -> Canary:
    for project in projects.by_folder.values():
        if any(path.endswith(".py") and projects.owner(path) is project for path in tree.kinds):
            for path in project.manifests:
                file = tree.file(path)
                edit = None if file is None else _edit(file, project, name)
                if edit is not None:
                    return Canary(f"declare {name} in {path}", (edit,), label(f"unused {name}", project))
    raise Unprovable("no manifest has a place where a dependency could be written")


def _edit(file: File, project: Project, name: str) -> Edit | None:
    kind = posixpath.basename(file.path)
    if kind.endswith((".txt", ".in")):
        asked = [each for each in project.declared if each.path == file.path]
        free = asked and not any(each.pinned or each.group is not Group.RUNTIME for each in asked)
        return Append(file.path, f"\n{name}\n".encode()) if free else None
    try:
        text = file.text or ""
    except Unreadable:
        return None
    for place, form in INSERTIONS.get(kind, ()):
        if match := place.search(text):
            written = text[: match.end()] + form.format(name=name) + text[match.end() :]
            if kind != "pyproject.toml" or _declares(file.path, written, name):
                return Write(file.path, written.encode())
    return None


def _declares(path: str, text: str, name: str) -> bool:
    """Whether the edited text is still TOML, and says what it should."""
    try:
        found = pyproject(path, text)
    except Unreadable:
        return False
    return found is not None and any(each.name == name and each.group is Group.RUNTIME for each in found.declared)
