"""JavaScript and TypeScript as statements and expressions of `program`, by tree-sitter's grammar."""

from collections.abc import Callable, Iterator, Mapping

from selfcheck.errors import Unreadable
from selfcheck.subjects.settings.expressions import Expressions
from selfcheck.subjects.settings.names import listed
from selfcheck.subjects.settings.nodes import Node, field, line_of, names, parsed, string, text
from selfcheck.subjects.settings.program import (
    Assign,
    Attempt,
    Bare,
    Block,
    Branch,
    Bring,
    Define,
    Either,
    Expr,
    Group,
    Item,
    Leave,
    Literal,
    Loop,
    Name,
    Opaque,
    Param,
    Program,
    Stmt,
)
from selfcheck.subjects.settings.walking import own, visit

_FUNCTIONS = listed(
    "function_declaration function_expression function arrow_function method_definition generator_function_declaration"
)


def program(content: bytes, *, jsx: bool, matters: Callable[[bytes], bool]) -> Program:
    """The statements of a source.

    Raises:
        Unreadable: something that matters stands where it does not parse.

    """
    root = parsed(content, jsx=jsx, matters=matters)
    try:
        return Program(_block(root), "script")
    except RecursionError:
        raise Unreadable("does not parse as a script: it is nested too deep") from None


def _block(node: Node) -> Block:
    return tuple(each for child in node.named_children for each in _statement(child))


def _body(node: Node | None) -> Block:
    if node is None:
        return ()
    return _block(node) if node.type in ("statement_block", "class_body", "program") else tuple(_statement(node))


def _statement(node: Node) -> Iterator[Stmt]:
    if node.type in _FUNCTIONS:
        yield _function(node, text(field(node, "name")))
    elif node.type not in _SILENT:
        yield from _STATEMENTS.get(node.type, _bare)(node, line_of(node))


def _bare(node: Node, line: int) -> Iterator[Stmt]:
    yield Bare(EXPRESSIONS.of(node), line)


def _declaration(node: Node, _: int) -> Iterator[Stmt]:
    for each in node.named_children:
        if each.type == "variable_declarator":
            yield from _declared(each)


def _exported(node: Node, _: int) -> Iterator[Stmt]:
    for each in node.named_children:
        if each.type != "string":
            yield from _statement(each)


def _branched(node: Node, line: int) -> Iterator[Stmt]:
    other = field(node, "alternative")
    otherwise = () if other is None else _body(other) if other.type != "else_clause" else _block(other)
    then = field(node, "consequence") or field(node, "body")
    yield Branch(EXPRESSIONS.held(node, "condition"), _body(then), otherwise, line)


def _nested(node: Node, _: int) -> Iterator[Stmt]:
    yield from _block(node)


def _left(node: Node, line: int) -> Iterator[Stmt]:
    yield Leave("raise" if node.type == "throw_statement" else "return", EXPRESSIONS.first(node), line)


def _tried(node: Node, line: int) -> Iterator[Stmt]:
    handler, end = field(node, "handler"), field(node, "finalizer")
    handlers = () if handler is None else (_body(field(handler, "body")),)
    rest = () if end is None else _body(field(end, "body"))
    yield Attempt(_body(field(node, "body")), handlers, rest, line)


def _looped(node: Node, line: int) -> Iterator[Stmt]:
    over = EXPRESSIONS.held(node, "right") if node.type == "for_in_statement" else Opaque((), line)
    yield Loop(names(field(node, "left")), over, _body(field(node, "body")), line)


def _switched(node: Node, line: int) -> Iterator[Stmt]:
    test = Opaque((EXPRESSIONS.held(node, "value"),), line)
    cases = () if (body := field(node, "body")) is None else body.named_children
    yield from (Branch(test, _block(each), (), line) for each in cases)


def _grouped(node: Node, line: int) -> Iterator[Stmt]:
    yield Group(text(field(node, "name")), (), tuple(_decorators(node)), _body(field(node, "body")), line)


def _own_field(node: Node, line: int) -> Iterator[Stmt]:
    value = field(node, "value")
    yield Assign(
        Name((text(field(node, "name")) or "?",), line), None if value is None else EXPRESSIONS.of(value), None, line
    )


