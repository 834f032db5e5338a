"""Where the comments of a text are, as Pygments' lexers read it. Imported only where some text has a marker."""

import time
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, cast

from pygments.lexer import DelegatingLexer, Lexer, inherit
from pygments.lexers import find_lexer_class_by_name
from pygments.lexers.c_cpp import CLexer, CppLexer
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Other, String

from selfcheck.errors import Unreadable
from selfcheck.subjects.comments import markdown
from selfcheck.subjects.comments.entries import Slow
from selfcheck.subjects.comments.languages import MARKDOWN, Language

Kind = tuple[str, ...]
Token = tuple[int, Kind, str]
Span = tuple[int, int]
"""Where a comment begins and where it ends."""

LOOKING = 16
"""Tokens after which the time is looked at, which takes about a tenth of what a token does."""

# Of these Pygments says that they are comments, and they are code.
CODE = (Comment.Preproc, Comment.PreprocFile)
# A quoted `//` in a macro begins no comment.
QUOTED: list[Any] = [
    (r"(?!\s*include\b)[^/\n\"']+(?=[\"'])", Comment.Preproc),
    (r"\"(?:\\[\s\S]|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])+'", String),
    inherit,
]


# A backslash before a quote keeps it from ending a string, a raw one too.
ESCAPED: list[Any] = [(r"\\[\\\"'\n]", String.Escape), inherit]
DOCUMENTATION: list[Any] = [
    (r"^\s*[rRuUbB]{,2}\"\"\"(?:[^\"\\]++|\\[\s\S]|\"(?!\"\"))*+\"\"\"", String.Doc),
    (r"^\s*[rRuUbB]{,2}'''(?:[^'\\]++|\\[\s\S]|'(?!''))*+'''", String.Doc),
    inherit,
]


class _C(CLexer):
    tokens = {"macro": [*QUOTED]}  # noqa: RUF012


class _Cpp(CppLexer):
    tokens = {"macro": [*QUOTED]}  # noqa: RUF012


class _Python(PythonLexer):
    tokens = {"root": DOCUMENTATION} | {state: [*ESCAPED] for state in ("tdqs", "tsqs", "tdqf", "tsqf")}


MENDED = {"c": _C, "cpp": _Cpp, "python": _Python}


def spans(text: str, language: Language, last: int, seconds: float) -> list[Span]:
    """The comments of a text, in order: all up to the first code after the place `last`.

    Raises:
        Slow: it takes too long.
        Unreadable: the lexer loses its place.
    """
    if language == MARKDOWN:
        return list(markdown.comments(text))
    return list(_joined(_comments(text, _timed(_lexer(language), time.thread_time() + seconds), last)))


def _joined(found: Iterable[Span]) -> Iterator[Span]:
    """Comments that were told in pieces, each as a whole."""
    begin = end = -1
    for start, stop in sorted(found):
        if start > end:
            if end > begin:
                yield begin, end
            begin = start
        end = max(end, stop)
    if end > begin:
        yield begin, end


def _comments(text: str, lexer: Lexer, last: int) -> Iterator[Span]:
    for place, kind, value in lexer.get_tokens_unprocessed(text):
        if _is_comment(kind, value):
            if not text.startswith(value, place):
                raise Unreadable("Pygments loses its place in it; waive what is in it in the rulebook")
            yield place, place + len(value)
        elif place > last and value.strip():
            return


def _is_comment(kind: Kind, value: str) -> bool:
    """Whether a token is a comment; a documentation is one where it is no string."""
    if _below(kind, String.Doc):
        return value.startswith("/")
    return _below(kind, Comment) and not any(_below(kind, each) for each in CODE)


@cache
def _below(kind: Kind, other: Kind) -> bool:
    return tuple(kind[: len(other)]) == tuple(other)


class _Timed:
    """Another lexer, until a time."""

    def __init__(self, lexer: Lexer, deadline: float) -> None:
        self._lexer = lexer
        self._deadline = deadline

    def get_tokens_unprocessed(self, text: str) -> Iterator[Token]:
        for number, token in enumerate(self._lexer.get_tokens_unprocessed(text)):
            if not number % LOOKING and time.thread_time() > self._deadline:
                raise Slow
            yield token


def _timed(lexer: Lexer, deadline: float) -> Lexer:
    """One that delegates reads all by one lexer before the first token; so each of its lexers looks at the time."""
    if isinstance(lexer, DelegatingLexer):
        lexer.language_lexer = _timed(lexer.language_lexer, deadline)
        lexer.root_lexer = _timed(lexer.root_lexer, deadline)
        return lexer
    return cast("Lexer", _Timed(lexer, deadline))


def _lexer(language: Language) -> Lexer:
    if language.template is None:
        return _class(language.name)()
    return DelegatingLexer(_class(language.name), _class(language.template), Other)


def _class(name: str) -> type[Lexer]:
    return MENDED.get(name) or find_lexer_class_by_name(name)
