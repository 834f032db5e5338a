"""Declared relations between decisions: who supersedes or amends whom, wholly or in part."""

import re
from collections.abc import Iterator, Sequence

from selfcheck.subjects.decisions.fields import RELATED, STATUS
from selfcheck.subjects.decisions.front import name
from selfcheck.subjects.decisions.headings import Heading, plain
from selfcheck.subjects.decisions.lines import Lines, without_spans
from selfcheck.subjects.decisions.model import Relation, Said, Verb, Where

PART = re.compile(r"\b(?:partially|partly|partial|in[ \-]part)\b", re.IGNORECASE)
WORDS: tuple[tuple[str, Verb], ...] = (
    (r"super[cs]eded[ \-_]by|super[cs]eded", Verb.SUPERSEDED_BY),
    (r"super[cs]edes|super[cs]ede", Verb.SUPERSEDES),
    (r"replaced[ \-_]by|obsoleted[ \-_]by", Verb.SUPERSEDED_BY),
    (r"replaces|obsoletes", Verb.SUPERSEDES),
    (r"amended[ \-_]by", Verb.AMENDED_BY),
    (r"amends", Verb.AMENDS),
    (r"depends[ \-_]on|upstream[ \-_]decisions?", Verb.DEPENDS),
    (r"enables|downstream[ \-_]decisions?", Verb.ENABLES),
    (
        r"refine[sd](?:[ \-_]by)?|clarifie[sd](?:[ \-_]by)?|extend(?:s|ed)(?:[ \-_]by)?|relates?[ \-_]to|related(?:[ \-_](?:to|decisions?|adrs?))?",
        Verb.RELATES,
    ),
)
VERB = re.compile(
    "|".join(rf"(?P<v{number}>\b(?:{words})\b)" for number, (words, _) in enumerate(WORDS)), re.IGNORECASE
)
TARGET = re.compile(
    r"\[(?P<text>[^\[\]]*)\]\((?P<link><[^<>]*>|[^()\s]*)[^()]*\)"
    r"|`?(?P<doc>[\w./-]+\.(?:md|markdown|mdx|rst))`?"
    r"|(?<![\w/-])(?:adr|ad|decision)s?[ \-_#]{0,2}0*(?P<number>\d{1,6})(?![\w-]|/)",
    re.IGNORECASE,
)
BARE = re.compile(r"(?<![\w.-])#?0*(\d{1,6})(?![\w.-])")
NUMBERED = re.compile(r"(?:^|/)(?:[a-z]{1,12}[-_ ]?)?0*(\d{1,6})[-_. ](?!\d\d?[-_])[^/]*$", re.IGNORECASE)
LINK = re.compile(r"\[[^\[\]]*\]\([^()]*\)")
LONGEST = 4000
"""Characters of a line beyond which nobody declares a relation in it."""
LED = 200
LEADING = frozenset(
    [
        "this",
        "it",
        "adr",
        "decision",
        "record",
        "is",
        "was",
        "has",
        "been",
        "and",
        "also",
        "which",
        "in",
        "part",
        "partially",
        "partly",
        "by",
        "but",
        "now",
    ]
)
"""Words that may stand before a verb whose subject is the document."""
EMPTY = frozenset(
    {"", "n/a", "na", "none", "-", "\N{EN DASH}", "\N{EM DASH}", "no", "nothing", "tbd", "[]", "null", "~"}
)
LISTS = ("links", "related decisions", "related adrs", "related", "relationships", "references")


def relations(lines: Lines, found: Sequence[Heading], said: Sequence[Said]) -> list[Relation]:
    """Every relation that a document declares: in its fields, with its status, and in its lists of links."""
    kept: dict[tuple[Verb, str, int | None], Relation] = {}
    for each in _all(lines, found, said):
        known = kept.get((each.verb, each.target, each.number))
        if known is None or (each.partial and not known.partial):
            kept[each.verb, each.target, each.number] = each
    linked = {(each.verb, each.number) for each in kept.values() if each.target}
    return [each for each in kept.values() if each.target or (each.verb, each.number) not in linked]


def number_in(target: str, text: str = "") -> int | None:
    """The number of the decision that a link leads to, by its path or by its text."""
    path = target.partition("#")[0].partition("?")[0]
    if found := NUMBERED.search(path):
        return int(found[1])
    titled = re.match(r"\s*(?:adr|ad)?[-_ #]{0,2}0*(\d{1,6})(?![\w-])", text, re.IGNORECASE)
    return int(titled[1]) if titled and (not target or target.startswith("#")) else None


def targets(text: str, *, bare: bool = False) -> Iterator[tuple[str, int | None, str]]:
    """What a text names: link, number and words of each."""
    some = False
    for found in TARGET.finditer(text):
        some = True
        if found["number"]:
            yield "", int(found["number"]), found[0]
        else:
            link = (found["link"] or found["doc"] or "").strip("<>")
            yield link, number_in(link, found["text"] or ""), found["text"] or link
    if bare and not some:
        for found in BARE.finditer(text):
            yield "", int(found[1]), found[0]


