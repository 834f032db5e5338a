"""Links, anchors and `@`-mentions of a document."""

import re
from collections.abc import Iterator, Sequence

from selfcheck.subjects.decisions.headings import Heading, slug
from selfcheck.subjects.decisions.lines import Lines, without_spans
from selfcheck.subjects.decisions.model import Link, Mention

INLINE = re.compile(
    r"!?\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\])*)\]\([ \t]*(?P<link><[^<>]*>|[^\s()<>]*(?:\([^\s()]*\)[^\s()]*)*)(?P<rest>[^()]*)\)"
)
SPACED = re.compile(r"[ \t]+(?:\"[^\"]*\"|'[^']*')?[ \t]*")
DEFINITION = re.compile(r" {0,3}\[(?P<label>[^\[\]]+)\]:[ \t]*(?P<link><[^<>]*>|\S+)")
RESTRUCTURED = re.compile(r"`(?P<text>[^`<>]*)<(?P<link>[^<>`]+)>`__?|^\.\. _(?P<label>[^:`]+): (?P<target>\S+)")
ANCHOR = re.compile(r"<[a-zA-Z]+[ \t][^<>]*\b(?:id|name)=[\"']([^\"'<>]+)[\"']")
CUSTOM = re.compile(r"\{#([\w:.-]+)\}[ \t]*$")
MENTION = re.compile(
    r"(?<![\w@/`(])@(?P<path>(?:\$\w+/)?\.{0,2}/?[\w.+-]+(?:/[\w.+-]+)+)(?:[ \t]+[-\u2013\u2014][ \t]+(?P<note>.*))?"
)


def links(lines: Lines, *, restructured: bool = False) -> list[Link]:
    """Every link of a document, in the order of lines; what stands in code is none."""
    found: list[Link] = []
    for number, line in enumerate(lines.said, start=1):
        if "](" in line or "]:" in line or (restructured and ("`" in line or ".. _" in line)):
            found += _in_line(line, number, restructured=restructured)
    return found


def anchors(lines: Lines, found: Sequence[Heading]) -> list[str]:
    """What a link into the document may end in: its headings as GitHub makes anchors of them, and its own."""
    counts: dict[str, int] = {}
    named: list[str] = []
    for heading in found:
        own = CUSTOM.search(heading.text)
        name = own[1] if own else slug(heading.text)
        number = counts.get(name, 0)
        counts[name] = number + 1
        named.append(f"{name}-{number}" if number else name)
    for line in lines.said:
        if "id=" in line or "name=" in line:
            named += ANCHOR.findall(line)
    return named


def mentions(lines: Lines) -> list[Mention]:
    """Every path that is wired by `@`."""
    found: list[Mention] = []
    for number, line in enumerate(lines.said, start=1):
        if "@" in line:
            wired = MENTION.finditer(without_spans(line))
            found += [Mention(each["path"].rstrip("."), number, (each["note"] or "").strip()) for each in wired]
    return found


def _in_line(line: str, number: int, *, restructured: bool) -> Iterator[Link]:
    text = without_spans(line) if not restructured else line
    if restructured:
        for each in RESTRUCTURED.finditer(text):
            yield Link((each["text"] or each["label"] or "").strip(), each["link"] or each["target"], number)
        return
    if defined := DEFINITION.match(text):
        if not defined["label"].startswith("^"):
            yield Link(defined["label"], defined["link"].strip("<>"), number)
        return
    for each in INLINE.finditer(text):
        rest = each["rest"]
        if rest and not SPACED.fullmatch(rest):
            # A blank in the target: no link for CommonMark, and one to a person and to many renderers.
            yield Link(each["text"], (each["link"] + rest).partition(' "')[0].strip(), number)
        else:
            yield Link(each["text"], each["link"].strip("<>"), number)
