"""The tables that a repository's models make: classes put together with what they inherit."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from msgspec import structs

from selfcheck.errors import Unreadable
from selfcheck.facts import Facts
from selfcheck.model import Unread
from selfcheck.subjects.migrations.models import MODELS, Model
from selfcheck.subjects.migrations.tables import Column, Kind, Table
from selfcheck.trees import Tree

ROOTS = frozenset(
    [
        "ABC",
        "AsyncAttrs",
        "Base",
        "BaseModel",
        "DeclarativeBase",
        "DeclarativeBaseNoMeta",
        "DeclarativeMeta",
        "Generic",
        "MappedAsDataclass",
        "Model",
        "Protocol",
        "SQLModel",
        "UserMixin",
        "object",
    ]
)
"""Bases that bring no column along."""
DEEPEST = 20


class Made(NamedTuple):
    """A table and the file of the class that makes it."""

    table: Table
    path: str


class Mapped(NamedTuple):
    """The tables of all models, what could not be read, and how many classes have a name that code makes."""

    tables: tuple[Made, ...]
    unread: tuple[Unread, ...]
    computed: int


class _Found(NamedTuple):
    model: Model
    path: str


def mapped(tree: Tree, facts: Facts, selected: tuple[str, ...]) -> Mapped:
    """The tables that the models in the selected files make."""
    classes: list[_Found] = []
    tables: list[Made] = []
    unread: list[Unread] = []
    computed = 0
    files = tuple(each for each in tree.files(selected) if each.path.endswith(".py"))
    for file, found in facts.of(MODELS, files):
        if isinstance(found, Unreadable):
            unread.append(Unread(file.path, str(found)))
            continue
        classes += (_Found(each, file.path) for each in found.classes)
        computed += found.computed
        tables += (Made(each, file.path) for each in found.tables)
    family = _Family(classes)
    made = [family.made(each) for each in classes]
    whole = _joined([*tables, *(each for each in made if each is not None)])
    return Mapped(whole, tuple(unread), computed + sum(family.is_computed(each.model) for each in classes))


def _joined(several: Iterable[Made]) -> tuple[Made, ...]:
    """Tables by name; several classes of one table (single-table inheritance) each add their columns."""
    found: dict[str, Made] = {}
    for each in several:
        key = each.table.name.lower()
        if key in found:
            first = found[key]
            table = structs.replace(
                first.table,
                columns=_agreed(first.table.columns, each.table.columns),
                open=first.table.open or each.table.open,
            )
            found[key] = first._replace(table=table)
        else:
            found[key] = each
    return tuple(found.values())


def _agreed(first: tuple[Column, ...], more: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns of both; what one says of a column and the other denies is not known."""
    others = {each.name.lower(): each for each in more}
    agreed: list[Column] = []
    for each in first:
        other = others.get(each.name.lower(), each)
        kind = Kind() if each.kind.differs(other.kind) else each.kind
        nullable = each.nullable if each.nullable == other.nullable else None
        agreed.append(structs.replace(each, kind=kind, nullable=nullable))
    return _merged(tuple(agreed), more)


def _merged(first: tuple[Column, ...], more: tuple[Column, ...]) -> tuple[Column, ...]:
    names = {each.name.lower() for each in first}
    return (*first, *(each for each in more if each.name.lower() not in names))


class _Family:
    """Classes by their names; of several with one name nothing is known."""

    def __init__(self, classes: Iterable[_Found]) -> None:
        self._by_name: dict[str, list[Model]] = {}
        for each in classes:
            self._by_name.setdefault(each.model.name, []).append(each.model)

    def made(self, found: _Found) -> Made | None:
        """The table that a class makes, or adds to; None where it makes none."""
        name = self._table(found.model)
        if name is None:
            return None
        columns, is_open = self._columns(found.model, own=True, depth=0, sql_model=self._is_sql_model(found.model, 0))
        return Made(Table(name=name, line=found.model.line, columns=columns, open=is_open), found.path)

    def is_computed(self, model: Model) -> bool:
        """Whether a class makes a table whose name nothing here says."""
        return model.computed and bool(model.columns) and not model.abstract

    def _table(self, model: Model, depth: int = 0) -> str | None:
        if model.abstract or model.computed:
            return None
        if model.table is not None:
            return model.table
        if model.is_table:
            return model.name.lower()
        keys = any(each.nullable is False for each in model.columns)
        if self._by_class(model, 0) and keys and not model.by_class:
            return model.name.lower()
        if "Model" in model.bases and keys:
            return _snake(model.name)  # as Flask-SQLAlchemy calls it
        parents = [self._one(each) for each in model.bases]
        tables = [self._table(each, depth + 1) for each in parents if each is not None] if depth < DEEPEST else []
        real = [each for each in tables if each is not None and not model.is_table]
        plain = any(not each.name.startswith("?") for each in model.columns)
        return real[0] if real and plain else None

    def _by_class(self, model: Model, depth: int) -> bool:
        if model.by_class or depth > DEEPEST:
            return model.by_class
        parents = [self._one(each) for each in model.bases]
        return any(self._by_class(each, depth + 1) for each in parents if each is not None)

    def _is_sql_model(self, model: Model, depth: int) -> bool:
        if "SQLModel" in model.bases or model.is_table or depth > DEEPEST:
            return True
        parents = [self._one(each) for each in model.bases]
        return any(self._is_sql_model(each, depth + 1) for each in parents if each is not None)

    def _one(self, name: str) -> Model | None:
        several = self._by_name.get(name, [])
        return several[0] if len(several) == 1 else None

    def _columns(self, model: Model, *, own: bool, depth: int, sql_model: bool) -> tuple[tuple[Column, ...], bool]:
        """The columns of a class with those of what is mixed in, and whether there may be more."""
        columns = _plain(model.columns, sql_model=sql_model)
        is_open = model.open
        if depth > DEEPEST:
            return columns, True
        for name in model.bases:
            base = self._one(name)
            if base is None:
                is_open = is_open or name not in ROOTS or name in self._by_name
            elif base.table is None and not base.is_table:
                more, opened = self._columns(base, own=False, depth=depth + 1, sql_model=sql_model)
                columns = _merged(columns, more)
                is_open = is_open or opened
        return columns, is_open


def _plain(columns: tuple[Column, ...], *, sql_model: bool) -> tuple[Column, ...]:
    """Attributes with a plain annotation are columns of SQLModel, and of nothing else."""
    return tuple(
        structs.replace(each, name=each.name.removeprefix("?"))
        for each in columns
        if sql_model or not each.name.startswith("?")
    )


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def by_name(several: Iterable[Made]) -> Mapping[str, Made]:
    """Tables by their names in lower case."""
    return {each.table.name.lower(): each for each in several}
