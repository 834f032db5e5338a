"""A schema file says what the models say."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from selfcheck.check import (
    Canary,
    Check,
    Evidence,
    Finding,
    Globs,
    Location,
    Repository,
    Seen,
    Strictness,
    Unread,
    Unreadable,
)
from selfcheck.checks.migrations.unlike import Unlike
from selfcheck.guardrail import Text
from selfcheck.subjects.migrations import EVERYWHERE
from selfcheck.subjects.migrations.mapped import Made, Mapped, by_name, mapped
from selfcheck.subjects.migrations.registered import TABLE
from selfcheck.subjects.migrations.schema import SCHEMA
from selfcheck.subjects.migrations.tables import Column, Table, named


class Except(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table, or a column as `table.column`, that is not judged."""

    name: Text
    reason: Text


class SchemaParity(Check, kw_only=True):
    """A schema file has the tables and columns that the models have, with their types and nullability, and no others.

    The file is read by sqlglot, the models of SQLAlchemy and SQLModel from their source. What cannot be read is unknown,
    never absent.
    """

    subject: ClassVar[str | None] = "migrations"
    strictness: ClassVar[Mapping[str, Strictness]] = {
        "types": Strictness.MORE,
        "nullability": Strictness.MORE,
        "ignore": Strictness.LESS,
    }

    schema: Globs = ("**/schema.sql",)
    models: Globs = EVERYWHERE
    types: bool = True
    nullability: bool = True
    ignore: Annotated[tuple[Except, ...], Meta()] = ()

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each table or column that differs."""
        models = self._models(repo)
        count = len(models.tables)
        yield Evidence("tables of models", scope=count + models.computed, examined=count)
        yield from models.unread
        files = repo.tree.files(self.schema)
        found, unread = self._schema(repo)
        yield from unread
        made = by_name(models.tables)
        # Where a name is made by code, a table that no model is known to make may be made by that.
        known = sum(not table.open and (name in made or not models.computed) for name, (table, _) in found.items())
        yield Evidence("tables of schema files", scope=len(found), examined=known)
        if not files:
            return
        idle = {each.name for each in self.ignore}
        for finding in self._compared(models, found, files[0].path):
            about = str(finding.data["table"]), f"{finding.data['table']}.{finding.data['column']}"
            ignored = {each.name for each in self.ignore if each.name.lower() in (name.lower() for name in about)}
            idle -= ignored
            if not ignored:
                yield finding
        yield from (_idle(name) for name in sorted(idle))

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """A table with another column for each pattern that alone selects a file; columns of other types and nullability."""
        places = {name: path for name, (_, path) in self._schema(repo)[0].items()}
        ignored = frozenset(each.name.lower() for each in self.ignore)
        unlike = Unlike(repo.tree.files(self.schema), places, self._models(repo).tables, ignored)
        yield from unlike.columns(self.schema, self.models)
        if self.types:
            yield from unlike.type()
        if self.nullability:
            yield from unlike.nullability()

    def _schema(self, repo: Repository) -> tuple[Mapping[str, tuple[Table, str]], list[Unread]]:
        """Tables by their names, each with the last file that has it; what could not be read."""
        found: dict[str, tuple[Table, str]] = {}
        unread: list[Unread] = []
        for file, schema in repo.facts.of(SCHEMA, repo.tree.files(self.schema)):
            if isinstance(schema, Unreadable):
                unread.append(Unread(file.path, str(schema)))
                continue
            found.update({name: (table, file.path) for name, table in named(schema.tables).items()})
        return found, unread

    def _models(self, repo: Repository) -> Mapped:
        return repo.subject(mapped, repo.tree, repo.facts, self.models)

    def _compared(self, models: Mapped, found: Mapping[str, tuple[Table, str]], path: str) -> Iterator[Finding]:
        made = by_name(models.tables)
        for name, each in made.items():
            if name not in found:
                yield _no_table(each, path)
            elif not found[name][0].archived:
                yield from self._columns(each, *found[name])
        for name, (table, where) in found.items():
            if name not in made and not models.computed and not table.archived and not _is_ledger(name):
                message = f"table {table.name} is in the schema and in no model"
                yield _found(f"{table.name} only in the schema", message, where, table.line, table.name, None)

    def _columns(self, each: Made, table: Table, path: str) -> Iterator[Finding]:
        for column in each.table.columns:
            other = table.column(column.name)
            if other is not None:
                yield from self._differing(each.table, column, other, path)
            elif not table.open:
                message = f"{table.name}.{column.name} is in the model and not in the schema"
                yield _found(f"{table.name}.{column.name} missing", message, path, table.line, table.name, column.name)
        for other in () if each.table.open else table.columns:
            if each.table.column(other.name) is None:
                message = f"{table.name}.{other.name} is in the schema and not in the model"
                key = f"{table.name}.{other.name} only in the schema"
                yield _found(key, message, path, other.line, table.name, other.name)

    def _differing(self, table: Table, model: Column, other: Column, path: str) -> Iterator[Finding]:
        where = f"{table.name}.{model.name}"
        if self.types and model.kind.differs(other.kind):
            message = f"{where} is {other.kind} in the schema and {model.kind} in the model"
            yield _found(f"{where} type", message, path, other.line, table.name, model.name)
        if self.nullability and None not in (model.nullable, other.nullable) and model.nullable != other.nullable:
            words = {True: "nullable", False: "NOT NULL"}
            message = (
                f"{where} is {words[bool(other.nullable)]} in the schema and {words[bool(model.nullable)]} in the model"
            )
            yield _found(f"{where} nullability", message, path, other.line, table.name, model.name)


def _found(key: str, message: str, path: str, line: int, table: str, column: str | None) -> Finding:
    return Finding(
        key=key,
        message=message,
        at=Location(path, line),
        hint="bring the schema file up to date, or mark what stays for history: `-- archived` before its CREATE TABLE",
        data={"table": table, "column": column},
    )


def _no_table(each: Made, path: str) -> Finding:
    name = each.table.name
    return Finding(
        key=f"{name} missing",
        message=f"table {name} is in the models and not in {path}",
        at=Location(each.path, each.table.line),
        hint=f"add it to {path}; better, dump the schema anew",
        data={"table": name, "column": None},
    )


def _is_ledger(name: str) -> bool:
    """Whether a table is one in which migrations are registered: no model has it."""
    return name == "alembic_version" or TABLE.search(name) is not None


def _idle(name: str) -> Finding:
    return Finding(
        key=f"ignore {name}",
        message=f"`{name}` is ignored, and nothing would be found about it",
        hint="take it out of `ignore`",
        data={"table": name, "column": None},
    )
