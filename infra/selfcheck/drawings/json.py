"""The `json` format: graph v1, versioned, with wire types of its own; fields are added, never changed or taken away."""

from typing import Literal

import msgspec
from msgspec import Struct

from selfcheck.drawings.drawing import Drawing, Edge, Node


class NodeV1(Struct, frozen=True):
    """A module or package."""

    name: str
    path: str | None
    component: int | None
    focus: bool
    external: bool


class EdgeV1(Struct, frozen=True):
    """An import between two nodes, the first of those that it stands for."""

    importer: str
    imported: str
    path: str
    line: int
    kinds: list[str]
    count: int
    component: int | None


class ComponentV1(Struct, frozen=True):
    """A strongly connected component of more than one node."""

    number: int
    members: list[str]


class UnreadV1(Struct, frozen=True):
    """A file whose imports are missing."""

    path: str
    reason: str


class GraphV1(Struct, frozen=True):
    """What `selfcheck graph` drew."""

    version: Literal[1]
    roots: list[str]
    revision: str | None
    kinds: list[str]
    depth: int | None
    nodes: list[NodeV1]
    edges: list[EdgeV1]
    components: list[ComponentV1]
    unread: list[UnreadV1]


def render(drawing: Drawing) -> str:
    """The drawing as indented JSON, ending in a newline."""
    return msgspec.json.format(msgspec.json.encode(_wire(drawing)), indent=2).decode("utf-8") + "\n"


def _wire(drawing: Drawing) -> GraphV1:
    return GraphV1(
        version=1,
        roots=list(drawing.roots),
        revision=drawing.revision,
        kinds=[kind.value for kind in drawing.kinds],
        depth=drawing.depth,
        nodes=[_node(node) for node in drawing.nodes],
        edges=[_edge(edge) for edge in drawing.edges],
        components=[ComponentV1(number, list(members)) for number, members in drawing.components.items()],
        unread=[UnreadV1(path, reason) for path, reason in drawing.unread],
    )


def _node(node: Node) -> NodeV1:
    return NodeV1(node.name, node.path, node.component, node.focus, node.external)


def _edge(edge: Edge) -> EdgeV1:
    kinds = [kind.value for kind in edge.kinds]
    return EdgeV1(edge.importer, edge.imported, edge.path, edge.line, kinds, edge.count, edge.component)
