"""Python as statements and expressions of `program`; nothing is imported or run."""

import ast
import warnings
from collections.abc import Mapping, Sequence

from selfcheck.errors import Unreadable
from selfcheck.subjects.settings.program import (
    Assign,
    Attempt,
    Bare,
    Block,
    Both,
    Branch,
    Bring,
    Call,
    Choice,
    Compare,
    Define,
    Either,
    Expr,
    Fields,
    Group,
    Item,
    Joined,
    Leave,
    Literal,
    Loop,
    Many,
    Member,
    Name,
    Not,
    Opaque,
    Param,
    Program,
    Stmt,
)

_COMPARED: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.Is: "==",
    ast.NotEq: "!=",
    ast.IsNot: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


def program(content: bytes) -> Program:
    """The statements of a source.

    Raises:
        Unreadable: it does not parse.

    """
    try:
        return Program(_block(_tree(content).body), "python")
    except SyntaxError as error:
        # Here alone: the grammar that rewrites newer sources is a library of its own, and few runs meet such a source.
        from selfcheck.subjects.imports.newer import rewritten

        older, _ = rewritten(content)
        if older == content:
            raise _unreadable(error) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise _unreadable(error) from None
    try:
        return Program(_block(_tree(older).body), "python")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _unreadable(error) from None


def _tree(content: bytes) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape in a string of the judged source is not ours to tell
        return ast.parse(content)


def _unreadable(error: BaseException) -> Unreadable:
    if isinstance(error, SyntaxError):
        line = f" (line {error.lineno})" if error.lineno else ""
        return Unreadable(f"does not parse as Python: {error.msg}{line}")
    return Unreadable(f"does not parse as Python: {str(error) or type(error).__name__}")


def _block(body: Sequence[ast.stmt]) -> Block:
    return tuple(each for stmt in body for each in _statement(stmt))


def _statement(node: ast.stmt) -> tuple[Stmt, ...]:
    line = node.lineno
    match node:
        case ast.Assign(targets=targets, value=value):
            held = _expr(value)
            return tuple(Assign(_expr(target), held, None, line) for target in targets)
        case ast.AnnAssign(target=target, annotation=annotation, value=value):
            return (Assign(_expr(target), _maybe(value), _expr(annotation), line),)
        case ast.AugAssign(target=target, value=value):
            return (Assign(_expr(target), Opaque((_expr(value),), line), None, line),)
        case ast.Expr(value=value):
            return (Bare(_expr(value), line),)
        case ast.Import() | ast.ImportFrom():
            return _imported(node)
        case ast.Return() | ast.Raise() | ast.Continue() | ast.Break() | ast.Assert():
            return (_leaving(node),)
        case _:
            return _compound(node)


def _leaving(node: ast.Return | ast.Raise | ast.Continue | ast.Break | ast.Assert) -> Stmt:
    line = node.lineno
    match node:
        case ast.Return(value=value):
            return Leave("return", _maybe(value), line)
        case ast.Raise(exc=value):
            return Leave("raise", _maybe(value), line)
        case ast.Assert(test=test):
            return Branch(Not(_expr(test), line), (Leave("raise", None, line),), (), line)
        case _:
            return Leave("continue", None, line)


def _compound(node: ast.stmt) -> tuple[Stmt, ...]:
    line = node.lineno
    match node:
        case ast.If(test=test, body=body, orelse=other) | ast.While(test=test, body=body, orelse=other):
            return (Branch(_expr(test), _block(body), _block(other), line),)
        case ast.Try() | ast.TryStar():
            handlers = tuple(_block(each.body) for each in node.handlers)
            return (Attempt(_block(node.body), handlers, _block([*node.orelse, *node.finalbody]), line),)
        case ast.For(target=target, iter=over, body=body) | ast.AsyncFor(target=target, iter=over, body=body):
            return (Loop(_targets(target), _expr(over), _block(body), line),)
        case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
            entered = Many(tuple(_expr(each.context_expr) for each in items), line)
            return (Loop((), entered, _block(body), line),)
        case ast.FunctionDef(name=name, args=args) | ast.AsyncFunctionDef(name=name, args=args):
            return (Define(name, _params(args), _several(node.decorator_list), _block(node.body), line),)
        case ast.ClassDef(name=name, bases=bases):
            return (Group(name, _several(bases), _several(node.decorator_list), _block(node.body), line),)
        case ast.Match(subject=subject, cases=cases):
            found = Opaque((_expr(subject),), line)
            return tuple(Branch(found, _block(case.body), (), line) for case in cases)
        case _:
            return ()


def _imported(node: ast.Import | ast.ImportFrom) -> tuple[Stmt, ...]:
    if isinstance(node, ast.Import):
        names = tuple((each.name, each.asname or each.name) for each in node.names)
        return (Bring("", names, node.lineno),)
    module = "." * node.level + (node.module or "")
    return (Bring(module, tuple((each.name, each.asname or each.name) for each in node.names), node.lineno),)


