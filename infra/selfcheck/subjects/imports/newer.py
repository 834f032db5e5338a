"""Sources newer than the Python that runs: rewritten, line by line, to what its parser reads and imports the same.

PEP 695 and 696 type parameters, 701 and 750 strings, 758 `except` without parentheses, 798 unpacking in
comprehensions, 810 `lazy import`. Where each construct stands is told by tree-sitter's grammar, which does not give up
at an error; whether the result is Python is told by the parser.
"""

import re
from collections.abc import Iterator
from functools import cache

# Loaded only where a source did not parse: few runs meet one.
import tree_sitter
import tree_sitter_python

Edit = tuple[int, int, bytes]
"""From this byte to that one, what takes their place; it has as many lines."""
Position = tuple[int, int]
"""A line from 1 and the bytes before it on that line, as the parser counts."""

_lazy = re.compile(rb"(?:^|[:;])[ \t]*(lazy[ \t]+)(?=(?:\\\r?\n[ \t]*)*(?:import|from)\b)", re.MULTILINE)
_broken = re.compile(rb"\r\n|\r|\n")


def rewritten(content: bytes) -> tuple[bytes, frozenset[Position]]:
    """The source with every newer construct replaced, and where in it lazy imports stand; the same one if it has none."""
    root = _parser().parse(content).root_node
    lazy = {found.start(1): found.end(1) for found in _lazy.finditer(content) if _is_code(root, found.start(1))}
    edits = sorted((*_edits(root), *((start, end, b"") for start, end in lazy.items())), key=lambda edit: edit[:2])
    parts: list[bytes] = []
    positions: set[Position] = set()
    done = 0
    for start, end, new in edits:
        if start < done:
            continue
        parts += (content[done:start], new)
        done = end
        if start in lazy:
            before = b"".join(parts)
            positions.add((before.count(b"\n") + 1, len(before) - before.rfind(b"\n") - 1))
    return b"".join((*parts, content[done:])), frozenset(positions)


@cache
def _parser() -> tree_sitter.Parser:
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_python.language()))


def _is_code(root: tree_sitter.Node, position: int) -> bool:
    node = root.descendant_for_byte_range(position, position + 1)
    return node is None or node.type not in ("string_content", "comment", "string")


def _edits(root: tree_sitter.Node) -> Iterator[Edit]:
    """The replacements of a tree; what stands within a replaced node goes with it."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        found = list(_edit(node))
        yield from found
        if not found or node.type == "except_clause":
            waiting += node.children


def _edit(node: tree_sitter.Node) -> Iterator[Edit]:
    start, end, text = node.start_byte, node.end_byte, node.text or b""
    match node.type:
        case "type_parameter":
            yield start, end, _continued(text)
        case "type_alias_statement":
            yield from _alias(node)
        case "except_clause":
            values = node.children_by_field_name("value")
            if len(values) > 1:
                yield values[0].start_byte, values[0].start_byte, b"("
                yield values[-1].end_byte, values[-1].end_byte, b")"
        case "string" if not {*b"ftFT"}.isdisjoint(text[:2].partition(b'"')[0].partition(b"'")[0]):
            yield start, end, b'""' + _continued(text)
        case "list_comprehension" | "set_comprehension" | "dictionary_comprehension" | "generator_expression":
            body = node.child_by_field_name("body")
            if body is not None and body.type in ("list_splat", "dictionary_splat"):
                yield body.start_byte, body.children[0].end_byte, b""
        case _:
            return


def _alias(node: tree_sitter.Node) -> Iterator[Edit]:
    """`type X[T] = int` reads as an assignment to `type.X`."""
    left = node.child_by_field_name("left")
    if left is not None:
        yield node.children[0].end_byte, left.start_byte, b"."
        yield from (edit for edit in _edits(left))
        right = node.child_by_field_name("right")
        yield from _edits(right) if right is not None else ()


def _continued(text: bytes) -> bytes:
    """The line ends of a text, each continued, so that a statement goes on behind it."""
    return b" " + b"\\\n" * len(_broken.findall(text))
