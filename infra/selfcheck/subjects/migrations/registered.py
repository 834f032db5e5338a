"""The row by which a SQL migration registers itself in a table of versions, without a parser: what is written there."""

import re

from msgspec import Struct

from selfcheck.facts import Extractor
from selfcheck.subjects.migrations.words import Word, words

TABLE = re.compile(r"migration|schema_version|schema_history|db_version", re.IGNORECASE)
COLUMNS = frozenset(("version", "migration", "id", "number", "migration_id", "version_id", "version_num"))
DOWN = re.compile(r"^--\s*(?:migrate:down|\+goose\s+down|rollback|!down)\b", re.IGNORECASE | re.MULTILINE)
LONGEST = 10_000
"""Words of one statement that are looked at."""


class Row(Struct, frozen=True, array_like=True):
    """A version that a file registers, and the line where it does."""

    version: str
    line: int


class Ledgered(Struct, frozen=True, array_like=True):
    """What a SQL file registers, and whether it holds its own way back."""

    rows: tuple[Row, ...] = ()
    back: bool = False


def extract(content: bytes) -> Ledgered:
    """What a file registers."""
    text = content.decode("utf-8", "replace")
    back = DOWN.search(text) is not None
    if b"insert" not in content.lower() or TABLE.search(text) is None:
        return Ledgered(back=back)
    found: list[Row] = []
    every = words(text)
    for number, each in enumerate(every):
        if each.text == "insert" and [word.text for word in every[number + 1 : number + 2]] == ["into"]:
            found += _rows(every[number + 2 : number + LONGEST])
    return Ledgered(tuple(found), back)


REGISTERED: Extractor[Ledgered] = Extractor("registered migrations", 1, Ledgered, extract)


def _rows(after: list[Word]) -> list[Row]:
    """The versions in `[schema.]table (columns) VALUES (…), (…)`, by the first column that is called as one."""
    name = ""
    place = 0
    while place < len(after) and after[place].text != "(" and after[place].text not in ("values", "select"):
        name += after[place].text
        place += 1
    if TABLE.search(name) is None:
        return []
    columns, place = _list(after, place) if after[place : place + 1] and after[place].text == "(" else ([], place)
    named = [each.text.strip('"`[]') for each in columns]
    index = next((number for number, each in enumerate(named) if each in COLUMNS), 0 if not named else None)
    if index is None or not (place < len(after) and after[place].text in ("values", "select")):
        return []
    if after[place].text == "select":
        chosen = after[place + 1 : place + 2]
        return [Row(_plain(each), each.line) for each in chosen] if index == 0 and _is_literal(chosen) else []
    found: list[Row] = []
    place += 1
    while place < len(after) and after[place].text == "(":
        values, place = _list(after, place)
        if index < len(values) and _is_literal(values[index : index + 1]):
            found.append(Row(_plain(values[index]), values[index].line))
        if place < len(after) and after[place].text == ",":
            place += 1
    return found


def _list(after: list[Word], place: int) -> tuple[list[Word], int]:
    """The first word of each item between the parenthesis here and its own end, and where it ends."""
    found: list[Word] = []
    depth, fresh = 0, True
    while place < len(after):
        said = after[place].text
        depth += (said == "(") - (said == ")")
        if depth == 0:
            return found, place + 1
        if said == "," and depth == 1:
            fresh = True
        elif fresh and not (said == "(" and depth == 1):
            found.append(after[place])
            fresh = False
        place += 1
    return found, place


def _is_literal(several: list[Word]) -> bool:
    return bool(several) and (several[0].text[:1].isdigit() or several[0].text.startswith("'"))


def _plain(word: Word) -> str:
    return word.text.strip("'")
