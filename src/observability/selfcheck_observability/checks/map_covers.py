"""How much of the sources serves a goal."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from selfcheck.check import Canary, Evidence, Finding, Repository, Seen, Strictness, Unprovable
from selfcheck.trees.globs import Glob
from selfcheck_observability.checks.map import NAME, MapCheck
from selfcheck_observability.map.measure import assigned
from selfcheck_observability.map.model import Map, linked

SHOWN = 5


class MapCovers(MapCheck, kw_only=True):
    """Every module serves a goal of the intelligence map, or at least a share of them does.

    A source belongs to the closest module that people named. Where fewer than `minimum` of the sources are in modules that
    are linked to a goal, each module that is not is a finding.
    """

    strictness: ClassVar[Mapping[str, Strictness]] = {"minimum": Strictness.MORE, "exempt_paths": Strictness.LESS}
    unmatched: ClassVar[frozenset[str]] = frozenset({"exempt_paths"})

    minimum: Annotated[float, Meta(gt=0, le=1)] = 1.0
    exempt_paths: tuple[Glob, ...] = ()

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each module that serves no goal, where they are too many."""
        opened = self.opened(repo)
        wanted = self._sources(repo, opened.whole)
        goals = linked(opened.whole)
        yield Evidence("sources", scope=len(wanted), examined=len(wanted))
        lost: dict[str, list[str]] = {}
        for path, module in assigned(wanted, opened.whole).items():
            if module not in goals:
                lost.setdefault(module, []).append(path)
        covered = len(wanted) - sum(map(len, lost.values()))
        if wanted and covered < self.minimum * len(wanted):
            for module, paths in lost.items():
                yield self._lost(repo, module, paths, covered, len(wanted))

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """All goals are taken out of the map; where every module must serve one, a module is taken out alone."""
        written = self.written(repo)
        whole = self.opened(repo).whole
        found = assigned(self._sources(repo, whole), whole)
        goals = linked(whole)
        module = next((each for each in found.values() if each in goals), None)
        if module is None:
            raise Unprovable("no module serves a goal as it is")
        yield self.changed("take all goals out", _without_goals(written), f"module {module}")

    def _sources(self, repo: Repository, whole: Map) -> list[str]:
        exempt = (
            frozenset(file.path for file in repo.tree.files(self.exempt_paths))
            if self.exempt_paths
            else frozenset[str]()
        )
        return [file.path for file in repo.tree.files(whole.scope.paths) if file.path not in exempt]

    def _lost(self, repo: Repository, module: str, paths: list[str], covered: int, every: int) -> Finding:
        several = f"{len(paths)} source{'s' * (len(paths) != 1)}, {', '.join(paths[:SHOWN])}{', …' if len(paths) > SHOWN else ''}"
        file = repo.tree.file(paths[0])
        return Finding(
            key=f"module {module}",
            message=f"{module} serves no goal ({several}); {covered} of {every} sources do",
            at=file.at(1) if file else None,
            hint=f"say in {self.map} what it is for, and link it to a goal",
            data={"module": module, "sources": len(paths)},
        )


def _without_goals(document: dict[str, Any]) -> dict[str, Any]:
    written: dict[str, dict[str, Any]] = document["modules"]
    modules: dict[str, Any] = {path: {**each, "business_goals": []} for path, each in written.items()}
    return {**document, "modules": modules, "business_goals": {NAME: {}}}
