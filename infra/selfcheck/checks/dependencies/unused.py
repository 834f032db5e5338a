"""Dependencies that a manifest declares and nothing uses."""

from collections.abc import Iterable, Iterator

from selfcheck.check import Evidence, Finding, Location, Tree
from selfcheck.checks.dependencies.uses import Use, label
from selfcheck.subjects.dependencies import (
    Declared,
    Group,
    Matching,
    Project,
    Projects,
    is_companion,
    is_tool,
    mentioned,
    normal,
)

ELSEWHERE = 5
"""Of so many dependencies one is imported, or the code that they are for is not below the manifest."""


class Unused:
    """The runtime dependencies of each project against the imports in the files below its folder.

    What is optional or for development is not judged: tools are run, not imported. Nor is what nothing is known of.
    """

    def __init__(self, tree: Tree, projects: Projects, matching: Matching, found: Iterable[Use]) -> None:
        self._tree = tree
        self._projects = projects
        self._matching = matching
        self._found = list(found)
        self._own = {normal(each.name) for each in projects.by_folder.values() if each.name}

    def judge(self) -> Iterator[Finding | Evidence]:
        """One finding for each project and dependency."""
        declared = judged = 0
        for project in self._projects.by_folder.values():
            several = {each.name: each for each in reversed(project.declared) if each.group is Group.RUNTIME}
            told, idle = self._idle(project, several.values())
            named = self._named(project, idle)
            declared, judged = declared + len(several), judged + told
            yield from (self._finding(project, each) for each in idle if each.name not in named)
        if declared:
            yield Evidence("declared distributions", scope=declared, examined=judged)

    def _idle(self, project: Project, declared: Iterable[Declared]) -> tuple[int, list[Declared]]:
        """How many can be told of, and which of these nothing imports; none where the code seems to be elsewhere."""
        imported = self._imported(project)
        if imported is None:
            return 0, []
        told = [each for each in declared if self._can_tell(each) and not is_companion(each.name, imported)]
        idle = [each for each in told if not any(self._matching.provides(each.name, top) for top in imported)]
        return (0, []) if len(idle) == len(told) >= ELSEWHERE else (len(told), idle)

    def _imported(self, project: Project) -> set[str] | None:
        """What is imported below a project's folder; None where no Python file is there that could import anything."""
        below = f"{project.folder}/" if project.folder else ""
        found = {each.top for each in self._found if each.found.path.startswith(below)}
        return (
            found
            if found or any(path.startswith(below) and path.endswith(".py") for path in self._tree.kinds)
            else None
        )

    def _can_tell(self, each: Declared) -> bool:
        known = self._matching.names(each.name) is not None
        return known and not (each.conditional or each.pinned or each.name in self._own or is_tool(each.name))

    def _named(self, project: Project, idle: Iterable[Declared]) -> set[str]:
        """Those whose name or import name stands in the settings, scripts or strings below the folder."""
        words: dict[str, str] = {}
        for each in idle:
            words |= dict.fromkeys((each.written, each.name, *(self._matching.names(each.name) or ())), each.name)
        if not words:
            return set()
        manifests = [path for other in self._projects.by_folder.values() for path in other.manifests]
        return {words[word] for word in mentioned(self._tree, project.folder, words, manifests)}

    def _finding(self, project: Project, each: Declared) -> Finding:
        names = self._matching.names(each.name) or ()
        return Finding(
            key=label(f"unused {each.name}", project),
            message=f"{each.written} is declared, and nothing imports {' or '.join(names[:3])}",
            at=Location(each.path, each.line),
            hint="take it out; if it is used without an import, list it under `ignore` with the reason",
            data={"distribution": each.name, "imports": list(names), "manifest": each.path},
        )
