"""What is told of a check that crashed."""

import pytest

from selfcheck.judge import culprit


def deep() -> None:
    """Raise, two lines below this function's first."""
    raise ValueError("first\nsecond")


def test_a_crash_is_told_by_the_first_line_of_its_text_and_the_innermost_line_of_code() -> None:
    with pytest.raises(ValueError, match="first") as raised:
        deep()

    assert culprit(raised.value) == (
        f"crashed: ValueError: first (in {__name__}, line {deep.__code__.co_firstlineno + 2})"
    )


def test_of_a_text_that_is_empty_the_type_alone_is_told() -> None:
    assert culprit(ValueError()) == "crashed: ValueError"
