"""One import statement as it is written; which module it means is another question."""

from msgspec import Struct


class Statement(Struct, frozen=True, array_like=True, gc=False):
    """`from module import names`, or `import module` with no names; `level` counts the dots of a relative import.

    `import a, b` is two statements of one line, the first line of the text; `flags` are bits of `Kind`.
    """

    line: int
    flags: int
    level: int
    module: str
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The statement as Python spells it, on one line."""
        source = "." * self.level + self.module
        return f"from {source} import {', '.join(self.names)}" if self.names else f"import {source}"
