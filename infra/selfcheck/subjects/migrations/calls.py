"""The calls of a revision's function that change a schema, in order, as operations."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from msgspec import Struct, structs

from selfcheck.subjects.migrations.columns import argument, changes, constraint_traits, name_of, new_column
from selfcheck.subjects.migrations.literals import (
    Names,
    assigned,
    dotted,
    literal,
    names_in,
    root,
    statements,
    template,
    text,
)
from selfcheck.subjects.migrations.operations import Does, Operation, Trait

T = TypeVar("T")
DEEPEST = 40
"""How deep functions of the revision that call each other are followed."""
RUNS = frozenset(("execute", "exec_driver_sql", "scalar", "scalars"))
CHANGES_ROWS = frozenset(
    ("bulk_insert", "bulk_insert_mappings", "bulk_save_objects", "bulk_update_mappings", "add_all")
)
CHANGING = frozenset(("insert", "update", "delete"))
TEXTS = frozenset(("text", "DDL", "dedent"))
READING = frozenset(("select", "query", "exists"))
NAMED = {
    "create_index": (Does.CREATE_INDEX, 0, 1),
    "drop_index": (Does.DROP_INDEX, 0, 1),
    "create_foreign_key": (Does.ADD_FOREIGN_KEY, 0, 1),
    "create_check_constraint": (Does.ADD_CHECK, 0, 1),
    "create_unique_constraint": (Does.ADD_UNIQUE, 0, 1),
    "create_primary_key": (Does.ADD_PRIMARY_KEY, 0, 1),
    "create_exclude_constraint": (Does.ADD_EXCLUDE, 0, 1),
    "drop_constraint": (Does.DROP_CONSTRAINT, 0, 1),
    "drop_column": (Does.DROP_COLUMN, 1, 0),
}
"""What a call does, and where its name and its table stand among the arguments; in a batch the table is left out."""
TABLE_WORDS = ("table_name", "source_table", "source")
ABOUT_WORDS = ("index_name", "constraint_name", "column_name", "name")


class _Around(Struct, frozen=True):
    """What holds where a call stands: the names of batches and their tables, and whether a transaction is open."""

    names: Names
    values: Mapping[str, tuple[ast.expr, ...]]
    """All that each name is assigned in the function, wherever in it."""
    batches: Mapping[str, str | None]
    outside: bool = False


class _Reading:
    def __init__(self, functions: Mapping[str, ast.FunctionDef], module: ast.Module) -> None:
        self.functions = functions
        self.ops = {"op", *_aliases(module)}
        self.visiting: list[str] = []
        self.committed = False
        """Whether a literal COMMIT has ended the transaction of the revision."""

    def function(self, node: ast.FunctionDef, around: _Around, given: Mapping[str, ast.expr]) -> Iterator[Operation]:
        """What the calls in a function do, in order; functions of the revision that it calls are entered once."""
        if node.name in self.visiting or len(self.visiting) > DEEPEST:
            return
        self.visiting.append(node.name)
        own = names_in(node.body)
        taken = {each.arg for each in (*node.args.args, *node.args.kwonlyargs)} - set(given)
        names = {name: value for name, value in around.names.items() if name not in taken}
        inner = structs.replace(around, names={**names, **given, **own}, values=_values(node), batches={})
        for statement in node.body:
            yield from self.visit(statement, inner)
        self.visiting.pop()

    def visit(self, node: ast.AST, around: _Around) -> Iterator[Operation]:
        """What a statement or an expression does."""
        match node:
            case ast.With(items=items, body=body):
                for item in items:
                    yield from self.visit(item.context_expr, around)
                    around = self._within(item, around)
                yield from self._each(body, around)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.Constant() | ast.Name():
                return
            case ast.Call():
                yield from self._each(ast.iter_child_nodes(node), around)
                for found in self.call(node, around):
                    yield self._placed(found, around)
            case _:
                yield from self._each(ast.iter_child_nodes(node), around)

    def _each(self, nodes: Iterable[ast.AST], around: _Around) -> Iterator[Operation]:
        for each in nodes:
            yield from self.visit(each, around)

    def call(self, node: ast.Call, around: _Around) -> Iterator[Operation]:
        """What one call does."""
        match node.func:
            case ast.Name(id=name) if name in self.functions:
                yield from self.function(self.functions[name], around, _given(node, self.functions[name], around.names))
            case ast.Attribute(value=ast.Name(id=name), attr=method) if name in around.batches:
                for each in _schema(node, method, around.names, around.batches[name], in_batch=True):
                    yield structs.replace(each, traits=(*each.traits, Trait.BATCH))
            case ast.Attribute(attr=method) if method in RUNS:
                yield from self._runs(node, method, around)
            case ast.Attribute(value=owner, attr=method) if dotted(owner).split(".")[-1] in self.ops:
                yield from _schema(node, method, around.names, None, in_batch=False)
            case ast.Attribute(attr=method) if method in CHANGES_ROWS:
                yield Operation(does=Does.DATA, line=node.lineno, traits=(Trait.CODE,))
            case _:
                return

    def _runs(self, node: ast.Call, method: str, around: _Around) -> Iterator[Operation]:
        found = _run(node, around)
        # Only `execute` can be expected to run SQL: whatever has another name may be anything.
        if found is not None and (found.does is not Does.UNKNOWN or found.sql is not None or method == "execute"):
            if (found.sql or "").strip().rstrip(";").upper() == "COMMIT":
                self.committed = True
            yield found

    def _placed(self, operation: Operation, around: _Around) -> Operation:
        outside = (around.outside or self.committed) and Trait.OUTSIDE not in operation.traits
        return structs.replace(operation, traits=(*operation.traits, Trait.OUTSIDE)) if outside else operation

    def _within(self, item: ast.withitem, around: _Around) -> _Around:
        called = item.context_expr
        if not isinstance(called, ast.Call):
            return around
        what = dotted(called.func).split(".")[-1]
        if what == "autocommit_block":
            return structs.replace(around, outside=True)
        if what == "batch_alter_table" and isinstance(item.optional_vars, ast.Name):
            table = text(argument(called, 0, "table_name"), around.names)
            return structs.replace(around, batches={**around.batches, item.optional_vars.id: table})
        return around


def operations(
    function: ast.FunctionDef, functions: Mapping[str, ast.FunctionDef], names: Names, module: ast.Module
) -> Iterator[Operation]:
    """What a function of a revision does, with the functions of the same file that it calls."""
    yield from _Reading(functions, module).function(function, _Around(names, {}, {}), {})


def _given(node: ast.Call, function: ast.FunctionDef, names: Names) -> dict[str, ast.expr]:
    """The parameters of a function that are called with literals, and these."""
    params = [each.arg for each in function.args.args]
    pairs = [*zip(params, node.args, strict=False), *((each.arg or "", each.value) for each in node.keywords)]
    found = {name: literal(value, names) for name, value in pairs}
    return {name: ast.Constant(value=value) for name, value in found.items() if isinstance(value, str | int | bool)}


def _values(function: ast.FunctionDef) -> dict[str, tuple[ast.expr, ...]]:
    found: dict[str, tuple[ast.expr, ...]] = {}
    for statement in statements(function):
        for name, value, _ in assigned([statement]):
            found[name] = (*found.get(name, ()), value)
    return found


def _aliases(module: ast.Module) -> Iterator[str]:
    for node in module.body:
        if isinstance(node, ast.ImportFrom) and node.module == "alembic":
            yield from (each.asname for each in node.names if each.name == "op" and each.asname)


def _run(node: ast.Call, around: _Around) -> Operation | None:
    """A statement that is executed: text of SQL, or an expression that says whether rows are changed."""
    given = node.args[0] if node.args else next((each.value for each in node.keywords), None)
    if given is None:
        return None
    sql = _sql(given, around)
    if sql is not None:
        return Operation(does=Does.UNKNOWN, line=node.lineno, sql=sql)
    named = around.values.get(root(given) or "", ())
    words = [set(dotted(given).split(".")) | set(dotted(each).split(".")) for each in named or (given,)]
    if any(each & CHANGING for each in words):
        return Operation(does=Does.DATA, line=node.lineno)
    if all(each & READING for each in words):
        return None
    return Operation(does=Does.UNKNOWN, line=node.lineno, traits=(Trait.CODE,))


def _sql(node: ast.expr, around: _Around, depth: int = 0) -> str | None:
    """The text of a statement: a literal, or one within `text(...)`, whatever is called on that.

    Of a name that is assigned several texts, all of them, one after the other.
    """
    match node:
        case _ if depth > DEEPEST:
            return None
        case ast.Call(func=ast.Attribute(value=inner, attr="bindparams" | "execution_options" | "columns")):
            return _sql(inner, around, depth + 1)
        case ast.Call(func=function, args=[inner, *_]) if dotted(function).split(".")[-1] in TEXTS:
            return _sql(inner, around, depth + 1)
        case ast.Name(id=name) if name in around.names or name in around.values:
            rest = structs.replace(around, names=_without(around.names, name), values=_without(around.values, name))
            several = [around.names[name]] if name in around.names else around.values[name]
            texts = [_sql(each, rest, depth + 1) for each in several]
            return None if None in texts else ";\n".join(each for each in texts if each)
        case _:
            return template(node, around.names)


def _without(several: Mapping[str, T], name: str) -> dict[str, T]:
    return {each: value for each, value in several.items() if each != name}


def _schema(node: ast.Call, method: str, names: Names, table: str | None, *, in_batch: bool) -> Iterator[Operation]:
    """What a call of `op`, or of a batch on a table, does."""
    skipped = 0 if in_batch else 1
    match method:
        case "create_table":
            yield Operation(does=Does.CREATE_TABLE, line=node.lineno, table=_text(node, 0, "table_name", names))
        case "drop_table":
            yield Operation(does=Does.DROP_TABLE, line=node.lineno, table=_text(node, 0, "table_name", names))
        case "rename_table":
            old, new = _text(node, 0, "old_table_name", names), _text(node, 1, "new_table_name", names)
            yield Operation(does=Does.RENAME_TABLE, line=node.lineno, table=old, about=new)
        case "add_column":
            given = argument(node, skipped, "column")
            yield new_column(given, table or _text(node, 0, "table_name", names), node.lineno, names)
        case "alter_column":
            column = _text(node, skipped, "column_name", names)
            yield from changes(node, table or _text(node, 0, "table_name", names), column, names)
        case "bulk_insert":
            yield Operation(does=Does.DATA, line=node.lineno)
        case _ if method in NAMED:
            yield _named(node, method, names, table, in_batch=in_batch)
        case _:
            return


def _named(node: ast.Call, method: str, names: Names, table: str | None, *, in_batch: bool) -> Operation:
    does, name_at, table_at = NAMED[method]
    if in_batch:
        name_at = 0
    about = name_of(next((found for word in ABOUT_WORDS if (found := _keyword(node, word)) is not None), None), names)
    about = about or name_of(node.args[name_at] if len(node.args) > name_at else None, names)
    if table is None:
        said = next((found for word in TABLE_WORDS if (found := _keyword(node, word)) is not None), None)
        table = text(said or (node.args[table_at] if len(node.args) > table_at else None), names)
    traits = constraint_traits(node, names)
    return Operation(does=does, line=node.lineno, table=table, about=about, traits=traits)


def _keyword(node: ast.Call, name: str) -> ast.expr | None:
    return next((each.value for each in node.keywords if each.arg == name), None)


def _text(node: ast.Call, place: int, keyword: str, names: Names) -> str | None:
    value = literal(argument(node, place, keyword), names)
    return value if isinstance(value, str) else None
