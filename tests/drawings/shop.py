"""A small shop to draw, and names that want to be more than names."""

from collections.abc import Sequence
from itertools import pairwise

from selfcheck.drawings import Drawing, Edge, Node, View, drawn
from selfcheck.facts import Facts
from selfcheck.subjects.imports import read
from selfcheck.trees import Memory

SHOP = {
    "shop/__init__.py": "from shop.api.orders import buy\n",
    "shop/api/__init__.py": "",
    "shop/api/orders.py": "import json\nimport requests.adapters\nfrom shop.core import prices, stock\n",
    "shop/core/__init__.py": "",
    "shop/core/prices.py": "from shop.core import stock\n",
    "shop/core/stock.py": "from typing import TYPE_CHECKING\nfrom shop.core import prices\nif TYPE_CHECKING:\n    import yaml\n",
    "shop/tasks.py": "def run():\n    from shop.api import orders\n",
}
HOSTILE = (
    'say"so',
    "x]y",
    "two\nlines",
    "<script>alert(1)</script>",
    "a&lt;b",
    "back\\slash\\",
    "tick`s",
    "#quot;",
    'm0["x"]',
    "a;b%%c",
    "sub.__main__",
    "shop._impl_.x",
    "1. list",
    "- item",
    "**bold**",
    "é.ünï",
    "\u202egnp",
    "%%{init: {}}%%",
    "\\N",
    "a -> b",
    "{x|y}",
    '"',
    "\\",
    "\\\\",
    "](evil)",
    ":::style",
    "end",
    "subgraph",
    "nul\0",
    "",
    "$$x$$",
    "fa:fa-car",
)


def shop(view: View, files: dict[str, str] = SHOP, roots: Sequence[str] = (".",)) -> Drawing:
    """What a view shows of a repository with these files."""
    tree = Memory({path: text.encode() for path, text in files.items()})
    return drawn(read(tree, Facts(), tuple(roots)), roots, view)


def pairs(drawing: Drawing) -> list[str]:
    """The edges as one reads them."""
    return [f"{edge.importer} -> {edge.imported}" for edge in drawing.edges]


def names(drawing: Drawing) -> list[str]:
    """What the nodes are called."""
    return [node.name for node in drawing.nodes]


def chain(called: Sequence[str]) -> Drawing:
    """Modules of these names, each importing the next; the first three are in a circle."""
    ordered = sorted(set(called))
    circle = frozenset(ordered[:3])
    back = [(ordered[2], ordered[0])] if len(ordered) > 2 else []
    links = sorted([*pairwise(ordered), *back])
    return Drawing(
        roots=(".",),
        kinds=(),
        depth=None,
        nodes=tuple(
            Node(name=name, path=name, component=1 if name in circle else None, external=place % 5 == 4)
            for place, name in enumerate(ordered)
        ),
        edges=tuple(
            Edge(
                importer=one,
                imported=other,
                path=one,
                line=1,
                count=1 + place % 3,
                component=1 if {one, other} <= circle else None,
            )
            for place, (one, other) in enumerate(links)
        ),
        components={1: tuple(sorted(circle))},
    )
