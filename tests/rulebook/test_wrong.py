"""What is wrong with a rulebook is said in a person's words."""

import pytest

from selfcheck.errors import RulebookError
from selfcheck.rulebook import parse
from selfcheck.rulebook.documents import load
from selfcheck.rulebook.written import Written
from selfcheck.rulebook.wrong import guardrail_faults, outline_faults
from tests.rulebook.catalog import Counting
from tests.rulebook.examples import source

RIGHT_PROMISE = {"id": "a", "title": "t", "why": "w", "severity": "low"}


def odd(written: str) -> list[str]:
    """What is told of an option of the check `Odd`."""
    promise = "{id: a, title: t, why: w, severity: low, check:"
    content = f"version: 1\nguardrails:\n- {promise}\n{{use: odd,\n{written}}}}}\n"
    with pytest.raises(RulebookError) as caught:
        parse([source(content)], Counting())
    return [f"{fault.column}: {fault.message}" for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("ratio: 1", ["8: `ratio` must be less than 1, not 1"]),
        ("ratio: .nan", ["8: `ratio` must be at least 0, not nan", "8: `ratio` must be less than 1, not nan"]),
        ("count: 10", ["8: `count` must be at most 9, not 10"]),
        ("count: a", ["8: `count` must be a whole number, not the text 'a'"]),
        ("word: a", ["7: `word` is too short; at least 2"]),
        ("word: []", ["7: `word` must be text or a whole number, not a list"]),
        (
            "table: {a: [1, b], c: d}",
            [
                "16: item 2 of `a` must be a whole number, not the text 'b'",
                "23: `c` must be a list, not the text 'd'; write it as [a, b]",
            ],
        ),
        ("table: {a: [[1]]}", ["13: item 1 of `a` must be a whole number, not a list"]),
        (
            "many: [1, yes]",
            [
                "8: item 1 of `many` must be true or false, not the number 1",
                "11: item 2 of `many` must be true or false, not the text 'yes'; YAML 1.2 knows true and false only",
            ],
        ),
        ("many: [true, true, true]", ["7: `many` holds too many values; at most 2"]),
        ("grid: [[1, a]]", ["12: this value must be a whole number, not the text 'a'"]),
        ("many: 1", ["7: `many` must be a list or text, not the number 1"]),
    ],
)
def test_what_is_wrong_with_an_option_is_said_in_a_persons_words(written: str, told: list[str]) -> None:
    assert odd(written) == told


def test_what_only_msgspec_refuses_is_told_at_the_place_that_it_names() -> None:
    document = load(
        b"version: 1\nextends: ['pack:a', 'pack:b']\nguardrails: [{check: {use: odd, ratio: 0}}]\n", "a.yaml"
    )
    written = Written(document, ("guardrails", 0), {**RIGHT_PROMISE, "check": {"use": "odd", "ratio": 0}})
    catalog = Counting()

    said = [
        *outline_faults(document, "Beyond words - at `$.extends[1]`"),
        *guardrail_faults(written, catalog, "Beyond words - at `$.ratio`"),
        *guardrail_faults(written, catalog, "Beyond words"),
    ]

    assert [str(fault) for fault in said] == [
        "a.yaml:2:21: Beyond words",
        "a.yaml:3:40: Beyond words",
        "a.yaml:3:22: Beyond words",
    ]
