"""Expressions of scripts, from the nodes of tree-sitter's grammar."""

from collections.abc import Callable, Iterable, Mapping

from selfcheck.subjects.settings.names import listed
from selfcheck.subjects.settings.nodes import Node, field, line_of, number, string, text, unescaped
from selfcheck.subjects.settings.program import (
    Both,
    Call,
    Choice,
    Compare,
    Either,
    Expr,
    Fields,
    Item,
    Joined,
    Literal,
    Many,
    Member,
    Name,
    Not,
    Opaque,
)

_WRAPPERS = listed(
    "parenthesized_expression non_null_expression as_expression satisfies_expression await_expression type_assertion"
    " spread_element"
)
_COMPARED = {"===": "==", "==": "==", "!==": "!=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


class Expressions:
    """What nodes are as expressions; `inside` gives the expressions within anything else, such as a function."""

    def __init__(self, inside: Callable[[Node], tuple[Expr, ...]]) -> None:
        self._inside = inside
        self._by_type: Mapping[str, Callable[[Node, int], Expr]] = {
            "string": lambda node, line: Literal(string(node), line),
            "template_string": self._template,
            "number": lambda node, line: number(text(node), line),
            "true": lambda _, line: Literal(value=True, line=line),
            "false": lambda _, line: Literal(value=False, line=line),
            "null": lambda _, line: Literal(None, line),
            "undefined": lambda _, line: Literal(None, line),
            **dict.fromkeys(
                ("identifier", "this", "shorthand_property_identifier"), lambda node, line: Name((text(node),), line)
            ),
            "member_expression": self._member,
            "subscript_expression": self._subscript,
            "call_expression": self._called,
            "new_expression": self._called,
            "binary_expression": self._binary,
            "unary_expression": self._unary,
            "ternary_expression": self._ternary,
            "array": lambda node, line: Many(self.several(node.named_children), line),
            "object": self._object,
        }

    def first(self, node: Node) -> Expr | None:
        """The first expression in a node, if it has one."""
        inner = next((each for each in node.named_children if each.type != "comment"), None)
        return None if inner is None else self.of(inner)

    def held(self, node: Node, name: str) -> Expr:
        """The expression in a field of a node."""
        inner = field(node, name)
        return Opaque((), line_of(node)) if inner is None else self.of(inner)

    def several(self, nodes: Iterable[Node]) -> tuple[Expr, ...]:
        """Expressions of nodes, comments left out."""
        return tuple(self.of(each) for each in nodes if each.type != "comment")

    def of(self, node: Node) -> Expr:
        """The expression that a node is."""
        line = line_of(node)
        if node.type in _WRAPPERS:
            return self.first(node) or Opaque((), line)
        return self._by_type.get(node.type, self._opaque)(node, line)

    def _opaque(self, node: Node, line: int) -> Expr:
        return Opaque(self._inside(node), line)

    def _unary(self, node: Node, line: int) -> Expr:
        return (
            Not(self.held(node, "argument"), line) if text(field(node, "operator")) == "!" else self._opaque(node, line)
        )

    def _ternary(self, node: Node, line: int) -> Expr:
        return Choice(
            self.held(node, "condition"), self.held(node, "consequence"), self.held(node, "alternative"), line
        )

    def _member(self, node: Node, line: int) -> Expr:
        of, name = self.held(node, "object"), text(field(node, "property"))
        if isinstance(of, Opaque) and text(field(node, "object")) == "import.meta":
            of = Name(("import", "meta"), line)
        return Name((*of.path, name), line) if isinstance(of, Name) else Member(of, name, line)

    def _subscript(self, node: Node, line: int) -> Expr:
        of, key = self.held(node, "object"), self.held(node, "index")
        if isinstance(of, Name) and isinstance(key, Literal) and isinstance(key.value, str):
            return Name((*of.path, key.value), line)
        return Item(of, key, line)

    def _called(self, node: Node, line: int) -> Expr:
        of = self.held(node, "function" if node.type == "call_expression" else "constructor")
        listed = field(node, "arguments")
        args = () if listed is None else self.several(listed.named_children)
        named = tuple((name, value) for arg in args if isinstance(arg, Fields) for name, value, _ in arg.entries)
        return Call(of, args, named, line)

    def _binary(self, node: Node, line: int) -> Expr:
        how, left, right = text(field(node, "operator")), self.held(node, "left"), self.held(node, "right")
        if how in ("||", "??"):
            return Either((left, right), line)
        if how == "&&":
            return Both((left, right), line)
        if how == "+":
            return Joined((*left.parts, right) if isinstance(left, Joined) else (left, right), line)
        return Compare(_COMPARED[how], left, right, line) if how in _COMPARED else Opaque((left, right), line)

    def _object(self, node: Node, line: int) -> Expr:
        entries: list[tuple[str, Expr, int]] = []
        rest: list[Expr] = []
        for each in node.named_children:
            key = field(each, "key")
            if each.type == "pair" and key is not None:
                name = string(key) if key.type == "string" else text(key)
                entries.append((name, self.held(each, "value"), line_of(each)))
            elif each.type != "comment":
                rest.append(self.of(each))
        return Fields(tuple(entries), tuple(rest), line)

    def _template(self, node: Node, line: int) -> Expr:
        parts = tuple(
            Literal(unescaped(text(each)), line)
            if each.type in ("string_fragment", "escape_sequence")
            else self.first(each) or Opaque((), line)
            for each in node.named_children
        )
        if all(isinstance(each, Literal) for each in parts):
            return Literal("".join(str(each.value) for each in parts if isinstance(each, Literal)), line)
        return Joined(parts, line)
