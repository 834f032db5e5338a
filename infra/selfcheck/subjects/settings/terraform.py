"""Terraform: defaults of variables, and secrets written into resources, by tree-sitter's grammar of HCL."""

from collections.abc import Iterator
from functools import cache

# Loaded only where there is such a file.
import tree_sitter
import tree_sitter_hcl

from selfcheck.errors import Unreadable
from selfcheck.subjects.settings.entries import Entry, entry, require_small
from selfcheck.subjects.settings.names import consequence

Node = tree_sitter.Node


def terraform(content: bytes) -> Iterator[Entry]:
    """The defaults of variables, values of `.tfvars`, and attributes whose name is a secret's.

    Raises:
        Unreadable: it does not parse.

    """
    require_small(content)
    root = _parser().parse(content).root_node
    if root.has_error:
        raise Unreadable(f"does not parse as Terraform (line {_first_error(root)})")
    yield from _body(root, ())


@cache
def _parser() -> tree_sitter.Parser:
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))


def _first_error(root: Node) -> int:
    node = root
    while True:
        inner = next((each for each in node.children if each.has_error or each.is_error or each.is_missing), None)
        if inner is None or inner.is_error:
            return (inner or node).start_point[0] + 1
        node = inner


def _body(node: Node, blocks: tuple[str, ...]) -> Iterator[Entry]:
    for each in node.named_children:
        if each.type == "body":
            yield from _body(each, blocks)
        elif each.type == "block":
            labels = tuple(
                _text(child).strip('"') for child in each.named_children if child.type in ("identifier", "string_lit")
            )
            yield from _body(each, (*blocks, *labels))
        elif each.type == "attribute":
            yield from _attribute(each, blocks)


def _attribute(node: Node, blocks: tuple[str, ...]) -> Iterator[Entry]:
    name, found = _text(node.named_children[0]), _literal(node.named_children[-1])
    line = node.start_point[0] + 1
    if found is None:
        yield from _object(node.named_children[-1], blocks)
    elif blocks[:1] == ("variable",) and name == "default" and len(blocks) > 1:
        yield entry(blocks[1], found, line, scope="variable", variable=f"TF_VAR_{blocks[1]}")
    elif consequence(name) is not None:
        yield entry(name, found, line, scope=".".join(blocks), variable="")


def _object(node: Node, blocks: tuple[str, ...]) -> Iterator[Entry]:
    """The entries of an object, such as the variables of a function or a container."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if each.type == "object_elem" and len(each.named_children) == 2:
            name, found = _text(each.named_children[0]).strip('"'), _literal(each.named_children[1])
            if found is not None:
                yield entry(
                    name,
                    found,
                    each.start_point[0] + 1,
                    scope=".".join(blocks),
                    variable=name if name.isupper() else "",
                )
                continue
        waiting += reversed(each.named_children)


def _literal(node: Node) -> str | None:
    """The text of a plain string; None for anything that is worked out."""
    while node.type in ("expression", "literal_value") and len(node.named_children) == 1:
        node = node.named_children[0]
    if node.type != "string_lit":
        return None
    return "".join(_text(each) for each in node.named_children if each.type == "template_literal")


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")
