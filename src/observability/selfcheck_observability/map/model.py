"""The map as values. All but `measured` is what people wrote; of fields that are left out there is nothing to say."""

from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from selfcheck.guardrail import RootPath, Text
from selfcheck.trees.globs import Globs

Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*(?!\n)$", description="a name without blanks")]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}(?!\n)$", description="a day, as 2026-11-21")]
Texts = tuple[Text, ...]

SOURCES = tuple(
    f"**/*.{end}"
    for end in (
        *("py", "js", "jsx", "mjs", "ts", "tsx", "vue", "svelte", "go", "rs", "java", "kt", "rb", "php", "cs"),
        *("c", "h", "cc", "cpp", "hpp", "swift", "scala", "ex", "exs"),
    )
)
"""What counts as source where the map does not say."""


class By(StrEnum):
    """What is one module where people named none: a folder with the files that stand directly in it, or each file."""

    FOLDER = "folder"
    FILE = "file"


class State(StrEnum):
    """Whether a step was taken."""

    PENDING = "pending"
    DONE = "done"


class Scope(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which files are sources, how they are imported, what is one module, and over how many commits changes are counted."""

    paths: Globs = SOURCES
    roots: Annotated[tuple[RootPath, ...], Meta(min_length=1)] = (".",)
    """Folders from which modules of Python are imported by their names."""
    by: By = By.FOLDER
    commits: Annotated[int, Meta(ge=1, le=100_000)] = 1_000


class Module(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A file or a folder, and what it is for."""

    purpose: Text
    business_goals: tuple[Name, ...] = ()
    resilience_dependencies: tuple[Name, ...] = ()
    architectural_concerns: Texts = ()
    audit_references: Texts = ()
    slo_impacts: Texts = ()
    status: Text | None = None
    evolution: Text | None = None

    @property
    def texts(self) -> Texts:
        """Everything that is said of it in words."""
        more = (self.status, self.evolution)
        return (self.purpose, *self.architectural_concerns, *(each for each in more if each is not None))


class Goal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the business wants, the modules that give it, and the paths that must not break: `POST /login`, or a file."""

    description: Text | None = None
    modules: tuple[RootPath, ...] = ()
    critical_paths: Texts = ()
    resilience_requirements: Texts = ()
    slo_targets: Texts = ()


class Dependency(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What modules lean on, how it fails, what is done about that, and the guardrails that watch it."""

    description: Text | None = None
    modules_dependent: tuple[RootPath, ...] = ()
    failure_modes: Texts = ()
    mitigations: Texts = ()
    guardrails: tuple[Name, ...] = ()


class Truth(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is not up for discussion, and what enforces it: guardrails, and files beside them."""

    description: Text
    validation: Text | tuple[Text, ...]
    rationale: Text | None = None

    @property
    def validations(self) -> Texts:
        """What enforces it, one or several."""
        return (self.validation,) if isinstance(self.validation, str) else self.validation


class Step(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A step on the way, and who speaks of it: issues, decisions."""

    what: Text
    state: State = State.PENDING
    weeks: Text | None = None
    refs: Texts = ()


class Evolution(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where the system is going."""

    immediate: tuple[Step, ...] = ()
    short_term: tuple[Step, ...] = ()
    long_term: tuple[Step, ...] = ()


class Measure(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was counted of one module. `commits` is how many of the last ones changed it."""

    files: int
    lines: int
    imports: tuple[str, ...] = ()
    imported_by: int = 0
    commits: int = 0
    owners: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()


class Measured(Struct, frozen=True, kw_only=True):
    """What `selfcheck map generate` counted. Each source is in one module: the closest one that people named, else its own."""

    commits: int = 0
    """How many of the last commits were looked at."""
    hotspots: tuple[str, ...] = ()
    """Modules by how often they change, times how large they are."""
    modules: dict[str, Measure] = {}


class Map(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The whole map."""

    schema: str | None = msgspec.field(name="$schema", default=None)
    version: Text
    last_updated: Day | None = None
    source: Text | None = None
    purpose: Text | None = None
    scope: Scope = Scope()
    modules: dict[RootPath, Module] = {}
    business_goals: dict[Name, Goal] = {}
    resilience_dependencies: dict[Name, Dependency] = {}
    architectural_truths: dict[Name, Truth] = {}
    evolution_path: Evolution = Evolution()
    measured: Measured | None = None


def linked(whole: Map) -> frozenset[str]:
    """The modules that serve a goal that is there, whichever of the two says so."""
    said = {
        path.rstrip("/") for path, each in whole.modules.items() if set(each.business_goals) & set(whole.business_goals)
    }
    return frozenset(said | {path.rstrip("/") for goal in whole.business_goals.values() for path in goal.modules})


def schema() -> dict[str, Any]:
    """The JSON Schema of the map."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A system's intelligence map",
        **msgspec.json.schema(Map),
    }
