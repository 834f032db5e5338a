"""What modules are called, and which file an import statement means."""

import posixpath
from collections.abc import Sequence
from importlib.machinery import FileFinder, ModuleSpec, SourceFileLoader
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfcheck.facts import Facts
from selfcheck.subjects.imports import Modules, Statement, read
from selfcheck.subjects.imports.standard import is_standard
from selfcheck.subjects.imports.statements import statements
from selfcheck.trees import Memory
from tests.trees.working_copy import write

HERE = (".",)


def tree(*paths: str) -> Memory:
    """A tree of empty files."""
    return Memory(dict.fromkeys(paths, b""))


def asked(files: str, importer: str, source: str, roots: tuple[str, ...]) -> tuple[Modules, Statement]:
    """The modules of `files` and of `importer`, and the one statement of `source`."""
    (statement,) = statements(source.encode())
    return Modules(tree(*files.split(), importer), roots), statement


def targets(files: str, importer: str, source: str, roots: tuple[str, ...] = HERE) -> str:
    """Where the one statement of `source` in the file `importer` leads, among `files`."""
    modules, statement = asked(files, importer, source, roots)
    return " ".join(modules.targets(importer, statement))


@pytest.mark.parametrize(
    ("roots", "names"),
    [
        (".", {"a.py": "a", "p/__init__.py": "p", "p/b.py": "p.b", "p/q/c.py": "p.q.c"}),
        (".", {"src/p/__init__.py": "p", "src/p/a.py": "p.a", "src/b.py": "b", "lib/c.py": "c"}),
        (".", {"src/__init__.py": "src", "src/a.py": "src.a"}),
        (".", {"src.py": "src", "tools/src/a.py": "tools.src.a"}),
        ("src", {"src/p/__init__.py": "p", "src/p/a.py": "p.a", "src/b.py": "b"}),
        ("backend", {"backend/a.py": "backend.a", "backend/__init__.py": "backend"}),
        ("backend", {"backend/a.py": "backend.a", "backend/b/c.py": "backend.b.c"}),
        (
            "infra/selfcheck",
            {"infra/selfcheck/__init__.py": "selfcheck", "infra/selfcheck/cli/run.py": "selfcheck.cli.run"},
        ),
        ("infra/selfcheck/", {"infra/selfcheck/a.py": "selfcheck.a"}),
        ("./infra", {"infra/a.py": "infra.a"}),
        ("tools/run.py", {"tools/run.py": "run"}),
        ("a/src b/src", {"a/src/x.py": "x", "b/src/y.py": "y"}),
        ("a b", {"a/src/p/x.py": "p.x", "a/tests/t.py": "tests.t", "b/lib/q/y.py": "q.y", "b/z.py": "z"}),
        ("a/", {"a/src/p/__init__.py": "p", "a/src/p/src/x.py": "p.src.x", "a/lib/y.py": "y"}),
        ("a", {"a/src/__init__.py": "a.src", "a/src/x.py": "a.src.x"}),
        ("a", {"a/__init__.py": "a", "a/src/x.py": "a.src.x"}),
        (".", {"a/src/p/x.py": "a.src.p.x", "a/tests/t.py": "a.tests.t"}),
        (". a/src", {"a/src/p/x.py": "p.x", "a/tests/t.py": "a.tests.t"}),
        (".", {"a-b/c d.py": "a-b.c d", "é.py": "é"}),
        (".", {"__init__.py": "__init__", "__main__.py": "__main__"}),
    ],
)
def test_a_module_is_called_as_it_is_imported(roots: str, names: dict[str, str]) -> None:
    modules = Modules(tree(*names), tuple(roots.split()))

    assert {path: module.name for path, module in modules.by_path.items()} == names


def test_below_a_package_the_name_begins_with_the_outermost_package() -> None:
    modules = Modules(tree("p/__init__.py", "p/q/__init__.py", "p/q/r/a.py"), ("p/q/r",))

    assert modules.by_path["p/q/r/a.py"].name == "p.q.r.a"


def test_where_two_files_claim_a_name_the_package_has_it_and_the_other_is_called_by_its_path() -> None:
    names = {module.path: module.name for module in Modules(tree("a.py", "a/__init__.py"), HERE).by_path.values()}

    assert names == {"a/__init__.py": "a", "a.py": "a.py"}


