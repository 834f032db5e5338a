"""What an OpenAPI document promises and what the routes answer is the same."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, ClassVar

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
    Write,
)
from selfcheck.checks.health.canaries import ELSEWHERE, HEAD, beside, moved
from selfcheck.checks.health.probed import Probed
from selfcheck.checks.health.roles import found
from selfcheck.checks.health.served import Served
from selfcheck.subjects import routes
from selfcheck.subjects.probes import Deployment
from selfcheck.subjects.routes import SOURCES, Route, Routes, openapi
from selfcheck.subjects.routes.openapi import DOCUMENTS, Document, Documented, Operation
from selfcheck.subjects.routes.paths import is_served, join
from selfcheck.trees.globs import shares

UNTOLD = frozenset(("HEAD", "OPTIONS", "TRACE", "WEBSOCKET"))
"""Methods that documents leave out as a rule."""
SHOWN = frozenset(("/openapi.json", "/docs", "/redoc", "/swagger", "/docs/oauth2-redirect"))
"""What shows the document itself."""


class RoutesOpenapi(Check, kw_only=True):
    """Every operation of an OpenAPI document is answered by a route, and every route is in a document.

    Parameters count by their places, not by their names; the paths of servers are put before those of a document.
    """

    subject: ClassVar[str | None] = "routes"
    strictness: ClassVar[Mapping[str, Strictness]] = {
        "files": Strictness.MORE,
        "undocumented": Strictness.MORE,
        "unserved": Strictness.MORE,
        "exempt_routes": Strictness.LESS,
    }
    unmatched: ClassVar[frozenset[str]] = frozenset({"paths"})

    files: Globs = DOCUMENTS
    paths: Globs = SOURCES
    undocumented: bool = True
    unserved: bool = True
    exempt_routes: tuple[Served, ...] = ()

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each operation that no route answers, and for each route that no document has."""
        every, documented = found(repo, self.paths), self.documented(repo)
        operations = sum(len(each.operations) for _, each in documented.documents)
        told = [each for each in every.routes if each.whole and each.mounted]
        yield Evidence(
            "documents", scope=len(documented.documents) + len(documented.unread), examined=len(documented.documents)
        )
        yield Evidence("operations", scope=operations, examined=operations)
        yield Evidence("routes", scope=len(every.routes), examined=len(told))
        yield from every.unread
        yield from documented.unread
        if every.routes and documented.documents:
            seen: set[str] = set()
            for finding in (*self._unserved(every, documented), *self._undocumented(told, documented)):
                if finding.key not in seen:
                    seen.add(finding.key)
                    yield finding

    def ahead(self, tree: Tree) -> Iterator[tuple[Extractor[Any], tuple[File, ...]]]:
        """What each document promises, and what each source writes about routes."""
        yield from openapi.ahead(tree, self.files)
        yield from routes.ahead(tree, self.paths)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """A documented route moves, and a new one is in no document."""
        every, documented = found(repo, self.paths), self.documented(repo)
        if self.undocumented and (path := beside(every, self.paths)) is not None:
            text = f'{HEAD}@app.get("{ELSEWHERE}")\ndef canary():\n    return 1\n'
            yield Canary(f"answer {ELSEWHERE}", (Write(path, text.encode()),), f"undocumented GET {ELSEWHERE}")
        if self.unserved:
            yield from self._moving(repo, every, documented)

    def documented(self, repo: Repository) -> Documented:
        """The documents, read once a run."""
        return repo.subject(openapi.read, repo.tree, repo.facts, self.files)

    def _moving(self, repo: Repository, every: Routes, documented: Documented) -> Iterator[Canary]:
        probed = Probed(every, Deployment((), (), ()), ())
        found = dict(documented.documents)
        for share in shares(self.files, found):
            yield from islice(
                (each for file in share for each in self._moves(repo, every, file, found[file], probed)), 1
            )

    def _moves(
        self, repo: Repository, every: Routes, file: str, document: Document, probed: Probed
    ) -> Iterator[Canary]:
        for each in document.operations:
            answering = [route for route in every.routes if _answers(route, each, document)]
            literal = bool(answering) and all(route.span for route in answering)
            if literal and probed.can_tell(each.path) and not self._is_exempt(each.path):
                edits = tuple(moved(repo.tree, answering))
                key = f"unserved {each.method} {each.path} in {file}"
                yield Canary(f"let {each.path} be answered elsewhere", edits, key)

    def _unserved(self, every: Routes, documented: Documented) -> Iterator[Finding]:
        probed = Probed(every, Deployment((), (), ()), ())
        mounted = [each for each in every.routes if each.mounted]
        for file, document in documented.documents if self.unserved else ():
            for each in document.operations:
                known = any(_answers(route, each, document) for route in mounted)
                if (
                    known
                    or self._is_exempt(each.path)
                    or not all(probed.can_tell(join(base, each.path)) for base in document.bases)
                ):
                    continue
                other = sorted(
                    {method for route in mounted if _is_same(route, each, document) for method in route.methods}
                )
                hint = (
                    f"the path is answered, to {', '.join(other)}"
                    if other
                    else "take it out of the document, or add the route"
                )
                yield Finding(
                    key=f"unserved {each.method} {each.path} in {file}",
                    message=f"{each.method} {each.path} is documented, and no route answers it",
                    at=openapi.at(file, each),
                    hint=hint,
                    data={"method": each.method, "path": each.path, "document": file},
                )

    def _undocumented(self, told: list[Route], documented: Documented) -> Iterator[Finding]:
        for route in told if self.undocumented else ():
            if route.hidden or route.path in SHOWN or self._is_exempt(route.path):
                continue
            for method in sorted(set(route.methods) - UNTOLD):
                asked = [(each, document) for _, document in documented.documents for each in document.operations]
                if not any(
                    _is_same(route, each, document) and (method == each.method or "*" in (method, each.method))
                    for each, document in asked
                ):
                    yield Finding(
                        key=f"undocumented {method} {route.path}",
                        message=f"{method} {route.path} is answered, and no document has it",
                        at=route.at,
                        hint="write the document anew, hide the route from it, or list the path under `exempt_routes`",
                        data={"method": method, "path": route.path},
                    )

    def _is_exempt(self, path: str) -> bool:
        return any(is_served(each.path, path) for each in self.exempt_routes)


def _answers(route: Route, operation: Operation, document: Document) -> bool:
    """Whether a route answers an operation; one whose beginning is unknown, if its end agrees."""
    methods = {*route.methods, operation.method}
    return _is_same(route, operation, document) and (
        "*" in methods or operation.method in route.methods or "ALL" in methods
    )


def _is_same(route: Route, operation: Operation, document: Document) -> bool:
    own = _shape(route.path)
    wanted = [_shape(join(base, operation.path)) for base in document.bases]
    if route.whole:
        return own in wanted
    return any(each.endswith(own) for each in wanted) and own != "/"


def _shape(path: str) -> str:
    """A path in which all parameters are alike."""
    return re.sub(r"\{[^{}]*\}", "{}", path).rstrip("/") or "/"
