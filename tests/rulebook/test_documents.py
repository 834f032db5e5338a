"""YAML documents: what their scalars mean, where each value stands, and that nothing but a fault ever comes of a wrong one."""

import math
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfcheck.errors import Fault, RulebookError
from selfcheck.rulebook.documents import LONGEST, load

SCALARS: list[tuple[str, object]] = [
    *[(text, None) for text in ("null", "Null", "NULL", "~", "")],
    *[(text, True) for text in ("true", "True", "TRUE")],
    *[(text, False) for text in ("false", "False", "FALSE")],
    *[(text, text) for text in ("yes", "no", "on", "off", "y", "N", "On", "nULL", "tRUE", "none", "None")],
    *[
        ("0", 0),
        ("7", 7),
        ("-12", -12),
        ("+3", 3),
        ("0123", 123),
        ("08", 8),
        ("0o17", 15),
        ("0x1F", 31),
        ("0xdead", 57005),
    ],
    *[
        (text, text)
        for text in ("1_000", "0b11", "0O17", "0X1F", "-0x1", "1:30", "190:20:30", "1,000", "3m", "1.2.3", "+", "-x")
    ],
    *[("1.5", 1.5), ("-0.25", -0.25), ("1.", 1.0), (".5", 0.5), ("+1e3", 1000.0), ("1E-2", 0.01), ("12e03", 12000.0)],
    *[(".inf", math.inf), ("-.INF", -math.inf), ("+.Inf", math.inf), ("1e999999", math.inf)],
    *[(text, text) for text in (".", "-.", "e5", "1e", ".iNF", "+.nan", "inf", "nan", ".e1")],
    *[(text, text) for text in ("2026-12-01", "2026-12-01T00:00:00Z", "12:00", "=", "a#b", "a:b", "a b")],
    *[("'12'", "12"), ('"true"', "true"), ("''", ""), ('"\\t"', "\t"), ("'it''s'", "it's"), ("'a\\|b'", "a\\|b")],
    *[("! 12", "12"), ("!!str true", "true"), ("|\n  12\n", "12\n"), (">-\n  a\n  b\n", "a b")],
]


def loaded(content: str) -> Any:
    return load(content.encode(), "a.yaml").data


def fault(content: str) -> Fault:
    with pytest.raises(RulebookError) as caught:
        load(content.encode(), "a.yaml")
    (only,) = caught.value.faults
    return only


@pytest.mark.parametrize(("written", "meant"), SCALARS)
def test_a_scalar_means_what_the_core_schema_of_yaml_1_2_says(written: str, meant: object) -> None:
    value = loaded(f"a: {written}\n")["a"]

    assert (type(value), value) == (type(meant), meant)


def test_not_a_number_is_a_float() -> None:
    assert [math.isnan(each) for each in loaded("[.nan, .NaN, .NAN]")] == [True] * 3


def test_a_scalar_of_a_key_is_text_and_a_quoted_number_stays_one() -> None:
    assert loaded("'1': a\n\"true\": b\non: c\n") == {"1": "a", "true": "b", "on": "c"}


@pytest.mark.parametrize("written", ["9" * LONGEST, f"-{'9' * (LONGEST - 1)}", f"0x{'f' * (LONGEST - 2)}"])
def test_the_longest_number_is_read_exactly(written: str) -> None:
    assert loaded(f"a: {written}\n") == {"a": int(written, 0)}


@pytest.mark.parametrize("written", ["9" * (LONGEST + 1), f"-{'9' * LONGEST}", f"0x{'f' * LONGEST}", "0" * 5000])
def test_a_longer_number_is_a_fault_and_not_an_approximation(written: str) -> None:
    assert fault(f"a: {written}\n") == Fault(
        "a.yaml", 1, 4, "a whole number of more than 18 digits; put it in quotes if it is text"
    )


def double_quoted(text: str) -> str:
    return '"' + "".join(f"\\U{ord(character):08x}" for character in text) + '"'


def single_quoted(text: str) -> str:
    return f"'{text.replace(chr(39), chr(39) * 2)}'"


def plain(number: float | bool) -> str:
    return str(number).lower().replace("inf", ".inf").replace("nan", ".nan")


scalars = st.one_of(
    st.integers(-(10 ** (LONGEST - 1)) + 1, 10**LONGEST - 1).map(lambda value: (plain(value), value)),
    st.floats(allow_nan=False).map(lambda value: (plain(value), value)),
    st.booleans().map(lambda value: (plain(value), value)),
    st.text().map(lambda value: (double_quoted(value), value)),
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)).map(lambda value: (single_quoted(value), value)),
    st.sampled_from([("null", None), ("~", None)]),
)


def in_brackets(children: st.SearchStrategy[tuple[str, Any]]) -> st.SearchStrategy[tuple[str, Any]]:
    lists = st.lists(children, max_size=4).map(
        lambda each: (f"[{', '.join(text for text, _ in each)}]", [value for _, value in each])
    )
    mappings = st.dictionaries(st.text(max_size=8), children, max_size=4).map(
        lambda each: (
            f"{{{', '.join(f'{double_quoted(key)}: {text}' for key, (text, _) in each.items())}}}",
            {key: value for key, (_, value) in each.items()},
        )
    )
    return lists | mappings


