"""Patterns and places that lead nowhere."""

from collections.abc import Iterable, Iterator

from selfcheck.model import Evidence
from selfcheck.trees.tree import Tree


def leading_nowhere(tree: Tree, patterns: Iterable[str]) -> Iterator[Evidence]:
    """An empty scope for each path without wildcards that nothing stands at: a renamed folder must not turn a check blind."""
    for pattern in patterns:
        if not set("*?[!") & set(pattern) and not tree.paths((pattern,)):
            yield Evidence(f"files at {pattern}", scope=0, examined=0)
