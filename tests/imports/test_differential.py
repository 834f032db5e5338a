"""What is read of a source is what Python's own parser reads in it: in made sources, broken ones and large packages."""

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from selfcheck.errors import Unreadable
from selfcheck.facts import Facts
from selfcheck.subjects.imports import BY_DEFAULT, Edges, Kind, Statement, components, read
from selfcheck.subjects.imports.scan import scan
from selfcheck.subjects.imports.statements import calls, statements
from selfcheck.subjects.imports.syntax import walk
from selfcheck.trees import Memory
from tests.imports.packages import files
from tests.imports.sources import broken, sources, tree

EVERY = tuple(kind for kind in Kind if kind is not Kind.DYNAMIC)
PARTS = [
    (name, part, parts)
    for name, parts in (
        ("homeassistant", 3),
        ("sympy", 4),
        ("django", 1),
        ("sqlalchemy", 1),
        ("pip", 1),
        ("setuptools", 1),
    )
    for part in range(parts)
]
"""A large package is read in several tests, so that each core has its share."""

making = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


def found_in(content: bytes) -> tuple[Statement, ...] | str:
    """The statements, or why there are none."""
    try:
        return statements(content)
    except Unreadable as error:
        return str(error)


@making
@given(content=sources())
def test_of_a_made_source_the_statements_are_those_of_its_syntax_tree(content: bytes) -> None:
    parsed = tree(content)
    event(f"parses: {parsed is not None}, scanned: {scan(content) is not None}")

    if parsed is not None:
        assert statements(content) == tuple(walk(parsed, dynamic=False))


@pytest.mark.parametrize(
    "source",
    [
        # A line within brackets that reads like a header, and one whose indentation is that of the line before.
        "def f():\n    x = {b\nif c else d:\ne}\n    import y\n",
        "def f(a={b\nif c else d:\ne}):\n    import y\n",
        "try:\n    pass\nexcept ImportError:\n    x = a[b\nif c else d:\n]\n    import y\n",
        "try:\n pass\nexcept:\n async\\\ndef f():\n  import x\n",
        "try:\n pass\nexcept:\n if x:\n  \\\ndef f():\n   import x\n",
        # A line at the begin of a column that goes on from the one before.
        'try:\n import a\n x = """\nb"""\nexcept ImportError:\n x\n',
        "try:\n from . import (\nb)\nexcept ImportError:\n x\n",
        "try:\n import a\n x = (\nb)\nexcept ImportError:\n x\n",
        "try:\n import a\n x = 1 + \\\n2\nexcept ImportError:\n x\n",
        # Nothing at the begin of a line.
        "def f():import a\n",
        "try:\n def f():import a\nexcept () as e: x\n",
        "x = 1;import a\n",
        # A line in a string that begins like a statement makes up for one that is not at the begin of a line.
        '"""\nfrom the list"""\nif x: import a\n',
        'def e():\n    if x: import y\n    """\nfrom"""\n    import z\n',
        "if x: import z\n'''\nfrom\nimport'''\n",
        # Names in other spellings.
        "def f():\n  try: x\n  except s . ImportError:\n    import b\n",
        "try:\n  import a\nexcept \uff29mportError:\n  x\n",
        "if TYPE_CHECKIN\uff27:\n  import a\n",
        # A function is called when nobody catches any more.
        "try:\n  def f():\n    import a\nexcept ImportError:\n  x\n",
    ],
)
def test_what_once_misled_the_scan_does_so_no_more(source: str) -> None:
    content = f"{source}\n#{'.' * 4000}\n".encode()

    assert statements(content) == _by_syntax(content)


@making
@given(content=sources())
def test_of_a_made_source_the_calls_are_those_of_its_syntax_tree(content: bytes) -> None:
    parsed = tree(content)

    if parsed is not None:
        assert calls(content) == tuple(each for each in walk(parsed) if each.flags & Kind.DYNAMIC.bit)


@making
@given(content=broken())
def test_a_broken_source_is_read_or_unreadable_and_the_same_each_time(content: bytes) -> None:
    parsed, found = tree(content), found_in(content)
    event(f"parses: {parsed is not None}, read: {not isinstance(found, str)}")

    assert found == found_in(content)
    assert found if isinstance(found, str) else all(each.line > 0 for each in found)
    if parsed is not None:
        assert found == tuple(walk(parsed, dynamic=False))


@making
@given(content=st.binary(max_size=2000), padding=st.sampled_from([0, 500, 4000]))
def test_bytes_are_read_or_unreadable_and_the_same_each_time(content: bytes, padding: int) -> None:
    content += b"\n#" + b"." * padding

    assert found_in(content) == found_in(content)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "part", "parts"), PARTS)
def test_of_a_package_the_statements_are_those_of_its_syntax_trees(
    request: pytest.FixtureRequest, name: str, part: int, parts: int
) -> None:
    found = sorted((path, content) for path, content in files(request.config, name).items() if path.endswith(".py"))

    differing = [path for path, content in found[part::parts] if statements(content) != _by_syntax(content)]

    assert differing == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["django", "sympy", "homeassistant"])
def test_most_sources_of_a_package_are_scanned(request: pytest.FixtureRequest, name: str) -> None:
    found = [content for path, content in files(request.config, name).items() if path.endswith(".py")]

    scanned = sum(scan(content) is not None for content in found)

    assert scanned / len(found) > 0.75


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "modules", "every", "by_default"),
    [
        ("django", 885, (14, 227), [36, 14, 3, 3, 3, 2]),
        ("sympy", 1532, (9, 580), [250, 11, 11, 10, 8, 6, 6, 4, 3, 3, 2, 2, 2, 2]),
        ("sqlalchemy", 258, (6, 157), [10, 8, 7, 7, 5, 4, 3]),
        ("homeassistant", 6725, (34, 412), [16, 5, 5, 3, 3, 2, 2, 2, 2, 2, 2]),
    ],
)
def test_the_components_of_a_package_are_those_that_are_known(
    request: pytest.FixtureRequest, name: str, modules: int, every: tuple[int, int], by_default: list[int]
) -> None:
    graph = read(Memory(files(request.config, name)), Facts(), (name,))

    counted = _sizes(graph.edges(EVERY))
    assert (len(graph.modules), graph.unread, graph.unresolved) == (modules, (), ())
    assert (len(counted), sum(counted)) == every
    assert _sizes(graph.edges(BY_DEFAULT)) == by_default


def _sizes(edges: Edges) -> list[int]:
    return sorted(map(len, components(edges)), reverse=True)


def _by_syntax(content: bytes) -> tuple[Statement, ...]:
    parsed = tree(content)
    assert parsed is not None
    return tuple(walk(parsed, dynamic=False))
