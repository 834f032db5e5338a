"""Objectives that mean what they say."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar
from urllib.parse import urlsplit

from selfcheck.check import (
    Append,
    Canary,
    Check,
    Evidence,
    Extractor,
    File,
    Finding,
    Globs,
    Location,
    Repository,
    Seen,
    Strictness,
    Tree,
    Unprovable,
)
from selfcheck.checks.health.objectives import Found, Slip, of_file
from selfcheck.checks.health.probed import Probed
from selfcheck.checks.health.roles import found
from selfcheck.checks.health.served import Served
from selfcheck.subjects import routes, slo
from selfcheck.subjects.probes import Deployment
from selfcheck.subjects.routes import SOURCES
from selfcheck.subjects.routes.paths import is_served
from selfcheck.subjects.slo import SLO_FILES, Slos
from selfcheck.trees.globs import shares

NAME = "slo_selfcheck_canary"
CANARIES: Mapping[Slip, tuple[str, str]] = {
    Slip.FORM: (f"{NAME}: yes\n", f"form {NAME}"),
    Slip.TARGET: (f"{NAME}: {{target: 100}}\n", f"target {NAME}"),
    Slip.BUDGET: (f"{NAME}: {{target: 99.9, error_budget: 1}}\n", f"budget {NAME}"),
    Slip.ORDER: (f"{NAME}: {{p95: 500ms, p99: 200ms}}\n", f"order {NAME}"),
    Slip.POWER: (f"{NAME}: {{target: 99.9, interval: 1h, window: 1d}}\n", f"power {NAME}"),
    Slip.ENDPOINT: (f"{NAME}: {{target: 99.9, endpoint: /selfcheck-canary}}\n", f"endpoint {NAME} /selfcheck-canary"),
    Slip.CHANNEL: ("alerting: {channels: [{type: canary, webhook_url: 'https://example.org/x'}]}\n", "channel canary"),
}
OPENSLO = "---\napiVersion: openslo/v1\nkind: SLO\nmetadata: {name: selfcheck-canary}\nspec:\n  timeWindow: [{duration: 30d, isRolling: true}]\n"
OPEN_CANARIES: Mapping[Slip, tuple[str, str]] = {
    Slip.FORM: (f"{OPENSLO}  objectives: []\n", "form selfcheck-canary objectives"),
    Slip.TARGET: (f"{OPENSLO}  objectives: [{{target: 99.9}}]\n", "target selfcheck-canary"),
}


class SloValid(Check, kw_only=True):
    """A file of service level objectives means what it says, and what it promises can be seen.

    `slo-monitors.yml` and OpenSLO v1: targets, budgets, percentiles, windows against the rate of probes, endpoints, alerts.
    """

    subject: ClassVar[str | None] = "routes"
    strictness: ClassVar[Mapping[str, Strictness]] = {
        "files": Strictness.MORE,
        "faults": Strictness.MORE,
        "served": Strictness.LESS,
    }
    unmatched: ClassVar[frozenset[str]] = frozenset({"paths"})

    files: Globs = SLO_FILES
    paths: Globs = SOURCES
    served: tuple[Served, ...] = ()
    faults: tuple[Slip, ...] = tuple(Slip)

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each objective and what is wrong with it."""
        slos = self.slos(repo)
        objectives = [each for _, written in slos.files for each in written.objectives]
        yield Evidence("files of objectives", scope=len(slos.files) + len(slos.unread), examined=len(slos.files))
        yield from slos.unread
        if slos.files:
            yield Evidence("objectives", scope=len(objectives), examined=len(objectives))
        known = {name for _, written in slos.files for name in written.names}
        seen: set[str] = set()
        for slip, finding in self._judge(slos, known):
            if slip in self.faults and finding.key not in seen:
                seen.add(finding.key)
                yield finding
        yield from self._endpoints(repo, slos)

    def ahead(self, tree: Tree) -> Iterator[tuple[Extractor[Any], tuple[File, ...]]]:
        """What each file says, and what each source writes about routes."""
        yield from slo.ahead(tree, self.files)
        yield from routes.ahead(tree, self.paths)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """An objective with each of the faults is added to the first file, one to the first that each other pattern selects."""
        files = self.slos(repo).files
        if not files:
            raise Unprovable("there is no file of objectives to add to")
        by_path = dict(files)
        for number, share in enumerate(shares(self.files, by_path)):
            path = share[0]
            is_open = any(each.form != "monitors" for each in by_path[path].objectives) or bool(by_path[path].names)
            known = OPEN_CANARIES if is_open else CANARIES
            # All of them in the first file; one shows that another pattern's is read as well.
            for slip in [slip for slip in self.faults if slip in known][: 1 if number else None]:
                text, key = known[slip]
                if slip is not Slip.ENDPOINT or self._can_tell(repo):
                    edit = Append(path, f"\n{text}".encode())
                    yield Canary(f"add what is wrong with its {slip} to {path}", (edit,), f"{key} in {path}")

    def slos(self, repo: Repository) -> Slos:
        """The objectives, read once a run."""
        return repo.subject(slo.read, repo.tree, repo.facts, self.files)

    def _judge(self, slos: Slos, known: set[str]) -> Iterator[Found]:
        for path, written in slos.files:
            yield from of_file(path, written)
            for name, line in written.wanted:
                if name not in known:
                    kind, _, own = name.partition("/")
                    yield (
                        Slip.FORM,
                        Finding(
                            key=f"form {name} in {path}",
                            message=f'there is no {kind} called "{own}" in any of these files',
                            at=Location(path, line),
                            hint="mend the name, or add the document",
                        ),
                    )

    def _endpoints(self, repo: Repository, slos: Slos) -> Iterator[Seen]:
        """The endpoints that no route answers; where no routes were read nothing is said of them."""
        every = found(repo, self.paths)
        probed = Probed(every, Deployment((), (), ()), ())
        asked = [
            (path, each, one) for path, written in slos.files for each in written.objectives for one in each.endpoints
        ]
        local = [(path, each, one) for path, each, one in asked if _path(one) is not None]
        if asked and Slip.ENDPOINT in self.faults:
            told = sum(probed.can_tell(_path(one) or "/") for _, _, one in local) if every.routes else 0
            yield Evidence("endpoints", scope=len(asked), examined=told)
        for path, each, one in local if every.routes and Slip.ENDPOINT in self.faults else ():
            at = _path(one) or "/"
            known = any(route.mounted and (is_served(route.path, at) or not route.whole) for route in every.routes)
            served = any(is_served(other.path, at) for other in self.served)
            if not known and not served and probed.can_tell(at):
                yield Finding(
                    key=f"endpoint {each.name} {at} in {path}",
                    message=f"{each.name}: no route answers {at}",
                    at=Location(path, each.at("endpoint", "endpoints", "monitors")),
                    hint="mend the path, or list it under `served` if something else answers it",
                    data={"objective": each.name, "path": at},
                )

    def _can_tell(self, repo: Repository) -> bool:
        every = found(repo, self.paths)
        whole = all(each.whole for each in every.routes)
        return bool(every.routes) and whole and Probed(every, Deployment((), (), ()), ()).can_tell("/selfcheck-canary")


def _path(endpoint: str) -> str | None:
    """The path of an endpoint of ours; None for another's address."""
    parts = urlsplit(endpoint)
    return (parts.path or "/") if not parts.netloc and endpoint.startswith("/") else None
