"""Rule files of a living architecture as guardrails: a shell line for each rule, read as a shell reads it and never run."""

from selfcheck.foreign.living.carrying import carry

__all__ = ["carry"]
