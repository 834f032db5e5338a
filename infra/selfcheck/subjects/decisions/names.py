"""What the name of a file tells of a decision: its number, its day, whether it is one at all."""

import re
from datetime import date

from msgspec import Struct

SUFFIXES = (".md", ".markdown", ".mdx", ".rst")
DAY = re.compile(r"(?P<year>\d{4})[-_]?(?P<month>\d\d)[-_]?(?P<day>\d\d)(?=[-_. ]|$)")
NUMBER = re.compile(
    r"(?P<prefix>[A-Za-z][A-Za-z ]{0,14}?)?(?P<joint>[-_ .#]*)(?P<number>\d{1,6})(?=[-_. :]|$)(?P<rest>.*)"
)
RESERVED = re.compile(
    r"(?:readme|index|template|backlog|toc|summary|contributing|changelog|glossary|agents|claude|license|_.*|\..*)"
    r"|.*template.*|adrs?|decisions?",
    re.IGNORECASE,
)
LISTS = re.compile(r"(?:readme|index|toc|summary|_index|adrs?|decisions)", re.IGNORECASE)


class Name(Struct, frozen=True):
    """The name of a file without its suffix, taken apart."""

    stem: str
    number: int | None = None
    digits: str = ""
    """The number as it is written."""
    prefix: str = ""
    day: str = ""
    slug: str = ""


def named(stem: str) -> Name:
    """What a name tells."""
    if (found := DAY.match(stem)) and (day := _day(found)):
        return Name(stem, day=day, slug=stem[found.end() :].lstrip("-_. "))
    if (found := NUMBER.match(stem)) and not (found["prefix"] and not found["joint"] and len(found["prefix"]) > 4):
        prefix = (found["prefix"] or "").strip()
        slug = found["rest"].lstrip("-_. :")
        if not DAY.match(found["number"] + found["rest"]) or not prefix:
            return Name(stem, int(found["number"]), found["number"], prefix, slug=slug)
    return Name(stem, slug=stem)


def is_reserved(stem: str) -> bool:
    """Whether a file of this name is no decision wherever it stands."""
    name = named(stem)
    return not name.number and not name.day and RESERVED.fullmatch(stem) is not None


def may_be_list(stem: str) -> bool:
    """Whether a file of this name may be the index of a folder."""
    return LISTS.fullmatch(stem) is not None


def parts(path: str) -> tuple[str, str, str]:
    """The folder, the stem and the suffix of a path."""
    folder, _, name = path.rpartition("/")
    stem, dot, suffix = name.rpartition(".")
    return (folder, stem, f".{suffix.lower()}") if dot and stem else (folder, name, "")


def _day(found: re.Match[str]) -> str:
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"])).isoformat()
    except ValueError:
        return ""
