"""A drawing as a value: modules or packages, the imports between them, and the circles that they are in."""

from msgspec import Struct

from selfcheck.subjects.imports import Kind

LATER = frozenset((Kind.FUNCTION, Kind.LAZY, Kind.TYPE_CHECKING))
"""Kinds of imports that do not run when the module is imported."""


class Node(Struct, frozen=True, kw_only=True):
    """A module, a package, or with `external` what another distribution is imported as.

    `component` is the number of the circle that it is in; `focus` marks what was asked for.
    """

    name: str
    path: str | None = None
    component: int | None = None
    focus: bool = False
    external: bool = False


class Edge(Struct, frozen=True, kw_only=True):
    """An import: of several the first that runs with its module, if one does. A package's stands for `count` edges."""

    importer: str
    imported: str
    path: str
    line: int
    kinds: tuple[Kind, ...] = ()
    count: int = 1
    component: int | None = None

    @property
    def later(self) -> bool:
        """Whether it does not run when its module is imported."""
        return not LATER.isdisjoint(self.kinds)


class Drawing(Struct, frozen=True, kw_only=True):
    """Everything sorted by name; `components` holds all members of each circle that a drawn node is in, by its number."""

    roots: tuple[str, ...]
    kinds: tuple[Kind, ...]
    depth: int | None
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    components: dict[int, tuple[str, ...]]
    unread: tuple[tuple[str, str], ...] = ()
    revision: str | None = None

    @property
    def unit(self) -> str:
        """What a node is."""
        return "module" if self.depth is None else "package"


def visible(text: str) -> str:
    r"""The text with what cannot be seen as an escape (`\n`, `\u202e`), a backslash doubled: no two texts look alike."""
    return "".join(each if each.isprintable() and each != "\\" else ascii(each)[1:-1] for each in text)


def counted(number: int, what: str) -> str:
    """`1 module`, `2 modules`."""
    return f"{number:,} {what}{'s' * (number != 1)}"


def said(drawing: Drawing) -> str:
    """How much is drawn, in a few words."""
    units = counted(len(drawing.nodes), drawing.unit)
    return f"{units}, {counted(len(drawing.edges), 'import')}, {counted(len(drawing.components), 'circle')}"
