"""What a document with levels of being done says: which fields are filled, who reviewed, which claims stand open."""

import re
from collections.abc import Iterator, Sequence

from selfcheck.subjects.decisions.fields import LEVEL, cells, is_rule
from selfcheck.subjects.decisions.headings import Heading, plain
from selfcheck.subjects.decisions.lines import Lines
from selfcheck.subjects.decisions.links import MENTION
from selfcheck.subjects.decisions.model import Attested, Box, Claim, Mention, Option, Phases, Said, Section, Where
from selfcheck.subjects.decisions.placeholders import is_placeholder

FIELD = re.compile(r"[ \t]*(?:[-*+][ \t]+)?\*\*(?P<key>[^*\n]{1,60})\*\*(?P<after>[^:\n]{0,80}?):?[ \t]*(?P<value>.*)")
BOX = re.compile(r"[ \t]*[-*+][ \t]+\[(?P<mark>[ xX])\][ \t]+(?P<text>\S.*)")
ALTERNATIVE = re.compile(
    r"(?:alternative|option)[ \t]*[\w]{0,3}[ \t]*[:.\-\u2013\u2014][ \t]*(?P<name>\S.*)", re.IGNORECASE
)
ATTESTED = re.compile(
    r"\bL(?P<level>[1-5])\b[^\n]{0,60}?\battested by[ \t]+(?P<by>[^\s,;]+)[ \t,;]+(?:on[ \t]+)?(?P<day>\d{4}-\d\d-\d\d)"
    r"[ \t,;]+(?:at[ \t]+)?(?P<commit>[0-9a-f]{7,40})\b",
    re.IGNORECASE,
)
FILE = re.compile(r"`(?P<path>[\w.+-]+(?:/[\w.+-]+)+\.\w{1,8})`")
NO = ("no", "⬜", "☐", "❌", "✗", "x", "unverified", "pending", "false", "todo", "open", "not")
PASSED = ("<details", "</details", "<summary", "|")
UNSAID = frozenset({"-", "\N{EN DASH}", "\N{EM DASH}", "n/a", "?"})
PARTS = ("description", "pros", "cons", "why not chosen")


class _Fields:
    """The bold fields of a document, by the titles of the sections that they stand in."""

    def __init__(self, lines: Lines, found: Sequence[Heading]) -> None:
        self.filled: dict[str, bool] = {}
        self.boxes: dict[str, list[Box]] = {}
        self.levels: list[Said] = []
        self._read(lines, found)

    def _read(self, lines: Lines, found: Sequence[Heading]) -> None:
        titles = {heading.line: plain(heading.text) for heading in found}
        section = key = ""
        for number, line in enumerate(lines.said, start=1):
            if number in titles:
                section, key = titles[number], ""
            elif line.strip() and not line.lstrip().startswith(PASSED):
                key = self._take(line, number, section, key)

    def _take(self, line: str, number: int, section: str, key: str) -> str:
        """A line below a field of a section; the field that stands in force after it."""
        if box := BOX.fullmatch(line):
            if not is_placeholder(box["text"]):
                self.boxes.setdefault(key or section, []).append(Box(box["text"], box["mark"] != " ", number))
            return key
        text = "" if line.lstrip().startswith("**") else line.strip().lstrip("-*+ ")
        if field := FIELD.fullmatch(line):
            key, text = plain(field["key"]), field["value"].strip()
            self.filled.setdefault(f"{section}/{key}", False)
            if key == LEVEL and text:
                self.levels.append(Said(LEVEL, text, number, Where.LINE))
        if text and not is_placeholder(text):
            self.filled[f"{section}/{key}" if key else section] = True
        return key


