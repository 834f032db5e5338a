"""Which import statements the bytes of a source hold, and which bytes are no source."""

import codecs
import warnings
from contextlib import suppress

import pytest

from selfcheck.errors import Unreadable
from selfcheck.facts import Facts
from selfcheck.subjects.imports import STATEMENTS, Kind, Statement
from selfcheck.subjects.imports.statements import calls, statements
from selfcheck.trees import Memory

STAR, LAZY, CALLED = Kind.STAR.bit, Kind.LAZY.bit, Kind.FUNCTION.bit
GUARDED, TYPED = Kind.GUARDED.bit, Kind.TYPE_CHECKING.bit


def read(source: str) -> list[Statement]:
    """What a source imports."""
    return list(statements(source.encode()))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import a", [Statement(1, 0, 0, "a")]),
        ("import a.b.c", [Statement(1, 0, 0, "a.b.c")]),
        ("import a.b as c, d", [Statement(1, 0, 0, "a.b"), Statement(1, 0, 0, "d")]),
        ("import a, a", [Statement(1, 0, 0, "a"), Statement(1, 0, 0, "a")]),
        ("import a . b", [Statement(1, 0, 0, "a.b")]),
        ("from a import b", [Statement(1, 0, 0, "a", ("b",))]),
        ("from a.b import c as d", [Statement(1, 0, 0, "a.b", ("c",))]),
        ("from a import b as c, d, e as f", [Statement(1, 0, 0, "a", ("b", "d", "e"))]),
        ("from a import (\n  b,\n  c,\n)", [Statement(1, 0, 0, "a", ("b", "c"))]),
        ("from a import (b)", [Statement(1, 0, 0, "a", ("b",))]),
        ("from a import(b,c)", [Statement(1, 0, 0, "a", ("b", "c"))]),
        (
            "\nfrom a import (  # import x\n  b as c,  # and (this)\n\n# import d\n  e)  # import f",
            [Statement(2, 0, 0, "a", ("b", "e"))],
        ),
        ("from a import *", [Statement(1, STAR, 0, "a", ("*",))]),
        ("from a import*", [Statement(1, STAR, 0, "a", ("*",))]),
        ("from . import a", [Statement(1, 0, 1, "", ("a",))]),
        ("from . import *", [Statement(1, STAR, 1, "", ("*",))]),
        ("from.import a", [Statement(1, 0, 1, "", ("a",))]),
        ("from .a import b", [Statement(1, 0, 1, "a", ("b",))]),
        ("from.a import b", [Statement(1, 0, 1, "a", ("b",))]),
        ("from . a import b", [Statement(1, 0, 1, "a", ("b",))]),
        ("from . . a . b import c", [Statement(1, 0, 2, "a.b", ("c",))]),
        ("from ...a.b import c", [Statement(1, 0, 3, "a.b", ("c",))]),
        ("from .... import a", [Statement(1, 0, 4, "", ("a",))]),
        ("from ... . import a", [Statement(1, 0, 4, "", ("a",))]),
        ("import a; import b\nimport c", [Statement(1, 0, 0, "a"), Statement(1, 0, 0, "b"), Statement(2, 0, 0, "c")]),
        ("import a;from b import c;", [Statement(1, 0, 0, "a"), Statement(1, 0, 0, "b", ("c",))]),
        ("x = 1; import a", [Statement(1, 0, 0, "a")]),
        ("x = '''\n'''; import a", [Statement(2, 0, 0, "a")]),
        ("import \\\n  a", [Statement(1, 0, 0, "a")]),
        ("\\\nimport a", [Statement(2, 0, 0, "a")]),
        ("from \\\n  a \\\n  import \\\n  b, \\\n  c", [Statement(1, 0, 0, "a", ("b", "c"))]),
        ("import a.\\\nb", [Statement(1, 0, 0, "a.b")]),
        ("import\ta\tas\tb", [Statement(1, 0, 0, "a")]),
        ("import a # as b", [Statement(1, 0, 0, "a")]),
        ("import a#as b", [Statement(1, 0, 0, "a")]),
        ("import \uff41", [Statement(1, 0, 0, "a")]),  # Python reads identifiers in NFKC
        ("from \uff41.\ufb01 import \u2160", [Statement(1, 0, 0, "a.fi", ("I",))]),
        ("import é.ß", [Statement(1, 0, 0, "é.ß")]),
        ("import match, case, type, _", [Statement(1, 0, 0, name) for name in ("match", "case", "type", "_")]),
        ("import lazy", [Statement(1, 0, 0, "lazy")]),
        ("from lazy import lazy", [Statement(1, 0, 0, "lazy", ("lazy",))]),
        ("lazy = 1\nimport a", [Statement(2, 0, 0, "a")]),
        ("'''import a'''  # import b\nx = 'import c'", []),
        ("x = (\n'\\\n import a')", []),
        ("x = '\\\nimport a'", []),
        ("x = '''\\'''\nimport a\n'''", []),
        ("x = r'''\\'''\nimport a\n'''", []),
        ("x = r'\\'\\\n'\nimport a\n'", None),
        ("# '''\nimport a\n# '''", [Statement(2, 0, 0, "a")]),
        ("x = '#'\nimport a", [Statement(2, 0, 0, "a")]),
        ("x = '\"'\nimport a\ny = '\"'", [Statement(2, 0, 0, "a")]),
        ("x = {\n'import': 1}\nx.important(a)", []),
        (">>> import a", None),
        ("exec('import c')", []),
        ("imports = 1\nfrom_ = 2", []),
        ("def f():\n  yield from a\n  raise b from c", []),
        ("def f():\n  yield from\\\n  a", []),
        ("", []),
        ("\n", []),
        ("#", []),
        ("\\\n", None),
    ],
)
def test_a_statement_is_read(source: str, found: list[Statement] | None) -> None:
    if found is None:
        with pytest.raises(Unreadable):
            read(source)
    else:
        assert read(source) == found


