"""The status of a decision changed where it stands, in whatever form; every other byte stays."""

import re

from selfcheck.actions.adr.text import Text
from selfcheck.errors import UsageError
from selfcheck.subjects.decisions import Decision, Folder, Form, Said, Status
from selfcheck.subjects.decisions.model import Where
from selfcheck.subjects.decisions.status import LINK, PICTURES, Reading

SHOWN = {
    Status.ACCEPTED: "\N{WHITE HEAVY CHECK MARK}",
    Status.REJECTED: "\N{CROSS MARK}",
    Status.SUPERSEDED: "\N{HOURGLASS}",
    Status.PROPOSED: "\N{THINKING FACE}",
}
"""The picture that stands for a status where pictures do."""


def set_status(
    text: Text, decision: Decision, folder: Folder, status: Status, by: tuple[str, str] | None = None
) -> None:
    """Write the status wherever the document says one, or where its like do if it says none.

    `by` is what supersedes it: as a link, and by its bare name, for where there are no links.

    Raises:
        UsageError: there is no place for it.
    """
    if not decision.readings:
        _add(text, decision, folder, status.value, by)
        return
    for said, read in decision.readings:
        behind = "" if by is None else f" by {by[_is_plain(decision, said)]}"
        _rewrite(text, said, read, status, behind)


def add_relation(text: Text, decision: Decision, verb: str, link: str, name: str) -> None:
    """Declare a relation in the form of the document: a field, a key, an item, a row, or a line below the status."""
    document = decision.document
    key = next((each for each in document.said if each.name == verb.casefold()), None)
    places = [said for said, _ in decision.readings]
    first = places[0] if places else None
    if key is not None or (document.form is Form.PHASED and _field(text, verb)):
        _fill(text, key, _field(text, verb), name if document.form is Form.PHASED or _is_front(key) else link)
        return
    match first:
        case Said(where=Where.FRONT) if (empty := _key(text, verb)) is not None:
            _fill(text, None, empty, name)
        case Said(where=Where.FRONT, line=line):
            text.insert(line, f"{verb.casefold()}: {name}")
        case Said(where=Where.LIST, line=line):
            mark = re.match(r"[ \t]*[-*+][ \t]+", text.line(line))
            bold = "**" if "**" in text.line(line) else ""
            text.insert(line, f"{mark[0] if mark else '* '}{bold}{verb.capitalize()}{bold}: {link}")
        case Said(where=Where.TABLE, line=line) if _has_two_cells(text.line(line)):
            # In a table's first row, the line below parts it from the others.
            text.insert(line + _is_parting(text, line + 1), f"| {verb.capitalize()} | {link} |")
        case Said(line=line):
            text.insert(_end_of_block(text, line), "", f"{verb.capitalize()} {link}")
        case None:
            text.insert(_end_of_block(text, document.title_line), "", f"{verb.capitalize()} {link}")


def _rewrite(text: Text, said: Said, read: Reading, status: Status, by: str) -> None:
    """One place: the words of the status by new ones, and what they were followed by stays if it is a date."""
    line = text.line(said.line)
    begin = line.rfind(said.text)
    if begin < 0:
        raise UsageError(f"{text.path}:{said.line}: the status stands there in a form that cannot be edited")
    phrase = _phrase(said.text, read)
    behind = said.text[said.text.find(phrase) + len(phrase) :] if phrase else ""
    before = said.text[: said.text.find(phrase)] if phrase else ""
    word = _cased(phrase or "Accepted", status.value.replace("-", " ")) + by
    text.set(said.line, line[:begin] + _pictured(before, status) + word + behind + line[begin + len(said.text) :])


def _phrase(said: str, read: Reading) -> str:
    """The words of the status as they stand; with what supersedes it, if that is told behind them."""
    words = [re.escape(each) for each in read.word.split()]
    found = re.search(r"[\s_]+".join(words), said, re.IGNORECASE) if words else None
    if found is None:
        return "" if any(each in PICTURES for each in said) else said
    behind = re.match(
        r"[ \t]+by\b[ \t]*(?:" + LINK.pattern + r"|[A-Za-z]+[-_ ]?\d+|[\w./-]+)?", said[found.end() :], re.IGNORECASE
    )
    return found[0] + (behind[0] if behind else "")


