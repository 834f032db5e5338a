"""One SQL statement as operations: what sqlglot's syntax tree says of it."""

import logging
import re
from collections.abc import Iterator
from typing import Any

import sqlglot
from msgspec import structs
from sqlglot import exp
from sqlglot.errors import SqlglotError

from selfcheck.subjects.migrations.dialects import Dialect
from selfcheck.subjects.migrations.literals import MADE
from selfcheck.subjects.migrations.operations import Does, Operation, Trait
from selfcheck.subjects.migrations.registered import TABLE

READ = {
    Dialect.POSTGRESQL: "postgres",
    Dialect.MYSQL: "mysql",
    Dialect.SQLITE: "sqlite",
    Dialect.MSSQL: "tsql",
    Dialect.ORACLE: "oracle",
    None: "postgres",
}
CONSTRAINTS: tuple[tuple[type[exp.Expr], Does], ...] = (
    (exp.ForeignKey, Does.ADD_FOREIGN_KEY),
    (exp.CheckColumnConstraint, Does.ADD_CHECK),
    (exp.UniqueColumnConstraint, Does.ADD_UNIQUE),
    (exp.PrimaryKey, Does.ADD_PRIMARY_KEY),
    (exp.ExcludeColumnConstraint, Does.ADD_EXCLUDE),
)
DROPS = {
    "TABLE": Does.DROP_TABLE,
    "SCHEMA": Does.DROP_TABLE,
    "DATABASE": Does.DROP_TABLE,
    "COLUMN": Does.DROP_COLUMN,
    "INDEX": Does.DROP_INDEX,
    "CONSTRAINT": Does.DROP_CONSTRAINT,
}
SERIAL = ("SERIAL", "BIGSERIAL", "SMALLSERIAL")
VOLATILE = ("gen_random_uuid", "uuid_generate", "random", "clock_timestamp", "nextval", "uuid(", "rand(")
IDLE = (
    exp.Query,
    exp.Set,
    exp.Comment,
    exp.Grant,
    exp.Revoke,
    exp.Use,
    exp.Pragma,
    exp.Analyze,
    exp.Describe,
    exp.Refresh,
)
SHOWN = 60
QUIET = logging.getLogger("sqlglot")


def trees(sql: str, dialect: Dialect | None) -> list[exp.Expr]:
    """The syntax trees of a text; none where it does not parse."""
    before, QUIET.disabled = QUIET.disabled, True  # it warns on the standard error of what it does not know
    # Where the dialect is not known, backticks are MySQL's.
    read = "mysql" if dialect is None and "`" in sql else READ[dialect]
    try:
        found = sqlglot.parse(sql, read=read)
    except (SqlglotError, RecursionError, ValueError):
        return []
    finally:
        QUIET.disabled = before
    return [each for each in found if each is not None]


def shown(sql: str) -> str:
    """The beginning of a statement, without what its quotes hold: it may be a secret."""
    return " ".join(re.sub(r"'[^']*'?", "'…'", sql[: 4 * SHOWN]).split())[:SHOWN]


def parsed(sql: str, dialect: Dialect | None) -> Iterator[Operation]:
    """What one statement does."""
    several = trees(sql, dialect)
    if not several:
        yield Operation(does=Does.UNKNOWN, line=1, about=shown(sql))
    for each in several:
        for found in _operations(each):
            table, about = (None if name and MADE in name.lower() else name for name in (found.table, found.about))
            yield structs.replace(found, table=table, about=about)


def _operations(tree: exp.Expr) -> Iterator[Operation]:
    match tree:
        case exp.Create():
            yield from _create(tree)
        case exp.Drop():
            yield from _drop(tree, None)
        case exp.Alter():
            yield from _alter(tree)
        case exp.TruncateTable(expressions=several):
            yield from (Operation(does=Does.TRUNCATE, line=1, table=each.name) for each in several)
        case exp.Insert() | exp.Update() | exp.Delete() | exp.Merge():
            yield _rows(tree)
        case exp.Select() if any(tree.find_all(exp.Insert, exp.Update, exp.Delete)):
            yield Operation(does=Does.DATA, line=1)
        case _ if isinstance(tree, IDLE):
            yield Operation(does=Does.OTHER, line=1, about=tree.key)
        case _:
            yield Operation(does=Does.UNKNOWN, line=1, about=shown(tree.sql("postgres")))


def _rows(tree: exp.Expr) -> Operation:
    """Rows are changed; that a migration registers itself is none of them."""
    table = tree.find(exp.Table)
    name = table.name if table else None
    idle = name is not None and TABLE.search(name) is not None and isinstance(tree, exp.Insert)
    return Operation(does=Does.OTHER if idle else Does.DATA, line=1, table=name)


