"""What of an import graph is drawn: modules or packages, a neighbourhood, or circles alone."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from selfcheck.drawings.drawing import LATER, Drawing, Edge, Node
from selfcheck.subjects.imports import BY_DEFAULT, Graph, Import, Kind, components
from selfcheck.subjects.imports.expressions import package_pattern
from selfcheck.subjects.imports.kinds import mask
from selfcheck.subjects.imports.standard import is_standard


class Direction(StrEnum):
    """Which way from a module its neighbours are looked for."""

    IMPORTS = "imports"
    IMPORTED_BY = "imported-by"
    BOTH = "both"


class View(Struct, frozen=True, kw_only=True):
    """What to draw of a graph.

    `depth` draws packages, the first so many parts of the modules' names. `around` are module expressions, each for what
    it stands for and all below that, drawn with what is within `distance` imports of it.
    """

    kinds: tuple[Kind, ...] = BY_DEFAULT
    ancestors: bool = False
    external: bool = False
    depth: int | None = None
    around: tuple[str, ...] = ()
    distance: int = 1
    direction: Direction = Direction.BOTH
    cycles: bool = False


class _Link(NamedTuple):
    """The import that is shown of those between two nodes, and how many edges between modules make it."""

    first: Import
    edges: int


_Links = dict[tuple[str, str], _Link]
_LATER = mask(LATER)


def drawn(graph: Graph, roots: Iterable[str], view: View) -> Drawing:
    """The drawing of a graph as a view shows it; components are those of the whole graph, however little is shown."""
    links = _links(graph, view)
    circles = dict(enumerate(components(_targets(links)), start=1))
    number_of = {member: number for number, members in circles.items() for member in members}
    externals = _external(graph, view) if view.external else {}
    names = dict.fromkeys((*_names(graph, view), *(imported for _, imported in externals)))
    links |= externals
    if view.cycles:
        links = {pair: link for pair, link in links.items() if _shared(number_of, *pair) is not None}
        names = dict.fromkeys(name for name in names if name in number_of)
    focus = focused(names, view.around)
    if view.around:
        links = _near(links, focus, view)
        names = dict.fromkeys((*focus, *(name for pair in links for name in pair)))
    outside = {imported for _, imported in externals}
    return Drawing(
        roots=tuple(roots),
        kinds=tuple(kind for kind in Kind if kind in view.kinds),
        depth=view.depth,
        nodes=tuple(
            Node(
                name=name,
                path=graph.modules[name].path if name in graph.modules else None,
                component=number_of.get(name),
                focus=name in focus,
                external=name in outside,
            )
            for name in sorted(names)
        ),
        edges=tuple(_edge(pair, links[pair], _shared(number_of, *pair)) for pair in sorted(links)),
        components={
            number: tuple(members) for number, members in circles.items() if not names.keys().isdisjoint(members)
        },
        unread=tuple(sorted((each.path, each.reason) for each in graph.unread)),
    )


def focused(names: Iterable[str], expressions: Iterable[str]) -> frozenset[str]:
    """The names that module expressions stand for, and all below them."""
    matches = [package_pattern(expression).fullmatch for expression in expressions]
    return frozenset(name for name in names if any(match(name) for match in matches))


def _names(graph: Graph, view: View) -> Iterator[str]:
    return (_folded(name, view.depth) for name in graph.modules)


def _folded(name: str, depth: int | None) -> str:
    """The first so many parts of a module's name."""
    return name if depth is None else ".".join(name.split(".")[:depth])


def _links(graph: Graph, view: View) -> _Links:
    found: _Links = {}
    at_once = graph.edges((kind for kind in view.kinds if kind not in LATER), ancestors=view.ancestors)
    for importer, targets in graph.edges(view.kinds, ancestors=view.ancestors).items():
        sooner = at_once.get(importer, {})
        for imported, each in targets.items():
            pair = (_folded(importer, view.depth), _folded(imported, view.depth))
            if pair[0] != pair[1]:
                _add(found, pair, sooner.get(imported, each))
    return found


def _external(graph: Graph, view: View) -> _Links:
    """Imports of other distributions by the first part of their names; the standard library is left out."""
    found: _Links = {}
    own = {_folded(name, 1) for name in graph.modules}
    wanted = mask(view.kinds)
    for each in graph.outside:
        name = _folded(each.imported, 1)
        if each.counts(wanted) and name not in own and not is_standard(name):
            _add(found, (_folded(each.importer, view.depth), name), each)
    return found


def _add(found: _Links, pair: tuple[str, str], each: Import) -> None:
    """One more edge; of several imports the first is kept that runs with its module, or the first."""
    known = found.get(pair)
    if known is None:
        found[pair] = _Link(each, 1)
    else:
        first = each if known.first.flags & _LATER and not each.flags & _LATER else known.first
        found[pair] = _Link(first, known.edges + 1)


def _targets(links: _Links) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for importer, imported in links:
        found.setdefault(importer, {})[imported] = None
    return found


def _shared(number_of: Mapping[str, int], importer: str, imported: str) -> int | None:
    """The component that both ends of an edge are in."""
    number = number_of.get(importer)
    return number if number == number_of.get(imported) else None


def _near(links: _Links, focus: Collection[str], view: View) -> _Links:
    """The imports on the ways of at most so many steps from what is in focus."""
    found: set[tuple[str, str]] = set()
    for direction, back in ((Direction.IMPORTS, False), (Direction.IMPORTED_BY, True)):
        if view.direction in (direction, Direction.BOTH):
            found |= _walked(links, focus, view.distance, back=back)
    return {pair: link for pair, link in links.items() if pair in found}


def _walked(links: _Links, focus: Collection[str], distance: int, *, back: bool) -> set[tuple[str, str]]:
    """The edges from what is reached within so many steps, each step along the imports or `back` against them."""
    beside: dict[str, list[tuple[str, str]]] = {}
    for pair in links:
        beside.setdefault(pair[back], []).append(pair)
    found: set[tuple[str, str]] = set()
    reached, ring = set(focus), set(focus)
    for _ in range(distance):
        steps = {pair for name in ring for pair in beside.get(name, ())}
        found |= steps
        ring = {pair[not back] for pair in steps} - reached
        reached |= ring
    return found


def _edge(pair: tuple[str, str], link: _Link, component: int | None) -> Edge:
    return Edge(
        importer=pair[0],
        imported=pair[1],
        path=link.first.path,
        line=link.first.line,
        kinds=tuple(kind for kind in Kind if kind.bit & link.first.flags),
        count=link.edges,
        component=component,
    )
