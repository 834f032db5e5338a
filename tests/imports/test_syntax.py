"""Of what kind an import is, by the syntax around it: read from a syntax tree, and as every reading must have it."""

import ast
from collections.abc import Callable, Sequence

import pytest

from selfcheck.subjects.imports import Kind, Statement
from selfcheck.subjects.imports.statements import calls, statements
from selfcheck.subjects.imports.syntax import walk

Reading = Callable[[str], Sequence[Statement]]

NOW: frozenset[Kind] = frozenset()
CALLED = frozenset({Kind.FUNCTION})
TYPED = frozenset({Kind.TYPE_CHECKING})
GUARDED = frozenset({Kind.GUARDED})
DYNAMIC = frozenset({Kind.DYNAMIC})


@pytest.fixture(params=["syntax", "short", "long"])
def reading(request: pytest.FixtureRequest) -> Reading:
    """Each test holds for the reference and for what is used, which scans no short source."""
    match request.param:
        case "syntax":
            return lambda source: walk(ast.parse(source))
        case "short":
            return read
        case _:
            return lambda source: read(f"{source}\n#{'.' * 4000}\n")


def read(source: str) -> Sequence[Statement]:
    """Statements and calls, as they are used."""
    content = source.encode()
    return sorted((*statements(content), *calls(content)), key=lambda each: each.line)


def kinds(flags: int) -> frozenset[Kind]:
    """The flags as a set."""
    return frozenset(kind for kind in Kind if flags & kind.bit)


def kinds_of(found: Sequence[Statement]) -> dict[str, frozenset[Kind]]:
    """For each module that is imported, of what kinds its import is."""
    return {statement.module: kinds(statement.flags) for statement in found}


@pytest.mark.parametrize(
    "source",
    [
        "import x",
        "import x as y",
        "from x import y",
        "class A:\n  import x",
        "class A:\n  class B:\n    import x",
        "try:\n  import x\nexcept E:\n  pass",
        "try:\n  pass\nexcept E:\n  import x",
        "try:\n  pass\nexcept E:\n  pass\nelse:\n  import x",
        "try:\n  pass\nfinally:\n  import x",
        "try:\n  pass\nexcept* E:\n  import x",
        "with a as b:\n  import x",
        "with a: import x",
        "async with a:\n  import x",
        "match a:\n  case 1:\n    pass\n  case _:\n    import x",
        "match a:\n  case _: import x",
        "for a in b:\n  import x",
        "for a in b: import x",
        "for a in b:\n  pass\nelse:\n  import x",
        "async for a in b:\n  import x",
        "while a:\n  import x",
        "while a:\n  pass\nelse:\n  import x",
        "if a:\n  import x",
        "if a:\n  pass\nelif b:\n  import x",
        "if a:\n  pass\nelif b:\n  pass\nelse:\n  import x",
        "if False:\n  import x",
        "if __name__ == '__main__':\n  import x",
        "if sys.version_info >= (3, 12):\n  import x",
        "if a: import x",
        "class A: import x",
        "def f(): pass\nimport x",
        "def f():\n  pass\nimport x",
        "def f(): return 1; y = 2\nimport x",
        "class A:\n  def f(self):\n    pass\n  import x",
        "def f(\n  a,\n  b,\n):\n  pass\nimport x",
        "def f():\n  pass\n# a comment\n\nimport x",
        "def f():\n  '''\n'''\nimport x",
        "def f():\n  x = (\n)\nimport x",
        "f = lambda: 1\nimport x",
        "with a:\n try:\n  for b in c:\n   if d:\n    match e:\n     case f:\n      class G:\n       import x\n finally:\n  pass",
    ],
)
def test_an_import_outside_functions_runs_wherever_it_stands(reading: Reading, source: str) -> None:
    assert kinds_of(reading(source)) == {"x": NOW}


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n  import x",
        "async def f():\n  import x",
        "async  def f():\n  import x",
        "def f():\n  def g():\n    import x",
        "def f():\n  class A:\n    import x",
        "class A:\n  def f(self):\n    import x",
        "class A:\n  @property\n  def f(self):\n    with a:\n      import x",
        "if a:\n  def f():\n    try:\n      import x\n    except E:\n      pass",
        "def f():\n  async with a:\n    async for b in c:\n      import x",
        "def f(): import x",
        "def f(): pass; import x",
        "def f(a: int = (1)) -> {'b': [c]}: import x",
        "def f(\n  a,\n  b=':',  # ):\n) -> None:\n  import x",
        "def f(\na,\nb,\n):\n  import x",
        "def f(a='''\n''', b=1):\n  import x",
        "def f() \\\n:\n  import x",
        "def f():\n  a = '''\n'''\n  import x",
        "def f():\n  a = (\n)\n  import x",
        "def f():\n# a comment that is not indented\n  import x",
        "def f():\n  '''A text.\n\nimport y\n'''\n  import x",
        "def f():\n  if a:\n    pass\n  import x",
        "def f():\n  def g(): pass\n  import x",
        "def f():\n\timport x",
        "def f():\n\tif a:\n\t    pass\n\timport x",
        "@a(\n  b\n)\ndef f():\n  import x",
        "@a\n# a comment\n@b\ndef f():\n  import x",
    ],
)
def test_an_import_inside_a_function_runs_when_it_is_called(reading: Reading, source: str) -> None:
    assert kinds_of(reading(source)) == {"x": CALLED}