def test_equal_names_below_two_roots_are_told_apart() -> None:
    modules = Modules(tree("one/src/core.py", "two/src/core.py"), ("two/src", "one/src"))

    assert {path: module.name for path, module in modules.by_path.items()} == {
        "one/src/core.py": "core",
        "two/src/core.py": "two/src/core.py",
    }


def test_only_python_files_below_the_roots_are_modules() -> None:
    files = tree("a.py", "src/b.py", "src/c.pyi", "src/d.txt", "src/e.py/x", "other/f.py", "src2/g.py", "src/h.PY")

    assert sorted(Modules(files, ("src",)).by_path) == ["src/b.py"]


def test_a_linked_file_is_no_second_module() -> None:
    files = Memory({"a.py": b""}, {"b.py": "a.py"})

    assert list(Modules(files, HERE).by_path) == ["a.py"]


@pytest.mark.parametrize(
    ("files", "importer", "source", "found"),
    [
        # Absolute, from a flat folder of scripts.
        ("b.py", "a.py", "import b", "b.py"),
        ("b.py", "a.py", "import b.c", "b.py"),
        ("b.py", "a.py", "from b import c", "b.py"),
        ("b.py", "a.py", "from b import *", "b.py"),
        ("tools/b.py", "tools/a.py", "import b", "tools/b.py"),
        ("tools/b.py b.py", "tools/a.py", "import b", "tools/b.py"),
        ("b.py", "tools/a.py", "import b", "b.py"),
        ("tools/b.py", "a.py", "import b", ""),
        # Packages.
        ("p/__init__.py p/b.py", "a.py", "import p", "p/__init__.py"),
        ("p/__init__.py p/b.py", "a.py", "import p.b", "p/b.py"),
        ("p/__init__.py p/b.py", "a.py", "from p import b", "p/b.py"),
        ("p/__init__.py p/b.py", "a.py", "from p import c", "p/__init__.py"),
        ("p/__init__.py p/b.py", "a.py", "from p import *", "p/__init__.py"),
        ("p/__init__.py p/b.py", "a.py", "from p.b import c", "p/b.py"),
        ("p/__init__.py p/b.py", "a.py", "import p.c", "p/__init__.py"),
        ("p/__init__.py p/fast.so", "a.py", "from p.fast import go", "p/__init__.py"),
        ("p/__init__.py p/b.py", "p/b.py", "from .gone import x", ""),
        ("p/__init__.py p/b.py", "p/a.py", "import b", ""),
        ("p/__init__.py p/b.py", "p/a.py", "import p.b", "p/b.py"),
        ("p/__init__.py p/q/__init__.py p/b.py", "p/q/a.py", "from p import b", "p/b.py"),
        # Namespace packages: no file for the folder itself.
        ("n/b.py", "a.py", "import n.b", "n/b.py"),
        ("n/b.py", "a.py", "from n import b", "n/b.py"),
        ("n/b.py", "a.py", "import n", ""),
        ("n/b.py", "a.py", "from n import c", ""),
        ("n/m/b.py", "a.py", "from n.m import b", "n/m/b.py"),
        # A folder without `__init__.py` inside a package.
        ("p/__init__.py p/n/b.py", "p/a.py", "from p.n import b", "p/n/b.py"),
        ("p/__init__.py p/b.py", "p/n/a.py", "from p import b", "p/b.py"),
        ("p/__init__.py p/b.py", "p/n/a.py", "from .. import b", "p/b.py"),
        # A package shadows a module of its name, and a module shadows a plain folder of its name.
        ("b.py b/__init__.py", "a.py", "import b", "b/__init__.py"),
        ("b.py b/__init__.py b/c.py", "a.py", "import b.c", "b/c.py"),
        ("b.py b/c.py", "a.py", "import b", "b.py"),
        ("b.py b/c.py", "a.py", "from b import c", "b.py"),
        ("b.py b/c.py", "a.py", "import b.c", "b.py"),
        ("p/__init__.py p/b.py p/b/c.py", "p/a.py", "from .b import c", "p/b.py"),
        # The src layout.
        ("src/p/__init__.py src/p/b.py", "src/p/a.py", "from p import b", "src/p/b.py"),
        ("src/p/__init__.py src/p/b.py", "tests/test_a.py", "from p import b", "src/p/b.py"),
        ("lib/b.py", "tests/test_a.py", "import b", "lib/b.py"),
        ("src/__init__.py src/b.py", "a.py", "import b", ""),
        ("src/__init__.py src/b.py", "a.py", "import src.b", "src/b.py"),
        # A source folder in a part of the repository serves that part, and no other.
        ("x/src/p/__init__.py x/src/p/b.py", "x/src/p/a.py", "from p import b", "x/src/p/b.py"),
        ("x/src/p/__init__.py x/src/p/b.py", "x/tests/deep/a.py", "from p import b", "x/src/p/b.py"),
        ("x/src/p/b.py y/src/p/b.py", "x/tests/a.py", "from p import b", "x/src/p/b.py"),
        ("x/src/p/b.py y/src/p/b.py", "y/tests/a.py", "from p import b", "y/src/p/b.py"),
        ("x/src/p/b.py y/src/p/b.py", "y/src/q/a.py", "from p import b", "y/src/p/b.py"),
        ("x/src/p/b.py", "z/a.py", "from p import b", ""),
        ("x/src/p/b.py x/src/__init__.py", "x/tests/a.py", "from p import b", ""),
        ("x/tests/p.py x/src/p.py", "x/tests/a.py", "import p", "x/tests/p.py"),
        ("src/p.py lib/p.py", "a.py", "import p", "src/p.py"),
        ("p/a.py src/p/b.py", "c.py", "from p import a", "p/a.py"),
        ("p/a.py src/p/b.py", "c.py", "from p import b", "src/p/b.py"),
        # Several names, each where it leads, each file once.
        ("p/__init__.py p/b.py p/c.py", "a.py", "from p import b, c", "p/b.py p/c.py"),
        ("p/__init__.py p/b.py p/c.py", "a.py", "from p import b, x, y, b", "p/b.py p/__init__.py"),
        ("n/b.py n/c/d.py", "a.py", "from n import b, c, x", "n/b.py"),
        ("p/__init__.py p/b.py", "p/a.py", "from . import b, x", "p/b.py p/__init__.py"),
        # The standard library keeps its names; a dotted name that it does not have is ours.
        ("io.py", "a.py", "import io", ""),
        ("json.py", "a.py", "import json", ""),
        ("json.py", "a.py", "from json import loads", ""),
        ("p/__init__.py p/io.py", "p/a.py", "from . import io", "p/io.py"),
        ("p/__init__.py p/io.py", "p/a.py", "from p import io", "p/io.py"),
        ("p/__init__.py p/io.py", "p/a.py", "import io", ""),
        ("io/__init__.py io/b.py", "a.py", "import io.b", "io/b.py"),
        ("json/__init__.py json/b.py", "a.py", "import json.b", ""),
        ("json/__init__.py json/decoder.py", "a.py", "from json.decoder import x", ""),
        ("os/__init__.py os/path.py", "a.py", "import os.path", ""),
        ("test/__init__.py test/b.py", "test/a.py", "from test import b", "test/b.py"),
        # What is not in the tree at all.
        ("b.py", "a.py", "import requests", ""),
        ("b.py", "a.py", "from requests import b", ""),
        ("b.py", "a.py", "from __future__ import annotations", ""),
        # Itself.
        ("", "a.py", "import a", "a.py"),
        ("p/a.py", "p/__init__.py", "from . import a", "p/a.py"),
        ("p/a.py", "p/__init__.py", "from . import b", "p/__init__.py"),
    ],
)
def test_a_statement_means_a_file(files: str, importer: str, source: str, found: str) -> None:
    assert targets(files, importer, source) == found


