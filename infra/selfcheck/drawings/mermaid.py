"""The `mermaid` format: a flowchart for Markdown pages, circles in red. https://mermaid.js.org/syntax/flowchart.html"""

import re
from collections.abc import Iterator

from selfcheck.drawings.drawing import Drawing, Edge, Node, visible

LONGEST, MOST = 50_000, 500
"""Characters and edges beyond which Mermaid draws nothing unless it is configured: `maxTextSize` and `maxEdges`."""
STYLES = """\
  classDef circle fill:#ffebe9,stroke:#cf222e
  classDef external stroke-dasharray:4
  classDef focus stroke-width:3px
"""
# Everything else may be markup to Mermaid, to the Markdown that it reads in labels, or to HTML.
PLAIN = re.compile(r"[^\W_]|[./]|(?<=[^\W_])[_-](?=[^\W_])")


def render(drawing: Drawing) -> str:
    """The drawing as a flowchart; nodes are called by their number, since no name is safe as one."""
    ids = {node.name: f"m{number}" for number, node in enumerate(drawing.nodes)}
    nodes = (f'  {ids[node.name]}["{_label(node.name)}"]\n' for node in drawing.nodes)
    edges = (f"  {ids[edge.importer]} {_arrow(edge)} {ids[edge.imported]}\n" for edge in drawing.edges)
    return "".join(("flowchart LR\n", *nodes, *edges, *_styles(drawing, ids)))


def _arrow(edge: Edge) -> str:
    arrow = "-.->" if edge.later else "-->"
    return f'{arrow}|"{edge.count}"|' if edge.count > 1 else arrow


def _styles(drawing: Drawing, ids: dict[str, str]) -> Iterator[str]:
    classes = {name: [ids[node.name] for node in drawing.nodes if name in _classes(node)] for name in _NAMES}
    if any(classes.values()):
        yield STYLES
    yield from (f"  class {','.join(members)} {name}\n" for name, members in classes.items() if members)
    red = [str(number) for number, edge in enumerate(drawing.edges) if edge.component is not None]
    if red:
        yield f"  linkStyle {','.join(red)} stroke:#cf222e\n"


_NAMES = ("circle", "external", "focus")


def _classes(node: Node) -> set[str]:
    marks = (node.component is not None, node.external, node.focus)
    return {name for name, marked in zip(_NAMES, marks, strict=True) if marked}


def _label(text: str) -> str:
    """The text with every character that may be markup as its number, which Mermaid writes `#60;`."""
    shown = visible(text)
    return "".join(each if PLAIN.match(shown, place) else f"#{ord(each)};" for place, each in enumerate(shown))
