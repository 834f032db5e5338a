"""How rules of a file lie in a database: which field in which column, as which type, with which words. Declared, never guessed."""

import re
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from selfcheck.guardrail import RootPath, Text

ACTIVE = "(active)"
"""What stands for the flag among the fields of a rule; no column can have this name."""

Name = Annotated[str, Meta(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,62}(?!\n)$", description="the name of a column")]
TableName = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,62}(\.[A-Za-z_][A-Za-z0-9_]{0,62})?(?!\n)$",
        description="a table or collection, with its schema before a dot where it is in one",
    ),
]


class FieldType(StrEnum):
    """What a column holds."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TIMESTAMP = "timestamp"
    JSON = "json"


class Unmapped(StrEnum):
    """What becomes of a word that the table of words does not have."""

    ERROR = "error"
    DEFAULT = "default"
    KEEP = "keep"


class Field(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One field of a rule and the column that mirrors it."""

    source: Text
    column: Name | None = None
    type: FieldType = FieldType.TEXT
    values: dict[str, str] | None = None
    unmapped: Unmapped = Unmapped.ERROR
    default: str | int | float | bool | None = None
    search: bool = False

    @property
    def name(self) -> str:
        """The column."""
        return self.column or self.source.rpartition(".")[2]


TEXT_ONLY = (Field(source="text", search=True),)


class Layout(Struct, frozen=True, kw_only=True):
    """The whole declaration: the file and where rules stand in it, the table, the columns, what is left out on purpose."""

    file: RootPath
    items: str | None = None
    id: str = "id"
    active: str = "active"
    stamp: str | None = None
    versions: tuple[str, ...] = ()
    fields: tuple[Field, ...] = TEXT_ONLY
    ignore: tuple[str, ...] = ()
    table: str = "governance_rules"
    id_column: str = "id"
    active_column: str = "active"
    note_column: str = "audit_note"
    stamp_column: str = "updated_at"
    project: str | None = None
    project_column: str = "project"

    @property
    def mirror(self) -> str:
        """What the state of this mirror is kept under: the table, and the project where there are several."""
        return self.table if self.project is None else f"{self.table}/{self.project}"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the file owns, the flag aside."""
        return tuple(each.name for each in self.fields)

    @property
    def own_columns(self) -> tuple[str, ...]:
        """The columns that are there for the sync itself."""
        stamped = (self.stamp_column,) if self.stamp is not None else ()
        named = (self.project_column,) if self.project is not None else ()
        return (self.id_column, self.active_column, self.note_column, *stamped, *named)

    def faults(self) -> tuple[str, ...]:
        """What is wrong with the declaration, if anything is."""
        found: list[str] = []
        seen: set[str] = set()
        for name in (*self.own_columns, *self.columns):
            if name in seen:
                found.append(f"the column {name} is named twice")
            seen.add(name)
            if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,62}", name):
                found.append(f"`{name[:60]}` is no name of a column; give the field a `column`")
        sources = [each.source for each in self.fields]
        found += sorted({f"the field {each} is mapped twice" for each in sources if sources.count(each) > 1})
        found += [
            f"the field {each.source} has no `default`, and is to fall back to it"
            for each in self.fields
            if each.unmapped is Unmapped.DEFAULT and each.default is None
        ]
        return tuple(found)
