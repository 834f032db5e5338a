"""A schema file, `schema.sql` or a dump, as tables: what sqlglot cannot parse is unknown, never absent."""

import re
from typing import Any

from msgspec import Struct, structs
from sqlglot import exp

from selfcheck.facts import Extractor
from selfcheck.subjects.migrations.dialects import Dialect
from selfcheck.subjects.migrations.parsing import SERIAL, trees
from selfcheck.subjects.migrations.statements import LONGEST
from selfcheck.subjects.migrations.tables import LENGTHS, Column, Kind, Table
from selfcheck.subjects.migrations.words import Word, split

CREATES = re.compile(
    r"create\s+(?:\w+\s+){0,3}?table\s+(?:if\s+not\s+exists\s+)?(?P<name>[\w.\"`\[\]]+)", re.IGNORECASE
)
ALTERS = re.compile(r"alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?(?P<name>[\w.\"`\[\]]+)", re.IGNORECASE)
ARCHIVED = re.compile(r"--[^\n]*\barchived?\b", re.IGNORECASE)
KINDS = {
    **dict.fromkeys(("INT", "SERIAL", "MEDIUMINT", "UINT"), "integer"),
    **dict.fromkeys(("BIGINT", "BIGSERIAL", "UBIGINT"), "bigint"),
    **dict.fromkeys(("SMALLINT", "SMALLSERIAL", "TINYINT"), "smallint"),
    **dict.fromkeys(("VARCHAR", "TEXT", "NVARCHAR", "MEDIUMTEXT", "LONGTEXT", "TINYTEXT"), "text"),
    **dict.fromkeys(("CHAR", "NCHAR", "BPCHAR"), "char"),
    **dict.fromkeys(("FLOAT", "DOUBLE", "REAL"), "float"),
    **dict.fromkeys(("DECIMAL", "MONEY"), "numeric"),
    **dict.fromkeys(("TIMESTAMP", "DATETIME", "TIMESTAMPNTZ"), "timestamp"),
    **dict.fromkeys(("TIMESTAMPTZ", "TIMESTAMPLTZ"), "timestamp with time zone"),
    **dict.fromkeys(("VARBINARY", "BINARY", "BLOB", "LONGBLOB", "MEDIUMBLOB"), "binary"),
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIME": "time",
    "UUID": "uuid",
    "JSON": "json",
    "JSONB": "jsonb",
    "INTERVAL": "interval",
    "ARRAY": "array",
}


class Schema(Struct, frozen=True):
    """The tables of a file, and how many of its statements could not be parsed and are about none of them."""

    tables: tuple[Table, ...] = ()
    unknown: int = 0


def extract(content: bytes) -> Schema:
    """The tables that a file leaves behind, once all its statements have run."""
    text = content.decode("utf-8", "replace")
    dialect = Dialect.MYSQL if "`" in text else None
    reading = _Reading(dialect)
    ends = [0]
    for statement in split(text):
        start = text.find(statement.text, ends[-1])
        reading.read(statement, archived=ARCHIVED.search(text, ends[-1], start + 1) is not None)
        ends.append(start + len(statement.text))
    return Schema(tuple(reading.tables.values()), reading.unknown)


SCHEMA: Extractor[Schema] = Extractor("schema files", 1, Schema, extract, parsers=("sqlglot",))


class _Reading:
    def __init__(self, dialect: Dialect | None) -> None:
        self.dialect = dialect
        self.tables: dict[str, Table] = {}
        self.unknown = 0

    def read(self, statement: Word, *, archived: bool) -> None:
        """One statement: a table that is made or changed; whatever else there is in a schema has no columns."""
        created, altered = CREATES.match(statement.text), ALTERS.match(statement.text)
        found = created or altered
        if found is None:
            return
        name = _plain(found["name"])
        parsed = trees(statement.text, self.dialect) if len(statement.text) < LONGEST else []
        tree = parsed[0] if len(parsed) == 1 else None
        if created is not None:
            self.tables[name.lower()] = _created(tree, name, statement.line, archived=archived)
        elif name.lower() not in self.tables:
            self.unknown += 1
        elif isinstance(tree, exp.Alter):
            for action in tree.args.get("actions") or ():
                self.tables[name.lower()] = _altered(self.tables[name.lower()], action, statement.line)
        elif re.search(r"\b(?:add|drop|rename|alter)\s+column\b", statement.text, re.IGNORECASE):
            self.tables[name.lower()] = structs.replace(self.tables[name.lower()], open=True)


