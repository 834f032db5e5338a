"""Where the comments of a text are, as Pygments' lexers read it. Imported only where some text has a marker."""

import time
from collections.abc import Iterable, Iterator
from typing import Any

from pygments.lexer import DelegatingLexer, Lexer, inherit
from pygments.lexers import get_lexer_by_name
from pygments.lexers.c_cpp import CLexer, CppLexer
from pygments.token import Comment, Other, String, _TokenType

from selfcheck.errors import Unreadable
from selfcheck.subjects.comments import markdown
from selfcheck.subjects.comments.entries import Slow
from selfcheck.subjects.comments.languages import MARKDOWN, Language

Token = tuple[int, _TokenType, str]
Span = tuple[int, int]
"""Where a comment begins and where it ends."""

SECONDS = 20.0
"""Of this processor, for one text: some lexers take a time that grows with the square of a text made for that."""

# Of these Pygments says that they are comments, and they are code.
CODE = (Comment.Preproc, Comment.PreprocFile)
# A quoted `//` in a macro begins no comment.
QUOTED: list[Any] = [
    (r"(?!\s*include\b)[^/\n\"']+(?=[\"'])", Comment.Preproc),
    (r"\"(?:\\[\s\S]|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])+'", String),
    inherit,
]


class _C(CLexer):
    tokens = {"macro": QUOTED}  # noqa: RUF012


class _Cpp(CppLexer):
    tokens = {"macro": QUOTED}  # noqa: RUF012


MENDED = {"c": _C, "cpp": _Cpp}


def spans(text: str, language: Language, last: int) -> list[Span]:
    """The comments of a text, in order: all up to the first code after the place `last`.

    Raises:
        Slow: it takes too long.
        Unreadable: the lexer fails.
    """
    if language == MARKDOWN:
        return list(markdown.comments(text))
    return list(_joined(_comments(text, _lexer(language), last)))


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
    try:
        for place, kind, value in _timed(lexer, time.thread_time() + SECONDS).get_tokens_unprocessed(text):
            if not text.startswith(value, place):
                raise Unreadable(f"Pygments loses its place in it as {lexer.name}")
            if _is_comment(kind, value):
                yield place, place + len(value)
            elif place > last and not value.isspace():
                return
    except RecursionError:
        raise Unreadable(f"Pygments cannot read it as {lexer.name}: it is nested too deeply") from None


def _is_comment(kind: _TokenType, value: str) -> bool:
    """Whether a token is a comment; a documentation is one where it is no string."""
    if _below(kind, String.Doc):
        return value.startswith("/")
    return _below(kind, Comment) and not any(_below(kind, each) for each in CODE)


def _below(kind: _TokenType, other: _TokenType) -> bool:
    return tuple(kind[: len(other)]) == tuple(other)


class _Timed(Lexer):
    """Another lexer, until a time."""

    def __init__(self, lexer: Lexer, deadline: float) -> None:
        super().__init__()
        self._lexer = lexer
        self._deadline = deadline

    def get_tokens_unprocessed(self, text: str) -> Iterator[Token]:
        for token in self._lexer.get_tokens_unprocessed(text):
            if time.thread_time() > self._deadline:
                raise Slow
            yield token


def _timed(lexer: Lexer, deadline: float) -> Lexer:
    """One that delegates reads all by one lexer before the first token; so each of its lexers looks at the time."""
    if isinstance(lexer, DelegatingLexer):
        lexer.language_lexer = _timed(lexer.language_lexer, deadline)
        lexer.root_lexer = _timed(lexer.root_lexer, deadline)
        return lexer
    return _Timed(lexer, deadline)


def _lexer(language: Language) -> Lexer:
    if language.template is None:
        return _class(language.name)()
    return DelegatingLexer(_class(language.name), _class(language.template), Other)


def _class(name: str) -> type[Lexer]:
    return MENDED.get(name) or type(get_lexer_by_name(name))