def _params(args: ast.arguments) -> tuple[Param, ...]:
    placed = [*args.posonlyargs, *args.args]
    defaults: list[ast.expr | None] = [*([None] * (len(placed) - len(args.defaults))), *args.defaults]
    pairs = [*zip(placed, defaults, strict=True), *zip(args.kwonlyargs, args.kw_defaults, strict=True)]
    return tuple(Param(arg.arg, _maybe(default), arg.lineno) for arg, default in pairs)


def _targets(target: ast.expr) -> tuple[str, ...]:
    return tuple(each.id for each in ast.walk(target) if isinstance(each, ast.Name))


def _maybe(node: ast.expr | None) -> Expr | None:
    return None if node is None else _expr(node)


def _several(nodes: Sequence[ast.expr]) -> tuple[Expr, ...]:
    return tuple(map(_expr, nodes))


def _expr(node: ast.expr) -> Expr:
    line = node.lineno
    match node:
        case ast.Constant(value=value):
            return _literal(value, line)
        case ast.Name(id=name):
            return Name((name,), line)
        case ast.Attribute(value=of, attr=name):
            held = _expr(of)
            return Name((*held.path, name), line) if isinstance(held, Name) else Member(held, name, line)
        case ast.Subscript(value=of, slice=key):
            return Item(_expr(of), _expr(key), line)
        case ast.Call(func=of, args=args, keywords=keywords):
            named = tuple((each.arg or "**", _expr(each.value)) for each in keywords)
            return Call(_expr(of), _several(args), named, line)
        case ast.BoolOp() | ast.UnaryOp(op=ast.Not()) | ast.Compare() | ast.IfExp():
            return _condition(node)
        case _:
            return _rest(node)


def _condition(node: ast.BoolOp | ast.UnaryOp | ast.Compare | ast.IfExp) -> Expr:
    line = node.lineno
    match node:
        case ast.BoolOp(op=op, values=values):
            several = _several(values)
            return Either(several, line) if isinstance(op, ast.Or) else Both(several, line)
        case ast.UnaryOp(operand=operand):
            return Not(_expr(operand), line)
        case ast.IfExp(test=test, body=then, orelse=other):
            return Choice(_expr(test), _expr(then), _expr(other), line)
        case ast.Compare():
            return _compared(node)


def _rest(node: ast.expr) -> Expr:
    line = node.lineno
    match node:
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            return Many(_several(parts), line)
        case ast.Dict(keys=keys, values=values):
            return _fields(keys, values, line)
        case ast.JoinedStr(values=parts):
            return Joined(_several(parts), line)
        case ast.BinOp(op=ast.Add()):
            return Joined(_several(_summands(node)), line)
        case ast.NamedExpr() | ast.Await() | ast.Starred() | ast.FormattedValue():
            return _expr(node.value)
        case ast.Lambda(body=body):
            return Opaque((_expr(body),), line)
        case _:
            inner = (each for each in ast.iter_child_nodes(node) if isinstance(each, ast.expr))
            return Opaque((*map(_expr, inner), *_generators(node)), line)


def _summands(node: ast.expr) -> list[ast.expr]:
    """What a sum adds up, in order; a long one is deep on its left side."""
    found: list[ast.expr] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        found.append(node.right)
        node = node.left
    return [node, *reversed(found)]


def _generators(node: ast.expr) -> tuple[Expr, ...]:
    several = getattr(node, "generators", ())
    return tuple(_expr(part) for each in several for part in (each.iter, *each.ifs))


def _literal(value: object, line: int) -> Expr:
    if isinstance(value, bytes):
        return Literal(value.decode("utf-8", "replace"), line)
    return Literal(value, line) if isinstance(value, str | int | float | None) else Opaque((), line)


def _compared(node: ast.Compare) -> Expr:
    operands = [node.left, *node.comparators]
    found: list[Expr] = []
    for left, how, right in zip(operands, node.ops, operands[1:], strict=False):
        found.append(Compare(_COMPARED[type(how)], _expr(left), _expr(right), node.lineno))
    return found[0] if len(found) == 1 else Both(tuple(found), node.lineno)


def _fields(keys: Sequence[ast.expr | None], values: Sequence[ast.expr], line: int) -> Expr:
    entries: list[tuple[str, Expr, int]] = []
    rest: list[Expr] = []
    for key, value in zip(keys, values, strict=True):
        match key:
            case ast.Constant(value=str(name)):
                entries.append((name, _expr(value), key.lineno))
            case _:
                rest.append(_expr(value))
    return Fields(tuple(entries), tuple(rest), line)
