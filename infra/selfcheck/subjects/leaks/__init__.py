"""Tokens and private keys in files: told by the form that their makers give them, never by their content."""

from selfcheck.subjects.leaks.find import LEAKS, Leak, is_plausible
from selfcheck.subjects.leaks.sorts import SORTS, Sort

__all__ = ["LEAKS", "SORTS", "Leak", "Sort", "is_plausible"]
