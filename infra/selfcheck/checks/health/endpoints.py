"""The endpoints that say how an application is, and that can say no."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from selfcheck.check import Canary, Check, Evidence, Extractor, File, Globs, Repository, Seen, Strictness, Tree
from selfcheck.checks.health.canaries import broken, taken_away
from selfcheck.checks.health.faults import Fault, judged
from selfcheck.checks.health.roles import Role, UrlPaths, answering, found, missing
from selfcheck.subjects.routes import SOURCES, Answer, Answers, Route, Routes, ahead


class HealthEndpoints(Check, kw_only=True):
    """An application answers how it is, whether it is ready and whether it lives, and each answer can be no.

    Routes are read from the sources, prefixes of routers, blueprints and mounts put before them across files.
    """

    subject: ClassVar[str | None] = "routes"
    strictness: ClassVar[Mapping[str, Strictness]] = {
        "roles": Strictness.MORE,
        "health": Strictness.LESS,
        "readiness": Strictness.LESS,
        "liveness": Strictness.LESS,
        "faults": Strictness.MORE,
    }
    unmatched: ClassVar[frozenset[str]] = frozenset({"paths"})

    paths: Globs = SOURCES
    roles: Annotated[tuple[Role, ...], Meta(min_length=1)] = tuple(Role)
    health: UrlPaths = ("/health",)
    readiness: UrlPaths = ("/health/readiness",)
    liveness: UrlPaths = ("/health/liveness",)
    faults: tuple[Fault, ...] = tuple(Fault)

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each role that no route has, and for each fault of one that has it."""
        every = found(repo, self.paths)
        known = [each for each in every.routes if each.whole and each.mounted]
        yield Evidence("routes", scope=len(every.routes), examined=len(known))
        yield from every.unread
        if not every.routes:
            return
        held = {role: answering(every.routes, self.wanted(role)) for role in self.roles}
        for role, several in held.items():
            if not several:
                yield missing(role, self.wanted(role), every)
        yield from self._lint(repo, every, held)

    def ahead(self, tree: Tree) -> Iterator[tuple[Extractor[Any], tuple[File, ...]]]:
        """What each source writes about routes."""
        yield from ahead(tree, self.paths)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """Each role's endpoint goes elsewhere; an application beside the others has each fault."""
        every = found(repo, self.paths)
        held = {role: answering(every.routes, self.wanted(role)) for role in self.roles}
        yield from taken_away(repo.tree, {self.wanted(role)[0]: held[role] for role in self.roles})
        ready = self._is_ready(Answers(repo.tree, repo.facts), every)
        yield from broken(
            every, self.paths, {role: self.wanted(role)[0] for role in self.roles}, self.faults, ready=ready
        )

    def wanted(self, role: Role) -> tuple[str, ...]:
        """The paths of which one must be answered."""
        return {Role.HEALTH: self.health, Role.READINESS: self.readiness, Role.LIVENESS: self.liveness}[role]

    def _lint(self, repo: Repository, every: Routes, held: Mapping[Role, Sequence[Route]]) -> Iterator[Seen]:
        answers = Answers(repo.tree, repo.facts)
        ready = self._is_ready(answers, every)
        asked: dict[tuple[Role, Route], Answer | None] = {
            (role, route): answers.of(route) for role, several in held.items() for route in several
        }
        if asked:
            read = sum(answer is not None for answer in asked.values())
            yield Evidence("handlers of health endpoints", scope=len(asked), examined=read)
        seen: set[tuple[str, Any]] = set()
        for (role, route), answer in asked.items():
            for each in judged(route, role, answer, ready=ready):
                if each.data["fault"] in self.faults and (each.key, each.at) not in seen:
                    seen.add((each.key, each.at))
                    yield each

    def _is_ready(self, answers: Answers, every: Routes) -> bool:
        """Whether a readiness endpoint asks anything, or nobody can tell."""
        several = [answers.of(route) for route in answering(every.routes, self.readiness)]
        return any(each is None or each.varies for each in several)