def test_an_import_in_a_function_under_a_guard_is_of_both_kinds(reading: Reading) -> None:
    source = "if TYPE_CHECKING:\n  def f():\n    import a\ndef g():\n  if TYPE_CHECKING:\n    import b\n  import c\n"

    assert kinds_of(reading(source)) == {"a": CALLED | TYPED, "b": CALLED | TYPED, "c": CALLED}


@pytest.mark.parametrize(
    "condition",
    [
        "TYPE_CHECKING",
        "typing.TYPE_CHECKING",
        "t.TYPE_CHECKING",
        "a.b.TYPE_CHECKING",
        "(TYPE_CHECKING)",
        "(\n  TYPE_CHECKING\n)",
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
def test_the_branch_that_a_type_checker_takes_does_not_run_and_the_other_one_does(
    reading: Reading, condition: str
) -> None:
    found = kinds_of(reading(f"if {condition}:\n  import a\nelse:\n  import b\n"))

    assert found == {"a": TYPED, "b": NOW}


@pytest.mark.parametrize(
    "condition",
    [
        "not TYPE_CHECKING",
        "not typing.TYPE_CHECKING",
        "not(TYPE_CHECKING)",
        "TYPE_CHECKING is False",
        "TYPE_CHECKING == False",
        "TYPE_CHECKING is not True",
        "not TYPE_CHECKING or x",
        "x or not TYPE_CHECKING",
        "not (TYPE_CHECKING and x)",
        "not bool(TYPE_CHECKING)",
    ],
)
def test_under_the_opposite_it_is_the_other_branch(reading: Reading, condition: str) -> None:
    found = kinds_of(reading(f"if {condition}:\n  import a\nelse:\n  import b\n"))

    assert found == {"a": NOW, "b": TYPED}


@pytest.mark.parametrize(
    "condition",
    [
        "TYPE_CHECKING or x",
        "x or TYPE_CHECKING",
        "not TYPE_CHECKING and x",
        "TYPE_CHECKINGS",
        "NO_TYPE_CHECKING",
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
def test_a_condition_that_no_guard_decides_runs_both_ways(reading: Reading, condition: str) -> None:
    found = kinds_of(reading(f"if {condition}:\n  import a\nelse:\n  import b\n"))

    assert found == {"a": NOW, "b": NOW}


@pytest.mark.parametrize(
    "source",
    [
        "if TYPE_CHECKING: import a\nelse: import b\n",
        "if TYPE_CHECKING:  # for types: only\n  import a\nelse :\n  import b\n",
        "if TYPE_CHECKING:\n  pass; import a\nelse:\n  import b\n",
        "if TYPE_CHECKING :\n\timport a\nelse:\n\timport b\n",
        "if\\\n  TYPE_CHECKING:\n  import a\nelse:\n  import b\n",
        "if TYPE_CHECKING:\n# not indented\n\n  import a\n# not indented\nelse:\n# not indented\n  import b\n",
        "if TYPE_CHECKING:\n  import a\nelif x:\n  import b\n",
        "if TYPE_CHECKING:\n  import a\n'''a text'''; import b\n",
        "if x:\n  if TYPE_CHECKING:\n    import a\n  else:\n    import b\n",
        "if x:\n  pass\nelif TYPE_CHECKING:\n  import a\nelse:\n  import b\n",
        "for x in y:\n  if TYPE_CHECKING:\n    import a\nelse:\n  import b\n",
        "while TYPE_CHECKING:\n  if TYPE_CHECKING:\n    import a\n  break\nelse:\n  import b\n",
        "try:\n  if TYPE_CHECKING:\n    import a\nexcept E:\n  pass\nelse:\n  import b\n",
        "class A:\n  if TYPE_CHECKING:\n    import a\nimport b\n",
    ],
)
def test_a_branch_ends_where_its_block_ends(reading: Reading, source: str) -> None:
    assert kinds_of(reading(source)) == {"a": TYPED, "b": NOW}


def test_each_branch_of_a_chain_is_decided_by_its_own_condition(reading: Reading) -> None:
    source = (
        "if x:\n  import a\nelif TYPE_CHECKING:\n  import b\nelif y:\n  import c\nelse:\n  import d\n"
        "if not TYPE_CHECKING:\n  import e\nelif x:\n  import f\nelse:\n  import g\n"
    )

    found = kinds_of(reading(source))

    assert found == {"a": NOW, "b": TYPED, "c": NOW, "d": NOW, "e": NOW, "f": TYPED, "g": TYPED}


def test_what_stands_under_a_guard_is_under_it_however_deep(reading: Reading) -> None:
    source = (
        "if TYPE_CHECKING:\n  try:\n    if x:\n      class A:\n        import a\n    else:\n      import b\n"
        "  finally:\n    import c\nimport d\n"
    )

    assert kinds_of(reading(source)) == {"a": TYPED, "b": TYPED, "c": TYPED, "d": NOW}


@pytest.mark.parametrize(
    "prelude",
    [
        "from typing import TYPE_CHECKING as TC",
        "from typing_extensions import Any, TYPE_CHECKING as TC",
        "from typing import (\n  Any,\n  TYPE_CHECKING as TC,\n)",
        "TC = TYPE_CHECKING",
        "import typing\nTC = typing.TYPE_CHECKING",
    ],
)
def test_another_name_of_a_guard_is_a_guard(reading: Reading, prelude: str) -> None:
    assert kinds_of(reading(f"{prelude}\nif TC:\n  import a\nelse:\n  import b\n"))["a"] == TYPED


@pytest.mark.parametrize(
    "prelude", ["TC = True", "from typing import TC", "TC = f(TYPE_CHECKING)", "TC = other.CHECKING"]
)
def test_a_name_of_something_else_is_no_guard(reading: Reading, prelude: str) -> None:
    assert kinds_of(reading(f"{prelude}\nif TC:\n  import a\n"))["a"] == NOW


def test_a_guard_that_the_source_sets_itself_is_one(reading: Reading) -> None:
    source = (
        "try:\n  from typing import TYPE_CHECKING\nexcept ImportError:\n  TYPE_CHECKING = False\n"
        "if TYPE_CHECKING:\n  import a\n"
    )

    assert kinds_of(reading(source)) == {"typing": GUARDED, "a": TYPED}


@pytest.mark.parametrize(
    "source",
    [
        "try:\n  import x\nexcept ImportError:\n  pass",
        "try: import x\nexcept ImportError: pass",
        "try:\n  import x\nexcept ImportError as error:\n  raise Missing from error",
        "try:\n  import x\nexcept ModuleNotFoundError:\n  pass",
        "try:\n  import x\nexcept (ValueError, ImportError):\n  pass",
        "try:\n  import x\nexcept (\n  ImportError,\n  ValueError,\n) as error:\n  pass",
        "try:\n  import x\nexcept(ImportError):\n  pass",
        "try:\n  import x\nexcept ((A, ImportError), B):\n  pass",
        "try:\n  import x\nexcept builtins.ImportError:\n  pass",
        "try:\n  import x\nexcept (a.B, builtins.ModuleNotFoundError):\n  pass",
        "try:\n  import x\nexcept Exception:\n  pass",
        "try:\n  import x\nexcept BaseException:\n  pass",
        "try:\n  import x\nexcept:\n  pass",
        "try:\n  import x\nexcept* ImportError:\n  pass",
        "try:\n  import x\nexcept *ImportError:\n  pass",
        "try:\n  import x\nexcept ValueError:\n  pass\nexcept ImportError:\n  pass",
        "try:\n  import x\n# not indented\nexcept ImportError:\n  pass",
        "try:\n  a = '''\nexcept E:\n'''\n  import x\nexcept ImportError:\n  pass",
        "try:\n  a = (\n)\n  import x\nexcept ImportError:\n  pass",
        "try:\n  if a:\n    import x\nexcept ImportError:\n  pass",
        "try:\n  for a in b:\n    with c:\n      import x\nexcept ImportError:\n  pass",
        "try:\n  try:\n    import x\n  finally:\n    pass\nexcept ImportError:\n  pass",
        "try:\n  try:\n    import x\n  except ValueError:\n    pass\nexcept ImportError:\n  pass",
        "try:\n  pass\nexcept ImportError:\n  import x",
        "try:\n  pass\nexcept ImportError: import x",
        "try:\n  pass\nexcept:\n  import x",
        "try:\n  pass\nexcept ValueError:\n  pass\nexcept (A, ImportError) as error:\n  if a:\n    import x",
        "try:\n  import x\nexcept ImportError:\n  pass\nelse:\n  pass\nfinally:\n  pass",
        "class A:\n  try:\n    import x\n  except ImportError:\n    pass",
        "try:\n  pass\nexcept ValueError:\n  try:\n    import x\n  except ImportError:\n    pass",
        "with suppress(ImportError):\n  import x",
        "with suppress(ImportError): import x",
        "with contextlib.suppress(ImportError):\n  import x",
        "with suppress(ValueError, ModuleNotFoundError):\n  import x",
        "with suppress(\n  ImportError,\n):\n  import x",
        "with suppress(Exception):\n  import x",
        "with suppress(builtins.ImportError):\n  import x",
        "with open(a) as b, suppress(ImportError):\n  import x",
        "with (\n  a,\n  suppress(ImportError) as b,\n):\n  import x",
        "with suppress(ImportError):\n  if a:\n    import x",
    ],
)
def test_an_import_whose_failure_is_caught_is_guarded_and_so_is_the_way_out(reading: Reading, source: str) -> None:
    assert kinds_of(reading(source)) == {"x": GUARDED}


@pytest.mark.parametrize(
    "source",
    [
        "try:\n  import x\nexcept ValueError:\n  pass",
        "try:\n  import x\nexcept (ValueError, OSError):\n  pass",
        "try:\n  import x\nexcept ():\n  pass",
        "try:\n  import x\nexcept ImportErrors:\n  pass",
        "try:\n  import x\nexcept f(ImportError):\n  pass",
        "try:\n  import x\nexcept ImportError.x:\n  pass",
        "try:\n  import x\nfinally:\n  pass",
        "try:\n  import x\nexcept ValueError:  # ImportError\n  pass",
        "try:\n  pass\nexcept ValueError:\n  import x\nexcept ImportError:\n  pass",
        "try:\n  pass\nexcept ImportError:\n  pass\nelse:\n  import x",
        "try:\n  pass\nexcept ImportError:\n  pass\nfinally:\n  import x",
        "try:\n  pass\nexcept ImportError:\n  pass\nimport x",
        "try: pass\nexcept ImportError: pass\nimport x",
        "try:\n  import x\nexcept ValueError:\n  try:\n    pass\n  except ImportError:\n    pass",
        "try:\n  import x\nexcept ValueError:\n  pass\ntry:\n  pass\nexcept ImportError:\n  pass",
        "with suppress(ValueError):\n  import x",
        "with suppress():\n  import x",
        "with suppress:\n  import x",
        "with suppress(*errors):\n  import x",
        "with ImportError:\n  import x",
        "with pytest.raises(ImportError):\n  import x",
        "with suppress(ImportError):\n  pass\nimport x",
    ],
)
def test_an_import_whose_failure_is_not_caught_is_not_guarded(reading: Reading, source: str) -> None:
    assert kinds_of(reading(source)) == {"x": NOW}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def f():\n  try:\n    import x\n  except ImportError:\n    pass", GUARDED | CALLED),
        ("if TYPE_CHECKING:\n  with suppress(ImportError):\n    import x", GUARDED | TYPED),
        ("try:\n  if TYPE_CHECKING:\n    import x\nexcept ImportError:\n  pass", GUARDED | TYPED),
        ("try:\n  from x import *\nexcept ImportError:\n  pass", GUARDED | {Kind.STAR}),
        ("try:\n  x = import_module('x')\nexcept ImportError:\n  pass", GUARDED | DYNAMIC),
        ("from x import *", frozenset({Kind.STAR})),
        ("from x import (\n  y\n)", NOW),
        ("class A:\n  from x import *", frozenset({Kind.STAR})),
        ("if TYPE_CHECKING:\n  from x import *", TYPED | {Kind.STAR}),
    ],
)
def test_an_import_has_every_kind_that_holds(reading: Reading, source: str, found: frozenset[Kind]) -> None:
    assert kinds_of(reading(source)) == {"x": found}


def test_what_is_tried_what_catches_and_what_follows_are_told_apart(reading: Reading) -> None:
    source = (
        "try:\n  import a\nexcept ValueError:\n  import b\nexcept ImportError:\n  import c\nelse:\n  import d\n"
        "finally:\n  import e\n"
    )

    assert kinds_of(reading(source)) == {"a": GUARDED, "b": NOW, "c": GUARDED, "d": NOW, "e": NOW}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import_module('a.b')", Statement(1, Kind.DYNAMIC.bit, 0, "a.b")),
        ("x = importlib.import_module('a')", Statement(1, Kind.DYNAMIC.bit, 0, "a")),
        ("__import__('a.b')", Statement(1, Kind.DYNAMIC.bit, 0, "a.b")),
        ("builtins.__import__('a')", Statement(1, Kind.DYNAMIC.bit, 0, "a")),
        ("__import__('a', globals(), locals(), ['b'])", Statement(1, Kind.DYNAMIC.bit, 0, "a")),
        ("x = f(\n  import_module(\n    r'a'\n  )\n)", Statement(2, Kind.DYNAMIC.bit, 0, "a")),
        ("import_module('a' '.b')", Statement(1, Kind.DYNAMIC.bit, 0, "a.b")),
        ("import_module('a').b.c", Statement(1, Kind.DYNAMIC.bit, 0, "a")),
        ("import_module('.b', __package__)", Statement(1, Kind.DYNAMIC.bit, 1, "b")),
        ("import_module('..b.c', package=__package__)", Statement(1, Kind.DYNAMIC.bit, 2, "b.c")),
        ("import_module('.b', __name__)", Statement(1, Kind.DYNAMIC.bit, 1, "b")),
        ("import_module('.b', 'a.c')", Statement(1, Kind.DYNAMIC.bit, 0, "a.c.b")),
        ("import_module('..b', package='a.c')", Statement(1, Kind.DYNAMIC.bit, 0, "a.b")),
        ("import_module('a', 'b')", Statement(1, Kind.DYNAMIC.bit, 0, "a")),
        ("if import_module('a'):\n  pass", Statement(1, Kind.DYNAMIC.bit, 0, "a")),
        ("@import_module('a').b\ndef f(): pass", Statement(1, Kind.DYNAMIC.bit, 0, "a")),
        ("class A(import_module('a').B): pass", Statement(1, Kind.DYNAMIC.bit, 0, "a")),
        ("def f(x=import_module('a')): pass", Statement(1, Kind.DYNAMIC.bit, 0, "a")),
        ("x = [import_module('a') for y in z]", Statement(1, Kind.DYNAMIC.bit, 0, "a")),
        ("x = f'{import_module(\"a\")}'", Statement(1, Kind.DYNAMIC.bit, 0, "a")),
        ("with import_module('a'): pass", Statement(1, Kind.DYNAMIC.bit, 0, "a")),
        ("lambda: import_module('a')", Statement(1, Kind.DYNAMIC.bit | Kind.FUNCTION.bit, 0, "a")),
        ("lambda: lambda: import_module('a')", Statement(1, Kind.DYNAMIC.bit | Kind.FUNCTION.bit, 0, "a")),
        ("def f():\n  return import_module('a')", Statement(2, Kind.DYNAMIC.bit | Kind.FUNCTION.bit, 0, "a")),
        ("def f():\n  lambda: import_module('a')", Statement(2, Kind.DYNAMIC.bit | Kind.FUNCTION.bit, 0, "a")),
        ("if TYPE_CHECKING:\n  import_module('a')", Statement(2, Kind.DYNAMIC.bit | Kind.TYPE_CHECKING.bit, 0, "a")),
    ],
)
def test_a_call_with_a_literal_name_is_a_dynamic_import(reading: Reading, source: str, found: Statement) -> None:
    assert list(reading(source)) == [found]


