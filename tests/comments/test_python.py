"""The comments of a Python source are those that Python's own tokenizer finds."""

import io
import tokenize

from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from selfcheck.subjects.comments.languages import Language
from selfcheck.subjects.comments.lexing import spans
from tests.imports.sources import sources, tree

PYTHON = Language("python")
making = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


@st.composite
def literals(draw: st.DrawFn) -> str:
    """A string of any kind, with quotes, comment signs and backslashes in it."""
    prefix = draw(st.sampled_from(["", "", "r", "b", "f", "u", "Rb", "fR"]))
    quote = draw(st.sampled_from(["'", '"', "'''", '"""']))
    inside = draw(st.text(alphabet=st.sampled_from("'\"#\\\n{}! a"), max_size=12))
    literal = f"{prefix}{quote}{inside}{quote}"
    # In a formatted string what stands in braces is code, which Python reads anew from 3.12 on.
    assume(tree(f"x = {literal}") is not None and ("f" not in prefix or "{" not in inside))
    return literal


@st.composite
def statements(draw: st.DrawFn) -> str:
    """A line or more of strings, in brackets or continued, with a comment or without."""
    values = draw(st.lists(literals(), min_size=1, max_size=3))
    comment = draw(st.sampled_from(["", "", "  # a 'b", '#"""', "#", "# # \\", "  #!x"]))
    form = draw(st.sampled_from(["x = {}{}", "x = [{}{}\n]", "{}{}", "if x: y({}){}", "x = 1 + \\\n  {}{}"]))
    between = draw(st.sampled_from([" ", ", ", " + ", "%", f", {comment}\n" if "[" in form else ","]))
    return form.format(between.join(values), comment)


def lexed(text: str) -> list[tuple[int, str]]:
    """The line and the text of each comment, as Pygments' lexer reads it."""
    found = spans(f"{text}\n", PYTHON, len(text), 60)
    return [(text.count("\n", 0, begin) + 1, text[begin:end]) for begin, end in found]


def tokenized(text: str) -> list[tuple[int, str]]:
    """The same as Python reads it."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [(token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT]


@making
@given(lines=st.lists(statements(), max_size=5))
def test_the_comments_beside_made_strings_are_those_of_their_tokens(lines: list[str]) -> None:
    text = "\n".join(lines)
    assume(tree(text) is not None)
    event(f"comments: {len(tokenized(text))}")

    assert lexed(text) == tokenized(text)


@making
@given(content=sources())
def test_the_comments_of_a_made_source_are_those_of_its_tokens(content: bytes) -> None:
    assume(tree(content) is not None)
    text = content.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    event(f"comments: {len(tokenized(text))}")

    assert lexed(text) == tokenized(text)
