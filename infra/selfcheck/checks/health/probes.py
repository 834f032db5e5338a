"""Probes and routes agree."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from selfcheck.check import Canary, Check, Evidence, Extractor, File, Globs, Repository, Seen, Strictness, Tree
from selfcheck.checks.health.probed import Probed, Wrong, asking
from selfcheck.checks.health.probing import canaries
from selfcheck.checks.health.roles import found
from selfcheck.checks.health.served import Served
from selfcheck.subjects import probes, routes
from selfcheck.subjects.probes import DEPLOYED, Deployment
from selfcheck.subjects.routes import SOURCES


class HealthProbes(Check, kw_only=True):
    """Whoever asks the application how it is asks a path that it answers, on a port that it listens on.

    Probes are read from Dockerfiles, compose files, Kubernetes manifests, Helm charts, fly.toml, render.yaml and nginx.
    """

    subject: ClassVar[str | None] = "routes"
    strictness: ClassVar[Mapping[str, Strictness]] = {
        "files": Strictness.MORE,
        "faults": Strictness.MORE,
        "served": Strictness.LESS,
    }
    unmatched: ClassVar[frozenset[str]] = frozenset({"paths", "files"})

    paths: Globs = SOURCES
    files: Globs = DEPLOYED
    served: tuple[Served, ...] = ()
    faults: tuple[Wrong, ...] = tuple(Wrong)

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each probe that asks the wrong thing, and for each container that nobody asks."""
        every, deployment = found(repo, self.paths), self.deployment(repo)
        yield Evidence("routes", scope=len(every.routes), examined=sum(each.whole for each in every.routes))
        yield Evidence(
            "deployed containers and services", scope=len(deployment.started), examined=len(deployment.started)
        )
        if deployment.templates:
            yield Evidence("templates", scope=deployment.templates, examined=deployment.plain)
        yield from every.unread
        yield from deployment.unread
        if not every.routes:
            return
        probed = self.probed(repo)
        several = [each.path or "/" for _, _, each in asking(deployment)]
        if several:
            yield Evidence("probes", scope=len(several), examined=sum(map(probed.can_tell, several)))
        seen: set[str] = set()
        for wrong, finding in probed.judge():
            if wrong in self.faults and finding.key not in seen:
                seen.add(finding.key)
                yield finding

    def ahead(self, tree: Tree) -> Iterator[tuple[Extractor[Any], tuple[File, ...]]]:
        """What each source writes about routes, and each deployment about probes."""
        yield from routes.ahead(tree, self.paths)
        yield from probes.ahead(tree, self.files)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """A probe asks another path; a new container has each of the faults."""
        yield from canaries(repo.tree, self.deployment(repo), self.probed(repo), self.files, self.faults)

    def deployment(self, repo: Repository) -> Deployment:
        """What is deployed, read once a run."""
        return repo.subject(probes.read, repo.tree, repo.facts, self.files)

    def probed(self, repo: Repository) -> Probed:
        """Probes held against routes."""
        return Probed(found(repo, self.paths), self.deployment(repo), [each.path for each in self.served])
