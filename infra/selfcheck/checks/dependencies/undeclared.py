"""Imports that no manifest declares."""

import re
from collections.abc import Iterable, Iterator, Sequence

from selfcheck.check import Evidence, Finding, Location, Tree, Unreadable
from selfcheck.checks.dependencies.uses import Use, label
from selfcheck.subjects.dependencies import Declared, Group, Matching, Project, Projects, inline, providers
from selfcheck.trees.globs import matcher

SHOWN = 3
"""How many distributions a hint names."""


class Undeclared:
    """The imports of a repository against what the projects declare that they stand in.

    One that is guarded or for a type checker may be declared for development; others may not where `development` says.
    """

    def __init__(
        self,
        tree: Tree,
        projects: Projects,
        matching: Matching,
        every: Iterable[Use],
        development: Iterable[str] | None,
    ) -> None:
        self._tree = tree
        self._projects = projects
        self._matching = matching
        self._ours = set(_ours(tree, projects))
        self._known: dict[tuple[str, str, bool, bool], bool] = {}
        self._imported = {each.top for each in every}
        self._is_development = matcher(("**",) if development is None else tuple(development))

    def judge(self, found: Iterable[Use]) -> Iterator[Finding | Evidence]:
        """One finding for each project and import name."""
        names: dict[tuple[str, str], list[Use]] = {}
        for each in found:
            names.setdefault((each.project.folder, each.top), []).append(each)
        untold = 0
        for (_, top), several in names.items():
            missing = [each for each in several if not self._is_declared(each)]
            if not missing or (top in self._ours and not providers(top)):
                continue
            if self._matching.may_be_unknown(top, self._visible(several[0].project), self._imported):
                untold += 1
            else:
                yield self._finding(top, missing)
        if names:
            yield Evidence("imported packages", scope=len(names), examined=len(names) - untold)

    def _is_declared(self, use: Use) -> bool:
        runtime = not (use.is_typing or use.is_guarded or self._is_development(use.found.path))
        asked = (use.project.folder, use.top, use.is_typing, runtime)
        if asked not in self._known:
            visible = (
                each for each in self._visible(use.project) if not runtime or each.group is not Group.DEVELOPMENT
            )
            self._known[asked] = self._is_among(visible, use)
        return self._known[asked] or self._is_among(self._inline(use.found.path), use)

    def _is_among(self, declared: Iterable[Declared], use: Use) -> bool:
        return any(self._matching.provides(each.name, use.top, stubs=use.is_typing) for each in declared)

    def _inline(self, path: str) -> tuple[Declared, ...]:
        """What a script declares in itself."""
        file = self._tree.file(path)
        try:
            return inline("" if file is None else file.text or "")
        except Unreadable:
            return ()

    def _visible(self, project: Project) -> list[Declared]:
        return [each for around in self._projects.around(project) for each in around.declared]

    def _finding(self, top: str, missing: Sequence[Use]) -> Finding:
        first, project = missing[0].found, missing[0].project
        importers = sorted({each.found.importer for each in missing})
        known = providers(top)[:SHOWN]
        where = " or ".join(project.manifests[:SHOWN])
        late = any(self._matching.provides(each.name, top) for each in self._visible(project))
        more = f" and {len(importers) - 1} more" if len(importers) > 1 else ""
        return Finding(
            key=label(f"undeclared {top}", project),
            message=f"{first.importer}{more} import{'' if more else 's'} {top}, which "
            + ("is declared for development only" if late else "no manifest declares"),
            at=Location(first.path, first.line),
            hint=f"declare {' or '.join(known) or 'what it comes from'} in {where}",
            data={
                "import": top,
                "providers": list(known),
                "importers": importers,
                "manifests": list(project.manifests),
            },
        )


def _ours(tree: Tree, projects: Projects) -> Iterator[str]:
    """What a path on `sys.path` may make a top-level name: modules and folders of any depth, and the projects."""
    for path in tree.kinds:
        if path.endswith(".py"):
            folder, _, name = path.rpartition("/")
            yield name.removesuffix(".py")
            yield folder.rpartition("/")[2]
    for project in projects.by_folder.values():
        if project.name:
            yield re.sub(r"[-.]+", "_", project.name)
