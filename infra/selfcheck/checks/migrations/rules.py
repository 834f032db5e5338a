"""What is dangerous about an operation on a table that has rows, why, and the safe way to do it."""

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from selfcheck.subjects.migrations import Does, Operation, Trait
from selfcheck.subjects.migrations.dialects import Dialect


class Rule(StrEnum):
    """A danger, by the name that `rules` takes."""

    DROP_TABLE = "drop-table"
    DROP_COLUMN = "drop-column"
    RENAME_TABLE = "rename-table"
    RENAME_COLUMN = "rename-column"
    TRUNCATE = "truncate"
    CHANGE_TYPE = "change-type"
    NOT_NULL = "not-null"
    ADD_NOT_NULL = "add-not-null"
    VOLATILE_DEFAULT = "volatile-default"
    GENERATED_COLUMN = "generated-column"
    INDEX_LOCKS = "index-locks"
    INDEX_IN_TRANSACTION = "index-in-transaction"
    FOREIGN_KEY_VALIDATES = "foreign-key-validates"
    CHECK_VALIDATES = "check-validates"
    UNIQUE_LOCKS = "unique-locks"
    SQL_UNREVIEWED = "sql-unreviewed"
    APPLICATION_IMPORT = "application-import"
    NO_WAY_BACK = "no-way-back"
    DATA_AND_SCHEMA = "data-and-schema"


class Danger(Struct, frozen=True):
    """A rule that an operation breaks: what is said, and what to do instead."""

    rule: Rule
    says: str
    instead: str


ANY = frozenset((None, *Dialect))
POSTGRESQL = frozenset((Dialect.POSTGRESQL,))
SERVERS = frozenset((None, Dialect.POSTGRESQL, Dialect.MYSQL, Dialect.MSSQL, Dialect.ORACLE))
TWO_STEPS = "first release code that does not use it, then drop it in a later release"
RENAMES = "add the new one, write to both, move the rows, read the new one, and drop the old one in a later release"
NULLS = "give it a server default, or add it nullable, fill it, and set NOT NULL in a later migration"
VALIDATES = "add it NOT VALID{keyword}, and VALIDATE CONSTRAINT in a later migration"
SIMPLE: dict[Does, tuple[Rule, frozenset[Dialect | None], str, str]] = {
    Does.DROP_TABLE: (Rule.DROP_TABLE, ANY, "drops table {table}", TWO_STEPS),
    Does.DROP_COLUMN: (Rule.DROP_COLUMN, ANY, "drops column {column}", TWO_STEPS),
    Does.RENAME_TABLE: (Rule.RENAME_TABLE, ANY, "renames table {table}", RENAMES),
    Does.RENAME_COLUMN: (Rule.RENAME_COLUMN, ANY, "renames {column}", RENAMES),
    Does.TRUNCATE: (Rule.TRUNCATE, ANY, "empties table {table}", "delete in batches, outside of the migration"),
    Does.CHANGE_TYPE: (
        Rule.CHANGE_TYPE,
        SERVERS,
        "changes the type of {column}: the table is rewritten while nobody can read it, and values may not fit",
        "add a column of the new type, fill it in batches, and swap them in a later release",
    ),
    Does.SET_NOT_NULL: (
        Rule.NOT_NULL,
        SERVERS,
        "sets {column} to NOT NULL: it fails where a row has none, and reads the whole table under a lock",
        "add a CHECK ({name} IS NOT NULL) NOT VALID, validate it in a later migration, then set NOT NULL and drop the check",
    ),
}
WRITES_WAIT = "nobody can write to {table} until it is done"


def dangers(operation: Operation, dialect: Dialect | None) -> Iterator[Danger]:
    """Everything that is dangerous about one operation in this dialect; where it is unknown, what is in any."""
    named = {"table": operation.table or "a table that the code chooses", "column": _column(operation)}
    named |= {"name": operation.about or "the column"}
    match operation.does:
        case does if does in SIMPLE:
            rule, dialects, says, instead = SIMPLE[does]
            if dialect in dialects and not operation.has(Trait.WIDER):
                yield Danger(rule, says.format(**named), instead.format(**named))
        case Does.ADD_COLUMN:
            yield from _added(operation, dialect, named["column"])
        case Does.CREATE_INDEX | Does.DROP_INDEX if dialect in POSTGRESQL:
            yield from _indexed(operation, WRITES_WAIT.format(**named))
        case Does.ADD_FOREIGN_KEY | Does.ADD_CHECK if dialect in POSTGRESQL and not operation.has(Trait.NOT_VALID):
            yield _validates(operation, named["table"])
        case Does.ADD_UNIQUE | Does.ADD_EXCLUDE | Does.ADD_PRIMARY_KEY if dialect in POSTGRESQL:
            if not operation.has(Trait.USING_INDEX):
                yield Danger(
                    Rule.UNIQUE_LOCKS,
                    f"adds a constraint with an index of its own: {WRITES_WAIT.format(**named)}",
                    "create a unique index CONCURRENTLY, then add the constraint USING INDEX",
                )
        case _:
            return