@pytest.mark.parametrize(
    ("importer", "source", "found"),
    [
        ("p/q/r/a.py", "from . import b", "p/q/r/b.py"),
        ("p/q/r/a.py", "from .b import x", "p/q/r/b.py"),
        ("p/q/r/a.py", "from . import nothing", "p/q/r/__init__.py"),
        ("p/q/r/a.py", "from . import *", "p/q/r/__init__.py"),
        ("p/q/r/a.py", "from .. import b", "p/q/b.py"),
        ("p/q/r/a.py", "from ..b import x", "p/q/b.py"),
        ("p/q/r/a.py", "from ..r.b import x", "p/q/r/b.py"),
        ("p/q/r/a.py", "from ... import b", "p/b.py"),
        ("p/q/r/a.py", "from ...q.r import b", "p/q/r/b.py"),
        ("p/q/r/a.py", "from .... import b", "b.py"),
        ("p/q/r/a.py", "from ....p.q import b", "p/q/b.py"),
        ("p/q/r/a.py", "from ..... import b", ""),
        ("p/q/r/a.py", "from ...... import b", ""),
        ("p/q/r/__init__.py", "from . import b", "p/q/r/b.py"),
        ("p/q/r/__init__.py", "from .. import b", "p/q/b.py"),
        ("p/q/r/__init__.py", "from ..r import b", "p/q/r/b.py"),
        ("a.py", "from . import b", "b.py"),
        ("a.py", "from .. import b", ""),
        ("a.py", "from .....p import b", ""),
    ],
)
def test_each_dot_is_a_folder_up_and_none_is_above_the_root(importer: str, source: str, found: str) -> None:
    files = "b.py p/__init__.py p/b.py p/q/__init__.py p/q/b.py p/q/r/__init__.py p/q/r/b.py"

    assert targets(files, importer, source) == found


