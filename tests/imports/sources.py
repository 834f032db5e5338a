"""Python sources with everything around their import statements that may mislead a reader, made by hypothesis."""

import ast
import codecs
import re
import warnings
from collections.abc import Sequence
from enum import Enum, auto

from hypothesis import strategies as st


class Odd(Enum):
    """What a source may have: few have it all, so that most keep a reader unsure of little."""

    CONTINUED = auto()
    """Backslashes at the ends of lines."""
    GAPS = auto()
    """Blanks where nobody writes them."""
    TABS = auto()
    WORDS = auto()
    """Identifiers beyond ASCII, and soft keywords."""
    SAME_LINE = auto()
    """Blocks and several statements on one line."""
    COMMENTS = auto()
    """Comments with quotes, brackets, headers."""
    FORM_FEEDS = auto()
    STRINGS = auto()
    BRACKETS = auto()
    """Lines within brackets that begin like a statement or a header."""
    CONDITIONS = auto()
    HANDLERS = auto()
    MANAGERS = auto()
    FUNCTIONS = auto()
    PRELUDES = auto()
    CODINGS = auto()
    ENDINGS = auto()


INDENTS = ["  ", "    ", "\t", " ", "   ", " \t", "        "]
WORDS = [
    "lazy",
    "match",
    "case",
    "é",
    "\uff41",
    "\ufb01",
    "a\u00b7b",
    "\U0001d431",
    "e\u0305",
    "from_",
    "imports",
    "_",
    "\u2118x",
    "\u00aab",
]
SIMPLE = [
    "pass",
    "...",
    "x = 1",
    "x: int = {1: 2}",
    "x = a if b else c",
    "x = a[b:c]",
    "x = lambda: a",
    "return",
    "yield",
    "x = yield from a",
    "raise a from b",
    "global lazy, match",
    "lazy",
    "lazy = 1",
    "lazy.x = match",
    "match = 1",
    "match(x)",
    "match [x]",
    "case = match",
    "case (x)",
    "type = type(x)",
    "x.imports = y.from_",
    "print(x); x = 1",
    "with_ = class_ = def_ = try_ = 1",
    "async_ = await_ = 1",
    "from_(import_)",
]
"""Statements that are no import; `§` stands for the text of one, `¶` for any indentation of a line that goes on."""
STRINGS = [
    "x = a in'import b'",
    "x = a if'{'else b",
    "x = a or'\\''",
    "x = not'''\n¶§\n'''",
    "'''A text\n¶from the list,\n¶import and export\n'''",
    "'''\nfrom'''",
    "'''\nimport\n'''; import a",
    "assert x, \\\n¶'§'",
    "x = 1; '§'",
    "exec('§')",
    "import_module('a')",
    "importlib.import_module('a.b')",
    "x = '#'",
    "x = '\"'",
    'x = "\'"',
    "x = '\\\\'",
    "x = '\\\n§\\\n'",
    "x = 'a' 'b' \\\n¶'§'",
    "x = r'\\'",
    "x = r'\\\\'",
    "x = '' '''\n§\n'''",
    "x = ''''a'''",
    'x = """\\""""',
    'x = """"a""\\""""',
    "x = '''\\\\'''; y = ''''''",
    "'''§'''\"\"\"\n§\n\"\"\"",
    '"""\n¶§\n\n¶>>> §\n¶... §\n"""',
    'r"""\\"""\n"""\n§\n"""',
    "f'''{x}\n§\n{{§}}'''",
    "f'''{x!r:>{y}}{\"\"\"\n§\n\"\"\"}\n§\n'''",
    "f'{x[\"a\"]}' f\"{x['b']}\"",
    "f'{x:{y}}' '{'",
    'f"""{f\'{x}\'}\'\'\'\n§\n"""',
    "rf'''\\{x}\n§'''",
    "b'''\n§\n''' rb'\\''",
    "x = '''\n'''; '''\n§\n'''",
    "x = a if\"{\"else'''\n§\n'''",
    "x = a and'''\n§\n'''or\"\"\"\n§\n\"\"\"",
    "x = f'{a}''''\n§\n'''",
    'x = f"{a:{"b"}}"',
    "x = f'''{a\n}§\n'''",
    "x = '\\'' '''\n§\n'''",
    "x = \"\\\\\" '''\n§\n'''",
    "x = b'' rb'''\\'''\n§\n'''",
    "x = f'''{{{a}\n§\n'''",
    "x = f'''}}\n§\n'''",
    "x = F\"\"\"{'''\n§\n'''}\n§\n\"\"\"",
]
BRACKETS = [
    "yield \\\n¶from a",
    "x = (yield\n¶from a)",
    "x = (\n¶yield\n¶from\n¶a)",
    "raise a \\\n¶from b",
    "raise a(\n¶) from b",
    "raise (\n¶a\n¶) \\\n¶from b",
    "TYPE_CHECKING = False",
    "TC = TYPE_CHECKING",
    "x = TYPE_CHECKING",
    '"""A text.\n¶def f():\n¶§\n¶if TYPE_CHECKING:\n¶§\n¶"""',
    "x = (\n¶)",
    "x = (  # §\n¶a\n¶)",
    "x = (\n# '''\n¶a\n# '''\n¶)",
    "x = [\n¶a\n¶for a in b\n¶if c\n¶]",
    "x = [\n¶a\n¶async for a in b\n¶]",
    "x = (\n¶a\n¶if b\n¶else c\n¶)",
    "x = (\n¶a\n¶if TYPE_CHECKING\n¶else c\n¶)",
    "x = {\n¶a\n¶if b else c:\n¶d}",
    "x = (\nb)",
    "x = 1 + \\\n2",
    "x = '''\nb'''",
    "lazy\\\n.x",
    "x = {\n¶a\n¶if TYPE_CHECKING else c:\n¶d}",
    "x = {\n¶match(a):\n¶b,\n¶case [c]:\n¶d\n¶}",
    "x = {\n¶a\n¶if b else\n¶c:\n¶d}",
    "x = {a\n¶if b\n¶else c:\n¶d}",
    "x = a[\n¶b\n¶if c else d:\n¶]",
    "x = f(\n¶lambda:\n¶a,\n¶)",
    "x = [\n¶a\n¶for a in lambda:\n¶b]",
    "x = f(\n¶a\n¶if b else lambda:\n¶c)",
    "x = f(a)[\n¶'§'\n¶]",
    "x = {\n¶'§': '''\n¶§\n''',\n¶}",
    "x = a \\\n¶if b \\\n¶else c",
    "x = [a] \\\n¶if b else {}",
    "x = a \\\n\n",
    "x = {\n¶a\n¶if b else c:\n'''\n§\n'''}",
    "x = {\n¶lambda\n¶:\n¶a:\n¶b}",
    "f(a,\n¶**{b\n¶if c else d:\n¶e})",
    "x = [\n¶lazy\n¶,\n¶match\n¶]",
]

