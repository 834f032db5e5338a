"""What a migration does to a schema, in one vocabulary for alembic, Django and SQL."""

from enum import StrEnum

from msgspec import Struct


class Does(StrEnum):
    """One change of a schema, or of the rows in it."""

    CREATE_TABLE = "create table"
    DROP_TABLE = "drop table"
    RENAME_TABLE = "rename table"
    TRUNCATE = "truncate"
    ADD_COLUMN = "add column"
    DROP_COLUMN = "drop column"
    RENAME_COLUMN = "rename column"
    CHANGE_TYPE = "change type"
    SET_NOT_NULL = "set not null"
    SET_DEFAULT = "set default"
    CREATE_INDEX = "create index"
    DROP_INDEX = "drop index"
    ADD_FOREIGN_KEY = "add foreign key"
    ADD_CHECK = "add check"
    ADD_UNIQUE = "add unique"
    ADD_PRIMARY_KEY = "add primary key"
    ADD_EXCLUDE = "add exclude"
    DROP_CONSTRAINT = "drop constraint"
    DATA = "change rows"
    UNKNOWN = "unknown SQL"
    OTHER = "other"


class Trait(StrEnum):
    """What makes a change safer or more dangerous than another of its sort."""

    NOT_NULL = "not null"
    DEFAULT = "server default"
    VOLATILE = "volatile default"
    GENERATED = "generated"
    UNIQUE = "unique"
    PRIMARY = "primary"
    REFERENCES = "references"
    WIDER = "wider type"
    CONCURRENTLY = "concurrently"
    NOT_VALID = "not valid"
    OUTSIDE = "outside a transaction"
    BATCH = "batch"
    USING_INDEX = "using index"
    CASCADE = "cascade"
    IRREVERSIBLE = "irreversible"
    CODE = "code"
    """Rows are changed by code of the migration's own, or nothing is known of the SQL because code makes it."""


class Operation(Struct, frozen=True, kw_only=True):
    """One change; `about` is the column, index or constraint, `sql` the text that is not read yet."""

    does: Does
    line: int
    table: str | None = None
    about: str | None = None
    sql: str | None = None
    traits: tuple[Trait, ...] = ()

    def has(self, trait: Trait) -> bool:
        """Whether this holds of it."""
        return trait in self.traits


DATA_ONLY = frozenset((Does.DATA, Does.TRUNCATE))
NO_SCHEMA = DATA_ONLY | {Does.UNKNOWN, Does.OTHER}
