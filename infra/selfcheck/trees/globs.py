"""Path patterns: gitignore's wildcards, always anchored at the root."""

import re
import warnings
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Annotated

from msgspec import Meta
from pathspec import PathSpec

from selfcheck.patterns import RE2Error

Glob = Annotated[
    str,
    Meta(
        pattern=r"^!?(?!/)(?!(?:[\s\S]*/)?\.\.(?:/|$))[^\x00\\!][^\x00\\]*$",
        description="a path pattern from the root (`*` within one part, `**` over parts, a folder for all below it)",
        examples=["src/**/*.py"],
        extra_json_schema={"format": "glob"},
    ),
]


Globs = Annotated[tuple[Glob, ...], Meta(min_length=1)]

_literal = re.compile(r"(?:\./)?[\w@%+,=~-][\w@%+,=~./-]*")
_by_end = re.compile(r"\*\*/\*(\.[\w.-]+)")

NEWLINE = "\0"
"""What stands for a newline while matching: a wildcard of a regular expression does not match one, and no path has a NUL."""


@lru_cache(maxsize=512)
def matcher(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    """Whether a path is selected: the last pattern that matches decides, `!` takes out.

    Raises:
        ValueError: one of them is no pattern.
    """
    if patterns in {("**",), ("**/*",)}:
        return lambda _: True
    if len(patterns) == 1 and (plain := _plain(patterns[0])) is not None:
        return plain
    return _by_pathspec(patterns)


def shares(patterns: Sequence[str], paths: Iterable[str]) -> list[list[str]]:
    """Of paths that patterns select, for each pattern those that it alone selects, where there are any; else all of them.

    Whoever looks into one of each finds out if a pattern is passed over.
    """
    asked = [(pattern, matcher((pattern.removeprefix("!"),))) for pattern in reversed(patterns)]
    found: dict[str, list[str]] = {}
    rest: list[str] = []
    for path in paths:
        # The last pattern that matches decides; the one before it would, if that were not there.
        matching = (pattern for pattern, selected in asked if selected(path))
        only, other = next(matching, "!"), next(matching, "!")
        if other.startswith("!"):
            found.setdefault(only, []).append(path)
        else:
            rest.append(path)
    return [found[pattern] for pattern in patterns if pattern in found] or [rest]


def _plain(pattern: str) -> Callable[[str], bool] | None:
    """What decides for a path without wildcards, or for `**/*.end`, where nothing is to be matched part by part."""
    if _literal.fullmatch(pattern):
        path = pattern.removeprefix("./").rstrip("/")
        below = f"{path}/"
        return lambda asked: asked.startswith(below) or (asked == path and not pattern.endswith("/"))
    if found := _by_end.fullmatch(pattern):
        end = found[1]
        return lambda asked: asked.endswith(end) or f"{end}/" in asked
    return None


def _by_pathspec(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    lines = [_anchored(pattern.replace("\n", NEWLINE)) for pattern in patterns]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # what `[[` may mean one day is no concern of a user's
        try:
            spec = PathSpec.from_lines("gitignore", lines)
        except (ValueError, re.error, RE2Error):
            raise ValueError("is no path pattern; look at its brackets") from None
    return lambda path: spec.match_file(path.replace("\n", NEWLINE))


def _anchored(pattern: str) -> str:
    negated = pattern.startswith("!")
    path = pattern.removeprefix("!").removeprefix("./")
    if path in {".", ""}:
        path = "**"
    kept = path.rstrip()
    # Blanks at the end of a pattern are dropped, unless each is a class of its own.
    return f"{'!' if negated else ''}/{kept}{''.join(f'[{blank}]' for blank in path[len(kept) :])}"
