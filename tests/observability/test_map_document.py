"""What people wrote in a map stays as it is, byte for byte; what is no map is told with its place."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from selfcheck.errors import Unreadable
from selfcheck_observability.map.document import outline, parse, with_measured
from selfcheck_observability.map.model import Map, Measure, Measured, schema

ROOT = Path(__file__).parents[2]
NUMBERS = Measured(
    commits=3, hotspots=("a",), modules={"a": Measure(files=1, lines=2, imports=("b",)), "é": Measure(files=1, lines=0)}
)

values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=3), each, max_size=3),
    max_leaves=6,
)
blanks = st.text(alphabet=" \t\r\n", max_size=3)


@st.composite
def written(draw: st.DrawFn) -> tuple[str, str, str]:
    """An object as somebody may write it: what stands before the measured value, that value, and what stands after it."""
    names = [name for name in draw(st.lists(st.text(max_size=4), unique=True, max_size=4)) if name != "measured"]
    place = draw(st.integers(0, len(names)))
    parts = [
        f"{draw(blanks)}{json.dumps(name)}{draw(blanks)}:{draw(blanks)}{_text(draw)}{draw(blanks)}" for name in names
    ]
    key = f'{draw(blanks)}"measured"{draw(blanks)}:{draw(blanks)}'
    before = (
        draw(st.sampled_from(["", "\ufeff"])) + draw(blanks) + "{" + "".join(f"{each}," for each in parts[:place]) + key
    )
    after = draw(blanks) + "".join(f",{each}" for each in parts[place:]) + "}" + draw(blanks)
    return before, _text(draw), after


def _text(draw: st.DrawFn) -> str:
    return json.dumps(draw(values), ensure_ascii=draw(st.booleans()), indent=draw(st.sampled_from([None, 0, 3])))


@settings(max_examples=25, deadline=None)
@given(written())
def test_no_byte_outside_of_the_measured_part_is_changed(parts: tuple[str, str, str]) -> None:
    before, old, after = parts

    found = with_measured(f"{before}{old}{after}".encode(), NUMBERS).decode()

    assert found.startswith(before)
    assert found.endswith(after)
    held = json.loads(found.removeprefix("\ufeff"))["measured"]
    assert held == json.loads(_json(NUMBERS))


@settings(max_examples=25, deadline=None)
@given(written())
def test_measuring_twice_changes_nothing_the_second_time(parts: tuple[str, str, str]) -> None:
    once = with_measured("".join(parts).encode(), NUMBERS)

    assert with_measured(once, NUMBERS) == once


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ('{"version": "1"}\n', '{"version": "1",\n  "measured": X}\n'),
        ('{\r\n  "version": "1"\r\n}', '{\r\n  "version": "1",\r\n  "measured": X\r\n}'),
        ("{ }", '{\n  "measured": X }'),
    ],
)
def test_a_measured_part_that_is_not_there_yet_is_put_last(content: str, wanted: str) -> None:
    empty = Measured()

    found = with_measured(content.encode(), empty).decode()

    inside = '{\n    "commits": 0,\n    "hotspots": [],\n    "modules": {}\n  }'
    end = "\r\n" if "\r" in content else "\n"
    assert found == wanted.replace("X", inside.replace("\n", end))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[]", "is no JSON object"),
        (b"", "is no JSON object"),
        (b"{", "is no JSON object"),
        (b"{1: 2}", "is no JSON object"),
        (b'{"a" 1}', "is no JSON object"),
        (b'{"a": 1 "b": 2}', "is no JSON object"),
        (b'{"a": 1} x', "is no JSON object"),
        (b'{\n"a": nothing}', "is no JSON object: line 2"),
        (b'{"a": 1, "a": 2}', 'says "a" twice'),
        (b'{"modules": {"x": 1, "x": 2}}', 'says "x" twice'),
        (b"\xff", "is not in UTF-8"),
        (b'{"a": ' + b"[" * 100_000, "is nested too deep"),
        (b'{"version": "1", "moduls": {}}', "is no intelligence map: Object contains unknown field `moduls`"),
        (b'{"version": "1", "modules": {"a": {}}}', "is no intelligence map: Object missing required field `purpose`"),
    ],
)
def test_what_is_no_map_is_told_with_its_place(content: bytes, said: str) -> None:
    with pytest.raises(Unreadable) as told:
        parse(content)

    assert str(told.value).startswith(said)


def test_a_file_that_is_too_large_is_not_read() -> None:
    with pytest.raises(Unreadable, match="too large"):
        parse(b" " * 50_000_001)


def test_the_places_of_values_are_told() -> None:
    text = ' {"a": [1, {"measured": 2}], "b": "}"} '

    found = outline(text)

    assert {name: text[span.start : span.end] for name, span in found.members.items()} == {
        "a": '[1, {"measured": 2}]',
        "b": '"}"',
    }


def test_the_committed_schema_is_the_generated_one_and_takes_our_own_map() -> None:
    committed: dict[str, Any] = json.loads((ROOT / "docs/schema/intelligence-map.json").read_text(encoding="utf-8"))
    own = (ROOT / "src/observability/system_intelligence_map.json").read_bytes()

    assert committed == json.loads(json.dumps(schema()))
    Draft202012Validator(committed).validate(json.loads(own))
    assert isinstance(parse(own), Map)


def _json(measured: Measured) -> str:
    return with_measured(b"{}", measured).decode().partition('"measured": ')[2].removesuffix("}")
