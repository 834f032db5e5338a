"""The `json` format, whole, and what it says of hostile names."""

import json

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from selfcheck.drawings import View
from selfcheck.drawings import json as json_format
from selfcheck.drawings.json import GraphV1
from selfcheck.subjects.imports import Kind
from tests.drawings.shop import HOSTILE, chain, shop


def test_a_shop_as_json(snapshot: SnapshotAssertion) -> None:
    drawing = shop(View(kinds=(Kind.FUNCTION,), external=True, around=("shop.core",)))

    assert json_format.render(drawing) == snapshot


def test_a_file_that_was_not_read_is_told_with_the_reason() -> None:
    told = json.loads(json_format.render(shop(View(), {"a.py": "", "b.py": "import (\n"})))

    assert [(each["path"], each["reason"][:14]) for each in told["unread"]] == [("b.py", "does not parse")]


def test_names_are_told_as_they_are() -> None:
    told = json.loads(json_format.render(chain(HOSTILE)))

    assert [node["name"] for node in told["nodes"]] == sorted(HOSTILE)


@given(st.lists(st.text(), min_size=1, max_size=8))
def test_what_is_written_is_what_is_read(called: list[str]) -> None:
    text = json_format.render(chain(called))

    read = msgspec.json.decode(text, type=GraphV1)

    assert msgspec.json.format(msgspec.json.encode(read), indent=2).decode() + "\n" == text
