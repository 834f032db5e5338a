"""The import statements of a source, as facts: by one scan where it can be sure, else by a parser."""

import ast
import warnings
from collections.abc import Iterable

from selfcheck.errors import Unreadable
from selfcheck.facts import Extractor
from selfcheck.subjects.imports.kinds import Kind
from selfcheck.subjects.imports.scan import scan
from selfcheck.subjects.imports.statement import Statement
from selfcheck.subjects.imports.syntax import CALLS, walk

LARGE = 1_000_000
"""Bytes beyond which a source without the word `import` is not parsed."""


def statements(content: bytes) -> tuple[Statement, ...]:
    """All import statements of a source, in the order of its lines; calls that import are not among them.

    Raises:
        Unreadable: it does not parse.

    """
    if len(content) > LARGE and b"import" not in content:
        return ()  # nothing is imported without the word, and parsing takes five times the size of data in memory
    found = scan(content)
    return tuple(_parsed(content)) if found is None else found


def calls(content: bytes) -> tuple[Statement, ...]:
    """All calls of a source that import a module by its literal name.

    Raises:
        Unreadable: it does not parse.

    """
    if not any(name.encode() in content for name in CALLS):
        return ()
    return tuple(each for each in _parsed(content, dynamic=True) if each.flags & Kind.DYNAMIC.bit)


STATEMENTS = Extractor("imports", 4, tuple[Statement, ...], statements, host=True, parsers=("tree-sitter-python",))
"""The import statements of a file, as a fact."""

CALLED = Extractor("dynamic imports", 2, tuple[Statement, ...], calls, host=True, parsers=("tree-sitter-python",))
"""The imports of a file that are calls, as a fact of its own: a scan cannot find them, and few ask for them."""


def _parsed(content: bytes, *, dynamic: bool = False) -> Iterable[Statement]:
    try:
        return walk(_tree(content), dynamic=dynamic)
    except SyntaxError as error:
        # Here alone, and not at the top: the grammar is a library of its own, and few runs meet such a source.
        from selfcheck.subjects.imports.newer import rewritten

        older, lazy = rewritten(content)
        if older == content:
            raise _unreadable(error) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise _unreadable(error) from None
    try:
        return walk(_tree(older), dynamic=dynamic, lazy=lazy)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _unreadable(error) from None


def _tree(content: bytes) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape in a string of the judged source is not ours to tell
        return ast.parse(content)


def _unreadable(error: BaseException) -> Unreadable:
    if isinstance(error, SyntaxError):
        line = f" (line {error.lineno})" if error.lineno else ""
        return Unreadable(f"does not parse as Python: {error.msg}{line}")
    return Unreadable(f"does not parse as Python: {str(error) or type(error).__name__}")