DECORATORS = ["@a", "@a.b(c)  # d", "@a(\n¶b\n¶)", "@a('''\n§\n''')", "@(lambda f: f)", "@a[b:c]"]
FUNCTIONS = [
    "def f():",
    "def f(a, b=1, *c, **d) -> None:",
    "async def f():",
    "def f(\n    a: int,\n    b: str = 'x',\n    *,\n    c=None,\n) -> dict[str, int]:",
]
ODD_FUNCTIONS = [
    "async  def f() :",
    "async \\\n¶def f():",
    "def \\\n¶f():",
    "def f() \\\n¶:",
    "def f(\n¶a: int,\n¶b: str = '):',  # ):\n¶*,\n¶c=None,\n) -> dict[str, int]:",
    "def f(\n¶a,\n¶b\n¶):",
    "def f(a={1: 2}, b=lambda: a):",
    "def f(a='''\n§\n'''):",
    "def f(\n¶a=x\n¶if b else c,\n):",
    "def f(  # type: ignore\n¶self,\n¶) -> (\n¶None\n):",
    "def f(a: 'import b; c:' = ';'):",
    "def é(\uff41):",
    "def f(a=x[\n¶b\n¶if c else d:\n¶]):",
    "def f(\n¶a={b\n¶if c else d:\n¶e}):",
    "async	def f():",
    "def f(a=(yield\n¶from b)):",
]
CLASSES = [
    "class A:",
    "class A(B):",
]
ODD_CLASSES = [
    "class A(\n¶B,\n¶metaclass=C,\n):",
    "class A(B, key={1: 2}) :",
    "class \\\n¶A:",
]
LOOPS = ["for a in b", "while x", "async for a in b", "for a, b in {1: 2}", "for a in (\n¶b\n¶)", "while (x :=\n¶y)"]
SUBJECTS = ["match x", "match (x)", "match x, y", "match {1: 2}", "match [\n¶x\n¶]", "match -x", "match not x"]
PATTERNS = [
    "case _",
    "case [a, b]",
    "case {'a': b}",
    "case A(b=c) if d",
    "case (\n¶1\n¶| 2\n¶)",
    "case 'import a'",
    "case -1",
]
PRELUDES = [
    "",
    "",
    "#!/usr/bin/env python\n",
    "from __future__ import annotations\n",
    "from typing import TYPE_CHECKING\n",
    "from typing import TYPE_CHECKING as TC\n",
    "from typing import (\n    Any,\n    TYPE_CHECKING\n    as TC)\n",
    "TC = TYPE_CHECKING\n",
    '"""import a\n\nfrom b import c\n"""\n',
    "'''import a'''; import b\n",
    "\\\n",
]

