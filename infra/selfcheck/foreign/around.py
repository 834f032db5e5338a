"""The repository that a foreign file stands in: where its packages are, and which imports its exemptions cover."""

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from msgspec import Struct, ValidationError

from selfcheck.check import CannotJudge, Finding, Repository
from selfcheck.checks.imports.contract import Exemption, ImportContract, covering, without
from selfcheck.rulebook import Catalog
from selfcheck.rulebook.parse import convert
from selfcheck.subjects.imports import Edges, Graph, read
from selfcheck.subjects.imports.expressions import has_wildcard, matching

INIT = "__init__.py"
Entry = dict[str, str | int]
"""An exemption as it is written."""


class Ignored(Struct, frozen=True):
    """An import that is let pass: the expression, why, and the line that says so."""

    imports: str
    reason: str
    line: int


class Around:
    """What can be looked up in a repository."""

    def __init__(self, repo: Repository, catalog: Catalog) -> None:
        self._repo = repo
        self._catalog = catalog

    def root(self, package: str) -> str | None:
        """The folder, or the file, to give as a root so that this package's modules have their names; None for none.

        Of a package within a namespace it is the namespace, since a root's own name begins with its last part.
        """
        parts = package.split(".")
        path = "/".join(parts)
        regular = [each.removesuffix(f"/{INIT}") for each in self._at(f"{path}/{INIT}")]
        modules = self._at(f"{path}.py")
        for found in (regular, modules, self._namespaces(path)):
            if found:
                nearest = min(found, key=lambda each: (each.count("/"), each))
                return nearest if len(parts) == 1 else f"{nearest[: -len(path)]}{parts[0]}"
        return None

    def graph(self, roots: Sequence[str]) -> Graph:
        """The import graph below some roots."""
        return self._repo.subject(read, self._repo.tree, self._repo.facts, tuple(roots))

    def modules(self, expression: str, roots: Sequence[str]) -> list[str]:
        """The modules that an expression stands for, sorted."""
        return sorted(matching(expression, self.graph(roots).modules))

    def outside_packages(self, roots: Sequence[str]) -> int:
        """How many modules stand in a folder without `__init__.py` somewhere within a regular package."""
        return sum(self._is_orphan(module.path) for module in self.graph(roots).modules.values())

    def files(self, name: str) -> list[str]:
        """The paths of all files of a name, sorted."""
        return [path for path in self._repo.tree.kinds if posixpath.basename(path) == name]

    def exemptions(self, options: Mapping[str, Any], ignored: Iterable[Ignored]) -> tuple[list[Entry], list[str]]:
        """The exemptions of a check that change what it finds today, each wildcard with its count, and why not the others."""
        check = self._check(options)
        if check is None:
            return [{"imports": each.imports, "reason": each.reason} for each in ignored], []
        graph = check.graph(self._repo)
        edges = check.edges(graph)
        kept: dict[Ignored, Exemption] = {}
        left: list[str] = []
        for each in ignored:
            exemption = Exemption(imports=each.imports, reason=each.reason)
            covered = sum(1 for _ in covering(exemption, edges))
            if covered:
                count = covered if has_wildcard(each.imports) else None
                kept[each] = Exemption(imports=each.imports, reason=each.reason, count=count)
            else:
                left.append(f"line {each.line}: {each.imports}: covers no import here and is left out")
        for each in _idle(check, graph, edges, kept):
            del kept[each]
            left.append(f"line {each.line}: {each.imports}: has no effect here and is left out")
        return [_entry(exemption) for exemption in kept.values()], left

    def _check(self, options: Mapping[str, Any]) -> ImportContract | None:
        """The check with these options; None where it does not accept them, which is said with the whole document."""
        kind = self._catalog.check(options["use"])
        assert isinstance(kind, type)
        try:
            check = convert({key: value for key, value in options.items() if key != "use"}, kind)
        except ValidationError:
            return None
        assert isinstance(check, ImportContract)
        return check

    def _at(self, path: str) -> list[str]:
        """Where a path stands whose first folder is in no package."""
        ends = (each for each in self._python if each == path or each.endswith(f"/{path}"))
        return [each for each in ends if not self._is_package(each[: -len(path)].rstrip("/"))]

    def _namespaces(self, path: str) -> list[str]:
        """Folders of this path that hold Python files and no `__init__.py`."""
        found: set[str] = set()
        for each in self._python:
            before, middle, _ = f"/{each}".partition(f"/{path}/")
            if middle and not self._is_package(before.lstrip("/")):
                found.add(f"{before}/{path}".lstrip("/"))
        return sorted(found)

    def _is_package(self, folder: str) -> bool:
        return bool(folder) and f"{folder}/{INIT}" in self._repo.tree.kinds

    def _is_orphan(self, path: str) -> bool:
        folders = [posixpath.dirname(path)]
        while folders[-1]:
            folders.append(posixpath.dirname(folders[-1]))
        regular = [self._is_package(folder) for folder in folders]
        return True in regular and not regular[0]

    @cached_property
    def _python(self) -> list[str]:
        return [path for path in self._repo.tree.kinds if path.endswith(".py")]


def _idle(
    check: ImportContract, graph: Graph, edges: Edges, exemptions: Mapping[Ignored, Exemption]
) -> Sequence[Ignored]:
    """The exemptions that can be taken out one after the other while the same is found."""
    left = dict(exemptions)
    try:
        found = _identities(check.judge(graph, without(edges, left.values())))
        for each in exemptions:
            others = [exemption for one, exemption in left.items() if one != each]
            if _identities(check.judge(graph, without(edges, others))) == found:
                del left[each]
    except CannotJudge:
        return []  # the run says why
    return [each for each in exemptions if each not in left]


def _entry(exemption: Exemption) -> Entry:
    count: Entry = {} if exemption.count is None else {"count": exemption.count}
    return {"imports": exemption.imports, "reason": exemption.reason, **count}


def _identities(findings: Iterable[Finding]) -> set[tuple[str, tuple[str, ...]]]:
    return {(each.key, tuple(each.parts)) for each in findings}
