"""The imports of other distributions in a repository, each with the project that owns its file."""

import posixpath

from msgspec import Struct

from selfcheck.check import Tree
from selfcheck.subjects.dependencies import NO_DISTRIBUTIONS, Project, Projects
from selfcheck.subjects.imports import Graph, Import, Kind
from selfcheck.subjects.imports.places import COMPILED
from selfcheck.subjects.imports.standard import is_standard

SETUP = ("setuptools", "pkg_resources")
"""What a setup.py is run with, declared or not."""


class Use(Struct, frozen=True):
    """One import of a top-level name from outside, in a file of a project."""

    top: str
    project: Project
    found: Import

    @property
    def is_guarded(self) -> bool:
        """Whether the code goes on where the import fails."""
        return bool(self.found.flags & Kind.GUARDED.bit)

    @property
    def is_typing(self) -> bool:
        """Whether only a type checker follows it."""
        return bool(self.found.flags & Kind.TYPE_CHECKING.bit)


def uses(tree: Tree, graph: Graph, projects: Projects) -> list[Use]:
    """All imports from outside in the files of projects, in the order of the files."""
    compiled = {posixpath.basename(path).partition(".")[0] for path in tree.kinds if path.endswith(COMPILED)}
    ours = NO_DISTRIBUTIONS | compiled
    found: list[Use] = []
    for each in graph.outside:
        top = each.imported.partition(".")[0]
        if top in ours or is_standard(top) or (top in SETUP and posixpath.basename(each.path) == "setup.py"):
            continue
        project = projects.owner(each.path)
        if project is not None:
            found.append(Use(top, project, each))
    return found


def label(what: str, project: Project) -> str:
    """The key of a finding about a project; that at the root needs no name."""
    return f"{what} in {project.name or project.folder}" if project.folder else what
