"""Which import statements a source holds, and which of them run when it is imported."""

import codecs
import warnings
from contextlib import suppress

import pytest

from selfcheck.errors import Unreadable
from selfcheck.subjects.imports.statements import Kind, Statement, statements

NOW: frozenset[Kind] = frozenset()
CALLED = frozenset({Kind.FUNCTION})
TYPED = frozenset({Kind.TYPE_CHECKING})


def plain(name: str, line: int = 1, kinds: frozenset[Kind] = NOW) -> Statement:
    """`import name`."""
    return Statement(name, None, 0, line, kinds)


def kinds_of(source: str) -> dict[str, frozenset[Kind]]:
    """For each module that a source imports, why not at once."""
    return {statement.module: statement.kinds for statement in statements(source.encode())}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import a", [plain("a")]),
        ("import a.b.c", [plain("a.b.c")]),
        ("import a.b as c, d", [plain("a.b"), plain("d")]),
        ("from a import b", [Statement("a", "b", 0, 1, NOW)]),
        ("from a.b import c as d", [Statement("a.b", "c", 0, 1, NOW)]),
        ("from a import (\n  b,\n  c,\n)", [Statement("a", "b", 0, 1, NOW), Statement("a", "c", 0, 1, NOW)]),
        ("from a import *", [Statement("a", "*", 0, 1, NOW)]),
        ("from . import a", [Statement("", "a", 1, 1, NOW)]),
        ("from .a import b", [Statement("a", "b", 1, 1, NOW)]),
        ("from ...a.b import c", [Statement("a.b", "c", 3, 1, NOW)]),
        ("from .... import a", [Statement("", "a", 4, 1, NOW)]),
        ("import a; import b\nimport c", [plain("a"), plain("b"), plain("c", 2)]),
        ("import \\\n  a", [plain("a")]),
        ("import \uff41", [plain("a")]),  # Python reads identifiers in NFKC
        ("'''import a'''  # import b\nx = 'import c'", []),
        ("__import__('a')\nimportlib.import_module('b')\nexec('import c')", []),
        ("", []),
    ],
)
def test_a_statement_is_read(source: str, found: list[Statement]) -> None:
    assert list(statements(source.encode())) == found


def test_statements_stand_in_the_order_of_the_text() -> None:
    source = "def f():\n  import a\nif x:\n  import b\nelse:\n  import c\nimport d\n"

    assert [(each.module, each.line) for each in statements(source.encode())] == [
        ("a", 2),
        ("b", 4),
        ("c", 6),
        ("d", 7),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "class A:\n  import x",
        "class A:\n  class B:\n    import x",
        "try:\n  import x\nexcept E:\n  pass",
        "try:\n  pass\nexcept E:\n  import x",
        "try:\n  pass\nexcept E:\n  pass\nelse:\n  import x",
        "try:\n  pass\nfinally:\n  import x",
        "try:\n  pass\nexcept* E:\n  import x",
        "with a as b:\n  import x",
        "match a:\n  case 1:\n    pass\n  case _:\n    import x",
        "for a in b:\n  import x",
        "for a in b:\n  pass\nelse:\n  import x",
        "while a:\n  import x",
        "while a:\n  pass\nelse:\n  import x",
        "if a:\n  import x",
        "if a:\n  pass\nelif b:\n  import x",
        "if a:\n  pass\nelif b:\n  pass\nelse:\n  import x",
        "if False:\n  import x",
        "if __name__ == '__main__':\n  import x",
        "if sys.version_info >= (3, 12):\n  import x",
        "if a: import x",
        "with a:\n  try:\n    for b in c:\n      if d:\n        match e:\n          case f:\n            class G:\n              import x\n  finally:\n    pass",
    ],
)
def test_an_import_outside_functions_runs_wherever_it_stands(source: str) -> None:
    assert kinds_of(source) == {"x": NOW}


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n  import x",
        "async def f():\n  import x",
        "def f():\n  def g():\n    import x",
        "def f():\n  class A:\n    import x",
        "class A:\n  def f(self):\n    import x",
        "class A:\n  @property\n  def f(self):\n    with a:\n      import x",
        "if a:\n  def f():\n    try:\n      import x\n    except E:\n      pass",
        "def f():\n  async with a:\n    async for b in c:\n      import x",
        "def f(): import x",
    ],
)
def test_an_import_inside_a_function_runs_when_it_is_called(source: str) -> None:
    assert kinds_of(source) == {"x": CALLED}