def test_what_lies_outside_the_roots_is_no_module_of_theirs() -> None:
    assert targets("other/b.py", "p/a.py", "from other import b", ("p",)) == ""
    assert targets("p/b.py other/b.py", "p/a.py", "import b", ("p",)) == "p/b.py"


def test_a_root_finds_the_modules_of_another() -> None:
    roots = ("one/src", "two/src")

    assert targets("two/src/q/__init__.py two/src/q/b.py", "one/src/a.py", "from q import b", roots) == "two/src/q/b.py"
    assert targets("one/src/core.py two/src/core.py", "two/src/a.py", "import core", roots) == "two/src/core.py"
    assert targets("one/src/core.py two/src/core.py", "one/src/a.py", "import core", roots) == "one/src/core.py"


def test_a_root_that_has_the_name_of_a_standard_module_is_meant_by_it() -> None:
    assert targets("json/__init__.py json/b.py", "json/a.py", "import json.b", ("json",)) == "json/b.py"
    assert targets("lib/json.py", "lib/a.py", "import json", ("lib/json.py", "lib/a.py")) == "lib/json.py"


@pytest.mark.parametrize(
    ("name", "standard", "package"),
    [("os", True, True), ("json", True, True), ("io", True, False), ("requests", False, False), ("", False, False)],
)
def test_the_standard_library_is_known_by_name(name: str, standard: bool, package: bool) -> None:
    assert (is_standard(name), is_standard(name, package=True)) == (standard, package)


@pytest.mark.parametrize(
    ("files", "importer", "source", "found"),
    [
        ("b.py", "a.py", "import requests", "requests"),
        ("b.py", "a.py", "import requests.api", "requests.api"),
        ("b.py", "a.py", "from requests import get, post", "requests.get requests.post"),
        ("b.py", "a.py", "from requests.api import get", "requests.api.get"),
        ("b.py", "a.py", "from requests import *", "requests"),
        # The standard library.
        ("b.py", "a.py", "import os", "os"),
        ("b.py", "a.py", "from os import path", "os.path"),
        ("json/__init__.py", "a.py", "import json.decoder", "json.decoder"),
        ("os.py", "a.py", "import os.path", "os.path"),
        # What is ours, and what should be.
        ("b.py", "a.py", "import b", ""),
        ("b.py", "a.py", "from b import c", ""),
        ("b.py", "a.py", "import b.c", ""),
        ("p/__init__.py p/b.py", "a.py", "from p import b, c", ""),
        ("p/__init__.py", "a.py", "import p.c", ""),
        ("p/__init__.py", "a.py", "from p.c import d", ""),
        ("p/__init__.py p/c.so", "a.py", "import p.c", ""),
        ("src/p/__init__.py", "a.py", "import p.c", ""),
        ("", "p/a.py", "from . import b", ""),
        ("", "p/a.py", "from .b import c", ""),
        # A folder that is no regular package hides no distribution of its name.
        ("alembic/env.py", "a.py", "import alembic", "alembic"),
        ("alembic/env.py", "a.py", "from alembic import op", "alembic.op"),
        ("alembic/env.py", "a.py", "from alembic import env, op", "alembic.op"),
        ("alembic/env.py", "a.py", "from alembic.config import Config", "alembic.config.Config"),
        ("alembic/env.py", "a.py", "import alembic.env", ""),
    ],
)
def test_what_neither_is_ours_nor_should_be_comes_from_outside(
    files: str, importer: str, source: str, found: str
) -> None:
    modules, statement = asked(files, importer, source, HERE)

    assert " ".join(modules.outside(importer, statement)) == found


