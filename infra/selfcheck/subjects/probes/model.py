"""Who asks an application how it is: probes as deployments write them, and what they start."""

from enum import StrEnum

from msgspec import Struct

from selfcheck.model import Unread


class Asks(StrEnum):
    """What becomes of a no: restarted, taken out of service, or not started yet; `health` is any of these."""

    HEALTH = "health"
    LIVENESS = "liveness"
    READINESS = "readiness"
    STARTUP = "startup"


class Probe(Struct, frozen=True, kw_only=True):
    """One probe. The path is None where the probe asks no URL, or one that is put together elsewhere."""

    asks: Asks
    line: int
    path: str | None = None
    port: str | None = None
    """A number, or the name of a port."""
    tool: str | None = None
    """The program that it runs, if it runs one."""
    templated: bool = False
    local: bool = True
    """Whether it asks the container that it stands in."""


class Started(Struct, frozen=True, kw_only=True):
    """What a file starts: a container, a service, an image. `ports` are those it says that it listens on."""

    name: str
    kind: str
    line: int
    ours: bool
    """Whether it is built here; what runs another's image is not held against our routes."""
    ports: tuple[str, ...] = ()
    probes: tuple[Probe, ...] = ()
    disabled: bool = False
    """Whether probes are switched off in so many words."""
    lacks: tuple[str, ...] = ()
    """Programs that its image has not."""
    serves: bool = True
    """Whether it listens at all; a job or a worker needs no probe."""


class Deployed(Struct, frozen=True):
    """What one file starts, and the paths that it answers itself, as a proxy does."""

    started: tuple[Started, ...] = ()
    answered: tuple[str, ...] = ()
    template: bool | None = None
    """Whether a template could be read without its actions; None where it is none."""


class Deployment(Struct, frozen=True):
    """What all files start, each with its path."""

    started: tuple[tuple[str, Started], ...]
    answered: tuple[str, ...]
    unread: tuple[Unread, ...]
    templates: int = 0
    plain: int = 0
    """How many templates there are, and how many of them could be read without their actions."""
