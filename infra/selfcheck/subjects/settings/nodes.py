"""Nodes of tree-sitter's grammar of scripts: a source parsed, the texts and numbers of its nodes."""

import re
from collections.abc import Callable
from functools import cache

# Loaded only where such a source is read: most Python repositories have none that matters.
import tree_sitter
import tree_sitter_typescript

from selfcheck.errors import Unreadable
from selfcheck.subjects.settings.program import Expr, Literal, Opaque

Node = tree_sitter.Node

_escape = re.compile(r"\\(?:u\{?([0-9a-fA-F]{1,6})\}?|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_SPECIAL = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}


def parsed(content: bytes, *, jsx: bool, matters: Callable[[bytes], bool]) -> Node:
    """The root of a source.

    Raises:
        Unreadable: something that matters stands where it does not parse.

    """
    root = _parser(jsx=jsx).parse(content).root_node
    if root.has_error:
        _require_that_nothing_is_lost(root, matters)
    return root


def text(node: Node | None) -> str:
    """What stands at a node."""
    return "" if node is None else (node.text or b"").decode("utf-8", "replace")


def string(node: Node | None) -> str:
    """The text of a string literal."""
    if node is None:
        return ""
    return "".join(unescaped(text(each)) for each in node.named_children)


def unescaped(text: str) -> str:
    """A text with its escapes read."""
    return _escape.sub(_character, text) if "\\" in text else text


def _character(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    if code:
        number = int(code, 16)
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
    return _SPECIAL.get(found[3], found[3])


def number(text: str, line: int) -> Expr:
    """A number, if it is one that Python knows."""
    try:
        return Literal(float(text) if "." in text else int(text.replace("_", ""), 0), line)
    except ValueError:
        return Opaque((), line)


def line_of(node: Node) -> int:
    """The line on which a node begins."""
    return node.start_point[0] + 1


def field(node: Node, name: str) -> Node | None:
    """A named child of a node."""
    return node.child_by_field_name(name)


@cache
def _parser(*, jsx: bool) -> tree_sitter.Parser:
    grammar = tree_sitter_typescript.language_tsx() if jsx else tree_sitter_typescript.language_typescript()
    return tree_sitter.Parser(tree_sitter.Language(grammar))


def _require_that_nothing_is_lost(root: Node, matters: Callable[[bytes], bool]) -> None:
    """An error is one only where what matters stands in it, around it in its statement, or on its line."""
    lines = (root.text or b"").split(b"\n")
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            line = node.start_point[0]
            around = node if node.parent is None or node.parent.parent is None else node.parent
            if matters(around.text or b"") or matters(lines[line] if line < len(lines) else b""):
                raise Unreadable(f"does not parse as a script (line {line + 1})")
        if node.has_error:
            waiting += node.children


def names(node: Node | None) -> tuple[str, ...]:
    """The names that a pattern binds."""
    if node is None:
        return ()
    if node.type in ("identifier", "shorthand_property_identifier_pattern"):
        return (text(node),)
    return tuple(name for each in node.named_children for name in names(each))
