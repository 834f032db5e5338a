"""The `dot` format: the graph in graphviz's language, circles in red. https://graphviz.org/doc/info/lang.html"""

from collections.abc import Iterator

from selfcheck.drawings.drawing import Drawing, Edge, Node, visible

HEAD = """\
digraph imports {
  graph [rankdir=LR, nodesep=0.15, ranksep=0.6]
  node [shape=box, style="rounded,filled", fillcolor="#f6f8fa", color="#8c959f", fontname="Helvetica", fontsize=10]
  edge [color="#8c959f", arrowsize=0.6, fontname="Helvetica", fontsize=8]
"""
IN_CIRCLE = {"color": "#cf222e"}
FILLED = {"fillcolor": "#ffebe9"}
# A circle's members stand together in a frame.
FRAME = '    graph [style="rounded,dashed", color="#cf222e", fontcolor="#cf222e", fontname="Helvetica", fontsize=9]\n'


def render(drawing: Drawing) -> str:
    """The drawing as a digraph; an edge's tooltip is the place of the import, its label how many it stands for."""
    return "".join((HEAD, *_nodes(drawing), *map(_edge, drawing.edges), "}\n"))


def _nodes(drawing: Drawing) -> Iterator[str]:
    yield from (f"  {_node(node)}" for node in drawing.nodes if node.component is None)
    for number, members in drawing.components.items():
        inside = [node for node in drawing.nodes if node.component == number]
        shown = "" if len(inside) == len(members) else f", {len(inside)} shown"
        yield f"  subgraph cluster_{number} {{\n{FRAME}"
        yield f"    label={_quoted(f'circle {number}: {len(members)} {drawing.unit}s{shown}')}\n"
        yield from (f"    {_node(node)}" for node in inside)
        yield "  }\n"


def _node(node: Node) -> str:
    style = (IN_CIRCLE | FILLED if node.component is not None else {}) | ({"penwidth": "2.5"} if node.focus else {})
    if node.name.startswith("%"):
        style |= {"label": node.name}  # to graphviz a name of its own making, which it does not show
    if node.external:
        style |= {"style": "rounded,filled,dashed"}
    return f"{_quoted(node.name)}{_attributes(style)}\n"


def _edge(edge: Edge) -> str:
    style = {"tooltip": f"{edge.path}:{edge.line}"} | (IN_CIRCLE if edge.component is not None else {})
    if edge.later:
        style |= {"style": "dashed"}
    if edge.count > 1:
        style |= {"label": str(edge.count)}
    return f"  {_quoted(edge.importer)} -> {_quoted(edge.imported)}{_attributes(style)}\n"


def _attributes(style: dict[str, str]) -> str:
    return f" [{', '.join(f'{name}={_quoted(value)}' for name, value in style.items())}]" if style else ""


def _quoted(text: str) -> str:
    """A string that is an identifier and its own label: no escape, entity or end of string but those written here."""
    shown = visible(text).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
    return f'"{shown}"'
