"""One promise about a repository, as it is written in YAML: the types that msgspec converts to and the schema is made from."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from msgspec import Meta, Struct

Id = Annotated[
    str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*(?!\n)$", description="kebab-case", examples=["no-import-cycles"])
]
Text = Annotated[str, Meta(pattern=r"\S", description="a text that is not empty")]
RootPath = Annotated[
    str,
    Meta(
        pattern=r"^(?!/)(?!(?:[\s\S]*/)?\.\.(?:/|$))[^\x00\\]+$",
        description="a path from the root, with forward slashes",
        examples=["src/app.py"],
    ),
]


EXCEPTIONS = "exceptions"
LOOSENED = "rulebook-loosened"
BUILT_IN = (EXCEPTIONS, LOOSENED)
"""The ids of the guardrails that no rulebook writes."""


class Severity(StrEnum):
    """How much a broken promise costs; the order of the members is their rank."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    def at_least(self, other: "Severity") -> bool:
        """Whether this one is as grave as `other` or graver."""
        ranks = list(Severity)
        return ranks.index(self) <= ranks.index(other)


class Enforce(StrEnum):
    """Whether a broken promise stops the gate."""

    BLOCK = "block"
    WARN = "warn"


class Waiver(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An accepted finding: its exact key, or a glob with the `count` of findings it covers; `until` is inclusive."""

    match: Text
    reason: Text
    owner: Text
    until: date
    count: Annotated[int, Meta(ge=1)] | None = None


class Pending(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A promise that is not kept yet: reported, and gating after the day `until`."""

    until: date
    reason: Text


class Enabled(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Switches a guardrail off, with the reason."""

    value: bool
    reason: Text


class WriteEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """A file and a text: the whole content to write, or what to append."""

    path: RootPath
    text: str


class ReplaceEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """Every occurrence of a text in a file, and what stands there instead."""

    path: RootPath
    old: Text
    new: str


class CanaryEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One edit that must turn the guardrail red; `expect` is the key of the finding, any new one where left out."""

    write: WriteEntry | None = None
    append: WriteEntry | None = None
    replace: ReplaceEntry | None = None
    delete: RootPath | None = None
    patch: RootPath | None = None
    expect: Text | None = None


class Promise(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One promise about the repository, and how it is examined."""

    id: Id
    title: Text
    why: Text
    severity: Severity
    check: Mapping[str, Any]
    enforce: Enforce | None = None
    refs: tuple[Text, ...] = ()
    owner: Text | None = None
    tags: tuple[Text, ...] = ()
    timeout: Annotated[float, Meta(gt=0, le=86400, description="seconds")] = 30.0
    allow_empty: bool = False
    pending: Pending | None = None
    waivers: tuple[Waiver, ...] = ()
    waivable: bool = True
    canaries: tuple[CanaryEntry, ...] = ()
    enabled: Enabled | None = None


class Place(Struct, frozen=True):
    """A place in a rulebook: a file as the user knows it (or `pack:NAME`), a line counting from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Guardrail(Promise, frozen=True, kw_only=True):
    """A promise that stands in a rulebook."""

    place: Place
    waiver_places: tuple[Place, ...] = ()
    """Where each waiver stands."""
    places: Mapping[str, Place] = {}
    """Where its values stand, by the keys and numbers that lead there, such as `check.paths.0`."""

    @property
    def use(self) -> str:
        """The id of the check."""
        return str(self.check["use"])

    @property
    def options(self) -> dict[str, Any]:
        """The options of the check, as written."""
        return {key: value for key, value in self.check.items() if key != "use"}

    def at(self, *path: str | int) -> Place:
        """Where the value that a path leads to stands, or the closest one around it."""
        for length in range(len(path), 0, -1):
            if (place := self.places.get(".".join(map(str, path[:length])))) is not None:
                return place
        return self.place

    @property
    def switched_off(self) -> str | None:
        """Why it is not judged, if it is not."""
        return self.enabled.reason if self.enabled and not self.enabled.value else None
