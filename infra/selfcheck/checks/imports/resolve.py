"""Every import of this repository's own modules leads to one that is there."""

import posixpath
import re
import warnings
from collections.abc import Callable, Iterator

from pathspec import GitIgnoreSpec

from selfcheck.check import Append, Canary, Evidence, Finding, Repository, Seen, Tree, Unprovable, Unreadable
from selfcheck.checks.imports.canaries import NAME, readable
from selfcheck.checks.imports.contract import ImportContract, at, step
from selfcheck.patterns import RE2Error
from selfcheck.subjects.imports import Edges, Graph, Import, Kind, Module
from selfcheck.subjects.imports.kinds import mask

INIT = "__init__.py"


class ImportsResolve(ImportContract, kw_only=True):
    """Every import of a module of this repository leads to one that is there.

    One finding for each module that names another one in the same package, or in a package at a root, and it is not
    there. An import that a `try` guards does not count by default: whoever wrote it knows that the module may be missing.
    """

    kinds: tuple[Kind, ...] = (Kind.FUNCTION, Kind.TYPE_CHECKING, Kind.LAZY, Kind.STAR)

    def run(self, repo: Repository) -> Iterator[Seen]:
        """What is missing, without files that a `.gitignore` names: they are made by a build."""
        is_generated = generated(repo.tree)
        left_out = 0
        for seen in super().run(repo):
            if isinstance(seen, Finding) and (wanted := seen.data.get("wanted")) and is_generated(wanted):
                left_out += 1
            else:
                yield seen
        if left_out:
            yield Evidence("imports of generated files", scope=left_out, examined=0)

    def edges(self, graph: Graph) -> Edges:
        """The imports that lead nowhere, each by the full name that it means."""
        wanted = mask(self.kinds)
        found: dict[str, dict[str, Import]] = {}
        for each, _ in _missing(graph):
            if each.counts(wanted):
                found.setdefault(each.importer, {}).setdefault(each.imported, each)
        return found

    def judge(self, graph: Graph, edges: Edges) -> Iterator[Finding]:
        """One finding for each importer and what it wants."""
        reasons = dict(_missing(graph))
        for targets in edges.values():
            for each in targets.values():
                yield Finding(
                    key=f"{each.importer} -> {each.imported}",
                    message=f"{each.importer} imports {each.imported}: {reasons[each]}",
                    at=at(each),
                    hint="mend the name, add the module, or take the import out",
                    data={**step(each), "wanted": expected(graph, each)},
                )

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """In each root, the import of a module that is not there."""
        graph = self.graph(repo)
        for root in self.roots:
            below = posixpath.normpath(root)
            module = next((each for each in readable(graph) if below == "." or _is_below(each.path, below)), None)
            if module is None:
                raise Unprovable(f"no module below {root} was read")
            edit = Append(module.path, f"\nfrom .{NAME} import canary\n".encode())
            key = f"{module.name} -> {absolute(module, f'.{NAME}')}"
            yield Canary(f"let {module.name} import a module beside it that is not there", (edit,), key)


def absolute(module: Module, written: str) -> str:
    """The full name that an import means in a module; as it is written where it leads above the outermost package."""
    dots = len(written) - len(written.lstrip("."))
    package = module.name.split(".")[: -dots if not module.path.endswith(INIT) else 1 - dots or None]
    if not dots or not package or module.name == module.path:
        return written
    return ".".join((*package, *filter(None, [written[dots:]])))


def expected(graph: Graph, each: Import) -> str | None:
    """The path of the file that would be the missing module, where its package has a file."""
    parts = each.imported.split(".")
    for length in range(len(parts) - 1, 0, -1):
        package = graph.modules.get(".".join(parts[:length]))
        if package is not None:
            folder = posixpath.dirname(package.path)
            return f"{posixpath.join(folder, *parts[length:])}.py" if package.path.endswith(INIT) else None
    return None


def generated(tree: Tree) -> Callable[[str], bool]:
    """Whether a `.gitignore` has a line for Python files that selects this path: it is made by a build, and no mistake.

    A line for a folder is none: a package that `lib/` leaves out of the repository by mistake is missing indeed.
    """
    found: list[tuple[str, GitIgnoreSpec]] = []
    for file in tree.files((".gitignore", "**/.gitignore")):
        try:
            lines = [line for line in file.lines if line.strip().endswith(".py")]
        except Unreadable:
            continue
        found += ((posixpath.dirname(file.path), spec) for spec in map(_spec, lines) if spec is not None)

    def selected(path: str) -> bool:
        below = ((spec, posixpath.relpath(path, folder or ".")) for folder, spec in found if _is_below(path, folder))
        return any(spec.match_file(inner) for spec, inner in below)

    return selected


def _spec(line: str) -> GitIgnoreSpec | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # as where patterns of a rulebook are read
        try:
            return GitIgnoreSpec.from_lines([line])
        except (ValueError, re.error, RE2Error):
            return None


def _missing(graph: Graph) -> Iterator[tuple[Import, str]]:
    """Each import that leads nowhere, by the full name that it means, and why."""
    for importer, path, line, flags, wanted, reason in graph.unresolved:
        yield Import(importer, absolute(graph.modules[importer], wanted), path, line, flags), reason


def _is_below(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")
