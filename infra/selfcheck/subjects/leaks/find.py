"""The tokens in a file's bytes, as facts: sort, place and a class of length, nothing of the token itself."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from msgspec import Struct

from selfcheck.errors import Unreadable
from selfcheck.facts import Extractor
from selfcheck.patterns import Probe
from selfcheck.subjects.leaks.sorts import FILED, SORTS, Sort

LARGEST = 50_000_000
"""Bytes beyond which a text file is not looked through."""
PART = 500_000
"""How much of a text is looked through at a time: what begins no token in it is spared the rest."""
LONGEST = 20_000
"""How far a token may reach into the next part."""
SNIFFED = 8000
FEWEST = 7
"""How many different characters a token has at least: `AKIAXXXXXXXXXXXXXXXX` is none."""
MOST = 1000
"""How many leaks of one file are told."""

_made_up = re.compile(
    r"(?i)example|placeholder|xxxx|1234567890abcdef|abcdefghij|your[-_]|dummy|redacted|0123456789abcdef"
)


class Leak(Struct, frozen=True, array_like=True):
    """One token: its sort, where it stands, and how long it is, roughly."""

    sort: str
    line: int
    column: int
    length: str


def is_plausible(token: str) -> bool:
    """Whether a text of the right form can be a token at all: it is varied, and does not say that it is made up."""
    return len(set(token)) >= FEWEST and _made_up.search(token) is None


def found(content: bytes) -> tuple[Leak, ...]:
    """Every token of a text file.

    Raises:
        Unreadable: it is too large to be looked through.

    """
    return tuple(islice(_of(content, _by_form(), _probe()), MOST))


def filed(content: bytes, path: str) -> tuple[Leak, ...]:
    """The credentials of a file that is there to hold one."""
    sorts = [sort for pattern, sort in FILED if re.fullmatch(pattern, path)]
    forms = tuple((sort, re.compile(sort.form)) for sort in sorts)
    return tuple(islice(_of(content, forms, None), MOST)) if forms else ()


def is_filed(path: str) -> bool:
    """Whether a file is there to hold a credential."""
    return any(re.fullmatch(pattern, path) for pattern, _ in FILED)


def _of(content: bytes, forms: tuple[tuple[Sort, re.Pattern[str]], ...], probe: Probe | None) -> Iterator[Leak]:
    if b"\0" in content[:SNIFFED]:
        return
    if len(content) > LARGEST:
        raise Unreadable(f"is larger than {LARGEST // 1_000_000} MB, too large to be looked through")
    if probe is not None and not probe.found(content):
        return
    text = content.decode("utf-8", "replace")
    here = _Line(1, 0)
    for start in range(0, len(text), PART):
        end = start + PART
        if probe is None or probe.found(text[start : end + LONGEST].encode()):
            yield from _within(text, start, end, here, forms, is_filed=probe is None)
        here = here.at(text, start, min(end, len(text)))


class _Line(NamedTuple):
    """A line: its number, and where it begins."""

    number: int
    begin: int

    def at(self, text: str, before: int, place: int) -> "_Line":
        """The line of a place, if this is that of a place before it."""
        return _Line(
            self.number + text.count("\n", before, place), max(self.begin, text.rfind("\n", before, place) + 1)
        )


def _within(
    text: str, start: int, end: int, first: _Line, forms: tuple[tuple[Sort, re.Pattern[str]], ...], *, is_filed: bool
) -> Iterator[Leak]:
    """The tokens that begin in one part of a text."""
    for sort, form in forms:
        line, before = first, start
        for match in form.finditer(text, start, end + LONGEST):
            token, at = match[0], match.start()
            if at < end and (is_filed or is_plausible(token)) and sort.proof(token):
                line, before = line.at(text, before, at), at
                yield Leak(sort.id, line.number, at - line.begin + 1, _length(token))


@cache
def _by_form() -> tuple[tuple[Sort, re.Pattern[str]], ...]:
    return tuple((sort, re.compile(sort.form)) for sort in SORTS)


@cache
def _probe() -> Probe:
    """What begins every token: one look in linear time that spares all others."""
    return Probe(
        rb"gh[pousr]_|github_pat_|gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat)-|A[KS]IA[A-Z2-7]{16}|xox[abposre]-|xapp-|hooks\.slack\.com"
        rb"|k_live_|npm_|pypi-AgEI|SG\.|T3BlbkFJ|sk-ant-|do[opr]_v1_|hf_|shp(?:at|ca|pa|ss)_|:AA[A-Za-z0-9_-]{33}|hv[sb]\.|dckr_pat_"
        rb"|dapi[a-f0-9]{32}|glsa_|AGE-SECRET-KEY|AccountKey=|eyJ[A-Za-z0-9_-]{10,200}\.eyJ|PRIVATE KEY|PuTTY-User-Key"
    )


def _length(token: str) -> str:
    return (
        "under 32 characters"
        if len(token) < 32
        else "32 to 127 characters"
        if len(token) < 128
        else "128 characters or more"
    )


LEAKS: Extractor[Any] = Extractor("leaks", 2, tuple[Leak, ...], found)
"""The tokens of a file, as a fact."""