def test_an_import_in_a_function_under_a_guard_is_of_both_kinds() -> None:
    source = "if TYPE_CHECKING:\n  def f():\n    import a\ndef g():\n  if TYPE_CHECKING:\n    import b\n  import c\n"

    assert kinds_of(source) == {"a": CALLED | TYPED, "b": CALLED | TYPED, "c": CALLED}


@pytest.mark.parametrize(
    "condition",
    [
        "TYPE_CHECKING",
        "typing.TYPE_CHECKING",
        "t.TYPE_CHECKING",
        "a.b.TYPE_CHECKING",
        "(TYPE_CHECKING)",
        "MYPY",
        "TYPE_CHECKING is True",
        "TYPE_CHECKING == True",
        "TYPE_CHECKING is not False",
        "TYPE_CHECKING != False",
        "typing.TYPE_CHECKING is True",
        "bool(TYPE_CHECKING)",
        "not not TYPE_CHECKING",
        "TYPE_CHECKING and x",
        "x and TYPE_CHECKING",
        "x and y and typing.TYPE_CHECKING",
        "TYPE_CHECKING or MYPY",
        "(TYPE_CHECKING and x) or MYPY",
        "(checking := TYPE_CHECKING)",
        "not (not TYPE_CHECKING or x)",
    ],
)
def test_the_branch_that_a_type_checker_takes_does_not_run_and_the_other_one_does(condition: str) -> None:
    assert kinds_of(f"if {condition}:\n  import a\nelse:\n  import b\n") == {"a": TYPED, "b": NOW}


@pytest.mark.parametrize(
    "condition",
    [
        "not TYPE_CHECKING",
        "not typing.TYPE_CHECKING",
        "TYPE_CHECKING is False",
        "TYPE_CHECKING == False",
        "TYPE_CHECKING is not True",
        "not TYPE_CHECKING or x",
        "x or not TYPE_CHECKING",
        "not (TYPE_CHECKING and x)",
        "not bool(TYPE_CHECKING)",
    ],
)
def test_under_the_opposite_it_is_the_other_branch(condition: str) -> None:
    assert kinds_of(f"if {condition}:\n  import a\nelse:\n  import b\n") == {"a": NOW, "b": TYPED}


@pytest.mark.parametrize(
    "condition",
    [
        "TYPE_CHECKING or x",
        "x or TYPE_CHECKING",
        "not TYPE_CHECKING and x",
        "TYPE_CHECKINGS",
        "type_checking",
        "TYPE_CHECKING()",
        "TYPE_CHECKING.x",
        "TYPE_CHECKING[0]",
        "f(TYPE_CHECKING)",
        "'TYPE_CHECKING'",
        "TYPE_CHECKING is x",
        "TYPE_CHECKING == 2",
        "TYPE_CHECKING < True",
        "a is TYPE_CHECKING is True",
        "x if TYPE_CHECKING else y",
        "x",
        "True",
    ],
)
def test_a_condition_that_no_guard_decides_runs_both_ways(condition: str) -> None:
    assert kinds_of(f"if {condition}:\n  import a\nelse:\n  import b\n") == {"a": NOW, "b": NOW}


def test_each_branch_of_a_chain_is_decided_by_its_own_condition() -> None:
    source = (
        "if x:\n  import a\nelif TYPE_CHECKING:\n  import b\nelif y:\n  import c\nelse:\n  import d\n"
        "if not TYPE_CHECKING:\n  import e\nelif x:\n  import f\nelse:\n  import g\n"
    )

    assert kinds_of(source) == {"a": NOW, "b": TYPED, "c": NOW, "d": NOW, "e": NOW, "f": TYPED, "g": TYPED}


def test_what_stands_under_a_guard_is_under_it_however_deep() -> None:
    source = "if TYPE_CHECKING:\n  try:\n    if x:\n      class A:\n        import a\n    else:\n      import b\n  finally:\n    import c\nimport d\n"

    assert kinds_of(source) == {"a": TYPED, "b": TYPED, "c": TYPED, "d": NOW}


@pytest.mark.parametrize(
    "prelude",
    [
        "from typing import TYPE_CHECKING as TC",
        "from typing_extensions import Any, TYPE_CHECKING as TC",
        "TC = TYPE_CHECKING",
        "import typing\nTC = typing.TYPE_CHECKING",
    ],
)
def test_another_name_of_a_guard_is_a_guard(prelude: str) -> None:
    assert kinds_of(f"{prelude}\nif TC:\n  import a\nelse:\n  import b\n")["a"] == TYPED


