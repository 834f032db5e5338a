"""What the YAML parser finds wrong, in a person's words: where it began, and what to write instead."""

from typing import NamedTuple

import yaml

LOOK = "look at the quotes, the brackets and the indentation of this line and the one before"
QUOTE = "put the text in single quotes"


class Slip(NamedTuple):
    """A place in a text, line and column counting from 1, and what is wrong there."""

    line: int
    column: int
    message: str


class _Said(NamedTuple):
    """What the parser said: the problem and what it was doing, each with the offset from which the text goes on."""

    problem: str
    context: str
    here: str
    opened: str
    opened_in: int


def explained(error: yaml.MarkedYAMLError, text: str) -> Slip:
    """The place of a syntax error, at the opening of what is never closed, and what mends it."""
    mark = error.problem_mark or error.context_mark
    opened = error.context_mark or mark
    here, there = _rest(text, mark), _rest(text, opened)
    said = _Said(
        error.problem or "this is not YAML", error.context or "", here, there, opened.line + 1 if opened else 1
    )
    message = _quoting(said) or _layout(said) or f"{said.problem}; {LOOK}"
    return Slip(*_place(opened if _begins_earlier(said) else mark, text), message)


def _place(mark: yaml.Mark | None, text: str) -> tuple[int, int]:
    """Line and column, counting from 1; what is missing at the end of the text is missing from its last line."""
    lines = text.splitlines()
    if mark is None or not lines:
        return 1, 1
    return (mark.line + 1, mark.column + 1) if mark.line < len(lines) else (len(lines), len(lines[-1]) + 1)


def _begins_earlier(said: _Said) -> bool:
    """Whether the place to mend is where the construct began, not where the parser gave up."""
    unclosed = "end of stream" in said.problem and "quoted" in said.context
    return unclosed or any(sign in said.context for sign in ("an alias", "an anchor", "a tag"))


def _quoting(said: _Said) -> str | None:
    """Slips that quotes mend."""
    if "escape character" in said.problem or "hexdecimal" in said.problem:
        wrong = f"`{said.here[:2]}`" if said.here.startswith("\\") else "this"
        return f"{wrong} is no escape in double quotes; use single quotes, in which a backslash stands for itself"
    if _begins_earlier(said) and "quoted" in said.context:
        return "the quotes that open here are never closed"
    if _begins_earlier(said) or "tag handle" in said.problem:
        return f'a text cannot begin with "{said.opened[:1]}"; {QUOTE}'
    if "cannot start any token" in said.problem and not said.here.startswith("\t"):
        return f'a text cannot begin with "{said.here[:1]}"; {QUOTE}'
    if "mapping values are not allowed" in said.problem:
        return "a `:` cannot stand here; put a text with a colon in quotes, or look at the indentation"
    return None


def _layout(said: _Said) -> str | None:
    """Slips that indentation, brackets or leaving out mend."""
    if "cannot start any token" in said.problem or "tab character" in said.problem:
        return "a tab cannot indent YAML; use blanks"
    if "node content" in said.problem and not said.here:
        return f"the file ends before this value does; {LOOK}"
    if "<document start>" in said.problem:
        return f"the document ended before this line; a rulebook file holds one; {LOOK}"
    if "expected ','" in said.problem:
        bracket = said.opened[:1]
        return f'the "{bracket}" of line {said.opened_in} is not closed before this; look at the brackets, commas and quotes from there on'
    if "directive" in f"{said.problem} {said.context}" or "incompatible" in said.problem:
        return f"{said.problem}; a rulebook needs no line that begins with %"
    return None


def _rest(text: str, mark: yaml.Mark | None) -> str:
    """A few characters of the text from a mark on."""
    lines = text.splitlines()
    return lines[mark.line][mark.column : mark.column + 2] if mark and mark.line < len(lines) else ""
