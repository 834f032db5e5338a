"""What is written about routes in one file, and the routes that come of all files together."""

from msgspec import Struct

from selfcheck.model import Location, Unread

URLS = "urlpatterns"
"""What Django looks for in a module."""


class Piece(Struct, frozen=True, array_like=True, gc=False):
    """A part of a text: as it is written, or the dotted name of what it comes from."""

    text: str
    named: bool = False


Pieces = tuple[Piece, ...]


class Span(Struct, frozen=True, array_like=True, gc=False):
    """Where a literal stands: line from 1, bytes from 0, the end not included."""

    line: int
    start: int
    end: int


class Group(Struct, frozen=True, kw_only=True):
    """What holds routes: an application (`app`), what is mounted on one (`router`), or a plain list (`list`).

    One that nothing in the file makes, a parameter or what a call returns, is `given`.
    """

    name: str
    kind: str
    framework: str
    line: int
    prefix: Pieces | None = ()
    """None where it cannot be read."""
    guards: tuple[str, ...] = ()
    hidden: bool = False
    """Whether its routes are left out of the document that the framework writes."""


class Entry(Struct, frozen=True, kw_only=True):
    """One thing in a group: a route with its handler, or another group (`target`) or module of Django's (`module`)."""

    owner: str
    path: Pieces | None
    line: int
    methods: tuple[str, ...] = ()
    handler: str | None = None
    target: str | None = None
    module: str | None = None
    guards: tuple[str, ...] = ()
    overrides: bool = False
    """Whether the path stands in place of the target's own prefix, as with Flask's blueprints."""
    pattern: bool = False
    """Whether the path is a regular expression."""
    span: Span | None = None
    hidden: bool = False
    soft: bool = False
    """Whether the target may well be none: what is used without a path is middleware as a rule."""


class Written(Struct, frozen=True):
    """The groups and entries of one file; `conf` are the modules that Django's settings name as root."""

    groups: tuple[Group, ...] = ()
    entries: tuple[Entry, ...] = ()
    conf: tuple[str, ...] = ()


class Handler(Struct, frozen=True):
    """The function or class that answers, by the file that it is in and its name there."""

    path: str
    name: str


class Route(Struct, frozen=True, kw_only=True):
    """One path that is answered. Parameters are `{name}`, one that takes slashes too is `{*}`.

    `whole` says that nothing can stand in front of the path that was not read.
    """

    path: str
    methods: tuple[str, ...]
    at: Location
    framework: str
    handler: Handler | None = None
    whole: bool = True
    mounted: bool = True
    """Whether an application includes it; one that none does is not served."""
    guards: tuple[str, ...] = ()
    span: Span | None = None
    hidden: bool = False
    """Whether the framework leaves it out of the document that it writes."""


class Opaque(Struct, frozen=True):
    """A place below which something is served that was not read."""

    prefix: str
    at: Location
    what: str
    static: bool = False
    """Whether it is files, or something else that holds no routes of ours."""


class Routes(Struct, frozen=True, kw_only=True):
    """All routes of a tree."""

    routes: tuple[Route, ...]
    opaque: tuple[Opaque, ...] = ()
    files: int = 0
    """How many files say something about routes."""
    unread: tuple[Unread, ...] = ()