CONDITIONS = ["x", "not x", "x == 1", "__name__ == '__main__'", "TYPE_CHECKING", "typing.TYPE_CHECKING", "MYPY"]
ODD_CONDITIONS = [
    "(x)",
    "(\n¶x\n¶and y\n¶)",
    "x \\\n¶and y",
    "x[a:b] == {1: 2}",
    "'import a; b:'",
    "(lambda: x)",
    "f'''\n§\n{x}'''",
    "(x  # if y:\n)",
    "False",
    "t . TYPE_CHECKING",
    "(TYPE_CHECKING)",
    "(\n¶TYPE_CHECKING\n¶)",
    "TC",
    "not TYPE_CHECKING",
    "not typing.TYPE_CHECKING",
    "TYPE_CHECKING is True",
    "TYPE_CHECKING == False",
    "TYPE_CHECKING and x",
    "x and (\n¶TYPE_CHECKING)",
    "TYPE_CHECKING or x",
    "TYPE_CHECKING or MYPY",
    "not (TYPE_CHECKING and x)",
    "bool(TYPE_CHECKING)",
    "(tc := TYPE_CHECKING)",
    "TYPE_CHECKING()",
    "x.TYPE_CHECKING.y",
    "'TYPE_CHECKING'",
    "x == 'TYPE_CHECKING'",
    "x or TYPE_CHECKINGS",
    "TYPE_CHECKIN\uff27",
    "x # TYPE_CHECKING:\\\n",
]
CAUGHT = [
    "ImportError",
    "ModuleNotFoundError as e",
    "(ValueError, ImportError)",
    "ValueError",
    "(ValueError, a.B) as e",
]
ODD_CAUGHT = [
    "(ImportError)",
    "(\n¶ImportError,\n¶ValueError,\n¶) as e",
    "(  # ImportError\n¶ValueError\n¶)",
    "builtins.ImportError",
    "builtins . ImportError",
    "Exception",
    "ImportErrors",
    "ImportError.x",
    "f(ImportError)",
    "((A, ImportError), B)",
    "A if ImportError else B",
    "\\\n¶ImportError",
    "'ImportError'",
    "()",
    "(*A, ImportError)",
    "(ImportError,) + A",
    "A or ImportError",
    "\uff29mportError",
]
MANAGERS = ["a", "a as b", "a(b)", "open('a') as b"]
ODD_MANAGERS = [
    "suppress(ImportError)",
    "suppress(ValueError)",
    "contextlib.suppress(ValueError, ModuleNotFoundError)",
    "suppress(\n¶ImportError,\n¶)",
    "(\n¶a,\n¶suppress(ImportError) as b,\n¶)",
    "suppress(*errors)",
    "a, suppress(Exception)",
    "a as b, \\\n¶c as d",
    "(\n¶a as b,\n¶c as d,\n¶)",
    "open('import a') as b",
    "a['b': c]",
]
ENDS = ["", "", "", " ", "  # noqa", "  # a comment"]
ODD_ENDS = [
    "# import z",
    "  # 'quoted",
    "  # it's",
    '  # """',
    "  # \\",
    "  # if x:",
    "  # (]",
    "  # é",
    "  #; import z",
    " #:",
]
BETWEEN = ["", "", "", "\n", "\n\n", "# a comment\n"]
ODD_BETWEEN = [
    "# import z\n",
    "  # x\n",
    "        # import z\n",
    "    # '''\n",
    '# """\n',
    "# \\\n",
    "#\n\n",
    "  \n",
    "# if x:\n",
]
LISTED = ["", "", " ", "\n", "\n    "]
ODD_LISTED = [
    "  # a comment\n",
    " # import x, (y)\n",
    "# it's\n",
    "\n\n",
    "\n\t",
    "#)\n",
    '#"""\n',
    "\n# import z\n",
    "\n# as z\n",
]
CODINGS = [
    "# -*- coding: utf-8 -*-\n",
    "# coding: latin-1\n",
    "#!x\n# vim: fileencoding=cp1252 :\n",
    "\n# coding=utf8\n",
]
CODINGS += [
    "#\n\n# coding: no-such\n",
    "# coding: UTF_8\n",
    "\n# coding: latin-1\n",
    "x = 1\n# coding: latin-1\n",
    "# coding: ascii\n",
]
FILLED = ["#" + "." * 420, "#" + "." * 3100, "#" + "." * 420, "#" + "." * 21_000]
"""Comments of lengths at which a reader may read otherwise."""
INSERTED = [
    b'"',
    b"'",
    b'"""',
    b"'''",
    b"(",
    b"}",
    b"\\",
    b"#",
    b"\n",
    b";",
    b":",
    b"\0",
    b"\x0c",
    b"\r",
    b"import ",
    b"\xff",
]


