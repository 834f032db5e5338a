"""A decision out of the bytes of one document, as a fact."""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from selfcheck.errors import Unreadable
from selfcheck.facts import Extractor
from selfcheck.subjects.decisions.fields import ENFORCED, IDS, fields
from selfcheck.subjects.decisions.forms import form_of
from selfcheck.subjects.decisions.front import front_matter
from selfcheck.subjects.decisions.headings import TAGS, Heading, headings, plain
from selfcheck.subjects.decisions.lines import Lines, text_of
from selfcheck.subjects.decisions.links import anchors, links, mentions
from selfcheck.subjects.decisions.model import Document, Form, Said, Section, Where
from selfcheck.subjects.decisions.phases import claims, options, phases
from selfcheck.subjects.decisions.placeholders import placeholders
from selfcheck.subjects.decisions.relations import relations

LABEL = re.compile(
    r"\[?(?P<label>(?:(?:[A-Za-z]{2,12}|(?i:decision record))[-_ #]?)?\d{1,6})\]?"
    r"(?:[ \t]*[:.)\]\u2013\u2014-]+[ \t]+(?P<title>\S.*)|[ \t]*[:.)]?[ \t]*$)"
)
PREFIXED = re.compile(r"(?P<label>(?:ADR|AD)[-_ #]?\d{1,6})[ \t]+(?P<title>\S.*)", re.IGNORECASE)
DIGITS = re.compile(r"\d{1,6}(?!.*\d)")
OWN_ID = re.compile(r"[A-Za-z_ #-]{0,20}\d{1,6}")
CONSTANT = "architecture decision record"
KEPT = re.compile(r"\b(?:guardrails?|enforce\w*|confirmation|compliance|validation|fitness functions?)\b")
SPAN = re.compile(r"(?<!`)`([^`\n]{1,100})`(?!`)")
MADE = re.compile(r"[ \t]*</?(?:details|summary|br|hr|p|div|a)\b[^>]*>.*|[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*")


def markdown(content: bytes) -> Document:
    """A decision written in Markdown."""
    return _document(content, restructured=False)


def restructured(content: bytes) -> Document:
    """A decision written in reStructuredText."""
    return _document(content, restructured=True)


MARKDOWN = Extractor("decision in Markdown", 1, Document, markdown)
RESTRUCTURED = Extractor("decision in reStructuredText", 1, Document, restructured)


def _document(content: bytes, *, restructured: bool) -> Document:
    try:
        lines = Lines(text_of(content))
    except RecursionError as error:  # pragma: no cover
        raise Unreadable("is nested too deeply") from error
    front = front_matter(lines)
    found = headings(lines, restructured=restructured)
    said = [*front, *fields(lines, found)]
    titles = frozenset(plain(each.text) for each in found)
    form = form_of(said, titles)
    left = placeholders(lines, found)
    sections = _sections(lines, found, {each.line for each in left})
    label, title, line = _title(lines, found, said, form)
    number = DIGITS.search(label)
    return Document(
        form=form,
        title=title,
        title_line=line,
        label=label,
        number=int(number[0]) if number else None,
        said=tuple(sorted(said, key=lambda each: each.line)),
        sections=tuple(sections),
        relations=tuple(relations(lines, found, said)),
        links=tuple(links(lines, restructured=restructured)),
        anchors=tuple(anchors(lines, found)),
        mentions=tuple(mentions(lines)),
        options=tuple(options(lines, found)),
        claims=tuple(claims(lines)),
        placeholders=tuple(left),
        kept_by=tuple(_kept_by(lines, sections, said)),
        kept=tuple(_kept(lines, sections, said)),
        phases=phases(lines, found, sections) if "definition of done" in titles or form is Form.PHASED else None,
    )


def _sections(lines: Lines, found: Sequence[Heading], left: set[int]) -> list[Section]:
    own = {number for heading in found for number in range(heading.line, heading.after)} | left
    for fence in lines.fences:
        own.discard(fence.line)
    coded = {fence.line for fence in lines.fences if any(each.strip() for each in fence.body)}
    text = [
        number in coded or (bool(line.strip()) and number not in own and not MADE.fullmatch(line))
        for number, line in enumerate(lines.said, start=1)
    ]
    before = [0, *accumulate(text)]
    sections: list[Section] = []
    for number, heading in enumerate(found):
        end = next((each.line for each in found[number + 1 :] if each.level <= heading.level), len(lines) + 1)
        filled = before[end - 1] > before[min(heading.after, end) - 1]
        sections.append(Section(heading.text, plain(heading.text), heading.level, heading.line, end, filled))
    return sections


def _title(lines: Lines, found: Sequence[Heading], said: Sequence[Said], form: Form) -> tuple[str, str, int]:
    """The number before the title, the title, and its line."""
    label = next((each.text for each in said if each.name in IDS and OWN_ID.fullmatch(each.text)), "")
    first = next((each for each in found if each.level == 1), None) or (found[0] if found else None)
    if form is Form.PHASED and first is not None and plain(first.text).startswith(CONSTANT):
        title, line = _below(lines, found, "title")
        return label, title, line
    named = next((each for each in said if each.name == "title" and each.where is Where.FRONT), None)
    if named is not None and (first is None or first.level > 1):
        text, line = named.text, named.line
    elif first is not None:
        text, line = TAGS.sub("", first.text.replace("*", "").replace("`", "")).strip(), first.line
    else:
        return label, "", 1
    before, title = _split(text, label)
    return before, title, line


def _below(lines: Lines, found: Sequence[Heading], title: str) -> tuple[str, int]:
    """The first text below a heading, and its line."""
    for number, heading in enumerate(found):
        if plain(heading.text) == title:
            end = found[number + 1].line if number + 1 < len(found) else len(lines) + 1
            return next(
                ((text.strip(), n) for n, text in lines.between(heading.after, end) if text.strip()), ("", heading.line)
            )
    return "", found[0].line


def _split(text: str, label: str) -> tuple[str, str]:
    """The number before a title, else that of the field, and the title."""
    if found := LABEL.match(text) or PREFIXED.match(text):
        before = text[: found.end("label")]
        if not re.match(r"\d{4}-\d\d-\d\d", text):
            return before.strip("[ "), (found["title"] or "").strip()
    return label, text


def _kept_by(lines: Lines, sections: Sequence[Section], said: Sequence[Said]) -> Iterator[Said]:
    """Names of what keeps a decision: in code spans of sections about that, each value of a field."""
    for each in said:
        if each.name in ENFORCED:
            for word in re.findall(r"[A-Za-z0-9][\w.-]*", each.text):
                yield Said("field", word, each.line, each.where)
    for section in _about_keeping(sections):
        kind = "guardrail" if "guardrail" in section.plain else "section"
        for number, line in lines.between(section.line + 1, section.end):
            for span in SPAN.findall(line):
                yield Said(kind, span.strip(), number, Where.SECTION)


def _kept(lines: Lines, sections: Sequence[Section], said: Sequence[Said]) -> Iterator[Said]:
    """How a decision says that it is kept: the value of a field, the first words of a section."""
    yield from (each for each in said if each.name in ENFORCED)
    for section in _about_keeping(sections):
        text = " ".join(line.strip() for _, line in lines.between(section.line + 1, section.end) if line.strip())
        if text:
            yield Said(section.plain, text[:400], section.line, Where.SECTION)


def _about_keeping(sections: Sequence[Section]) -> list[Section]:
    return [each for each in sections if KEPT.search(each.plain) and each.filled]
