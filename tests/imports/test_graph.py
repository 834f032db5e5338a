"""The imports of a tree, the edges that count, and what is neither there nor ours."""

import pytest

from selfcheck.facts import Facts
from selfcheck.model import Unread
from selfcheck.subjects.imports import BY_DEFAULT, Graph, Import, Kind, Module, Unresolved, read
from selfcheck.subjects.imports.kinds import mask
from selfcheck.trees import Memory

NOW: frozenset[Kind] = frozenset()
PACKAGES = dict.fromkeys(("p/__init__.py", "p/q/__init__.py", "p/q/r.py", "n/m/b.py"), "")


def graph_of(files: dict[str, str], *, dynamic: bool = False) -> Graph:
    """The graph of these sources."""
    return read(Memory({path: text.encode() for path, text in files.items()}), Facts(), (".",), dynamic=dynamic)


def test_an_edge_is_the_first_import_whose_kinds_all_count() -> None:
    source = "def f():\n  import b\nif TYPE_CHECKING:\n  import b\nimport b\nimport b\n"
    graph = graph_of({"a.py": source, "b.py": ""})

    lines = {
        kinds: edges["a"]["b"].line
        for kinds in (NOW, frozenset({Kind.FUNCTION}), frozenset({Kind.TYPE_CHECKING}), frozenset(Kind))
        if (edges := graph.edges(kinds))
    }

    assert lines == {NOW: 5, frozenset({Kind.FUNCTION}): 2, frozenset({Kind.TYPE_CHECKING}): 4, frozenset(Kind): 2}


def test_an_import_of_two_kinds_counts_where_both_do() -> None:
    graph = graph_of({"a.py": "def f():\n  try:\n    import b\n  except ImportError:\n    pass\n", "b.py": ""})

    counted = [kinds for kinds in ((), (Kind.FUNCTION,), (Kind.GUARDED,), tuple(Kind)) if graph.edges(kinds)]

    assert counted == [tuple(Kind)]


@pytest.mark.parametrize(
    ("source", "counts"),
    [
        ("import b", True),
        ("try:\n  import b\nexcept ImportError:\n  pass", True),
        ("from b import *", True),
        ("def f():\n  import b", False),
        ("if TYPE_CHECKING:\n  import b", False),
        ("import_module('b')", False),
    ],
)
def test_by_default_every_top_level_statement_that_runs_counts(source: str, counts: bool) -> None:
    graph = graph_of({"a.py": source, "b.py": ""}, dynamic=True)

    assert bool(graph.edges(BY_DEFAULT)) is counts
    assert [each.counts(mask(BY_DEFAULT)) for each in graph.imports] == [counts]


def test_calls_are_in_the_graph_where_they_are_asked_for() -> None:
    files = {"a.py": "import_module('b')\n__import__('c')\nimport b\n", "b.py": ""}

    without, with_calls = graph_of(files), graph_of(files, dynamic=True)

    assert [(each.line, each.flags) for each in without.imports] == [(3, 0)]
    assert [(each.line, each.flags) for each in with_calls.imports] == [(3, 0), (1, Kind.DYNAMIC.bit)]
    assert with_calls.outside == (Import("a", "c", "a.py", 2, Kind.DYNAMIC.bit),)
    assert (without.statements, with_calls.statements) == (1, 3)


def test_a_source_that_is_not_read_is_unread_once() -> None:
    assert len(graph_of({"a.py": "import_module('b'\n"}, dynamic=True).unread) == 1


def test_each_kind_is_a_bit_of_its_own() -> None:
    assert [kind.bit for kind in Kind] == [1, 2, 4, 8, 16, 32]
    assert (mask(()), mask((Kind.STAR, Kind.STAR, Kind.FUNCTION)), mask(Kind)) == (0, 33, 63)


def test_a_module_that_imports_itself_has_no_edge() -> None:
    graph = graph_of({"a.py": "import a\n", "p/__init__.py": "from . import x\nimport p\n"})

    assert graph.edges(NOW) == {}


