"""Columns and their changes as alembic writes them."""

import ast
from collections.abc import Iterator

from selfcheck.subjects.migrations.literals import Names, dotted, literal, text
from selfcheck.subjects.migrations.operations import Does, Operation, Trait

VOLATILE = frozenset(("gen_random_uuid", "uuid_generate_v4", "random", "clock_timestamp", "nextval", "timeofday"))
"""Functions whose value differs from row to row: https://www.postgresql.org/docs/current/sql-altertable.html"""
GENERATED = frozenset(("Computed", "Identity"))
KEYWORDS = {
    "postgresql_concurrently": Trait.CONCURRENTLY,
    "postgresql_not_valid": Trait.NOT_VALID,
    "unique": Trait.UNIQUE,
    "postgresql_using_index": Trait.USING_INDEX,
}
UNBOUNDED = frozenset(("Text", "TEXT", "UnicodeText"))
BOUNDED = frozenset(("String", "VARCHAR", "Unicode", "Varchar", "AutoString"))


def argument(node: ast.Call, place: int, keyword: str) -> ast.expr | None:
    """An argument by its keyword or its place."""
    named = next((each.value for each in node.keywords if each.arg == keyword), None)
    if named is not None:
        return named
    plain = node.args[place] if len(node.args) > place else None
    return None if isinstance(plain, ast.Starred) else plain


def name_of(node: ast.expr | None, names: Names) -> str | None:
    """A name, also as `op.f("name")`."""
    match node:
        case ast.Call(func=ast.Attribute(attr="f"), args=[inner]):
            return text(inner, names)
        case _:
            return text(node, names)


def constraint_traits(node: ast.Call, names: Names) -> tuple[Trait, ...]:
    """What the keywords of a call say."""
    return tuple(
        trait
        for keyword, trait in KEYWORDS.items()
        if literal(argument(node, 99, keyword), names) is True
        or (trait is Trait.USING_INDEX and argument(node, 99, keyword) is not None)
    )


def new_column(given: ast.expr | None, table: str | None, line: int, names: Names) -> Operation:
    """A column that is added."""
    if isinstance(given, ast.Name) and given.id in names:
        given = names[given.id]
    if not isinstance(given, ast.Call):
        return Operation(does=Does.ADD_COLUMN, line=line, table=table, traits=(Trait.CODE,))
    inner = {dotted(each.func).split(".")[-1] for each in ast.walk(given) if isinstance(each, ast.Call)}
    default = argument(given, 99, "server_default")
    primary = literal(argument(given, 99, "primary_key"), names) is True
    traits = [
        *([Trait.NOT_NULL] if literal(argument(given, 99, "nullable"), names) is False or primary else []),
        *([Trait.DEFAULT] if default is not None and not _is_none(default) else []),
        *([Trait.VOLATILE] if default is not None and _is_volatile(default) else []),
        *([Trait.GENERATED] if inner & GENERATED else []),
        *([Trait.REFERENCES] if "ForeignKey" in inner else []),
        *([Trait.UNIQUE] if literal(argument(given, 99, "unique"), names) is True else []),
        *([Trait.PRIMARY] if primary else []),
    ]
    about = text(argument(given, 0, "name"), names)
    return Operation(does=Does.ADD_COLUMN, line=line, table=table, about=about, traits=tuple(traits))


def changes(node: ast.Call, table: str | None, column: str | None, names: Names) -> Iterator[Operation]:
    """What `alter_column` changes: each thing is an operation."""
    line = node.lineno
    given = {each.arg: each.value for each in node.keywords if each.arg}
    if "new_column_name" in given:
        yield Operation(does=Does.RENAME_COLUMN, line=line, table=table, about=column)
    if "type_" in given:
        wider = _is_wider(given.get("existing_type"), given["type_"], names)
        traits = (Trait.WIDER,) if wider else ()
        yield Operation(does=Does.CHANGE_TYPE, line=line, table=table, about=column, traits=traits)
    if literal(given.get("nullable"), names) is False and literal(given.get("existing_nullable"), names) is not False:
        yield Operation(does=Does.SET_NOT_NULL, line=line, table=table, about=column)
    if "server_default" in given:
        yield Operation(does=Does.SET_DEFAULT, line=line, table=table, about=column)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_volatile(node: ast.expr) -> bool:
    for each in ast.walk(node):
        said = each.value if isinstance(each, ast.Constant) else each.attr if isinstance(each, ast.Attribute) else ""
        if isinstance(said, str) and any(name in said.lower() for name in VOLATILE):
            return True
    return False


def _is_wider(old: ast.expr | None, new: ast.expr, names: Names) -> bool:
    """Whether a text may only be longer than before, which costs nothing: no row is read."""
    if old is None:
        return False
    before, after = _type(old), _type(new)
    if before not in BOUNDED | UNBOUNDED or after not in BOUNDED | UNBOUNDED:
        return False
    short, long = _length(old, names), _length(new, names)
    if after in UNBOUNDED or long is None:
        return True
    return before in BOUNDED and short is not None and short <= long


def _type(node: ast.expr) -> str:
    return dotted(node).split(".")[-1]


def _length(node: ast.expr, names: Names) -> int | None:
    value = literal(argument(node, 0, "length"), names) if isinstance(node, ast.Call) else None
    return value if isinstance(value, int) else None