def _pictured(before: str, status: Status) -> str:
    """What stands before the words, with the picture that goes with the status."""
    kept = "".join(SHOWN.get(status, each) if each in PICTURES else each for each in before)
    return kept.replace("\N{VARIATION SELECTOR-16}", "") if kept != before else before


def _cased(old: str, new: str) -> str:
    letters = [each for each in old if each.isalpha()]
    if letters and all(each.isupper() for each in letters) and len(letters) > 1:
        return new.upper()
    return new.capitalize() if letters and letters[0].isupper() else new


def _is_front(said: Said | None) -> bool:
    return said is not None and said.where is Where.FRONT


def _is_plain(decision: Decision, said: Said) -> bool:
    """Whether a status is written there without links: in front matter, in the phased template, in marked text of reST."""
    return said.where is Where.FRONT or decision.document.form is Form.PHASED or decision.path.endswith(".rst")


def _add(text: Text, decision: Decision, folder: Folder, status: str, by: tuple[str, str] | None) -> None:
    """A status where there was none: as most others of the folder write theirs."""
    others = [each.readings[0][0].where for each in folder.decisions if each.readings]
    usual = max(set(others), key=others.count) if others else Where.SECTION
    said = f"{status} by {by[0]}" if by else status
    if usual is Where.FRONT and len(text) and text.line(1).lstrip("\ufeff").rstrip() == "---":
        text.insert(1, f"status: {status} by {by[1]}" if by else f"status: {status}")
        return
    line = decision.document.title_line
    if len(text) > line and re.fullmatch(r"[=~\-]+[ \t]*", text.line(line + 1)):
        line += 1
    if usual is Where.LIST:
        text.insert(line, "", f"* Status: {said}")
    elif decision.path.endswith(".rst"):
        text.insert(line, "", "Status", "------", "", said.capitalize())
    else:
        text.insert(line, "", "## Status", "", said[:1].upper() + said[1:])


def _field(text: Text, verb: str) -> int | None:
    """The line of a bold field of this name, filled or not."""
    wanted = re.compile(rf"[ \t]*(?:[-*+][ \t]+)?\*\*{re.escape(verb)}:?\*\*:?.*", re.IGNORECASE)
    return next((number for number in range(1, len(text) + 1) if wanted.fullmatch(text.line(number))), None)


def _key(text: Text, verb: str) -> int | None:
    """The line of a key of front matter that holds nothing."""
    wanted = re.compile(rf"{re.escape(verb)}[ \t]*:[ \t]*", re.IGNORECASE)
    return next((number for number in range(1, len(text) + 1) if wanted.fullmatch(text.line(number))), None)


def _fill(text: Text, key: Said | None, field: int | None, value: str) -> None:
    """A value for a key that is there: instead of a template's or an empty one, else beside what it holds."""
    number = key.line if key is not None else field or 1
    line = text.line(number)
    said = key.text if key is not None else ""
    if said and not re.fullmatch(r"\W*(?:n/?a|none|null|\[[^\[\]]*\]|\{[^{}]*\}|-*)\W*", said, re.IGNORECASE):
        if line.rstrip().endswith("]") and "](" not in line:
            text.set(number, f"{line.rstrip()[:-1]}, {value}]")
        else:
            text.set(number, f"{line.rstrip()}, {value}")
    elif said:
        text.replace(number, said, value)
    else:
        text.set(number, f"{line.rstrip()} {value}")


def _is_parting(text: Text, line: int) -> bool:
    return line <= len(text) and re.fullmatch(r"[ \t|:-]*-[ \t|:-]*", text.line(line)) is not None


def _has_two_cells(line: str) -> bool:
    return line.strip().strip("|").count("|") == 1


def _end_of_block(text: Text, line: int) -> int:
    """The last line of the paragraph, list or table that a line is in."""
    while line < len(text) and text.line(line + 1).strip():
        line += 1
    return line
