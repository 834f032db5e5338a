"""The `mermaid` format: every line of it is in the grammar, and its labels say the names, whatever they hold."""

import html
import re
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from selfcheck.drawings import Drawing, View, mermaid
from selfcheck.drawings.drawing import visible
from selfcheck.subjects.imports import Kind
from tests.drawings.shop import HOSTILE, chain, shop

# What Mermaid's own flowchart grammar takes, and of that only what can be nothing else. A label is of letters, digits and
# `. / _ -`, which no grammar in between acts on, and of characters by number.
LABEL = r'"(?P<label>(?:[^\W_]|[./_-]|#\d+;)*)"'
NODE = re.compile(rf"  (?P<id>m\d+)\[{LABEL}\]")
EDGE = re.compile(r'  (?P<from>m\d+) (?:-->|-\.->)(?:\|"\d+"\|)? (?P<to>m\d+)')
DEFINITION = re.compile(r"  classDef (?P<name>[a-z]+) [a-z-]+:[#\w]+(?:,[a-z-]+:[#\w]+)*")
CLASS = re.compile(r"  class (?P<ids>m\d+(?:,m\d+)*) (?P<name>[a-z]+)")
LINKS = re.compile(r"  linkStyle (?P<numbers>\d+(?:,\d+)*) stroke:#cf222e")
NUMBER = re.compile(r"#(\d+);")


class Flowchart(NamedTuple):
    """What a flowchart says."""

    labels: dict[str, str]
    edges: list[tuple[str, str]]
    classes: dict[str, list[str]]
    red: list[int]


def parsed(text: str) -> Flowchart:
    """The flowchart, every line of which must be one of the grammar and name what was declared before it."""
    first, *lines = text.splitlines()
    assert first == "flowchart LR"
    chart, defined = Flowchart({}, [], {}, []), set()
    for line in lines:
        if found := NODE.fullmatch(line):
            assert found["id"] not in chart.labels
            chart.labels[found["id"]] = html.unescape(NUMBER.sub(r"&#\1;", found["label"]))
        elif found := EDGE.fullmatch(line):
            assert {found["from"], found["to"]} <= chart.labels.keys()
            chart.edges.append((found["from"], found["to"]))
        elif found := DEFINITION.fullmatch(line):
            defined.add(found["name"])
        elif found := CLASS.fullmatch(line):
            assert found["name"] in defined
            chart.classes[found["name"]] = found["ids"].split(",")
            assert set(chart.classes[found["name"]]) <= chart.labels.keys()
        elif found := LINKS.fullmatch(line):
            chart.red.extend(map(int, found["numbers"].split(",")))
            assert max(chart.red) < len(chart.edges)
        else:
            pytest.fail(f"not in the grammar: {line!r}")
    return chart


def says(drawing: Drawing) -> None:
    """The flowchart says exactly what is drawn."""
    chart = parsed(mermaid.render(drawing))
    assert list(chart.labels.values()) == [visible(node.name) for node in drawing.nodes]
    assert [(chart.labels[one], chart.labels[other]) for one, other in chart.edges] == [
        (visible(edge.importer), visible(edge.imported)) for edge in drawing.edges
    ]
    assert chart.red == [number for number, edge in enumerate(drawing.edges) if edge.component is not None]


def test_a_shop_as_a_flowchart(snapshot: SnapshotAssertion) -> None:
    view = View(kinds=(Kind.FUNCTION, Kind.TYPE_CHECKING), external=True)

    assert mermaid.render(shop(view)) == snapshot


def test_packages_around_one_of_them(snapshot: SnapshotAssertion) -> None:
    assert mermaid.render(shop(View(depth=2, around=("shop.core",)))) == snapshot


def test_without_marks_there_are_no_styles() -> None:
    assert mermaid.render(shop(View(), {"a.py": "import b\n", "b.py": ""})) == (
        'flowchart LR\n  m0["a"]\n  m1["b"]\n  m0 --> m1\n'
    )


def test_a_name_is_never_markup() -> None:
    says(chain(HOSTILE))


@given(st.lists(st.text(), min_size=1, max_size=8))
def test_any_name_is_shown_as_it_is(called: list[str]) -> None:
    says(chain(called))


def test_an_underscore_that_markdown_would_act_on_is_a_number() -> None:
    chart = mermaid.render(chain(["pkg.__main__", "pkg.my_name"]))

    assert '["pkg.#95;#95;main#95;#95;"]' in chart
    assert '["pkg.my_name"]' in chart