def test_statements_stand_in_the_order_of_the_text() -> None:
    source = "def f():\n  import a\nif x:\n  import b\nelse:\n  import c\nimport d\n"

    assert [(each.module, each.line) for each in read(source)] == [("a", 2), ("b", 4), ("c", 6), ("d", 7)]


@pytest.mark.parametrize(
    ("found", "spelled"),
    [
        (Statement(1, 0, 0, "a.b"), "import a.b"),
        (Statement(1, 0, 0, "a", ("b", "c")), "from a import b, c"),
        (Statement(1, 0, 2, "a", ("b",)), "from ..a import b"),
        (Statement(1, 0, 1, "", ("*",)), "from . import *"),
    ],
)
def test_a_statement_is_spelled_as_in_python(found: Statement, spelled: str) -> None:
    assert str(found) == spelled


def test_a_statement_survives_the_store_of_facts() -> None:
    (file,) = Memory({"a.py": b"from ..a import b, c\ndef f():\n  import d\n"}).files()

    ((_, found),) = Facts().of(STATEMENTS, (file,))

    assert found == (Statement(1, 0, 2, "a", ("b", "c")), Statement(3, CALLED, 0, "d"))


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


@pytest.mark.parametrize("padding", ["", f"\n#{'.' * 4000}\n"], ids=["short", "long"])
@pytest.mark.parametrize(
    ("source", "found"),
    [
        # PEP 695 and 696: type parameters and `type`, 3.12 and 3.13.
        ("def f[T](x: T) -> T:\n  import a\nimport b", {"a": (2, CALLED), "b": (3, 0)}),
        ("async def f[T: (int, str), *Ts, **P](x):\n  import a", {"a": (2, CALLED)}),
        ("def f[\n  T,\n  U: 'import x',\n](\n  x,\n):\n  import a\nimport b", {"a": (7, CALLED), "b": (8, 0)}),
        ("class A[T]:\n  import a\n  def f[U](self): import b", {"a": (2, 0), "b": (3, CALLED)}),
        ("class A[T = int, *Ts = *tuple[int, ...], **P = [int]]: import a", {"a": (1, 0)}),
        ("try:\n  class A[T]: import a\nexcept ImportError: pass", {"a": (2, GUARDED)}),
        ("type X = int\nimport a", {"a": (2, 0)}),
        ("type X[T] = list[T]\nimport a", {"a": (2, 0)}),
        ("type X[\n T\n] = (\n list[T]\n)\nimport a", {"a": (6, 0)}),
        ("import a; type X = int; import b", {"a": (1, 0), "b": (1, 0)}),
        ("def f():\n  type X = int; import a", {"a": (2, CALLED)}),
        # PEP 701: any expression within an f-string, 3.12.
        ("x = f'{a['b']}'\nimport a", {"a": (2, 0)}),
        ("x = f'{a['b']}'; import a", {"a": (1, 0)}),
        ("def f():\n  x = f'{'\\n'.join(a)}'\n  import a", {"a": (3, CALLED)}),
        ('x = f"{f"{f"{1}"}"}"\nimport a', {"a": (2, 0)}),
        ("x = f'{\n  a  # a comment }\n}'\nimport a", {"a": (4, 0)}),
        ("x = f'''{\n'''\nimport x\n'''\n}'''\nimport a", {"a": (6, 0)}),
        ("f'{'import b'}'\nimport a", {"a": (2, 0)}),
        # PEP 750: template strings, 3.14.
        ("x = t'{a}'\nimport a", {"a": (2, 0)}),
        ("x = t'''\nimport b\n{a}'''\nimport a", {"a": (4, 0)}),
        ("x = rt'{a['b']}\\d'\nimport a", {"a": (2, 0)}),
        # PEP 758: several exceptions without parentheses, 3.14.
        ("try:\n  import a\nexcept A, B:\n  import b", {"a": (2, 0), "b": (4, 0)}),
        ("try:\n  import a\nexcept ImportError, B:\n  import b", {"a": (2, GUARDED), "b": (4, GUARDED)}),
        ("try:\n  import a\nexcept* A, ImportError:\n  import b", {"a": (2, GUARDED), "b": (4, GUARDED)}),
        ("try: import a\nexcept A, B, C: import b\nfinally: import c", {"a": (1, 0), "b": (2, 0), "c": (3, 0)}),
        # PEP 765: `return` in `finally` is a warning, 3.14.
        ("try:\n  pass\nfinally:\n  return\nimport a", {"a": (5, 0)}),
        # PEP 798: unpacking in comprehensions, 3.15.
        ("x = [*y for y in z]\nimport a", {"a": (2, 0)}),
        # PEP 810: lazy imports, 3.15.
        ("lazy import a", {"a": (1, LAZY)}),
        ("lazy import a.b as c, d", {"a.b": (1, LAZY), "d": (1, LAZY)}),
        ("lazy from a import b, c", {"a": (1, LAZY)}),
        ("lazy from . import (b,\n c)\nimport d", {"": (1, LAZY), "d": (3, 0)}),
        ("lazy  import a", {"a": (1, LAZY)}),
        ("if x:\n  lazy import a\nelse:\n  import b", {"a": (2, LAZY), "b": (4, 0)}),
        ("x = 1; lazy import a\nimport b", {"a": (1, LAZY), "b": (2, 0)}),
        ("if x: lazy import a\nimport b", {"a": (1, LAZY), "b": (2, 0)}),
        ("lazy import a; import b; lazy from c import d", {"a": (1, LAZY), "b": (1, 0), "c": (1, LAZY)}),
        ("if TYPE_CHECKING:\n  lazy import a", {"a": (2, LAZY | TYPED)}),
        ("x = '''\nlazy import b\n'''\nlazy import a", {"a": (4, LAZY)}),
        ("# lazy import b\nlazy import a  # lazy import c", {"a": (2, LAZY)}),
        ("lazy = 1\nlazy import a\nlazy\nlazy.x\nlazy(x)", {"a": (2, LAZY)}),
        # PEP 646 and 654, read by every Python that runs this.
        ("def f(*args: *Ts): import a\nx[*a]", {"a": (1, CALLED)}),
        ("try:\n  import a\nexcept* ImportError:\n  import b", {"a": (2, GUARDED), "b": (4, GUARDED)}),
        # Several at once.
        (
            "def f[T](\n  x\n): pass\nlazy import a\ntry:\n  import b\nexcept ImportError, E:\n  x = t'{a['b']}'\n",
            {"a": (4, LAZY), "b": (6, GUARDED)},
        ),
    ],
)
def test_a_source_newer_than_the_python_that_runs_is_read(
    source: str, found: dict[str, tuple[int, int]], padding: str
) -> None:
    assert {each.module: (each.line, each.flags) for each in read(source + padding)} == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("type X = import_module('a')\n", [Statement(1, Kind.DYNAMIC.bit, 0, "a")]),
        ("def f[T]():\n  import_module('a')\n", [Statement(2, Kind.DYNAMIC.bit | CALLED, 0, "a")]),
        ("lazy import b\nimport_module('a')\n", [Statement(2, Kind.DYNAMIC.bit, 0, "a")]),
    ],
)
def test_the_calls_of_a_newer_source_are_read(source: str, found: list[Statement]) -> None:
    assert list(calls(source.encode())) == found


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("type X = int\nimport a\ndef f(:\n", 3),
        ("lazy import a\nx = (\n", 2),
        ("x = f'{a['b']}'\nimport\n", 2),
        ("def f[T](): pass\n  import a\n", 2),
        ("import a\nfrom b import\n", 2),
        ("import a\nfrom b import (c, d\n", 2),
        ("import a\nimport b.\n", 2),
        ("import a\nimport b as\n", 2),
        ("import a\nimport class\n", 2),
        ("import a\nfrom b import c,\n", 2),
        ("import a\nfrom b import ()\n", 2),
        ("import a\nfrom b import *, c\n", 2),
        ("import a\nfrom import c\n", 2),
        ("import a\nimport *\n", 2),
        ("import a\nimport .b\n", 2),
        ("import a b\n", 1),
    ],
)
@pytest.mark.parametrize("padding", ["", f"\n#{'.' * 4000}\n"], ids=["short", "long"])
def test_a_source_that_no_python_reads_is_unreadable_with_its_line(source: str, line: int, padding: str) -> None:
    with pytest.raises(Unreadable, match=rf"^does not parse as Python: .*\(line {line}\)$"):
        read(source + padding)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"import a\ndef f(:\n", "invalid syntax (line 2)"),
        (b"import a\n  import b\n", "unexpected indent (line 2)"),
        (b"import a\ntype X\n", "invalid syntax (line 2)"),
        (b"import a\nlazy imports b\n", "invalid syntax (line 2)"),
        (b"try:\n  pass\nexcept A, B\n  pass\n", "invalid syntax (line 3)"),
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

    assert [(each.module, each.flags) for each in (*read(nested), *read(chained))] == [("a", 0), ("a", 0)]


def test_the_warnings_of_a_judged_source_are_not_ours_to_give() -> None:
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        statements(b"x = '\\d'\nassert (1, 'always')\n1 is 1\n")

    assert given == []
