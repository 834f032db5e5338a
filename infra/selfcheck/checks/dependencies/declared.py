"""What is imported is declared, and what is declared is used."""

import posixpath
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from msgspec import Meta, Struct

from selfcheck.check import (
    Canary,
    Check,
    Evidence,
    Extractor,
    File,
    Finding,
    Globs,
    Repository,
    Seen,
    Strictness,
    Tree,
    leading_nowhere,
)
from selfcheck.checks.dependencies.canaries import canaries
from selfcheck.checks.dependencies.undeclared import Undeclared
from selfcheck.checks.dependencies.unused import Unused
from selfcheck.checks.dependencies.uses import Use, uses
from selfcheck.guardrail import RootPath, Text
from selfcheck.subjects import dependencies, imports
from selfcheck.subjects.dependencies import MANIFESTS, Matching, Projects, normal
from selfcheck.subjects.imports import STATEMENTS, Graph, Kind, Modules
from selfcheck.subjects.imports.kinds import mask

EVERYWHERE = (".",)


class Ignored(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A distribution or an import name that is not judged."""

    name: Text
    reason: Text


class DependenciesDeclared(Check, kw_only=True):
    """What Python modules import of other distributions is declared in a manifest, and what a manifest declares is used.

    A manifest is a pyproject.toml, setup.cfg, setup.py, Pipfile or requirement file. It speaks for the Python files below
    its folder, down to the next folder with manifests, whose files may use both.
    """

    subject: ClassVar[str | None] = "imports"
    strictness: ClassVar[Mapping[str, Strictness]] = {
        "roots": Strictness.MORE,
        "kinds": Strictness.MORE,
        "undeclared": Strictness.MORE,
        "unused": Strictness.MORE,
        "development": Strictness.LESS,
        "ignore": Strictness.LESS,
    }

    roots: Annotated[tuple[RootPath, ...], Meta(min_length=1)] = EVERYWHERE
    manifests: Globs = MANIFESTS
    kinds: tuple[Kind, ...] = (Kind.FUNCTION, Kind.LAZY, Kind.STAR)
    undeclared: bool = True
    unused: bool = True
    development: Globs | None = None
    import_names: dict[Text, Annotated[tuple[Text, ...], Meta(min_length=1)]] | None = None
    ignore: tuple[Ignored, ...] = ()

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each import name that a project does not declare, and for each dependency that it does not use."""
        projects = self.projects(repo)
        graph = self.graph(repo)
        found = uses(repo.tree, graph, projects)
        yield from self._account(repo, graph, projects)
        idle = {each.name for each in self.ignore}
        for finding in self._judge(repo, projects, found):
            if isinstance(finding, Evidence):
                yield finding
                continue
            ignored = self._ignoring(finding.data)
            idle -= ignored
            if not ignored:
                yield finding
        for name in sorted(idle):
            yield Finding(
                key=f"ignore {name}",
                message=f"`{name}` is ignored, and nothing would be found about it",
                hint="take it out of `ignore`",
            )

    def ahead(self, tree: Tree) -> Iterator[tuple[Extractor[Any], tuple[File, ...]]]:
        """The import statements of every module."""
        yield STATEMENTS, Modules(tree, EVERYWHERE).files

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """In each root a new import that is not declared, and a new dependency that is not used."""
        projects, graph = self.projects(repo), self.graph(repo)
        found = uses(repo.tree, graph, projects)
        owned = [path for path in self._judged(graph) if projects.owner(path) is not None]
        paths = {root: [path for path in owned if _is_below(path, root)] for root in self.roots}
        yield from canaries(repo.tree, projects, found, paths, undeclared=self.undeclared, unused=self.unused)

    def projects(self, repo: Repository) -> Projects:
        """The projects, read once a run."""
        return repo.subject(dependencies.read, repo.tree, self.manifests)

    def graph(self, repo: Repository) -> Graph:
        """All imports of the repository: a use outside the roots is a use."""
        return repo.subject(imports.read, repo.tree, repo.facts, EVERYWHERE)

    def _account(self, repo: Repository, graph: Graph, projects: Projects) -> Iterator[Seen]:
        paths = self._judged(graph)
        unread = {each.path for each in graph.unread}
        manifests = {path for project in projects.by_folder.values() for path in project.manifests}
        lost = {each.path for each in projects.unread}
        owned = sum(path not in unread and projects.owner(path) is not None for path in paths)
        yield Evidence("manifests", scope=len(manifests | lost), examined=len(manifests - lost))
        yield Evidence("Python files", scope=len(paths), examined=owned)
        yield from projects.unread
        yield from (each for each in graph.unread if self._is_judged(each.path))
        yield from leading_nowhere(repo.tree, (root for root in self.roots if root != "."))
        if self.manifests != MANIFESTS:
            yield from leading_nowhere(repo.tree, self.manifests)

    def _judge(self, repo: Repository, projects: Projects, found: list[Use]) -> Iterator[Finding | Evidence]:
        matching = Matching(self.import_names or {})
        if self.undeclared:
            wanted = mask(self.kinds)
            judged = [each for each in found if each.found.counts(wanted) and self._is_judged(each.found.path)]
            yield from Undeclared(repo.tree, projects, matching, found, self.development).judge(judged)
        if self.unused:
            yield from Unused(repo.tree, projects, matching, found).judge()

    def _ignoring(self, data: Mapping[str, Any]) -> set[str]:
        """The names on the list that a finding is about."""
        about = {data.get("import"), data.get("distribution"), *data.get("providers", ())}
        return {each.name for each in self.ignore if each.name in about or normal(each.name) in about}

    def _judged(self, graph: Graph) -> list[str]:
        return sorted(module.path for module in graph.modules.values() if self._is_judged(module.path))

    def _is_judged(self, path: str) -> bool:
        return any(_is_below(path, root) for root in self.roots)


def _is_below(path: str, root: str) -> bool:
    root = posixpath.normpath(root)
    return root == "." or path == root or path.startswith(f"{root}/")
