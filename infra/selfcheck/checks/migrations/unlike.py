"""Tables in a schema file that are not as their models say: what the canaries of `schema-parity` add."""

from collections.abc import Iterator, Mapping, Sequence

from selfcheck.check import Append, Canary, File, Unprovable
from selfcheck.subjects.migrations.mapped import Made
from selfcheck.subjects.migrations.tables import Column
from selfcheck.trees.globs import shares

CANARY = "selfcheck_canary"


class Unlike:
    """Tables written anew at the end of the schema files: `places` tells the last file that each stands in.

    Raises:
        Unprovable: there is no schema file, or no model of which all columns are known.
    """

    def __init__(
        self, files: Sequence[File], places: Mapping[str, str], models: Sequence[Made], ignored: frozenset[str]
    ) -> None:
        if not files:
            raise Unprovable("there is no schema file")
        self._files = {each.path: each for each in files}
        self._places = places
        self._models = [
            each
            for each in models
            if each.table.columns and not each.table.open and each.table.name.lower() not in ignored
        ]
        self._ignored = ignored
        if not self._models:
            raise Unprovable("no model has columns that are all known")

    def columns(self, schema: tuple[str, ...], models: tuple[str, ...]) -> Iterator[Canary]:
        """A table of another column in a file of each pattern, and one of a model of each pattern."""
        below = [(each, self._models) for each in shares(schema, self._files)]
        made = [each.path for each in self._models]
        below += [(list(self._files), [each for each in self._models if each.path in s]) for s in shares(models, made)]
        told: dict[str, Canary] = {}
        for paths, several in below:
            each = next((one for one in several if self._path(one) in paths), None)
            if each is not None:
                name = each.table.name
                title = f"put another table {name} into {self._path(each)}"
                told[title] = self._canary(title, each, CANARY, "integer", f"{name}.{CANARY} only in the schema")
        yield from told.values()

    def type(self) -> Iterator[Canary]:
        """The first column of a known type has another one."""
        for each, column in self._known():
            if column.kind.name:
                name = f"{each.table.name}.{column.name}"
                kind = "boolean" if column.kind.name == "integer" else "integer"
                yield self._canary(f"give {name} another type", each, column.name, kind, f"{name} type")
                return

    def nullability(self) -> Iterator[Canary]:
        """The first column that is known to be nullable or not is the other."""
        for each, column in self._known():
            if column.nullable is not None:
                name = f"{each.table.name}.{column.name}"
                kind = "integer NOT NULL" if column.nullable else "integer"
                title = f"let {name} be {'NOT NULL' if column.nullable else 'nullable'}"
                yield self._canary(title, each, column.name, kind, f"{name} nullability")
                return

    def _known(self) -> Iterator[tuple[Made, Column]]:
        for each in self._models:
            for column in each.table.columns:
                if f"{each.table.name}.{column.name}".lower() not in self._ignored:
                    yield each, column

    def _path(self, each: Made) -> str:
        """The file where the table is to be written: the one that has the last word on it."""
        return self._places.get(each.table.name.lower(), next(iter(self._files)))

    def _canary(self, title: str, each: Made, column: str, kind: str, expect: str) -> Canary:
        # What stands in a schema file last is what there is.
        path = self._path(each)
        quote = "`" if b"`" in self._files[path].bytes else '"'
        text = f"\n;\nCREATE TABLE {quote}{each.table.name}{quote} ({quote}{column}{quote} {kind});\n"
        return Canary(title, (Append(path, text.encode()),), expect)
