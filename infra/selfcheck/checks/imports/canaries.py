"""Edits that break contracts about imports: new import statements in modules that stand in the repository."""

import posixpath
import sys
from collections.abc import Iterable, Iterator
from keyword import iskeyword

from selfcheck.check import Append, Canary, Unprovable, Write
from selfcheck.subjects.imports import Graph, Module

NAME = "selfcheck_canary"


def circle(graph: Graph, root: str, depth: int | None = None) -> Canary:
    """The first module below a root that a new one beside it, or beside its package of so many parts, can import by name."""
    below = posixpath.normpath(root)
    for module in readable(graph):
        # A root that is one file has no room for another.
        if (below == "." or module.path.startswith(f"{below}/")) and is_importable(module):
            for new in neighbours(module, (root,)):
                if depth is None or package(new.name, depth) != package(module.name, depth):
                    edits = (
                        Append(module.path, f"\nimport {new.name}\n".encode()),
                        Write(new.path, f"import {module.name}\n".encode()),
                    )
                    beside = "it" if depth is None else "its package"
                    return Canary(
                        f"let {module.name} and a new module beside {beside} import each other", edits, new.name
                    )
    what = "it" if depth is None else f"its package of {depth} parts"
    raise Unprovable(f"no module below {root} can be imported by a new one beside {what}")


def package(name: str, depth: int) -> str:
    """The first so many parts of a module's name."""
    return ".".join(name.split(".")[:depth])


def readable(graph: Graph) -> list[Module]:
    """The modules whose sources were read, by their paths."""
    unread = {each.path for each in graph.unread}
    return sorted(module for module in graph.modules.values() if module.path not in unread)


def neighbours(module: Module, roots: Iterable[str]) -> Iterator[Module]:
    """Modules that could be written beside this one, and beside each package that it is in, innermost first."""
    below = tuple(posixpath.normpath(root) for root in roots)
    folder, parts = module.path.removesuffix(".py").removesuffix("/__init__"), module.name.split(".")
    for length in range(len(parts) - 1, -1, -1):
        folder = posixpath.dirname(folder)
        path = posixpath.join(folder, f"{NAME}.py")
        if any(root == "." or path.startswith(f"{root}/") for root in below):
            yield Module(path, ".".join((*parts[:length], NAME)))


def is_sayable(name: str) -> bool:
    """Whether `import NAME` can be written."""
    return all(part.isidentifier() and not iskeyword(part) for part in name.split("."))


def is_importable(module: Module) -> bool:
    """Whether `import NAME` can be written and means this file, which is no package."""
    last = module.name.rpartition(".")[2]
    named = is_sayable(module.name)
    return named and module.name not in sys.stdlib_module_names and posixpath.basename(module.path) == f"{last}.py"