def test_a_module_of_the_repository_that_is_below_no_root_is_outside() -> None:
    modules, statement = asked("q/__init__.py q/b.py", "p/a.py", "from q import b, c", ("p",))

    assert modules.outside("p/a.py", statement) == ["q.b", "q.c"]


NONE = "there is no such module"
ABOVE = "leads above the outermost package that the module is in"


@pytest.mark.parametrize(
    ("files", "importer", "source", "found"),
    [
        # Relative.
        ("p/__init__.py", "p/a.py", "from .b import c", [(".b", NONE)]),
        ("p/__init__.py", "p/a.py", "from .b.c import d, e", [(".b.c", NONE)]),
        ("p/__init__.py p/b.py", "p/a.py", "from .b.c import d", [(".b.c", NONE)]),
        ("p/__init__.py p/q/__init__.py", "p/q/a.py", "from ..b import c", [("..b", NONE)]),
        ("n/b.py", "n/a.py", "from . import c", [(".c", NONE)]),
        ("n/b.py", "n/a.py", "from . import b, c, d", [(".c", NONE), (".d", NONE)]),
        ("n/m/b.py", "n/a.py", "from .m import b, c", [(".m.c", NONE)]),
        # Relative, above the outermost package.
        ("b.py", "a.py", "from . import b", [(".", ABOVE)]),
        ("b.py", "a.py", "from .b import c", [(".b", ABOVE)]),
        ("src/b.py", "src/a.py", "from . import b", [(".", ABOVE)]),
        ("p/__init__.py b.py", "p/a.py", "from .. import b", [("..", ABOVE)]),
        ("p/b.py", "p/__init__.py", "from .. import b", [("..", ABOVE)]),
        ("p/b.py b.py", "p/a.py", "from ..b import c", [("..b", ABOVE)]),
        ("p/b.py", "p/a.py", "from ..... import b", [(".....", ABOVE)]),
        ("src/p/__init__.py src/p/q/b.py", "src/p/q/a.py", "from ...r import b", [("...r", ABOVE)]),
        # Absolute.
        ("p/__init__.py", "a.py", "import p.b", [("p.b", "the package p has no module b")]),
        ("p/__init__.py", "p/a.py", "from p.b import c", [("p.b", "the package p has no module b")]),
        ("p/__init__.py", "a.py", "import p.b.c", [("p.b.c", "the package p has no module b")]),
        ("p/__init__.py p/q/__init__.py", "a.py", "import p.q.r", [("p.q.r", "the package p.q has no module r")]),
        ("b.py", "a.py", "import b.c", [("b.c", "the module, no package, b has no module c")]),
        ("p/__init__.py p/b.py", "a.py", "import p.b.c", [("p.b.c", "the module, no package, p.b has no module c")]),
        ("src/p/__init__.py", "tests/a.py", "import p.b", [("p.b", "the package p has no module b")]),
    ],
)
def test_what_should_be_ours_and_is_not_there_is_missing(
    files: str, importer: str, source: str, found: list[tuple[str, str]]
) -> None:
    modules, statement = asked(files, importer, source, HERE)

    assert list(modules.missing(importer, statement)) == found


