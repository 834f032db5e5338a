"""A setting as a file has it, without any text that may be a secret; and what a file says of settings altogether."""

from enum import StrEnum

from msgspec import Struct

from selfcheck.subjects.settings.names import Consequence
from selfcheck.subjects.settings.values import Value


class Form(StrEnum):
    """How a setting gets its default."""

    READ = "read"
    """A variable of the environment, read by code."""
    FIELD = "field"
    """A field of a class of settings."""
    CONSTANT = "constant"
    """Assigned in code, whatever the environment holds."""
    ARGUMENT = "argument"
    """Handed to a call."""
    PARAMETER = "parameter"
    """The default of a function's parameter."""
    ENTRY = "entry"
    """A value in a file that is no code."""
    FALLBACK = "fallback"
    """What such a file says for a variable that is not set: `${X:-value}`."""


class Layer(StrEnum):
    """Where a setting stands; a later layer wins over an earlier one."""

    CODE = "code"
    CONFIGURATION = "configuration file"
    IMAGE = "image"
    EXAMPLE = "example"
    ENVIRONMENT = "environment file"
    CHART = "chart"
    COMPOSE = "compose file"
    CLUSTER = "cluster manifest"
    INFRASTRUCTURE = "infrastructure"
    WORKFLOW = "workflow"


class Setting(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One place where a setting has its name and its default."""

    name: str
    line: int
    form: Form
    value: Value
    variable: str = ""
    """The variable of the environment that sets it, if one does."""
    about: Consequence | None = None
    scope: str = ""
    """The class, function or section that it stands in."""
    development: bool = False
    """Whether it holds in development only, by what stands around it."""
    keyed: bool = False
    """Whether its text only repeats its name."""


class Switch(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A setting that opens or closes something: what it is called everywhere, and how it stands by default."""

    id: str
    line: int
    state: str
    """`on`, `off`, a number or list in short, or `unknown`."""
    variable: str = ""
    development: bool = False


class Needed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A variable that a file passes on or asks for: `${X}`, `${X:?}`."""

    variable: str
    line: int
    required: bool = False


class Contents(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one file says of settings."""

    settings: tuple[Setting, ...] = ()
    switches: tuple[Switch, ...] = ()
    needed: tuple[Needed, ...] = ()
    watched: tuple[str, ...] = ()
    """The names on which conditions depend that refuse, warn or replace."""
    stars: tuple[str, ...] = ()
    """The modules of which everything is imported."""
    env_files: tuple[str, ...] = ()
    django: bool = False
    """Whether it is a module of Django's settings."""
    skipped: str = ""
    """Why it was not looked into, where it was not."""
