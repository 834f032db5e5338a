"""The import graph of a tree: every source below the roots read, every statement kept as it is written."""

from collections.abc import Sequence

from selfcheck.errors import Unreadable
from selfcheck.facts import Facts
from selfcheck.model import Unread
from selfcheck.subjects.imports.graph import Graph
from selfcheck.subjects.imports.modules import Modules
from selfcheck.subjects.imports.statement import Statement
from selfcheck.subjects.imports.statements import CALLED, STATEMENTS
from selfcheck.trees import Tree


def read(tree: Tree, facts: Facts, roots: tuple[str, ...], *, dynamic: bool = False) -> Graph:
    """The graph of all imports among the Python files below these folders, calls among them only where asked for."""
    modules = Modules(tree, roots)
    found: list[tuple[str, Sequence[Statement]]] = []
    unread: dict[str, Unread] = {}
    for extractor in (STATEMENTS, CALLED) if dynamic else (STATEMENTS,):
        for file, statements in facts.of(extractor, modules.files):
            if isinstance(statements, Unreadable):
                unread[file.path] = Unread(file.path, str(statements))
            else:
                found.append((file.path, statements))
    return Graph(modules, found, tuple(unread.values()))