@pytest.mark.parametrize(
    ("files", "importer", "source"),
    [
        # What is there.
        ("p/__init__.py p/b.py", "a.py", "import p.b"),
        ("p/__init__.py p/b.py", "p/a.py", "from . import b"),
        ("p/__init__.py", "p/q/a.py", "from .. import b"),
        ("n/m/b.py", "n/a.py", "from . import m"),
        # Names in a module or in a regular package are not modules alone.
        ("p/__init__.py", "p/a.py", "from . import b"),
        ("p/__init__.py", "a.py", "from p import b"),
        ("p/b.py", "p/a.py", "from .b import c"),
        ("n/b.py", "n/a.py", "from . import *"),
        # The top folder is a package where it says so.
        ("b.py", "__init__.py", "from . import b"),
        ("__init__.py b.py", "a.py", "from .b import c"),
        ("__init__.py b.py", "q/a.py", "from .. import b"),
        # Compiled modules, and folders of them.
        ("p/__init__.py p/b.so", "a.py", "import p.b"),
        ("p/__init__.py p/b.cpython-311-x86_64-linux-gnu.so", "p/a.py", "from .b import c"),
        ("p/__init__.py p/b.pyx", "p/a.py", "from .b import c"),
        ("p/__init__.py p/b.pyi", "a.py", "from p.b import c"),
        ("n/b.so", "n/a.py", "from . import b"),
        ("p/__init__.py p/q/b.so", "p/a.py", "from .q import b"),
        ("p/__init__.py p/q/b.so", "p/a.py", "from .q.b import c"),
        ("p/__init__.py p/q/b.so", "a.py", "import p.q.b"),
        # Namespace packages, which others may add to.
        ("n/b.py", "a.py", "import n.c"),
        ("n/b.py", "a.py", "from n import c"),
        ("n/b.py", "a.py", "from n.c import d"),
        ("p/__init__.py p/n/b.py", "a.py", "import p.n.c"),
        # Others.
        ("b.py", "a.py", "import requests.api"),
        ("b.py", "a.py", "import os.path"),
        ("os.py", "a.py", "import os.path"),
        ("xml.py", "a.py", "import xml.etree"),
        ("json/__init__.py", "a.py", "import json.decoder"),
        ("json/__init__.py", "a.py", "import json"),
    ],
)
def test_what_is_there_or_may_be_anybodys_is_not_missing(files: str, importer: str, source: str) -> None:
    modules, statement = asked(files, importer, source, HERE)

    assert list(modules.missing(importer, statement)) == []


def test_of_two_files_of_one_name_dots_of_either_are_counted_by_its_path() -> None:
    modules, statement = asked(
        "one/src/core.py two/src/b.py", "two/src/core.py", "from . import b", ("one/src", "two/src")
    )

    assert list(modules.missing("two/src/core.py", statement)) == [(".", ABOVE)]


def test_the_order_of_files_and_roots_changes_nothing() -> None:
    files = {
        "one/src/core.py": b"import a, b",
        "two/src/core.py": b"import a",
        "two/src/a.py": b"",
        "one/src/b.py": b"",
    }

    forth = read(Memory(files), Facts(), ("one/src", "two/src"))
    back = read(Memory(dict(reversed(files.items()))), Facts(), ("two/src", "one/src"))

    assert (forth.modules, forth.imports, forth.outside) == (back.modules, back.imports, back.outside)


NAME = st.sampled_from(["a", "b", "c"])
FOLDERS = st.sets(st.lists(NAME, max_size=3).map("/".join))
DOTTED = st.lists(NAME, min_size=1, max_size=3).map(".".join)


@st.composite
def _layouts(draw: st.DrawFn) -> set[str]:
    """Modules in folders, some of them packages."""
    found = {"main.py"}
    for folder in draw(FOLDERS):
        kinds = ["__init__.py"] if folder else []
        found.update(posixpath.join(folder, name) for name in draw(st.sets(st.sampled_from(["a.py", "b.py", *kinds]))))
    return found


@settings(deadline=None)
@given(files=_layouts(), module=DOTTED, name=st.one_of(st.none(), NAME))
def test_an_absolute_import_means_what_python_finds(
    tmp_path_factory: pytest.TempPathFactory, files: set[str], module: str, name: str | None
) -> None:
    root = write(tmp_path_factory.mktemp("layout"), dict.fromkeys(files, b""))
    source = f"import {module}" if name is None else f"from {module} import {name}"

    assert targets(" ".join(files), "main.py", source) == _python_finds(root, module, name)


def _python_finds(root: Path, module: str, name: str | None) -> str:
    """The file that Python's own finder gives last, without running anything."""
    way = _way(module, root)
    within = _way(f"{module}.{name}", root) if name and way[-1] else [None]
    specs = way if within[-1] is None or within[-1].origin is None else within
    if specs[-1] is None:
        origin = next((spec.origin for spec in reversed(specs) if spec and spec.origin), None)
    else:
        origin = specs[-1].origin
    return Path(origin).relative_to(root).as_posix() if origin else ""


def _way(module: str, root: Path) -> list[ModuleSpec | None]:
    """What is found for each part of the name in turn; None where nothing is, and no more."""
    way: list[ModuleSpec | None] = []
    places: Sequence[str] | None = [str(root)]
    for part in module.split("."):
        way.append(FileFinder(places[0], (SourceFileLoader, [".py"])).find_spec(part) if places else None)
        if way[-1] is None:
            break
        places = way[-1].submodule_search_locations
    return way
