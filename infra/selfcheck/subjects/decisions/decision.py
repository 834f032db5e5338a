"""A decision in its place: its document, and what its path and the words of its house make of that."""

import posixpath
import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property

from selfcheck.subjects.decisions.fields import DATED, DECIDERS, REVIEW, STATUS
from selfcheck.subjects.decisions.model import Document, Relation, Said, Verb
from selfcheck.subjects.decisions.names import Name
from selfcheck.subjects.decisions.status import IN_FORCE, LINK, PENDING, RETIRED, Reading, Status, reading

ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
WRITTEN = re.compile(
    r"(?<!\d)(?:(?P<d>\d{1,2})\.? (?P<m>[A-Za-z]{3,9})\.?,? |(?P<m2>[A-Za-z]{3,9})\.? (?P<d2>\d{1,2}),? )(?P<y>\d{4})(?!\d)"
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Decision:
    """One decision. It is told by its path; its number may stand in the name, in the title, or nowhere."""

    def __init__(self, path: str, folder: str, name: Name, document: Document, aliases: Mapping[str, Status]) -> None:
        self.path = path
        self.folder = folder
        self.name = name
        self.document = document
        self._aliases = aliases

    def __repr__(self) -> str:
        return f"Decision({self.path!r})"

    @property
    def number(self) -> int | None:
        """The number of the file, else that of the title."""
        if self.name.number is not None:
            return self.name.number
        return None if self.name.day else self.document.number

    @property
    def id(self) -> str:
        """What people call it: by its number, or by the name of its file."""
        if self.number is None:
            return self.name.stem
        digits = self.name.digits or str(self.number)
        prefix = self.name.prefix.upper() if self.name.prefix.isalpha() else ""
        return f"{prefix or 'ADR'}-{digits}"

    @property
    def title(self) -> str:
        """Its title, or what its name says."""
        return self.document.title or self.name.slug.replace("-", " ") or self.name.stem

    @cached_property
    def readings(self) -> tuple[tuple[Said, Reading], ...]:
        """Every place where it says its status, and what is read there."""
        return tuple((each, reading(each.text, self._aliases)) for each in self.document.every(*STATUS))

    @cached_property
    def status(self) -> Status | None:
        """The status, of the first place that says one; superseded in part where only parts of it were."""
        status = next((read.status for _, read in self.readings if read.status is not None), None)
        by = [each for each in self.document.relations if each.verb is Verb.SUPERSEDED_BY]
        if status is Status.ACCEPTED and by and all(each.partial for each in by):
            return Status.PARTLY
        return status

    @property
    def says_status(self) -> bool:
        """Whether it records a status at all, known or not."""
        return bool(self.readings)

    @property
    def in_force(self) -> bool:
        """Whether it is decided and holds, at least in part."""
        return self.status in IN_FORCE

    @property
    def pending(self) -> bool:
        """Whether it is not decided yet."""
        return self.status in PENDING

    @property
    def retired(self) -> bool:
        """Whether it holds no longer, or never did."""
        return self.status in RETIRED

    @cached_property
    def dates(self) -> tuple[tuple[Said, date | None], ...]:
        """Every date that it gives as its own; none where the text is no day of the calendar."""
        return tuple((each, day_in(each.text)) for each in self.document.every(*DATED))

    @property
    def day(self) -> date | None:
        """The day of the decision: by its field, by the name of its file, or beside its status."""
        own = next((day for _, day in self.dates if day is not None), None)
        if own is None and self.name.day:
            return date.fromisoformat(self.name.day)
        texts = (LINK.sub(r"\1", said.text) for said, _ in self.readings)
        return own or next((day for text in texts if (day := day_in(text)) is not None), None)

    @property
    def review_by(self) -> tuple[Said, date] | None:
        """The day by which it is to be looked at again."""
        for each in self.document.every(*REVIEW):
            if (day := day_in(each.text)) is not None:
                return each, day
        return None

    @property
    def deciders(self) -> tuple[str, ...]:
        """Who decided."""
        texts = [each.text for each in self.document.every(*DECIDERS)]
        return tuple(name.strip(" *`[]") for text in texts for name in re.split(r"[,;]", text) if name.strip(" *`[]"))

    def related(self, *verbs: Verb) -> list[Relation]:
        """The relations of these kinds that it declares."""
        return [each for each in self.document.relations if each.verb in verbs]

    def leads_to(self, target: str) -> str:
        """The path that a link of this document means, from the root; it may leave the root."""
        path = target.partition("#")[0].partition("?")[0]
        if path.startswith("/"):
            return posixpath.normpath(path.lstrip("/"))
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.path), path))


def day_in(text: str) -> date | None:
    """The first day of the calendar in a text."""
    for found in ISO.finditer(text[:300]):
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            continue
    for found in WRITTEN.finditer(text[:300]):
        month = (found["m"] or found["m2"])[:3].casefold()
        if month in MONTHS:
            try:
                return date(int(found["y"]), MONTHS.index(month) + 1, int(found["d"] or found["d2"]))
            except ValueError:
                continue
    return None


def by_number(decisions: Iterable[Decision]) -> dict[int, list[Decision]]:
    """Decisions by their numbers."""
    found: dict[int, list[Decision]] = {}
    for each in decisions:
        if each.number is not None:
            found.setdefault(each.number, []).append(each)
    return found
