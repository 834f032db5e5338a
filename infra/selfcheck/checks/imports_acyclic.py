"""No circle among a project's own Python modules."""

import posixpath
import sys
from collections.abc import Iterator, Sequence
from keyword import iskeyword
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from selfcheck.check import (
    Append,
    Canary,
    Check,
    Evidence,
    Extractor,
    File,
    Finding,
    Location,
    Repository,
    Seen,
    Tree,
    Unprovable,
    Write,
    leading_nowhere,
)
from selfcheck.guardrail import RootPath
from selfcheck.subjects.imports import Graph, Import, Module, Modules, components, read, shortest_cycle
from selfcheck.subjects.imports.statements import STATEMENTS, Kind

CANARY = "selfcheck_canary"
LONGEST = 8
"""How many steps of a circle a message shows; `data` holds them all."""


class ImportsAcyclic(Check):
    """Python modules do not import each other in a circle.

    One finding for each strongly connected component of more than one module, over the imports between files below
    `roots`. Imports inside functions and under `if TYPE_CHECKING` count only where `kinds` names them.
    """

    subject: ClassVar[str | None] = "imports"

    roots: Annotated[tuple[RootPath, ...], Meta(min_length=1)] = (".",)
    kinds: tuple[Kind, ...] = ()

    def run(self, repo: Repository) -> Iterator[Seen]:
        """Components by their sorted members, each with a shortest cycle as `data`."""
        graph = repo.subject(read, repo.tree, repo.facts, self.roots)
        edges = graph.edges(frozenset(self.kinds))
        between = sum(each.kinds <= frozenset(self.kinds) for each in graph.imports)
        yield Evidence("modules", scope=len(graph.modules), examined=len(graph.modules) - len(graph.unread))
        if graph.statements:
            yield Evidence("import statements between them", scope=graph.statements, examined=between)
        yield from graph.unread
        yield from leading_nowhere(repo.tree, (root for root in self.roots if root != "."))
        for component in components(edges):
            yield _finding(graph, component, shortest_cycle(edges, component))

    def ahead(self, tree: Tree) -> Iterator[tuple[Extractor[Any], tuple[File, ...]]]:
        """The import statements of every module below the roots."""
        yield STATEMENTS, Modules(tree, self.roots).files

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """In each root, a new module that imports an existing one and is imported by it."""
        for root in self.roots:
            yield _canary(repo.subject(read, repo.tree, repo.facts, self.roots), posixpath.normpath(root))


def _finding(graph: Graph, component: Sequence[str], cycle: Sequence[Import]) -> Finding:
    members = sorted(graph.modules[path].name for path in component)
    return Finding(
        key=", ".join(members),
        message=f"{len(members)} modules import each other in a circle, the shortest: {_shown(cycle, graph)}",
        at=Location(cycle[0].importer, cycle[0].line),
        hint="cut one of these imports: move what both sides need into a third module, or pass it in",
        data={"members": members, "cycle": [_step(each, graph) for each in cycle]},
        parts=tuple(members),
    )


def _shown(cycle: Sequence[Import], graph: Graph) -> str:
    """`a -> b [a.py:3] -> a [b.py:7]`: each step with the import that makes it."""
    steps = [f"-> {graph.modules[each.imported].name} [{each.importer}:{each.line}]" for each in cycle]
    shown = [*steps[:LONGEST], *(["-> …"] if len(steps) > LONGEST else [])]
    return " ".join((graph.modules[cycle[0].importer].name, *shown))


def _step(each: Import, graph: Graph) -> dict[str, str | int]:
    return {
        "importer": graph.modules[each.importer].name,
        "imported": graph.modules[each.imported].name,
        "path": each.importer,
        "line": each.line,
    }


def _canary(graph: Graph, root: str) -> Canary:
    """The first module below a root that a new one beside it can import by name."""
    unread = {each.path for each in graph.unread}
    for path, module in sorted(graph.modules.items()):
        below = root == "." or path.startswith(f"{root}/")  # a root that is one file has no room for another
        if below and path not in unread and _is_importable(module):
            new = ".".join((*module.name.split(".")[:-1], CANARY))
            edits = (
                Append(path, f"\nimport {new}\n".encode()),
                Write(posixpath.join(posixpath.dirname(path), f"{CANARY}.py"), f"import {module.name}\n".encode()),
            )
            return Canary(f"let {module.name} and a new module beside it import each other", edits, new)
    raise Unprovable(f"no module below {root} can be imported by a new one beside it")


def _is_importable(module: Module) -> bool:
    """Whether `import NAME` can be written and means this file, which is no package."""
    *_, last = parts = module.name.split(".")
    named = all(part.isidentifier() and not iskeyword(part) for part in parts)
    return named and module.name not in sys.stdlib_module_names and posixpath.basename(module.path) == f"{last}.py"
