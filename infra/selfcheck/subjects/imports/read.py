"""The import graph of a tree: every source below the roots read, every statement resolved to a file."""

from collections.abc import Iterator

from selfcheck.errors import Unreadable
from selfcheck.model import Unread
from selfcheck.subjects.imports.graph import Graph, Import
from selfcheck.subjects.imports.modules import Modules
from selfcheck.subjects.imports.statements import statements
from selfcheck.trees import File, Tree


def read(tree: Tree, roots: tuple[str, ...]) -> Graph:
    """The graph of all imports among the Python files below these folders."""
    modules = Modules(tree, roots)
    imports: list[Import] = []
    unread: list[Unread] = []
    for file in modules.files:
        try:
            imports.extend(_imports(file, modules))
        except Unreadable as reason:
            unread.append(Unread(file.path, str(reason)))
    return Graph(modules.by_path, tuple(imports), tuple(unread))


def _imports(file: File, modules: Modules) -> Iterator[Import]:
    for statement in statements(file.bytes):
        for target in modules.targets(file.path, statement):
            yield Import(file.path, target, statement.line, statement.kinds)
