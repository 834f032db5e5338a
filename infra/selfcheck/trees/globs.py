"""Path patterns: gitignore's wildcards, always anchored at the root."""

from collections.abc import Callable
from functools import lru_cache
from typing import Annotated

from msgspec import Meta
from pathspec import PathSpec

Glob = Annotated[
    str,
    Meta(
        pattern=r"^!?(?!/)(?!.*(?:^|/)\.\.(?:/|$))[^\x00\\!][^\x00\\]*$",
        description="a path pattern from the root (`*` within one part, `**` over parts, a folder for all below it)",
        examples=["src/**/*.py"],
    ),
]


Globs = Annotated[tuple[Glob, ...], Meta(min_length=1)]

BLANK = "\\ "
"""An escaped blank: gitignore drops one at the end of a pattern."""


@lru_cache(maxsize=512)
def matcher(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    """Whether a path is selected: the last pattern that matches decides, `!` takes out."""
    if patterns in {("**",), ("**/*",)}:
        return lambda _: True
    return PathSpec.from_lines("gitignore", [_anchored(pattern) for pattern in patterns]).match_file


def _anchored(pattern: str) -> str:
    negated = pattern.startswith("!")
    path = pattern.removeprefix("!").removeprefix("./")
    if path in {".", ""}:
        path = "**"
    return f"{'!' if negated else ''}/{path.replace(' ', BLANK)}"
