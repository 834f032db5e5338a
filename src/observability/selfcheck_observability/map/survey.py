"""The map of a tree, what its sources really come to, and what there is to name."""

from collections.abc import Iterable
from typing import NamedTuple

from selfcheck.check import CannotJudge, File, Tree, Unread, Unreadable
from selfcheck.facts import Facts
from selfcheck.guardrail import BUILT_IN
from selfcheck.subjects import imports, routes, slo
from selfcheck.subjects.routes import SOURCES, openapi
from selfcheck.subjects.slo import SLO_FILES
from selfcheck_observability.map.document import WRITTEN
from selfcheck_observability.map.measure import Past, Taken, taken
from selfcheck_observability.map.model import Map
from selfcheck_observability.map.references import Known, plain


class Opened(NamedTuple):
    """A map and the file that it stands in."""

    whole: Map
    file: File
    text: str

    def line(self, *names: str) -> int:
        """Where the last of some names stands that come one after the other; the first line where they do not."""
        place = 0
        for name in names:
            found = self.text.find(name, place)
            place = found if found >= 0 else place
        return self.text.count("\n", 0, place) + 1


class Survey(NamedTuple):
    """What was measured and read of a tree beside its map."""

    taken: Taken
    known: Known
    unread: tuple[Unread, ...]


def opened(tree: Tree, facts: Facts, path: str) -> Opened:
    """The map at a path.

    Raises:
        CannotJudge: there is none, or it cannot be read.
    """
    file = tree.file(path)
    if file is None:
        raise CannotJudge(f"there is no map at {path}", "`selfcheck map generate` begins one")
    found = next(each for _, each in facts.of(WRITTEN, (file,)))
    if isinstance(found, Unreadable):
        raise CannotJudge(f"{path} {found}")
    return Opened(found, file, file.text or "")


def measured(tree: Tree, facts: Facts, whole: Map, past: Past) -> Taken:
    """What the sources of a tree come to."""
    graph = imports.read(tree, facts, whole.scope.roots)
    return taken(tree, facts, whole, routes.read(tree, facts, SOURCES), graph, past)


def surveyed(tree: Tree, facts: Facts, path: str, guardrails: Iterable[str]) -> Survey:
    """What the map at a path is held against."""
    whole = opened(tree, facts, path).whole
    found = measured(tree, facts, whole, Past())
    documented = openapi.read(tree, facts, openapi.DOCUMENTS)
    objectives = slo.read(tree, facts, SLO_FILES)
    known = Known(
        exists=lambda path: tree.resolve(path) is not None,
        guardrails=frozenset((*guardrails, *BUILT_IN)),
        routes=found.routes,
        operations=frozenset(
            (each.method.upper(), f"{base.rstrip('/')}{each.path}")
            for _, document in documented.documents
            for each in document.operations
            for base in ("", *document.bases)
        ),
        objectives={
            plain(name): each.target
            for _, file in objectives.files
            for each in file.objectives
            for name in (each.title, each.name)
        },
    )
    unread = (*found.unread, *found.routes.unread, *documented.unread, *objectives.unread)
    return Survey(found, known, tuple({each.path: each for each in unread}.values()))
