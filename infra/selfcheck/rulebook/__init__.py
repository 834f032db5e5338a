"""YAML in, guardrails with their checks out; every fault as file:line:column."""

from selfcheck.rulebook.discovery import Source, Sources, discover, find, given, in_tree
from selfcheck.rulebook.parse import Catalog, Rulebook, parse

__all__ = ["Catalog", "Rulebook", "Source", "Sources", "discover", "find", "given", "in_tree", "parse"]
