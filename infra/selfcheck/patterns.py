"""Regular expressions as options: RE2, whose matching time is linear whatever the text (no look-around, no backreference)."""

import re
from collections.abc import Iterator
from contextlib import suppress
from random import Random
from typing import Any, ClassVar

import re2

_re2: Any = re2  # it ships no types
RE2Error: type[Exception] = _re2.error

# A flag, not a group around the text: `a)|(b` would be two groups in it.
MULTILINE = "(?m)"
EXAMPLES = 20
"""How many texts are made up to find a short one."""


def _options() -> Any:
    options = _re2.Options()
    options.log_errors = False
    return options


_OPTIONS = _options()


class Pattern:
    """An RE2 pattern over a whole text; `^` and `$` stand at every line, `.` does not match a line's end.

    Raises:
        ValueError: the text is no RE2 pattern; the message says what is wrong.

    """

    json_schema: ClassVar[dict[str, Any]] = {"type": "string", "format": "re2", "minLength": 1}

    def __init__(self, text: str) -> None:
        self.text = text
        if not text:
            raise ValueError("an empty pattern matches everything")
        self._compiled = _compiled(text)

    def __repr__(self) -> str:
        return f"Pattern({self.text!r})"

    def __str__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pattern) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __reduce__(self) -> tuple[type["Pattern"], tuple[str]]:
        return Pattern, (self.text,)

    def starts(self, text: str) -> Iterator[int]:
        """The offsets at which the matches begin, in order, not overlapping."""
        return (match.start() for match in self._compiled.finditer(text))

    def found(self, text: str) -> bool:
        """Whether the pattern matches anywhere."""
        return self._compiled.search(text) is not None

    def example(self) -> str | None:
        """A short text that the pattern matches, the same at each call; None where none could be made up."""
        import rstr  # only `prove` asks for it

        made: set[str] = set()
        for seed in range(EXAMPLES):
            # It reads Python's syntax, of which RE2's is nearly a part; its `\s` holds a vertical tab, which RE2's does not.
            with suppress(Exception):
                made.add(rstr.Rstr(Random(seed), whitespace=" ").xeger(self.text))  # noqa: S311
        return min((text for text in made if self.found(text)), key=lambda text: (len(text), text), default=None)


class Probe:
    """An RE2 pattern over bytes, for a quick look at whether a content matters at all."""

    def __init__(self, pattern: bytes) -> None:
        self._compiled = _re2.compile(pattern, _OPTIONS)

    def found(self, content: bytes) -> bool:
        """Whether the pattern matches anywhere."""
        return self._compiled.search(content) is not None

    def starts(self, content: bytes) -> Iterator[int]:
        """The offsets at which the matches begin, in order, not overlapping."""
        return (match.start() for match in self._compiled.finditer(content))


def _compiled(text: str) -> Any:
    try:
        return _re2.compile(f"{MULTILINE}{text}", _OPTIONS)
    except _re2.error as error:
        raise ValueError(f"is no RE2 pattern: {_said(error)}") from None


def _said(error: BaseException) -> str:
    said = error.args[0] if error.args else error
    reason = (said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)).replace(MULTILINE, "", 1)
    perls = re.search(r"perl operator|sequence: \\[1-9]", reason)
    return f"{reason}; RE2 has no look-around and no backreferences" if perls else reason
