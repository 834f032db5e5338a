"""Types of columns as SQLAlchemy and annotations name them."""

import ast

from msgspec import Struct

from selfcheck.subjects.migrations.columns import argument
from selfcheck.subjects.migrations.literals import Names, dotted, literal
from selfcheck.subjects.migrations.tables import Kind

ALCHEMY = {
    **dict.fromkeys(("Integer", "INTEGER", "INT"), "integer"),
    **dict.fromkeys(("BigInteger", "BIGINT"), "bigint"),
    **dict.fromkeys(("SmallInteger", "SMALLINT"), "smallint"),
    **dict.fromkeys(("String", "VARCHAR", "Text", "TEXT", "Unicode", "UnicodeText", "AutoString"), "text"),
    **dict.fromkeys(("CHAR", "NCHAR"), "char"),
    **dict.fromkeys(("Boolean", "BOOLEAN"), "boolean"),
    **dict.fromkeys(("Float", "FLOAT", "REAL", "Double", "DOUBLE", "DOUBLE_PRECISION"), "float"),
    **dict.fromkeys(("Numeric", "NUMERIC", "DECIMAL"), "numeric"),
    **dict.fromkeys(("Date", "DATE"), "date"),
    **dict.fromkeys(("Time", "TIME"), "time"),
    **dict.fromkeys(("DateTime", "DATETIME", "TIMESTAMP"), "timestamp"),
    **dict.fromkeys(("Uuid", "UUID"), "uuid"),
    **dict.fromkeys(("LargeBinary", "BYTEA", "BLOB", "VARBINARY", "BINARY"), "binary"),
    **dict.fromkeys(("Interval", "INTERVAL"), "interval"),
    "JSON": "json",
    "JSONB": "jsonb",
    "ARRAY": "array",
}
PYTHON = {
    "int": "integer",
    "str": "text",
    "bool": "boolean",
    "float": "float",
    "Decimal": "numeric",
    "datetime": "timestamp",
    "date": "date",
    "time": "time",
    "UUID": "uuid",
    "bytes": "binary",
    "timedelta": "interval",
}
SIZED = frozenset(("text", "char", "numeric"))
MANY = frozenset(("list", "List", "set", "Set", "dict", "Sequence", "WriteOnlyMapped", "DynamicMapped", "ClassVar"))


class Annotated(Struct, frozen=True, kw_only=True):
    """What an annotation says of a column."""

    kind: Kind
    nullable: bool | None
    is_mapped: bool
    is_column: bool


def kind_of(node: ast.expr, names: Names) -> Kind | None:
    """The type that an argument of a column is; an empty one where it is a type that is not known, None where it is none."""
    name = dotted(node).split(".")[-1]
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and name in ("with_variant", "evaluates_none")
    ):
        return Kind()
    if name in ("ForeignKey", "Identity", "Computed", "Sequence", "CheckConstraint") or isinstance(node, ast.Constant):
        return None
    found = ALCHEMY.get(name, "")
    if not isinstance(node, ast.Call):
        return Kind(found) if name else None
    if found == "timestamp" and literal(argument(node, 0, "timezone"), names) is True:
        return Kind("timestamp with time zone")
    sizes = [literal(each, names) for each in node.args] if found in SIZED else []
    length = literal(argument(node, 99, "length"), names)
    sizes += [length] if found in SIZED and isinstance(length, int) else []
    known = tuple(each for each in sizes if isinstance(each, int) and not isinstance(each, bool))
    return Kind(found, known if len(known) == len(sizes) else ())


def annotated(node: ast.expr | None) -> Annotated | None:
    """What `Mapped[int | None]`, or without `Mapped` a field of SQLModel, says; None where nothing is annotated."""
    if node is None:
        return None
    node = _parsed(node)
    is_mapped = isinstance(node, ast.Subscript) and dotted(node.value).split(".")[-1] == "Mapped"
    inner = _parsed(node.slice) if isinstance(node, ast.Subscript) and is_mapped else node
    nullable, kept = _optional(inner)
    outer = dotted(kept.value if isinstance(kept, ast.Subscript) else kept).split(".")[-1]
    known = PYTHON.get(outer, "")
    # An alias may be made of `Annotated[…]`, which says of itself whether it is nullable.
    sure = nullable or bool(known) or not is_mapped
    return Annotated(
        kind=Kind(known),
        nullable=nullable if sure else None,
        is_mapped=is_mapped,
        is_column=outer not in MANY and bool(outer),
    )


def _parsed(node: ast.expr) -> ast.expr:
    """An annotation that is written as text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 200:
        try:
            return ast.parse(node.value, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return node
    return node


def _optional(node: ast.expr) -> tuple[bool, ast.expr]:
    """Whether None is allowed, and what else is."""
    match node:
        case ast.Subscript(value=value, slice=inner) if dotted(value).split(".")[-1] == "Optional":
            return True, _parsed(inner)
        case ast.BinOp(op=ast.BitOr(), left=left, right=ast.Constant(value=None)):
            return True, _parsed(left)
        case ast.BinOp(op=ast.BitOr(), left=ast.Constant(value=None), right=right):
            return True, _parsed(right)
        case _:
            return False, node
