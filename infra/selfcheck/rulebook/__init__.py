"""YAML in, guardrails with their checks out; every fault as file:line:column."""

from selfcheck.rulebook.discovery import Source, Sources, at, discover, find, given, in_tree
from selfcheck.rulebook.parse import Approvals, Catalog, Rulebook, parse

__all__ = [
    "Approvals",
    "Catalog",
    "Rulebook",
    "Source",
    "Sources",
    "at",
    "discover",
    "find",
    "given",
    "in_tree",
    "parse",
]