def _create(tree: exp.Create) -> Iterator[Operation]:
    match tree.kind:
        case "TABLE":
            table = tree.find(exp.Table)
            yield Operation(does=Does.CREATE_TABLE, line=1, table=table.name if table else None)
        case "INDEX":
            index = tree.this
            table = index.args.get("table")
            given = ((Trait.UNIQUE, "unique"), (Trait.CONCURRENTLY, "concurrently"))
            traits = tuple(trait for trait, name in given if tree.args.get(name))
            about = index.name or None
            yield Operation(
                does=Does.CREATE_INDEX, line=1, table=table.name if table else None, about=about, traits=traits
            )
        case kind:
            yield Operation(does=Does.OTHER, line=1, about=f"create {str(kind).lower()}")


def _drop(tree: exp.Drop, table: str | None) -> Iterator[Operation]:
    does = DROPS.get(str(tree.args.get("kind")), Does.OTHER)
    given = ((Trait.CONCURRENTLY, "concurrently"), (Trait.CASCADE, "cascade"))
    traits = tuple(trait for trait, name in given if tree.args.get(name))
    for each in _tables(tree):
        name = each.name or each.text("db") or None
        if does is Does.DROP_TABLE:
            yield Operation(does=does, line=1, table=name, traits=traits)
        else:
            yield Operation(does=does, line=1, table=table, about=name, traits=traits)


def _tables(tree: exp.Drop) -> list[Any]:
    several = tree.args.get("tables") or [tree.args.get("this")]
    return [each for each in several if each is not None]


def _alter(tree: exp.Alter) -> Iterator[Operation]:
    table = tree.this.name
    if tree.args.get("kind") != "TABLE":
        yield Operation(does=Does.OTHER, line=1, about=f"alter {str(tree.args.get('kind')).lower()}")
        return
    valid = not tree.args.get("not_valid")
    for action in tree.args.get("actions") or ():
        yield from _action(action, table, valid=valid)


def _action(action: Any, table: str, *, valid: bool) -> Iterator[Operation]:
    match action:
        case exp.ColumnDef():
            yield _column(action, table)
        case exp.Drop():
            yield from _drop(action, table)
        case exp.RenameColumn():
            yield Operation(does=Does.RENAME_COLUMN, line=1, table=table, about=action.this.name)
        case exp.AlterRename():
            yield Operation(does=Does.RENAME_TABLE, line=1, table=table, about=action.this.name)
        case exp.AlterColumn():
            yield _altered(action, table)
        case exp.AddConstraint():
            for each in action.expressions:
                yield _constraint(each, table, valid=valid)
        case _:
            yield Operation(does=Does.OTHER, line=1, table=table, about=getattr(action, "key", None))


def _altered(action: exp.AlterColumn, table: str) -> Operation:
    about = action.this.name
    if action.args.get("dtype"):
        return Operation(does=Does.CHANGE_TYPE, line=1, table=table, about=about)
    if action.args.get("allow_null") is False:
        return Operation(does=Does.SET_NOT_NULL, line=1, table=table, about=about)
    does = Does.SET_DEFAULT if action.args.get("default") else Does.OTHER
    return Operation(does=does, line=1, table=table, about=about)


def _column(node: exp.ColumnDef, table: str) -> Operation:
    kinds = [each.args.get("kind") for each in node.args.get("constraints") or ()]
    default = next((each for each in kinds if isinstance(each, exp.DefaultColumnConstraint)), None)
    said = default.sql("postgres").lower() if default is not None else ""
    serial = str(node.args["kind"].this.value if node.args.get("kind") else "").upper() in SERIAL
    primary = any(isinstance(each, exp.PrimaryKeyColumnConstraint) for each in kinds)
    required = any(isinstance(each, exp.NotNullColumnConstraint) and not each.args.get("allow_null") for each in kinds)
    computed = (exp.ComputedColumnConstraint, exp.GeneratedAsIdentityColumnConstraint)
    traits = [
        *([Trait.NOT_NULL] if required or primary else []),
        *([Trait.DEFAULT] if default is not None and said != "default null" else []),
        *([Trait.VOLATILE] if any(name in said for name in VOLATILE) else []),
        *([Trait.GENERATED] if serial or any(isinstance(each, computed) for each in kinds) else []),
        *([Trait.REFERENCES] if any(isinstance(each, exp.Reference) for each in kinds) else []),
        *([Trait.UNIQUE] if any(isinstance(each, exp.UniqueColumnConstraint) for each in kinds) else []),
        *([Trait.PRIMARY] if primary else []),
    ]
    return Operation(does=Does.ADD_COLUMN, line=1, table=table, about=node.name, traits=tuple(traits))


def _constraint(node: Any, table: str, *, valid: bool) -> Operation:
    traits = () if valid else (Trait.NOT_VALID,)
    named = node.name if isinstance(node, exp.Constraint) else None
    inner = node.expressions if isinstance(node, exp.Constraint) else [node]
    for kind, does in CONSTRAINTS:
        if any(isinstance(each, kind) for each in inner):
            return Operation(does=does, line=1, table=table, about=named, traits=traits)
    return Operation(does=Does.UNKNOWN, line=1, table=table, about="a constraint of an unknown kind")