def _all(lines: Lines, found: Sequence[Heading], said: Sequence[Said]) -> Iterator[Relation]:
    for each in said:
        if each.name in RELATED:
            yield from _named(each)
        elif each.name in STATUS:
            yield from _in_line(each.text, each.line)
    taken = {each.line for each in said}
    for begin, end, listed in _places(lines, found):
        verb: Verb | None = None
        for number, line in lines.between(begin, end):
            if line.strip() and number not in taken:
                heads = _heading_of_list(line)
                verb = heads or verb
                opens = line.lstrip()[0] in "-*+" or not lines.said[number - 2].strip() or number == begin
                declared = list(_in_line(line, number, first=True)) if opens else []
                yield from declared or (_item(line, number, verb) if listed and verb and not heads else ())


def _item(line: str, number: int, verb: Verb) -> Iterator[Relation]:
    """What an item of a list below a verb names first."""
    first = next(targets(line), None) if line.lstrip()[0] in "-*+" else None
    if first is not None:
        yield Relation(verb, first[0], first[1], first[2], number)


def _places(lines: Lines, found: Sequence[Heading]) -> Iterator[tuple[int, int, bool]]:
    """Where relations are declared: above the first section, with the status, in lists of related decisions."""
    if found:
        second = found[1].line if len(found) > 1 else len(lines) + 1
        if found[0].line > 1:
            yield 1, found[0].line, False
        if plain(found[0].text) not in (*STATUS, *LISTS):
            yield found[0].after, second, False
    for number, heading in enumerate(found):
        title = plain(heading.text)
        if title in STATUS or title in LISTS:
            level = heading.level
            later = (each.line for each in found[number + 1 :] if each.level <= level or title in STATUS)
            yield heading.after, next(later, len(lines) + 1), True


def _named(said: Said) -> Iterator[Relation]:
    """A field whose key is the verb."""
    if said.text.strip().casefold().strip("*_`. ") in EMPTY:
        return
    verb, partial = _verb(said.name)
    partial = partial or PART.search(said.text) is not None
    front = said.where is Where.FRONT
    some = False
    for link, number, text in targets(said.text, bare=True):
        some = True
        yield Relation(verb, link, number, text, said.line, partial)
    if front and not some:
        yield Relation(verb, said.text, None, said.text, said.line, partial)


def _verb(words: str) -> tuple[Verb, bool]:
    partial = PART.search(words) is not None
    found = VERB.search(PART.sub(" ", words).strip() if partial else words)
    if partial and "superseded" in words:
        return Verb.SUPERSEDED_BY, True
    return (WORDS[int((found.lastgroup or "v8")[1:])][1] if found else Verb.RELATES), partial


def _in_line(line: str, number: int, *, first: bool = False) -> Iterator[Relation]:
    """The relations of one line: each verb with what follows up to the next; only if it begins with one, where `first`."""
    if len(line) > LONGEST:
        return
    text = line if "](" in line or ">`_" in line else without_spans(line)
    verbs = list(_verbs(text))
    if first and verbs and not _is_said(text[: verbs[0][1]], whole=True):
        return
    for place, (found, start) in enumerate(verbs):
        begin = verbs[place - 1][0].end() if place else 0
        end = verbs[place + 1][1] if place + 1 < len(verbs) else len(text)
        about = text[start:end]
        partial = PART.search(text[begin:start]) is not None or PART.search(about) is not None
        verb = WORDS[int((found.lastgroup or "v0")[1:])][1]
        for link, no, words in targets(about):
            yield Relation(verb, link, no, words, number, partial)


def _verbs(text: str) -> Iterator[tuple[re.Match[str], int]]:
    """Each verb and where what it is about begins. One within a link is a verb only where the link begins with it."""
    links = [found.span() for found in LINK.finditer(text)]
    for found in VERB.finditer(text):
        around = next((begin for begin, end in links if begin < found.start() < end), None)
        start = found.start() if around is None else around
        inner = text[start + 1 : found.start()].strip(" *_") if around is not None else ""
        if not inner and _is_said(text[:start]):
            yield found, start


def _is_said(before: str, *, whole: bool = False) -> bool:
    """Whether what stands before a verb says nothing of another subject: a mark, or only words that lead to it."""
    clause = before if whole else re.split(r"[.;:,()|\u2013\u2014]", before[-LED:])[-1]
    words = re.findall(r"[A-Za-z0-9]+", clause)
    return all(word.casefold() in LEADING or word.endswith("ly") for word in words)


def _heading_of_list(line: str) -> Verb | None:
    """The verb of a bold line that the items below it share."""
    inner = line.strip()
    if inner.startswith(("**", "__")):
        key = name(re.split(r"\*\*|__", inner)[1])
        if VERB.match(key):
            return _verb(key)[0]
    return None
