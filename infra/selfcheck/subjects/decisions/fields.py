"""What a document says of itself below its title: list items, bold lines, plain lines, tables, sections of their own."""

import re
from collections.abc import Iterator, Sequence

from selfcheck.subjects.decisions.front import name
from selfcheck.subjects.decisions.headings import Heading, plain
from selfcheck.subjects.decisions.lines import Lines
from selfcheck.subjects.decisions.model import Said, Where

STATUS = ("status", "current status", "adr status", "decision status", "state")
DATED = ("decision date", "date", "decided on", "date decided", "decided", "created date", "created", "date created")
DECIDERS = ("deciders", "decision makers", "decision maker", "decider", "authors", "author", "owner", "owners")
REVIEW = ("review by", "review date", "revisit by", "revisit", "stale after", "expires", "next review")
ENFORCED = ("enforced by", "enforcement", "guardrails", "guardrail", "kept by")
IDS = ("adr id", "id", "decision id", "adr", "number", "adr number", "record id")
LEVEL = "current level"
RELATED = (
    *("supersedes", "supercedes", "superseded by", "superceded by", "replaces", "replaced by", "obsoletes"),
    *("obsoleted by", "amends", "amended by", "partially superseded by", "partly superseded by"),
    *(
        "superseded in part by",
        "partially supersedes",
        "partly supersedes",
        "supersedes in part",
        "related",
        "relates to",
    ),
    *("related decisions", "related adrs", "refines", "refined by", "clarifies", "depends on", "enables"),
)
OTHER = (
    "consulted",
    "informed",
    "last updated",
    "updated",
    "reviewers",
    "technical story",
    "tags",
    "category",
    "title",
)
KNOWN = frozenset((*STATUS, *DATED, *DECIDERS, *REVIEW, *ENFORCED, *IDS, LEVEL, *RELATED, *OTHER))
OF_DAYS = ("date", "decision date")
ABOUT = frozenset(
    (
        *STATUS,
        *OF_DAYS,
        "metadata",
        "meta",
        "document information",
        "document control",
        "adr information",
        "info",
        "details",
    )
)
"""Titles of sections in which fields are looked for as they are below the title."""

ITEM = re.compile(r"[ \t]*[-*+][ \t]+(?P<rest>\S.*)")
BOLD = re.compile(r"[ \t]*(?P<mark>\*\*|__)(?P<key>[^*_:\n]{1,40}):?(?P=mark)[ \t]*:?[ \t]*(?P<value>.*)")
PLAIN = re.compile(r"[ \t]*:?(?P<key>[A-Za-z][\w '()/\-]{0,30}):[ \t]*(?P<value>.*)")
ROW = re.compile(r"[ \t]*\|.*")
RULE = re.compile(r"[ \t|:\-]+")


def fields(lines: Lines, found: Sequence[Heading]) -> list[Said]:
    """Keys and values where a document says what it is: above its first section, and in those that are about it."""
    said: list[Said] = []
    for begin, end in _header(lines, found):
        said += _in_block(lines, begin, end)
    for number, heading in enumerate(found):
        end = found[number + 1].line if number + 1 < len(found) else len(lines) + 1
        title, _, value = heading.text.partition(":")
        inner = value.strip()
        if plain(title) in STATUS and inner:
            said.append(Said("status", inner, heading.line, Where.SECTION))
        elif plain(heading.text) in ABOUT:
            said += _about(lines, plain(heading.text), heading.after, end)
        elif (head := _table_of(lines, heading.after, end)) is not None:
            said += head
    return list(dict.fromkeys(said))


def cells(line: str) -> list[str]:
    """The cells of a row of a table; a bar behind a backslash is none."""
    inner = line.strip().removeprefix("|").removesuffix("|")
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", inner)]


def is_rule(line: str) -> bool:
    """Whether it is the line below the head of a table."""
    return "-" in line and RULE.fullmatch(line) is not None


def _header(lines: Lines, found: Sequence[Heading]) -> Iterator[tuple[int, int]]:
    """What stands above the first section, whether or not there is a title before it."""
    if not found:
        yield 1, len(lines) + 1
        return
    first, *rest = found
    if first.line > 1:
        yield 1, first.line
    if plain(first.text) not in ABOUT:
        yield first.after, rest[0].line if rest else len(lines) + 1


def _about(lines: Lines, title: str, begin: int, end: int) -> list[Said]:
    """The fields of a section that is about the document; its first paragraph is the value if it has none of that name."""
    said = _in_block(lines, begin, end)
    own = "status" if title in STATUS else "date" if title in OF_DAYS else None
    if own and not any(each.name in (STATUS if own == "status" else DATED) for each in said):
        first = next(
            ((n, t) for n, t in lines.between(begin, end) if t.strip() and not t.lstrip().startswith(">")), None
        )
        if first is not None and not ROW.fullmatch(first[1]):
            item = ITEM.fullmatch(first[1])
            text = (item["rest"] if item else first[1]).strip()
            said.insert(0, Said(own, text, first[0], Where.SECTION))
    return said


def _in_block(lines: Lines, begin: int, end: int) -> list[Said]:
    said: list[Said] = []
    rows: list[tuple[int, str]] = []
    for number, line in lines.between(begin, end):
        if not line.strip():
            continue
        if ROW.fullmatch(line):
            rows.append((number, line))
        elif found := _field(line):
            said.append(Said(found[0], found[1], number, found[2]))
    return said + _in_table(rows)


def _field(line: str) -> tuple[str, str, Where] | None:
    item = ITEM.fullmatch(line)
    inner = item["rest"] if item else line
    for pattern in (BOLD, PLAIN):
        if (found := pattern.fullmatch(inner)) and (key := _known(found["key"])):
            value = found["value"].strip()
            return key, value.removesuffix("\\").strip(), Where.LIST if item else Where.LINE
    return None


def _known(key: str) -> str:
    plain_key = name(key)
    return plain_key if plain_key in KNOWN else ""


def _table_of(lines: Lines, begin: int, end: int) -> list[Said] | None:
    """The fields of a table with at least two keys that documents have, wherever it stands."""
    rows = [(number, line) for number, line in lines.between(begin, end) if ROW.fullmatch(line)]
    if len(rows) < 2:
        return None
    said = _in_table(rows)
    return said if len({each.name for each in said}) > 1 else None


def _in_table(rows: Sequence[tuple[int, str]]) -> list[Said]:
    """A table of one key a row, or of one key a column with one row of values."""
    if len(rows) >= 3 and is_rule(rows[1][1]):
        head = [_known(_bare(cell)) for cell in cells(rows[0][1])]
        if len(head) > 2 and sum(map(bool, head)) > 1:
            number, line = rows[2]
            pairs = zip(head, cells(line), strict=False)
            return [Said(key, _bare(value), number, Where.TABLE) for key, value in pairs if key]
    said: list[Said] = []
    for number, line in rows:
        row = cells(line)
        if len(row) >= 2 and (key := _known(_bare(row[0]))):
            said.append(Said(key, _bare(row[1]), number, Where.TABLE))
    return said


def _bare(cell: str) -> str:
    text = cell.strip()
    for mark in ("**", "__", "`"):
        if text.startswith(mark) and text.endswith(mark) and len(text) > 2 * len(mark):
            text = text[len(mark) : -len(mark)].strip()
    return text