@pytest.mark.parametrize(
    "source",
    [
        "import_module(name)",
        "import_module(f'a.{b}')",
        "import_module('a.' + b)",
        "import_module('a b')",
        "import_module('')",
        "import_module('a.')",
        "import_module('a..b')",
        "import_module('.')",
        "import_module(b'a')",
        "import_module()",
        "import_module(*names)",
        "import_module('.b')",
        "import_module('.b', package)",
        "import_module('...b', 'a.c')",
        "reimport_module('a')",
        "import_module",
        "'''import_module('a')'''",
        "# import_module('a')",
        "def import_module(a): pass",
    ],
)
def test_a_call_that_names_no_module_is_no_import(reading: Reading, source: str) -> None:
    assert list(reading(source)) == []


def test_statements_and_calls_stand_in_the_order_of_their_lines(reading: Reading) -> None:
    source = "import a\ndef f():\n  import_module('b')\nx = import_module('c')\nif x:\n  import d\nelse:\n  import e\n"

    assert [each.module for each in reading(source)] == ["a", "b", "c", "d", "e"]


def test_statements_and_calls_are_read_apart() -> None:
    source = b"import a\ndef f():\n  import b\n  import_module('c')\n"

    assert [each.module for each in walk(ast.parse(source), dynamic=False)] == ["a", "b"]
    assert [each.module for each in statements(source)] == ["a", "b"]
    assert [each.module for each in calls(source)] == ["c"]
