"""What edits change, for people."""

import difflib
from collections.abc import Sequence

from selfcheck.errors import Unreadable
from selfcheck.trees.edits import Edit
from selfcheck.trees.memory import Overlay
from selfcheck.trees.tree import Tree


def diff(tree: Tree, edits: Sequence[Edit]) -> str:
    """A unified diff of all files that the edits change, in their order, without context.

    Of what the edits take away it says only how much: the content of a repository may be a secret.
    """
    after = Overlay(tree, edits)
    lines: list[str] = []
    for path in dict.fromkeys(edit.path for edit in edits):
        old, new = (f"{side}/{path}" if each.file(path) else "/dev/null" for side, each in (("a", tree), ("b", after)))
        changes = list(difflib.unified_diff(_lines(tree, path), _lines(after, path), old, new, lineterm="", n=0))
        lines += changes[:2] + [each for each in changes[2:] if not each.startswith("-")]
    return "\n".join(lines)


def _lines(tree: Tree, path: str) -> list[str]:
    try:
        return tree.read(path).decode("utf-8", "backslashreplace").splitlines() if tree.file(path) else []
    except Unreadable:
        return []
