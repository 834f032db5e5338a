"""What one document of a decision says, read from its bytes alone: values, without a verdict."""

from enum import StrEnum

from msgspec import Struct


class Form(StrEnum):
    """The template that a document follows, as far as its headings and fields tell."""

    NYGARD = "nygard"
    MADR_2 = "madr-2"
    MADR_3 = "madr-3"
    MADR_4 = "madr-4"
    PHASED = "phased"
    SCORED = "scored"
    STRUCTURED = "structured-madr"
    TYREE = "tyree-akerman"
    COSMOS = "cosmos"
    RATIONALE = "rationale"
    ARCHGATE = "archgate"
    FREE = "free"


class Where(StrEnum):
    """How a value is written."""

    FRONT = "front matter"
    LIST = "list"
    LINE = "line"
    TABLE = "table"
    SECTION = "section"


class Said(Struct, frozen=True):
    """A value that a document gives of itself: the plain name of its key, its text, its line, and how it is written.

    `text` is as it stands in the line, so that an edit can find it there.
    """

    name: str
    text: str
    line: int
    where: Where


class Section(Struct, frozen=True):
    """A heading and the lines below it, up to the next heading of its level or above; `end` is the line after the last."""

    title: str
    plain: str
    """The title without numbers, marks and capitals."""
    level: int
    line: int
    end: int
    filled: bool
    """Whether anything but headings, comments and text of a template stands in it."""


class Verb(StrEnum):
    """How one decision is related to another."""

    SUPERSEDES = "supersedes"
    SUPERSEDED_BY = "superseded by"
    AMENDS = "amends"
    AMENDED_BY = "amended by"
    RELATES = "relates to"
    ENABLES = "enables"
    DEPENDS = "depends on"


class Relation(Struct, frozen=True):
    """A declared relation: a number, or a path or address, or a name; `partial` says that only a part is meant."""

    verb: Verb
    target: str
    """What it leads to as a link, or empty."""
    number: int | None
    text: str
    line: int
    partial: bool = False


class Link(Struct, frozen=True):
    """A link, as it is written: its text and where it leads."""

    text: str
    target: str
    line: int


class Mention(Struct, frozen=True):
    """A path that is wired by `@`, and what stands behind it."""

    path: str
    line: int
    note: str


class Claim(Struct, frozen=True):
    """A row of a table of claims. `verified` is None where the row is still the template's."""

    text: str
    source: str
    verified: bool | None
    line: int


class Box(Struct, frozen=True):
    """An item of a task list; what a template says is left out."""

    text: str
    ticked: bool
    line: int


class Option(Struct, frozen=True):
    """An option that was considered; `missing` are the parts of it that the template asks for and that are not filled."""

    name: str
    line: int
    missing: tuple[str, ...] = ()


class Attested(Struct, frozen=True):
    """Who says that a level was reached, on which day, and at which commit."""

    level: int
    by: str
    day: str
    commit: str
    line: int


class Phases(Struct, frozen=True):
    """What only a document with levels of being done says. Names of fields are in small letters, as they stand in it."""

    filled: tuple[str, ...] = ()
    """The fields and sections of the template that hold a text of one's own."""
    sketch: bool = False
    reviewers: tuple[Box, ...] = ()
    unverified: tuple[Box, ...] = ()
    blocking: tuple[Box, ...] = ()
    levels: tuple[Said, ...] = ()
    attested: tuple[Attested, ...] = ()
    tests: tuple[Mention, ...] = ()
    """The paths in its strategy of testing."""


class Document(Struct, frozen=True, kw_only=True):
    """Everything that the bytes of a decision say. Lines count from 1."""

    form: Form
    title: str = ""
    title_line: int = 1
    label: str = ""
    """The number before the title, as it is written, such as `ADR-0012`."""
    number: int | None = None
    said: tuple[Said, ...] = ()
    sections: tuple[Section, ...] = ()
    relations: tuple[Relation, ...] = ()
    links: tuple[Link, ...] = ()
    anchors: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()
    options: tuple[Option, ...] = ()
    claims: tuple[Claim, ...] = ()
    placeholders: tuple[Said, ...] = ()
    kept_by: tuple[Said, ...] = ()
    """Names in code spans of the sections and fields that say how it is kept."""
    kept: tuple[Said, ...] = ()
    """The text of these sections and fields."""
    phases: Phases | None = None

    def every(self, *names: str) -> list[Said]:
        """What is said under these keys, in the order of lines."""
        return [each for each in self.said if each.name in names]
