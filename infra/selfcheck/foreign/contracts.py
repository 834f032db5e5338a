"""The contracts of an import-linter configuration as they are written: INI or TOML, every value with its line."""

import configparser
import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from msgspec import Struct

from selfcheck.errors import RulebookError
from selfcheck.foreign.text import Text, headers
from selfcheck.rulebook.documents import as_list, as_mapping
from selfcheck.suggest import short

SECTION = "importlinter"
TABLE = rf"\s*\[\s*tool\s*\.\s*\"?{SECTION}\"?\s*\]\s*(#.*)?"
CONTRACTS = rf"\s*\[\[\s*tool\s*\.\s*\"?{SECTION}\"?\s*\.\s*contracts\s*\]\]\s*(#.*)?"

Value = str | list[str]


class Section(Struct, frozen=True):
    """The options of one table or section, and the lines that it spans (the last is the first that is not in it)."""

    text: Text
    first: int
    last: int
    values: Mapping[str, Value]

    def line(self, key: str) -> int:
        """Where an option stands."""
        return self.text.find(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=:]", self.first, self.last) or self.first


class Configuration(Struct, frozen=True):
    """What holds for all contracts, and the contracts."""

    settings: Section
    contracts: tuple[Section, ...]


def is_configuration(data: Mapping[str, Any]) -> bool:
    """Whether the data of a TOML file hold contracts of import-linter."""
    return SECTION in (as_mapping(data.get("tool")) or {})


def from_toml(text: Text, data: Mapping[str, Any]) -> Configuration:
    """The configuration in `[tool.importlinter]`.

    Raises:
        RulebookError: a value is neither text nor a list of texts.
    """
    table = as_mapping(data["tool"][SECTION])
    starts = headers(text, CONTRACTS)
    top = text.find(TABLE) or (starts[0] if starts else 1)
    if table is None:
        text.refuse(top, f"`tool.{SECTION}` must be a table")
    found = [as_mapping(each) for each in as_list(table.get("contracts", []))]
    tables = [each for each in found if each is not None]
    if len(tables) < len(found) or not isinstance(table.get("contracts", []), list):
        text.refuse(text.find(r"\s*contracts\s*=") or top, "`contracts` must be a list of tables")
    if len(starts) != len(tables):
        starts = [text.find(r"\s*contracts\s*=") or top] * len(tables)  # written in one array
    general = {key: value for key, value in table.items() if key != "contracts"}
    contracts = (_section(text, start, _end(text, start), each) for start, each in zip(starts, tables, strict=True))
    return Configuration(_section(text, top, _end(text, top), general), tuple(contracts))


def from_ini(text: Text) -> Configuration:
    """The configuration in `[importlinter]` and `[importlinter:contract:…]`.

    Raises:
        RulebookError: it is no INI, or has no such section.
    """
    parser = configparser.ConfigParser()
    try:
        parser.read_string(text.whole)
        if SECTION not in parser:
            text.refuse(
                1, f"has no section [{SECTION}]; name the file that holds import-linter's contracts, or tach.toml"
            )
        settings = _ini_section(text, parser, SECTION, {})
        names = [name for name in parser.sections() if name.startswith(f"{SECTION}:")]
        found = tuple(_ini_section(text, parser, name, {"id": name.split(":")[-1]}) for name in names)
    except configparser.Error as error:
        line = getattr(error, "lineno", None) or next((each for each, _ in getattr(error, "errors", ())), 1)
        said = short(str(error).splitlines()[0], 200)
        text.refuse(line, f"is no INI that can be read: {said}; mend it here")
    return Configuration(settings, found)


def _ini_section(text: Text, parser: configparser.ConfigParser, name: str, more: Mapping[str, Value]) -> Section:
    first = text.find(rf"\[{re.escape(name)}\]") or 1
    split = {key: value.strip().split("\n") if "\n" in value else value for key, value in parser[name].items()}
    return Section(text, first, _end(text, first), {**more, **split})


def _section(text: Text, first: int, last: int, data: Mapping[str, Any]) -> Section:
    section = Section(text, first, last, {})
    return Section(text, first, last, {key: _value(section, key, value) for key, value in data.items()})


def _value(section: Section, key: str, value: object) -> Value:
    match value:
        case str():
            return value
        case bool() | int():
            return str(value)
        case list() if all(isinstance(each, str) for each in as_list(cast("object", value))):
            return [*as_list(cast("object", value))]
        case _:
            wanted = f"`{short(key)}` must be a text, a number, or a list of texts"
            raise RulebookError([section.text.fault(section.line(key), wanted)])


def _end(text: Text, first: int) -> int:
    """The line of the next header, or the one after the last line."""
    return text.find(r"\s*\[[\[\w\"'.: -]+\]\s*(#.*)?$", first + 1) or len(text.lines) + 1


def reasons(section: Section, key: str, expressions: Mapping[str, str]) -> Iterator[tuple[str, int, str]]:
    """For each of some expressions (as a pattern finds them): itself, its line, and the comment beside it."""
    start = section.line(key)
    for expression, pattern in expressions.items():
        compiled = re.compile(pattern)
        lines = range(start, max(start + 1, section.last))
        line = next((each for each in lines if compiled.search(section.text.lines[each - 1])), start)
        yield expression, line, _beside(section, start, line, compiled)


def _beside(section: Section, start: int, line: int, found: re.Pattern[str]) -> str:
    """The comment at the end of a line, or right above it, or, with its line, above the entries before it."""
    text = section.text
    match = found.search(text.lines[line - 1])
    behind = re.search(r"[\"'],?\s*\]?\s*#+\s*(.*\S)", text.lines[line - 1][match.end() :]) if match else None
    if behind:
        return behind[1]
    above = text.above(line)
    if above or line == start:
        return above
    for number in range(line - 1, start, -1):
        if not text.lines[number - 1].strip():
            break
        if heading := text.above(number):
            return f'carried over from {text.name}:{line}, where it follows "{heading}"'
    return ""