def test_a_graph_is_modules_imports_what_is_outside_and_what_is_nowhere() -> None:
    graph = graph_of(
        {
            "p/__init__.py": "import os, requests.api\nfrom .a import *\n",
            "p/a.py": "from p import b, x\nfrom . import c\n",
            "p/b.py": "\nfrom .nothing import y\nimport p.gone\n",
            "p/c.py": "def broken(:\n",
            "p/d.txt": "import p",
        }
    )

    assert dict(graph.modules) == {
        "p": Module("p/__init__.py", "p"),
        "p.a": Module("p/a.py", "p.a"),
        "p.b": Module("p/b.py", "p.b"),
        "p.c": Module("p/c.py", "p.c"),
    }
    assert graph.imports == (
        Import("p", "p.a", "p/__init__.py", 2, Kind.STAR.bit),
        Import("p.a", "p.b", "p/a.py", 1, 0),
        Import("p.a", "p", "p/a.py", 1, 0),
        Import("p.a", "p.c", "p/a.py", 2, 0),
        Import("p.b", "p", "p/b.py", 3, 0),
    )
    assert graph.outside == (
        Import("p", "os", "p/__init__.py", 1, 0),
        Import("p", "requests.api", "p/__init__.py", 1, 0),
    )
    assert graph.unresolved == (
        Unresolved("p.b", "p/b.py", 2, 0, ".nothing", "there is no such module"),
        Unresolved("p.b", "p/b.py", 3, 0, "p.gone", "the package p has no module gone"),
    )
    assert graph.unread == (Unread("p/c.py", "does not parse as Python: invalid syntax (line 1)"),)
    assert graph.statements == 8


def test_an_import_between_modules_outside_and_unresolved_keeps_its_kinds() -> None:
    graph = graph_of({"p/__init__.py": "def f():\n  import p.a\n  import os\n  from .b import c\n", "p/a.py": ""})

    found = [[each.flags for each in several] for several in (graph.imports, graph.outside, graph.unresolved)]

    assert found == [[Kind.FUNCTION.bit]] * 3


@pytest.mark.parametrize(
    ("importer", "source", "found"),
    [
        ("a.py", "import p.q.r", ["p.q.r", "p", "p.q"]),
        ("a.py", "from p.q import r", ["p.q.r", "p", "p.q"]),
        ("a.py", "import p.q", ["p.q", "p"]),
        ("a.py", "import p", ["p"]),
        # What the importer is in has run before it.
        ("p/a.py", "import p.q.r", ["p.q.r", "p.q"]),
        ("p/q/a.py", "import p.q.r", ["p.q.r"]),
        ("p/q/a.py", "from . import r", ["p.q.r"]),
        ("p/q/a.py", "from .. import x", ["p"]),
        # A folder that is no regular package has nothing that runs.
        ("a.py", "import n.m.b", ["n.m.b"]),
        # Names that only begin alike.
        ("pp.py", "import p.q.r", ["p.q.r", "p", "p.q"]),
    ],
)
def test_with_ancestors_an_import_leads_also_to_the_packages_above_what_it_names(
    importer: str, source: str, found: list[str]
) -> None:
    graph = graph_of({**PACKAGES, importer: source})

    (edges,) = graph.edges(NOW, ancestors=True).values()

    assert list(edges) == found
    assert {(each.path, each.line) for each in edges.values()} == {(importer, 1)}


def test_an_edge_to_an_ancestor_is_of_the_kinds_of_its_import() -> None:
    graph = graph_of({**PACKAGES, "a.py": "if TYPE_CHECKING:\n  import p.q.r\n"})

    assert graph.edges(NOW, ancestors=True) == {}
    assert list(graph.edges((Kind.TYPE_CHECKING,), ancestors=True)["a"]) == ["p.q.r", "p", "p.q"]


def test_an_import_by_name_is_the_edge_before_one_as_an_ancestor() -> None:
    graph = graph_of({**PACKAGES, "a.py": "import p.q.r\nimport p\n"})

    assert graph.edges(NOW, ancestors=True)["a"]["p"].line == 1
    assert graph.edges(NOW)["a"]["p"].line == 2
