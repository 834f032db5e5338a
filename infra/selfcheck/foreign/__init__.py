"""Contracts of other programs as guardrails: what they say, carried over as far as it goes, and how far that is."""

from selfcheck.foreign.carried import Carried, Note
from selfcheck.foreign.carry import carry

__all__ = ["Carried", "Note", "carry"]
