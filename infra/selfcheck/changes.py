"""What is changed in a tree: by a canary on purpose, or by people, and what comes with theirs."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from selfcheck.guardrail import Guardrail
from selfcheck.history import History
from selfcheck.trees import Edit


class Canary(Struct, frozen=True):
    """An edit that must make the guardrail fail with a new finding whose key, or one of its parts, is `expect`."""

    title: str
    edits: tuple[Edit, ...]
    expect: str | None = None
    today: date | None = None
    environ: Mapping[str, str] | None = None
    guardrails: tuple[Guardrail, ...] | None = None
    """The guardrails of the run as the edits leave them, for a check of the rulebook itself."""
    history: History | None = None
    """What is remembered of earlier runs, for a check that asks for it."""
    patch: str | None = None
    """The path of a unified diff in the repository, whose edits come after the others."""


class Change(Struct, frozen=True):
    """What comes with a change beside its files: messages of commits, the text of the request, and who made it."""

    texts: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
