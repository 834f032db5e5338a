"""The classes of a source that are, or may be mixed into, tables of SQLAlchemy and SQLModel; nothing is imported."""

import ast
import re
from collections.abc import Collection, Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from selfcheck.facts import Extractor
from selfcheck.subjects.migrations.columns import argument
from selfcheck.subjects.migrations.kinds import Annotated, annotated, kind_of
from selfcheck.subjects.migrations.literals import Names, assigned, dotted, literal, names_in, parsed, statements, text
from selfcheck.subjects.migrations.tables import Column, Kind, Table

LIKELY = re.compile(rb"sqlalchemy|sqlmodel|Column\(|Mapped\[|mapped_column", re.IGNORECASE)
REVISION = re.compile(rb"^down_revision\b", re.MULTILINE)
COLUMNS = frozenset(("Column", "mapped_column"))
WRAPPED = frozenset(("deferred", "column_property"))
RELATIONS = frozenset(
    ("relationship", "Relationship", "association_proxy", "synonym", "composite", "hybrid_property", "query_expression")
)
PLAIN = frozenset(
    ("Field", "ConfigDict", "SQLModelConfig", "hybrid_method", "backref", "dict", "set", "frozenset", "getLogger")
)
"""Calls in a class that make no column of their own."""


class Model(Struct, frozen=True, kw_only=True):
    """A class: its table if it says one, its bases by their last names, and its own columns."""

    name: str
    line: int
    bases: tuple[str, ...] = ()
    table: str | None = None
    computed: bool = False
    """Whether its table's name is computed."""
    by_class: bool = False
    """Whether classes below it are called by their own names in lower case."""
    is_table: bool = False
    """Whether SQLModel makes a table of it."""
    abstract: bool = False
    columns: tuple[Column, ...] = ()
    open: bool = False


class Models(Struct, frozen=True):
    """The classes of a source, and the tables that are made without one."""

    classes: tuple[Model, ...] = ()
    tables: tuple[Table, ...] = ()
    computed: int = 0
    """How many calls of `Table` take a name that only running the code would tell."""


def extract(content: bytes) -> Models:
    """What a source says.

    Raises:
        Unreadable: it names SQLAlchemy and does not parse.
    """
    if LIKELY.search(content) is None or REVISION.search(content) is not None:
        return Models()  # the models in a revision are those of its day
    module = parsed(content)
    names = names_in(module.body)
    try:
        makers = COLUMNS | _aliases(module)
        classes = tuple(_model(node, names, makers) for node in module.body if isinstance(node, ast.ClassDef))
        tables = tuple(_tables(module, names))
        return Models(classes, tables, _computed(module, names))
    except RecursionError:
        return Models()


MODELS: Extractor[Models] = Extractor("models", 1, Models, extract, host=True)


def _model(node: ast.ClassDef, names: Names, makers: Collection[str]) -> Model:
    said = {name: value for name, value, _ in assigned(node.body)}
    makes = next(
        (each for each in node.body if isinstance(each, ast.FunctionDef) and each.name == "__tablename__"), None
    )
    table = text(said.get("__tablename__"), names)
    by_class = makes is not None and "__name__.lower()" in ast.unparse(makes)
    columns = _required(_columns(node, names, makers), _keys(said.get("__table_args__")))
    return Model(
        name=node.name,
        line=node.lineno,
        bases=tuple(dotted(each).split(".")[-1] for each in _bases(node)),
        table=table,
        computed=("__tablename__" in said and table is None) or (makes is not None and not by_class),
        by_class=by_class,
        is_table=any(each.arg == "table" and literal(each.value, {}) is True for each in node.keywords),
        abstract=literal(said.get("__abstract__"), names) is True,
        columns=columns,
        open="__table__" in said or any(_declares(each) or _is_strange(each, makers) for each in node.body),
    )


def _aliases(module: ast.Module) -> set[str]:
    """What a source calls `Column` and `mapped_column` itself."""
    found: set[str] = set()
    for node in statements(module):
        if isinstance(node, ast.ImportFrom):
            found |= {each.asname for each in node.names if each.name in COLUMNS and each.asname}
        found |= {name for name, value, _ in assigned([node]) if dotted(value).split(".")[-1] in COLUMNS}
    return found