def phases(lines: Lines, found: Sequence[Heading], sections: Sequence[Section]) -> Phases:
    """The levels of a document and what they are computed from."""
    read = _Fields(lines, found)
    filled = {name for name, so in read.filled.items() if so} | {each.plain for each in sections if each.filled}
    strategy = next((each for each in sections if each.plain == "testing strategy"), None)
    return Phases(
        filled=tuple(sorted(filled)),
        sketch=_sketched(lines, sections),
        reviewers=tuple(read.boxes.get("reviewers", ())),
        unverified=tuple(read.boxes.get("unverified claims", ())),
        blocking=tuple(read.boxes.get("blocking items for next level", ())),
        levels=tuple(read.levels),
        attested=tuple(_attested(lines)),
        tests=tuple(_paths(lines, strategy)) if strategy else (),
    )


def claims(lines: Lines) -> list[Claim]:
    """The rows of every table with a column for what is claimed and one for whether it is verified."""
    found: list[Claim] = []
    columns: list[str] = []
    previous = ""
    for number, line in enumerate(lines.said, start=1):
        if not line.lstrip().startswith("|"):
            columns, previous = [], ""
        elif is_rule(line):
            columns = [plain(each) for each in cells(previous)] if previous else []
        elif columns and "claim" in columns and "verified" in columns:
            row = dict(zip(columns, cells(line), strict=False))
            found.append(_claim(row, number))
        if not columns:
            previous = line if line.lstrip().startswith("|") else ""
    return found


def options(lines: Lines, found: Sequence[Heading]) -> list[Option]:
    """The options that were considered: headings of alternatives with their parts, or the items of a list of them."""
    named: list[Option] = []
    for number, heading in enumerate(found):
        after = next((each.line for each in found[number + 1 :] if each.level <= heading.level), len(lines) + 1)
        title = plain(heading.text)
        if (told := ALTERNATIVE.fullmatch(heading.text.strip())) and not is_placeholder(told["name"]):
            named.append(Option(told["name"], heading.line, tuple(_missing(lines, heading, after))))
        elif title in {
            "considered options",
            "options considered",
            "options",
            "considered alternatives",
            "alternatives",
        }:
            end = found[number + 1].line if number + 1 < len(found) else len(lines) + 1
            for place, line in lines.between(heading.after, end):
                item = re.fullmatch(r"(?:[-*+]|\d{1,3}[.)])[ \t]+(\S.*)", line)
                if item and not is_placeholder(item[1]):
                    named.append(Option(item[1], place))
    return named


def _claim(row: dict[str, str], number: int) -> Claim:
    text, source, said = row["claim"], row.get("source", ""), row["verified"]
    if is_placeholder(text):
        return Claim(text, source, None, number)
    words = said.casefold().split()
    no = not words or any(each.strip("()*_.,️") in NO for each in words[:2])
    return Claim(text, source, not no and words[0] not in UNSAID, number)


def _missing(lines: Lines, heading: Heading, end: int) -> Iterator[str]:
    """The parts of an alternative that hold no text of one's own."""
    filled: set[str] = set()
    key = ""
    for _, line in lines.between(heading.after, end):
        if field := FIELD.fullmatch(line):
            key = plain(field["key"])
            text = field["value"]
        else:
            text = line.strip().lstrip("-*+ ")
        if key and text.strip() and not is_placeholder(text):
            filled.add(key)
    yield from (part for part in PARTS if part not in filled)


def _sketched(lines: Lines, sections: Sequence[Section]) -> bool:
    section = next((each for each in sections if each.plain == "implementation sketch"), None)
    if section is None:
        return False
    bodies = [fence.body for fence in lines.fences if section.line < fence.line < section.end]
    return any(text.strip() and not is_placeholder(text) for body in bodies for text in body)


def _attested(lines: Lines) -> Iterator[Attested]:
    for number, line in enumerate(lines.said, start=1):
        if "ttested" in line and len(line) < 1000 and (found := ATTESTED.search(line)):
            yield Attested(int(found["level"]), found["by"], found["day"], found["commit"], number)


def _paths(lines: Lines, section: Section) -> Iterator[Mention]:
    for number, line in lines.between(section.line + 1, section.end):
        for found in FILE.finditer(line):
            yield Mention(found["path"], number, "")
        for found in MENTION.finditer(line):
            yield Mention(found["path"], number, found["note"] or "")