def unreviewed(operation: Operation) -> Danger:
    """SQL that nothing is known of."""
    says = "runs SQL that code makes" if operation.has(Trait.CODE) else "runs SQL that cannot be read"
    about = f": {operation.about}" if operation.about else ""
    return Danger(
        Rule.SQL_UNREVIEWED,
        f"{says}{about}",
        "write it as literal statements; where that cannot be, let somebody review it and waive this",
    )


def _column(operation: Operation) -> str:
    if operation.does is Does.RENAME_COLUMN and operation.table is None:
        return f"a value of type {operation.about}"
    return f"{operation.table or '?'}.{operation.about or '?'}"


def _added(operation: Operation, dialect: Dialect | None, column: str) -> Iterator[Danger]:
    filled = operation.has(Trait.DEFAULT) or operation.has(Trait.GENERATED)
    if operation.has(Trait.NOT_NULL) and not filled:
        yield Danger(Rule.ADD_NOT_NULL, f"adds {column} as NOT NULL without a server default: it fails on rows", NULLS)
    if dialect not in POSTGRESQL:
        return
    if operation.has(Trait.VOLATILE):
        says = f"adds {column} with another default for each row: the table is rewritten while nobody can read it"
        yield Danger(Rule.VOLATILE_DEFAULT, says, "add it without a default, set the default, then fill it in batches")
    if operation.has(Trait.GENERATED):
        says = f"adds {column}, which the database computes: the table is rewritten while nobody can read it"
        yield Danger(Rule.GENERATED_COLUMN, says, "add a plain column and a trigger, then fill it in batches")
    if operation.has(Trait.REFERENCES):
        yield Danger(
            Rule.FOREIGN_KEY_VALIDATES,
            f"adds {column} with a foreign key: both tables are locked for writing until it is there",
            VALIDATES.format(keyword=" on its own (`postgresql_not_valid=True`)"),
        )
    if operation.has(Trait.UNIQUE):
        says = f"adds {column} with a unique index: nobody can write until it is built"
        yield Danger(Rule.UNIQUE_LOCKS, says, "create a unique index CONCURRENTLY, then add the constraint USING INDEX")


def _indexed(operation: Operation, waits: str) -> Iterator[Danger]:
    creates = operation.does is Does.CREATE_INDEX
    what = f"{'creates' if creates else 'drops'} index {operation.about or '?'}"
    if not operation.has(Trait.CONCURRENTLY):
        yield Danger(
            Rule.INDEX_LOCKS,
            f"{what} without CONCURRENTLY: {waits}",
            "`postgresql_concurrently=True` within `op.get_context().autocommit_block()`; Django has "
            f"{'AddIndexConcurrently' if creates else 'RemoveIndexConcurrently'}",
        )
    elif not operation.has(Trait.OUTSIDE):
        yield Danger(
            Rule.INDEX_IN_TRANSACTION,
            f"{what} CONCURRENTLY within a transaction, which PostgreSQL refuses",
            "run it within `op.get_context().autocommit_block()`; `atomic = False` in Django; a file of its own in SQL",
        )


def _validates(operation: Operation, table: str) -> Danger:
    if operation.does is Does.ADD_CHECK:
        says = f"adds a check to {table} that reads all rows under a lock"
        return Danger(Rule.CHECK_VALIDATES, says, VALIDATES.format(keyword=" (`postgresql_not_valid=True`)"))
    says = f"adds a foreign key to {table} that reads all rows while nobody can write to either table"
    return Danger(Rule.FOREIGN_KEY_VALIDATES, says, VALIDATES.format(keyword=" (`postgresql_not_valid=True`)"))
