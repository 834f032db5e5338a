"""Text of a template that nobody has replaced."""

import re
from collections.abc import Iterator, Sequence

from selfcheck.subjects.decisions.headings import Heading
from selfcheck.subjects.decisions.lines import Lines
from selfcheck.subjects.decisions.model import Said, Where

BRACKETS = re.compile(r"\[(?![ xX]\])[^\[\]]{2,}\][.:,]?|\{[^{}]{2,}\}[.:,]?")
"""MADR 2 and the phased template write `[…]`, MADR 3 and 4 `{…}`."""
KEYED = re.compile(r"(?:\*\*[^*\n]{1,60}\*\*[^:\n]{0,40}?:?|[A-Z][\w /-]{1,30}:)[ \t]+")
BARE = re.compile(r"yyyy-mm-dd|(?:superseded by )?adr-(?:x{2,4}|n{3,4}|0x{2,3})|\[?n+\]?\. ?title", re.IGNORECASE)
DATE = re.compile(r"YYYY-MM-DD")
# https://github.com/npryce/adr-tools/blob/master/src/template.md, and the one before it.
SENTENCES = frozenset(
    (
        "the issue motivating this decision, and any context that influences or constrains the decision.",
        "the change that we're proposing or have agreed to implement.",
        "what becomes easier or more difficult to do and any risks introduced by the change that will need to be mitigated.",
        "what is the issue that we're seeing that is motivating this decision or change?",
        "what is the change that we're proposing and/or doing?",
        "what is the change that we're actually proposing or doing?",
        "what becomes easier or more difficult to do because of this change?",
    )
)


def is_placeholder(text: str) -> bool:
    """Whether a text is as a template has it: in brackets as a whole, or one of its sentences."""
    inner = text.strip().strip("`*_ ")
    if not inner:
        return False
    whole = BRACKETS.fullmatch(inner) is not None and not (inner[0] == "[" and inner[1] == "^")
    return whole or BARE.fullmatch(inner) is not None or inner.casefold() in SENTENCES


def placeholders(lines: Lines, found: Sequence[Heading]) -> list[Said]:
    """Every line that only repeats a template."""
    titles = {heading.line: heading for heading in found}
    defined = {match[1].casefold() for line in lines.said if (match := re.match(r" {0,3}\[([^\[\]]+)\]:", line))}
    left: list[Said] = []
    for number, line in enumerate(lines.said, start=1):
        if not line or not ("[" in line or "{" in line or "YYYY" in line or line.strip().casefold() in SENTENCES):
            continue
        text = titles[number].text if number in titles else line
        for part in _parts(text):
            if _is_left(part) and part.strip("[]*_`. :").casefold() not in defined:
                left.append(Said("placeholder", part.strip(), number, Where.LINE))
                break
    return left


def _is_left(text: str) -> bool:
    """Whether it is a placeholder beyond doubt: of a single word, a bracket may hold a key or a name of its own."""
    inner = text.strip().strip("*_ ")
    if inner.startswith("`"):
        return False  # it is shown, not left
    return is_placeholder(text) and (inner[:1] not in "[{" or (inner[1:2].isalpha() and " " in inner))


def _parts(line: str) -> Iterator[str]:
    """What of a line may be a placeholder as a whole: the text of an item, the value of a key, a cell of a table."""
    text = re.sub(r"^[ \t]*(?:(?:[-*+]|\d{1,3}[.)])[ \t]+)?(?:\[[ xX]\][ \t]+)?", "", line)
    if text.startswith("|"):
        yield from (cell for cell in text.strip().strip("|").split("|"))
    else:
        yield text
        if found := KEYED.match(text):
            yield text[found.end() :]