def tree(content: bytes | str) -> ast.Module | None:
    """The syntax tree, if this is a source for the Python that runs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(content)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


@st.composite
def sources(draw: st.DrawFn) -> bytes:
    """Whole files, nearly all of which parse."""
    odd = frozenset(draw(st.lists(st.sampled_from(Odd), max_size=5)))
    writer = _Writer(draw, odd)
    coding = writer.pick([""], Odd.CODINGS, CODINGS)
    text = coding + writer.pick([""], Odd.PRELUDES, PRELUDES) + writer.body("", 0)
    if not writer.one_in(10):
        text += writer.pick(FILLED) + "\n"
    if writer.one_in(5):
        text = text.rstrip("\n")
    named = re.search(r"latin-1|cp1252", coding)
    ending = writer.pick(["\n"], Odd.ENDINGS, ["\r\n", "\r"])
    content = text.replace("\n", ending).encode(named[0] if named else "utf-8", "replace")
    return codecs.BOM_UTF8 + content if writer.has(Odd.CODINGS) and writer.one_in(4) else content


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """Files that were written well and then were not: cut, spliced, lines and bytes taken out or put in."""
    content = draw(sources())
    for _ in range(draw(st.integers(1, 3))):
        first, second = sorted((draw(st.integers(0, len(content))), draw(st.integers(0, len(content)))))
        lines = content.splitlines(keepends=True)
        match draw(st.integers(0, 6)):
            case 0:
                content = content[:first]
            case 1:
                content = content[:first] + content[second:]
            case 2:
                content = content[:second] + content[first:]
            case 3:
                del lines[first % (len(lines) + 1) : first % (len(lines) + 1) + draw(st.integers(1, 3))]
                content = b"".join(lines)
            case 4:
                line = _Writer(draw, frozenset()).statement()
                lines.insert(first % (len(lines) + 1), draw(st.sampled_from(INDENTS)).encode() + line.encode() + b"\n")
                content = b"".join(lines)
            case 5:
                content = content[:first] + draw(st.sampled_from(INSERTED)) + content[first:]
            case _:
                content = content[:first] + draw(st.binary(max_size=3)) + content[first:]
    return content


class _Writer:
    """Writes a source as hypothesis draws, with only these oddities."""

    def __init__(self, draw: st.DrawFn, odd: frozenset[Odd]) -> None:
        self._draw = draw
        self._odd = odd
        self._indents = [draw(st.sampled_from(["    ", "    ", "  "]))]

    def has(self, odd: Odd) -> bool:
        return odd in self._odd

    def one_in(self, number: int) -> bool:
        return self._draw(st.integers(1, number)) == number

    def pick(self, usual: Sequence[str], odd: Odd | None = None, more: Sequence[str] = ()) -> str:
        """One of the usual; where the source is odd in this way, often one of those."""
        chosen = [*usual, *more] if odd is not None and odd in self._odd else usual
        return self._draw(st.sampled_from(chosen)) if len(chosen) > 1 else chosen[0]

    def body(self, indent: str, depth: int) -> str:
        """The statements of a block, each on lines of its own, with something between."""
        found = ""
        for _ in range(self._draw(st.sampled_from([1, 1, 2, 3] if depth else [2, 3, 4, 5]))):
            compound = depth < 4 and self._draw(st.booleans())
            continued = self.pick(["", "", ""], Odd.CONTINUED, ["\\\n"])
            found += self.between() + (self.compound(indent, depth) if compound else indent + continued + self.line())
        return found + self.between()

    def between(self) -> str:
        """What stands between statements."""
        return self.pick(BETWEEN, Odd.COMMENTS, ODD_BETWEEN) + self.pick(
            [""], Odd.FORM_FEEDS, ["", "", "\x0c\n", " \x0c"]
        )

    def end(self) -> str:
        """What stands behind a statement or a header."""
        return self.pick(ENDS, Odd.COMMENTS, ODD_ENDS)

    def line(self) -> str:
        """Statements on a line, mostly one."""
        several = [self.simple()]
        if self.has(Odd.SAME_LINE):
            several += [self.simple() for _ in range(self._draw(st.sampled_from([0, 0, 1, 2])))]
        text = self.pick(["; ", ";", " ; ", "; \\\n"]).join(several) if len(several) > 1 else several[0]
        text += self.pick(["", "", ""], Odd.SAME_LINE, [";"])
        return f"{text if tree(text) is not None else 'pass'}{self.end()}\n"

    def simple(self) -> str:
        """A statement without a block."""
        match self._draw(st.integers(0, 6)):
            case 0 | 1 | 2 | 3:
                text = self.statement()
            case 4 if self.has(Odd.STRINGS):
                text = f"x = {self.string()}"
            case 5 if self.has(Odd.BRACKETS):
                text = self.filled(self.pick(BRACKETS))
            case _:
                text = self.filled(self.pick(SIMPLE, Odd.STRINGS, STRINGS))
        return text if tree(text) is not None else "pass"

    def statement(self) -> str:
        """An import statement."""
        return self.plain() if self._draw(st.booleans()) else self.froms()

    def plain(self) -> str:
        """`import a.b as c, d`."""
        found = [self.dotted() + self.renamed() for _ in range(self._draw(st.sampled_from([1, 1, 1, 2, 3])))]
        return "import" + self.gap() + self.comma().join(found)

    def froms(self) -> str:
        """`from ..a import b as c, d`, in every dress."""
        dots = self.pick(["", "", "", ".", "..", "..."], Odd.GAPS, [". .", "....", ".\\\n."])
        module = self.dotted() if not dots or self._draw(st.booleans()) else ""
        before = self.pick([" ", " "], Odd.GAPS, ["", "  "]) if dots else self.gap()
        inner = self.none() if dots else ""
        after = self.gap() if module or not self.has(Odd.GAPS) or self._draw(st.booleans()) else ""
        head = f"from{before}{dots}{inner}{module}{after}import"
        names = [self.name() + self.renamed() for _ in range(self._draw(st.sampled_from([1, 1, 2, 3])))]
        match self._draw(st.integers(0, 5)):
            case 0:
                return f"{head}{self.gap()}*"
            case 1 | 2:
                listed = (self.listed() + "," + self.listed()).join(names)
                last = self.pick(["", ","])
                return f"{head}{self.gap()}({self.listed()}{listed}{last}{self.listed()})"
            case _:
                return head + self.gap() + self.comma().join(names)

    def dotted(self) -> str:
        """A module's name."""
        around = self.pick([""], Odd.GAPS, ["", "", "", " ", "\\\n"])
        return f"{around}.{around}".join(self.name() for _ in range(self._draw(st.integers(1, 3))))

    def name(self) -> str:
        return self.pick(["a", "b", "_c", "d1", "importer"], Odd.WORDS, WORDS)

    def renamed(self) -> str:
        return f"{self.gap()}as{self.gap()}{self.name()}" if self.one_in(4) else ""

    def gap(self) -> str:
        """What stands between words."""
        return self.none() or " "

    def none(self) -> str:
        """What stands where nothing need."""
        return self.pick([""], Odd.GAPS, ["", " ", "  ", "\t"]) or self.pick(
            [""], Odd.CONTINUED, ["", "", "\\\n", " \\\n  "]
        )

    def comma(self) -> str:
        return f"{self.none()},{self.pick([' ', ' ', ''])}{self.none()}"

    def listed(self) -> str:
        """What stands between names in parentheses."""
        found = self.pick(LISTED, Odd.COMMENTS, ODD_LISTED)
        return found or self.none()

    def string(self) -> str:
        """A string in any quotes with any prefix."""
        prefix = self.pick(["", "", "r", "b", "f", "rb", "u", "R", "Rb", "F", "fr", "BR"])
        quotes = self.pick(['"', "'", '"""', "'''"])
        pieces = [
            "\\\n",
            "\\\\",
            "\\'",
            '\\"',
            "'",
            '"',
            "#",
            "{{",
            "}}",
            "import a",
            ">>> import b",
            " ",
            "''",
            '""',
            "\\",
        ]
        pieces += ["\n", "\nimport a\n", "\n  from b import c\n", "\nif TYPE_CHECKING:\n"] if len(quotes) > 1 else []
        formatted = ["{x}", "{x!r}", "{x:{y}}", "{x['a']}", '{x["a"]}', "{f'{x}'}"]
        pieces += formatted if "f" in prefix.lower() else ["{", "}"]
        text = prefix + quotes + "".join(self._draw(st.lists(st.sampled_from(pieces), max_size=5))) + quotes
        return text if tree(f"({text})") is not None else f"{quotes}{quotes}"

    def filled(self, text: str) -> str:
        """A text with the marks replaced."""
        while "¶" in text:
            text = text.replace("¶", self.pick(["", "    ", "        ", "  "], Odd.TABS, ["\t"]), 1)
        while "§" in text:
            text = text.replace("§", self.pick(["import a", "from b import c", "from . import (d,", "import e"]), 1)
        return text

    def compound(self, indent: str, depth: int) -> str:
        """A statement with blocks."""
        match self._draw(st.integers(0, 8)):
            case 0 | 1:
                return self.decorated(indent) + self.part(
                    indent, depth, self.pick(FUNCTIONS, Odd.FUNCTIONS, ODD_FUNCTIONS)
                )
            case 2:
                return self.decorated(indent) + self.part(indent, depth, self.pick(CLASSES, Odd.FUNCTIONS, ODD_CLASSES))
            case 3 | 4:
                return self.branches(indent, depth)
            case 5 | 6:
                return self.attempt(indent, depth)
            case 7:
                word = self.pick(["with ", "with "], Odd.MANAGERS, ["async with ", "with\\\n"])
                return self.part(indent, depth, f"{word}{self.pick(MANAGERS, Odd.MANAGERS, ODD_MANAGERS)}:")
            case _ if self._draw(st.booleans()):
                return self.part(indent, depth, f"{self.pick(LOOPS)}:") + self.perhaps(indent, depth, "else:")
            case _:
                return self.match(indent, depth)

    def decorated(self, indent: str) -> str:
        found = self._draw(st.lists(st.sampled_from(DECORATORS), max_size=2)) if self.has(Odd.FUNCTIONS) else []
        return "".join(f"{indent}{self.filled(text)}\n{self.between()}" for text in found)

    def branches(self, indent: str, depth: int) -> str:
        found = self.part(indent, depth, f"if {self.pick(CONDITIONS, Odd.CONDITIONS, ODD_CONDITIONS)}:")
        while self.one_in(4):
            found += self.part(indent, depth, f"elif {self.pick(CONDITIONS, Odd.CONDITIONS, ODD_CONDITIONS)}:")
        return found + self.perhaps(
            indent, depth, self.pick(["else:", "else:"], Odd.CONDITIONS, ["else :", "else\\\n:"])
        )

    def attempt(self, indent: str, depth: int) -> str:
        star = self.pick([""], Odd.HANDLERS, ["", "*", " *"])
        found = self.part(indent, depth, self.pick(["try:", "try:"], Odd.HANDLERS, ["try :", "try\\\n:"]))
        handlers = self._draw(st.integers(0, 2))
        for _ in range(handlers):
            found += self.part(indent, depth, f"except{star} {self.pick(CAUGHT, Odd.HANDLERS, ODD_CAUGHT)}:")
        if not star and self.one_in(4):
            found += self.part(indent, depth, "except:")
            handlers += 1
        if not handlers:
            return found + self.part(indent, depth, "finally:")
        return found + self.perhaps(indent, depth, "else:") + self.perhaps(indent, depth, "finally:")

    def match(self, indent: str, depth: int) -> str:
        inner = indent + self.deeper()
        cases = [self.part(inner, depth + 1, f"{self.pick(PATTERNS)}:") for _ in range(self._draw(st.integers(1, 2)))]
        return f"{indent}{self.filled(self.pick(SUBJECTS))}:\n{''.join(cases)}"

    def perhaps(self, indent: str, depth: int, header: str) -> str:
        return self.part(indent, depth, header) if self._draw(st.booleans()) else ""

    def part(self, indent: str, depth: int, header: str) -> str:
        """A header and its block, on its line or below."""
        head = indent + self.filled(header)
        if self.has(Odd.SAME_LINE) and self.one_in(3):
            return f"{head}{self.none()}{self.line()}"
        return f"{head}{self.end()}\n{self.body(indent + self.deeper(), depth + 1)}"

    def deeper(self) -> str:
        return self.pick(self._indents, Odd.TABS, INDENTS)
