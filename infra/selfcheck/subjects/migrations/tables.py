"""Tables as a schema file or models have them."""

from collections.abc import Iterable

from msgspec import Struct

LENGTHS = frozenset(("text", "numeric", "char", "binary"))
"""Types of which a size is told."""


class Kind(Struct, frozen=True, array_like=True):
    """A type in words that SQL and SQLAlchemy share, with its sizes; `name` is empty where nothing is known of it."""

    name: str = ""
    sizes: tuple[int, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(str, self.sizes))})" if self.sizes else self.name or "unknown"

    def differs(self, other: "Kind") -> bool:
        """Whether two known types are not the same; a size counts only where both have one."""
        if not self.name or not other.name:
            return False
        return self.name != other.name or bool(self.sizes and other.sizes and self.sizes != other.sizes)


class Column(Struct, frozen=True, kw_only=True):
    """A column; `nullable` is None where that is not known."""

    name: str
    line: int
    kind: Kind = Kind()
    nullable: bool | None = None


class Table(Struct, frozen=True, kw_only=True):
    """A table; an open one may have columns that were not read."""

    name: str
    line: int
    columns: tuple[Column, ...] = ()
    open: bool = False
    archived: bool = False

    def column(self, name: str) -> Column | None:
        """The column of this name, whatever its case."""
        return next((each for each in self.columns if each.name.lower() == name.lower()), None)


def named(several: Iterable[Table]) -> dict[str, Table]:
    """Tables by their names in lower case; the first of a name counts."""
    found: dict[str, Table] = {}
    for each in several:
        found.setdefault(each.name.lower(), each)
    return found
