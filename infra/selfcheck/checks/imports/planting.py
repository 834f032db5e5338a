"""Where canaries can add an import that a contract will judge."""

import posixpath
from collections.abc import Callable, Iterable
from itertools import islice, product
from keyword import iskeyword

from selfcheck.check import Append, Canary, Repository, Unprovable
from selfcheck.checks.imports.canaries import NAME
from selfcheck.checks.imports.contract import ImportContract, without
from selfcheck.subjects.imports import Import, Modules, Statement
from selfcheck.subjects.imports.expressions import is_within

TRIES = 10_000
"""How many pairs of modules are looked at for one that will do."""


class Planting:
    """The modules of a repository, and the imports between them that are not there yet and not exempt."""

    def __init__(self, contract: ImportContract, repo: Repository) -> None:
        self.graph = contract.graph(repo)
        self._contract = contract
        self._modules = Modules(repo.tree, contract.roots)
        self._unread = {each.path for each in self.graph.unread}
        self._there = {(each.importer, each.imported) for each in self.graph.imports}

    def edge(
        self,
        between: str,
        importers: Iterable[str],
        imported: Iterable[str],
        fits: Callable[[str, str], bool] = lambda importer, imported: importer != imported,
    ) -> Canary:
        """One of these modules imports one of those: the first pair that fits."""
        for importer, target in islice(product(importers, imported), TRIES):
            if fits(importer, target) and self._is_new(importer, target) and self._leads(importer, target):
                return self._import(importer, target, target)
        raise Unprovable(f"no new import could be made up between {between}")

    def foreign(self, name: str, importers: Iterable[str], package: str) -> Canary:
        """One of these modules imports a module of a package that stands outside the roots."""
        known = {each.importer for each in self.graph.outside if is_within(each.imported, package)}
        for importer in importers:
            path = self.graph.modules[importer].path
            outside = self._modules.outside(path, Statement(1, 0, 0, name)) == [name]
            if outside and importer not in known and path not in self._unread and self._is_new(importer, package):
                return self._import(importer, name, package)
        raise Unprovable(f"every module that must not import {name} does so, or has another module of that name")

    def module(self, package: str, below: str) -> tuple[str, str]:
        """The name and the path of a new module in a package, of which `below` is one or stands below it."""
        path = self.graph.modules[below].path
        folder = posixpath.dirname(path)
        for _ in range(below.count(".") - package.count(".") - (posixpath.basename(path) != "__init__.py")):
            folder = posixpath.dirname(folder)
        if not any(is_below(folder, root) for root in self._modules.roots):
            raise Unprovable(f"the folder of {package} stands above the roots")
        return f"{package}.{NAME}", posixpath.join(folder, f"{NAME}.py")

    def _import(self, importer: str, name: str, imported: str) -> Canary:
        edit = Append(self.graph.modules[importer].path, f"\nimport {name}\n".encode())
        return Canary(f"let {importer} import {name}", (edit,), f"{importer} -> {imported}")

    def _leads(self, importer: str, target: str) -> bool:
        """Whether `import TARGET` can be written in a module and means that one."""
        path = self.graph.modules[importer].path
        if path in self._unread or not all(part.isidentifier() and not iskeyword(part) for part in target.split(".")):
            return False
        return self._modules.targets(path, Statement(1, 0, 0, target)) == [self.graph.modules[target].path]

    def _is_new(self, importer: str, target: str) -> bool:
        edges = {importer: {target: Import(importer, target, "", 1, 0)}}
        return (importer, target) not in self._there and without(edges, self._contract.exempt) == edges


def is_below(path: str, root: str) -> bool:
    """Whether a path is a root or stands below it."""
    return root == "." or path == root or path.startswith(f"{root}/")
