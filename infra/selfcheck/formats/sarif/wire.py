"""The part of SARIF 2.1.0 that is written, as types; what is None is left out."""

from typing import Any, Literal

from msgspec import Struct, field

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"

Level = Literal["error", "warning", "note"]


class Wire(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """What all objects have in common."""


class Message(Wire, frozen=True, kw_only=True):
    """A text, and the same in Markdown."""

    text: str
    markdown: str | None = None


class ArtifactLocation(Wire, frozen=True, kw_only=True):
    """A file: percent-encoded, from the repository's top."""

    uri: str
    uri_base_id: str


class Region(Wire, frozen=True, kw_only=True):
    """A line, and perhaps a column."""

    start_line: int
    start_column: int | None = None


class PhysicalLocation(Wire, frozen=True, kw_only=True):
    """A place in a file."""

    artifact_location: ArtifactLocation
    region: Region | None = None


class Place(Wire, frozen=True, kw_only=True):
    """A `location`; one that a message links to has an id and says what it is."""

    id: int | None = None
    physical_location: PhysicalLocation
    message: Message | None = None


class Suppression(Wire, frozen=True, kw_only=True):
    """An exception that accepts a result."""

    kind: Literal["inSource", "external"]
    status: Literal["accepted"] | None = None
    justification: str | None = None
    location: Place | None = None
    properties: dict[str, Any] | None = None


class Result(Wire, frozen=True, kw_only=True):
    """A finding."""

    rule_id: str
    rule_index: int
    level: Level
    message: Message
    locations: list[Place]
    related_locations: list[Place] | None = None
    partial_fingerprints: dict[str, str]
    baseline_state: Literal["new", "updated", "unchanged", "absent"] | None = None
    suppressions: list[Suppression] | None = None
    properties: dict[str, Any]


class RuleReference(Wire, frozen=True, kw_only=True):
    """The rule that a notification is about."""

    id: str
    index: int


class Notification(Wire, frozen=True, kw_only=True):
    """What is no result: what could not be judged, what was skipped, what was left out."""

    level: Level
    message: Message
    associated_rule: RuleReference | None = None
    locations: list[Place] | None = None


class Invocation(Wire, frozen=True, kw_only=True):
    """The run of the program."""

    execution_successful: bool
    exit_code: int
    exit_signal_number: int | None = None
    start_time_utc: str
    end_time_utc: str
    tool_execution_notifications: list[Notification]


class Configuration(Wire, frozen=True, kw_only=True):
    """How a rule reports where nothing else is said."""

    enabled: bool
    level: Level


class Rule(Wire, frozen=True, kw_only=True):
    """A guardrail: a `reportingDescriptor`."""

    id: str
    short_description: Message
    full_description: Message
    help: Message
    help_uri: str | None = None
    default_configuration: Configuration
    properties: dict[str, Any]


class Driver(Wire, frozen=True, kw_only=True):
    """This program, and all its rules."""

    name: str
    version: str
    rules: list[Rule]


class Tool(Wire, frozen=True, kw_only=True):
    """What judged."""

    driver: Driver


class Automation(Wire, frozen=True, kw_only=True):
    """What belongs together: the text before the last slash is GitHub's category."""

    id: str


class BaseId(Wire, frozen=True, kw_only=True):
    """What URIs are relative to; where that lies, the reader knows."""

    description: Message


class SarifRun(Wire, frozen=True, kw_only=True):
    """One run."""

    tool: Tool
    automation_details: Automation
    invocations: list[Invocation]
    original_uri_base_ids: dict[str, BaseId]
    column_kind: Literal["unicodeCodePoints"] | None = None
    results: list[Result]
    properties: dict[str, Any]


class Log(Wire, frozen=True, kw_only=True):
    """The whole document."""

    schema: str = field(name="$schema")
    version: Literal["2.1.0"]
    runs: list[SarifRun]