def _expression_statement(node: Node, line: int) -> Iterator[Stmt]:
    inner = next(iter(node.named_children), None)
    if inner is None:
        return
    if inner.type in ("assignment_expression", "augmented_assignment_expression"):
        target = EXPRESSIONS.held(inner, "left")
        value = EXPRESSIONS.held(inner, "right")
        right = field(inner, "right")
        if right is not None and right.type in _FUNCTIONS:
            yield _function(right, target.last if isinstance(target, Name) else "")
        yield Assign(target, value, None, line)
    else:
        yield Bare(EXPRESSIONS.of(inner), line)


def _declared(node: Node) -> Iterator[Stmt]:
    line, name, value = line_of(node), field(node, "name"), field(node, "value")
    if name is None or value is None:
        return
    if value.type in _FUNCTIONS:
        yield _function(value, text(name))
    elif name.type == "object_pattern":
        yield from _unpacked(name, EXPRESSIONS.of(value))
    else:
        yield Assign(Name((text(name),), line), EXPRESSIONS.of(value), None, line)


def _unpacked(pattern: Node, value: Expr) -> Iterator[Stmt]:
    """`const {A, B = "x", C: c} = process.env` reads three of its items."""
    for each in pattern.named_children:
        line = line_of(each)
        key, target, default = each, each, None
        if each.type == "object_assignment_pattern":
            key = target = field(each, "left") or each
            default = field(each, "right")
        elif each.type == "pair_pattern":
            key, target = field(each, "key") or each, field(each, "value") or each
            if target.type == "assignment_pattern":
                default, target = field(target, "right"), field(target, "left") or target
        read: Expr = Item(value, Literal(text(key), line), line)
        if isinstance(value, Name):
            read = Name((*value.path, text(key)), line)
        held = read if default is None else Either((read, EXPRESSIONS.of(default)), line)
        yield Assign(Name((text(target),), line), held, None, line)


def _function(node: Node, name: str) -> Define:
    listed = field(node, "parameters") or field(node, "parameter")
    body = field(node, "body")
    if body is not None and body.type != "statement_block":
        inner: Block = (Leave("return", EXPRESSIONS.of(body), line_of(body)),)
    else:
        inner = _body(body)
    return Define(name, tuple(_params(listed)), tuple(_decorators(node)), inner, line_of(node))


def _params(listed: Node | None) -> Iterator[Param]:
    for each in () if listed is None else listed.named_children or (listed,):
        name = field(each, "pattern") or field(each, "left") or each
        default = field(each, "value") or field(each, "right")
        if name.type == "identifier":
            yield Param(text(name), None if default is None else EXPRESSIONS.of(default), line_of(each))


def _decorators(node: Node) -> Iterator[Expr]:
    for each in node.named_children:
        if each.type == "decorator" and (inner := EXPRESSIONS.first(each)) is not None:
            yield inner


def _imported(node: Node, line: int) -> Iterator[Stmt]:
    source = string(field(node, "source"))
    names: list[tuple[str, str]] = []
    waiting = [each for each in node.named_children if each.type == "import_clause"]
    while waiting:
        each = waiting.pop()
        if each.type == "import_specifier":
            name = text(field(each, "name"))
            names.append((name, text(field(each, "alias")) or name))
        else:
            waiting += each.named_children
    yield Bring(source, tuple(names), line)


def _within(node: Node) -> tuple[Expr, ...]:
    """The expressions in anything else; of a function, those of its statements."""
    if node.type in _FUNCTIONS:
        return tuple(_flat(_function(node, "").body))
    return EXPRESSIONS.several(node.named_children)


def _flat(block: Block) -> Iterator[Expr]:
    for stmt, _ in visit(block):
        yield from own(stmt)


_SILENT = listed("comment type_alias_declaration interface_declaration ERROR")
_STATEMENTS: Mapping[str, Callable[[Node, int], Iterator[Stmt]]] = {
    "expression_statement": _expression_statement,
    "lexical_declaration": _declaration,
    "variable_declaration": _declaration,
    "export_statement": _exported,
    "if_statement": _branched,
    "while_statement": _branched,
    "statement_block": _nested,
    "else_clause": _nested,
    "labeled_statement": _nested,
    "return_statement": _left,
    "throw_statement": _left,
    "import_statement": _imported,
    "try_statement": _tried,
    "for_in_statement": _looped,
    "for_statement": _looped,
    "switch_statement": _switched,
    "class_declaration": _grouped,
    "class": _grouped,
    "abstract_class_declaration": _grouped,
    "public_field_definition": _own_field,
}
EXPRESSIONS = Expressions(_within)
