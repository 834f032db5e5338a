"""Drawings of the import graph: what of it is drawn, and one module a format, `render(drawing) -> str`."""

from selfcheck.drawings.drawing import Drawing, Edge, Node
from selfcheck.drawings.view import Direction, View, drawn

__all__ = ["Direction", "Drawing", "Edge", "Node", "View", "drawn"]
