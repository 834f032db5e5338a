"""What may set an import apart from a plain one that runs with its module."""

from collections.abc import Iterable
from enum import StrEnum


class Kind(StrEnum):
    """A flag of an import; one import may carry several, and a plain one carries none."""

    FUNCTION = "function"
    """In the body of a function: it runs when the function is called."""
    TYPE_CHECKING = "type-checking"
    """In a branch that only a type checker takes."""
    GUARDED = "guarded"
    """In a `try` that catches its failure, in that handler, or under `suppress(ImportError)`."""
    LAZY = "lazy"
    """`lazy import` of PEP 810: it runs when the name is first used."""
    DYNAMIC = "dynamic"
    """A call of `import_module` or `__import__` with a literal name."""
    STAR = "star"
    """`from module import *`."""

    @property
    def bit(self) -> int:
        """The flag as a bit, stored with facts: the members' order is part of the extractor's version."""
        return 1 << list(Kind).index(self)


BY_DEFAULT = (Kind.GUARDED, Kind.LAZY, Kind.STAR)
"""What counts where a guardrail says nothing: every top-level statement that a type checker is not alone to see."""


def mask(kinds: Iterable[Kind]) -> int:
    """These flags in one number; an import counts if it has no bit beyond it."""
    return sum({kind.bit for kind in kinds})
