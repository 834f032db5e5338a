"""JavaScript and TypeScript as syntax nodes, and what small expressions of them say."""

import re
from collections.abc import Iterator
from functools import cache

import tree_sitter
import tree_sitter_typescript

from selfcheck.errors import Unreadable
from selfcheck.subjects.routes.model import Piece, Pieces, Span

Node = tree_sitter.Node
LARGEST = 2_000_000
"""A source is not larger; a bundle is."""
SHORTEST_BUNDLE = 20_000
DEEPEST = 2000
"""How deep nodes may be within each other."""


def parsed(content: bytes, *, typed: bool) -> Node:
    """The program of a source; `typed` ones have assertions where others have elements.

    Raises:
        Unreadable: it is larger than people write.
    """
    if len(content) > LARGEST:
        raise Unreadable("is larger than a source that people write")
    return _parser(typed).parse(content).root_node


@cache
def _parser(typed: bool) -> tree_sitter.Parser:
    language = tree_sitter_typescript.language_typescript() if typed else tree_sitter_typescript.language_tsx()
    return tree_sitter.Parser(tree_sitter.Language(language))


def is_bundle(content: bytes) -> bool:
    """Whether a source is what a tool made of others: a few lines, each longer than people write."""
    return len(content) > SHORTEST_BUNDLE and content.count(b"\n") < len(content) // 500


def walk(root: Node) -> Iterator[Node]:
    """Every named node, in the order of the text."""
    waiting = [(root, 0)]
    while waiting:
        node, depth = waiting.pop()
        yield node
        if depth < DEEPEST:
            waiting += ((child, depth + 1) for child in reversed(node.named_children))


def text(node: Node | None) -> str:
    """The source of a node."""
    return "" if node is None or node.text is None else node.text.decode("utf-8", "replace")


def field(node: Node | None, name: str) -> Node | None:
    """A part of a node by its name in the grammar."""
    return None if node is None else node.child_by_field_name(name)


def string(node: Node | None) -> str | None:
    """The text of a literal without anything to work out."""
    if node is None or node.type not in ("string", "template_string"):
        return None
    if any(child.type != "string_fragment" for child in node.named_children):
        return None
    return text(node)[1:-1]


def pieces(node: Node | None) -> Pieces | None:
    """A text that is written out, put together, or named; None where it is neither."""
    if node is None:
        return None
    plain = string(node)
    if plain is not None:
        return (Piece(plain),)
    if node.type in ("identifier", "member_expression"):
        name = dotted(node)
        return (Piece(name, named=True),) if name else None
    if node.type == "binary_expression" and text(field(node, "operator")) == "+":
        return _joined([field(node, "left"), field(node, "right")])
    if node.type == "template_string":
        inner = [
            child.named_children[0] if child.type == "template_substitution" and child.named_children else child
            for child in node.named_children
        ]
        return _joined([*inner])
    return (Piece(text(node)),) if node.type == "string_fragment" else None


def _joined(several: list[Node | None]) -> Pieces | None:
    found: list[Piece] = []
    for each in several:
        inner = pieces(each)
        if inner is None:
            return None
        found += inner
    return tuple(found)


def dotted(node: Node | None) -> str:
    """A name with its properties; empty for anything else."""
    written = text(node) if node is not None and node.type in ("identifier", "member_expression", "this") else ""
    return written if re.fullmatch(r"[\w$]+(?:\.[\w$]+)*", written) else ""


def arguments(call: Node) -> list[Node]:
    """The arguments of a call."""
    found = field(call, "arguments")
    return [] if found is None else [child for child in found.named_children if child.type != "comment"]


def required(node: Node | None) -> str | None:
    """The module of `require('./x')`, with what is taken of it."""
    if node is not None and node.type == "call_expression" and text(field(node, "function")) == "require":
        return next((string(each) for each in arguments(node)[:1]), None)
    return None


def span(node: Node) -> Span | None:
    """Where a literal stands that is on one line."""
    if string(node) is None or node.start_point[0] != node.end_point[0]:
        return None
    return Span(node.start_point[0] + 1, node.start_point[1], node.end_point[1])


def line(node: Node) -> int:
    """The line of a node, from 1."""
    return node.start_point[0] + 1


def looped(call: Node, own: list[Node]) -> Iterator[tuple[Node, Node]]:
    """For `use(each.path, each.router)` in a loop over objects that are written out: each path with its router."""
    keys = [text(field(each, "property")) for each in own if each.type == "member_expression"]
    names = {text(field(each, "object")) for each in own if each.type == "member_expression"}
    if len(own) < 2 or len(keys) != len(own) or len(names) != 1:
        return
    several = _several(call, names.pop())
    for each in several.named_children if several is not None and several.type == "array" else ():
        found = {text(field(pair, "key")): field(pair, "value") for pair in each.named_children if pair.type == "pair"}
        path, target = found.get(keys[0]), found.get(keys[-1])
        if path is not None and target is not None:
            yield path, target


def _several(node: Node, name: str) -> Node | None:
    """What a name of a loop around a node goes over: of `x.forEach((name) => …)`, `for (const name of x)`."""
    here: Node | None = node
    while here is not None:
        parent = here.parent
        if here.type == "for_in_statement" and text(field(here, "left")) == name:
            return _declared(here, field(here, "right"))
        if here.type == "arrow_function" and parent is not None and parent.parent is not None:
            parameter = field(here, "parameter") or next(iter((field(here, "parameters") or here).named_children), None)
            function = field(parent.parent, "function")
            if text(parameter).partition(":")[0] == name and text(field(function, "property")) in ("forEach", "map"):
                return _declared(here, field(function, "object"))
        here = parent
    return None


def _declared(node: Node, name: Node | None) -> Node | None:
    """The value of a name that the source declares; an array stands for itself."""
    if name is None or name.type == "array":
        return name
    root = node
    while root.parent is not None:
        root = root.parent
    for each in walk(root):
        if each.type == "variable_declarator" and text(field(each, "name")) == text(name):
            value = field(each, "value")
            return value.named_children[0] if value is not None and value.type == "as_expression" else value
    return None
