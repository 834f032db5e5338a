"""The rules of a file: category, name, and what is said of each; what YAML does not read is mended where it is plain."""

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from selfcheck.errors import Fault, RulebookError
from selfcheck.foreign.carried import Note
from selfcheck.foreign.text import Text
from selfcheck.rulebook.documents import Document, as_list, as_mapping, load

METADATA = "metadata"
CHECKS = ("check", "expression")
REFS = ("audit_ref", "source")
MOST = 200
"""How many lines are mended; each costs reading the file again."""
LARGEST = 200_000
"""How many characters a file may have that is mended."""
NO_ESCAPE = re.compile(r'\\([^0abt\tnvfre "/\\N_LPxuU])')
NO_ESCAPE_SAID = "is no escape in double quotes"
DOUBLED = r"\\\\\1"
QUOTED = re.compile(r'(?:[^"\\]|\\.)*')
BACKSPACE = "\b"
NONE = "holds no rule; a rule has a `check`, and stands below its name and a category, or in a list `guardrails`"
OURS = "is a rulebook of selfcheck already; there is nothing to carry over"


class Rule(Struct, frozen=True, kw_only=True):
    """One rule as it is written; empty texts for what is not said."""

    line: int
    category: str
    name: str
    check: str
    description: str = ""
    severity: str = ""
    file: str = ""
    ref: str = ""
    status: str = ""

    @property
    def about(self) -> str:
        """Its name with its category's."""
        return f"{self.category}.{self.name}" if self.category else self.name


def read(text: Text) -> tuple[list[Rule], list[Note]]:
    """The rules of a file in order, and what was mended or is no rule.

    Raises:
        RulebookError: it is no YAML, or holds no rule.
    """
    document, notes = _loaded(text)
    data = as_mapping(document.data) or {}
    if "version" in data and any("use" in (as_mapping(check) or {}) for check in _checks(data)):
        text.refuse(1, OURS)
    rules: list[Rule] = []
    for found in _entries(document, data):
        if isinstance(found, Rule):
            rules.append(found)
        else:
            notes.append(found)
    if not rules:
        text.refuse(1, NONE)
    return rules, notes


def _loaded(text: Text) -> tuple[Document, list[Note]]:
    """The data of a file, in which what is no escape in double quotes was read as a backslash.

    Raises:
        RulebookError: it is no YAML for another reason.
    """
    whole = text.whole
    notes: list[Note] = []
    while True:
        try:
            return load(whole.encode(), text.name), notes
        except RulebookError as error:
            fault = error.faults[0]
            mended = _mended(whole, fault) if len(notes) < MOST and len(whole) <= LARGEST else None
            if mended is None:
                raise
            whole, odd = mended
            said = f"mended: {odd} is no escape in double quotes, so that no YAML parser read the file; read as `\\\\`"
            notes.append(Note(fault.line, "the file", said))


def _mended(whole: str, fault: Fault) -> tuple[str, str] | None:
    """The text without what is no escape from a fault's place to the end of the quotes or of the line, and what that was."""
    lines = whole.split("\n")
    if NO_ESCAPE_SAID not in fault.message or not 0 < fault.line <= len(lines):
        return None
    line, column = lines[fault.line - 1], fault.column - 1
    quoted = QUOTED.match(line, column)
    odd = sorted(set(NO_ESCAPE.findall(quoted[0]))) if quoted is not None else []
    if quoted is None or not odd:
        return None
    lines[fault.line - 1] = f"{line[:column]}{NO_ESCAPE.sub(DOUBLED, quoted[0])}{line[quoted.end() :]}"
    return "\n".join(lines), " and ".join(f"`\\{each}`" for each in odd)


def _checks(data: dict[str, Any]) -> Iterator[Any]:
    for each in as_list(data.get("guardrails")):
        yield (as_mapping(each) or {}).get("check")


def _entries(document: Document, data: dict[str, Any]) -> Iterator[Rule | Note]:
    """Every rule, and a note on what stands in the place of one."""
    for number, each in enumerate(as_list(data.get("guardrails"))):
        path = ("guardrails", number)
        yield _rule(document, path, "", str((as_mapping(each) or {}).get("name") or f"rule {number + 1}"), each)
    for category, below in data.items():
        rules = as_mapping(below)
        if category == METADATA or isinstance(below, list):
            continue
        if rules is None:
            yield Note(document.line((category,)), category, "not carried: holds no rules")
            continue
        for name, each in rules.items():
            yield _rule(document, (category, name), category, name, each)


def _rule(document: Document, path: tuple[str | int, ...], category: str, name: str, value: object) -> Rule | Note:
    said = as_mapping(value)
    line = document.fault(path, "", at_key=True).line
    if said is None:
        return Note(line, f"{category}.{name}".lstrip("."), "not carried: is no rule, which has a `check`")
    check = next((said[key] for key in CHECKS if said.get(key) is not None), "")
    return Rule(
        line=line,
        category=category,
        name=name,
        check=check.replace(BACKSPACE, r"\b") if isinstance(check, str) else "",
        description=_text(said.get("description")),
        severity=_text(said.get("severity")).lower(),
        file=_text(said.get("file")),
        ref=next((_text(said[key]) for key in REFS if said.get(key)), ""),
        status=_text(said.get("status")),
    )


def _text(value: object) -> str:
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""