def _created(tree: exp.Expr | None, name: str, line: int, *, archived: bool) -> Table:
    """A table; where its definition could not be parsed, or is that of another, its columns are not known."""
    body = tree.this if isinstance(tree, exp.Create) else None
    if not isinstance(body, exp.Schema):
        return Table(name=name, line=line, open=True, archived=archived)
    columns = [_column(each, line) for each in body.expressions if isinstance(each, exp.ColumnDef)]
    keys = {column for each in body.expressions for column in _primary(each)}
    others = [each for each in body.expressions if isinstance(each, exp.LikeProperty)]
    assert isinstance(tree, exp.Create)
    inherits = tree.find(exp.InheritsProperty) is not None or tree.find(exp.PartitionedOfProperty) is not None
    required = [structs.replace(each, nullable=False) if each.name in keys else each for each in columns]
    return Table(name=name, line=line, columns=tuple(required), open=bool(others) or inherits, archived=archived)


def _altered(table: Table, action: Any, line: int) -> Table:
    columns = {each.name: each for each in table.columns}
    match action:
        case exp.ColumnDef():
            columns[action.name] = _column(action, line)
        case exp.Drop() if action.args.get("kind") == "COLUMN":
            gone = {each.name for each in action.args.get("tables") or ()}
            columns = {name: each for name, each in columns.items() if name not in gone}
        case exp.RenameColumn():
            new = action.args["to"].name
            columns[new] = structs.replace(columns.pop(action.this.name, Column(name=new, line=line)), name=new)
        case exp.AlterColumn() if action.this.name in columns:
            columns[action.this.name] = _changed(columns[action.this.name], action)
        case exp.AddConstraint():
            keys = {name for each in action.expressions for name in _primary(each)}
            columns = {n: structs.replace(each, nullable=False) if n in keys else each for n, each in columns.items()}
        case _:
            pass
    return structs.replace(table, columns=tuple(columns.values()))


def _changed(column: Column, action: exp.AlterColumn) -> Column:
    kind = action.args.get("dtype")
    if kind is not None:
        return structs.replace(column, kind=_kind(kind))
    nullable = action.args.get("allow_null")
    return column if nullable is None else structs.replace(column, nullable=bool(nullable))


def _column(node: exp.ColumnDef, line: int) -> Column:
    kinds = [each.args.get("kind") for each in node.args.get("constraints") or ()]
    required = any(
        isinstance(each, exp.PrimaryKeyColumnConstraint)
        or (isinstance(each, exp.NotNullColumnConstraint) and not each.args.get("allow_null"))
        for each in kinds
    )
    kind = node.args.get("kind")
    serial = kind is not None and _type_name(kind) in SERIAL
    return Column(name=node.name, line=line, kind=_kind(kind), nullable=not (required or serial))


def _primary(node: Any) -> list[str]:
    inner = node.expressions if isinstance(node, exp.Constraint) else [node]
    keys = [each for each in inner if isinstance(each, exp.PrimaryKey)]
    return [each.name for key in keys for each in key.expressions]


def _kind(node: Any) -> Kind:
    if not isinstance(node, exp.DataType):
        return Kind()
    name = KINDS.get(_type_name(node), "")
    sizes = [each.this.this for each in node.expressions if isinstance(each, exp.DataTypeParam)]
    known = name in LENGTHS and all(str(each).isdigit() for each in sizes)
    return Kind(name, tuple(int(each) for each in sizes) if known else ())


def _type_name(node: Any) -> str:
    return str(getattr(node.this, "value", node.this)).upper()


def _plain(written: str) -> str:
    return written.rpartition(".")[2].strip('"`[]')
