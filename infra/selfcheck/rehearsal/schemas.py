"""Two schemas, as their databases tell them: what one has and the other has not."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from selfcheck.rehearsal.rehearse import Row
from selfcheck.subjects.migrations.words import split, words

Part = tuple[str, str, str]
"""A table, what sort of thing of it, and its name."""
KEPT = frozenset(("unique", "check", "constraint", "exclude"))
"""With what the clauses of a table begin that SQLite tells nowhere but in the text."""
ABOUT_DATABASES = ("alembic_version", " owner to ", "comment on extension", "\\restrict", "\\unrestrict")


class Gap(NamedTuple):
    """A part of which the two schemas say different things; None where one has no such part."""

    table: str
    kind: str
    name: str
    first: str | None
    second: str | None

    @property
    def said(self) -> str:
        """What it is called."""
        return " ".join(filter(None, (self.table if self.kind == "table" else f"{self.table}:", self._own)))

    @property
    def _own(self) -> str:
        return "" if self.kind == "table" else " ".join(filter(None, (self.kind, self.name)))


def gaps(first: Iterable[Row], second: Iterable[Row]) -> Iterator[Gap]:
    """Every part that differs, sorted; of a table that is missing, the table alone."""
    one, two = parts(first), parts(second)
    tables = {part[0] for part in one} ^ {part[0] for part in two}
    for part in sorted({*one, *two}):
        said, other = one.get(part), two.get(part)
        whole = part[0] in tables and part[1] not in ("table", "type", "view", "sequence", "function", "domain")
        if said != other and not whole:
            yield Gap(*part, said, other)


def parts(rows: Iterable[Row]) -> Mapping[Part, str]:
    """The parts of a schema, so written that two ways to write one thing are one."""
    found: dict[Part, str] = {}
    for table, kind, name, text in rows:
        if kind == "text":
            found[table, "table", ""] = ""
            for clause, more in _clauses(text):
                part = (table, clause, more) if clause == "constraint" else (table, "column", more)
                found[part] = f"{found.get(part, '')}{'' if clause == 'constraint' else f' {clause}'}"
        elif kind == "column":
            found[table, kind, name] = normal(text) + found.get((table, kind, name), "")
        else:
            found[table, kind, name] = normal(text)
    return found


def normal(sql: str) -> str:
    """SQL in one spelling: words in lower case, no quotes that say nothing, one blank between any two."""
    return " ".join(_plain(each.text) for each in words(sql))


def _plain(word: str) -> str:
    return word.strip('"`').lower() if word[:1] in ('"', "`") else word


def _clauses(text: str) -> Iterator[tuple[str, str]]:
    """What the text of a table says beyond its columns' types: `(constraint, SQL)`, and `(SQL, column)` of columns."""
    for clause in _items([_plain(each.text) for each in words(text)]):
        first = clause[0]
        if first in KEPT:
            said = clause[2:] if first == "constraint" else clause
            if said[:1] != ["foreign"] and said[:1] != ["primary"]:
                yield "constraint", " ".join(said)
            continue
        for mark in ("collate", "check", "as", "autoincrement", "unique"):
            if mark not in clause[1:]:
                continue
            place = clause.index(mark, 1)
            said = _closed(clause[place:]) if mark in ("check", "as") else clause[place : place + 2]
            if mark == "check":
                yield "constraint", " ".join(said)
            elif mark == "unique":
                yield "constraint", f"unique ( {first} )"
            else:
                yield " ".join(said if mark != "autoincrement" else [mark]), first


def _items(several: list[str]) -> Iterator[list[str]]:
    """The words between the first parenthesis and its end, in parts as commas part them."""
    item: list[str] = []
    depth = 0
    for each in several:
        depth -= each == ")"
        if depth == 0 and item:
            break
        if each == "," and depth == 1:
            yield item
            item = []
        elif depth:
            item.append(each)
        depth += each == "("
    if item:
        yield item


def _closed(several: list[str]) -> list[str]:
    """The words up to the end of the first parenthesis."""
    depth = 0
    for place, each in enumerate(several):
        depth += (each == "(") - (each == ")")
        if each == ")" and depth == 0:
            return several[: place + 1]
    return several


def statements(sql: str) -> list[str]:
    """The statements of a schema file that make the schema: not those about owners, versions and the client."""
    lines = [line for line in sql.splitlines() if not line.startswith("\\")]
    found = [each.text.strip() for each in split("\n".join(lines))]
    return [each for each in found if not any(mark in f" {each.lower()} " for mark in ABOUT_DATABASES)]