def _is_strange(node: ast.stmt, makers: Collection[str]) -> bool:
    """An attribute that some function makes, which may make columns."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=function)) if not name.startswith("__"):
            return dotted(function).split(".")[-1] not in {*makers, *RELATIONS, *WRAPPED, *PLAIN}
        case _:
            return False


def _bases(node: ast.ClassDef) -> Iterator[ast.expr]:
    for each in node.bases:
        yield each.value if isinstance(each, ast.Subscript) else each


def _declares(node: ast.stmt) -> bool:
    """A method that makes a column of each class below: its type is not known, nor always its name."""
    if not isinstance(node, ast.FunctionDef) or node.name.startswith("__"):
        return False
    return any("declared_attr" in dotted(each) for each in node.decorator_list) and "elationship(" not in ast.unparse(
        node
    )


def _columns(node: ast.ClassDef, names: Names, makers: Collection[str]) -> Iterator[Column]:
    for each in node.body:
        match each:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as value):
                found = _called(name, value, None, names, makers)
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value):
                found = _called(name, value, annotation, names, makers)
            case _:
                found = None
        if found is not None:
            yield found


def _called(
    name: str, value: ast.expr | None, annotation: ast.expr | None, names: Names, makers: Collection[str]
) -> Column | None:
    """The column that an attribute is; None where it is none."""
    line = annotation.lineno if annotation is not None else value.lineno if value is not None else 1
    mapped = annotated(annotation)
    what = dotted(value.func).split(".")[-1] if isinstance(value, ast.Call) else ""
    if what in WRAPPED and isinstance(value, ast.Call) and value.args:
        return _called(name, value.args[0], annotation, names, makers)
    if name.startswith("__") or what in RELATIONS:
        return None
    if what == "Field" and isinstance(value, ast.Call):
        return _field(name, value, annotation, line, names)
    if what in makers and isinstance(value, ast.Call):
        return _column(name, value, mapped, line, names)
    if mapped is not None and mapped.is_column and value is None and mapped.is_mapped:
        return Column(name=name, line=line, kind=mapped.kind, nullable=mapped.nullable)
    if annotation is not None and mapped is not None and not mapped.is_mapped and mapped.is_column:
        # A plain annotation is a column of SQLModel; elsewhere whoever reads the classes leaves it out.
        return Column(name=f"?{name}", line=line, kind=mapped.kind, nullable=mapped.nullable)
    return None


def _column(name: str, call: ast.Call, said: Annotated | None, line: int, names: Names) -> Column:
    args = list(call.args)
    own = text(args[0], names) if args else None
    named = text(argument(call, 99, "name"), names) or own or name
    kinds = [found for each in (args[1:] if own is not None else args) if (found := kind_of(each, names)) is not None]
    given = argument(call, 99, "type_")
    kind = kinds[0] if kinds else kind_of(given, names) if given is not None else None
    if kind is None:
        references = any(isinstance(each, ast.Call) and dotted(each.func).endswith("ForeignKey") for each in args)
        kind = said.kind if said is not None and not references and not args[1 if own is not None else 0 :] else Kind()
    nullable = literal(argument(call, 99, "nullable"), names)
    if literal(argument(call, 99, "primary_key"), names) is True:
        return Column(name=named, line=line, kind=kind, nullable=False)
    if isinstance(nullable, bool):
        return Column(name=named, line=line, kind=kind, nullable=nullable)
    implied = said.nullable if said is not None else None if argument(call, 99, "nullable") is not None else True
    return Column(name=named, line=line, kind=kind, nullable=implied)


def _field(name: str, call: ast.Call, annotation: ast.expr | None, line: int, names: Names) -> Column:
    """A field of SQLModel; what it hands to SQLAlchemy itself decides."""
    mapped = annotated(annotation)
    inner = argument(call, 99, "sa_column")
    if isinstance(inner, ast.Call):
        return _column(name, inner, None, line, names)
    kind = mapped.kind if mapped is not None else Kind()
    size = literal(argument(call, 99, "max_length"), names)
    if kind.name == "text" and isinstance(size, int):
        kind = Kind("text", (size,))
    if (given := argument(call, 99, "sa_type")) is not None:
        kind = kind_of(given, names) or Kind()
    nullable = literal(argument(call, 99, "nullable"), names)
    if literal(argument(call, 99, "primary_key"), names) is True:
        return Column(name=name, line=line, kind=kind, nullable=False)
    implied = mapped.nullable if mapped is not None else None
    return Column(name=name, line=line, kind=kind, nullable=nullable if isinstance(nullable, bool) else implied)


def _computed(module: ast.Module, names: Names) -> int:
    calls = [each for each in ast.walk(module) if isinstance(each, ast.Call) and dotted(each.func).endswith("Table")]
    made = [each for each in calls if dotted(each.func).split(".")[-1] == "Table" and len(each.args) > 1]
    return sum(text(each.args[0], names) is None for each in made)


def _keys(node: ast.AST | None) -> set[str]:
    """The columns that a `PrimaryKeyConstraint` within an expression names."""
    calls = [each for each in ast.walk(node) if isinstance(each, ast.Call)] if node is not None else []
    keys = [each for each in calls if dotted(each.func).split(".")[-1] == "PrimaryKeyConstraint"]
    return {
        arg.value for key in keys for arg in key.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
    }


def _required(columns: Iterable[Column], keys: Collection[str]) -> tuple[Column, ...]:
    return tuple(replace(each, nullable=False) if each.name in keys else each for each in columns)


def _tables(module: ast.Module, names: Names) -> Iterator[Table]:
    """`Table("name", metadata, Column(…), …)` at the top level."""
    for _, value, line in assigned(module.body):
        if not isinstance(value, ast.Call) or dotted(value.func).split(".")[-1] != "Table" or len(value.args) < 2:
            continue
        name = text(value.args[0], names)
        if name is None:
            continue
        calls = [each for each in value.args[2:] if isinstance(each, ast.Call) and dotted(each.func).endswith("Column")]
        columns = _required((_column("", each, None, each.lineno, names) for each in calls), _keys(value))
        others = any(isinstance(each, ast.Starred) for each in value.args) or not calls
        yield Table(name=name, line=line, columns=tuple(each for each in columns if each.name), open=others)
