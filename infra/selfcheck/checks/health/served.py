"""Paths that something else answers, as an option says them."""

from msgspec import Struct

from selfcheck.checks.health.roles import UrlPath
from selfcheck.guardrail import Text


class Served(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A path that something else answers: a proxy, a sidecar, a framework's extension."""

    path: UrlPath
    reason: Text
