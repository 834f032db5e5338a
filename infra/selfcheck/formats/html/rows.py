"""One finding on the page: where, what, how it grew, and the imports that make it, each with its statement."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from selfcheck.guardrail import Guardrail
from selfcheck.model import Finding, Location, Ruling, Unread

STEPS = 40
"""How many imports of one finding are listed."""
LONGEST = 120
"""Longer statements are cut."""
SPREAD = 60
"""A statement on more lines is not shown."""
LARGEST = 2_000_000
"""The source of larger files is not read."""
CLOSED = frozenset({"secret", "secrets", "security"})
"""No source and no output is shown of what a guardrail with one of these tags finds."""
# Under these keys the import contracts list import statements in `data`.
LISTS = {"cycle": "The circle", "chain": "The chain of imports", "imports": "The imports"}
# No literal fits in, so that no value of the judged repository, perhaps a secret, is ever copied into a page.
STATEMENT = re.compile(r"(?:from [.\s]*[\w.]* ?import (?:\*|\([\w\s,]+\)|[\w\s,]+)|import [\w.,\s]+)", re.ASCII)
# What a statement over several lines leaves inside its parentheses.
BLANKS = re.compile(r"(?<=\() | (?=\))|, ?(?=\))")
# What would pass for the end of one line in a path.
BREAKS = str.maketrans({"\n": r"\n", "\r": r"\r", "\t": r"\t"})


class Import(Struct, frozen=True):
    """An import as the contracts write it into `data`."""

    importer: str
    imported: str
    path: str
    line: int


class Step(Struct, frozen=True):
    """One import: who imports what, where, and the statement if it may be shown."""

    importer: str
    imported: str
    place: str
    statement: str | None


class Steps(Struct, frozen=True):
    """The imports of a finding below their name; how many are left out."""

    title: str
    listed: tuple[Step, ...]
    left_out: int


class Row(Struct, frozen=True, kw_only=True):
    """One finding, or one file that could not be read."""

    status: str
    place: str | None
    message: str
    hint: str | None = None
    growth: str | None = None
    steps: Steps | None = None
    output: str | None = None
    """The end of what a program said."""


class Sources:
    """The lines of the judged tree's files, each file read once."""

    def __init__(self, read: Callable[[str], bytes | None]) -> None:
        self._read = read
        self._known: dict[str, list[str]] = {}

    def statement(self, path: str, line: int) -> str | None:
        """The import statement that begins in this line, on one line; None where anything else stands there."""
        if path not in self._known:
            self._known[path] = self._lines(path)
        lines = self._known[path][line - 1 : line - 1 + SPREAD] if line > 0 else []
        said = BLANKS.sub("", " ".join(_logical(lines).split()))
        if not STATEMENT.fullmatch(said):
            return None
        return said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"

    def _lines(self, path: str) -> list[str]:
        content = self._read(path) or b""
        if len(content) > LARGEST:
            return []
        return content.decode("utf-8", "replace").replace("\r\n", "\n").split("\n")


def row(ruling: Ruling[Finding] | Ruling[Unread], guardrail: Guardrail, sources: Sources | None) -> Row:
    """What the page says of it; without sources, without statements."""
    seen, status = ruling.seen, ruling.status.value
    if isinstance(seen, Unread):
        return Row(status=status, place=shown(seen.path), message=f"could not be read: {seen.reason}")
    is_open = not seen.data.get("redacted") and CLOSED.isdisjoint(tag.casefold() for tag in guardrail.tags)
    steps = _steps(seen.data, sources if is_open else None)
    output = seen.data.get("output") if is_open else None
    return Row(
        status=status,
        place=shown(str(seen.at)) if seen.at else None,
        message=_without(steps, seen.message) if steps else seen.message,
        hint=seen.hint,
        growth=ruling.growth,
        steps=steps,
        output=output if isinstance(output, str) and output.strip() else None,
    )


def shown(path: str) -> str:
    """A path on one line, whatever its name holds."""
    return path.translate(BREAKS)


def _without(steps: Steps, message: str) -> str:
    """The message up to where it begins to tell the imports, which the list tells better."""
    before, told, _ = message.partition(f": {steps.listed[0].importer} -> ")
    return f"{before}:" if told else message


def _steps(data: Mapping[str, Any], sources: Sources | None) -> Steps | None:
    """The imports that `data` lists; the data of another check may have any shape below the same key."""
    for key, title in LISTS.items():
        try:
            listed = msgspec.convert(data.get(key), tuple[Import, ...])
        except msgspec.ValidationError:
            continue
        if listed:
            return Steps(title, tuple(_step(each, sources) for each in listed[:STEPS]), len(listed[STEPS:]))
    return None


def _step(found: Import, sources: Sources | None) -> Step:
    said = sources.statement(found.path, found.line) if sources else None
    return Step(found.importer, found.imported, shown(str(Location(found.path, found.line))), said)


def _logical(lines: Iterable[str]) -> str:
    """The first statement without its comments: up to the end of its line, or of its parentheses or continuation."""
    said = ""
    for line in lines:
        said += line.partition("#")[0].rstrip()
        if said.endswith("\\"):
            said = f"{said[:-1]} "
        elif "(" in said and ")" not in said:
            said += " "
        else:
            break
    return said