@settings(deadline=None)
@given(st.recursive(scalars, in_brackets, max_leaves=20))
def test_data_comes_back_as_it_was_written(written: tuple[str, Any]) -> None:
    text, data = written

    value = loaded(f"a: {text}\n")["a"]

    assert repr(value) == repr(data)


@settings(deadline=None)
@given(st.text(st.sampled_from("-:?[]{},&*!|>'\"%@`#~<=. \t\n\r\\abx10é\x00\x85\u2028\ufeff"), max_size=60))
def test_any_text_is_a_document_or_one_fault_inside_the_text(text: str) -> None:
    faults: tuple[Fault, ...] = ()

    try:
        load(text.encode(), "a.yaml")
    except RulebookError as error:
        faults = error.faults

    lines = re.split(r"\r\n?|\n", text)
    assert len(faults) <= 1
    for each in faults:
        assert 1 <= each.line <= len(lines)
        assert 1 <= each.column <= len(lines[each.line - 1]) + 1
        assert each.message.isprintable()


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_a_document_or_one_fault(content: bytes) -> None:
    faults: tuple[Fault, ...] = ()

    try:
        load(content, "a.yaml")
    except RulebookError as error:
        faults = error.faults

    assert len(faults) <= 1


PLACED = """\
# a comment
version: 1
guardrails:
  - id: a
    check: {use: x, "paths": [ä, b]}
    why: >
      folded
    none:
  -
    id: b
"""


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        ((), (2, 1), (2, 1)),
        (("version",), (2, 10), (2, 1)),
        (("guardrails",), (4, 3), (3, 1)),
        (("guardrails", 0), (4, 5), (4, 5)),
        (("guardrails", 0, "id"), (4, 9), (4, 5)),
        (("guardrails", 0, "check"), (5, 12), (5, 5)),
        (("guardrails", 0, "check", "paths"), (5, 30), (5, 21)),
        (("guardrails", 0, "check", "paths", 1), (5, 34), (5, 34)),
        (("guardrails", 0, "why"), (6, 10), (6, 5)),
        (("guardrails", 0, "none"), (8, 10), (8, 5)),
        (("guardrails", 1), (10, 5), (10, 5)),
        (("guardrails", 1, "gone"), (10, 5), (10, 5)),
        (("guardrails", 0, "check", "paths", 9, "deep"), (5, 30), (5, 30)),
    ],
)
def test_a_value_and_its_key_know_their_place_and_what_is_not_there_is_told_around_it(
    path: tuple[str | int, ...], value: tuple[int, int], key: tuple[int, int]
) -> None:
    document = load(PLACED.encode(), "a.yaml")

    assert (document.fault(path, "m"), document.fault(path, "m", at_key=True)) == (
        Fault("a.yaml", *value, "m"),
        Fault("a.yaml", *key, "m"),
    )


def test_a_document_knows_which_values_it_holds_and_their_lines() -> None:
    document = load(PLACED.encode(), "a.yaml")

    assert [document.holds(path) for path in [(), ("version",), ("version", 0), ("gone",)]] == [
        True,
        True,
        False,
        False,
    ]
    assert document.line(("guardrails", 1, "id")) == 10


def test_lines_count_alike_with_carriage_returns() -> None:
    document = load(PLACED.replace("\n", "\r\n").encode(), "a.yaml")

    assert document.line(("guardrails", 1, "id")) == 10


def test_an_alias_repeats_a_value_and_is_the_place_of_all_in_it() -> None:
    document = load(b"a: &x {b: [1, 2]}\nc: *x\nd: [&y t, *y]\n&k e: *k\n", "a.yaml")

    assert document.data == {"a": {"b": [1, 2]}, "c": {"b": [1, 2]}, "d": ["t", "t"], "e": "e"}
    assert document.fault(("c", "b", 1), "m") == Fault("a.yaml", 2, 4, "m")


def test_an_anchor_may_be_given_again_and_the_last_one_counts() -> None:
    assert loaded("a: &x 1\nb: *x\nc: &x 2\nd: *x\n") == {"a": 1, "b": 1, "c": 2, "d": 2}


def test_a_document_may_be_sixty_levels_deep_and_no_deeper_with_aliases_or_without() -> None:
    deep = f"{'[' * 60}{']' * 60}"
    half = f"a: &a {'[' * 30}{']' * 30}\n"

    assert fault(f"[{deep}]") == Fault("a.yaml", 1, 61, "more than 60 levels deep")
    assert loaded(deep) is not None
    assert fault(f"{half}b: {'[' * 30}*a{']' * 30}\n") == Fault(
        "a.yaml", 2, 34, "more than 60 levels deep once its aliases are written out"
    )
    assert loaded(f"{half}b: {'[' * 29}*a{']' * 29}\n") is not None


def test_a_list_of_two_hundred_thousand_values_is_too_large_and_a_shorter_one_is_not() -> None:
    long = "a: &a [" + "1," * 1000 + "]\nb: [" + "*a," * 198

    assert fault(f"{long}*a]\n").message == "holds more than 200,000 values once its aliases are written out"
    assert len(loaded(f"{long}]\n")["b"]) == 198
