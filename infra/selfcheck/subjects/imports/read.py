"""The import graph of a tree: every source below the roots read, every statement resolved to a file."""

from collections.abc import Iterable, Iterator

from selfcheck.errors import Unreadable
from selfcheck.facts import Facts
from selfcheck.model import Unread
from selfcheck.subjects.imports.graph import Graph, Import
from selfcheck.subjects.imports.modules import Modules
from selfcheck.subjects.imports.statements import STATEMENTS, Statement
from selfcheck.trees import Tree


def read(tree: Tree, facts: Facts, roots: tuple[str, ...]) -> Graph:
    """The graph of all imports among the Python files below these folders."""
    modules = Modules(tree, roots)
    imports: list[Import] = []
    unread: list[Unread] = []
    count = 0
    for file, found in facts.of(STATEMENTS, modules.files):
        if isinstance(found, Unreadable):
            unread.append(Unread(file.path, str(found)))
        else:
            count += len(found)
            imports.extend(_resolved(file.path, found, modules))
    return Graph(modules.by_path, tuple(imports), count, tuple(unread))


def _resolved(path: str, found: Iterable[Statement], modules: Modules) -> Iterator[Import]:
    for statement in found:
        target = modules.target(path, statement)
        if target is not None:
            yield Import(path, target, statement.line, statement.kinds)
