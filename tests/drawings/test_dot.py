"""The `dot` format: a digraph in graphviz's grammar, and graphviz itself shows every name as it is."""

import re
import shutil
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from selfcheck.cli.graphviz import svg
from selfcheck.drawings import Drawing, View, dot
from selfcheck.drawings.drawing import visible
from selfcheck.subjects.imports import Kind
from tests.drawings.shop import HOSTILE, chain, shop

STRING = r'"(?:[^"\\\n]|\\.)*"'
TOKEN = re.compile(
    rf"\s*(?:(?P<string>{STRING})|(?P<word>[A-Za-z_]\w*)|(?P<number>\d+(?:\.\d+)?)|(?P<mark>->|[][{{}}=,]))"
)
GRAPHVIZ = pytest.mark.skipif(shutil.which("dot") is None, reason="graphviz is not installed here")


def tokens(text: str) -> Iterator[str]:
    """The tokens of a digraph; anything else is no digraph."""
    place = 0
    text = text.rstrip()
    while place < len(text):
        found = TOKEN.match(text, place)
        assert found is not None, text[place : place + 40]
        yield found[0].strip()
        place = found.end()


def statements(text: str) -> tuple[list[str], list[tuple[str, str]]]:
    """The nodes and edges of a digraph, as it quotes them."""
    nodes, edges = [], []
    waiting = list(tokens(text))
    assert waiting[:3] == ["digraph", "imports", "{"]
    place, depth = 3, 1
    while place < len(waiting):
        token, after = waiting[place], waiting[place + 1 : place + 2]
        if token == "subgraph":
            assert re.fullmatch(r"cluster_\d+", waiting[place + 1])
            assert waiting[place + 2] == "{"
            place, depth = place + 3, depth + 1
        elif token == "}":
            place, depth = place + 1, depth - 1
        elif token == "label":
            place += 3
        elif token in ("graph", "node", "edge"):
            place = attributes(waiting, place + 1)
        elif after == ["->"]:
            edges.append((token, waiting[place + 2]))
            place = attributes(waiting, place + 3)
        else:
            nodes.append(token)
            place = attributes(waiting, place + 1)
    assert depth == 0
    return nodes, edges


def attributes(waiting: list[str], place: int) -> int:
    """Where a list of attributes ends, each a word and a value, none where there is none."""
    if waiting[place : place + 1] != ["["]:
        return place
    while waiting[place] in ("[", ","):
        name, equals, value = waiting[place + 1 : place + 4]
        assert re.fullmatch(r"[a-z]+", name)
        assert equals == "="
        assert re.fullmatch(rf"{STRING}|[A-Za-z]+", value) or value[0].isdigit()
        place += 4
    assert waiting[place] == "]"
    return place + 1


def meant(quoted: str) -> str:
    """The name that graphviz shows for a string: quotes, escapes and entities taken back."""
    assert quoted.startswith('"')
    return re.sub(r"\\(.)", r"\1", quoted[1:-1]).replace("&amp;", "&")


def says(drawing: Drawing) -> None:
    """The digraph says exactly what is drawn."""
    nodes, edges = statements(dot.render(drawing))
    assert sorted(map(meant, nodes)) == sorted(visible(node.name) for node in drawing.nodes)
    assert [(meant(one), meant(other)) for one, other in edges] == [
        (visible(edge.importer), visible(edge.imported)) for edge in drawing.edges
    ]


def test_a_shop_as_a_digraph(snapshot: SnapshotAssertion) -> None:
    view = View(kinds=(Kind.FUNCTION, Kind.TYPE_CHECKING), external=True)

    assert dot.render(shop(view)) == snapshot


def test_packages_around_one_of_them(snapshot: SnapshotAssertion) -> None:
    assert dot.render(shop(View(depth=2, around=("shop.core",)))) == snapshot


def test_a_frame_says_how_many_of_a_circle_are_not_shown() -> None:
    files = {"a.py": "import b\n", "b.py": "import c\n", "c.py": "import d\n", "d.py": "import a\n"}

    drawing = shop(View(around=("a",)), files)

    assert 'label="circle 1: 4 modules, 3 shown"' in dot.render(drawing)


def test_a_name_is_never_markup() -> None:
    says(chain(HOSTILE))


@given(st.lists(st.text(), min_size=1, max_size=8))
def test_any_name_is_a_string_of_the_grammar(called: list[str]) -> None:
    says(chain(called))


@GRAPHVIZ
def test_graphviz_shows_every_name_as_it_is() -> None:
    drawing = chain(HOSTILE)

    shown = ElementTree.fromstring(svg(dot.render(drawing)).encode())

    space = "{http://www.w3.org/2000/svg}"
    nodes = [group for group in shown.iter(f"{space}g") if group.get("class") == "node"]
    said = sorted("".join(text.text or "" for text in node.iter(f"{space}text")) for node in nodes)
    assert said == sorted(visible(name) for name in HOSTILE)


@GRAPHVIZ
def test_graphviz_draws_every_edge() -> None:
    drawing = chain(HOSTILE)

    assert svg(dot.render(drawing)).count('class="edge"') == len(drawing.edges)