@pytest.mark.parametrize(
    "prelude", ["TC = True", "from typing import TC", "TC = f(TYPE_CHECKING)", "TC = other.CHECKING"]
)
def test_a_name_of_something_else_is_no_guard(prelude: str) -> None:
    assert kinds_of(f"{prelude}\nif TC:\n  import a\n")["a"] == NOW


def test_a_guard_that_the_source_sets_itself_is_one() -> None:
    source = "try:\n  from typing import TYPE_CHECKING\nexcept ImportError:\n  TYPE_CHECKING = False\nif TYPE_CHECKING:\n  import a\n"

    assert kinds_of(source) == {"typing": NOW, "a": TYPED}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("# coding: latin-1\nname = 'é'\nimport a\n".encode("latin-1"), id="a declared coding"),
        pytest.param(
            b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n'\x80'\nimport a\n", id="in the second line"
        ),
        pytest.param(codecs.BOM_UTF8 + b"import a\n", id="a byte order mark"),
        pytest.param(b"import a\r\n", id="CRLF"),
        pytest.param(b"\x0cimport a\n", id="a form feed"),
        pytest.param(b"# coding: utf-7\nimport +AGE-\n", id="UTF-7"),
    ],
)
def test_a_source_is_read_as_python_reads_it(content: bytes) -> None:
    assert [statement.module for statement in statements(content)] == ["a"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"import a\ndef f(:\n", "invalid syntax (line 2)"),
        (b"import a\n  import b\n", "unexpected indent (line 2)"),
        (b"import a\nprint 1\n", "Missing parentheses in call to 'print'. Did you mean print(...)? (line 2)"),
        (b"# coding: no-such\nimport a\n", "unknown encoding: no-such"),
    ],
)
def test_a_source_that_does_not_parse_is_unreadable(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as raised:
        statements(content)

    assert str(raised.value) == f"does not parse as Python: {reason}"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"import a\0", id="NUL"),
        pytest.param(b"import a\n\0\nimport b\n", id="NUL between lines"),
        pytest.param(b"name = '\xe9'\nimport a\n", id="not UTF-8 and undeclared"),
        pytest.param(b"# coding: utf-8\nname = '\xe9'\n", id="not in the declared coding"),
        pytest.param("import a\n".encode("utf-16"), id="UTF-16"),
        pytest.param(codecs.BOM_UTF8 + b"# coding: latin-1\nimport a\n", id="a mark and another coding"),
        pytest.param(b"# coding: rot13\nvzcbeg n\n", id="rot13"),
        pytest.param(b"# coding: zip\nimport a\n", id="zip"),
        pytest.param(b"# coding: undefined\nimport a\n", id="undefined"),
        pytest.param(b"'" * 3 + b"import a\n" * 10, id="a string without end"),
        pytest.param(b"\x80\x81\x82", id="bytes"),
    ],
)
def test_what_python_refuses_is_unreadable_with_a_reason(content: bytes) -> None:
    with pytest.raises(Unreadable, match=r"^does not parse as Python: .*\w"):
        statements(content)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"x = " + b"(" * 1000 + b")" * 1000, id="1,000 brackets"),
        pytest.param(b"x = " + b"-" * 100_000 + b"1", id="100,000 signs"),
        pytest.param(b"x = a" + b".a" * 100_000, id="100,000 attributes"),
        pytest.param(b"x = 1" + b"+1" * 100_000, id="100,000 terms"),
        pytest.param(
            b"".join(b" " * depth + b"if x:\n" for depth in range(120)) + b" " * 120 + b"pass", id="120 blocks"
        ),
        pytest.param(b"if x:\n  pass\n" + b"elif x:\n  pass\n" * 20_000, id="20,000 branches"),
    ],
)
def test_no_depth_of_nesting_is_more_than_unreadable(content: bytes) -> None:
    """How deep is too deep is another with each version of Python."""
    with suppress(Unreadable):
        assert statements(content) == ()


def test_an_import_is_found_as_deep_as_python_allows() -> None:
    nested = "".join(" " * depth + "if x:\n" for depth in range(90)) + " " * 90 + "import a\n"
    chained = "if x:\n  pass\n" + "elif x:\n  pass\n" * 300 + "else:\n  import a\n"

    assert (kinds_of(nested), kinds_of(chained)) == ({"a": NOW}, {"a": NOW})


def test_the_warnings_of_a_judged_source_are_not_ours_to_give() -> None:
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        statements(b"x = '\\d'\nassert (1, 'always')\n1 is 1\n")

    assert given == []
