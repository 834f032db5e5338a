"""Whether a regular expression is found in every text, or in none: decided by its automaton, not by trying texts."""

from selfcheck.checks.rulebook.regex.decide import Reach, reach

__all__ = ["Reach", "reach"]
